//! The one test binary.

mod answers;
mod broken;
mod note;
mod store;
mod support;
mod yaml_readers;
