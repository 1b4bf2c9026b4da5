//! Why a change cannot be written on what people and git did meanwhile.

use crate::error::{Error, Kind};

/// Plain git was quicker.
pub(super) fn moved() -> Error {
    Error::new(
        Kind::Conflict,
        "git moved the store's branch, or switched to another, meanwhile; nothing was changed",
    )
    .hint("run the command again")
}

/// A file that somebody edited by hand.
pub(super) fn edited(path: &str, staged: bool) -> Error {
    let (what, undo) =
        if staged { ("edited by hand and staged", " --staged --worktree") } else { ("edited by hand", "") };
    Error::new(Kind::Damaged, format!("the file was {what} since the last commit; nothing was changed"))
        .hint(format!("`csods commit` takes the edit in, `git restore{undo} {path}` drops it"))
        .place(path)
}

/// An edit by hand that was changed again while it was taken in.
pub(super) fn edited_again(path: &str) -> Error {
    Error::new(Kind::Conflict, "the file was edited again while it was checked; nothing was changed")
        .hint("run the command again when the editor is closed")
        .place(path)
}
