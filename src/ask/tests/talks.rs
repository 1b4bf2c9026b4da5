//! Whole conversations, and what becomes of the answers. A script stands in for the person; each line of it names the
//! question that it expects.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::*;
use crate::domain::reference::Chance;
use crate::domain::scalars::{Fill, PersonId};
use crate::domain::time::Zone;
use crate::domain::workflow::{self, Moment};

/// The answers of a person, and what was said to them.
#[derive(Default)]
struct Script {
    lines: VecDeque<(&'static str, &'static str)>,
    question: String,
    said: Vec<String>,
    offered: Vec<String>,
    /// How many times what was typed before was thrown away.
    discarded: usize,
}

struct Scripted(Rc<RefCell<Script>>);

impl Scripted {
    /// The next answer, which must be to the question that was just put.
    fn answer(&self, question: &str) -> Result<&'static str, Stop> {
        let mut script = self.0.borrow_mut();
        let asked = question.to_owned();
        let (expected, answer) =
            script.lines.pop_front().unwrap_or_else(|| panic!("nobody expected the question {asked:?}"));
        let words = asked.rsplit_once("] ").map_or(asked.as_str(), |(_, words)| words);
        assert!(
            words.starts_with(expected) || asked.starts_with(expected),
            "expected {expected:?}, was asked {asked:?}"
        );
        if answer == "^C" { Err(Stop::Left) } else { Ok(answer) }
    }
}

impl Terminal for Scripted {
    fn width(&self) -> usize {
        60
    }

    fn say(&mut self, tone: Tone, text: &str) -> Result<(), Stop> {
        let mut script = self.0.borrow_mut();
        if tone == Tone::Strong {
            script.question = text.to_owned();
        }
        script.said.push(text.to_owned());
        Ok(())
    }

    fn line(&mut self, text: &str, _: bool) -> Result<String, Stop> {
        let question = self.0.borrow().question.clone();
        self.0.borrow_mut().offered.push(text.to_owned());
        self.answer(&question).map(str::to_owned)
    }

    fn choose(&mut self, labels: &[String]) -> Result<Option<usize>, Stop> {
        let question = match labels[0].as_str() {
            "Record it" => "AGREED?".to_owned(),
            _ => self.0.borrow().question.clone(),
        };
        let answer = self.answer(&question)?;
        if answer == "<" {
            return Ok(None);
        }
        let found = labels.iter().position(|label| label.trim_start().starts_with(answer));
        Ok(Some(found.unwrap_or_else(|| panic!("{question}: no {answer:?} in {labels:?}"))))
    }

    fn discard(&mut self) -> Result<(), Stop> {
        self.0.borrow_mut().discarded += 1;
        Ok(())
    }

    fn edit(&mut self, name: &str, text: &str) -> Result<String, Stop> {
        if name.contains("broken") {
            return Err(Stop::Failed(Error::new(Kind::System, "the editor could not be started")));
        }
        Ok(format!("{text}edited\ntext\n"))
    }
}

fn fill() -> Fill {
    let now = "2026-03-02T09:15:00Z".parse().unwrap();
    Fill {
        actor: PersonId::new("r.patel").unwrap(),
        now,
        today: Zone::LONDON.day(now),
        chance: RefCell::new(Chance::from_seed(1)),
        used: RefCell::default(),
        taken: Rc::default(),
    }
}

