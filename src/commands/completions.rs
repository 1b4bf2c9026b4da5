//! `csods completions`: the script that a shell reads.

use clap::ValueEnum;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::error::{Error, Kind};
use crate::output::Report;

/// Prints the completion script of a shell
///
/// bash: source <(csods completions bash), for example in ~/.bashrc. References and people are completed live from the
/// store at hand, never with names.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

/// The shells that can be helped.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Shell {
    /// bash
    Bash,
    /// elvish
    Elvish,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// zsh
    Zsh,
}

/// The script.
pub fn run(args: &Args) -> Result<Report, Error> {
    let mut script = Vec::new();
    let (variable, name) = (crate::cli::COMPLETE, "csods");
    let written = match args.shell {
        Shell::Bash => Bash.write_registration(variable, name, name, name, &mut script),
        Shell::Elvish => Elvish.write_registration(variable, name, name, name, &mut script),
        Shell::Fish => Fish.write_registration(variable, name, name, name, &mut script),
        Shell::Powershell => Powershell.write_registration(variable, name, name, name, &mut script),
        Shell::Zsh => Zsh.write_registration(variable, name, name, name, &mut script),
    };
    written.map_err(Error::from)?;
    let script =
        String::from_utf8(script).map_err(|_| Error::new(Kind::Internal, "the script is not text"))?;
    Ok(Report::raw(script))
}
