//! The one test binary.

mod broken;
mod store;
mod store_crash;
mod yaml_readers;
