//! A store whose case lives a random life by the command line: every command makes one commit or none, and the actions
//! that its commits show, done again through the one door, give the case in HEAD.

mod brought_in;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use csods::commands::commit_text;
use csods::domain::action::ActionKind;
use csods::domain::case::Case;
use csods::domain::history::told_apart;
use csods::domain::node::Node;
use csods::domain::node::Path;
use csods::domain::reference::Chance;
use csods::domain::reference::Reference;
use csods::domain::scalars::PersonId;
use csods::domain::time::Instant;
use csods::domain::workflow::{Moment, apply, consistency};
use csods::store::{Entry, Store, files};

use crate::store::git;
use crate::support::write;

/// Stands in every personal fact, and so must stand in no error and no commit message.
const SECRET: &str = "Zzyzx";

/// Somebody whom no record names, because an auditor does nothing (R6).
const AUDITOR: &str = "person add a.auditor --name Auditor --email a.auditor@example.org --role auditor";

/// What may be tried: the command with its flags, and the answers it reads.
const STEPS: &[(&str, &str)] = &[
    ("check --system pnc --phase initial --result no_trace", ""),
    ("check --system pnd --phase initial --result no_trace", ""),
    ("check --system visor --phase initial --result no_trace", ""),
    ("check --system local_intelligence --phase initial --result no_trace", ""),
    ("screen", "{immediate_risk: false, within_scheme: true, reason: Zzyzx}"),
    ("urgent", "action: Zzyzx"),
    ("note", "text: Zzyzx"),
    ("interview", INTERVIEW),
    ("check --system social_care --phase full --result no_trace", ""),
    ("check --system probation --phase full --result no_trace", ""),
    ("check --system education --phase full --result no_trace", ""),
    ("check --system health --phase full --result no_trace", ""),
    ("refer", "{to: social_care, reason: Zzyzx}"),
    ("letter agency_request --to health", ""),
    ("letter acknowledgement --method in_person", ""),
    ("letter --sent LETTER", ""),
    ("correct", "{path: assessment..by, now: s.khan, code: mistake, reason: Zzyzx}"),
    ("correct", "{path: .received.by, now: s.khan, code: mistake, reason: Zzyzx}"),
    ("correct", "{path: received.by, now: s.khan, code: mistake, reason: Zzyzx}"),
    ("correct", "{path: checks.0.by, now: a.auditor, code: mistake, reason: Zzyzx}"),
    ("note", "{text: Zzyzx, by: s.khan}"),
    ("note", "{text: Zzyzx, by: a.auditor}"),
    ("commit", "{code: mistake, reason: Zzyzx}"),
    (
        "assess",
        "{by: s.khan, risk_to_child: low, convicted: true, registered_sex_offender: false, reason: Zzyzx}",
    ),
    ("assess", "{risk_to_child: high, convicted: true, registered_sex_offender: false, reason: Zzyzx}"),
    ("contact", "{with: applicant, method: phone, direction: outbound, summary: Zzyzx}"),
    ("decide", DECISION),
    (
        "extend",
        "{clock: whole, until: 2026-05-01, reason: Zzyzx, authorised_by: s.khan, applicant_told: {told: false, reason: x}}",
    ),
    ("disclose", DISCLOSURE),
    ("correct", "{path: assessment.risk_to_child, now: medium, code: mistake, reason: Zzyzx}"),
    ("close --reason disclosed", ""),
    ("reopen", "{to: decision, reason: Zzyzx}"),
    ("withdraw", "{how: withdrawn, reason: Zzyzx}"),
    ("reroute", "reason: Zzyzx"),
    ("correct", "{path: stage, now: assessment, code: new_information, reason: Zzyzx}"),
    ("close", "{reason: withdrawn, note: Zzyzx, no_child_at_risk: Zzyzx}"),
    ("assign d.osei", ""),
    ("assign s.khan", ""),
];

const APPLICATION: &str = "
route: right_to_ask
received: {at: 2026-03-02T09:15:00Z, channel: online}
applicant:
  name: {family: Zzyzx}
  relationship_to_child: parent
  safe_contact: {method: phone, letters: false}
subject: {name: {family: Zzyzx}}
children:
- name: {family: Zzyzx}
  contact: lives_with
  relationship_to_subject: none
  parents_aware: {mother: yes, father: unknown}
concern: Zzyzx
";

