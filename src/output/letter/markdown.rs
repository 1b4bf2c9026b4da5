//! Reads a stored letter: a few lines that say what it is, then its words in Markdown. The only file that names the
//! Markdown reader.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use super::document::{Block, Document, Inline};
use crate::domain::letter::language;
use crate::domain::time::Day;

/// So many signs of `_` at the end of a paragraph, as a template writes them, are a line to write on.
const FIELD: &str = "___";
/// Lists and quotations lie so deep in each other at most; what lies deeper is read as text of the last one.
const DEEPEST: usize = 16;

/// The day of a stored letter.
pub fn day(text: &str) -> Option<Day> {
    let (head, _) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    head.lines().find_map(|line| line.strip_prefix("date: "))?.parse().ok()
}

/// The letter of a stored file; `None` where it is none.
pub fn read(text: &str) -> Option<Document> {
    let (head, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    let all = |key: &str| -> Vec<String> {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(name, _)| *name == key).map(|(_, value)| value.to_owned()).collect()
    };
    let one = |key: &str| all(key).into_iter().next();
    let language = one("language")?;
    let day = day(text)?;
    let (date, reference) = language::labels(&language);
    let particulars =
        vec![(date.to_owned(), language::day(day, &language)), (reference.to_owned(), one("reference")?)];
    let body = self::body(body);
    let title = body.iter().find_map(|block| match block {
        Block::Heading(1, words) => Some(plain(words)),
        _ => None,
    });
    Some(Document {
        title: title.or_else(|| one("title"))?,
        marking: one("marking"),
        held: None,
        sender: all("from"),
        recipient: all("to"),
        language,
        particulars,
        body,
    })
}

/// The words alone.
pub fn plain(words: &[Inline]) -> String {
    let each = |word: &Inline| match word {
        Inline::Text(text) => text.clone(),
        Inline::Strong(words) | Inline::Emphasis(words) | Inline::Link(_, words) => plain(words),
        Inline::Break => " ".to_owned(),
    };
    words.iter().map(each).collect()
}

fn body(markdown: &str) -> Vec<Block> {
    let events: Vec<_> = Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter().collect();
    Reading { markdown, events: events.into_iter().peekable(), depth: 0 }.blocks()
}

type Events<'m> = std::iter::Peekable<std::vec::IntoIter<(Event<'m>, Range<usize>)>>;

struct Reading<'m> {
    markdown: &'m str,
    events: Events<'m>,
    depth: usize,
}

impl<'m> Reading<'m> {
    /// Blocks up to the end of what holds them. Words that stand in no paragraph, as in a short list, are one.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, _)) = self.events.peek() {
            match event {
                Event::End(_) => {
                    self.events.next();
                    break;
                }
                Event::Rule => {
                    self.events.next();
                    blocks.push(Block::Rule);
                }
                Event::Start(tag) if is_block(tag) => {
                    if let Some((Event::Start(tag), range)) = self.events.next() {
                        self.block(&tag, range, &mut blocks);
                    }
                }
                _ => {
                    let words = self.words_before_block();
                    if !words.is_empty() {
                        blocks.push(Block::Paragraph(words));
                    }
                }
            }
        }
        blocks
    }

    fn block(&mut self, tag: &Tag<'m>, range: Range<usize>, blocks: &mut Vec<Block>) {
        if self.depth >= DEEPEST {
            let words = self.flat();
            return blocks.push(Block::Paragraph(words));
        }
        self.depth += 1;
        match tag {
            Tag::Heading { level, .. } => {
                let level = match level {
                    HeadingLevel::H1 => 1,
                    HeadingLevel::H2 => 2,
                    _ => 3,
                };
                let words = self.words();
                blocks.push(Block::Heading(level, words));
            }
            Tag::BlockQuote(_) => {
                let quoted = self.blocks();
                blocks.push(Block::Quote(quoted));
            }
            Tag::List(first) => {
                let items = self.items();
                blocks.push(Block::List(*first, items));
            }
            Tag::Table(_) => {
                let table = self.table();
                blocks.push(table);
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                let words = self.words();
                blocks.push(Block::Paragraph(words));
            }
            _ => {
                let words = self.words();
                let source = self.markdown.get(range).unwrap_or_default().trim_end();
                blocks.push(match source.ends_with(FIELD) {
                    // What somebody typed has a backslash before each of its `_`, so it never comes here.
                    true => {
                        let label = plain(&words);
                        Block::Field(label.trim_end_matches('_').trim_end().trim_end_matches(':').to_owned())
                    }
                    false => Block::Paragraph(words),
                });
            }
        }
        self.depth -= 1;
    }

    fn items(&mut self) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(_) => items.push(self.blocks()),
                Event::End(_) => break,
                _ => {}
            }
        }
        items
    }

    fn table(&mut self) -> Block {
        let (mut head, mut rows) = (Vec::new(), Vec::new());
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => head = self.cells(),
                Event::Start(_) => rows.push(self.cells()),
                Event::End(_) => break,
                _ => {}
            }
        }
        Block::Table(head, rows)
    }

    fn cells(&mut self) -> Vec<Vec<Inline>> {
        let mut cells = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(_) => cells.push(self.words()),
                Event::End(_) => break,
                _ => {}
            }
        }
        cells
    }

    /// Words up to the end of what holds them.
    fn words(&mut self) -> Vec<Inline> {
        let mut words = Vec::new();
        while let Some((event, _)) = self.events.next() {
            if matches!(event, Event::End(_)) {
                break;
            }
            self.word(event, &mut words);
        }
        words
    }

    /// Words up to the end of what holds them, or the next block.
    fn words_before_block(&mut self) -> Vec<Inline> {
        let mut words = Vec::new();
        let is_word = |event: &Event<'_>| match event {
            Event::Start(tag) => !is_block(tag),
            Event::End(_) | Event::Rule => false,
            _ => true,
        };
        while let Some((event, _)) = self.events.next_if(|(event, _)| is_word(event)) {
            self.word(event, &mut words);
        }
        words
    }

    /// Everything up to the end of what holds it, as words of one depth.
    fn flat(&mut self) -> Vec<Inline> {
        let (mut words, mut open) = (Vec::new(), 0usize);
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) if open == 0 => break,
                Event::End(_) => open -= 1,
                event => self.word(event, &mut words),
            }
        }
        words
    }

    fn word(&mut self, event: Event<'m>, words: &mut Vec<Inline>) {
        if matches!(event, Event::Start(_)) && self.depth >= 2 * DEEPEST {
            let inside = self.flat();
            return inside.into_iter().for_each(|word| push(words, word));
        }
        self.depth += 1;
        self.word_within(event, words);
        self.depth -= 1;
    }

    fn word_within(&mut self, event: Event<'m>, words: &mut Vec<Inline>) {
        let word = match event {
            Event::Start(Tag::Strong) => Inline::Strong(self.words()),
            Event::Start(Tag::Emphasis) => Inline::Emphasis(self.words()),
            Event::Start(Tag::Link { dest_url, .. }) if is_safe(&dest_url) => {
                Inline::Link(dest_url.to_string(), self.words())
            }
            // Pictures and links to nowhere are their words.
            Event::Start(_) => {
                let inside = self.words();
                return inside.into_iter().for_each(|word| push(words, word));
            }
            Event::SoftBreak => Inline::Text(" ".to_owned()),
            Event::HardBreak => Inline::Break,
            // HTML means nothing in a letter: it is printed as it was typed.
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                Inline::Text(text.trim_end_matches('\n').to_owned())
            }
            _ => return,
        };
        push(words, word);
    }
}

