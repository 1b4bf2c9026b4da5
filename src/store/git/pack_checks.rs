//! Checking the indexes of packs before libgit2 trusts them: it ends with a signal where one has a wrong byte.
//!
//! An index ends with its own SHA-1. Each is read whole the first time that it is met, and what was found right is noted
//! in `.git/csods/packs-checked` by name, size, inode and time of the last change, so that the next command only looks at
//! the directory. The time is the one that the kernel keeps and nobody can set: a copied store brings no notes of its own.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sha1::{Digest, Sha1};

use crate::error::{Error, Kind};
use crate::store::beneath::Dir;
use crate::store::layout;
use crate::store::rights::Access;

/// The name of the notes.
const NOTES: &str = "packs-checked";
/// More notes than this were not written by csods.
const MOST_NOTES: u64 = 1 << 20;
/// What an index of the second version begins with.
const MAGIC: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// How far the table of counts reaches, by the first byte of the ids.
const FANOUT: usize = 8 + 256 * 4;
/// The sums of the pack and of the index itself.
const SUMS: usize = 40;

/// Checks the indexes of the packs below `objects` that are not noted in `kept`, which is `.git/csods`.
///
/// # Errors
/// `Damaged` where one is not what git wrote.
pub(super) fn check(objects: &Path, kept: Option<Dir>) -> Result<(), Error> {
    let mut met = BTreeSet::new();
    let mut unknown = Vec::new();
    let known = kept.as_ref().map(notes).unwrap_or_default();
    let packs = match fs::read_dir(objects.join("pack")) {
        Ok(packs) => packs,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in packs {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "idx") {
            continue;
        }
        // A pack that git is just replacing is nobody's any more.
        let Some(found) = layout::at(&path)? else { continue };
        let note = note(&path, &found);
        if !known.contains(&note) {
            unknown.push(path);
        }
        met.insert(note);
    }
    for path in &unknown {
        // Either file may be gone: then git is just replacing the pack.
        let size = layout::at(&path.with_extension("pack"))?.map(|found| found.len());
        match (fs::read(path), size) {
            (Ok(bytes), Some(size)) if is_right(&bytes, size) => {}
            (Ok(_), Some(_)) => return Err(damaged(path)),
            (Ok(_), None) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                met.retain(|note| note.rsplit(' ').next() != Some(name.as_str()));
            }
            (Err(error), _) if error.kind() == io::ErrorKind::NotFound => {}
            (Err(error), _) => return Err(error.into()),
        }
    }
    if let (false, Some(kept)) = (unknown.is_empty(), kept) {
        // Without the notes they are checked again.
        let _ = keep(&kept, &met);
    }
    Ok(())
}

fn note(path: &Path, found: &Metadata) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{} {} {}.{:09} {name}", found.size(), found.ino(), found.ctime(), found.ctime_nsec())
}

fn notes(kept: &Dir) -> BTreeSet<String> {
    let bytes = kept.bytes(NOTES, MOST_NOTES).ok().flatten().unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
}

fn keep(kept: &Dir, notes: &BTreeSet<String>) -> io::Result<()> {
    let text = notes.iter().fold(String::new(), |mut text, note| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{note}");
        text
    });
    let beside = format!("{NOTES}.{}.new", std::process::id());
    let written = kept
        .create(&beside, Access::Kept)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| kept.rename(&beside, kept, NOTES));
    if written.is_err() {
        let _ = kept.remove(&beside);
    }
    written
}

/// Whether these bytes are an index whose sum is right, and every place lies within the pack.
fn is_right(bytes: &[u8], pack: u64) -> bool {
    checked(bytes, pack).is_some()
}

fn checked(bytes: &[u8], pack: u64) -> Option<()> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(20)?)?;
    if Sha1::digest(body).as_slice() != sum {
        return None;
    }
    // Git has not written the first version since 2008; libgit2 checks what little it has.
    if !body.starts_with(&MAGIC) {
        return Some(());
    }
    let counts = number_list(body.get(MAGIC.len()..FANOUT)?);
    let counts: Vec<u32> = counts.collect();
    if !counts.is_sorted() {
        return None;
    }
    let count = usize::try_from(*counts.last()?).ok()?;
    // For each object its id, a checksum and its place; places that do not fit stand in a list at the end.
    let places_at = FANOUT.checked_add(count.checked_mul(24)?)?;
    let far_at = places_at.checked_add(count.checked_mul(4)?)?;
    let far = body.get(far_at..bytes.len().checked_sub(SUMS)?)?;
    let last = pack.checked_sub(20)?;
    let is_within = |place: u32| match place & 0x8000_0000 {
        0 => u64::from(place) < last,
        _ => {
            let at = (place & 0x7fff_ffff) as usize * 8;
            let place = far.get(at..at + 8).and_then(|eight| eight.first_chunk());
            place.is_some_and(|eight| u64::from_be_bytes(*eight) < last)
        }
    };
    (far.len().is_multiple_of(8) && number_list(body.get(places_at..far_at)?).all(is_within)).then_some(())
}

fn number_list(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|four| four.first_chunk().copied().map(u32::from_be_bytes))
}

fn damaged(path: &Path) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let pack = path.with_extension("pack");
    let pack = pack.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Error::new(Kind::Damaged, format!("the index of a pack of the history is damaged: {name}")).hint(format!(
        "remove that file and make it again by `git index-pack .git/objects/pack/{pack}`; `git fsck` says whether the \
         pack itself is whole"
    ))
}
