//! R4, R6: who is named by cases of another system, and whom a person stands for who is no longer asked.

use std::collections::BTreeSet;

use super::attempts::as_answers;
use super::given::*;
use super::people::{fill, moment, outsider, refuses, said};
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, Route, Stage};
use crate::domain::node::{Node, Path, Step};
use crate::domain::reference::{Chance, Reference};
use crate::domain::settings::{Role, Settings};
use crate::domain::workflow::{Refusal, apply, consistency, people};
use crate::store::files;

fn import(answers: &Node) -> Result<Case, Refusal> {
    let reference = Reference::random("KP", 2026, &mut Chance::from_seed(9));
    let action = A::Import.read(answers, &fill(), Some(&reference)).map_err(Refusal::Problems)?;
    apply(None, &action, &moment("s.khan"), &settings())
}

/// An open case of another system with a decision, and a closed one.
fn registers() -> [Node; 2] {
    let mut open = Given::at(Stage::Assessment, Route::RightToAsk);
    open.checks(FULL, "10 10:00");
    let not_done = "{system: courts, phase: full, result: not_done, reason: Zzyzx, agreed_by: s.khan}";
    open.done("d.osei", "10 11:00", A::Check, not_done);
    open.done("d.osei", "10 11:00", A::Urgent, "action: Zzyzx");
    open.done("d.osei", "10 11:00", A::Refer, "{to: social_care, reason: Zzyzx}");
    open.done("d.osei", "10 11:00", A::Note, "text: Zzyzx");
    open.done("s.khan", "10 11:00", A::Assign, "owner: d.osei");
    open.done("d.osei", "11 10:00", A::Assess, CONVICTED);
    open.done("m.reid", "12 10:00", A::Decide, DISCLOSE);
    open.done("d.osei", "13 10:00", A::Disclose, &told("aaaa"));
    let mut closed = as_answers(Given::at(Stage::Closed, Route::RightToAsk).case());
    closed.set(&Path::from("imported.stage"), Node::text("closed"));
    [as_answers(open.case()), closed]
}

#[test]
fn r6_an_import_names_nobody_whose_roles_do_not_allow_it() {
    let mut tried = BTreeSet::new();
    for answers in registers() {
        let case = import(&answers).unwrap_or_else(|refusal| panic!("{refusal:#?}"));
        for mention in people::named(&case) {
            let closed = case.stage == Stage::Closed;
            // The importer is no answer, and a closed case may have had any owner.
            if mention.keys[0] == "imported" || (closed && mention.keys == ["owner"]) {
                continue;
            }
            tried.insert(mention.keys.clone());
            let (mut other, person) = (answers.clone(), outsider(&mention));
            // Items have their ids in the answers too.
            assert!(other.set(&mention.place, Node::text(person.as_str())), "{}", mention.place);
            let found = said(import(&other));
            let place = shown(&answers, &mention.place);
            assert!(refuses(&found, &place), "{place} as {person}: {found:?}");
        }
    }
    for keys in
        [&["decision", "by"][..], &["disclosures", "by"], &["checks", "agreed_by"], &["closure", "by"]]
    {
        assert!(tried.contains(keys), "{keys:?} was not tried");
    }
}

/// A place with the items of lists by their positions.
fn shown(tree: &Node, place: &Path) -> Path {
    let mut path = Path::root();
    for step in &place.0 {
        match (tree.at(&path), step) {
            (Some(Node::List(items)), Step::Key(id)) => {
                path = path.index(items.iter().position(|item| item.id() == Some(id)).unwrap());
            }
            (_, Step::Key(key)) => path = path.key(key),
            (_, Step::Index(index)) => path = path.index(*index),
        }
    }
    path
}