/// Holds a conversation as the commands do, all problems being those of reading and of opening a case.
fn converse(
    kind: ActionKind,
    given: &mut Node,
    dir: &FilePath,
    lines: &[(&'static str, &'static str)],
) -> (Result<(), Error>, Rc<RefCell<Script>>) {
    let settings = settings();
    let script =
        Rc::new(RefCell::new(Script { lines: lines.iter().copied().collect(), ..Script::default() }));
    let result = (|| {
        let terminal = Box::new(Scripted(Rc::clone(&script)));
        let mut conversation = Conversation::on(setting(kind, &settings, dir), terminal, None, given)?;
        let reference = "KP-26-7K3QF4".parse().unwrap();
        let moment = Moment { now: fill().now, actor: fill().actor };
        for _ in 0..20 {
            let problems = match kind.read(given, &fill(), Some(&reference)) {
                Err(problems) => problems,
                Ok(action) if kind == ActionKind::New => {
                    match workflow::apply(None, &action, &moment, &settings) {
                        Err(Refusal::Problems(problems)) => problems,
                        _ => Vec::new(),
                    }
                }
                Ok(_) => Vec::new(),
            };
            if problems.is_empty() {
                if conversation.agreed(given, &|_| Vec::new())? {
                    return Ok(());
                }
            } else {
                assert!(conversation.can_mend(&problems), "{problems:?}");
                conversation.ask(given, &problems, &|_| Vec::new())?;
            }
        }
        panic!("the conversation does not end")
    })();
    if result.is_ok() {
        assert_eq!(script.borrow().lines, [], "not everything was asked");
    }
    (result, script)
}

fn text_at<'n>(given: &'n Node, path: &str) -> Option<&'n str> {
    given.at(&Path::from(path)).and_then(Node::as_text)
}

#[test]
fn a_new_application_is_asked_for_in_the_order_of_the_work() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    let (result, script) = converse(
        ActionKind::New,
        &mut given,
        dir.path(),
        &[
            ("By which route", "Right to ask"),
            ("When was the application received", ""),
            ("By which channel", "Telephone"),
            ("Family name", "Example"),
            ("Given names", ""),
            ("The applicant's date of birth", "17 April 1988"),
            ("The applicant's address", ""),
            ("The applicant's telephone", "01632 960001"),
            ("The applicant's e-mail", ""),
            ("What is the applicant to the child", "Parent"),
            ("Which way of reaching them is safe", "Telephone"),
            ("When, and what to beware", ""),
            ("May letters be sent", "n"),
            ("Family name", "Placeholder"),
            ("Given names", "Sam"),
            ("Other names the subject uses or used: add one?", "y"),
            ("Family name", ""),
            ("Given names", "Sammy"),
            ("Other names the subject uses or used (1 so far): another?", "n"),
            ("The subject's date of birth", ""),
            ("The subject's addresses: add one?", "n"),
            ("What the subject does", ""),
            ("What is the subject to the applicant", "(leave it out)"),
            ("The children", "y"),
            ("Family name", ""),
            ("Given names", "Charlie"),
            ("The child's date of birth", ""),
            ("What contact does the subject have", "Lives with"),
            ("What is the child to the subject", "None"),
            ("Does the child's mother know", "Yes"),
            ("Does the child's father know", "Not known"),
            ("The children (1 so far): another?", "n"),
            ("The concern", ""),
            ("AGREED?", "Record it"),
        ],
    );
    assert_eq!(result, Ok(()));
    for (path, text) in [
        ("route", "right_to_ask"),
        ("received.channel", "phone"),
        ("applicant.date_of_birth", "1988-04-17"),
        ("applicant.safe_contact.method", "phone"),
        ("subject.aliases.0.given", "Sammy"),
        ("children.0.parents_aware.father", "unknown"),
        ("concern", "edited\ntext"),
    ] {
        assert_eq!(text_at(&given, path), Some(text), "{path}");
    }
    let script = script.borrow();
    assert!(script.said.contains(&"= Sun 17 April 1988".to_owned()), "a day is shown as it was understood");
    assert!(
        script.said.contains(&"[applicant name] Family name".to_owned()),
        "the part of the record is named"
    );
    let summary = script.said.iter().rfind(|text| text.contains("Your answers")).unwrap();
    for line in [
        "Every clock starts then\n    now\n",
        "the child?\n    Parent\n",
        "    1.\n      Given names\n        Sammy\n",
    ] {
        assert!(summary.contains(line), "{line:?} is not in {summary}");
    }
    assert!(drafts::read(dir.path(), "r.patel-x").unwrap().is_some(), "the draft stays until the commit");
}

