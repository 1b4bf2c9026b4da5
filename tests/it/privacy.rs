//! No personal fact leaves by accident (O3, X1): not in commit messages, refs, file names, errors or the lock.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{APPLICATION, At, World, walk};
use crate::support::{ASSESSMENT, DISCLOSE, DISCLOSURE, INTERVIEW, SCREENING};

/// Values nobody could mistake, in every personal place.
const SECRETS: [&str; 8] = [
    "Zyxwvut",
    "Qqponml",
    "Kjihgf",
    "Wvutsr",
    "zyx@secret.example",
    "07700900123",
    "1901-01-01",
    "Brixtonesque",
];

fn personal(answers: &str) -> String {
    let mut answers = answers.to_owned();
    for (from, to) in [
        ("family: Example, given: Alex", "family: Zyxwvut, given: Qqponml"),
        ("family: Placeholder, given: Sam", "family: Kjihgf, given: Wvutsr"),
        ("family: Example, given: Charlie", "family: Zyxwvut, given: Kjihgf"),
        ("alex@example.org", "zyx@secret.example"),
        ("01632 960001", "07700900123"),
        ("1988-04-17", "1901-01-01"),
        ("Sample Street", "Brixtonesque"),
        ("He moved in", "Zyxwvut moved in"),
        ("As the checks say.", "Kjihgf is in the records."),
        ("He has a conviction.", "Kjihgf has a conviction."),
        ("As before.", "Zyxwvut says so."),
        ("police station", "Brixtonesque"),
        ("A named child and subject.", "Kjihgf is named."),
    ] {
        answers = answers.replace(from, to);
    }
    answers
}

fn holds_none(text: &str, what: &str) {
    for secret in SECRETS {
        assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{what} holds {secret}: {text}");
    }
}

