//! The one test binary.
#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod store;
