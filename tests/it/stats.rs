//! `csods stats`: numbers with their definitions, the same again for the same day, nothing small in what is published.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::office::repository;
use crate::support::{APPLICATION, At, SCREENING, World};

/// The store of `cases.example/`, in one commit.
pub fn example() -> World {
    let world = World::bare();
    let mut files = BTreeMap::new();
    crate::examples::collect(&repository().join("cases.example"), "", &mut files);
    for (path, bytes) in files {
        world.write(&format!("store/{path}"), &String::from_utf8(bytes).unwrap());
    }
    world.git(&["init", "-q", "-b", "main", "."]);
    world.git(&["add", "-A"]);
    world.git(&["commit", "-q", "-m", "the example"]);
    world
}

/// Key and total of every count of a route, in order: `received 27`.
fn totals(answer: &Value, route: &str) -> Vec<String> {
    let routes = answer["routes"].as_array().unwrap();
    let of = routes.iter().find(|found| found["route"] == route).unwrap();
    let one = |count: &Value| {
        let total = &count["total"];
        let value = if total["hidden"] == true { "*".to_owned() } else { total["value"].to_string() };
        format!("{} {value}", count["key"].as_str().unwrap())
    };
    of["counts"].as_array().unwrap().iter().map(one).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(';').map(|word| word.trim().to_owned()).collect()
}

#[test]
fn n1_n2_the_example_store_has_these_figures() {
    let world = example();
    let now = "2026-03-20T12:00:00Z";
    let all = world.csods("stats --no-suppress").now(now).json();
    assert_eq!((&all["suppressed"], &all["suppressed_under"]), (&Value::Bool(false), &Value::Null));
    let expected = "received 27; registered_sex_offender 2; disclosed 3; passed_screening 18; interviewed 13; \
        third_party 5; third_party_share 38.5; assessed 12; decided 8; decided_disclose 2; \
        decided_disclose_other 2; held_not_disclosed 2; nothing_to_disclose 2; disclosed_conviction 2; \
        disclosed_other 1; urgent 2; referred 8; extended 1; withdrew 3; rerouted 1; reopened 1; open 12; \
        closed 15; closed_early 7; closed_no_specific_child 1; closed_subject_not_identifiable 1; \
        closed_employment_vetting 1; closed_identity_not_confirmed 1; closed_false_application 1; \
        closed_transferred 1; closed_duplicate 1; closed_withdrawn 1; closed_applicant_unreachable 1; \
        closed_safeguarding_action 1; completed 15; days_0_20 14; days_21_28 0; days_29_35 0; days_36_45 0; \
        days_over_45 1; over_28 1; mean_days 9.7; median_days 9.0; longest_days 49.0; \
        initial_checks_met_original 25; initial_checks_met_extended 0; initial_checks_missed 0; \
        initial_checks_overdue 1; interview_met_original 13; interview_met_extended 0; interview_missed 0; \
        interview_overdue 1; whole_met_original 14; whole_met_extended 0; whole_missed 1; whole_overdue 1";
    assert_eq!(totals(&all, "right_to_ask"), words(expected));
    let known = totals(&all, "right_to_know");
    assert_eq!(&known[..3], ["received 2", "registered_sex_offender 1", "disclosed 1"]);
    assert!(known.iter().all(|count| !count.starts_with("interview")), "{known:?}");

    let published = world.csods("stats").now(now).json();
    assert_eq!((&published["suppressed"], &published["suppressed_under"]), (&Value::Bool(true), &5.into()));
    let shown = totals(&published, "right_to_ask");
    assert!(
        shown.contains(&"received 27".to_owned()) && shown.contains(&"disclosed *".to_owned()),
        "{shown:?}"
    );
    // Fourteen of fifteen in the first band would say that one is in the others.
    for hidden in ["days_0_20 *", "over_28 *", "mean_days *", "longest_days *"] {
        assert!(shown.contains(&hidden.to_owned()), "{hidden} {shown:?}");
    }
    for count in shown.iter().chain(&totals(&published, "right_to_know")) {
        let value = count.rsplit(' ').next().unwrap();
        assert!(value.parse::<u64>().map_or(true, |value| value >= 5), "{count}");
    }
}

