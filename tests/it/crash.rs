//! The program killed while it writes, a disk that is full and one that cannot be written to: the old state or the new
//! one; views answer from HEAD and touch nothing, and the next change tidies up.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::{APPLICATION, At, Csods, Ran, World, walk};
use crate::tools::Tool;

/// More points than any command has.
const MOST: u32 = 400;

/// Whether a program succeeds.
pub fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|out| out.status.success())
}

/// That the store is in the old state or a new one that is one commit on, and works. Whether it is in the new one.
fn old_or_new(world: &World, old: &str, what: &str) -> bool {
    let change = world.store().join(".git/csods/change");
    let left = change.exists().then(|| walk(&change));
    let shown = world.csods("list").beside_edits().done();
    assert!(shown.stderr.is_empty(), "{what}: {}", shown.stderr);
    world.csods("validate").beside_edits().done();
    assert_eq!(change.exists().then(|| walk(&change)), left, "{what}: a view touches nothing of it");
    let head = world.head();
    let new = head != old;
    if new {
        assert_eq!(world.git(&["rev-parse", "HEAD~1"]).trim(), old, "{what}");
    }
    world.csods("note REF").from("text: The next command.").recorded();
    world.sound();
    world.csods("validate").done();
    new
}

/// Kills the command at each of its points, until it lives.
fn killed_everywhere(at: At, prepare: impl Fn(&World) -> String, command: impl Fn(&World, &str)) {
    let mut seen = [false; 2];
    for point in 1..MOST {
        let world = World::at(at);
        let more = prepare(&world);
        let old = world.head();
        POINT.with(|of| of.set(point));
        command(&world, &more);
        let lived = POINT.with(|of| of.get()) == 0;
        let new = old_or_new(&world, &old, &format!("at point {point}"));
        seen[usize::from(new)] = true;
        if lived {
            assert!(new && point > 10, "it has {point} points");
            assert_eq!(seen, [true, true], "some points come before the change, some after");
            return;
        }
    }
    panic!("more than {MOST} points");
}

