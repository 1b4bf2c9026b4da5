//! A letter as one HTML page that needs nothing else: no script, no picture, nothing from any network. Readable by
//! machines that read aloud, at 200 % and on a telephone, and printed as a letter.

use super::document::{Block, Document, Inline};
use crate::output::page::clean;

const STYLE: &str = include_str!("letter.css");

/// The look of what stands across a letter that must not be sent: on every page where it is printed.
const ACROSS: &str = "\
.held { margin: 0 0 1rem; padding: .5rem; border: .25rem solid #0b0c0c; font-weight: bold; text-align: center; }
footer .held { margin: 2rem 0 0; }
.across { position: fixed; top: 45%; left: 0; right: 0; z-index: 1; margin: 0; pointer-events: none;
  transform: rotate(-52deg); font-size: 3rem; font-weight: bold; text-align: center; white-space: nowrap;
  color: rgb(11 12 12 / 25%); }
";

/// The page. `large_print` sets it at 18 points.
pub fn html(document: &Document, large_print: bool) -> String {
    let mut page = String::from("<!doctype html>\n");
    page.push_str(&format!(
        "<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n",
        escaped(&document.language)
    ));
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Should anything but this page's own words ever get into it, the reader's browser leaves it alone.
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str(
        "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    page.push_str(&format!(
        "<title>{}</title>\n<style>\n{STYLE}{}</style>\n</head>\n",
        escaped(&document.title),
        if document.held.is_some() { ACROSS } else { "" }
    ));
    page.push_str(if large_print { "<body class=\"large\">\n" } else { "<body>\n" });
    if let Some(held) = &document.held {
        page.push_str(&format!("<p class=\"across\" aria-hidden=\"true\">{}</p>\n", escaped(held)));
    }
    page.push_str("<header>\n");
    page.push_str(&held(document));
    page.push_str(&marking(document));
    page.push_str(&lines("sender", &document.sender));
    page.push_str(&lines("recipient", &document.recipient));
    page.push_str("<dl>\n");
    for (label, value) in &document.particulars {
        page.push_str(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(label), escaped(value)));
    }
    page.push_str("</dl>\n</header>\n<main>\n");
    blocks(&document.body, &mut page);
    page.push_str("</main>\n");
    if document.marking.is_some() || document.held.is_some() {
        page.push_str(&format!("<footer>\n{}{}</footer>\n", marking(document), held(document)));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn marking(document: &Document) -> String {
    let one = |marking: &String| format!("<p class=\"marking\">{}</p>\n", escaped(marking));
    document.marking.iter().map(one).collect()
}

fn held(document: &Document) -> String {
    let one = |held: &String| format!("<p class=\"held\">{}</p>\n", escaped(held));
    document.held.iter().map(one).collect()
}

fn lines(class: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    format!("<p class=\"{class}\">{}</p>\n", lines.join("<br>\n"))
}

fn blocks(blocks: &[Block], page: &mut String) {
    blocks.iter().for_each(|block| self::block(block, page));
}

fn block(block: &Block, page: &mut String) {
    match block {
        Block::Heading(level, words) => page.push_str(&format!("<h{level}>{}</h{level}>\n", inline(words))),
        Block::Paragraph(words) => page.push_str(&format!("<p>{}</p>\n", inline(words))),
        Block::List(first, items) => {
            let (open, close) = match first {
                None => ("<ul>\n".to_owned(), "</ul>\n"),
                Some(1) => ("<ol>\n".to_owned(), "</ol>\n"),
                Some(first) => (format!("<ol start=\"{first}\">\n"), "</ol>\n"),
            };
            page.push_str(&open);
            for item in items {
                page.push_str("<li>");
                match item.as_slice() {
                    [Block::Paragraph(words)] => page.push_str(&inline(words)),
                    several => blocks(several, page),
                }
                page.push_str("</li>\n");
            }
            page.push_str(close);
        }
        Block::Table(head, rows) => table(head, rows, page),
        Block::Quote(inside) => {
            page.push_str("<blockquote>\n");
            blocks(inside, page);
            page.push_str("</blockquote>\n");
        }
        Block::Field(label) => {
            let label = escaped(label);
            page.push_str(&format!(
                "<p class=\"field\"><span>{label}:</span><span class=\"line\"></span></p>\n"
            ));
        }
        Block::Rule => page.push_str("<hr>\n"),
    }
}

fn table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], page: &mut String) {
    page.push_str("<table>\n<thead>\n<tr>");
    head.iter().for_each(|cell| page.push_str(&format!("<th scope=\"col\">{}</th>", inline(cell))));
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let words = inline(cell);
            match at {
                0 => page.push_str(&format!("<th scope=\"row\">{words}</th>")),
                _ => page.push_str(&format!("<td>{words}</td>")),
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

fn inline(words: &[Inline]) -> String {
    let each = |word: &Inline| match word {
        Inline::Text(text) => escaped(text),
        Inline::Strong(words) => format!("<strong>{}</strong>", inline(words)),
        Inline::Emphasis(words) => format!("<em>{}</em>", inline(words)),
        Inline::Link(to, words) => format!("<a href=\"{}\">{}</a>", escaped(to), inline(words)),
        Inline::Break => "<br>\n".to_owned(),
    };
    words.iter().map(each).collect()
}

/// Text that means nothing to a browser but itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
