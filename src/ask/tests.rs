//! Tests of the conversation: which questions are asked, in which order.

mod talks;

use std::path::Path as FilePath;

use super::put::{self, Reply};
use super::*;
use crate::domain::record::Fault;
use crate::domain::settings::{DEFAULT, List};
use crate::store::files;

fn settings() -> Settings {
    let people = "[people.\"r.patel\"]\nname = \"R. Patel\"\nemail = \"r.patel@example.org\"\n\
                  roles = [\"call_handler\"]\n[people.\"m.reid\"]\nname = \"M. Reid\"\n\
                  email = \"m.reid@example.org\"\nroles = [\"decision_maker\"]\n[people.\"a.gone\"]\n\
                  name = \"A. Gone\"\nemail = \"a.gone@example.org\"\nroles = [\"supervisor\"]\nended = 2025-01-01\n";
    let text = DEFAULT.replace("@NAME@", "Kent").replace("@PREFIX@", "KP").replace("@PEOPLE@", people);
    let file = files::read_settings(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}"));
    Settings { file, calendars: Vec::new() }
}

fn setting<'a>(kind: ActionKind, settings: &'a Settings, dir: &FilePath) -> Setting<'a> {
    Setting {
        kind,
        shape: kind.answers().unwrap(),
        place: Path::from(kind.place()),
        title: format!("KP-26-7K3QF4: {}", kind.word()),
        settings,
        case: None,
        editor: None,
        private_dir: dir.to_owned(),
        draft_name: "r.patel-x".to_owned(),
    }
}

/// What each action asks, in order, where nothing is given but what is required: a table of first questions.
fn asked_in_turn(kind: ActionKind, given: &mut Node, needs: Vec<Need>, filling: bool) -> Vec<String> {
    let mut progress = Progress::default();
    progress.begin(needs, filling);
    let mut asked = Vec::new();
    loop {
        let plan = Plan { kind, shape: kind.answers().unwrap(), given, progress: &progress };
        let Some(question) = plan.next() else { return asked };
        let sign = match (question.asks, question.optional) {
            (Asks::Item | Asks::Whether | Asks::Mend, _) => "?",
            (Asks::Value, true) => "~",
            (Asks::Value, false) => "",
        };
        asked.push(format!("{}{sign}", question.path));
        let reply = match question.asks {
            Asks::Item => match given.at(&question.path) {
                None => Reply::Yes,
                Some(_) => Reply::No,
            },
            _ if question.optional => Reply::Without,
            _ => Reply::Value(Node::text("x")),
        };
        put::take(&mut progress, given, &question, reply);
        assert!(asked.len() < 100, "{asked:?}");
    }
}

#[test]
fn the_decision_asks_first_for_itself_then_for_what_follows() {
    let kind = ActionKind::Decide;
    let mut given = Node::map();
    let asked = asked_in_turn(kind, &mut given, Vec::new(), true);
    let expected = [
        "outcome",
        "necessity",
        "pressing_need",
        "proportionality",
        "consulted?",
        "consulted.0.agency",
        "consulted.0.view",
        "consulted?",
    ];
    assert_eq!(asked, expected);
    let need = |path: &str| {
        Need::of(&Problem::missing(path), &Path::from("decision"), &kind.answers().unwrap()).unwrap()
    };
    let needs = [
        "decision.representations",
        "decision.recipients",
        "decision.subject_told",
        "decision.form_of_words",
    ];
    let asked = asked_in_turn(kind, &mut given, needs.map(need).to_vec(), false);
    let expected = [
        "representations.considered",
        "representations.sought",
        "recipients.0.role",
        "recipients.0.reason",
        "recipients?",
        "form_of_words",
        "subject_told.told",
        "subject_told.reason",
    ];
    assert_eq!(asked, expected);
    let needs = ["decision.representations.why_not", "decision.recipients.0.name"];
    let asked = asked_in_turn(kind, &mut given, needs.map(need).to_vec(), false);
    assert_eq!(asked, ["representations.why_not", "recipients.0.name.family~", "recipients.0.name.given"]);
}

