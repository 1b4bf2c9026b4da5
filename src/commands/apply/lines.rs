//! The lines of what is given to `apply`, one at a time: objects of JSON, each on a line of its own, or documents of YAML,
//! parted by `---`. Whatever is wrong with one, the next is read.

use std::io::{self, BufRead, Read};

use crate::domain::node::Node;
use crate::error::{Error, Kind};
use crate::store::yaml::{Fault, SIZE_LIMIT};
use crate::store::{json, yaml};

/// What the lines are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// An object on each line.
    Json,
    /// A document for each, parted by `---`.
    Yaml,
}

/// One of them.
pub struct Given {
    /// The line it begins on, from 1.
    pub line: usize,
    /// What it says, or why it cannot be read: never anything of its text.
    pub read: Result<Node, Error>,
}

/// All of them.
pub struct Lines<R> {
    from: R,
    format: Option<InputFormat>,
    line: usize,
}

/// What one reading of a line brought.
enum Piece {
    End,
    Whole,
    TooLong,
}

impl<R: BufRead> Lines<R> {
    /// Reads from `from`; where no format is named, the first character that is not blank tells: `{` begins JSON.
    pub fn new(from: R, format: Option<InputFormat>) -> Lines<R> {
        Lines { from, format, line: 0 }
    }

    /// One line with its end, at most so long as a case file; the rest of a longer one is passed over.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<Piece> {
        bytes.clear();
        let most = SIZE_LIMIT as u64 + 1;
        self.from.by_ref().take(most).read_until(b'\n', bytes)?;
        if bytes.is_empty() {
            return Ok(Piece::End);
        }
        self.line += 1;
        if bytes.len() <= SIZE_LIMIT {
            return Ok(Piece::Whole);
        }
        let mut rest = Vec::new();
        while !bytes.ends_with(b"\n") {
            rest.clear();
            if self.from.by_ref().take(1 << 16).read_until(b'\n', &mut rest)? == 0 || rest.ends_with(b"\n") {
                break;
            }
        }
        bytes.clear();
        Ok(Piece::TooLong)
    }

    fn json(&mut self, first: Option<Vec<u8>>) -> io::Result<Option<Given>> {
        let mut bytes = Vec::new();
        if let Some(first) = first {
            return Ok(Some(self.read(self.line, first.trim_ascii_end(), json::parse)));
        }
        loop {
            match self.read_line(&mut bytes)? {
                Piece::End => return Ok(None),
                Piece::TooLong => return Ok(Some(Given { line: self.line, read: Err(too_long()) })),
                Piece::Whole if bytes.trim_ascii().is_empty() => {}
                Piece::Whole => {
                    return Ok(Some(self.read(self.line, bytes.trim_ascii_end(), json::parse)));
                }
            }
        }
    }

    fn yaml(&mut self, first: Option<Vec<u8>>) -> io::Result<Option<Given>> {
        let (mut document, mut bytes) = (Vec::new(), Vec::new());
        let mut begins = self.line + 1;
        let (mut long, mut said) = (false, false);
        if let Some(first) = first {
            begins = self.line;
            said = says(&first);
            document = first;
        }
        loop {
            match self.read_line(&mut bytes)? {
                Piece::End if !said => return Ok(None),
                Piece::End => break,
                Piece::TooLong => (long, said) = (true, true),
                Piece::Whole if parts(&bytes) => {
                    if said {
                        break;
                    }
                    document.clear();
                    begins = self.line + 1;
                }
                Piece::Whole => {
                    said |= says(&bytes);
                    long |= document.len() + bytes.len() > SIZE_LIMIT;
                    if !long {
                        document.extend_from_slice(&bytes);
                    }
                }
            }
        }
        if long {
            return Ok(Some(Given { line: begins, read: Err(too_long()) }));
        }
        Ok(Some(self.read(begins, &document, yaml::parse_answers)))
    }

    fn read(&self, line: usize, bytes: &[u8], parse: fn(&[u8]) -> Result<Node, Fault>) -> Given {
        let read = parse(bytes).map_err(|fault| {
            Error::new(Kind::Answers, fault.message).place(format!(
                "{}:{}",
                line + fault.line - 1,
                fault.column
            ))
        });
        Given { line, read }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Given, Error>;

    fn next(&mut self) -> Option<Result<Given, Error>> {
        let mut first = None;
        while self.format.is_none() {
            let mut bytes = Vec::new();
            match self.read_line(&mut bytes) {
                Ok(Piece::End) => return None,
                Ok(Piece::TooLong) => return Some(Ok(Given { line: self.line, read: Err(too_long()) })),
                Ok(Piece::Whole) if bytes.trim_ascii().is_empty() => {}
                Ok(Piece::Whole) => {
                    let json = bytes.trim_ascii_start().starts_with(b"{");
                    self.format = Some(if json { InputFormat::Json } else { InputFormat::Yaml });
                    // A marker before the first document says nothing else.
                    first = Some(bytes).filter(|bytes| json || !parts(bytes));
                }
                Err(error) => return Some(Err(error.into())),
            }
        }
        let given = match self.format {
            Some(InputFormat::Json) => self.json(first),
            _ => self.yaml(first),
        };
        given.map_err(Error::from).transpose()
    }
}

