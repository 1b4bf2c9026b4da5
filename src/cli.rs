//! The command line: global options, and the commands in the order in which people work.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands as c;
use crate::context::{Context, Options};
use crate::error::{Error, Kind};
use crate::output::{Format, Report};

/// The variable by which a shell asks for completions.
pub const COMPLETE: &str = "CSODS_COMPLETE";

const AFTER: &str = "\
Who acts is git's own author: GIT_AUTHOR_EMAIL, else user.email; it must be the address of a person of the store.

Environment:
  CSODS_STORE  the store, where --store is absent
  CSODS_NOW    the moment, as 2026-03-02T09:15:00Z: for late entry and tests; the commit says `Clock: set by hand`.
               A change is refused where it lies more than a day ahead of the machine's clock, except with --dry-run or CSODS_SEED
  CSODS_SEED   a number that makes references and ids repeatable: for tests; the commit says `Clock: set by hand`

Exit codes: csods exit-codes";

/// Runs the Child Sex Offender Disclosure Scheme: every application a plain file, every change a git commit
#[derive(Debug, Parser)]
#[command(name = "csods", version, after_help = AFTER, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Cli {
    /// The store; else CSODS_STORE, else the nearest directory above that holds csods.toml
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath, help_heading = "Options for every command")]
    store: Option<PathBuf>,
    /// Text for people, JSON for scripts, CSV where there are rows
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        help_heading = "Options for every command"
    )]
    format: Format,
    /// The same as --format json
    #[arg(long, global = true, conflicts_with_all = ["format", "csv"], help_heading = "Options for every command")]
    json: bool,
    /// The same as --format csv
    #[arg(long, global = true, conflicts_with = "format", help_heading = "Options for every command")]
    csv: bool,
    /// Print only answers and errors
    #[arg(long, short, global = true, help_heading = "Options for every command")]
    quiet: bool,
    /// Never ask; one error names everything that is missing
    #[arg(long, global = true, help_heading = "Options for every command")]
    no_input: bool,
    /// Show what would change, and change nothing
    #[arg(long, global = true, help_heading = "Options for every command")]
    dry_run: bool,
    /// Read the cases themselves, not the index of them; the answer is the same
    #[arg(long, global = true, help_heading = "Options for every command")]
    no_index: bool,
    /// How long to wait for somebody else's change
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..86_400), help_heading = "Options for every command")]
    wait: u64,
    #[command(subcommand)]
    command: Command,
}

// A command's arguments are made only when it is the one that is meant: start-up pays for one command, not for all.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    Init(c::init::Args),
    Demo(c::demo::Args),
    New(c::new::Args),
    Advance(c::advance::Args),
    Check(c::check::Args),
    Screen(c::screen::Args),
    Interview(c::interview::Args),
    Assess(c::assess::Args),
    Decide(c::decide::Args),
    Disclose(c::disclose::Args),
    Inform(c::inform::Args),
    Close(c::close::Args),
    Urgent(c::urgent::Args),
    Refer(c::refer::Args),
    Extend(c::extend::Args),
    Letter(c::letter::Args),
    Letters(c::letters::Args),
    Contact(c::contact::Args),
    Note(c::note::Args),
    Withdraw(c::withdraw::Args),
    Reroute(c::reroute::Args),
    Assign(c::assign::Args),
    Link(c::link::Args),
    Reopen(c::reopen::Args),
    Correct(c::correct::Args),
    Apply(c::apply::Args),
    Edit(c::edit::Args),
    Import(c::import::Args),
    Show(c::show::Args),
    List(c::list::Args),
    Due(c::due::Args),
    Stats(c::stats::Args),
    Report(c::report::Args),
    Export(c::export::Args),
    #[command(name = "subject-access")]
    SubjectAccess(c::subject_access::Args),
    Board(c::board::Args),
    Workload(c::workload::Args),
    Search(c::search::Args),
    Similar(c::similar::Args),
    Explain(c::explain::Args),
    Log(c::log::Args),
    Status(c::status::Args),
    Doctor(c::doctor::Args),
    Commit(c::commit::Args),
    Validate(c::validate::Args),
    Person(c::person::Args),
    Settings(c::settings::Args),
    Templates(c::templates::Args),
    Schema(c::schema::Args),
    Completions(c::completions::Args),
    Man(c::man::Args),
    #[command(name = "exit-codes")]
    ExitCodes(c::exit_codes::Args),
}

impl Cli {
    /// Reads a command line, the program's name first.
    ///
    /// clap hands every option of all commands down to each command that it knows, a tenth of a short command's time; so at
    /// first it is shown those alone that the line names. What it then refuses, help included, it is asked again knowing all
    /// of them, so that it says what it always would.
    pub fn read(line: &[OsString]) -> Result<Cli, clap::Error> {
        let whole = Cli::command();
        let named = |command: &&clap::Command| line.iter().skip(1).any(|word| word == command.get_name());
        let few = clap::Command::new("csods")
            .args(whole.get_arguments().cloned())
            .groups(whole.get_groups().cloned())
            .subcommands(whole.get_subcommands().filter(named).cloned())
            .disable_help_subcommand(true);
        let read = few.try_get_matches_from(line).and_then(|found| Cli::from_arg_matches(&found));
        read.or_else(|_| Cli::try_parse_from(line))
    }

    /// The options that every command takes.
    pub fn options(&self) -> Options {
        Options {
            store: self.store.clone(),
            format: match (self.json, self.csv) {
                (true, _) => Format::Json,
                (_, true) => Format::Csv,
                _ => self.format,
            },
            quiet: self.quiet,
            no_input: self.no_input,
            dry_run: self.dry_run,
            no_index: self.no_index,
            wait: Duration::from_secs(self.wait),
        }
    }

