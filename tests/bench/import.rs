//! A register of very many rows, imported at once.

use std::path::Path;
use std::time::Duration;

use super::dice::Dice;
use super::old_register::{MAPPING, register};
use super::table::{in_words, machine, table, thousands};
use super::took::measure;
use super::{generate, office, sealed, words};

/// 50,000 rows are to take less.
const MOST: Duration = Duration::from_secs(60);

/// Imports so many rows into a store of a hundred cases in `dir`, which must be absent; how long it took.
pub fn run(dir: &Path, rows: usize, seed: u64) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    // The command runs in the store.
    let dir = std::path::absolute(dir).map_err(|error| error.to_string())?;
    let store = dir.join("store");
    generate::store(&store, 100, seed)?;
    let (file, mapping) = (dir.join("register.csv"), dir.join("map.toml"));
    generate::answers(&file, &register_of(rows, seed))?;
    generate::answers(&mapping, &mapping_of_register())?;
    let mut command = sealed::command(&sealed::CSODS, &store);
    command.args(["import", "--quiet", "--mapping"]).args([&mapping, &file]);
    let took = measure(command)?;
    sealed::clean(&store)?;
    let met = match (rows >= 50_000, took.wall < MOST) {
        (false, _) => "",
        (true, true) => "met",
        (true, false) => "MISSED",
    };
    let header = ["`import` of CSV", "all", "less than", "", "processor", "memory"].map(ToOwned::to_owned);
    let row = vec![
        format!("{} rows", thousands(rows)),
        in_words(took.wall),
        if met.is_empty() { String::new() } else { in_words(MOST) },
        met.to_owned(),
        in_words(took.processor),
        format!("{} MiB", took.most_memory),
    ];
    Ok(format!("{machine}.\n\n{}", table(&header, &[row])))
}

/// The mapping of [`register_of`]: notes are the concern, and whoever is not named is the supervisor.
fn mapping_of_register() -> String {
    let constant = "concern = \"Not recorded in the old system.\"\n";
    let mapping = MAPPING.replace(constant, "").replace("ignored = [\"Notes\"]\n", "");
    let mapping = mapping.replace("\"archive\"", &format!("\"{}\"", office::SUPERVISOR));
    format!("{mapping}\n[columns.Notes]\nto = \"concern\"\n")
}

/// A register of ten years: most cases closed, a fifth of the dates of birth unknown.
fn register_of(rows: usize, seed: u64) -> String {
    let row = |row: usize| {
        let mut dice = Dice::new(seed, u64::try_from(row).unwrap_or_default());
        let year = dice.between(2013, 2024);
        let month = dice.between(1, 9);
        let received = format!("{:02}/{month:02}/{year}", dice.between(1, 28));
        let (family, given) = (words::family(&mut dice), words::given(&mut dice));
        let subject = format!("{} {}", words::given(&mut dice), words::family(&mut dice));
        let child = format!("{} {family}", words::given(&mut dice));
        let short_year = |born: Option<[usize; 3]>| {
            born.map_or(String::new(), |[day, month, year]| format!("{day:02}/{month:02}/{:02}", year % 100))
        };
        let whole_year = |born: Option<[usize; 3]>| {
            born.map_or(String::new(), |[day, month, year]| format!("{day:02}/{month:02}/{year}"))
        };
        let (applicant_born, subject_born) = (born(&mut dice, 1950, 1995), born(&mut dice, 1950, 1995));
        let child_born = born(&mut dice, year - 15, year - 1);
        let (outcome, reason) =
            dice.pick(&[("Disclosed", "Disclosed"), ("Nothing known", "Nothing to disclose")]);
        let closed = format!("28/{:02}/{year}", month + 1);
        let closed = if dice.per_mille(950) { [outcome, closed.as_str(), reason] } else { [""; 3] };
        let (how, address) = (dice.pick(&["Web", "101"]), words::address(&mut dice));
        let concern = words::prose(&mut dice, words::CONCERNS).replace('"', "'");
        vec![
            ("Ref", format!("R/{row}")),
            ("Date received", received),
            ("How received", how.to_owned()),
            ("Applicant Surname", family),
            ("Applicant Forename", given),
            ("DOB", short_year(applicant_born)),
            ("Address", format!("\"{address}\"")),
            ("Relationship", "Other".to_owned()),
            ("Subject name", subject),
            ("Subject DOB", short_year(subject_born)),
            ("Child 1", child),
            ("Child 1 DOB", whole_year(child_born)),
            ("Outcome", closed[0].to_owned()),
            ("Date closed", closed[1].to_owned()),
            ("Closure reason", closed[2].to_owned()),
            ("Notes", format!("\"{concern}\"")),
        ]
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    register(&rows)
}

/// A day, month and year; `None` where it is unknown.
fn born(dice: &mut Dice, first: usize, last: usize) -> Option<[usize; 3]> {
    if dice.per_mille(200) {
        return None;
    }
    Some([dice.between(1, 28), dice.between(1, 12), dice.between(first, last)])
}
