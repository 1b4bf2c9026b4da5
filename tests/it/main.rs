//! The one test binary.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod store;
#[cfg(test)]
mod yaml_readers;
