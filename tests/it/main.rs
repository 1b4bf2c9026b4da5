//! The one test binary.

mod broken;
mod yaml_readers;
