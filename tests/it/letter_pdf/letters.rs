//! Letters to print: one page, three pages, tables, lists, names that would like to be something else.

use csods::output::letter::document::{Block, Document, Inline};

/// Words.
pub fn text(words: &str) -> Vec<Inline> {
    vec![Inline::Text(words.to_owned())]
}

/// A paragraph of words.
pub fn paragraph(words: &str) -> Block {
    Block::Paragraph(text(words))
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// A letter of this text, with letterhead, address and particulars.
pub fn letter(body: Vec<Block>) -> Document {
    Document {
        language: "en".to_owned(),
        title: "We have received your application".to_owned(),
        marking: None,
        held: None,
        sender: lines(&[
            "Example Police",
            "Public Protection Unit",
            "Placeholder House, 3 Sample Road",
            "Exampleton EX1 1AA",
            "01632 960000",
            "ppu@example.org",
        ]),
        recipient: lines(&["Alex Example", "1 Sample Street", "Maidstone", "ME14 1AA"]),
        particulars: vec![
            ("Date".to_owned(), "2 March 2026".to_owned()),
            ("Our reference".to_owned(), "EX-26-7K3QF4".to_owned()),
        ],
        body,
    }
}

/// An acknowledgement of one page.
pub fn acknowledgement() -> Document {
    let line = |words: &str| vec![paragraph(words)];
    letter(vec![
        paragraph("Dear Alex Example"),
        Block::Heading(1, text("We have received your application")),
        Block::Paragraph(vec![
            Inline::Text(
                "Thank you for telling us that you are worried about a child. You asked us on ".to_owned(),
            ),
            Inline::Strong(text("2 March 2026")),
            Inline::Text(
                " under the Child Sex Offender Disclosure Scheme. You did the right thing.".to_owned(),
            ),
        ]),
        Block::Heading(2, text("What happens next")),
        paragraph("We will:"),
        Block::List(
            Some(1),
            vec![
                line("check within 24 hours whether a child is in danger now"),
                line(
                    "meet you by 12 March 2026 to hear your concern and to see proof of who you are, so please bring a \
                     passport, a driving licence or a birth certificate",
                ),
                line("tell you the result by 30 March 2026"),
            ],
        ),
        Block::Heading(2, text("Please keep this to yourself")),
        Block::Paragraph(vec![
            Inline::Text(
                "What you told us is confidential, and so is what we may tell you. Read more at ".to_owned(),
            ),
            Inline::Link("https://www.example.org/child-protection".to_owned(), text("how the scheme works")),
            Inline::Text(", or call ".to_owned()),
            Inline::Link("tel:+441632960001".to_owned(), text("01632 960001")),
            Inline::Text(".".to_owned()),
        ]),
        Block::Quote(line("If you think a child is in danger now, call 999. Do not wait for us.")),
        Block::Paragraph(vec![
            Inline::Text("Yours sincerely".to_owned()),
            Inline::Break,
            Inline::Break,
            Inline::Text("D. Osei".to_owned()),
            Inline::Break,
            Inline::Text("Case officer".to_owned()),
        ]),
    ])
}

const LONG: &str = "The unit looked at what is known to the police and asked those who work with the family. It weighed the \
    risk to the child against the harm of telling more than is needed, and wrote down why. Whoever reads this page should be \
    able to follow each step without asking anyone, and should find the day on which it was taken and the person who took it.";

/// A summary of three pages for a panel: marked, with every kind of part.
pub fn summary() -> Document {
    let mut body = vec![Block::Heading(1, text("Summary of application EX-26-7K3QF4"))];
    for number in 1..=6 {
        body.push(Block::Heading(2, text(&format!("Part {number}: what was found"))));
        body.extend([paragraph(LONG), paragraph(LONG)]);
        if number == 2 {
            body.push(paragraph("The checks so far:"));
            body.push(checks(9));
        }
        if number == 4 {
            body.push(Block::Heading(3, text("In the applicant's words")));
            body.push(Block::Quote(vec![paragraph(LONG), paragraph("It ended there.")]));
            body.push(Block::Rule);
            body.push(nested());
        }
    }
    body.extend(["Signed", "Name in capital letters", "Date"].map(|label| Block::Field(label.to_owned())));
    let marking = Some("OFFICIAL-SENSITIVE".to_owned());
    Document { marking, recipient: Vec::new(), title: "Case summary".to_owned(), ..letter(body) }
}

fn nested() -> Block {
    let inner = Block::List(None, vec![vec![paragraph("a school")], vec![paragraph("a nursery")]]);
    Block::List(
        None,
        vec![vec![paragraph("Places the child goes to:"), inner], vec![paragraph(LONG)], Vec::new()],
    )
}

/// A table with so many rows.
pub fn checks(rows: usize) -> Block {
    let row = |number: usize| {
        let result = if number.is_multiple_of(3) {
            "no trace, and nothing else that would matter to this child"
        } else {
            "no trace"
        };
        vec![text(&format!("system {number}")), text("initial"), text("2 March 2026"), text(result)]
    };
    let head = ["Check", "Phase", "Made on", "Result"].map(text).to_vec();
    Block::Table(head, (1..=rows).map(row).collect())
}

/// Names that mean something elsewhere, marks that turn the direction, words without end.
pub const HOSTILE: [&str; 8] = [
    "<b>*_[x](y)&amp;</b>",
    "{{ 7*7 }}",
    "(\\) Tj ET %PDF-1.7",
    "Siân Ŵyn Ŷ w\u{302} y\u{302} n\u{303}",
    "Łukasz Żółć, Nguyễn Thị Ánh",
    "Ζωή Παπαδοπούλου, Наталья Щербакова",
    "☐ not ticked ☑ ticked → and so on",
    "evil\u{202e}gnp.exe\u{202c} zero\u{200b}width",
];

/// A letter full of them.
pub fn hostile() -> Document {
    let long = "Llanfairpwllgwyngyll".repeat(15);
    let mut body: Vec<Block> = HOSTILE.iter().map(|words| paragraph(words)).collect();
    body.push(paragraph(&long));
    body.push(Block::List(None, vec![vec![paragraph(&long)]]));
    body.push(Block::Table(
        vec![text("Name"), text("Spelt")],
        vec![vec![text(&long), text("as it was heard")]],
    ));
    body.push(Block::Heading(3, text(&long)));
    body.push(Block::Field(long.clone()));
    body.push(Block::Paragraph(vec![Inline::Link(
        format!("https://example.org/{long}?a=ŵ b"),
        text("a long way"),
    )]));
    body.push(Block::Paragraph(vec![Inline::Link("javascript:alert(1)".to_owned(), text("not a link"))]));
    let mut letter = letter(body);
    letter.recipient = HOSTILE.iter().map(|words| (*words).to_owned()).collect();
    letter.recipient.push(long);
    letter
}

/// A summary with its marking that must not be sent.
pub fn held() -> Document {
    Document { held: Some("HELD - NOT TO BE SENT".to_owned()), ..summary() }
}
