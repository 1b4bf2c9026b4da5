//! Letters as pages: what a letter consists of, and every form it is given.

pub mod document;
pub mod html;
pub mod markdown;
pub mod pdf;
pub mod text;