/// That nothing of a store but its case files holds a secret, and no name of anything.
fn kept_private(world: &World) {
    holds_none(&world.git(&["log", "--all", "--format=%an %ae %cn %ce %B%d", "--name-only"]), "the history");
    holds_none(&world.git(&["for-each-ref"]), "a ref");
    holds_none(&world.git(&["reflog", "--all"]), "the reflog");
    for path in walk(&world.store()) {
        holds_none(&path.display().to_string(), "a file name");
        let is_case = path.starts_with(world.store().join("cases"));
        // The index holds what is searched for, unless a setting forbids it: see `index.rs`. Nobody else may read it.
        let is_index =
            path.starts_with(world.store().join(".git/csods/")) && name_of(&path).starts_with("index");
        if is_index {
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        if !is_case && !is_index {
            let bytes = std::fs::read(&path).unwrap();
            holds_none(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A world with one case, whose life holds the secrets.
fn life() -> (World, String) {
    let world = World::at(At::Empty);
    let quiet = |ran: crate::support::Ran| {
        holds_none(&ran.stderr, "standard error");
        holds_none(&ran.stdout, "the answer to a change");
    };
    let opened = world.csods("new --format=json").from(&personal(APPLICATION)).done();
    let case = crate::support::json(&opened.stdout)["reference"].as_str().unwrap().to_owned();
    quiet(opened);
    let run = |line: &str, answers: &str, by: &str| {
        let line = line.replace("CASE", &case);
        let command = world.csods(&line).by(by);
        let command = if answers.is_empty() { command } else { command.from(&personal(answers)) };
        quiet(command.done());
    };
    for system in
        ["pnc", "pnd", "visor", "local_intelligence", "social_care", "probation", "education", "health"]
    {
        let line = format!("check CASE --system {system} --phase initial --result trace_relevant");
        run(&line, "{reference: Zyxwvut/1, summary: Kjihgf is known.}", "r.patel");
    }
    run("screen CASE", SCREENING, "d.osei");
    run("note CASE", "text: Zyxwvut rang from 07700900123.", "d.osei");
    run("contact CASE --with applicant --method phone --direction inbound", "summary: Zyxwvut.", "d.osei");
    run("refer CASE --to police", "reason: Kjihgf again.", "d.osei");
    run("urgent CASE", "action: Went to Brixtonesque.", "d.osei");
    run("interview CASE", INTERVIEW, "d.osei");
    run("assess CASE", ASSESSMENT, "d.osei");
    run("decide CASE", DISCLOSE, "m.reid");
    run("disclose CASE", DISCLOSURE, "d.osei");
    run(
        "correct CASE --path subject.name.family --code mistake",
        "{reason: It is Wvutsr., now: Wvutsr}",
        "d.osei",
    );
    run("close CASE --reason disclosed", "", "m.reid");
    (world, case)
}

#[test]
fn a_whole_life_leaves_personal_facts_in_the_case_file_alone() {
    let (world, case) = life();
    kept_private(&world);
    for reader in [
        "list",
        "due",
        "list --format csv",
        "list --format json",
        "board",
        "workload",
        "search school",
        "search placeholder --format json",
        "similar CASE",
        "log",
        "status",
        "explain CASE",
        "validate",
    ] {
        let ran = world.csods(&reader.replace("CASE", &case)).done();
        holds_none(&format!("{}{}", ran.stdout, ran.stderr), reader);
    }
    let shown = world.csods("show").arg(&case).done().stdout;
    assert!(shown.contains("Zyxwvut"), "those who look at the case see it: {shown}");
    // A second application about the same people points at the first without a name.
    let ran = world.csods("new").from(&personal(APPLICATION)).done();
    assert!(ran.stderr.contains(&case), "{}", ran.stderr);
    holds_none(&ran.stderr, "the similar cases");
}

#[test]
fn refused_commands_never_echo_what_they_were_given() {
    let world = World::at(At::Interview);
    let refused = |line: &str, answers: &str| {
        for form in ["text", "json"] {
            let ran = world.csods(&format!("{line} --format {form}")).from(answers).run();
            assert!(ran.code != 0 && ran.commits == 0, "{line} {answers} was taken");
            holds_none(&format!("{}{}", ran.stdout, ran.stderr), &format!("{line} {answers}"));
        }
    };
    for answers in [
        "text: [Zyxwvut]",
        "{text: {Zyxwvut: 1}}",
        "{Zyxwvut: Kjihgf}",
        "{text: Rang., Zyxwvut: Kjihgf}",
        "Zyxwvut",
        "text: \"Zyxwvut",
        "text: *Zyxwvut",
        "text: !Zyxwvut Kjihgf",
        "{text: Rang., text: Zyxwvut}",
        "{text: Rang., by: Zyxwvut}",
        "{text: Rang., by: zyxwvut}",
        "{text: Rang., at: Zyxwvut}",
        "{text: Rang., id: Zyxwvut}",
        "{\"text\": \"Zyxwvut\"",
        "Zyxwvut: Kjihgf: Wvutsr",
        "text: |\n\tZyxwvut",
        "text: Zyxwvut\n\u{feff}Kjihgf: 1",
    ] {
        refused("note REF", answers);
    }
    for (line, answers) in [
        ("new", "{route: Zyxwvut, received: {at: Zyxwvut, channel: Kjihgf}, children: Zyxwvut}"),
        ("new", "{applicant: Zyxwvut, subject: [Zyxwvut], concern: {Zyxwvut: Kjihgf}}"),
        ("assess REF", "{risk_to_child: Zyxwvut, convicted: Kjihgf}"),
        ("interview REF", "{mode: Zyxwvut, identity: [Zyxwvut], address_proof: zyxwvut, genuine: Zyxwvut}"),
        ("interview REF", "{relationship_proof: zyxwvut, warnings: Zyxwvut}"),
        ("refer REF --to zyxwvut", "reason: Kjihgf"),
        ("extend REF", "{clock: Zyxwvut, until: Zyxwvut, authorised_by: Zyxwvut, applicant_told: Zyxwvut}"),
        ("correct REF", "{path: subject.Zyxwvut, code: mistake, reason: Kjihgf, now: Wvutsr}"),
        ("correct REF", "{path: Zyxwvut, code: Kjihgf, reason: Kjihgf, now: Wvutsr}"),
        ("correct REF", "{path: subject.date_of_birth, code: mistake, reason: Kjihgf, now: Zyxwvut}"),
        ("link REF REF", "reason: Zyxwvut"),
        ("reroute REF", "reason: Zyxwvut"),
    ] {
        refused(line, answers);
    }
    kept_private(&world);
}

#[test]
fn damaged_files_are_told_without_what_they_hold() {
    let world = World::at(At::Opened);
    for spoilt in ["Zyxwvut: Kjihgf\n", "format: Zyxwvut\n", "format: 1\nZyxwvut: \"Kjihgf\n", "- Zyxwvut\n"]
    {
        world.write(&format!("store/{}", world.case_path()), spoilt);
        let why = "{code: mistake, reason: Zyxwvut}";
        let ran = world.csods("commit").beside_edits().from(why).refused(9);
        holds_none(&ran.stderr, "commit");
        let file = world.write("spoilt.yaml", spoilt).display().to_string();
        let ran = world.csods("validate").arg(file).beside_edits().refused(11);
        holds_none(&format!("{}{}", ran.stdout, ran.stderr), "validate");
        world.git(&["commit", "-qam", "spoilt"]);
        for reader in ["show REF", "list", "due", "log REF", "note REF"] {
            let ran = world.csods(reader).run();
            holds_none(&format!("{}{}", ran.stdout, ran.stderr), reader);
        }
        world.git(&["reset", "-q", "--hard", "HEAD~1"]);
    }
}

#[test]
fn every_output_is_closed_to_others_whatever_the_umask() {
    let world = crate::letter::world();
    for (line, input) in [
        ("report --output ../out/report.html", ""),
        ("export --to ../out/cases.csv", ""),
        ("export --to ../out/cases.sqlite", ""),
        ("export --new-key ../out/key", ""),
        ("letter REF acknowledgement --preview --output ../out/letter.html", ""),
        ("letter REF acknowledgement --preview --output ../out/letter.pdf", ""),
        ("subject-access --to ../out/request.md", "name: {family: Placeholder, given: Sam}"),
    ] {
        let out = world.dir().join("out");
        std::fs::create_dir(&out).unwrap();
        let command = world.csods(line).through(&["sh", "-c", "umask 000; exec \"$@\"", "sh"]);
        let command = if input.is_empty() { command } else { command.by("m.reid").from(input) };
        command.done();
        let made = walk(&out);
        assert_eq!(made.len(), 1, "{line}: {made:?}");
        let mode = std::fs::metadata(&made[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{line}");
        std::fs::remove_dir_all(&out).unwrap();
    }
}
