//! The scheme itself: values in, values out. Nothing here reads a file, the clock, the environment or a terminal.

pub mod action;
pub mod calendar;
pub mod case;
pub mod clocks;
pub mod deadlines;
pub mod export;
pub mod filled;
pub mod findings;
pub mod letter;
pub mod node;
pub mod problem;
pub mod record;
pub mod reference;
pub mod scalars;
pub mod schema;
pub mod settings;
pub mod shape;
pub mod similarity;
pub mod statistics;
pub mod story;
pub mod time;
pub mod workflow;
