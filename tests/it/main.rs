//! The one test binary.

mod broken;
mod yaml_readers;
mod store;
mod store_crash;
