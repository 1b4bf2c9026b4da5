//! Versions of csods, as `needs` in `csods.toml` names them.

use std::fmt;
use std::str::FromStr;

use crate::domain::node::Node;
use crate::domain::record::{Part, Reader, Shape};

/// A version of csods: `0.2` or `0.2.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// As it is written.
    text: String,
    numbers: [u32; 3],
}

impl Version {
    /// The version of this program.
    pub fn own() -> Version {
        let number = |text: &str| text.parse().unwrap_or(0);
        Version {
            text: env!("CARGO_PKG_VERSION").to_owned(),
            numbers: [
                number(env!("CARGO_PKG_VERSION_MAJOR")),
                number(env!("CARGO_PKG_VERSION_MINOR")),
                number(env!("CARGO_PKG_VERSION_PATCH")),
            ],
        }
    }

    /// Whether this version is older than `other`.
    pub fn is_older_than(&self, other: &Version) -> bool {
        self.numbers < other.numbers
    }
}

impl FromStr for Version {
    type Err = &'static str;

    /// Two or three whole numbers with full stops between them.
    fn from_str(text: &str) -> Result<Version, &'static str> {
        let what = "must be a version like 0.2 or 0.2.1";
        let parts: Vec<&str> = text.split('.').collect();
        if !(2..=3).contains(&parts.len()) {
            return Err(what);
        }
        let mut numbers = [0; 3];
        for (number, part) in numbers.iter_mut().zip(parts) {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = part.parse().ok().filter(|_| digits).ok_or(what)?;
        }
        Ok(Version { text: text.to_owned(), numbers })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Part for Version {
    const SHAPE: Shape = Shape::Line;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::Text { text, .. } => text.parse().map_err(|what| reader.invalid::<()>(what)).ok(),
            _ => reader.invalid("must be a version in quotes, like \"0.2\""),
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::text(self.text.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_and_compared_by_number() {
        let version = |text: &str| text.parse::<Version>();
        for bad in ["", "1", "1.", ".1", "0.2.3.4", "0.x", "v0.2", "0.+2", "0. 2", "0.99999999999"] {
            assert!(version(bad).is_err(), "{bad}");
        }
        for (older, newer) in [("0.2", "0.3"), ("0.2", "0.2.1"), ("0.9", "0.10"), ("0.10.2", "1.0")] {
            let (older, newer) = (version(older).unwrap(), version(newer).unwrap());
            assert!(older.is_older_than(&newer) && !newer.is_older_than(&older));
        }
        assert!(!version("0.2").unwrap().is_older_than(&version("0.2.0").unwrap()));
        assert_eq!(version("0.2").unwrap().to_string(), "0.2");
        assert!(!Version::own().is_older_than(&Version::own()));
    }
}