#[test]
fn what_is_refused_is_asked_again_and_nothing_else() {
    let kind = ActionKind::Interview;
    let place = Path::from("interview");
    let need = |problem: Problem| Need::of(&problem, &place, &kind.answers().unwrap());
    let mut given = Node::map();
    asked_in_turn(kind, &mut given, Vec::new(), true);
    for (problem, expected) in [
        (Problem::invalid("interview.identity.0.kind", "must be one of"), vec!["identity.0.kind"]),
        (Problem::invalid("interview.at", "lies in the future"), vec!["at~"]),
        (
            Problem::rule("interview.warnings.confidentiality", "I1", "given"),
            vec!["warnings.confidentiality"],
        ),
        (Problem::missing("interview.address_proof"), vec!["address_proof"]),
    ] {
        let asked = asked_in_turn(kind, &mut given.clone(), vec![need(problem).unwrap()], false);
        assert_eq!(asked, expected);
    }
    for problem in [
        Problem::invalid("interview", "must be keys with values"),
        Problem::rule("withdrawal", "S5", "the applicant left"),
        Problem::new("interview.identiy", Fault::UnknownKey(vec![])),
        Problem::new("interview.identity", Fault::UnknownKey(vec![])),
        Problem::missing("interviewer"),
    ] {
        assert_eq!(need(problem.clone()), None, "{problem}");
    }
}

#[test]
fn an_item_can_be_taken_out_or_answered_again() {
    let kind = ActionKind::New;
    let item = |name: &str| Node::Map(vec![("given".into(), Node::text(name))]);
    let aliases = Path::from("subject.aliases");
    let mut given = Node::map();
    given.set(&aliases, Node::List(vec![item("A"), item("B")]));
    let first = |given: &Node, progress: &Progress| {
        Plan { kind, shape: kind.answers().unwrap(), given, progress }.next()
    };
    let mut progress = Progress::default();
    progress.begin(vec![Need::to_change(aliases.clone())], false);
    let mend = first(&given, &progress).unwrap();
    assert_eq!((mend.asks, &mend.path), (Asks::Mend, &aliases));
    let (mut with, mut more) = (given.clone(), progress.clone());
    put::take(&mut more, &mut with, &mend, Reply::Yes);
    assert_eq!(first(&with, &more).unwrap().path, Path::from("subject.aliases.2.family"));
    put::take(&mut progress, &mut given, &mend, Reply::Out(Some(0)));
    assert_eq!(given.at(&aliases), Some(&Node::List(vec![item("B")])));
    assert_eq!(first(&given, &progress), None);
    progress.begin(vec![Need::to_change(aliases.index(0))], false);
    let mend = first(&given, &progress).unwrap();
    put::take(&mut progress, &mut given, &mend, Reply::Again);
    let again = first(&given, &progress).unwrap();
    assert_eq!((again.asks, &again.path), (Asks::Value, &Path::from("subject.aliases.0.family")));
    progress.begin(vec![Need::to_change(aliases.index(0))], false);
    given.set(&aliases.index(0), item("B"));
    let mend = first(&given, &progress).unwrap();
    put::take(&mut progress, &mut given, &mend, Reply::Out(None));
    assert_eq!(given.at(&aliases), None, "a list without items is no list");
}

#[test]
fn lists_of_the_force_and_people_are_offered() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings();
    for (path, list) in [
        ("check.system", Some(List::Systems)),
        ("checks.9wq1.system", Some(List::Systems)),
        ("interview.identity.0.kind", Some(List::Identity)),
        ("interview.address_proof", Some(List::Identity)),
        ("interview.relationship_proof", Some(List::Relationship)),
        ("decision.consulted.1.agency", Some(List::Agencies)),
        ("referral.to", Some(List::Agencies)),
        ("link.to", None),
        ("check.reference", None),
        ("applicant.phone", None),
    ] {
        assert_eq!(list_for(&Path::from(path)), list, "{path}");
    }
    let labels = |kind, shape, path: &str| -> Vec<String> {
        let offered =
            choices::choices(&setting(kind, &settings, dir.path()), shape, &Path::from(path), &Node::map());
        offered.into_iter().flatten().map(|choice| choice.label).collect()
    };
    assert_eq!(labels(ActionKind::Check, Shape::Line, "system")[3], "local intelligence");
    assert_eq!(labels(ActionKind::Check, Shape::Person, "agreed_by"), ["M. Reid (m.reid)"]);
    assert_eq!(labels(ActionKind::Extend, Shape::Person, "authorised_by"), ["M. Reid (m.reid)"]);
    assert_eq!(labels(ActionKind::Check, Shape::Line, "reference"), Vec::<String>::new());
}
