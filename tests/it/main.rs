//! The one test binary.

mod store;
mod store_crash;
