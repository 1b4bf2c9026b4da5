//! The person's own editor, for text that does not fit a line. What it edits lies in the store's git directory, never in
//! the system's temporary one, and stays there until it is told to go: nothing typed is lost.

use std::ffi::OsStr;
use std::fs;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::path::{Path as FilePath, PathBuf};
use std::process::{Command, Stdio};

use super::drafts::{private_file, write_private};
use super::interrupt::{self, Hold};
use super::put::yes_or_no;
use super::terminal::{Screen, Stop, Terminal, Tone};
use crate::error::{Error, Kind};
use crate::store::left_of;

/// Where none is chosen; every Unix has it.
const EDITOR: &str = "vi";

/// The directory of what is being edited, below the private one.
const EDITS: &str = "edit";

/// Lets the person edit `text` and gives back what they saved. `name` is a file name with its extension, without a
/// directory. The editor is a command line, run by the shell as git runs it; it needs a terminal.
///
/// The file stays: [`forget_edit`] removes it, [`kept_edit`] reads it again.
pub fn edit_text(
    editor: Option<&OsStr>,
    private_dir: &FilePath,
    name: &str,
    text: &str,
) -> Result<String, Error> {
    let file = private_file(private_dir, EDITS, name)?;
    write_private(&file, text.as_bytes())?;
    let editor = editor.unwrap_or(OsStr::new(EDITOR));
    let mut script = editor.to_owned();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(editor).arg(&file);
    if !std::io::stdout().is_terminal() {
        // Standard output is the answer's; the editor draws where the talk goes.
        command.stdout(Stdio::from(std::io::stderr().as_fd().try_clone_to_owned()?));
    }
    // Ctrl-C in the editor reaches the whole terminal, and is the editor's to understand.
    let hold = Hold::new()?;
    let ended = command.status();
    interrupt::was_meant_for_another();
    drop(hold);
    let kept = || format!("nothing was changed; the text is kept in {}", file.display());
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) if matches!(status.code(), Some(126 | 127)) => {
            return Err(Error::new(Kind::System, "the editor could not be started")
                .hint("set VISUAL or EDITOR to the one you use"));
        }
        Ok(_) => return Err(Error::new(Kind::System, "the editor failed").hint(kept())),
        Err(_) => return Err(Error::new(Kind::System, "the editor could not be started").hint(kept())),
    }
    String::from_utf8(fs::read(&file)?)
        .map_err(|_| Error::new(Kind::Answers, "the edited text is not UTF-8").hint(kept()))
}

/// Shows why what was edited cannot be taken, and asks whether to edit it again.
pub fn again(error: &Error) -> Result<bool, Error> {
    let hold = Hold::new()?;
    let asked = || -> Result<Option<bool>, Stop> {
        let mut screen = Screen::open(None, PathBuf::new())?;
        screen.say(Tone::Wrong, &error.to_string())?;
        for problem in &error.problems {
            screen.say(Tone::Plain, &format!("  {problem}"))?;
        }
        screen.discard()?;
        screen.say(Tone::Strong, "Edit it again?")?;
        yes_or_no(&mut screen, "")
    };
    let answer = asked();
    drop(hold);
    match answer {
        Ok(answer) => Ok(answer == Some(true)),
        Err(Stop::Left) => Ok(false),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// What is left of an earlier edit of this name.
pub fn kept_edit(private_dir: &FilePath, name: &str) -> Option<String> {
    fs::read_to_string(private_file(private_dir, EDITS, name).ok()?).ok()
}

/// Keeps text beside what is edited.
pub fn keep_edit(private_dir: &FilePath, name: &str, text: &str) -> Result<(), Error> {
    write_private(&private_file(private_dir, EDITS, name)?, text.as_bytes())
}

/// Removes what was edited, with everything that an editor left beside it. That it is gone already is no failure.
pub fn forget_edit(private_dir: &FilePath, name: &str) {
    remove_edits(private_dir, |file| file == name);
}

/// Removes the edited texts whose names `are_meant`, with everything that an editor left beside them.
pub(super) fn remove_edits(private_dir: &FilePath, are_meant: impl Fn(&str) -> bool) {
    for file in edits(private_dir) {
        if are_meant(left_of(&file).unwrap_or(&file)) {
            let _ = fs::remove_file(private_dir.join(EDITS).join(&file));
        }
    }
}

/// The files that an editor left beside a text it edited.
pub fn leftovers(private_dir: &FilePath) -> impl Iterator<Item = String> {
    edits(private_dir).filter(|file| left_of(file).is_some())
}

fn edits(private_dir: &FilePath) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(private_dir.join(EDITS)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_editor_is_a_command_line_and_the_file_private() {
        let dir = tempfile::tempdir().unwrap();
        let editor = OsStr::new("sed -i -e 's/a/two words/'");
        assert_eq!(edit_text(Some(editor), dir.path(), "n.txt", "a\n"), Ok("two words\n".to_owned()));
        let file = dir.path().join("edit/n.txt");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(kept_edit(dir.path(), "n.txt").as_deref(), Some("two words\n"));
        let beside = |name: &str| dir.path().join("edit").join(name);
        for left in [".n.txt.swp", "#n.txt#", "n.txt~", "n.txt.~1~", ".other.txt.swp", "other.txt"] {
            write_private(&beside(left), b"two words").unwrap();
        }
        assert_eq!(leftovers(dir.path()).count(), 5);
        forget_edit(dir.path(), "n.txt");
        assert!(!file.exists());
        let mut stay: Vec<_> = edits(dir.path()).collect();
        stay.sort();
        assert_eq!(stay, [".other.txt.swp", "other.txt"]);
    }

    #[test]
    fn a_failing_editor_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let failed = edit_text(Some(OsStr::new("false")), dir.path(), "n.yaml", "typed").unwrap_err();
        assert_eq!(failed.message, "the editor failed");
        assert_eq!(kept_edit(dir.path(), "n.yaml").as_deref(), Some("typed"));
        let missing = OsStr::new("no-such-editor-anywhere 2>/dev/null");
        let failed = edit_text(Some(missing), dir.path(), "n.yaml", "typed").unwrap_err();
        assert_eq!((failed.kind, failed.message.as_str()), (Kind::System, "the editor could not be started"));
    }
}
