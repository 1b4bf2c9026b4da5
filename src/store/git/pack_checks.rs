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
use crate::store::rights::Access;

use super::alternates;

/// The name of the notes.
const NOTES: &str = "packs-checked";
/// More notes than this were not written by csods.
const MOST_NOTES: u64 = 1 << 20;
/// What an index of the second version begins with.
const MAGIC: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// The name of an index of several packs, which git keeps beside those of each.
const OF_SEVERAL: &str = "multi-pack-index";
/// How far the table of counts reaches, by the first byte of the ids.
const FANOUT: usize = 8 + 256 * 4;
/// The sums of the pack and of the index itself.
const SUMS: usize = 40;

/// Checks the indexes of the packs below `objects`, and below its alternates, that are not noted in `kept`, which is
/// `.git/csods`.
///
/// # Errors
/// `Damaged` where one is not what git wrote.
pub(super) fn check(objects: &Path, kept: Option<Dir>) -> Result<(), Error> {
    let known = kept.as_ref().map(notes).unwrap_or_default();
    let mut right = BTreeSet::new();
    for dir in alternates::object_directories(objects)? {
        let packs = match fs::read_dir(dir.join("pack")) {
            Ok(packs) => packs,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        for entry in packs {
            let path = entry?.path();
            if !is_index(&path) {
                continue;
            }
            // One that is gone was of packs that git is just replacing.
            let Some(found) = file(&path)? else { continue };
            let note = note(&path, &found);
            if known.contains(&note) || is_right(&path)? {
                right.insert(note);
            }
        }
    }
    if let (false, Some(kept)) = (right.is_subset(&known), kept) {
        // Without the notes they are checked again.
        let _ = keep(&kept, &right);
    }
    Ok(())
}

/// Whether it is the index of a pack, or of several.
fn is_index(path: &Path) -> bool {
    is_of_several(path) || path.extension().is_some_and(|extension| extension == "idx")
}

fn is_of_several(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == OF_SEVERAL)
}

/// What is known of a file; `None` where there is nothing.
///
/// # Errors
/// `Damaged` where it is no file: opening a pipe would wait for ever.
fn file(path: &Path) -> Result<Option<Metadata>, Error> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(_) => Err(damaged(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether an index is right; not where it or its pack is gone, because git is just replacing the pack.
///
/// # Errors
/// `Damaged` where it is there and wrong.
fn is_right(path: &Path) -> Result<bool, Error> {
    let pack = match is_of_several(path) {
        true => None,
        false => match file(&path.with_extension("pack"))? {
            Some(found) => Some(found.len()),
            None => return Ok(false),
        },
    };
    match (fs::read(path), pack) {
        (Ok(bytes), None) if body(&bytes).is_some() => Ok(true),
        (Ok(bytes), Some(length)) if checked(&bytes, length).is_some() => Ok(true),
        (Ok(_), _) => Err(damaged(path)),
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        (Err(error), _) => Err(error.into()),
    }
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

/// The bytes of an index before its sum, where that is right.
fn body(bytes: &[u8]) -> Option<&[u8]> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(20)?)?;
    (Sha1::digest(body).as_slice() == sum).then_some(body)
}

/// Whether the sum of the index of a pack of this length is right, and every place lies within the pack.
fn checked(bytes: &[u8], pack: u64) -> Option<()> {
    let body = body(bytes)?;
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
    let hint = match is_of_several(path) {
        true => "remove that file: git works without it, and makes it again by `git multi-pack-index write`"
            .to_owned(),
        false => format!(
            "remove that file and make it again by `git index-pack {}`; `git fsck` says whether the pack itself is whole",
            path.with_extension("pack").display()
        ),
    };
    Error::new(Kind::Damaged, format!("the index of a pack of the history is damaged: {name}"))
        .hint(hint)
        .place(path.display().to_string())
}