/// Adds a word; text that follows on text is one text.
fn push(words: &mut Vec<Inline>, word: Inline) {
    match (words.last_mut(), word) {
        (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
        (_, word) => words.push(word),
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// Whether a link leads to where a person expects one to lead.
fn is_safe(url: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\nkind: note\nlanguage: en\ntitle: T\nreference: KP-26-7K3QF4\ndate: 2026-03-02\nfrom: A\nfrom: B\n---\n";

    fn blocks(body: &str) -> Vec<Block> {
        read(&format!("{HEAD}\n# T\n\n{body}")).unwrap().body.split_off(1)
    }

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    #[test]
    fn what_stands_in_front_becomes_the_letterhead() {
        let letter = read(&format!("{HEAD}\n# The title\n\nWords.\n")).unwrap();
        assert_eq!((letter.title.as_str(), letter.language.as_str()), ("The title", "en"));
        assert_eq!(
            (letter.sender, letter.recipient, letter.marking),
            (vec!["A".into(), "B".into()], vec![], None)
        );
        let date = ("Date".to_owned(), "Monday 2 March 2026".to_owned());
        assert_eq!(letter.particulars, [date, ("Our reference".to_owned(), "KP-26-7K3QF4".to_owned())]);
        assert_eq!(read("# No head\n"), None);
        assert_eq!(read("---\nkind: note\n---\n# No date\n"), None);
    }

    #[test]
    fn every_block_is_read() {
        assert_eq!(blocks("Name: ____\n"), [Block::Field("Name".to_owned())]);
        assert_eq!(blocks("Name: \\_\\_\\_\n"), [Block::Paragraph(text("Name: ___"))]);
        assert_eq!(
            blocks("> a\\\nb\n"),
            [Block::Quote(vec![Block::Paragraph(vec![
                Inline::Text("a".into()),
                Inline::Break,
                Inline::Text("b".into())
            ])])]
        );
        let item = |word: &str| vec![Block::Paragraph(text(word))];
        assert_eq!(blocks("3. a\n4. b\n"), [Block::List(Some(3), vec![item("a"), item("b")])]);
        let nested = vec![Block::Paragraph(text("a")), Block::List(None, vec![item("b")])];
        assert_eq!(blocks("- a\n  - b\n"), [Block::List(None, vec![nested])]);
        let table = Block::Table(vec![text("A"), text("B")], vec![vec![text("a | b"), text("c")]]);
        assert_eq!(blocks("| A | B |\n|---|---|\n| a &#124; b | c |\n"), [table]);
        assert_eq!(blocks("a\n\n---\n"), [Block::Paragraph(text("a")), Block::Rule]);
    }

    #[test]
    fn html_pictures_and_strange_links_are_words() {
        assert_eq!(blocks("<b>x</b> ![p](q) [r](javascript:1)\n"), [Block::Paragraph(text("<b>x</b> p r"))]);
        assert_eq!(blocks("<script>\nx\n</script>\n"), [Block::Paragraph(text("<script>x</script>"))]);
        let link = Inline::Link("https://example.org".to_owned(), text("here"));
        assert_eq!(blocks("[here](https://example.org)\n"), [Block::Paragraph(vec![link])]);
    }

    #[test]
    fn nesting_without_end_is_flattened() {
        let deep = format!("{}x\n", "> ".repeat(20_000));
        assert!(plain_of(&blocks(&deep)).contains('x'));
        let deep = format!("{}x{}\n", "**a *b ".repeat(5_000), "* c**".repeat(5_000));
        assert!(plain_of(&blocks(&deep)).contains('x'));
        let deep: String = (0..300).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
        assert!(!blocks(&deep).is_empty());
    }

    fn plain_of(blocks: &[Block]) -> String {
        format!("{blocks:?}")
    }
}