thread_local! {
    /// At which point the next command is killed; 0 after a command that lived.
    static POINT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Runs it to be killed at the point.
fn kill(command: Csods<'_>) {
    use std::os::unix::process::ExitStatusExt;
    let point = POINT.with(|of| of.get()).to_string();
    let out = command.env("CSODS_FAULT_POINT", &point).start().wait_with_output().unwrap();
    match out.status.signal() {
        Some(9) => {}
        None if out.status.success() => POINT.with(|of| of.set(0)),
        _ => panic!("at point {point}: {:?} {}", out.status, String::from_utf8_lossy(&out.stderr)),
    }
}

#[test]
fn note_killed_everywhere() {
    killed_everywhere(
        At::Opened,
        |_| String::new(),
        |world, _| kill(world.csods("note REF").from("text: Rang.")),
    );
}

#[test]
fn new_killed_everywhere() {
    killed_everywhere(At::Opened, |_| String::new(), |world, _| kill(world.csods("new").from(APPLICATION)));
}

#[test]
fn link_killed_everywhere_is_two_way_or_not_at_all() {
    let prepare = |world: &World| world.csods("new").from(APPLICATION).opened();
    killed_everywhere(At::Opened, prepare, |world, other| {
        kill(world.csods("link REF").arg(other).from("reason: The same household."));
        let links = |reference: &str| {
            let shown = world.csods("show --format=json").arg(reference).beside_edits().done();
            crate::support::json(&shown.stdout)["case"].get("links").is_some()
        };
        assert_eq!(links(world.reference()), links(other));
    });
}

/// The points of a batch of many cases: all of the first and the last, and some of what is the same for every case.
#[test]
fn a_batch_killed_at_many_points_is_there_or_not() {
    let line = |case: &str| {
        format!(
            "{{\"case\": \"{case}\", \"action\": \"note\", \"id\": \"{case}\", \"data\": {{\"text\": \"x\"}}}}\n"
        )
    };
    let prepared = World::at(At::Opened);
    let application = csods::store::answers::parse_any(APPLICATION.as_bytes()).unwrap();
    let application = csods::store::json::value(&application);
    let opened = format!("{}\n", serde_json::json!({"action": "new", "data": application})).repeat(32);
    prepared.csods("apply -").input(&opened).done();
    let names = prepared.git(&["ls-files", "cases"]);
    let cases: Vec<&str> =
        names.lines().map(|path| path.rsplit('/').next().unwrap().trim_end_matches(".yaml")).collect();
    let input: String = cases.iter().map(|case| line(case)).collect();
    let mut seen = [false; 2];
    for how in ["--one-commit", "--per-case"] {
        for point in (1..3).chain((3..70).step_by(41)).chain((70..).step_by(29)) {
            let world = World::bare();
            assert!(succeeds(
                "cp",
                &["-a", &prepared.store().display().to_string(), &world.dir().display().to_string()]
            ));
            let old = world.head();
            POINT.with(|of| of.set(point));
            kill(world.csods(&format!("apply - {how}")).input(&input));
            let lived = POINT.with(|of| of.get()) == 0;
            world.csods("list").beside_edits().done();
            let new = world.head() != old;
            seen[usize::from(new)] = true;
            let made = world.git(&["rev-list", "--count", &format!("{old}..HEAD")]);
            let wanted = if how == "--one-commit" { 1 } else { cases.len() };
            assert_eq!(
                made.trim(),
                if new { wanted.to_string() } else { "0".to_owned() },
                "{how} at {point}"
            );
            // Given again, whatever is not there is done, and nothing twice.
            world.csods(&format!("apply - {how}")).input(&input).start().wait().unwrap();
            let notes = world.git(&["grep", "-c", "^notes:", "HEAD", "--", "cases"]);
            assert_eq!(notes.lines().count(), cases.len());
            assert!(notes.lines().all(|line| line.ends_with(":1")), "{notes}");
            world.sound();
            if lived {
                assert!(new);
                break;
            }
        }
    }
    assert_eq!(seen, [true, true], "some points come before the change, some after");
}

#[test]
fn killed_at_any_moment() {
    let world = World::at(At::Opened);
    let mut notes = 0;
    // Spread over the time that one takes here, however slow the machine.
    let begun = std::time::Instant::now();
    world.csods("note REF").from("text: Measured.").start().wait().unwrap();
    let whole = begun.elapsed() + Duration::from_millis(2);
    for kill in 0..60_u32 {
        let old = world.commits();
        let mut child = world.csods("note REF").from("text: Rang.").start();
        thread::sleep(whole * (kill * 37 % 60) / 60);
        let _ = child.kill();
        child.wait().unwrap();
        world.csods("show REF").beside_edits().done();
        let new = world.commits();
        assert!(new == old || new == old + 1, "kill {kill}: {old} then {new} commits");
        notes += new - old;
    }
    world.csods("note REF").from("text: The next command.").recorded();
    // Half-written objects have names that git knows and sweeps away, as it does its own.
    world.git(&["prune", "--expire=now"]);
    world.sound();
    assert_eq!(world.case()["notes"].as_array().unwrap().len(), notes + 2);
}

/// Text that does not become small.
fn long_note() -> String {
    let words: Vec<String> = (1..600_u64).map(|n| (n * n * 2_654_435_761 % 1_000_003).to_string()).collect();
    format!("text: \"{}\"", words.join(" "))
}

/// That a command which could not write says so and changed nothing, or was done.
fn wrote_or_refused(world: &World, ran: &Ran, what: &str) -> bool {
    match ran.code {
        0 => assert_eq!(ran.commits, 1, "{what}"),
        12 => assert_eq!(ran.commits, 0, "{what}"),
        _ => panic!("{what}: {} {}", ran.code, ran.stderr),
    }
    world.csods("show REF").done();
    ran.code == 0
}

#[test]
fn no_file_may_grow_any_more() {
    let mut seen = [false; 2];
    for limit in [0, 1, 2, 3, 4, 6, 8, 16] {
        let world = World::at(At::Opened);
        let command = world.csods("note REF").from(&long_note());
        let limited = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let ran = command.through(&["sh", "-c", &limited, "sh"]).run();
        seen[usize::from(wrote_or_refused(&world, &ran, &format!("at most {limit} blocks")))] = true;
        world.sound();
        world.csods("note REF").from("text: The next command.").recorded();
    }
    assert_eq!(seen, [true, true], "some limits are too small, some are not");
}

#[test]
fn a_full_disk() {
    if !Tool::Mounts.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    let store = world.store();
    let aside = world.dir().join("aside");
    std::fs::rename(&store, &aside).unwrap();
    std::fs::create_dir(&store).unwrap();
    let _mount = Mount::of(&["-t", "tmpfs", "-o", "size=2m", "none"], &store);
    assert!(succeeds("cp", &["-a", &format!("{}/.", aside.display()), &store.display().to_string()]));
    let mut seen = [false; 2];
    for left in [0_u64, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 40] {
        // Fill the disk, then give back so many pages.
        let filler = store.join(".git/filler");
        let full = std::fs::OpenOptions::new().create(true).append(true).open(&filler).unwrap();
        let mut file = &full;
        while file.write_all(&[7; 4096]).is_ok() {}
        let length = full.metadata().unwrap().len() / 4096 * 4096;
        assert!(length > 4096 * left, "the disk was full of {length} bytes");
        full.set_len(length - 4096 * left).unwrap();
        let ran = world.csods("note REF").from(&long_note()).run();
        seen[usize::from(wrote_or_refused(&world, &ran, &format!("{left} pages left")))] = true;
        // Emptied first: a process that another test is just starting may hold the file for a moment.
        full.set_len(0).unwrap();
        std::fs::remove_file(&filler).unwrap();
        world.csods("list").done();
        world.sound();
    }
    assert_eq!(seen, [true, true], "some disks are too small, some are not");
    world.csods("note REF").from("text: The next command.").recorded();
}

#[test]
fn a_store_that_cannot_be_written_to_can_be_read() {
    if !Tool::Mounts.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    let store = world.store();
    let path = store.display().to_string();
    let _mount = Mount::of(&["--bind", &path], &store);
    assert!(succeeds("mount", &["-o", "remount,ro,bind", &path]));
    for reader in
        ["show REF", "list", "due", "explain REF", "log REF", "log", "validate", "person list", "status"]
    {
        world.csods(reader).done();
    }
    let ran = world.csods("note REF").from("text: Rang.").refused(12);
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    world.csods("new").from(APPLICATION).refused(12);
    world.csods("assign REF m.reid").refused(12);
}

/// Something mounted for as long as a test runs.
pub struct Mount(String);

impl Mount {
    /// Mounts, as the caller has found that it may.
    pub fn of(args: &[&str], at: &Path) -> Mount {
        let at = at.display().to_string();
        assert!(succeeds("mount", &[args, &[at.as_str()]].concat()));
        Mount(at)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        succeeds("umount", &["-l", &self.0]);
    }
}
