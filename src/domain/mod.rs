//! The scheme itself: values in, values out. Nothing here reads a file, the clock, the environment or a terminal.

pub mod calendar;
pub mod clocks;
pub mod node;
pub mod record;
pub mod reference;
pub mod scalars;
pub mod similarity;
pub mod time;
