//! Damaged and hostile files: each is refused, at its place, with bounded work and without showing what it holds.
//!
//! `tests/broken/NAME.yaml` holds the file, `NAME.message` exactly what is said of it. To write the messages anew after
//! a change of wording, run with `CSODS_WRITE_MESSAGES=1` and read the difference.

use std::fs;
use std::path::Path;
use std::time::Duration;

use csods::domain::workflow::consistency;
use csods::store::files::{Finding, place_case, read_case};
use csods::store::yaml::{SIZE_LIMIT, parse_stored};

use crate::work::spent;

/// What is said of a file; `None` where it is taken.
type Refusal = fn(&[u8]) -> Option<String>;

fn reading(bytes: &[u8]) -> Option<String> {
    parse_stored(bytes).err().map(|fault| fault.to_string())
}

/// What is said, after checking that it took bounded work.
fn bounded(name: &str, bytes: &[u8], refusal: Refusal) -> Option<String> {
    let (message, work) = spent(|| refusal(bytes));
    assert!(work < Duration::from_secs(20), "{name} took {work:?}");
    message
}

/// Everything that is wrong with a case, a line a finding.
fn typing(bytes: &[u8]) -> Option<String> {
    let line = |finding: &Finding| format!("{}:{}: {}", finding.line, finding.column, finding.problem);
    let findings = match read_case(bytes) {
        Ok(case) => place_case(bytes, consistency::ids(&case)),
        Err(findings) => findings,
    };
    (!findings.is_empty()).then(|| findings.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Compares every file of the folder with its message; how many there are.
fn compare(folder: &str, refusal: Refusal) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
    let write = std::env::var_os("CSODS_WRITE_MESSAGES").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let said = bounded(&name, &fs::read(&path).unwrap(), refusal).unwrap_or("taken".to_owned());
        let message = path.with_extension("message");
        if write {
            crate::support::write(&message, format!("{said}\n").as_bytes());
        }
        let expected = fs::read_to_string(&message).unwrap_or_default();
        if expected.strip_suffix('\n') != Some(&said) || said == "taken" {
            wrong.push(format!("{name}\n  expected {expected:?}\n  said     {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    count
}

#[test]
fn every_broken_file_gives_its_message() {
    let count = compare("tests/broken", reading);
    assert!(count > 100, "only {count} files in tests/broken");
}

/// Files that are sound YAML and no case: `tests/broken/case`.
#[test]
fn every_broken_case_gives_all_its_messages() {
    let count = compare("tests/broken/case", typing);
    assert!(count >= 20, "only {count} files in tests/broken/case");
}

#[test]
fn large_hostile_files_are_refused_with_bounded_work() {
    let bomb: String = (1..10).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("{text}a{level}: &a{level} [{aliases}]\n")
    });
    let anchors: String = (0..20_000).map(|number| format!("- &a{number} x\n")).collect();
    let deep_keys: String = (0..700).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let duplicates: String =
        (0..60_000).map(|number| format!("k{number}: 1\n")).collect::<String>() + "k0: 2\n";
    for (name, text, place) in [
        ("size", "a".repeat(SIZE_LIMIT + 1), "1:1: larger than 1 MiB"),
        ("lists", "[".repeat(100_000), "1:65: nested too deep"),
        ("maps", "{a: ".repeat(100_000), "1:257: nested too deep"),
        ("dashes", "- ".repeat(100_000), "1:129: nested too deep"),
        ("keys", deep_keys, "65:65: nested too deep"),
        ("quotes", format!("a: \"{}", "x\n".repeat(500_000)), "1:4: the quote that opens here"),
        ("escapes", format!("a: \"{}", "\\\"".repeat(500_000)), "1:4: the quote that opens here"),
        ("commas", format!("a: [{}", ",".repeat(1_000_000)), "1:4: the bracket that opens here"),
        ("colons", format!("a: {{{}", ":".repeat(1_000_000)), "1:4: the bracket that opens here"),
        ("blank lines", "\n".repeat(SIZE_LIMIT), "1:1: nothing stands here"),
        ("spaces", format!("a: b{}c: d", "\n ".repeat(500_000)), "500001:2: text without quotes"),
        ("bomb", bomb, "1:5: anchors"),
        ("anchors", anchors, "1:3: anchors"),
        ("duplicates", duplicates, "60001:1: this key stands here a second time"),
    ] {
        let said = bounded(name, text.as_bytes(), reading).unwrap_or("taken".to_owned());
        assert!(said.starts_with(place), "{name}: {said}");
    }
}

/// Large files that are nothing but large are read, with bounded work too.
#[test]
fn large_files_are_read_with_bounded_work() {
    for (name, text) in [
        ("keys", (0..50_000).map(|number| format!("key{number}: {number}\n")).collect::<String>()),
        ("items", "- a\n".repeat(200_000)),
        ("flow", format!("[{}a]\n", "a, ".repeat(300_000))),
        ("braces", format!("[{}a]\n", "{a: b}, ".repeat(100_000))),
        ("text", format!("a: |\n{}", "  words and words\n".repeat(50_000))),
        ("quoted", format!("a: \"{}\"\n", "words \\n".repeat(100_000))),
        ("one line", format!("a: {}\n", "words ".repeat(150_000).trim_end())),
    ] {
        assert_eq!(bounded(name, text.as_bytes(), reading), None, "{name}");
    }
}
