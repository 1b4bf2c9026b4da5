//! Other people's programs that read what we write. Each is asked only where it is installed; one that is not is named in the
//! output of the test.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::tools::Tool;

/// What a program answers on stdout; `None`, after a word in the output of the test, where it is not installed.
pub fn ask(tool: Tool, program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    if !tool.is_here() {
        return None;
    }
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{program}: {error}"));
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

/// What a script of Python says that needs a module; `None` where there is no Python, or not that module.
pub fn ask_python(tool: Tool, script: &str, input: &[u8]) -> Option<Vec<u8>> {
    ask(tool, "python3", &["-c", script], input)
}
