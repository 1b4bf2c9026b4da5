//! `README.md` names exactly the commands there are.

use std::collections::BTreeSet;
use std::fs;

use clap::CommandFactory;
use csods::cli::Cli;

use crate::office::repository;

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

fn commands() -> BTreeSet<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[test]
fn every_command_has_a_row_and_every_row_a_command() {
    let text = readme();
    let rows = text.lines().skip_while(|line| *line != "| command | does |").skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let named: BTreeSet<String> =
        rows.map(|row| row.trim_start_matches("| `").split([' ', '`']).next().unwrap().to_owned()).collect();
    assert_eq!(named, commands());
}

#[test]
fn every_command_it_speaks_of_exists() {
    let (text, known) = (readme(), commands());
    for part in text.split("`csods ").skip(1) {
        let word = part.split([' ', '`']).next().unwrap();
        // The line of options, an option alone, and COMMAND where any may stand.
        let stands_for_many = word.starts_with(['[', '-']) || word == "COMMAND";
        assert!(stands_for_many || known.contains(word), "csods {word}");
    }
}
