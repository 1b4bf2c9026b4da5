//! A letter as data: what stands on the page, before it is laid out as HTML, PDF or plain text.

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The language of its words: `en`, `cy`.
    pub language: String,
    /// What it is about, in a few words: the title of the page.
    pub title: String,
    /// The protective marking, on every page where there is one (X3).
    pub marking: Option<String>,
    /// What stands across every page, where it must not be sent (A5).
    pub held: Option<String>,
    /// Who writes: the lines of the letterhead, the force's name first.
    pub sender: Vec<String>,
    /// To whom: the lines that show in the window of an envelope; empty where it is not posted.
    pub recipient: Vec<String>,
    /// Beside the address, as label and value: date, reference.
    pub particulars: Vec<(String, String)>,
    /// What it says.
    pub body: Vec<Block>,
}

/// A part of what a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the letter's own, 2 and 3 stand below it.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, numbered from the number given or not at all; what each item holds.
    List(Option<u64>, Vec<Vec<Block>>),
    /// A table: its head, and its rows.
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
    /// Words set apart: somebody's own.
    Quote(Vec<Block>),
    /// A line to write on, with what is to be written there.
    Field(String),
    /// A line across the page.
    Rule,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Words that matter more.
    Strong(Vec<Inline>),
    /// Words that are stressed.
    Emphasis(Vec<Inline>),
    /// A link: where to, and its words.
    Link(String, Vec<Inline>),
    /// A new line.
    Break,
}
