//! Answers kept while a conversation goes on: inside the store's git directory, for nobody but their owner to read, and
//! gone once they are recorded.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path as FilePath, PathBuf};

use serde_json::{Map, Value, json};

use super::editor::remove_edits;
use super::progress::Progress;
use crate::domain::node::{Node, Path};
use crate::error::{Error, Kind};

/// What a conversation came to before it was left.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The answers.
    pub answers: Node,
    /// Which questions need not be asked again.
    pub progress: Progress,
}

/// The draft of this name, where there is one that can be read.
pub fn read(private_dir: &FilePath, name: &str) -> Result<Option<Draft>, Error> {
    let bytes = match fs::read(file(private_dir, name)?) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(serde_json::from_slice(&bytes).ok().and_then(|value: Value| from_json(&value)))
}

/// Keeps a draft: written whole beside the old one, then put in its place.
pub fn keep(private_dir: &FilePath, name: &str, answers: &Node, progress: &Progress) -> Result<(), Error> {
    let paths = |paths: &std::collections::BTreeSet<Path>| -> Value {
        paths.iter().map(|path| Value::String(path.to_string())).collect()
    };
    let draft = json!({
        "version": 1,
        "settled": paths(&progress.settled),
        "growing": paths(&progress.growing),
        "opened": paths(&progress.opened),
        "answers": to_json(answers),
    });
    write_private(&file(private_dir, name)?, format!("{draft:#}\n").as_bytes())
}

/// Takes a draft away, and what an editor that failed left of it: its answers are recorded, or not wanted. That it is
/// gone already is no failure; nothing else can be done about one that stays.
pub fn forget_draft(private_dir: &FilePath, draft_name: &str) {
    if let Ok(file) = file(private_dir, draft_name) {
        let _ = fs::remove_file(file);
    }
    let edited = format!("{draft_name}-");
    remove_edits(private_dir, |file| file.starts_with(&edited));
}

fn file(private_dir: &FilePath, name: &str) -> Result<PathBuf, Error> {
    private_file(private_dir, "drafts", &format!("{name}.json"))
}

/// A file for private text in a directory below the store's own.
pub fn private_file(private_dir: &FilePath, directory: &str, name: &str) -> Result<PathBuf, Error> {
    let is_plain = !name.starts_with('.') && !name.contains(['/', '\0']);
    if !is_plain {
        return Err(Error::new(Kind::Internal, "a private file has no plain name"));
    }
    Ok(private_dir.join(directory).join(name))
}

/// Writes private text: the directory and the file are their owner's alone, and the file is never half written.
pub fn write_private(file: &FilePath, bytes: &[u8]) -> Result<(), Error> {
    if let Some(directory) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // What a crash left there may have other permissions.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut new: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    fs::rename(&beside, file)?;
    Ok(())
}

fn to_json(node: &Node) -> Value {
    match node {
        Node::Null | Node::OtherNumber => Value::Null,
        Node::Bool(value) => Value::Bool(*value),
        Node::Number(value) => Value::from(*value),
        Node::Text { text, .. } | Node::Stamp(text) => Value::String(text.clone()),
        Node::List(items) => items.iter().map(to_json).collect(),
        Node::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.clone(), to_json(node))).collect())
        }
    }
}

fn from_json(value: &Value) -> Option<Draft> {
    let object = value.as_object().filter(|object| object.get("version") == Some(&Value::from(1)))?;
    let answers = Some(object.get("answers")?).filter(|answers| answers.is_object()).map(node)?;
    let paths = |key: &str| {
        let texts = object.get(key).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).filter_map(|path| Path::parse(path).ok()).collect()
    };
    let progress = Progress {
        settled: paths("settled"),
        growing: paths("growing"),
        opened: paths("opened"),
        ..Progress::default()
    };
    Some(Draft { answers, progress })
}

/// Every text of a draft is private: what it may be is not written in it.
fn node(value: &Value) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(*value),
        Value::Number(number) => number.as_i64().map_or(Node::OtherNumber, Node::Number),
        Value::String(text) => Node::Text { text: text.clone(), private: true },
        Value::Array(items) => Node::List(items.iter().map(node).collect()),
        Value::Object(entries) => map(entries),
    }
}