#[test]
fn the_figures_of_a_day_stay_what_they_were() {
    let world = World::at(At::Checked);
    let then = |now: &str, day: &str| {
        world.csods(&format!("stats --no-suppress --csv --as-of {day}")).now(now).done().stdout
    };
    let first = then("2026-03-02T20:00:00Z", "2026-03-02");
    let mut head = world.head();
    assert!(first.contains(&head), "{first}");
    // The day had not ended yet: clocks were read at that moment.
    let first = then("2026-03-03T08:00:00Z", "2026-03-02");
    world.csods("screen REF").now("2026-03-03T08:30:00Z").from(SCREENING).done();
    world.csods("new").now("2026-03-10T10:00:00Z").from(APPLICATION).opened();
    let settings = world.git(&["show", "HEAD:csods.toml"]);
    world.write("store/csods.toml", &settings.replace("suppress_under = 5", "suppress_under = 7"));
    world.csods("commit").by("m.reid").now("2026-03-11T10:00:00Z").done();
    assert_eq!(then("2026-04-01T12:00:00Z", "2026-03-02"), first);
    let after = then("2026-04-01T12:00:00Z", "2026-03-10");
    assert!(after.contains("right_to_ask,total,yearly_return,received,received,2,"), "{after}");
    head = world.head();
    assert!(!after.contains(&head));
    // The settings are those of then, too.
    let under = |line: &str| world.csods(line).now("2026-04-01T12:00:00Z").json()["suppressed_under"].clone();
    assert_eq!(under("stats --as-of 2026-03-10"), 5);
    assert_eq!(under("stats --as-of 2026-03-11"), 7);
    assert_eq!(under("stats"), 7);
    assert_eq!(under("stats --threshold 9"), 9);
}

#[test]
fn as_of_ends_before_the_first_commit_that_is_later_whatever_later_ones_say() {
    let world = World::at(At::Opened);
    let open = |seed: &str, now: &str| {
        let application = APPLICATION.replace("2026-03-02T09:15:00Z", now);
        world.csods("new").env("CSODS_SEED", seed).now(now).from(&application).opened();
    };
    open("21", "2026-03-20T10:00:00Z");
    open("22", "2026-03-21T10:00:00Z");
    let received = |line: &str| {
        let answer = world.csods(line).now("2026-04-01T12:00:00Z").json();
        let counts = &answer["routes"][0]["counts"];
        let row = counts.as_array().unwrap().iter().find(|row| row["key"] == "received").unwrap();
        (row["total"]["value"].as_u64().unwrap(), answer["backward"].clone())
    };
    let then = "stats --as-of 2026-03-10 --no-suppress";
    assert_eq!(received(then), (1, serde_json::json!([])));
    // A commit that is dated back does not bring what came before it into that day.
    world.csods("note REF").now("2026-03-05T10:00:00Z").from("text: x").recorded();
    let back = world.head();
    let (count, backward) = received(then);
    assert_eq!(count, 1);
    let named = serde_json::json!([
        {"commit": back, "at": "2026-03-05T10:00:00Z", "after": "2026-03-21T10:00:00Z"},
    ]);
    assert_eq!(backward, named);
    assert_eq!(received("stats --as-of 2026-03-21 --no-suppress"), (3, named));
    let said = format!("{} of 2026-03-05 after one of 2026-03-21", &back[..10]);
    let text = world.csods(then).now("2026-04-01T12:00:00Z").env("COLUMNS", "300").done().stdout;
    assert!(text.contains("The dates of 1 commit(s) run backwards") && text.contains(&said), "{text}");
    let csv = world.csods(&format!("{then} --csv")).now("2026-04-01T12:00:00Z").done();
    assert!(csv.stderr.contains(&said), "{}", csv.stderr);
    let page = world.csods("report --as-of 2026-03-21 --output -").now("2026-04-01T12:00:00Z").done().stdout;
    assert!(page.contains(&said), "{page}");
}

#[test]
fn a_day_that_the_history_does_not_have_is_refused() {
    let world = World::at(At::Opened);
    let early = world.csods("stats --as-of 2020-01-01").refused(3);
    assert!(early.stderr.contains("begins after 2020-01-01"), "{}", early.stderr);
    let late = world.csods("stats --as-of 2026-03-03").refused(2);
    assert!(late.stderr.contains("lies in the future"), "{}", late.stderr);
}