/// Whether a line parts two documents.
fn parts(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"---") else { return false };
    let word = rest.trim_ascii();
    rest.first().is_none_or(u8::is_ascii_whitespace) && (word.is_empty() || word.starts_with(b"#"))
}

/// Whether a line of YAML says anything.
fn says(line: &[u8]) -> bool {
    !matches!(line.trim_ascii().first(), None | Some(b'#'))
}

fn too_long() -> Error {
    Error::new(Kind::Answers, "larger than 1 MiB; a case is a few thousand bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line numbers, and what was read or why not.
    fn read(text: &str, format: Option<InputFormat>) -> Vec<(usize, String)> {
        let one = |given: Result<Given, Error>| {
            let given = given.unwrap();
            (given.line, given.read.map_or_else(|error| error.to_string(), |node| format!("{node:?}")))
        };
        Lines::new(text.as_bytes(), format).map(one).collect()
    }

    fn wanted(all: &[(usize, &str)]) -> Vec<(usize, String)> {
        all.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn json_line_by_line() {
        let text = "\n{\"a\": 1}\r\n\n{\"a\": 2}{\n  {\"a\": 3}";
        let all = read(text, None);
        assert_eq!(
            all,
            wanted(&[(2, "{\"a\": 1}"), (4, "4:9: not JSON: trailing characters"), (5, "{\"a\": 3}")])
        );
    }

    #[test]
    fn yaml_document_by_document() {
        let text = "# first\na: 1\n---\n---\n# only a comment\n--- # second\n\na: |\n  ---\n  x\n---\na: 2\na: 3\n---\n";
        let all = read(text, None);
        assert_eq!(
            all,
            wanted(&[
                (1, "{\"a\": 1}"),
                (7, "{\"a\": \"---\\nx\\n\"}"),
                (12, "13:1: this key stands here a second time; each key may stand once"),
            ])
        );
        assert_eq!(read("---\na: 1\n", None), wanted(&[(2, "{\"a\": 1}")]));
        assert_eq!(read("{a: 1}\n---\n{a: 2}", Some(InputFormat::Yaml)).len(), 2);
        assert_eq!(read("", None), []);
        assert_eq!(read("---\n---\n", None), []);
    }

    #[test]
    fn what_is_too_long_is_passed_over() {
        let long = format!("{{\"a\": \"{}\"}}\n", "x".repeat(3 << 20));
        let all = read(&format!("{{}}\n{long}{{}}\n"), None);
        assert_eq!(all.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(all[1].1.contains("1 MiB"));
        let long = "a: b\n".repeat(300_000);
        let all = read(&format!("x: y\n---\n{long}---\nx: y\n"), None);
        assert_eq!(all.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 300_004]);
        assert!(all[1].1.contains("1 MiB"));
    }
}