#[test]
fn that_no_child_is_named_is_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    for (path, word) in [("route", "right_to_know"), ("received.channel", "internal")] {
        given.set(&Path::from(path), Node::text(word));
    }
    let (result, _) = converse(
        ActionKind::New,
        &mut given,
        dir.path(),
        &[
            ("When was the application received", "1 March 2026 17:00"),
            ("Family name", ""),
            ("Given names", ""),
            ("Other names", "n"),
            ("The subject's date of birth", ""),
            ("The subject's addresses", "n"),
            ("What the subject does", "driver"),
            ("What is the subject to the applicant", "(leave it out)"),
            ("Anything else by which the subject can be recognised", "tall"),
            ("The children", "n"),
            ("The concern", "held"),
            ("AGREED?", "Record it"),
        ],
    );
    assert_eq!(result, Ok(()));
    assert_eq!(given.get("children"), Some(&Node::List(Vec::new())));
    assert_eq!(given.at(&Path::from("subject.name")), None);
}

#[test]
fn only_what_is_missing_is_asked_and_nothing_where_nothing_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    for (key, node) in [
        ("immediate_risk", Node::Bool(false)),
        ("within_scheme", Node::Bool(true)),
        ("reason", Node::text("fits")),
    ] {
        given.set(&Path::root().key(key), node);
    }
    let whole = given.clone();
    assert_eq!(converse(ActionKind::Screen, &mut given, dir.path(), &[]).0, Ok(()));
    assert_eq!(given, whole);
    assert!(!dir.path().join("drafts").exists(), "no draft where nothing was asked");
    given.remove(&Path::from("within_scheme"));
    let lines = [("Is the application within the scheme", "y"), ("AGREED?", "Record it")];
    assert_eq!(converse(ActionKind::Screen, &mut given, dir.path(), &lines).0, Ok(()));
    assert_eq!(given.get("within_scheme"), Some(&Node::Bool(true)));
}

#[test]
fn going_back_takes_answers_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    let (result, script) = converse(
        ActionKind::Screen,
        &mut given,
        dir.path(),
        &[
            ("Is a child at immediate risk", "<"),
            ("Is a child at immediate risk", "n"),
            ("Is the application within", "y"),
            ("Why?", "<"),
            ("Is the application within", "<"),
            ("Is a child at immediate risk", "y"),
            ("Is the application within", "n"),
            ("Why?", "?"),
            ("Why?", "  "),
            ("AGREED?", "Change an answer"),
            ("Which answer?", "When it was screened"),
            ("When it was screened", "<"),
            ("Why?", "because"),
            ("AGREED?", "Record it"),
        ],
    );
    assert_eq!(result, Ok(()));
    assert_eq!(given.get("immediate_risk"), Some(&Node::Bool(true)));
    assert_eq!(given.get("within_scheme"), Some(&Node::Bool(false)));
    assert_eq!(text_at(&given, "reason"), Some("because"));
    let offered = script.borrow().offered.last().cloned();
    assert_eq!(offered.as_deref(), Some("edited\ntext"), "what is gone back to is offered again");
    let said = script.borrow().said.join("\n");
    assert!(said.contains("This is the first question."));
    assert!(said.contains("In a file: screening.reason"), "? explains");
}

