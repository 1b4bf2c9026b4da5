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

    /// The same of an object that was read, which somebody else may have written: `None` where its bytes were made so that
    /// another object has their SHA-1 too.
    pub(super) fn of_foreign(kind: &str, bytes: &[u8]) -> Option<ObjectId> {
        let mut hash = sha1_checked::Sha1::new();
        hash.update(format!("{kind} {}\0", bytes.len()));
        hash.update(bytes);
        unforged(&hash.try_finalize())
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

/// The SHA-1, where nothing was made to collide with it.
fn unforged(sum: &sha1_checked::CollisionResult) -> Option<ObjectId> {
    if sum.has_collision() { None } else { ObjectId::from_slice(sum.hash()) }
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

    /// The beginning of the first of the two documents with one SHA-1 that were published in 2017 (shattered.io).
    const SHATTERED: &str = "\
        255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f48656967687420332030\
        20522f547970652034203020522f537562747970652035203020522f46696c7465722036203020522f436f6c6f7253706163\
        652037203020522f4c656e6774682038203020522f42697473506572436f6d706f6e656e7420383e3e0a73747265616d0aff\
        d8fffe00245348412d3120697320646561642121212121852fec092339759c39b1a1c63c4c97e1fffe017346dc9166b67e11\
        8f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f\
        0e45bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1a864790c782c\
        76215660dd309791d06bd0af3f98cda4bc4629b1\
        ";

    #[test]
    fn what_was_made_to_collide_is_noticed() {
        let digits: Vec<u8> = SHATTERED.bytes().filter(u8::is_ascii_hexdigit).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        let bytes: Vec<u8> = digits.chunks(2).map(byte).collect();
        assert_eq!(bytes.len(), 320);
        assert_eq!(unforged(&sha1_checked::Sha1::try_digest(&bytes)), None);
        assert!(unforged(&sha1_checked::Sha1::try_digest(&bytes[..192])).is_some());
        assert_eq!(ObjectId::of_foreign("blob", b"x"), Some(ObjectId::of_blob(b"x")));
    }

    #[test]
    fn only_forty_hexadecimal_digits_are_an_id() {
        for text in ["", "e69de29", "g69de29bb2d1d6434b8b29ae775ad8c2e48c5391"] {
            assert_eq!(ObjectId::from_hex(text), None);
        }
    }
}
