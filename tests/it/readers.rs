//! Other people's programs that read what we write. Each is asked only where it is installed; one that is not is named in the
//! output of the test.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a program answers on stdout; `None`, after a word in the output of the test, where it is not installed.
pub fn ask(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        return skipped(program);
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        // A program that is not what it seems may stop reading.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

#[expect(clippy::print_stderr, reason = "a check that was not made must be seen")]
fn skipped<T>(reader: &str) -> Option<T> {
    eprintln!("SKIPPED: {reader} is not installed here; what it reads in our files is not checked");
    None
}

/// What a script of Python says that needs a module; `None` where there is no Python, or not that module.
pub fn ask_python_with(module: &str, script: &str, input: &[u8]) -> Option<Vec<u8>> {
    let import = format!("import {module}");
    let has_module = Command::new("python3").args(["-c", &import]).stderr(Stdio::null()).status();
    if !has_module.is_ok_and(|status| status.success()) {
        return skipped(&format!("python3 with {module}"));
    }
    ask("python3", &["-c", script], input)
}
