//! Facts of real files, and their line.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::domain::settings::Settings;
use crate::store::files::{read_case, read_settings};

/// The facts of the example cases, by their reference.
fn examples() -> Vec<(String, Facts)> {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases.example");
    let file = read_settings(&fs::read(store.join("csods.toml")).unwrap()).unwrap();
    let settings = Settings { file, calendars: Vec::new() };
    let facts = |path: &PathBuf| {
        let case = read_case(&fs::read(path).unwrap()).unwrap();
        (case.reference.to_string(), Facts::of(&case, &settings).unwrap())
    };
    files(&store.join("cases")).iter().map(facts).collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_line_gives_the_same_facts_back() {
    let facts = examples();
    assert!(facts.len() > 25);
    for (reference, facts) in facts {
        let line = facts.to_string();
        assert_eq!(line.parse::<Facts>().as_ref(), Ok(&facts), "{reference}: {line}");
        assert!(line.len() < 400, "{line}");
    }
    let full = Facts {
        owner: crate::domain::scalars::PersonId::new("d.osei").ok(),
        disclosures: vec![
            Made { at: at("2026-01-01T00:00:00Z"), conviction: true },
            Made { at: at("1969-01-01T00:00:00Z"), conviction: false },
        ],
        urgent: vec![at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")],
        ..received("2026-01-01T00:00:00Z")
    };
    assert_eq!(full.to_string().parse(), Ok(full));
}

#[test]
fn a_line_of_another_version_or_a_torn_one_is_refused() {
    let line = received("2026-01-01T00:00:00Z").to_string();
    let all_but_first = line.split_once('|').unwrap().1.to_owned();
    let mut wrong = vec![format!("2|{all_but_first}"), format!("{line}|"), String::new(), "1".to_owned()];
    wrong.extend((0..line.len()).map(|length| line[..length].to_owned()).filter(|torn| *torn != line));
    for torn in wrong {
        // The last flag of all may be torn off without a trace only where there was none.
        assert!(torn.parse::<Facts>().is_err() || torn.len() + 1 == line.len(), "{torn}");
    }
    assert!(line.replace("online", "onlíne").parse::<Facts>().is_err());
}

#[test]
fn what_was_done_counts_also_where_it_was_set_aside() {
    let facts: Vec<Facts> = examples().into_iter().map(|(_, facts)| facts).collect();
    let reopened: Vec<&Facts> = facts.iter().filter(|facts| !facts.reopened.is_empty()).collect();
    assert!(!reopened.is_empty());
    assert!(reopened.iter().all(|facts| facts.screened.is_some()));
    // T3: a case that went on under the right to know counts by the route it came in by.
    let rerouted: Vec<&Facts> = facts.iter().filter(|facts| facts.rerouted.is_some()).collect();
    assert!(!rerouted.is_empty() && rerouted.iter().all(|facts| facts.route == Route::RightToAsk));
}
