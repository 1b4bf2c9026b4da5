//! The directory under git and its history: what is read from HEAD, and how a change becomes exactly one commit.

pub mod answers;
pub mod json;
pub mod toml;
mod tree;
pub mod yaml;
