//! Expressions, as tables.

use super::*;
use crate::domain::clocks::ClockName;
use crate::domain::row::{Pressing, Turn};
use crate::domain::scalars::PersonId;

fn row() -> Row {
    Row {
        reference: "KP-26-7K3QF4".parse().unwrap(),
        stage: Stage::Interview,
        route: Route::RightToAsk,
        owner: Some(PersonId::new("d.osei").unwrap()),
        channel: Channel::Phone,
        received: "2026-03-02T09:15:00Z".parse().unwrap(),
        outcome: None,
        risk: Some(Risk::High),
        urgent: false,
        pressing: Some(Pressing {
            clock: ClockName::Interview,
            due: "2026-03-12T23:59:59Z".parse().unwrap(),
        }),
        turns: vec![Turn { from: None, next: Some(ActionKind::Interview) }],
    }
}

fn today() -> Day {
    Day::new(2026, 3, 10).unwrap()
}

/// Whether the row fits at noon of [`today`].
fn fits(expression: &str) -> bool {
    let query = parse(expression, today()).unwrap_or_else(|fault| panic!("{expression}: {fault:?}"));
    query.fits(&row(), "2026-03-10T12:00:00Z".parse().unwrap(), Zone::LONDON)
}

#[test]
fn every_word_must_hold() {
    for expression in [
        "",
        "  ",
        "stage:interview",
        "stage=interview,decision",
        "stage<decision stage>=interview stage<=interview stage>initial_checks",
        "-stage:closed -closed open",
        "owner:d.osei",
        "owner:m.reid,d.osei",
        "route:right_to_ask channel:phone",
        "outcome:none",
        "-outcome:disclose",
        "risk>=high",
        "risk:high,none",
        "risk<very_high",
        "received:2026-03-02 received:2026-03 received:2026 received:2026-01-01..2026-03-02",
        "received:..2026-03-02 received:2026-03.. received<today received<=2026-03 received>2026-02",
        "due<2026-12-01 due>today due:2026-03-12",
        "-due<2026-03-12 -overdue -urgent",
        "age:8 age>7 age<=8 age:0..20",
        "next:interview next:interview,none",
        "\tstage:interview \u{a0} owner:d.osei ",
    ] {
        assert!(fits(expression), "{expression}");
    }
    for expression in [
        "stage:closed",
        "closed",
        "-open",
        "overdue",
        "urgent",
        "owner:none",
        "-owner:d.osei",
        "risk>high",
        "risk:none",
        "-risk:high",
        "received:2025",
        "due:..2026-03-11",
        "age>8",
        "next:none",
        "stage:interview urgent",
        "outcome:do_not_disclose",
    ] {
        assert!(!fits(expression), "{expression}");
    }
}

#[test]
fn what_is_not_there_has_no_order() {
    let bare = Row { risk: None, pressing: None, owner: None, ..row() };
    for (expression, wanted) in [
        ("risk<=low", false),
        ("risk>=low", false),
        ("risk:none", true),
        ("due<2030", false),
        ("-due<2030", true),
        ("owner:none", true),
        ("overdue", false),
    ] {
        let query = parse(expression, today()).unwrap();
        let now = "2026-03-10T12:00:00Z".parse().unwrap();
        assert_eq!(query.fits(&bare, now, Zone::LONDON), wanted, "{expression}");
    }
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    for (expression, under, what) in [
        ("stag:interview", "stag", "is no key"),
        ("stage:interview foo", "foo", "is no key"),
        ("stage:interviw", "interviw", "must be one of initial_checks"),
        ("stage:interview,x", "x", "must be one of"),
        ("stage:,interview", "", "a value is missing"),
        ("stage:", "", "a value is missing"),
        ("stage", "", "a value is missing"),
        ("-", "", "a key is missing"),
        (":x", "", "a key is missing"),
        ("urgent:yes", ":", "stands alone"),
        ("owner>d.osei", ">", "has no order"),
        ("owner:D.Osei", "D.Osei", "must be a person's id"),
        ("stage!=closed", "!", "is no comparison"),
        ("risk>=none", "none", "has no order"),
        ("risk<low,high", "high", "only `:` takes several"),
        ("due<2026-13", "2026-13", "must be a day like"),
        ("due:2026-02-30", "2026-02-30", "must be a day like"),
        ("due:..", "..", "must be a day like"),
        ("due:2026-03..2026-02", "2026-03..2026-02", "must begin before"),
        ("due<2026-03..2026-04", "2026-03..2026-04", "only `:` takes days from"),
        ("age>old", "old", "must be whole days"),
        ("age:5..2", "5..2", "must begin before"),
        ("risk:h\u{f6}ch", "h\u{f6}ch", "must be one of low"),
        ("\u{e9}: stage:x", "\u{e9}", "is no key"),
    ] {
        let fault = parse(expression, today()).unwrap_err();
        let pointed: String = expression.chars().skip(fault.at).take(fault.length).collect();
        assert!(
            pointed.starts_with(under) && (under.is_empty() || pointed == under),
            "{expression}: {fault:?}"
        );
        assert!(fault.what.contains(what), "{expression}: {fault:?}");
        assert!(fault.at <= expression.chars().count() && fault.length > 0, "{expression}: {fault:?}");
    }
}

#[test]
fn what_is_narrowed_leaves_nothing_out() {
    let now = "2026-03-13T12:00:00Z".parse().unwrap();
    for expression in ["overdue", "open", "stage:interview overdue", "-closed", "-overdue", "-open overdue"] {
        let query = parse(expression, today()).unwrap();
        let narrow = query.narrow(now);
        if query.fits(&row(), now, Zone::LONDON) {
            assert!(narrow.due_before.is_none_or(|due| row().pressing.unwrap().due < due), "{expression}");
            assert!(!narrow.open || row().is_open(), "{expression}");
        }
    }
    assert_eq!(parse("-overdue", today()).unwrap().narrow(now), Narrow::default());
}

#[test]
fn a_denied_word_is_told_from_an_option() {
    for text in ["-urgent", "-stage:closed", "-due<2026", "-overdue risk:high", "-stage", "-urgent:x"] {
        assert!(is_denial(text), "{text}");
    }
    for text in ["-q", "--limit", "--overdue", "urgent", "-", "-x", "-qstage", "-stages:x", "-stage closed"] {
        assert!(!is_denial(text), "{text}");
    }
}