const INTERVIEW: &str = "
mode: in_person
identity: [{kind: passport}]
address_proof: utility_bill
relationship_proof: birth_certificate
concern: Zzyzx
genuine: true
warnings: {information_sharing: true, false_information: true, confidentiality: true}
pack_given: true
nothing_disclosed: true
";

const DECISION: &str = "
outcome: disclose
necessity: Zzyzx
pressing_need: Zzyzx
proportionality: Zzyzx
representations: {considered: true, sought: false, why_not: not_safe, reason: Zzyzx}
consulted: [{agency: social_care, view: Zzyzx}]
recipients: [{role: carer, name: {family: Zzyzx}, reason: Zzyzx}]
form_of_words: Zzyzx
subject_told: {told: false, reason: Zzyzx}
";

const DISCLOSURE: &str = "
recipient: carer
identity_checked: true
place: Zzyzx
words_used: Zzyzx
undertaking: {result: signed}
advice_given: true
subject_told: {told: false, risk_assessment: Zzyzx}
follow_up: 2026-06-01
";

/// Runs the tool in a sealed world: the exit code, and all that it said.
fn csods(
    dir: &std::path::Path,
    now: Instant,
    seed: u64,
    email: &str,
    args: &str,
    input: &str,
) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csods"));
    command.current_dir(dir).args(args.split_whitespace()).env_clear();
    for (key, value) in [
        ("HOME", ""),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_EMAIL", email),
        ("GIT_AUTHOR_NAME", "A Name"),
        ("CSODS_NOW", &now.to_string()),
        ("CSODS_SEED", &seed.to_string()),
    ] {
        command.env(key, value);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that is refused at once reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let out = child.wait_with_output().unwrap();
    let text = [out.stdout, out.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (out.status.code().unwrap(), text)
}

/// Edits the file of the case: another concern, or somebody else named in it.
fn edit_by_hand(root: &std::path::Path, case: &str, turn: usize) {
    let path = root.join(case.trim());
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = match turn % 3 {
        0 => text.replacen("by: d.osei", "by: a.auditor", 1),
        1 => text.replacen("by: d.osei", "by: s.khan", 1),
        _ => text.replacen("concern: ", &format!("concern: {turn} "), 1),
    };
    write(&path, edited.as_bytes());
}

/// The id of the last letter of the case.
fn last_letter(root: &std::path::Path, reference: &str) -> String {
    let head = Store::find(Some(root), None, root).unwrap().head().unwrap();
    let (case, _) = files::case(&head, &reference.parse().unwrap()).unwrap().unwrap();
    case.letters.last().map_or("zzzz".to_owned(), |letter| letter.id.to_string())
}

/// A case lives a life of so many tries in a new store.
fn live(seed: u64, tries: usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut now: Instant = "2026-03-02T09:20:00Z".parse().unwrap();
    let first = "d.osei@example.org";
    let init = "init store --force Test --prefix KP";
    let (code, said) = csods(dir.path(), now, seed, first, init, "");
    assert_eq!(code, 0, "{said}");
    let root = dir.path().join("store");
    let all = "--role case_officer --role call_handler --role supervisor --role decision_maker";
    let person = format!("person add s.khan --name S.Khan --email s.khan@example.org {all}");
    assert_eq!(csods(&root, now, seed, first, &person, "").0, 0);
    assert_eq!(csods(&root, now, seed, first, AUDITOR, "").0, 0);
    if seed.is_multiple_of(2) {
        brought_in::import(&root, now, seed, first);
    } else {
        let (code, said) = csods(&root, now, seed, first, "new --from -", APPLICATION);
        assert_eq!(code, 0, "{said}");
    }
    let case = git(&root, &["ls-files", "cases"]);
    let reference = case.trim().rsplit('/').next().unwrap().trim_end_matches(".yaml").to_owned();
    let mut chance = Chance::from_seed(seed);
    let mut done = 0;
    for turn in 0..tries {
        now = now.plus_seconds(600 * i64::try_from(chance.below(64)).unwrap());
        // Mostly the next step in the order of the work, at times any.
        let step = if chance.below(4) == 0 { chance.below(64) % STEPS.len() } else { done % STEPS.len() };
        let (command, answers) = STEPS[step];
        let (word, flags) = command.split_once(' ').unwrap_or((command, ""));
        let email = match (word, chance.below(8)) {
            ("decide" | "close" | "reopen" | "reroute", 1..) | (_, 0) => "s.khan@example.org",
            _ => first,
        };
        let from = if answers.is_empty() { "" } else { "--from -" };
        let before = git(&root, &["rev-list", "--count", "HEAD"]);
        let args = match word {
            "commit" => {
                edit_by_hand(&root, &case, turn);
                format!("commit {from}")
            }
            _ => format!("{word} {reference} {flags} {from}")
                .replace("LETTER", &last_letter(&root, &reference)),
        };
        let (code, said) = csods(&root, now, seed + turn as u64, email, &args, answers);
        if word == "commit" && code != 0 {
            git(&root, &["restore", "cases"]);
        }
        let after = git(&root, &["rev-list", "--count", "HEAD"]);
        let grown = after.trim().parse::<u32>().unwrap() - before.trim().parse::<u32>().unwrap();
        assert!([0, 5, 6, 7].contains(&code), "{args}: {code}: {said}");
        assert_eq!(grown, u32::from(code == 0), "{args}: {code}: {said}");
        assert!(!said.contains(SECRET), "{args}: {said}");
        done += usize::from(step == done % STEPS.len());
    }
    brought_in::add_by_hand(&root, now, seed + tries as u64, &case, &reference);
    assert_eq!(git(&root, &["status", "--porcelain"]), "");
    assert!(!git(&root, &["log", "--format=%B%an%ae"]).contains(SECRET));
    replayed(&root, seed);
}

/// The cases that a commit says it changed.
fn named(entry: &Entry) -> BTreeSet<Reference> {
    let of = |(key, value): &(String, String)| {
        let first = value.split(' ').next().filter(|_| key == "Change")?;
        Some(first.parse().unwrap())
    };
    entry.trailers.iter().filter_map(of).collect()
}

/// A step as a line of `apply`.
fn line(case: &str, (command, answers): (&str, &str)) -> String {
    let mut data =
        csods::store::answers::parse_any(if answers.is_empty() { b"{}" } else { answers.as_bytes() })
            .unwrap();
    let mut words = command.split(' ');
    let action = words.next().unwrap();
    if action == "assign" {
        data.set(&Path::from("owner"), Node::text(words.next().unwrap()));
    }
    while let (Some(flag), Some(value)) = (words.next(), words.next()) {
        data.set(&Path::from(flag.trim_start_matches("--")), Node::text(value));
    }
    format!("{}\n", json!({"case": case, "action": action, "data": csods::store::json::value(&data)}))
}

/// Two cases live their lives in batches, one commit or one a case.
fn live_in_batches(seed: u64, batches: usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut now: Instant = "2026-03-02T09:20:00Z".parse().unwrap();
    let first = "d.osei@example.org";
    let run = |dir: &std::path::Path, now, args: &str, input: &str| csods(dir, now, seed, first, args, input);
    assert_eq!(run(dir.path(), now, "init store --force Test --prefix KP", "").0, 0);
    let root = dir.path().join("store");
    let all = "--role case_officer --role call_handler --role supervisor --role decision_maker";
    let person = format!("person add s.khan --name S.Khan --email s.khan@example.org {all}");
    assert_eq!(run(&root, now, &person, "").0, 0);
    assert_eq!(run(&root, now, AUDITOR, "").0, 0);
    let data = csods::store::json::value(&csods::store::answers::parse_any(APPLICATION.as_bytes()).unwrap());
    let opened = json!({"action": "new", "data": data}).to_string();
    assert_eq!(run(&root, now, "apply -", &format!("{opened}\n{opened}\n")).0, 0);
    let cases = git(&root, &["ls-files", "cases"]);
    let name = |path: &str| path.rsplit('/').next().unwrap().trim_end_matches(".yaml").to_owned();
    let cases: Vec<String> = cases.lines().map(name).collect();
    let mut chance = Chance::from_seed(seed);
    let mut done = [0; 2];
    for batch in 0..batches {
        now = now.plus_seconds(600 * i64::try_from(chance.below(64)).unwrap());
        let mut input = String::new();
        let mut steps = Vec::new();
        let mut ahead = done;
        for _ in 0..=chance.below(8) {
            let case = chance.below(2);
            let step =
                if chance.below(4) == 0 { chance.below(64) % STEPS.len() } else { ahead[case] % STEPS.len() };
            ahead[case] += usize::from(step == ahead[case] % STEPS.len());
            input.push_str(&line(&cases[case], STEPS[step]));
            steps.push((case, step));
        }
        let email = if chance.below(2) == 0 { first } else { "s.khan@example.org" };
        let how = if batch % 3 == 0 { "" } else { "--per-case" };
        let args = format!("apply - {how} --format json");
        let (code, said) = csods(&root, now, seed + batch as u64, email, &args, &input);
        assert!([0, 5, 6, 7, 10].contains(&code), "{code}: {said}");
        assert!(!said.contains(SECRET), "{said}");
        let results = said.lines().filter(|line| line.starts_with("{\"version\""));
        for ((case, step), result) in steps.iter().zip(results) {
            let is_next = *step == done[*case] % STEPS.len();
            done[*case] += usize::from(is_next && result.contains("\"result\":\"done\""));
        }
    }
    assert_eq!(git(&root, &["status", "--porcelain"]), "");
    assert!(!git(&root, &["log", "--format=%B%an%ae"]).contains(SECRET));
    replayed(&root, seed);
}

/// Does again what the commits of the store show: the cases of HEAD come of it. How many actions they name, by kind.
pub fn replayed(root: &std::path::Path, seed: u64) -> BTreeMap<ActionKind, usize> {
    let store = Store::find(Some(root), None, root).unwrap();
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    let mut entries: Vec<Entry> = store.history(None).unwrap();
    entries.reverse();
    let mut counts: BTreeMap<ActionKind, usize> = BTreeMap::new();
    for entry in &entries {
        let snapshot = store.snapshot_at(&entry.commit).unwrap();
        let settings = files::settings(&snapshot).unwrap();
        assert_eq!(entry.trailer("Rules"), Some("2"), "{entry:?}");
        assert_eq!(entry.trailer("Csods"), Some(env!("CARGO_PKG_VERSION")), "{entry:?}");
        let mut format = 1;
        for reference in named(entry) {
            let (after, bytes) = files::case(&snapshot, &reference).unwrap().unwrap();
            let named = commit_text::named(entry, &reference);
            let actor = PersonId::new(entry.trailer("Actor").unwrap()).unwrap();
            let moment = Moment { now: Instant::from_unix(entry.at_unix).unwrap(), actor };
            let before = cases.get(reference.as_str());
            let told = told_apart(&named, before, &after)
                .unwrap_or_else(|| panic!("{named:?} are not shown (seed {seed})"));
            let mut case = before.cloned();
            for (told, named) in told.iter().zip(&named) {
                assert_eq!(told.before, case.as_ref().map(|case| case.stage));
                assert_eq!(told.action.kind(), named.kind);
                let done = apply(case.as_ref(), &told.action, &moment, &settings);
                case = Some(done.unwrap_or_else(|refusal| panic!("{named:?}: {refusal:?} (seed {seed})")));
                assert_eq!(case.as_ref().map(|case| case.stage), Some(told.after));
                *counts.entry(named.kind).or_default() += 1;
            }
            let case = case.unwrap();
            assert_eq!(case, after, "{named:?} (seed {seed})");
            assert_eq!(files::write_case(&case).unwrap(), bytes);
            format = format.max(case.format);
            if let (Some(said), [only]) = (entry.trailer("Stage"), told.as_slice())
                && entry.trailer("Case") == Some(reference.as_str())
            {
                assert_eq!(said.rsplit(' ').next(), Some(only.after.word()));
            }
            cases.insert(reference.to_string(), case);
        }
        assert_eq!(entry.trailer("Format"), Some(format.to_string().as_str()), "{entry:?}");
    }
    let head = store.head().unwrap();
    let settings = files::settings(&head).unwrap();
    for (name, case) in &cases {
        let (stored, _) = files::case(&head, &name.parse().unwrap()).unwrap().unwrap();
        assert_eq!(stored, *case);
        assert!(!String::from_utf8(files::write_case(case).unwrap()).unwrap().contains("by: a.auditor"));
        assert_eq!(consistency::check(case, &settings), []);
    }
    assert_eq!(cases.len(), head.case_paths().unwrap().len());
    assert!(counts.values().sum::<usize>() > 8, "only {counts:?} (seed {seed})");
    counts
}

#[test]
fn the_history_of_a_case_replays_to_the_case() {
    for seed in [7, 8, 11] {
        live(seed, 40);
    }
}

#[test]
fn the_history_of_batches_replays_to_the_cases() {
    for seed in [3, 5] {
        live_in_batches(seed, 24);
    }
}
