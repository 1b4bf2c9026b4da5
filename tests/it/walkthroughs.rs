//! The pages for people run as tests: `tests/walkthroughs/*.md`, and the tour in `README.md`.
//!
//! In a page, a block that opens with ```` ```yaml NAME ```` is a file of that name, and one that opens with
//! ```` ```console ```` holds commands, each after `$ `, and exactly what they print (standard output, then standard
//! error); `[exit code N]` stands where that is not 0. Comments say what is not to be seen on the page:
//! `<!-- as m.reid, 2026-03-14T14:00:00Z -->` who acts from there on, and when; `<!-- a new store -->` makes one in which
//! the people of the example store work, `<!-- the example store -->` what `csods demo` makes.
//!
//! To write the output anew after a change, run `CSODS_WRITE_PAGES=1 cargo test walkthroughs` and read the difference.

use std::fs;
use std::path::Path;

use crate::office::{self, Office, repository};

/// Chance is the same on every page and for every command: what is drawn twice is drawn anew.
const SEED: &str = "7";

/// A page being run.
struct Page {
    office: Office,
    person: String,
    now: String,
}

impl Page {
    /// Runs a command of the page as a shell would: what it prints, and its exit code where that is not 0.
    fn run(&self, line: &str) -> String {
        let mut shell = self.office.command("sh");
        shell.args(["-c", line]).env("GIT_AUTHOR_EMAIL", format!("{}@example.org", self.person));
        shell
            .env("CSODS_NOW", &self.now)
            .env("CSODS_SEED", SEED)
            .env("CSODS_STORE", self.office.desk().join("cases"));
        let output = shell.output().unwrap();
        let mut text = [output.stdout, output.stderr].concat();
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        let mut text =
            String::from_utf8(text).unwrap().replace(self.office.desk().to_str().unwrap(), "/desk");
        if let Some(code) = output.status.code().filter(|code| *code != 0) {
            text.push_str(&format!("[exit code {code}]\n"));
        }
        text
    }

    /// Does what a comment says; anything else is a remark of the page's author.
    fn directive(&mut self, comment: &str) {
        if let Some((person, now)) = comment.strip_prefix("as ").and_then(|rest| rest.split_once(", ")) {
            (self.person, self.now) = (person.to_owned(), now.to_owned());
        } else if comment == "a new store" {
            (self.person, self.now) = ("j.ward".to_owned(), "2026-01-02T09:00:00Z".to_owned());
            self.must("csods init cases --force 'Example Police' --prefix EX");
            let settings = fs::read(repository().join("cases.example/csods.toml")).unwrap();
            office::write(&self.office.desk().join("cases/csods.toml"), settings);
            self.must("csods commit");
        } else if comment == "the example store" {
            self.must("csods demo cases");
        }
    }

    fn knows(&self, line: &str) -> bool {
        !self.run(line).contains("[exit code")
    }

    fn must(&self, line: &str) {
        let printed = self.run(line);
        assert!(!printed.contains("[exit code"), "{line}\n{printed}");
    }
}

/// The page with what its commands really print.
fn really(text: &str) -> String {
    let mut page =
        Page { office: Office::new(), person: "nobody".to_owned(), now: "2026-03-02T09:00:00Z".to_owned() };
    let mut real = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        real.push_str(line);
        real.push('\n');
        if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            page.directive(comment);
        } else if let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match kind.split_once(' ') {
                // A page may show what a script would do with jq, which a bare machine need not have.
                None if kind == "console" && needs_jq(&block) && !page.knows("jq --version") => {
                    real.extend(block.iter().map(|line| format!("{line}\n")));
                }
                None if kind == "console" => real.push_str(&console(&page, &block)),
                Some((_, name)) => {
                    office::write(&page.office.desk().join(name), block.join("\n") + "\n");
                    real.extend(block.iter().map(|line| format!("{line}\n")));
                }
                _ => real.extend(block.iter().map(|line| format!("{line}\n"))),
            }
            real.push_str("```\n");
        }
    }
    real
}

fn needs_jq(block: &[&str]) -> bool {
    block.iter().any(|line| line.contains("jq "))
}

/// A block of commands with what they print. A command goes on in the next line after a backslash.
fn console(page: &Page, block: &[&str]) -> String {
    let mut real = String::new();
    let mut lines = block.iter();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else { continue };
        let mut command = first.to_owned();
        while command.ends_with('\\') {
            command.push('\n');
            command.push_str(lines.next().unwrap());
        }
        real.push_str(&format!("$ {command}\n{}", page.run(&command)));
    }
    real
}

fn compare(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let real = really(&text);
    if office::asked("CSODS_WRITE_PAGES") {
        office::write(path, &real);
        return;
    }
    for (number, (says, is)) in text.lines().zip(real.lines()).enumerate() {
        assert_eq!(says, is, "{}:{}", path.display(), number + 1);
    }
    assert_eq!(text, real, "{}", path.display());
}

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        $(#[test]
        fn $name() {
            compare(&repository().join($path));
        })*

        #[test]
        fn every_page_is_run() {
            let pages = [$($path),*];
            for entry in fs::read_dir(repository().join("tests/walkthroughs")).unwrap() {
                let name = format!("tests/walkthroughs/{}", entry.unwrap().file_name().to_str().unwrap());
                assert!(pages.contains(&name.as_str()), "{name} is not run");
            }
        }
    };
}

pages! {
    the_life_of_a_case: "tests/walkthroughs/the-life-of-a-case.md",
    an_early_close: "tests/walkthroughs/an-early-close.md",
    a_right_to_know_case: "tests/walkthroughs/a-right-to-know-case.md",
    a_withdrawal: "tests/walkthroughs/a-withdrawal.md",
    a_late_case: "tests/walkthroughs/a-late-case.md",
    a_mornings_script: "tests/walkthroughs/a-mornings-script.md",
    letters: "tests/walkthroughs/letters.md",
    readme: "README.md",
}
