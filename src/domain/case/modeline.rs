//! The first line of a case file that tells an editor which schema the rest keeps to.
//!
//! It is the one comment that a case file may hold: it says nothing of the case, is written in one way only, and stays
//! with its file through every change. Which schema new files name is a setting.

use std::fmt;

/// What the line begins with, as the YAML language server reads it.
const BEFORE: &str = "# yaml-language-server: $schema=";
/// The longest address of a schema, in characters, in a file and in the settings.
const LONGEST: usize = 500;
const LONGEST_SET: usize = 400;
/// Said of a setting that is none.
const UNFIT: &str = "must be an address or a path: 1 to 400 characters of ASCII, no blanks";
/// From the folder of a case file to the store's.
const UP: &str = "../../../";

/// The line, by the address of the schema that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modeline(String);

impl Modeline {
    /// The line for the schema that a setting names: an address or an absolute path as it stands, any other path
    /// from the store's folder. What is wrong with it otherwise.
    pub fn of_setting(schema: &str) -> Result<Modeline, &'static str> {
        let absolute = schema.starts_with('/') || schema.contains("://");
        let address = if absolute { schema.to_owned() } else { format!("{UP}{schema}") };
        let fits = (1..=LONGEST_SET).contains(&schema.len()) && is_address(&address);
        if fits { Ok(Modeline(address)) } else { Err(UNFIT) }
    }

    /// The line at the beginning of a file, where there is one, and the bytes that follow it.
    pub fn at_head_of(bytes: &[u8]) -> (Option<Modeline>, &[u8]) {
        let read = || {
            let end = bytes.iter().take(BEFORE.len() + LONGEST + 1).position(|&byte| byte == b'\n')?;
            let address = str::from_utf8(&bytes[..end]).ok()?.strip_prefix(BEFORE)?;
            is_address(address).then(|| (Some(Modeline(address.to_owned())), &bytes[end + 1..]))
        };
        // Nearly every file begins otherwise.
        if bytes.first() == Some(&b'#') { read().unwrap_or((None, bytes)) } else { (None, bytes) }
    }
}

/// The line as it stands in a file, without its end.
impl fmt::Display for Modeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{BEFORE}{}", self.0)
    }
}

fn is_address(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_is_written() {
        for (setting, address) in [
            ("case.schema.json", "../../../case.schema.json"),
            ("../case.schema.json", "../../../../case.schema.json"),
            ("/srv/csods/case.schema.json", "/srv/csods/case.schema.json"),
            ("https://example.org/case.schema.json", "https://example.org/case.schema.json"),
        ] {
            let line = Modeline::of_setting(setting).unwrap();
            assert_eq!(line.to_string(), format!("# yaml-language-server: $schema={address}"));
            let file = format!("{line}\nformat: 1\n");
            assert_eq!(Modeline::at_head_of(file.as_bytes()), (Some(line), b"format: 1\n".as_slice()));
        }
    }

    #[test]
    fn only_an_address_can_be_set() {
        for setting in ["", "two words", "line\nbreak", "caf\u{e9}.json", &"x".repeat(401)] {
            assert!(Modeline::of_setting(setting).is_err(), "{setting:?}");
        }
    }

    #[test]
    fn any_other_comment_is_left_where_it_stands() {
        for head in [
            "# a comment\n",
            "# yaml-language-server: $schema=\n",
            "# yaml-language-server: $schema=a b\n",
            "#  yaml-language-server: $schema=a\n",
            "# yaml-language-server: $schema=a\r\n",
            " # yaml-language-server: $schema=a\n",
            &format!("# yaml-language-server: $schema={}\n", "a".repeat(501)),
        ] {
            let file = format!("{head}format: 1\n");
            let (line, rest) = Modeline::at_head_of(file.as_bytes());
            assert_eq!((line, rest), (None, file.as_bytes()), "{head:?}");
        }
        let unended = b"# yaml-language-server: $schema=a";
        assert_eq!(Modeline::at_head_of(unended), (None, unended.as_slice()));
    }
}