fn map(entries: &Map<String, Value>) -> Node {
    Node::Map(entries.iter().map(|(key, value)| (key.clone(), node(value))).collect())
}

/// Lays what is given over a draft: what is given wins, lists as a whole.
pub fn laid_over(given: Node, draft: Node) -> Node {
    match (given, draft) {
        (Node::Map(given), Node::Map(mut draft)) => {
            for (key, value) in given {
                match draft.iter().position(|(name, _)| *name == key) {
                    Some(position) => {
                        let below = std::mem::replace(&mut draft[position].1, Node::Null);
                        draft[position].1 = laid_over(value, below);
                    }
                    None => draft.push((key, value)),
                }
            }
            Node::Map(draft)
        }
        (given, _) => given,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &FilePath) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn text(text: &str) -> Node {
        Node::Text { text: text.into(), private: true }
    }

    #[test]
    fn a_draft_is_private_comes_back_and_goes() {
        let dir = tempfile::tempdir().unwrap();
        let private = dir.path().join("csods");
        let name = "m.reid-decide-KP-26-7K3QF4";
        assert_eq!(read(&private, name), Ok(None));
        let answers = Node::Map(vec![
            ("outcome".into(), text("disclose")),
            ("told".into(), Node::Bool(false)),
            ("days".into(), Node::Number(3)),
            ("consulted".into(), Node::List(vec![Node::Map(vec![("view".into(), text("a\nb"))])])),
        ]);
        let mut progress = Progress::default();
        progress.settled.insert(Path::from("consulted.0.view"));
        progress.growing.insert(Path::from("consulted"));
        keep(&private, name, &answers, &progress).unwrap();
        let file = private.join("drafts").join(format!("{name}.json"));
        assert_eq!(
            [mode(&private), mode(&private.join("drafts")), mode(&file)],
            [0o700, 0o700, 0o600],
            "nobody else may read a draft"
        );
        assert_eq!(read(&private, name), Ok(Some(Draft { answers, progress: progress.clone() })));
        keep(&private, name, &Node::map(), &Progress::default()).unwrap();
        assert_eq!(read(&private, name).unwrap().unwrap().answers, Node::map());
        assert_eq!(fs::read_dir(private.join("drafts")).unwrap().count(), 1, "nothing is left beside it");
        let edited = |name: &str| private.join("edit").join(name);
        for file in [format!("{name}-necessity.txt"), "KP-26-7K3QF4.yaml".to_owned()] {
            write_private(&edited(&file), b"text").unwrap();
        }
        forget_draft(&private, name);
        forget_draft(&private, name);
        assert!(!edited(&format!("{name}-necessity.txt")).exists() && edited("KP-26-7K3QF4.yaml").exists());
        assert_eq!(read(&private, name), Ok(None));
        assert!(keep(&private, "../../x", &Node::map(), &progress).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_no_draft() {
        let dir = tempfile::tempdir().unwrap();
        for content in
            ["", "{", "[]", "{\"version\": 2, \"answers\": {}}", "{\"version\": 1, \"answers\": 3}"]
        {
            write_private(&dir.path().join("drafts/n.json"), content.as_bytes()).unwrap();
            assert_eq!(read(dir.path(), "n"), Ok(None), "{content}");
        }
    }

    #[test]
    fn what_is_given_wins_over_the_draft() {
        let draft = Node::Map(vec![
            ("name".into(), Node::Map(vec![("family".into(), text("A")), ("given".into(), text("B"))])),
            ("children".into(), Node::List(vec![text("x"), text("y")])),
        ]);
        let given = Node::Map(vec![
            ("name".into(), Node::Map(vec![("family".into(), text("C"))])),
            ("children".into(), Node::List(vec![])),
            ("route".into(), text("r")),
        ]);
        let laid = laid_over(given, draft);
        assert_eq!(laid.at(&Path::from("name.family")), Some(&text("C")));
        assert_eq!(laid.at(&Path::from("name.given")), Some(&text("B")));
        assert_eq!(laid.get("children"), Some(&Node::List(vec![])));
        assert_eq!(laid.get("route"), Some(&text("r")));
    }
}
