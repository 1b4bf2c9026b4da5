//! One directory, several accounts (sharing G1, G2). Where the tests run as root they act as accounts with numbers that
//! nobody has; elsewhere the modes of the files are looked at.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{APPLICATION, Ran, World, json, walk};

const GROUP: u32 = 7777;

/// Whether the tests can act as other accounts; otherwise it is said that they were not.
fn can_be_others() -> bool {
    let can = rustix::process::geteuid().is_root()
        && Command::new("setpriv").arg("--version").output().is_ok_and(|out| out.status.success());
    if !can {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: other accounts can be acted as by root alone, with setpriv"
        );
    }
    can
}

/// The machine as several accounts see it.
struct Machine {
    world: World,
}

impl Machine {
    /// A directory of the group, and accounts 2001 and 2002 in it.
    fn new() -> Machine {
        let world = World::bare();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        mode(world.dir(), 0o755);
        let group = world.dir().join("group");
        fs::create_dir(&group).unwrap();
        std::os::unix::fs::chown(&group, Some(2001), Some(GROUP)).unwrap();
        mode(&group, 0o2775);
        Machine { world }
    }

    fn store(&self) -> PathBuf {
        self.world.dir().join("group/store")
    }

    /// Runs the program as an account, in the group or not, with a umask.
    fn run(&self, account: u32, member: bool, umask: &str, line: &str, input: &str) -> Ran {
        let group = if member { GROUP } else { account };
        let store = self.store().display().to_string();
        let script = format!("umask {umask}; exec \"$@\"");
        let (uid, gid) = (format!("--reuid={account}"), format!("--regid={group}"));
        let through = ["setpriv", &uid, &gid, "--clear-groups", "sh", "-c", &script, "sh"];
        let command = self
            .world
            .csods(line)
            .env("CSODS_STORE", &store)
            .env("TMPDIR", "/tmp")
            .through(&through)
            .input(input);
        let out = command.start().wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            stdout: text(&out.stdout),
            stderr: text(&out.stderr),
            code: out.status.code().unwrap_or(-1),
            commits: 0,
        }
    }

    /// Runs it; it must succeed.
    fn done(&self, account: u32, umask: &str, line: &str, input: &str) -> Ran {
        let ran = self.run(account, true, umask, line, input);
        assert_eq!(ran.code, 0, "{account}: {line}: {}{}", ran.stdout, ran.stderr);
        ran
    }

    /// Runs git as an account.
    fn git(&self, account: u32, args: &[&str]) -> Ran {
        let (uid, gid) = (format!("--reuid={account}"), format!("--regid={GROUP}"));
        let out = Command::new("setpriv")
            .args([&uid, &gid, "--clear-groups", "git", "-c", "safe.directory=*"])
            .args(["-c", "user.name=x", "-c", "user.email=x@example.org", "-C"])
            .arg(self.store())
            .args(args)
            .env("HOME", "/nonexistent")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            stdout: text(&out.stdout),
            stderr: text(&out.stderr),
            code: out.status.code().unwrap_or(-1),
            commits: 0,
        }
    }

    /// Makes a store by account 2001.
    fn made(&self, line: &str, umask: &str) {
        let line = format!("init {} --prefix KP --force Example {line}", self.store().display());
        self.done(2001, umask, &line, "");
    }

    fn opened(&self, account: u32, umask: &str) -> String {
        let ran = self.done(account, umask, "new --from - --format json", APPLICATION);
        json(&ran.stdout)["reference"].as_str().unwrap().to_owned()
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// That every member can use every file, and nobody else any.
fn open_to_the_group(store: &Path) {
    for path in walk(store) {
        let found = fs::symlink_metadata(&path).unwrap();
        let wanted = if path.starts_with(store.join(".git/objects")) { 0o440 } else { 0o660 };
        assert_eq!(found.mode() & 0o667, wanted, "{}", path.display());
        assert_eq!(found.gid(), GROUP, "{}", path.display());
        let dir = path.parent().unwrap();
        assert_eq!(mode(dir), 0o2770, "{}", dir.display());
    }
}

#[test]
fn two_accounts_work_in_one_directory_whatever_their_umasks() {
    if !can_be_others() {
        return;
    }
    for umask in ["002", "022", "077"] {
        let machine = Machine::new();
        machine.made("--shared 7777", umask);
        open_to_the_group(&machine.store());
        let first = machine.opened(2001, umask);
        let second = machine.opened(2002, umask);
        for account in [2002, 2001, 2002] {
            for reference in [&first, &second] {
                machine.done(account, umask, &format!("note {reference} --from -"), "text: Rang.");
            }
            for view in ["list", "due", "status", "search Example", "validate", "log"] {
                let ran = machine.done(account, umask, view, "");
                assert!(!ran.stderr.contains("warning"), "{account}: {view}: {}", ran.stderr);
            }
        }
        let many =
            format!("{{\"case\": \"{first}\", \"action\": \"note\", \"data\": {{\"text\": \"x\"}}}}\n")
                .repeat(80);
        machine.done(2002, umask, "apply -", &many);
        machine.done(2001, umask, "apply --per-case -", &many);
        machine.done(2002, umask, "doctor", "");
        open_to_the_group(&machine.store());
        // Plain git, too.
        assert_eq!(machine.git(2002, &["commit", "-q", "--allow-empty", "-m", "by git"]).code, 0);
        machine.done(2001, umask, &format!("note {first} --from -"), "text: Rang.");
        assert_eq!(machine.git(2001, &["gc", "-q"]).code, 0);
        machine.done(2002, umask, &format!("note {first} --from -"), "text: Rang.");
        let state = machine.git(2001, &["status", "--porcelain"]);
        assert_eq!((state.code, state.stdout.as_str()), (0, ""));
    }
}

#[test]
fn what_a_colleague_left_is_finished_by_the_next_change_and_left_by_views() {
    if !can_be_others() {
        return;
    }
    let machine = Machine::new();
    machine.made("--shared 7777", "077");
    let reference = machine.opened(2001, "077");
    let head = || machine.git(2001, &["rev-parse", "HEAD"]).stdout;
    let mut seen = [false; 2];
    for point in 1..120 {
        let before = head();
        let line = format!("note {reference} --from -");
        let killed = "export CSODS_FAULT_POINT=".to_owned() + &point.to_string();
        let ran = machine.run(2001, true, &format!("077; {killed}"), &line, "text: Rang.");
        let left = machine.store().join(".git/csods/change");
        if ran.code == 0 {
            break;
        }
        seen[usize::from(head() != before)] = true;
        let there = left.exists();
        machine.done(2002, "077", "list", "");
        machine.done(2002, "077", "status", "");
        assert_eq!(left.exists(), there, "a view settles nothing");
        machine.done(2002, "077", &line, "text: The next.");
        assert!(!left.exists());
        let state = machine.git(2002, &["status", "--porcelain"]);
        assert_eq!(state.stdout, "", "at {point}");
    }
    assert_eq!(seen, [true, true]);
}

#[test]
fn who_may_only_read_can_use_every_view_and_is_told_why_nothing_can_be_changed() {
    if !can_be_others() {
        return;
    }
    let machine = Machine::new();
    machine.made("", "022");
    let reference = machine.opened(2001, "022");
    // The group may read, and not write.
    fs::set_permissions(machine.store(), fs::Permissions::from_mode(0o750)).unwrap();
    std::os::unix::fs::chown(machine.store(), None, Some(GROUP)).unwrap();
    let changed = Command::new("chgrp").args(["-R", "7777"]).arg(machine.store()).status().unwrap();
    assert!(changed.success());
    machine.done(2001, "022", "doctor --fix", "");
    for kept in [true, false] {
        let show = format!("show {reference}");
        for view in ["list", "due", "status", "board", "search Example", "validate", "log", "stats", &show] {
            let ran = machine.run(2002, true, "022", view, "");
            assert_eq!(ran.code, 0, "{view}: {}", ran.stderr);
        }
        let listed = machine.run(2002, true, "022", "list --format json", "");
        assert_eq!(json(&listed.stdout)["cases"].as_array().unwrap().len(), 1);
        let refused = machine.run(2002, true, "022", &format!("note {reference} --from -"), "text: Rang.");
        assert_eq!(refused.code, 9, "{}", refused.stderr);
        assert!(
            refused.stderr.contains("another account") && refused.stderr.contains("--shared"),
            "{}",
            refused.stderr
        );
        // With an index of the owner's, and without.
        if kept {
            for file in walk(&machine.store().join(".git/csods")) {
                if file.file_name().unwrap().to_string_lossy().starts_with("index") {
                    fs::remove_file(file).unwrap();
                }
            }
        }
    }
    // Somebody whom neither the group nor the settings know.
    fs::set_permissions(machine.store(), fs::Permissions::from_mode(0o755)).unwrap();
    machine.done(2001, "022", "doctor --fix", "");
    let status = machine.done(2001, "022", "status", "");
    assert!(status.stderr.contains("every account on this machine can read"), "{}", status.stderr);
    for view in ["list", "due", "search Example"] {
        let ran = machine.run(2003, false, "022", view, "");
        assert_eq!(ran.code, 0, "{view}: {}", ran.stderr);
    }
}

#[test]
fn an_existing_store_is_shared_and_put_right() {
    if !can_be_others() {
        return;
    }
    let machine = Machine::new();
    machine.made("", "077");
    let reference = machine.opened(2001, "077");
    let refused = machine.run(2002, true, "077", "list", "");
    assert!([3, 12].contains(&refused.code), "{}", refused.stderr);
    assert_eq!(machine.run(2001, true, "077", "doctor --shared 7777", "").code, 2);
    let dry = machine.run(2001, true, "077", "doctor --shared 7777 --fix --dry-run", "");
    assert_eq!(dry.code, 11, "{}", dry.stderr);
    assert_eq!(mode(&machine.store()), 0o700);
    let fixed = machine.done(2001, "077", "doctor --shared 7777 --fix", "");
    assert!(
        fixed.stderr.contains("will give") && fixed.stdout.contains("put right"),
        "{}{}",
        fixed.stdout,
        fixed.stderr
    );
    assert_eq!(machine.git(2001, &["config", "core.sharedRepository"]).stdout, "group\n");
    machine.done(2002, "077", &format!("note {reference} --from -"), "text: Rang.");
    machine.done(2001, "077", &format!("note {reference} --from -"), "text: Rang.");
    open_to_the_group(&machine.store());
    // Not to a group that one is not in.
    let other = machine.run(2001, true, "077", "doctor --shared 8888 --fix", "");
    assert_eq!(other.code, 7, "{}", other.stderr);
}

#[test]
fn what_is_typed_stays_with_its_account() {
    if !can_be_others() {
        return;
    }
    let machine = Machine::new();
    machine.made("--shared 7777", "002");
    let reference = machine.opened(2001, "002");
    // An edit that is refused is kept.
    let editor = "sh -c 'echo broken > \"$1\"' sh";
    let line = format!("edit {reference} --from -");
    let ran = machine.run(2002, true, &format!("002; export EDITOR=\"{editor}\""), &line, "reason: x");
    assert_ne!(ran.code, 0);
    let own = machine.store().join(".git/csods/own-2002");
    if own.exists() {
        assert_eq!(mode(&own) & 0o777, 0o700);
        assert_eq!(fs::metadata(&own).unwrap().uid(), 2002);
    }
    // One that somebody else made for us is not used.
    let forged = machine.store().join(".git/csods/own-2001");
    let _ = fs::remove_dir_all(&forged);
    fs::create_dir(&forged).unwrap();
    std::os::unix::fs::chown(&forged, Some(2002), Some(GROUP)).unwrap();
    let ran = machine.run(2001, true, "002", "list", "");
    assert_eq!(ran.code, 9, "{}", ran.stderr);
}
