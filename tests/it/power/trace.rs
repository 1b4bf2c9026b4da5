//! What `strace` recorded of a process: the calls that change files, and those that sync them.

use std::path::{Path, PathBuf};

/// The calls that are recorded. One that changes a file in another way would not be seen, so [`read`] refuses those.
pub const CALLS: &str = "open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,rename,renameat,renameat2,\
                         link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,ftruncate,truncate,fsync,\
                         fdatasync,syncfs,sync_file_range,copy_file_range,sendfile";

/// What a call did. Paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// A file was opened as this descriptor, made where it was absent.
    Opened {
        path: PathBuf,
        fd: u32,
        made: bool,
        emptied: bool,
    },
    /// Bytes were written through a descriptor; where no offset is named, behind those written last.
    Wrote {
        path: PathBuf,
        fd: u32,
        at: Option<usize>,
        appended: bool,
        bytes: Vec<u8>,
    },
    Renamed(PathBuf, PathBuf),
    Linked(PathBuf, PathBuf),
    Removed(PathBuf),
    MadeDir(PathBuf),
    Cut(PathBuf, usize),
    /// A file or directory was synced.
    Synced(PathBuf),
    /// The whole file system was synced.
    SyncedAll,
}

/// A call that succeeded, and the lines of the trace in which it began and ended.
#[derive(Debug)]
pub struct Event {
    pub begun: usize,
    pub ended: usize,
    pub call: Call,
}

impl Event {
    /// Whether it concerns files below a directory, or any descriptor of one.
    pub fn is_below(&self, dir: &Path) -> bool {
        match &self.call {
            // Which descriptor is where is told by every opening.
            Call::Opened { .. } | Call::SyncedAll => true,
            Call::Wrote { path, .. }
            | Call::Renamed(path, _)
            | Call::Linked(path, _)
            | Call::Removed(path)
            | Call::MadeDir(path)
            | Call::Cut(path, _)
            | Call::Synced(path) => path.starts_with(dir),
        }
    }

    /// What it did, in a line.
    pub fn short(&self) -> String {
        match &self.call {
            Call::Wrote { path, bytes, .. } => format!("{} bytes written to {}", bytes.len(), path.display()),
            call => format!("{call:?}"),
        }
    }
}

/// The events of a trace, made with `-f -y -xx`, in the order in which they ended.
pub fn read(trace: &str) -> Vec<Event> {
    let mut open: Vec<(&str, usize, &str)> = Vec::new();
    let mut appending: Vec<u32> = Vec::new();
    let mut events = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let (process, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            open.push((process, at, begun));
            continue;
        }
        let (begun, text) = match rest.strip_prefix("<... ") {
            Some(resumed) => {
                let place = open.iter().position(|(of, ..)| *of == process).unwrap();
                let (_, begun, first) = open.remove(place);
                (begun, format!("{first}{}", resumed.split_once("resumed>").unwrap().1))
            }
            None => (at, rest.to_owned()),
        };
        if let Some(call) = call(&text, &mut appending) {
            events.push(Event { begun, ended: at, call });
        }
    }
    events
}

fn call(text: &str, appending: &mut Vec<u32>) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let arguments = split(arguments);
    let path = |position: usize| at(None, arguments[position]);
    let below = |position: usize| at(Some(arguments[position]), arguments[position + 1]);
    let number = |text: &str| text.split('<').next().unwrap().trim().parse::<usize>().unwrap();
    let fd = |text: &str| u32::try_from(number(text)).unwrap();
    Some(match name {
        "open" | "creat" | "openat" | "openat2" => {
            let (path, flags) = if name.starts_with("openat") {
                (below(0), arguments[2])
            } else {
                (path(0), if name == "creat" { "O_CREAT|O_TRUNC" } else { arguments[1] })
            };
            appending.retain(|of| *of != fd(result));
            if flags.contains("O_APPEND") {
                appending.push(fd(result));
            }
            let (made, emptied) = (flags.contains("O_CREAT"), flags.contains("O_TRUNC"));
            Call::Opened { path, fd: fd(result), made, emptied }
        }
        "write" | "pwrite64" => {
            let bytes = unescaped(arguments[1]);
            assert_eq!(bytes.len(), number(result), "a write was cut short: {name}");
            let (fd, offset) = (fd(arguments[0]), arguments.get(3).map(|offset| number(offset)));
            Call::Wrote {
                path: of_descriptor(arguments[0])?,
                fd,
                at: offset,
                appended: appending.contains(&fd),
                bytes,
            }
        }
        "rename" => Call::Renamed(path(0), path(1)),
        "renameat" | "renameat2" => Call::Renamed(below(0), below(2)),
        "link" => Call::Linked(path(0), path(1)),
        "linkat" => Call::Linked(below(0), below(2)),
        "unlink" | "rmdir" => Call::Removed(path(0)),
        "unlinkat" => Call::Removed(below(0)),
        "mkdir" => Call::MadeDir(path(0)),
        "mkdirat" => Call::MadeDir(below(0)),
        "ftruncate" => Call::Cut(of_descriptor(arguments[0])?, number(arguments[1])),
        "truncate" => Call::Cut(path(0), number(arguments[1])),
        "fsync" | "fdatasync" => Call::Synced(of_descriptor(arguments[0])?),
        "syncfs" => Call::SyncedAll,
        other => panic!("no power cut is imagined for {other}"),
    })
}

/// The arguments of a call: strings have no commas in them, structures stand in braces.
fn split(arguments: &str) -> Vec<&str> {
    let (mut deep, mut start, mut found) = (0, 0, Vec::new());
    for (at, byte) in arguments.bytes().enumerate() {
        match byte {
            b'{' => deep += 1,
            b'}' => deep -= 1,
            b',' if deep == 0 => {
                found.push(arguments[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(arguments[start..].trim());
    found
}

/// The path of an argument such as `3</store/.git>`; `None` for one that has no name any more, a pipe or a terminal.
fn of_descriptor(text: &str) -> Option<PathBuf> {
    let path = text.split_once('<')?.1.split('>').next()?;
    let path = PathBuf::from(String::from_utf8(unescaped(path)).unwrap());
    (path.is_absolute() && !text.ends_with("(deleted)")).then_some(path)
}

/// A path as it was named, below a directory where it is relative to one.
fn at(dir: Option<&str>, name: &str) -> PathBuf {
    let name = String::from_utf8(unescaped(name)).unwrap();
    let dir = dir.and_then(of_descriptor);
    let path = dir.unwrap_or_default().join(name);
    assert!(
        path.is_absolute() && !path.components().any(|step| step.as_os_str() == ".."),
        "{}",
        path.display()
    );
    path.components().as_path().to_owned()
}

/// The bytes of `"\x41\x42"`.
fn unescaped(text: &str) -> Vec<u8> {
    assert!(!text.ends_with("..."), "a string was cut off");
    text.trim_matches('"')
        .split("\\x")
        .skip(1)
        .map(|byte| u8::from_str_radix(&byte[..2], 16).unwrap())
        .collect()
}
