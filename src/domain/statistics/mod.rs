//! The numbers a force is asked for (N1-N3): counted from facts, each with its definition, small counts hidden where they
//! are to be published.
//!
//! [`Facts::of`] takes from a case what the numbers need; [`count`] takes any iterator of facts, whether they come from
//! the files or from lines that were kept (`line`). [`suppression`] hides.

mod facts;
mod figures;
pub mod line;
mod measures;
pub mod meeting;
mod period;
mod polytope;
pub mod suppression;

pub use facts::{Facts, Made};
pub use figures::{Block, Cell, Figures, Question, Row, count};
pub use measures::{Measure, STANDS, Section, What, measures};
pub use period::{Basis, Period, Split};

#[cfg(test)]
mod tests;
