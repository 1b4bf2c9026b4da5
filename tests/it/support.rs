//! A sealed world to test in: a store in a directory of its own, a clock that stands still, four people, and nothing of
//! the machine's git settings. Commands run the real program.
//!
//! After every command it holds what the tool promises of all of them: `git status` is clean, and there is exactly one
//! more commit, or none.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use crate::answers::*;
pub use crate::lives::At;
use crate::lives::{LIVES, restore};

/// The moment at which everything happens unless a test says otherwise.
pub const NOW: &str = "2026-03-02T12:00:00Z";
/// When the application of every world was received.
pub const RECEIVED: &str = "2026-03-02T09:15:00Z";

/// A store, and the program.
pub struct World {
    dir: TempDir,
    pub(crate) reference: String,
}

/// A command about to be run.
pub struct Csods<'w> {
    world: &'w World,
    args: Vec<String>,
    input: Option<Vec<u8>>,
    variables: BTreeMap<String, String>,
    edited_by_hand: bool,
    through: Vec<String>,
}

/// What a command said and did.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
    /// How many commits it made.
    pub commits: usize,
}

impl World {
    /// A world whose one case has come so far.
    pub fn at(at: At) -> World {
        let (files, reference) = &LIVES[&at];
        let world = World { dir: tempfile::tempdir().unwrap(), reference: reference.clone() };
        restore(&world.store(), files);
        world
    }

    /// A world without a store.
    pub fn bare() -> World {
        World { dir: tempfile::tempdir().unwrap(), reference: String::new() }
    }

    /// The directory of everything.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    /// The reference of its case.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The path of its case in the store.
    pub fn case_path(&self) -> String {
        path_of(&self.reference)
    }

    /// The text of its case as last committed.
    pub fn case_text(&self) -> String {
        self.git(&["show", &format!("HEAD:{}", self.case_path())])
    }

    /// Its case, as JSON.
    pub fn case(&self) -> Value {
        self.csods("show REF").json()["case"].clone()
    }

    /// A command line, cut at blanks; `REF` stands for the reference of the case. Whoever acts is `d.osei`.
    pub fn csods(&self, line: &str) -> Csods<'_> {
        let args = line.split_whitespace();
        let args = args.map(|arg| if arg == "REF" { self.reference.clone() } else { arg.to_owned() });
        Csods {
            world: self,
            args: args.collect(),
            input: None,
            variables: BTreeMap::new(),
            edited_by_hand: false,
            through: Vec::new(),
        }
    }

    /// Runs git, which must succeed; its output.
    pub fn git(&self, args: &[&str]) -> String {
        let out = self.git_may_fail(args);
        assert_eq!(out.code, 0, "git {args:?}: {}{}", out.stdout, out.stderr);
        out.stdout
    }

    /// Runs git in the store.
    pub fn git_may_fail(&self, args: &[&str]) -> Ran {
        let mut command = Command::new("git");
        command.current_dir(self.store()).args([
            "-c",
            "user.name=Plain Git",
            "-c",
            "user.email=git@example.org",
        ]);
        let out = seal(command.args(args), self.dir.path()).stdin(Stdio::null()).output().unwrap();
        ran(&out)
    }

    /// HEAD's commit.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// How many commits there are.
    pub fn commits(&self) -> usize {
        let out = self.git_may_fail(&["rev-list", "--count", "HEAD"]);
        out.stdout.trim().parse().unwrap_or(0)
    }

    /// Writes a file as a person's editor would, below the world's directory.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, text.as_bytes());
        path
    }

    /// Edits the committed case by hand.
    pub fn edit_case(&self, from: &str, to: &str) {
        let text = self.case_text();
        assert!(text.contains(from), "{from:?} is not in the case:\n{text}");
        self.write(&format!("store/{}", self.case_path()), &text.replacen(from, to, 1));
    }

    /// That git finds nothing wrong and nothing is left of any change: no lock, no temporary file.
    pub fn sound(&self) {
        assert_eq!(self.git(&["status", "--porcelain"]), "");
        assert_eq!(self.git(&["write-tree"]), self.git(&["rev-parse", "HEAD^{tree}"]));
        self.git(&["fsck", "--strict", "--no-dangling"]);
        self.nothing_left();
    }

    /// That no lock and no temporary file is left.
    pub fn nothing_left(&self) {
        for entry in walk(&self.store()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            let private = entry.parent().is_some_and(|dir| dir.ends_with(".git/csods"));
            assert!(!name.ends_with(".lock") && !name.contains("tmp"), "left: {}", entry.display());
            let kept = ["lock", "journal", "git-lock", "packs-checked"].contains(&name.as_str())
                || name.starts_with("index");
            assert!(!private || kept, "left: {}", entry.display());
            let size = fs::metadata(&entry).unwrap().len();
            assert!(!private || name != "journal" || size == 0, "a change is still announced");
            assert!(!name.ends_with(".keep"), "left: {}", entry.display());
        }
        assert!(!self.store().join(".git/csods/change").exists());
    }
}

