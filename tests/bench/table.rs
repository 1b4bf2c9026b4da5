//! Measurements as Markdown.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

/// The middle of several measurements.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// `a` for each `b`.
pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-9)
}

/// `12.3 ms`, or `4.56 s`.
pub fn in_words(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        0.0..10.0 => format!("{milliseconds:.2} ms"),
        10.0..1000.0 => format!("{milliseconds:.1} ms"),
        _ => format!("{:.2} s", milliseconds / 1e3),
    }
}

/// `10,000`.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let start = digits.len() % 3;
    let mut text = digits[..start].to_owned();
    for at in (start..digits.len()).step_by(3) {
        let comma = if text.is_empty() { "" } else { "," };
        let _ = write!(text, "{comma}{}", &digits[at..at + 3]);
    }
    text
}

/// A table; the first column is of words, the others of numbers.
pub fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|---|{}\n", header.join(" | "), "---:|".repeat(header.len() - 1));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// On what it was measured.
pub fn machine(git: &str) -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let processor = after(&read("/proc/cpuinfo"), "model name");
    let count = std::thread::available_parallelism().map_or(1, |count| count.get());
    let memory = after(&read("/proc/meminfo"), "MemTotal");
    let gibibytes = memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) >> 20;
    let load = read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned();
    let build = if cfg!(debug_assertions) { "debug build" } else { "release build" };
    format!(
        "csods {} ({build}); {}; {processor}, {count} processors, {gibibytes} GiB; load {load} at the start",
        env!("CARGO_PKG_VERSION"),
        git.trim(),
    )
}
