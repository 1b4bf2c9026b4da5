//! Tests of the one door: every rule accepted and refused. `given` makes cases at each stage through the door itself.

pub(crate) mod given;

mod ahead;
mod at_any_stage;
mod attempts;
mod brought_in;
mod changes;
mod consistent;
mod edges;
mod endings;
mod formats;
mod importing;
mod large;
mod people;
mod properties;
mod records;
mod reduced;
mod stages;
mod who;
