//! A register of very many rows, imported at once.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use super::dice::Dice;
use super::table::{in_words, machine, table, thousands};
use super::took::measure;
use super::{generate, office, sealed, words};

/// The register's mapping; `BY` stands for whoever stands for those whom nobody recorded.
const MAPPING: &str = r#"
format = 1
[constants]
route = "right_to_ask"
"received.by" = "BY"
"closure.by" = "BY"
"applicant.relationship_to_child" = "other"
"applicant.safe_contact.method" = "in_person"
"applicant.safe_contact.letters" = false
"children.0.contact" = "unknown"
"children.0.relationship_to_subject" = "unknown"
"children.0.parents_aware.mother" = "unknown"
"children.0.parents_aware.father" = "unknown"
[columns]
Ref = {to = "former_reference"}
Received = {to = "received.at", date = "%d/%m/%Y"}
How = {to = "received.channel", values = {Web = "online", "101" = "phone"}}
Surname = {to = "applicant.name.family"}
Forename = {to = "applicant.name.given"}
DOB = {to = "applicant.date_of_birth", date = "%d/%m/%Y"}
Address = {to = "applicant.address"}
Subject = {to = "subject.name"}
"Subject DOB" = {to = "subject.date_of_birth", date = "%d/%m/%Y"}
Child = {to = "children.0.name"}
"Child DOB" = {to = "children.0.date_of_birth", date = "%d/%m/%Y"}
Concern = {to = "concern"}
Outcome = {to = "imported.outcome", values = {Disclosed = "disclose", None = "nothing_to_disclose"}}
Closed = {to = "closure.at", date = "%d/%m/%Y"}
Reason = {to = "closure.reason"}
"#;

/// 50,000 rows are to take less.
const MOST: Duration = Duration::from_secs(60);

/// Imports so many rows into a store of a hundred cases in `dir`, which must be absent; how long it took.
pub fn run(dir: &Path, rows: usize, seed: u64) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    // The command runs in the store.
    let dir = std::path::absolute(dir).map_err(|error| error.to_string())?;
    let store = dir.join("store");
    generate::store(&store, 100, seed)?;
    let (register, mapping) = (dir.join("register.csv"), dir.join("map.toml"));
    generate::answers(&register, &register_of(rows, seed))?;
    generate::answers(&mapping, &MAPPING.replace("BY", office::SUPERVISOR))?;
    let mut command = sealed::command(&sealed::CSODS, &store);
    command.args(["import", "--quiet", "--mapping"]).args([&mapping, &register]);
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

/// A register of ten years: most cases closed, a fifth of the dates of birth unknown.
fn register_of(rows: usize, seed: u64) -> String {
    let mut text =
        "Ref,Received,How,Surname,Forename,DOB,Address,Subject,Subject DOB,Child,Child DOB,Concern,\
                    Outcome,Closed,Reason\n"
            .to_owned();
    for row in 0..rows {
        let mut dice = Dice::new(seed, u64::try_from(row).unwrap_or_default());
        let year = dice.between(2013, 2024);
        let month = dice.between(1, 9);
        let received = format!("{:02}/{month:02}/{year}", dice.between(1, 28));
        let (family, given) = (words::family(&mut dice), words::given(&mut dice));
        let subject = format!("{} {}", words::given(&mut dice), words::family(&mut dice));
        let child = format!("{} {family}", words::given(&mut dice));
        let (born, subject_born) = (born(&mut dice, 1950, 1995), born(&mut dice, 1950, 1995));
        let child_born = self::born(&mut dice, year - 15, year - 1);
        let (outcome, reason) = dice.pick(&[("Disclosed", "Disclosed"), ("None", "Nothing to disclose")]);
        let closed = format!("28/{:02}/{year}", month + 1);
        let closed = if dice.per_mille(950) { [outcome, closed.as_str(), reason] } else { [""; 3] };
        let (how, address) = (dice.pick(&["Web", "101"]), words::address(&mut dice));
        let concern = words::prose(&mut dice, words::CONCERNS).replace('"', "'");
        let _ = writeln!(
            text,
            "R/{row},{received},{how},{family},{given},{born},\"{address}\",{subject},{subject_born},{child},\
             {child_born},\"{concern}\",{}",
            closed.join(",")
        );
    }
    text
}

fn born(dice: &mut Dice, first: usize, last: usize) -> String {
    if dice.per_mille(200) {
        return String::new();
    }
    format!("{:02}/{:02}/{}", dice.between(1, 28), dice.between(1, 12), dice.between(first, last))
}
