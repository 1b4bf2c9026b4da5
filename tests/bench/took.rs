//! What a run took: its time, that of the processor, and the most memory that it held.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// What a run took.
pub struct Took {
    /// From its beginning to its end.
    pub wall: Duration,
    /// Of all its threads, in the program and in the kernel.
    pub processor: Duration,
    /// In MiB.
    pub most_memory: u64,
}

/// Runs a program to its end. What the kernel has counted can be read for as long as the process is there.
pub fn measure(mut command: Command) -> Result<Took, String> {
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (mut most_memory, mut processor) = (0_u64, Duration::ZERO);
    let ended = loop {
        let read =
            |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
        let peak = read("status")
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        most_memory = most_memory.max(peak.unwrap_or(0));
        // Hundredths of a second, in the program and in the kernel.
        let ticks = read("stat").rsplit_once(')').map(|(_, rest)| {
            let counts = rest.split_whitespace().skip(11).take(2);
            counts.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>()
        });
        processor = processor.max(Duration::from_millis(ticks.unwrap_or(0) * 10));
        if let Some(ended) = child.try_wait().map_err(|error| error.to_string())? {
            break ended;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = begun.elapsed();
    if ended.success() {
        Ok(Took { wall, processor, most_memory: most_memory >> 10 })
    } else {
        Err(format!("{command:?}: {ended}"))
    }
}
