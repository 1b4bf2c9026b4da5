//! Writing an index: header, entries, the `TREE` extension, the hash.

use std::io::{self, Write};

use sha1::{Digest, Sha1};

use crate::store::id::ObjectId;

use super::cache_tree::Node;
use super::index::{FIXED, NAME_LENGTH, Raw, Staged, Stat};

/// So much is hashed and written at a time: it stays in the processor's cache.
const PIECE: usize = 1 << 17;

/// A new index in the making.
pub(super) struct Writer<W> {
    to: W,
    hash: Option<Sha1>,
    /// What is neither hashed nor written yet.
    bytes: Vec<u8>,
    version: u32,
    /// How many entries the header has announced and are still to come.
    left: i64,
    /// The name written last; version 4 shortens the next one by what they share.
    last: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins an index of `count` entries, written to `to`, with its hash at the end or, unless `hashed`, zeros.
    pub(super) fn new(to: W, version: u32, count: u32, hashed: bool) -> Writer<W> {
        let mut bytes = Vec::with_capacity(PIECE * 2);
        bytes.extend_from_slice(b"DIRC");
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(&count.to_be_bytes());
        Writer { to, hash: hashed.then(Sha1::new), bytes, version, left: count.into(), last: Vec::new() }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(hash) = &mut self.hash {
            hash.update(&self.bytes);
        }
        self.to.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    fn entry_done(&mut self) -> io::Result<()> {
        self.left -= 1;
        if self.bytes.len() < PIECE { Ok(()) } else { self.flush() }
    }

    pub(super) fn copy(&mut self, raw: &Raw<'_>, racy: bool) -> io::Result<()> {
        let at = self.bytes.len();
        if self.version == 4 {
            self.bytes.extend_from_slice(raw.fixed);
            self.shortened(raw.name);
        } else {
            self.bytes.extend_from_slice(raw.whole);
        }
        if racy {
            self.bytes[at + 36..at + 40].fill(0);
        }
        self.entry_done()
    }

    pub(super) fn add(&mut self, new: &Staged) -> io::Result<()> {
        let Some((mode, id, Stat(stat))) = new.file else {
            return Ok(());
        };
        self.entry(new.path.as_bytes(), mode, id, Stat(stat))
    }

    /// Writes an entry.
    pub(super) fn entry(&mut self, name: &[u8], mode: u32, id: ObjectId, stat: Stat) -> io::Result<()> {
        let (at, Stat(stat)) = (self.bytes.len(), stat);
        let [ctime, ctime_ns, mtime, mtime_ns, dev, ino, uid, gid, size] = stat;
        for number in [ctime, ctime_ns, mtime, mtime_ns, dev, ino, mode, uid, gid, size] {
            self.bytes.extend_from_slice(&number.to_be_bytes());
        }
        self.bytes.extend_from_slice(id.as_bytes());
        let length = u16::try_from(name.len()).unwrap_or(NAME_LENGTH).min(NAME_LENGTH);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        if self.version == 4 {
            self.shortened(name);
        } else {
            self.bytes.extend_from_slice(name);
            let end = at + (FIXED + name.len()) / 8 * 8 + 8;
            self.bytes.resize(end, 0);
        }
        self.entry_done()
    }

    fn shortened(&mut self, name: &[u8]) {
        let shared = self.last.iter().zip(name).take_while(|(a, b)| a == b).count();
        write_varint(self.last.len() - shared, &mut self.bytes);
        self.bytes.extend_from_slice(&name[shared..]);
        self.bytes.push(0);
        self.last.truncate(shared);
        self.last.extend_from_slice(&name[shared..]);
    }

    /// Ends the index and returns what it was written to; an error where it does not hold as many entries as was said.
    pub(super) fn finish(mut self, tree: Option<&Node>) -> io::Result<W> {
        if self.left != 0 {
            return Err(io::Error::other("the index was counted wrongly"));
        }
        if let Some(tree) = tree {
            let mut content = Vec::new();
            tree.write(&mut content);
            self.bytes.extend_from_slice(b"TREE");
            self.bytes.extend_from_slice(&u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
            self.bytes.extend_from_slice(&content);
        }
        self.flush()?;
        let end: [u8; 20] = self.hash.map_or([0; 20], |hash| hash.finalize().into());
        self.to.write_all(&end)?;
        Ok(self.to)
    }
}

/// Git's number of varying length: seven bits a byte, high ones first, each further byte counting from one more.
pub(super) fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(4) {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
        value += 1;
    }
    None
}

pub(super) fn write_varint(mut value: usize, to: &mut Vec<u8>) {
    let start = to.len();
    let low = |value: usize| u8::try_from(value & 0x7f).unwrap_or(0);
    to.push(low(value));
    while value > 0x7f {
        value = (value >> 7) - 1;
        to.insert(start, low(value) | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_varying_length_are_gits() {
        for value in [0, 1, 127, 128, 16_383, 16_511, 16_512, 40_000] {
            let mut bytes = Vec::new();
            write_varint(value, &mut bytes);
            assert_eq!(varint(&bytes), Some((value, bytes.len())));
        }
        assert_eq!(varint(&[0x80, 0]), Some((128, 2)));
    }
}
