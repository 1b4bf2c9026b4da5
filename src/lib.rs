//! `csods`: a case tool for the Child Sex Offender Disclosure Scheme.

pub mod ask;
pub mod domain;
pub mod error;
pub mod output;
pub mod store;
