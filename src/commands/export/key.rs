//! The keys of pseudonyms: read from files that nobody else can read, and made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{private_target, unwritten};
use crate::context::{Context, Office};
use crate::domain::export::{KEY_BYTES, Key};
use crate::error::{Error, Kind};
use crate::output::{Page, Report, file};
use crate::store::files;

/// The key in a file that nobody else can read. Its path may name a pipe that is open already, as `<(...)` makes one.
pub(super) fn read(path: &Path, context: &Context, office: &Office) -> Result<Key, Error> {
    let what = "the key";
    let bytes = if path.as_os_str() == "-" {
        files::capped(io::stdin().lock(), what)?
    } else {
        let path = context.directory().join(path);
        let is_file = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
        if is_file && file::is_open_to_others(&path)? {
            return Err(Error::new(Kind::Refused, "others can read the key; nothing was written")
                .hint("chmod 600 its file, or better make a new key: csods export --new-key FILE"));
        }
        let inside =
            |path: PathBuf| office.store.root().canonicalize().is_ok_and(|root| path.starts_with(root));
        if path.canonicalize().is_ok_and(inside) {
            return Err(Error::new(
                Kind::Usage,
                "the key lies in the store, beside what it hides; nothing was written",
            )
            .hint("keep it outside, where those who get the export cannot read it"));
        }
        files::named(&path, what)?
    };
    Key::new(&bytes).ok_or_else(|| {
        let what =
            format!("the key must be {KEY_BYTES} random bytes, not a word or a pattern; nothing was written");
        Error::new(Kind::Answers, what).hint("make one: csods export --new-key FILE")
    })
}

/// Makes a key, in a file that is not there yet.
pub(super) fn make(to: &Path, context: &Context, office: &Office) -> Result<Report, Error> {
    let Some(path) = private_target(to, false, context, office)? else {
        return Err(Error::new(Kind::Usage, "a key is not shown on the screen").hint("--new-key FILE"));
    };
    let dry_run = context.options.dry_run;
    if !dry_run {
        let mut random = [0; KEY_BYTES];
        getrandom::fill(&mut random)
            .map_err(|_| Error::new(Kind::System, "the system gave no random number"))?;
        file::write_private(&path, Key::written(&random).as_bytes())
            .map_err(|error| unwritten(&path, &error))?;
    }
    let place = path.display().to_string();
    let said = match dry_run {
        true => format!("dry run: a key would be written to {place}"),
        false => format!("a key was written to {place}, readable by you alone"),
    };
    let json = json!({"version": 1, "action": "export", "new_key": place, "dry_run": dry_run});
    Ok(Report::new(json, Page::line(said)).say("keep it apart from the exports made with it: it opens them"))
}
