//! How much work something is: seconds of the processor, which do not depend on what else the machine is doing.

use std::fs;
use std::time::Duration;

/// What this thread has spent so far, as the kernel counts it: in hundredths of a second.
fn so_far() -> u64 {
    let line = fs::read_to_string("/proc/thread-self/stat").unwrap();
    // The name of the program stands in brackets and may hold anything; after it the 12th and 13th are user and system.
    let numbers: Vec<&str> = line.rsplit(')').next().unwrap().split_whitespace().collect();
    numbers[11].parse::<u64>().unwrap() + numbers[12].parse::<u64>().unwrap()
}

/// Does it, and says how much of the processor that took.
pub fn spent<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = so_far();
    let done = work();
    (done, Duration::from_millis((so_far() - before) * 10))
}

#[test]
fn work_is_counted_and_waiting_is_not() {
    let (_, waited) = spent(|| std::thread::park_timeout(Duration::from_millis(300)));
    assert!(waited < Duration::from_millis(200), "{waited:?}");
    let ((), worked) = spent(|| {
        let before = so_far();
        while so_far() < before + 5 {}
    });
    assert!(worked >= Duration::from_millis(50), "{worked:?}");
}
