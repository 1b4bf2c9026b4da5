//! What counts as what.

use super::*;

const YEAR: (&str, &str) = ("2025-01-01", "2025-12-31");

fn total(facts: Vec<Facts>, basis: Basis, key: &str) -> Cell {
    let figures = count(facts, &question(basis, Split::Route, YEAR)).unwrap();
    *row(&figures, Route::RightToAsk, key).last().unwrap()
}

#[test]
fn n1_n2_each_count_counts_what_it_says() {
    let base = || received("2025-03-01T10:00:00Z");
    let then = || Some(at("2025-03-03T10:00:00Z"));
    let made = |conviction| vec![Made { at: at("2025-04-01T10:00:00Z"), conviction }];
    let decided = |outcome| Facts { decided: then().zip(Some(outcome)), ..base() };
    let of = |reason| closed(base(), "2025-03-09T10:00:00Z", reason);
    let both = [made(true), made(false)].concat();
    let table: Vec<(&str, Facts)> = vec![
        ("received", base()),
        ("registered_sex_offender", Facts { registered: true, ..base() }),
        ("disclosed", Facts { disclosures: made(true), ..base() }),
        ("disclosed_conviction", Facts { disclosures: made(true), ..base() }),
        ("disclosed_other", Facts { disclosures: both, ..base() }),
        ("passed_screening", Facts { screened: then(), ..base() }),
        ("interviewed", Facts { interviewed: then(), ..base() }),
        ("third_party", Facts { third_party: true, ..base() }),
        ("assessed", Facts { assessed: then(), ..base() }),
        ("decided", decided(DecisionOutcome::NothingToDisclose)),
        ("decided_disclose", decided(DecisionOutcome::Disclose)),
        ("decided_disclose_other", decided(DecisionOutcome::DiscloseOther)),
        ("held_not_disclosed", decided(DecisionOutcome::DoNotDisclose)),
        ("nothing_to_disclose", decided(DecisionOutcome::NothingToDisclose)),
        ("urgent", Facts { urgent: then().into_iter().collect(), ..base() }),
        ("referred", Facts { referrals: then().into_iter().chain(then()).collect(), ..base() }),
        ("extended", Facts { extensions: then().into_iter().collect(), ..base() }),
        ("withdrew", Facts { withdrawn: then(), ..base() }),
        ("rerouted", Facts { rerouted: then(), ..base() }),
        ("reopened", Facts { reopened: then().into_iter().collect(), ..base() }),
        ("closed", of(ClosureReason::Disclosed)),
        ("closed_early", of(ClosureReason::Duplicate)),
        ("closed_duplicate", of(ClosureReason::Duplicate)),
        ("closed_withdrawn", of(ClosureReason::Withdrawn)),
        ("completed", of(ClosureReason::Disclosed)),
    ];
    for (key, facts) in table {
        let plain = received("2025-05-01T10:00:00Z");
        let expected = if key == "received" { 2 } else { 1 };
        assert_eq!(total(vec![facts, plain], Basis::Received, key), Cell::Count(expected), "{key}");
    }
    assert_eq!(total(vec![base()], Basis::Received, "open"), Cell::Count(1));
    assert_eq!(total(vec![of(ClosureReason::Disclosed)], Basis::Received, "closed_early"), Cell::Count(0));
}

#[test]
fn n2_days_are_local_and_bands_meet_without_a_gap() {
    // Received late on a summer evening that is the next day in London.
    let taking = |days: i64| {
        let done = at("2025-06-01T23:30:00Z").plus_seconds(days * 86_400).to_string();
        closed(received("2025-06-01T23:30:00Z"), &done, ClosureReason::NothingToDisclose)
    };
    let bands = ["days_0_20", "days_21_28", "days_29_35", "days_36_45", "days_over_45", "over_28"];
    for (days, band, over) in [
        (0, 0, 0),
        (20, 0, 0),
        (21, 1, 0),
        (28, 1, 0),
        (29, 2, 1),
        (35, 2, 1),
        (36, 3, 1),
        (45, 3, 1),
        (46, 4, 1),
    ] {
        for (index, key) in bands.iter().enumerate() {
            let expected = if index == 5 { over } else { u64::from(index == band) };
            assert_eq!(
                total(vec![taking(days)], Basis::Received, key),
                Cell::Count(expected),
                "{days} {key}"
            );
        }
    }
    let three = || vec![taking(10), taking(11), taking(50)];
    assert_eq!(total(three(), Basis::Received, "mean_days"), Cell::Days(237));
    assert_eq!(total(three(), Basis::Received, "median_days"), Cell::Days(110));
    assert_eq!(total(three(), Basis::Received, "longest_days"), Cell::Days(500));
    assert_eq!(total(vec![taking(10), taking(11)], Basis::Received, "median_days"), Cell::Days(105));
    for key in ["mean_days", "median_days", "longest_days", "third_party_share"] {
        assert_eq!(total(vec![received("2025-06-01T10:00:00Z")], Basis::Received, key), Cell::Nothing);
    }
}