#[test]
fn an_answer_can_be_changed_before_it_is_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    let (result, script) = converse(
        ActionKind::Screen,
        &mut given,
        dir.path(),
        &[
            ("Is a child at immediate risk", "n"),
            ("Is the application within", "y"),
            ("Why?", "becuase"),
            ("AGREED?", "Change an answer"),
            ("Which answer?", "<"),
            ("AGREED?", "Change an answer"),
            ("Which answer?", "Why?"),
            ("Why?", "because"),
            ("AGREED?", "Change an answer"),
            ("Which answer?", "When it was screened"),
            ("When it was screened", "yesterday"),
            ("When it was screened", "1 March 2026 23:59"),
            ("AGREED?", "Record it"),
        ],
    );
    assert_eq!(result, Ok(()));
    assert_eq!(text_at(&given, "reason"), Some("because"));
    assert_eq!(text_at(&given, "at"), Some("2026-03-01T23:59:00Z"));
    let script = script.borrow();
    assert_eq!(script.offered, ["", "", "", "becuase", "", "yesterday"], "what was typed is kept");
    assert!(script.said.contains(&"= Sun 1 March 2026, 23:59 GMT".to_owned()));
}

#[test]
fn a_rule_that_is_broken_is_asked_again_where_the_person_was_asked() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings();
    let problem = Problem::rule("decision.outcome", "O1", "must be something else");
    let elsewhere = Problem::rule("checks.pnc", "K2", "the check is missing");
    let script = Rc::new(RefCell::new(Script::default()));
    let mut given = Node::map();
    let terminal = Box::new(Scripted(Rc::clone(&script)));
    let setting = setting(ActionKind::Decide, &settings, dir.path());
    let mut conversation = Conversation::on(setting, terminal, None, &mut given).unwrap();
    assert!(!conversation.can_mend(std::slice::from_ref(&problem)), "what flags say is refused");
    script.borrow_mut().lines =
        VecDeque::from([("What is decided", "Disclose: conviction"), ("Test (a)", "^C")]);
    assert!(conversation.ask(&mut given, &[Problem::missing("decision.outcome")], &|_| Vec::new()).is_err());
    assert!(conversation.can_mend(std::slice::from_ref(&problem)));
    assert!(!conversation.can_mend(&[problem, elsewhere.clone()]));
    let refused = conversation.ask(&mut given, &[elsewhere], &|_| Vec::new()).unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
}

#[test]
fn what_was_answered_is_kept_when_it_is_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = Node::map();
    let stop = [("Is a child at immediate risk", "n"), ("Is the application within", "y"), ("Why?", "^C")];
    let stopped = converse(ActionKind::Screen, &mut given, dir.path(), &stop).0.unwrap_err();
    assert_eq!(stopped.message, "stopped: nothing was recorded");
    assert_eq!(
        stopped.hint.as_deref(),
        Some("your answers are kept; the same command again goes on from there")
    );
    let mut given = Node::Map(vec![("within_scheme".into(), Node::Bool(false))]);
    let again = [
        ("KP-26-7K3QF4: screen", "Look"),
        ("KP-26-7K3QF4: screen", "Go on"),
        ("Why?", "because"),
        ("AGREED?", "Stop, keep"),
    ];
    let (stopped, script) = converse(ActionKind::Screen, &mut given, dir.path(), &again);
    assert!(stopped.unwrap_err().hint.is_some());
    assert!(
        script
            .borrow()
            .said
            .iter()
            .any(|text| text.contains("immediate risk? (S3)  no")
                || text.contains("immediate risk? (S3)\n  no"))
    );
    assert_eq!(given.get("within_scheme"), Some(&Node::Bool(false)), "what is given wins");
    let again = [("KP-26-7K3QF4: screen", "Go on"), ("AGREED?", "Stop, throw")];
    let thrown = converse(ActionKind::Screen, &mut Node::map(), dir.path(), &again).0.unwrap_err();
    assert_eq!(thrown.hint, None);
    assert_eq!(drafts::read(dir.path(), "r.patel-x"), Ok(None));
    let stopped =
        converse(ActionKind::Screen, &mut Node::map(), dir.path(), &[("Is a child", "^C")]).0.unwrap_err();
    assert_eq!(stopped.hint, None, "nothing was kept, and nothing is said to be");
}
