//! The tags of a template, as far as they must be known before anything runs: where a name stands, and that a template
//! holds nothing by which a little text could become a great deal of work.

use super::engine::{Fault, Wrong};

/// A tag of a template.
pub(super) struct Tag<'t> {
    /// Its line, from 1.
    pub line: usize,
    /// What stands between its brackets; what is quoted is left out.
    pub words: String,
    /// What stands between its brackets, whole.
    pub text: &'t str,
    /// Whether it prints something.
    pub prints: bool,
}

/// The statements that a letter may use. None of them can set a name, so nothing can grow from turn to turn of a loop.
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];

/// The longest tag, in bytes. The engine goes one step down its stack for each operator of a tag.
const LONGEST: usize = 1000;
/// So deep brackets of a tag may lie in each other.
const DEEPEST: usize = 16;
/// So deep `if` and `for` may lie in each other. Each `elif` counts as well: the engine puts it into the `if` before it.
const DEEPEST_BLOCK: usize = 32;

/// The tags of a template, or what is wrong with one of them.
pub(super) fn tags(source: &str) -> Result<Vec<Tag<'_>>, Fault> {
    let mut tags = Vec::new();
    let mut at = 0;
    let mut blocks = Vec::new();
    while let Some(found) = source[at..].find('{').map(|found| found + at) {
        let line = source[..found].matches('\n').count() + 1;
        let wrong = |what: &str| Fault { line, wrong: Wrong::Broken(what.to_owned()) };
        let rest = &source[found..];
        let (prints, end) = match rest.get(..2) {
            Some("{{") => (true, "}}"),
            Some("{%") => (false, "%}"),
            Some("{#") => {
                let end = rest.find("#}").ok_or_else(|| wrong("a comment that begins here does not end"))?;
                at = found + end + 2;
                continue;
            }
            _ => {
                at = found + 1;
                continue;
            }
        };
        let (length, words) = inside(&rest[2..], end).map_err(wrong)?;
        let text = &rest[2..2 + length];
        let tag = Tag { line, words, text, prints };
        allowed(&tag).map_err(wrong)?;
        follow(&mut blocks, &tag).map_err(wrong)?;
        tags.push(tag);
        at = found + length + 4;
    }
    Ok(tags)
}

/// How long a tag is up to its end, and its words without what is quoted.
fn inside(rest: &str, end: &str) -> Result<(usize, String), &'static str> {
    let mut words = String::new();
    let mut quote = None;
    let mut escaped = false;
    let mut deep = 0_usize;
    for (at, letter) in rest.char_indices() {
        if at > LONGEST {
            return Err("a tag may have at most 1,000 characters");
        }
        if quote.is_none() {
            match letter {
                '(' | '[' if deep == DEEPEST => {
                    return Err("brackets of a tag may lie 16 deep in each other");
                }
                '(' | '[' => deep += 1,
                ')' | ']' => deep = deep.saturating_sub(1),
                _ => {}
            }
        }
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(closing) if letter == closing => quote = None,
            Some(_) => {}
            None if rest[at..].starts_with(end) => return Ok((at, words)),
            None if letter == '{' || letter == '}' => return Err("a tag may not hold curly brackets"),
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                words.push(' ');
            }
            None => words.push(letter),
        }
    }
    Err("a tag that begins here does not end")
}

/// The word that a tag begins with.
fn first<'w>(tag: &'w Tag<'_>) -> &'w str {
    let first = tag.words.trim_start_matches(['-', '+']).split_whitespace().next().unwrap_or_default();
    first.trim_end_matches(['-', '+', '('])
}

/// Keeps how much each open `if` and `for` adds to the depth.
fn follow(blocks: &mut Vec<usize>, tag: &Tag<'_>) -> Result<(), &'static str> {
    if tag.prints {
        return Ok(());
    }
    match (first(tag), blocks.last_mut()) {
        ("if" | "for", _) => blocks.push(1),
        ("elif", Some(last)) => *last += 1,
        ("endif" | "endfor", _) => {
            blocks.pop();
        }
        _ => {}
    }
    match blocks.iter().sum::<usize>() > DEEPEST_BLOCK {
        true => Err("`if`, `elif` and `for` may lie 32 deep in each other"),
        false => Ok(()),
    }
}

fn allowed(tag: &Tag<'_>) -> Result<(), &'static str> {
    let first = first(tag);
    if !tag.prints && !STATEMENTS.contains(&first) {
        return Err("a letter may use only `if`, `elif`, `else`, `endif`, `for` and `endfor`");
    }
    if tag.words.contains('*') {
        return Err("a letter may not multiply");
    }
    Ok(())
}

/// The line of the first tag that names this word.
pub(super) fn line_of(tags: &[Tag<'_>], word: &str) -> usize {
    tags.iter().find(|tag| names(&tag.words).any(|name| name == word)).map_or(1, |tag| tag.line)
}

/// The names in a tag: not what follows a dot.
fn names(words: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    words.split(move |c: char| !is_part(c)).map(|name| name.split('.').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_the_engine_says_they_do() {
        let found = tags("a {{ name }}\n{% if x == \"}} %} *\" %}{# {{ no #}{% endif %}{ {").unwrap();
        let found: Vec<_> = found.iter().map(|tag| (tag.line, tag.text.trim(), tag.prints)).collect();
        assert_eq!(found, [(1, "name", true), (2, "if x == \"}} %} *\"", false), (2, "endif", false)]);
        for (source, line) in [
            ("{{ name", 1),
            ("a\n{% if", 2),
            ("{# a", 1),
            ("{% set x = 1 %}", 1),
            ("\n\n{%- raw %}", 3),
            ("{% include \"x\" %}", 1),
            ("{% macro x() %}", 1),
            ("{{ \"x\" * 9 }}", 1),
            ("{{ {\"a\": 1} }}", 1),
        ] {
            assert_eq!(tags(source).err().map(|fault| fault.line), Some(line), "{source}");
        }
    }

    #[test]
    fn a_name_is_found_where_it_stands() {
        let found = tags("{{ case.name }}\n{{ \"name\" }}\n{{ x if name else y }}").unwrap();
        assert_eq!(line_of(&found, "name"), 3);
        assert_eq!(line_of(&found, "case"), 1);
    }
}
