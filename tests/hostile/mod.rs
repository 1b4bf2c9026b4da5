//! Stores that somebody made to stop csods, or that a disk spoilt; and the commands that must end on each of them, within
//! bounded time and memory and with an exit code of ours. The tests bound both; the benchmark measures them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Spoils the store in a directory.
pub type Spoil = fn(&Store<'_>);

/// Every hostile store: its name, and how a healthy one becomes it.
pub const STORES: &[(&str, Spoil)] = &[
    ("a tree bomb as cases", |store| store.hang("cases", &store.bomb(12))),
    ("a tree bomb as a year", |store| store.hang("cases/2026", &store.bomb(12))),
    ("a tree bomb among the files of a year", |store| store.hang("cases/2026/8", &store.bomb(12))),
    ("one year in a hundred thousand places", |store| {
        let year = store.tree(&[line(TREE, &store.wide(100), "7")]);
        let years: Vec<String> = (0..100_000).map(|number| line(TREE, &year, &number.to_string())).collect();
        store.hang("cases", &store.tree(&years));
    }),
    ("one content in a hundred thousand files", |store| store.hang("cases/2026/8", &store.wide(100_000))),
    ("a directory larger than may be", |store| store.hang("cases/2026/8", &store.wide(300_000))),
    ("a tree bomb as letters", |store| store.hang("letters", &store.bomb(12))),
    ("a tree bomb as what was applied", |store| store.hang("applied", &store.bomb(12))),
    ("a tree bomb as templates", |store| store.hang("templates", &store.bomb(12))),
    ("a tree bomb as calendars", |store| store.hang("calendars", &store.bomb(12))),
    ("a tree bomb elsewhere", |store| store.hang("notes", &store.bomb(12))),
    ("directories without end", |store| {
        let mut tree = store.wide(1);
        for _ in 0..3_000 {
            tree = store.tree(&[line(TREE, &tree, "a")]);
        }
        store.hang("notes", &tree);
    }),
    ("a case of a hundred megabytes", |store| {
        store.put("cases/2026/8/KP-26-8ABCD0.yaml", &vec![b'\n'; 100 << 20]);
    }),
    ("settings of a hundred megabytes", |store| store.put("csods.toml", &vec![b'\n'; 100 << 20])),
    ("settings nested without end", |store| {
        store.put("csods.toml", format!("a = {}", "[".repeat(500_000)).as_bytes());
    }),
    ("settings with a key of many steps", |store| {
        store.put("csods.toml", format!("{}a = 1\n", "a.".repeat(200_000)).as_bytes());
    }),
    ("a template of thirty thousand operators", |store| {
        let text = format!("# A\n\n{{{{ name{} }}}}\n", "+1".repeat(30_000));
        store.put("templates/acknowledgement.md", text.as_bytes());
    }),
    ("a template of nested brackets", |store| {
        let text = format!("# A\n\n{{{{ {}1{} }}}}\n", "(".repeat(30_000), ")".repeat(30_000));
        store.put("templates/acknowledgement.md", text.as_bytes());
    }),
    ("a template of nested conditions", |store| {
        let text = format!("# A\n\n{}{}\n", "{% if name %}".repeat(2_000), "{% endif %}".repeat(2_000));
        store.put("templates/acknowledgement.md", text.as_bytes());
    }),
    ("a commit with twenty megabytes to say", |store| store.commit(&[], &"x".repeat(20 << 20))),
    ("a commit with a hundred kilobytes to say", |store| store.commit(&[], &"word ".repeat(20_000))),
    ("a commit with ten thousand parents", |store| {
        let head = store.git(&["rev-parse", "HEAD"], b"");
        store.commit(&vec![head; 10_000], "many");
    }),
    ("an index of a pack with a wrong count", |store| store.spoil_pack_index(8 + 4 * 200)),
    ("an index of a pack with a wrong id", |store| store.spoil_pack_index(8 + 4 * 256 + 30)),
    ("an index of a pack with a wrong sum", |store| store.spoil_pack_index(usize::MAX)),
    ("an index of several packs with a wrong count", |store| store.spoil_index_of_several(12 + 12 * 5 + 200)),
    ("an index of several packs with a wrong sum", |store| store.spoil_index_of_several(usize::MAX)),
    ("an index of a pack with a wrong count, in an alternate", |store| {
        store.spoil_pack_index(8 + 4 * 200);
        store.borrow(&["first"]);
    }),
    ("an index of a pack with a wrong id, in the alternate of an alternate", |store| {
        store.spoil_pack_index(8 + 4 * 256 + 30);
        store.borrow(&["first", "second"]);
    }),
    ("alternates that name each other", |store| {
        store.borrow(&["first", "second"]);
        store.list_alternate(&store.root.join(".git/second"), "../first\n./../objects\n");
    }),
    ("alternates that come through a pipe", |store| {
        let list = store.root.join(".git/objects/info/alternates");
        assert!(Command::new("mkfifo").arg(&list).status().unwrap().success());
    }),
];

/// Commands on a case, `REF`, and on the whole store. What they need of answers is in the files of [`ANSWERS`].
pub const COMMANDS: &[&str] = &[
    "list",
    "list --no-index",
    "list --allow-partial",
    "due",
    "board",
    "workload",
    "stats --year 2026 --no-suppress",
    "report --month 2026-03 --output -",
    "search school",
    "similar REF",
    "similar REF --no-index",
    "show REF",
    "show 7",
    "explain REF",
    "log",
    "log REF",
    "letters REF",
    "letters due",
    "letter REF acknowledgement --dry-run",
    "templates list",
    "templates check",
    "settings check",
    "person list",
    "status",
    "validate",
    "export --to - --as csv",
    "subject-access --from person.yaml",
    "advance REF --no-input",
    "assign REF d.osei",
    "note REF --from note.yaml",
    "commit",
];

/// The files that commands are given answers by.
pub const ANSWERS: &[(&str, &str)] = &[
    ("note.yaml", "text: Rang the school.\n"),
    ("person.yaml", "name: {family: Example, given: Alex}\ndate_of_birth: 1988-04-17\n"),
];

/// The words of a command, with the reference of a case and the files of answers, which lie in `dir`.
pub fn words(command: &str, reference: &str, dir: &Path) -> Vec<String> {
    let word = |word: &str| match word {
        "REF" => reference.to_owned(),
        file if ANSWERS.iter().any(|(name, _)| *name == file) => dir.join(file).display().to_string(),
        other => other.to_owned(),
    };
    command.split(' ').map(word).collect()
}

const TREE: &str = "040000 tree";
const FILE: &str = "100644 blob";

/// A line as `git mktree` reads it.
fn line(kind: &str, id: &str, name: &str) -> String {
    format!("{kind} {id}\t{name}\n")
}

/// A healthy store that is about to be spoilt.
pub struct Store<'s> {
    root: &'s Path,
}

