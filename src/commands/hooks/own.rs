//! A person's own configuration, `csods/config.toml` below their configuration directory.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::domain::action::ActionKind;
use crate::domain::record::{self, Reader};
use crate::domain::scalars::Line;
use crate::error::{Error, Kind};
use crate::record;
use crate::store::{LARGEST, toml};

record! {
    /// The whole file.
    pub struct Own {
        /// The hooks
        pub hooks: Vec<Hook>,
    }
}

record! {
    /// A program that is told of changes.
    pub struct Hook {
        /// The program, by its whole path
        pub run: Line,
        /// What it is given on its command line
        pub arguments: Vec<Line>,
        /// Only after these actions; any where left out
        pub actions: Vec<ActionKind>,
        /// Only for these forces, by name or prefix
        pub forces: Vec<Line>,
        /// Only for these stores, by directory
        pub stores: Vec<Line>,
        /// How many seconds it may take
        pub seconds: Option<u32>,
    }
}

/// The hooks; none where there is no such file. One that others may write to is not obeyed: whoever can write to it could
/// run programs in this person's name.
pub fn read(path: &Path) -> Result<Vec<Hook>, Error> {
    let mut file = match File::open(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        opened => opened.map_err(|error| refusal(path, &format!("it cannot be read ({})", error.kind())))?,
    };
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(refusal(path, "it is no file"));
    }
    let me = rustix::process::geteuid().as_raw();
    if found.uid() != me && found.uid() != 0 {
        return Err(refusal(path, "it belongs to somebody else"));
    }
    if found.mode() & 0o022 != 0 {
        return Err(refusal(path, "others may write to it; `chmod go-w` mends that"));
    }
    if let Some(open) = changed_by_all(path) {
        return Err(refusal(
            path,
            &format!("everybody can change {}; `chmod o-w` mends that", open.display()),
        ));
    }
    let mut text = String::new();
    let read = (&mut file).take(LARGEST).read_to_string(&mut text);
    read.map_err(|error| refusal(path, &format!("it cannot be read ({})", error.kind())))?;
    let node = toml::parse(&text).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        refusal(path, &first)
    })?;
    let own: Own = record::read(&node, Reader::strict()).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        refusal(path, &problems.join("; "))
    })?;
    Ok(own.hooks)
}

/// The file, or the directory on the way to it, that everybody on the machine can change; `None` where there is none.
/// Further up, a directory in which nobody can remove another's files counts as closed, as the system's temporary one.
pub fn changed_by_all(path: &Path) -> Option<PathBuf> {
    const EVERYBODY: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let open = |(steps, place): (usize, &Path)| {
        let mode = place.metadata().ok()?.mode();
        let closed = mode & EVERYBODY == 0 || (steps > 1 && mode & STICKY != 0);
        (!closed).then(|| place.to_owned())
    };
    path.ancestors().enumerate().find_map(open)
}

fn refusal(path: &Path, why: &str) -> Error {
    Error::new(Kind::Usage, why).place(path.display().to_string())
}
