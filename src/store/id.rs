//! The name git gives an object: the SHA-1 of its kind, length and bytes.

use std::fmt;

use sha1::{Digest, Sha1};

/// The id of a commit, tree or blob.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 20]);

/// The id of a commit.
pub type CommitId = ObjectId;

/// The id of a file's content.
pub type BlobId = ObjectId;

impl ObjectId {
    /// Git's word for "no object".
    pub const ZERO: ObjectId = ObjectId([0; 20]);

    /// From its twenty bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> ObjectId {
        ObjectId(bytes)
    }

    /// From the first twenty bytes of a slice, where there are so many.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<ObjectId> {
        bytes.first_chunk().map(|bytes| ObjectId(*bytes))
    }

    /// From forty hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<ObjectId> {
        let digits = text.as_bytes();
        if digits.len() != 40 {
            return None;
        }
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let high = (pair[0] as char).to_digit(16)?;
            let low = (pair[1] as char).to_digit(16)?;
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        Some(ObjectId(bytes))
    }

    /// The id that `bytes` have as a file.
    pub fn of_blob(bytes: &[u8]) -> BlobId {
        ObjectId::of("blob", bytes)
    }

    /// The id that `bytes` have as an object of this kind.
    pub(super) fn of(kind: &str, bytes: &[u8]) -> ObjectId {
        let mut hash = Sha1::new();
        hash.update(format!("{kind} {}\0", bytes.len()));
        hash.update(bytes);
        ObjectId(hash.finalize().into())
    }

    /// The twenty bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Whether this is [`ObjectId::ZERO`].
    pub fn is_zero(&self) -> bool {
        *self == ObjectId::ZERO
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_gits() {
        let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        assert_eq!(ObjectId::of_blob(b"").to_string(), empty);
        assert_eq!(ObjectId::from_hex(empty), Some(ObjectId::of_blob(b"")));
    }

    #[test]
    fn only_forty_hexadecimal_digits_are_an_id() {
        for text in ["", "e69de29", "g69de29bb2d1d6434b8b29ae775ad8c2e48c5391"] {
            assert_eq!(ObjectId::from_hex(text), None);
        }
    }
}