impl<'s> Store<'s> {
    pub fn at(root: &'s Path) -> Store<'s> {
        Store { root }
    }

    /// Runs git, which must succeed; its output without the last line break.
    fn git(&self, args: &[&str], input: &[u8]) -> String {
        let mut git = Command::new("git");
        git.args(args).current_dir(self.root).stdin(Stdio::piped()).stdout(Stdio::piped());
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "D. Osei")
                .env(format!("GIT_{who}_EMAIL"), "d.osei@example.org");
        }
        let mut git = git.spawn().unwrap();
        git.stdin.take().unwrap().write_all(input).unwrap();
        let done = git.wait_with_output().unwrap();
        assert!(done.status.success(), "git {args:?}");
        String::from_utf8(done.stdout).unwrap().trim_end().to_owned()
    }

    /// What the directory at this path holds in HEAD; nothing where there is none.
    fn lines(&self, dir: &str) -> String {
        let is_there = dir.is_empty() || !self.git(&["ls-tree", "HEAD", dir], b"").is_empty();
        if is_there { self.git(&["ls-tree", &format!("HEAD:{dir}")], b"") } else { String::new() }
    }

    fn blob(&self, bytes: &[u8]) -> String {
        self.git(&["hash-object", "-w", "--stdin"], bytes)
    }

    fn tree(&self, lines: &[String]) -> String {
        self.git(&["mktree"], lines.concat().as_bytes())
    }

    /// A directory of so many files of one content.
    fn wide(&self, files: usize) -> String {
        let blob = self.blob(b"format: 1\n");
        let lines: Vec<String> =
            (0..files).map(|number| line(FILE, &blob, &format!("{number}.yaml"))).collect();
        self.tree(&lines)
    }

    /// Directories that hold each other ten times, so deep: all in all 10 to that power.
    fn bomb(&self, deep: usize) -> String {
        (0..deep).fold(self.wide(10), |tree, _| {
            let lines: Vec<String> = (0..10).map(|number| line(TREE, &tree, &number.to_string())).collect();
            self.tree(&lines)
        })
    }

    /// Commits a directory in this place.
    fn hang(&self, path: &str, tree: &str) {
        self.replace(path, TREE, tree);
    }

    /// Commits a file.
    fn put(&self, path: &str, bytes: &[u8]) {
        self.replace(path, FILE, &self.blob(bytes));
    }

    fn replace(&self, path: &str, kind: &str, id: &str) {
        let (mut kind, mut id, mut rest) = (kind.to_owned(), id.to_owned(), path);
        loop {
            let (dir, name) = rest.rsplit_once('/').unwrap_or(("", rest));
            let there = self.lines(dir);
            let others = there.lines().filter(|other| !other.ends_with(&format!("\t{name}")));
            let mut lines: Vec<String> = others.map(|other| format!("{other}\n")).collect();
            lines.push(line(&kind, &id, name));
            (kind, id, rest) = (TREE.to_owned(), self.tree(&lines), dir);
            if dir.is_empty() {
                break;
            }
        }
        let head = self.git(&["rev-parse", "HEAD"], b"");
        let commit = self.git(&["commit-tree", &id, "-p", &head, "-m", "spoilt"], b"");
        self.git(&["update-ref", "HEAD", &commit], b"");
    }

    /// Commits the same files again.
    fn commit(&self, parents: &[String], message: &str) {
        let (tree, head) =
            (self.git(&["rev-parse", "HEAD^{tree}"], b""), self.git(&["rev-parse", "HEAD"], b""));
        let mut text = format!("tree {tree}\nparent {head}\n");
        parents.iter().for_each(|parent| text.push_str(&format!("parent {parent}\n")));
        let who = "D. Osei <d.osei@example.org> 1774000000 +0000";
        text.push_str(&format!("author {who}\ncommitter {who}\n\n{message}\n"));
        let made =
            self.git(&["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], text.as_bytes());
        self.git(&["update-ref", "HEAD", &made], b"");
    }

    /// Packs everything, and changes a byte of the pack's index.
    pub fn spoil_pack_index(&self, at: usize) {
        self.git(&["gc", "-q"], b"");
        for path in self.packs("idx") {
            spoil(&path, at);
        }
    }

    /// Packs everything, and changes a byte of the index of all packs.
    pub fn spoil_index_of_several(&self, at: usize) {
        self.git(&["gc", "-q"], b"");
        self.git(&["multi-pack-index", "write"], b"");
        spoil(&self.root.join(".git/objects/pack/multi-pack-index"), at);
    }

    fn packs(&self, extension: &str) -> Vec<PathBuf> {
        let packs = fs::read_dir(self.root.join(".git/objects/pack")).unwrap();
        let packs = packs.map(|entry| entry.unwrap().path());
        packs.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
    }

    /// Moves the objects to another directory below `.git`, the last one named: each is an alternate of the one before.
    pub fn borrow(&self, names: &[&str]) {
        let git = self.root.join(".git");
        fs::rename(git.join("objects"), git.join(names[names.len() - 1])).unwrap();
        for (above, name) in std::iter::once(&"objects").chain(names).zip(names) {
            self.list_alternate(&git.join(above), &format!("# Where they are.\n../{name}\n"));
        }
    }

    fn list_alternate(&self, objects: &Path, list: &str) {
        for dir in ["info", "pack"] {
            fs::create_dir_all(objects.join(dir)).unwrap();
        }
        put(&objects.join("info/alternates"), list.as_bytes());
    }
}

/// Changes a byte of a file, by a new file in its place.
fn spoil(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    let last = bytes.len() - 1;
    bytes[at.min(last)] ^= 0x40;
    let beside = path.with_extension("spoilt");
    put(&beside, &bytes);
    fs::rename(&beside, path).unwrap();
}

fn put(path: &Path, bytes: &[u8]) {
    fs::File::create(path).unwrap().write_all(bytes).unwrap();
}
