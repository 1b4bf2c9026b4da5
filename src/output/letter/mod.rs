//! Letters as pages: what a letter consists of, whichever form it is given.

pub mod document;
pub mod pdf;
