//! Running one hook: its input, its time, what it says.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::own::{self, Hook};

/// How long a hook may take where its configuration does not say.
const SECONDS: u32 = 10;

/// Runs it with these lines on its standard input; says what went wrong. What it says on standard error is seen; its
/// standard output goes nowhere, because that of the command is the answer.
pub fn run(hook: &Hook, lines: String, store: &Path) -> Result<(), String> {
    let program = Path::new(hook.run.as_str());
    if !program.is_absolute() {
        return Err("is not named by its whole path and was not run".to_owned());
    }
    // Links and `..` do not hide where it lies.
    let found = program.canonicalize().map_err(|error| format!("cannot be run ({})", error.kind()))?;
    if found.starts_with(store) {
        return Err("lies in the store and was not run: a store runs no programs".to_owned());
    }
    if let Some(open) = own::changed_by_all(program).or_else(|| own::changed_by_all(&found)) {
        return Err(format!(
            "was not run: everybody can change {} (`chmod o-w` on it mends that)",
            open.display()
        ));
    }
    let mut command = Command::new(program);
    command.args(hook.arguments.iter().map(|argument| argument.as_str()));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| format!("cannot be run ({})", error.kind()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read does not hold us up: whatever it leaves is dropped with the process.
        let write = move || {
            let _ = stdin.write_all(lines.as_bytes());
        };
        thread::Builder::new()
            .spawn(write)
            .map_err(|error| format!("was told nothing ({})", error.kind()))?;
    }
    let seconds = hook.seconds.unwrap_or(SECONDS);
    match wait(&mut child, Duration::from_secs(seconds.into())) {
        Err(error) => Err(format!("was lost ({})", error.kind())),
        Ok(None) => Err(format!("took longer than {seconds} seconds and was ended")),
        Ok(Some(status)) if status.success() => Ok(()),
        Ok(Some(status)) => Err(match status.code() {
            Some(code) => format!("failed with exit code {code}"),
            None => "was ended by a signal".to_owned(),
        }),
    }
}

/// Waits for the end, so long at most; then ends it.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let until = Instant::now() + most;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