    /// Whether the answer has rows.
    fn fits_spreadsheets(&self) -> bool {
        match &self.command {
            Command::Person(args) => args.only_lists(),
            Command::Templates(args) => args.only_lists(),
            other => matches!(
                other,
                Command::List(_)
                    | Command::Due(_)
                    | Command::Board(_)
                    | Command::Workload(_)
                    | Command::Search(_)
                    | Command::Similar(_)
                    | Command::Stats(_)
                    | Command::Letters(_)
                    | Command::Templates(_)
                    | Command::ExitCodes(_)
                    | Command::Schema(_)
            ),
        }
    }

    /// Runs the command.
    pub fn run(&self, context: &Context) -> Result<Report, Error> {
        if self.options().format == Format::Csv && !self.fits_spreadsheets() {
            return Err(Error::new(Kind::Usage, "this command's answer has no rows; nothing was done")
                .hint("leave `--format csv` out, or use `--format json`"));
        }
        match &self.command {
            Command::Init(args) => c::init::run(args, context),
            Command::Demo(args) => c::demo::run(args, context),
            Command::New(args) => c::new::run(args, context),
            Command::Advance(args) => c::advance::run(args, context),
            Command::Check(args) => c::check::run(args, context),
            Command::Screen(args) => c::screen::run(args, context),
            Command::Interview(args) => c::interview::run(args, context),
            Command::Assess(args) => c::assess::run(args, context),
            Command::Decide(args) => c::decide::run(args, context),
            Command::Disclose(args) => c::disclose::run(args, context),
            Command::Inform(args) => c::inform::run(args, context),
            Command::Close(args) => c::close::run(args, context),
            Command::Urgent(args) => c::urgent::run(args, context),
            Command::Refer(args) => c::refer::run(args, context),
            Command::Extend(args) => c::extend::run(args, context),
            Command::Letter(args) => c::letter::run(args, context),
            Command::Letters(args) => c::letters::run(args, context),
            Command::Contact(args) => c::contact::run(args, context),
            Command::Note(args) => c::note::run(args, context),
            Command::Withdraw(args) => c::withdraw::run(args, context),
            Command::Reroute(args) => c::reroute::run(args, context),
            Command::Assign(args) => c::assign::run(args, context),
            Command::Link(args) => c::link::run(args, context),
            Command::Reopen(args) => c::reopen::run(args, context),
            Command::Correct(args) => c::correct::run(args, context),
            Command::Apply(args) => c::apply::run(args, context),
            Command::Edit(args) => c::edit::run(args, context),
            Command::Import(args) => c::import::run(args, context),
            Command::Show(args) => c::show::run(args, context),
            Command::List(args) => c::list::run(args, context),
            Command::Due(args) => c::due::run(args, context),
            Command::Stats(args) => c::stats::run(args, context),
            Command::Report(args) => c::report::run(args, context),
            Command::Export(args) => c::export::run(args, context),
            Command::SubjectAccess(args) => c::subject_access::run(args, context),
            Command::Board(args) => c::board::run(args, context),
            Command::Workload(args) => c::workload::run(args, context),
            Command::Search(args) => c::search::run(args, context),
            Command::Similar(args) => c::similar::run(args, context),
            Command::Explain(args) => c::explain::run(args, context),
            Command::Log(args) => c::log::run(args, context),
            Command::Status(args) => c::status::run(args, context),
            Command::Doctor(args) => c::doctor::run(args, context),
            Command::Commit(args) => c::commit::run(args, context),
            Command::Validate(args) => c::validate::run(args, context),
            Command::Person(args) => c::person::run(args, context),
            Command::Settings(args) => c::settings::run(args, context),
            Command::Templates(args) => c::templates::run(args, context),
            Command::Schema(args) => c::schema::run(args, context),
            Command::Completions(args) => c::completions::run(args),
            Command::Man(args) => c::man::run(args),
            Command::ExitCodes(args) => c::exit_codes::run(args),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::{CommandFactory, Parser};

    use super::Cli;

    #[test]
    fn every_command_is_well_formed() {
        Cli::command().debug_assert();
    }

    /// What is made of a line, or said of it.
    fn told(read: Result<Cli, clap::Error>) -> Result<String, String> {
        read.map(|cli| format!("{cli:?}")).map_err(|error| format!("{:?} {}", error.kind(), error.render()))
    }

    #[test]
    fn a_line_is_read_as_if_all_commands_were_known() {
        let lines = [
            ("list", true),
            ("list --json --owner d.osei stage:interview -urgent", false),
            ("--store list list --limit 3", true),
            ("--store list", false),
            ("note KP-26-7K3QF4 --quiet --wait 3", true),
            ("search list due board", true),
            ("list list", true),
            ("due --json --csv", false),
            ("note", false),
            ("lst list", false),
            ("lst", false),
            ("help list", false),
            ("list --help", false),
            ("-h", false),
            ("--version list", false),
            ("--wait", false),
            ("", false),
            ("person list", true),
            ("schema list", true),
            ("exit-codes --format json", true),
        ];
        for (line, good) in lines {
            let words: Vec<OsString> =
                ["csods"].into_iter().chain(line.split_whitespace()).map(OsString::from).collect();
            let read = told(Cli::read(&words));
            assert_eq!(read, told(Cli::try_parse_from(&words)), "{line}");
            assert!(read.is_ok() || !good, "{line}: {read:?}");
        }
        for command in Cli::command().get_subcommands() {
            let words = ["csods", command.get_name()].map(OsString::from);
            assert_eq!(told(Cli::read(&words)), told(Cli::try_parse_from(&words)), "{}", command.get_name());
        }
    }
}