impl Csods<'_> {
    /// With `--from -` and these answers.
    pub fn from(mut self, answers: &str) -> Self {
        self.args.extend(["--from".to_owned(), "-".to_owned()]);
        self.input = Some(answers.as_bytes().to_vec());
        self
    }

    /// With this on standard input.
    pub fn input(self, input: &str) -> Self {
        self.input_bytes(input.as_bytes())
    }

    /// With these bytes on standard input.
    pub fn input_bytes(mut self, input: &[u8]) -> Self {
        self.input = Some(input.to_vec());
        self
    }

    /// With one more argument, whatever is in it.
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Done by this person.
    pub fn by(self, person: &str) -> Self {
        let address = format!("{person}@example.org");
        self.env("GIT_AUTHOR_EMAIL", &address)
    }

    /// Done at this moment.
    pub fn now(self, now: &str) -> Self {
        self.env("CSODS_NOW", now)
    }

    /// With this variable of the environment; an empty one counts as absent.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// In a store where somebody edits files by hand: `git status` must stay as it was.
    pub fn beside_edits(mut self) -> Self {
        self.edited_by_hand = true;
        self
    }

    /// Started by this program, which runs what it is given.
    pub fn through(mut self, words: &[&str]) -> Self {
        self.through = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// The process about to be made.
    pub fn command(&self) -> Command {
        let mut words = self.through.clone();
        words.push(env!("CARGO_BIN_EXE_csods").to_owned());
        let mut command = Command::new(&words[0]);
        seal(&mut command, self.world.dir()).args(&words[1..]).args(&self.args).envs(&self.variables);
        let store = self.world.store();
        command.current_dir(if store.is_dir() { &store } else { self.world.dir() });
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it and gives it its input; the caller looks after it.
    pub fn start(&self) -> Child {
        let mut child = self.command().spawn().unwrap();
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), &self.input) {
            // Who is killed or refuses early does not read what it is given.
            let _ = stdin.write_all(input);
        }
        child
    }

    /// Runs it, and holds what is promised of every command.
    pub fn run(self) -> Ran {
        let has_store = self.world.store().join(".git").is_dir();
        let before = if has_store { self.world.commits() } else { 0 };
        let status = |world: &World| world.git(&["status", "--porcelain"]);
        let edits = if self.edited_by_hand { status(self.world) } else { String::new() };
        let mut done = ran(&self.start().wait_with_output().unwrap());
        crate::schemas::hold(&self.args, &done);
        if self.world.store().join(".git").is_dir() {
            done.commits = self.world.commits() - before;
            assert!(done.commits <= 1, "{:?}: {} commits", self.args, done.commits);
            if done.commits == 0 || !self.edited_by_hand {
                assert_eq!(status(self.world), edits, "git status after {:?}\n{}", self.args, done.stderr);
            }
        }
        done
    }

    /// Runs it; it must succeed.
    pub fn done(self) -> Ran {
        let args = self.args.clone();
        let ran = self.run();
        assert_eq!(ran.code, 0, "{args:?}\n{}{}", ran.stdout, ran.stderr);
        ran
    }

    /// Runs it; it must succeed and make one commit. The answer as JSON.
    pub fn recorded(self) -> Value {
        let ran = self.arg("--format=json").done();
        assert_eq!(ran.commits, 1, "{}{}", ran.stdout, ran.stderr);
        let answer = json(&ran.stdout);
        assert!(answer["commit"].is_string(), "{answer}");
        answer
    }

    /// Runs it; it must succeed and change nothing. The answer as JSON.
    pub fn json(self) -> Value {
        let ran = self.arg("--format=json").done();
        assert_eq!(ran.commits, 0, "{}", ran.stderr);
        json(&ran.stdout)
    }

    /// Runs it; it must exit with this code and change nothing.
    pub fn refused(self, code: i32) -> Ran {
        let args = self.args.clone();
        let ran = self.run();
        assert_eq!(ran.code, code, "{args:?}\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.commits, 0, "{args:?} was refused and committed");
        ran
    }

    /// Runs it; it must exit with this code and change nothing. Each problem of the JSON error, `path: problem`.
    pub fn problems(self, code: i32) -> Vec<String> {
        let ran = self.arg("--format=json").refused(code);
        let error = &json(&ran.stderr)["error"];
        assert_eq!(error["code"], code, "{error}");
        let problems = error["problems"].as_array().unwrap();
        let one = |problem: &Value| {
            format!("{}: {}", problem["path"].as_str().unwrap(), problem["problem"].as_str().unwrap())
        };
        problems.iter().map(one).collect()
    }

    /// Runs it with `--dry-run`; it must succeed, change nothing and show a difference that holds this line.
    pub fn would_write(self, line: &str) {
        let answer = self.arg("--dry-run").json();
        assert_eq!((&answer["dry_run"], &answer["commit"]), (&Value::Bool(true), &Value::Null), "{answer}");
        let diff = answer["diff"].as_str().unwrap();
        assert!(
            diff.lines().any(|of| of.trim_start_matches('+').trim() == line),
            "{line:?} is not in\n{diff}"
        );
    }
}

/// Where a case lies in a store.
pub fn path_of(reference: &str) -> String {
    let parts: Vec<&str> = reference.split('-').collect();
    format!("cases/20{}/{}/{reference}.yaml", parts[1], &parts[2][..1])
}

/// Reads JSON that a command printed.
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Writes a file without any care.
pub fn write(path: &Path, bytes: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "a person's editor takes no care either")]
    fs::write(path, bytes).unwrap();
}

/// Every file below a directory.
pub fn walk(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Nothing of the machine reaches a command but the way to programs.
fn seal<'c>(command: &'c mut Command, dir: &Path) -> &'c mut Command {
    #[expect(clippy::disallowed_methods, reason = "programs have to be found")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", "")
        .env("TMPDIR", dir)
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_EDITOR", "true")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("CSODS_NOW", NOW)
        .env("CSODS_SEED", "7")
        .env("GIT_AUTHOR_EMAIL", "d.osei@example.org")
}

fn ran(out: &std::process::Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = out.status.code().unwrap_or(-1);
    Ran { stdout: text(&out.stdout), stderr: text(&out.stderr), code, commits: 0 }
}

impl Csods<'_> {
    /// Runs `new`; the reference it made.
    pub fn opened(self) -> String {
        self.recorded()["reference"].as_str().unwrap().to_owned()
    }
}
