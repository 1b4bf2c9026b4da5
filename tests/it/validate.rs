//! `csods validate`.

use crate::support::{At, World};

#[test]
fn every_life_that_csods_wrote_is_valid() {
    for at in [At::Empty, At::Opened, At::Decision, At::ToInform, At::Closed, At::Withdrawn, At::RightToKnow]
    {
        let world = World::at(at);
        let ran = world.csods("validate").run();
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{at:?}");
        assert!(ran.stderr.contains("no problem"), "{}", ran.stderr);
    }
}

#[test]
fn reports_every_problem_with_file_and_line() {
    let world = World::at(At::Decision);
    let spoilt = world
        .case_text()
        .replace("risk_to_child: high", "risk_to_child: huge")
        .replace("channel: online", "channel: pigeon");
    let file = world.write("spoilt.yaml", &spoilt);
    let ran = world.csods("validate --format=json").arg(file.display().to_string()).refused(11);
    let problems = &crate::support::json(&ran.stdout)["problems"];
    let paths: Vec<&str> =
        problems.as_array().unwrap().iter().map(|of| of["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["received.channel", "assessment.risk_to_child"]);
    let line = 1 + spoilt.lines().position(|line| line.contains("pigeon")).unwrap();
    assert_eq!((&problems[0]["line"], &problems[0]["column"]), (&line.into(), &12.into()));
    assert!(!ran.stdout.contains("pigeon"), "{}", ran.stdout);
}

#[test]
fn finds_broken_rules_and_writing_that_is_not_canonical() {
    let world = World::at(At::Decision);
    let broken = world.case_text().replace("stage: decision", "stage: interview");
    let file = world.write("broken.yaml", &broken);
    let ran = world.csods("validate").arg(file.display().to_string()).refused(11);
    assert!(ran.stdout.contains("stands at stage interview, which comes before it (S1)"), "{}", ran.stdout);
    let loose = world.case_text().replace("stage: decision", "stage:   decision");
    let file = world.write("loose.yaml", &loose);
    let ran = world.csods("validate").arg(file.display().to_string()).refused(11);
    assert!(ran.stdout.contains("loose.yaml:5:1: is not written as csods writes it"), "{}", ran.stdout);
    world.csods("validate nowhere.yaml").refused(3);
}

#[test]
fn whatever_is_named_is_read_in_bounded_work_and_memory() {
    let world = World::at(At::Opened);
    let keys: String = (0..20_000).map(|number| format!("k{number}: 1\n")).collect();
    let many = world.write("many.yaml", &keys);
    // Seconds of the processor, and kilobytes.
    let few = ["sh", "-c", "ulimit -t 90; ulimit -v 400000; exec \"$0\" \"$@\""];
    let many = many.display().to_string();
    let ran = world.csods("validate").arg(&many).through(&few).refused(11);
    let answers = world.csods("note REF --from").arg(&many).through(&few).refused(6);
    for said in [&ran.stdout, &answers.stderr] {
        assert!(said.contains("and there is more; mend these first"), "{said}");
        assert!(said.lines().count() < 400, "{} lines", said.lines().count());
    }
    assert!(world.csods("validate /dev/zero").refused(11).stdout.contains("larger than 1 MiB"));
    let pipe = world.dir().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for line in ["validate", "note REF --from"] {
        let ran = world.csods(line).arg(pipe.display().to_string()).refused(2);
        assert!(ran.stderr.contains("this is a named pipe"), "{}", ran.stderr);
    }
}

#[test]
fn a_committed_file_that_unfolds_to_much_is_not_unfolded() {
    let world = World::at(At::Opened);
    world.write(&format!("store/{}", world.case_path()), &"\0".repeat(64 << 20));
    world.git(&["commit", "-qam", "large"]);
    let few = ["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""];
    let ran = world.csods("validate").through(&few).refused(11);
    assert!(ran.stdout.contains(":1:1: larger than 1 MiB"), "{}", ran.stdout);
    for line in ["show REF", "list", "note REF"] {
        let ran = world.csods(line).through(&few).refused(9);
        assert!(ran.stderr.contains("larger than 1 MiB"), "{line}: {}", ran.stderr);
    }
    assert!(world.csods("log REF").done().stdout.contains("left a file that cannot be read"));
}

#[test]
fn finds_what_is_wrong_with_the_ids_of_lines() {
    let world = World::at(At::Opened);
    let line = format!(
        "{{\"case\": \"{}\", \"action\": \"note\", \"data\": {{\"text\": \"Rang.\"}}, \"id\": \"n-1\"}}\n",
        world.reference()
    );
    world.csods("apply -").input(&line).done();
    assert!(world.csods("validate").done().stderr.contains("no problem"));
    let path = world.git(&["ls-tree", "-r", "--name-only", "HEAD", "applied"]).trim().to_owned();
    let good = world.git(&["show", &format!("HEAD:{path}")]);
    let whole = world.store().join(&path).display().to_string();
    assert_eq!(world.csods("validate").arg(&whole).done().stdout, "");
    world.write(&format!("store/{path}"), &format!("<<<<<<< HEAD\n{}\n", good.trim_end()));
    world.write("store/applied/notes.txt", "x\n");
    let ran = world.csods("validate").arg(&whole).beside_edits().refused(11);
    assert!(ran.stdout.contains(":1:1: is not the mark of an id"), "{}", ran.stdout);
    world.git(&["add", "."]);
    world.git(&["commit", "-qm", "by hand"]);
    let found = world.csods("validate").refused(11).stdout;
    let lines: Vec<&str> = found.lines().collect();
    assert!(lines[0].starts_with(&format!("{path}:1:1: is not the mark of an id")), "{found}");
    assert!(lines[1].starts_with("applied/notes.txt:1:1: is no file of ids"), "{found}");
    assert_eq!(lines.len(), 2, "{found}");
}
