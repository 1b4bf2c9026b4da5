//! The office of an invented force: its settings and its people, each with the roles that the scheme needs.

use csods::domain::scalars::{By, PersonId};
use csods::domain::settings::{DEFAULT, Settings};
use csods::store::files;

use super::dice::Dice;

/// What references begin with.
pub const PREFIX: &str = "EX";

/// Who acts in the measurements: a supervisor, who may do most things.
pub const SUPERVISOR: &str = "m.reid";

const HANDLERS: &[&str] = &["r.patel", "l.novak"];
const OFFICERS: &[&str] = &["d.osei", "s.farrell", "j.whitlock", "e.okafor"];
const DECIDERS: &[&str] = &["m.reid", "k.adeyemi"];

const PEOPLE: &[(&str, &str, &str)] = &[
    ("r.patel", "R. Patel", "\"call_handler\""),
    ("l.novak", "L. Novak", "\"call_handler\""),
    ("d.osei", "D. Osei", "\"case_officer\""),
    ("s.farrell", "S. Farrell", "\"case_officer\""),
    ("j.whitlock", "J. Whitlock", "\"case_officer\""),
    ("e.okafor", "E. Okafor", "\"case_officer\""),
    ("m.reid", "M. Reid", "\"supervisor\", \"decision_maker\""),
    ("k.adeyemi", "K. Adeyemi", "\"supervisor\", \"decision_maker\""),
    ("b.marsh", "B. Marsh", "\"records_manager\""),
    ("a.quill", "A. Quill", "\"auditor\""),
];

/// The e-mail address of a person of the office.
pub fn email(id: &str) -> String {
    format!("{id}@example.org")
}

/// The text of `csods.toml`.
pub fn settings_text() -> String {
    let person = |(id, name, roles): &(&str, &str, &str)| {
        format!("[people.\"{id}\"]\nname = \"{name}\"\nemail = \"{}\"\nroles = [{roles}]\n", email(id))
    };
    let people: Vec<String> = PEOPLE.iter().map(person).collect();
    DEFAULT
        .replace("@NAME@", "Example Police")
        .replace("@PREFIX@", PREFIX)
        .replace("@PEOPLE@\n", &people.join("\n"))
}

/// The same, typed.
pub fn settings() -> Result<Settings, String> {
    let file = files::read_settings(settings_text().as_bytes())
        .map_err(|found| format!("the settings have {} problems", found.len()))?;
    let calendar = files::read_calendar(csods::commands::init::CALENDAR.as_bytes())
        .map_err(|found| format!("the calendar has {} problems", found.len()))?;
    Ok(Settings { file, calendars: vec![calendar] })
}

/// Somebody who takes calls.
pub fn handler(dice: &mut Dice) -> By {
    By(person(dice.pick(HANDLERS)))
}

/// Somebody who works on cases.
pub fn officer(dice: &mut Dice) -> By {
    By(person(dice.pick(OFFICERS)))
}

/// Somebody who decides, closes and authorises.
pub fn decider(dice: &mut Dice) -> By {
    By(person(dice.pick(DECIDERS)))
}

#[expect(clippy::expect_used, reason = "the ids stand above")]
fn person(id: &str) -> PersonId {
    PersonId::new(id).expect("an id")
}
