//! The one test binary.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod office;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod store;
#[cfg(test)]
mod walkthroughs;
#[cfg(test)]
mod yaml_readers;