#[test]
fn c5_original_and_extended_dates_are_counted_beside_one_another() {
    let clocked = |met: Option<&str>, extended: Option<&str>| {
        let mut facts = received("2025-03-01T10:00:00Z");
        facts.clocks[2].met_at = met.map(at);
        facts.clocks[2].extended_to = extended.map(at);
        facts
    };
    let running = Facts { ..received("2025-03-01T10:00:00Z") };
    let cases = [
        ("met_original", clocked(Some("2025-03-10T10:00:00Z"), None)),
        ("met_original", clocked(Some("2025-03-10T10:00:00Z"), Some("2025-04-20T10:00:00Z"))),
        ("met_extended", clocked(Some("2025-04-10T10:00:00Z"), Some("2025-04-20T10:00:00Z"))),
        ("missed", clocked(Some("2025-04-10T10:00:00Z"), None)),
        ("missed", clocked(Some("2025-05-10T10:00:00Z"), Some("2025-04-20T10:00:00Z"))),
        ("overdue", running),
    ];
    for (state, facts) in cases {
        for (ending, ..) in STANDS {
            let found = total(vec![facts.clone()], Basis::Received, &format!("whole_{ending}"));
            assert_eq!(found, Cell::Count(u64::from(ending == state)), "{state} {ending}");
        }
    }
}

#[test]
fn t2_the_routes_are_apart_and_what_has_no_meaning_is_no_zero() {
    let known = Facts { route: Route::RightToKnow, ..received("2025-02-01T10:00:00Z") };
    let asked = received("2025-02-01T10:00:00Z");
    let figures =
        count([known, asked.clone(), asked], &question(Basis::Received, Split::Route, YEAR)).unwrap();
    assert_eq!(row(&figures, Route::RightToAsk, "received"), [Cell::Count(2)]);
    assert_eq!(row(&figures, Route::RightToKnow, "received"), [Cell::Count(1)]);
    assert_eq!(row(&figures, Route::RightToKnow, "interviewed"), [Cell::NoMeaning]);
}

#[test]
fn splits_have_no_gap_and_add_up() {
    let cases = || {
        ["2024-12-31T23:00:00Z", "2025-01-31T10:00:00Z", "2025-03-31T23:30:00Z", "2026-01-01T00:00:00Z"]
            .map(received)
    };
    let months =
        count(cases(), &question(Basis::Received, Split::Month, ("2025-01-01", "2025-05-31"))).unwrap();
    assert_eq!(months.columns, ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]);
    // Half past eleven at night in UTC is the next day in the summer.
    assert_eq!(row(&months, Route::RightToAsk, "received"), [1, 0, 0, 1, 0, 2].map(Cell::Count));
    let all = Period::everything().unwrap();
    let open = Question { period: all, ..question(Basis::Received, Split::Year, YEAR) };
    assert_eq!(count(cases(), &open).unwrap().columns, ["2024", "2025", "2026"]);
    assert_eq!(count(Vec::new(), &open).unwrap().columns, [""; 0]);
    // The future has no columns.
    let ahead = question(Basis::Received, Split::Quarter, ("2026-01-01", "2027-12-31"));
    assert_eq!(count(cases(), &ahead).unwrap().columns, ["2026-Q1", "2026-Q2"]);
    let channels = count(cases(), &question(Basis::Received, Split::Channel, YEAR)).unwrap();
    assert_eq!(channels.columns.len(), Channel::ALL.len());
    let long = question(Basis::Received, Split::Month, ("0002-01-01", "2025-12-31"));
    assert!(count(cases(), &long).err().unwrap().contains("more than 1200 columns"));
}

#[test]
fn what_was_done_counts_by_its_own_day() {
    let facts = Facts {
        referrals: vec![at("2025-01-05T10:00:00Z"), at("2025-02-05T10:00:00Z"), at("2026-02-05T10:00:00Z")],
        disclosures: vec![Made { at: at("2025-02-07T10:00:00Z"), conviction: false }],
        decided: Some((at("2025-02-06T10:00:00Z"), DecisionOutcome::DiscloseOther)),
        ..closed(received("2024-12-20T10:00:00Z"), "2025-02-08T10:00:00Z", ClosureReason::DisclosedOther)
    };
    let figures = count([facts], &question(Basis::Done, Split::Month, ("2025-01-01", "2025-03-31"))).unwrap();
    for (key, expected) in [
        ("received", [0, 0, 0, 0]),
        ("referrals", [1, 1, 0, 2]),
        ("decisions", [0, 1, 0, 1]),
        ("disclosures", [0, 1, 0, 1]),
        ("disclosures_other", [0, 1, 0, 1]),
        ("disclosures_conviction", [0, 0, 0, 0]),
        ("closures", [0, 1, 0, 1]),
        ("completed", [0, 1, 0, 1]),
        ("days_over_45", [0, 1, 0, 1]),
    ] {
        assert_eq!(row(&figures, Route::RightToAsk, key), expected.map(Cell::Count), "{key}");
    }
    assert_eq!(row(&figures, Route::RightToAsk, "longest_days").last(), Some(&Cell::Days(500)));
}