#[test]
fn what_is_for_publication_is_said_to_be_and_what_is_not_too() {
    let world = World::at(At::Closed);
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = words(world.csods("stats --year 2026").done().stdout);
    assert!(text.contains("counts under 5 are hidden") && !text.contains("NOT FOR"), "{text}");
    assert!(text.contains("WHAT IS COUNTED received * * Applications received in the"), "{text}");
    let text = world.csods("stats --year 2026 --no-suppress").done().stdout;
    assert!(text.contains("NOT FOR PUBLICATION"), "{text}");
    // Of two that contradict one another the last is meant.
    let text = world.csods("stats --no-suppress --suppress").done().stdout;
    assert!(!text.contains("NOT FOR PUBLICATION"), "{text}");
    let split = world.csods("stats --by month --period 2026-01-01.. --no-suppress").done().stdout;
    assert!(split.contains("2026-01") && split.contains("WHAT IS COUNTED"), "{split}");
    let done = world.csods("stats --count done --year 2026 --no-suppress").done().stdout;
    assert!(done.contains("What was done in the period") && done.contains("disclosures"), "{done}");
}

#[test]
fn every_row_for_a_spreadsheet_says_what_it_counts() {
    let world = World::at(At::Decision);
    let csv = world.csods("stats --csv --year 2026 --by quarter --no-suppress").done().stdout;
    assert_eq!(csv, world.csods("stats --format csv --year 2026 --by quarter --no-suppress").done().stdout);
    let header = csv.lines().next().unwrap();
    assert!(
        header.starts_with("route,column,section,key,label,value,unit,definition,count,from,to"),
        "{header}"
    );
    assert!(csv.contains("right_to_ask,2026-Q1,yearly_return,received,received,1,cases,"), "{csv}");
    assert_eq!(csv.matches(",Of those received: at least one disclosure").count(), 0, "{csv}");
    assert!(csv.contains(",\"Of those received: at least one disclosure was made"), "{csv}");
    let json = world.csods("stats --json --year 2026").done().stdout;
    assert_eq!(json, world.csods("stats --format json --year 2026").done().stdout);
    world.csods("stats --json --format csv").refused(2);
    world.csods("stats --json --csv").refused(2);
    // The short spellings are there for every command, and mean the same.
    assert_eq!(world.csods("list --csv").done().stdout, world.csods("list --format csv").done().stdout);
    world.csods("show REF --csv").refused(2);
}

#[test]
fn filters_narrow_what_is_counted_and_are_named() {
    let world = World::at(At::Decision);
    world.csods("new").from(APPLICATION).opened();
    let received = |filters: &str| {
        let answer = world.csods(&format!("stats --no-suppress {filters}")).json();
        totals(&answer, "right_to_ask")[0].clone()
    };
    for (filters, count) in [
        ("", 2),
        ("--stage decision", 1),
        ("--channel post", 0),
        ("--owner none", 0),
        ("--open", 2),
        ("--overdue", 0),
        ("--route right_to_know", 0),
        ("--received ..2026-03-01", 0),
        ("--outcome disclose", 0),
        ("--month 2026-03", 2),
        ("--month 2026-02", 0),
        ("--due 2026-03-03", 1),
    ] {
        assert_eq!(received(filters), format!("received {count}"), "{filters}");
    }
    let text = world.csods("stats --stage decision --open").done().stdout;
    assert!(text.contains("Only cases that fit --stage decision --open."), "{text}");
}

#[test]
fn fails_closed_and_refuses_what_means_nothing() {
    let world = World::at(At::Opened);
    for line in [
        "stats --year 25",
        "stats --month 2026-3",
        "stats --year 2026 --month 2026-03",
        "stats --period 2026-02-01..2026-01-01",
        "stats --by weekday",
        "stats --limit 3",
        "stats --threshold 0",
        "stats --threshold 5 --no-suppress",
        "stats --by month --period 0002-01-01..",
    ] {
        world.csods(line).refused(2);
    }
    world.write(&format!("store/{}", world.case_path()), "format: 1\n");
    world.git(&["commit", "-qam", "spoil"]);
    for line in ["stats", "report --output ../report.html"] {
        let ran = world.csods(line).refused(9);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(&world.case_path()), "{}", ran.stderr);
    }
    assert!(!fs::exists(world.dir().join("report.html")).unwrap());
}
