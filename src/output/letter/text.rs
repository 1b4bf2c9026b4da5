//! A letter as plain text: for the screen, for an e-mail, and to be read aloud by a machine.

use super::document::{Block, Document, Inline};
use super::markdown::plain;
use crate::output::page::{clean, wrap};

/// The widest that lines are made, in columns.
const WIDTH: usize = 76;

/// The letter as text.
pub fn text(document: &Document) -> String {
    let mut parts = Vec::new();
    parts.extend(document.held.as_deref().map(across));
    parts.extend(document.marking.clone());
    parts.push(document.sender.join("\n"));
    if !document.recipient.is_empty() {
        parts.push(document.recipient.join("\n"));
    }
    let particulars = document.particulars.iter().map(|(label, value)| format!("{label}: {value}"));
    parts.push(particulars.collect::<Vec<_>>().join("\n"));
    let mut text = parts.iter().map(|part| wrap(&clean(part), WIDTH, 0)).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text.push_str(&blocks(&document.body, WIDTH));
    if let Some(marking) = &document.marking {
        text.push_str(&format!("\n{}\n", clean(marking)));
    }
    if let Some(held) = &document.held {
        text.push_str(&format!("\n{}\n", clean(&across(held))));
    }
    text
}

/// Words across the whole width.
fn across(words: &str) -> String {
    format!("{words:*^width$}", words = format!(" {words} "), width = WIDTH)
}

/// Blocks with an empty line between them.
fn blocks(blocks: &[Block], width: usize) -> String {
    blocks.iter().map(|block| self::block(block, width)).collect::<Vec<_>>().join("\n")
}

fn block(block: &Block, width: usize) -> String {
    match block {
        Block::Heading(level, words) => {
            let words = wrap(&clean(&plain(words)), width, 0);
            let longest = words.lines().map(|line| line.chars().count()).max().unwrap_or_default();
            match level {
                1 => format!("{words}{}\n", "=".repeat(longest)),
                2 => format!("{words}{}\n", "-".repeat(longest)),
                _ => words,
            }
        }
        Block::Paragraph(words) => wrap(&clean(&said(words)), width, 0),
        Block::List(first, items) => list(*first, items, width),
        Block::Table(head, rows) => table(head, rows, width),
        Block::Quote(inside) => hung("    ", "    ", &blocks(inside, width.saturating_sub(4))),
        Block::Field(label) => {
            let label = clean(label);
            let line = width.saturating_sub(label.chars().count() + 2).clamp(8, 40);
            format!("{label}: {}\n", "_".repeat(line))
        }
        Block::Rule => format!("{}\n", "-".repeat(width.min(40))),
    }
}

/// The words with their line breaks, and where links lead.
fn said(words: &[Inline]) -> String {
    let each = |word: &Inline| match word {
        Inline::Text(text) => text.clone(),
        Inline::Strong(words) | Inline::Emphasis(words) => said(words),
        Inline::Link(to, words) => {
            let words = said(words);
            let address = to.trim_start_matches("mailto:").trim_start_matches("https://");
            if address == words || *to == words { words } else { format!("{words} ({to})") }
        }
        Inline::Break => "\n".to_owned(),
    };
    words.iter().map(each).collect()
}

fn list(first: Option<u64>, items: &[Vec<Block>], width: usize) -> String {
    let loose = items.iter().any(|item| item.len() > 1);
    let items = items.iter().enumerate().map(|(number, item)| {
        let mark = match first {
            Some(first) => format!("{}. ", first + number as u64),
            None => "- ".to_owned(),
        };
        let margin = " ".repeat(mark.len());
        hung(&mark, &margin, &blocks(item, width.saturating_sub(mark.len())))
    });
    items.collect::<Vec<_>>().join(if loose { "\n" } else { "" })
}

/// A table read row by row, each cell with the head of its column; a table of two columns is labels and values.
fn table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], width: usize) -> String {
    let cell = |words: &Vec<Inline>| clean(&said(words));
    let mut text = String::new();
    for row in rows {
        let mut cells = row.iter().map(cell).enumerate();
        let Some((_, first)) = cells.next() else { continue };
        if head.len() == 2 {
            let value = cells.next().map(|(_, value)| value).unwrap_or_default();
            text.push_str(&hung("", "  ", &wrap(&format!("{first}: {value}"), width.saturating_sub(2), 0)));
            continue;
        }
        text.push_str(&wrap(&first, width, 0));
        for (at, value) in cells.filter(|(_, value)| !value.is_empty()) {
            let label = head.get(at).map(cell).unwrap_or_default();
            text.push_str(&hung(
                "  ",
                "    ",
                &wrap(&format!("{label}: {value}"), width.saturating_sub(4), 0),
            ));
        }
    }
    text
}

/// Text with one margin before its first line and another before the rest; empty lines stay empty.
fn hung(first: &str, margin: &str, text: &str) -> String {
    let line = |(number, line): (usize, &str)| match (number, line) {
        (_, "") => "\n".to_owned(),
        (0, line) => format!("{first}{line}\n"),
        (_, line) => format!("{margin}{line}\n"),
    };
    text.lines().enumerate().map(line).collect()
}
