//! What the pass before the parser says: what is wrong, and what is allowed.

pub(super) const SIZE: &str = "larger than 1 MiB; a case file is a few thousand bytes";
pub(super) const EMPTY: &str = "nothing stands here; write keys and values";
pub(super) const UTF8: &str = "not UTF-8; save the file as UTF-8";
pub(super) const BOM: &str = "a byte-order mark; save the file as UTF-8 without one";
pub(super) const CR: &str = "a carriage return; lines end with a line feed alone";
pub(super) const CONTROL: &str =
    "a control character; write it as an escape in double quotes, like \"\\x07\"";
pub(super) const BREAK: &str =
    "an unusual line break or character; write it as an escape in double quotes, like \"\\u2028\"";
pub(super) const TAB: &str = "a tab outside quotes; indent and separate with spaces";
pub(super) const COMMENT: &str = "comments are not kept in a case file; record it with `csods note`";
pub(super) const COMMENT_SPACE: &str = "put a space before `#`";
pub(super) const MARKER: &str = "a document marker; a file holds one document, without `---` and `...`";
pub(super) const MARKER_ALONE: &str = "`---` stands alone on the first line, or not at all";
pub(super) const DIRECTIVE: &str = "no value begins with `%`; put quotes around text that does";
pub(super) const ANCHOR: &str = "anchors (`&`) are not allowed; put quotes around text that begins with `&`";
pub(super) const ALIAS: &str = "aliases (`*`) are not allowed; put quotes around text that begins with `*`";
pub(super) const TAG: &str = "tags (`!`) are not allowed; put quotes around text that begins with `!`";
pub(super) const COMPLEX_KEY: &str = "`? ` keys are not allowed; write `key: value`";
pub(super) const QUESTION: &str = "put quotes around text within brackets that holds `?`";
pub(super) const MERGE: &str = "merge keys (`<<`) are not allowed; write the keys themselves";
pub(super) const EMPTY_KEY: &str = "a key is missing before `:`; put quotes around text that begins with `:`";
pub(super) const KEY: &str = "a key must be text on one line; write `key: value`";
pub(super) const TWO: &str = "a second `: ` on the line; put quotes around text that holds `: `";
pub(super) const AFTER: &str =
    "something follows the value; write one value a line, or put quotes around it all";
pub(super) const LIST_LINE: &str = "a list begins on the line below its key, with `- `";
pub(super) const DASH: &str = "no `- ` within brackets; part the items by `,`";
pub(super) const PAIR: &str = "no `key: value` within `[ ]`; put braces around it";
pub(super) const START: &str = "text that begins with this character needs quotes";
pub(super) const COLON: &str = "put a space after `:`, or quotes around the text";
pub(super) const SEVERAL_LINES: &str = "text without quotes goes on here; keep it on one line, put it below a `|` or in quotes (a key stands under the keys beside it)";
pub(super) const KEY_ALONE: &str = "a key without a value; write `key: value`";
pub(super) const CONFLICT: &str = "a conflict that git could not merge; settle it and take its marks out";
pub(super) const QUOTE: &str = "the quote that opens here is not closed";
pub(super) const QUOTE_MARKER: &str = "`---` and `...` may not begin a line of quoted text; indent it";
pub(super) const BRACKET: &str = "the bracket that opens here is not closed";
pub(super) const CLOSING: &str = "this bracket closes nothing that is open";
pub(super) const HEADER: &str =
    "after `|` or `>` only `-`, `+` and a digit may stand; the text begins on the next line";
pub(super) const BLANK_LINES: &str =
    "blank lines before a block of text may not be longer than its indentation";
pub(super) const FIRST_TAB: &str = "a tab in the indentation of a block of text; indent with spaces";