#[test]
fn r6_r4_the_decision_of_an_open_case_is_not_brought_in_by_who_may_not_make_it() {
    let [open, _] = registers();
    let set = |changes: &[(&str, &str)]| {
        let mut answers = open.clone();
        for (path, person) in changes {
            assert!(answers.set(&Path::from(*path), Node::text(*person)));
        }
        said(import(&answers))
    };
    assert_eq!(set(&[]), [""; 0]);
    says(&set(&[("decision.by", "r.patel")]), &["decision.by: may not record the decision", "(R6)"]);
    // s.khan imports. With the roles for it she is still neither the decision maker nor the assessor of what she brings in.
    let mut settings = settings();
    settings.file.people.0.iter_mut().find(|(id, _)| id == "s.khan").unwrap().1.roles = Role::ALL.to_vec();
    let import = |by: &[(&str, &str)]| {
        let mut answers = open.clone();
        by.iter().for_each(|(path, person)| assert!(answers.set(&Path::from(*path), Node::text(*person))));
        let reference = Reference::random("KP", 2026, &mut Chance::from_seed(9));
        let action = A::Import.read(&answers, &fill(), Some(&reference)).unwrap();
        said(apply(None, &action, &moment("s.khan"), &settings))
    };
    says(&import(&[("decision.by", "s.khan")]), &["decision.by: records the assessment", "(R4)"]);
    says(&import(&[("assessment.by", "s.khan")]), &["decision: must be taken in by somebody", "(R4)"]);
    says(
        &import(&[("assessment.by", "all"), ("decision.by", "all")]),
        &["decision.by: wrote the assessment", "(R4)"],
    );
    // Nor does she decide afterwards what she brought in undecided.
    let mut undecided = open.clone();
    undecided.remove(&Path::from("decision"));
    undecided.remove(&Path::from("disclosures"));
    let reference = Reference::random("KP", 2026, &mut Chance::from_seed(9));
    let action = A::Import.read(&undecided, &fill(), Some(&reference)).unwrap();
    let case = apply(None, &action, &moment("s.khan"), &settings).unwrap();
    let mut given = Given::of(case, settings);
    says(&given.refused("s.khan", "29 10:00", A::Decide, DISCLOSE), &["s.khan wrote or recorded", "(R4)"]);
    given.done("m.reid", "29 10:00", A::Decide, DISCLOSE);
}

#[test]
fn r6_an_archive_is_named_only_by_what_another_system_had_closed() {
    let archive =
        "[people.archive]\nname = \"Old system\"\nemail = \"archive@example.org\"\narchive = true\n";
    let text = settings_text().replace("[people.\"r.patel\"]", &format!("{archive}[people.\"r.patel\"]"));
    let settings_with = |text: &str| {
        let file =
            files::read_settings(text.as_bytes()).map_err(|found| format!("{:?}", found[0].problem))?;
        Ok::<_, String>(Settings { file, calendars: Vec::new() })
    };
    let settings = settings_with(&text).unwrap();
    let import = |answers: &Node| {
        let reference = Reference::random("KP", 2026, &mut Chance::from_seed(9));
        let action = A::Import.read(answers, &fill(), Some(&reference)).unwrap();
        apply(None, &action, &moment("s.khan"), &settings)
    };
    let [open, closed] = registers();
    let named = |answers: &Node, paths: &[&str]| {
        let mut answers = answers.clone();
        paths.iter().for_each(|path| assert!(answers.set(&Path::from(*path), Node::text("archive"))));
        import(&answers)
    };
    let case = named(&closed, &["received.by", "closure.by", "decision.by", "owner"]).unwrap();
    assert_eq!(consistency::check(&case, &settings), []);
    for path in ["received.by", "decision.by", "owner"] {
        says(&said(named(&open, &[path])), &[&format!("{path}: stands for the people"), "(R6)"]);
    }
    // Of that case too they do nothing themselves, and nothing later is put down to them.
    let mut given = Given::of(case, settings.clone());
    says(&given.refused("archive", "29 10:00", A::Note, "text: x"), &["archive may not", "(R3)"]);
    says(
        &given.refused("d.osei", "29 10:00", A::Note, "{text: x, by: archive}"),
        &["archive may not", "(R3)"],
    );
    given.done("d.osei", "29 10:00", A::Note, "{id: aaaa, text: x}");
    let rename = "{path: notes.aaaa.by, now: archive, code: mistake, reason: x}";
    says(
        &given.refused("d.osei", "29 10:00", A::Correct, rename),
        &["notes.aaaa.by: stands for the people", "(R6)"],
    );
    given.done("d.osei", "29 10:00", A::Correct, "{path: closure.by, now: s.khan, code: mistake, reason: x}");
    given.done(
        "d.osei",
        "29 11:00",
        A::Correct,
        "{path: closure.by, now: archive, code: mistake, reason: x}",
    );
    // An archive has no roles.
    let both = text.replace("\narchive = true", "\narchive = true\nroles = [\"supervisor\"]");
    assert!(settings_with(&both).unwrap_err().contains("R6"));
    assert!(
        settings_with(&text.replace("\narchive = true", "\narchive = false")).unwrap_err().contains("roles")
    );
}
