//! How a store holds what is not a case's own: the line for editors, and the marks of `apply`.

use crate::domain::record::Problem;
use crate::domain::scalars::Line;
use crate::record;

/// The length of the key.
pub const KEY_BYTES: usize = 32;

record! {
    /// How case files are written.
    pub struct CaseFileSettings {
        /// The schema that a new file names in its first line, for editors: an address, or a path from the store's folder
        pub schema: Option<Line>,
    }
}

record! {
    /// How `apply` remembers the ids of lines.
    pub struct AppliedSettings {
        /// The key of the marks in `applied/`: 64 hexadecimal digits in lower case
        pub key: Line,
    }
}

impl AppliedSettings {
    /// The bytes of the key; `None` where it is not written as it must be.
    pub fn key(&self) -> Option<[u8; KEY_BYTES]> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = self.key.as_str().as_bytes().as_chunks::<2>();
        let bytes = pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?));
        let bytes: Option<Vec<u8>> = bytes.collect();
        bytes.filter(|_| rest.is_empty())?.try_into().ok()
    }

    pub(super) fn check(&self) -> Option<Problem> {
        let what = "must be 64 hexadecimal digits in lower case, as `csods init` writes them";
        self.key().is_none().then(|| Problem::invalid("applied.key", what))
    }
}
