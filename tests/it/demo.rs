//! `csods demo`.

use crate::support::World;

#[test]
fn makes_a_store_of_examples_that_is_valid() {
    let world = World::bare();
    world.csods("demo store").done();
    if world.store().exists() {
        world.sound();
        world.csods("validate").done();
        assert!(world.csods("list").json()["total"].as_u64().unwrap() > 3);
    }
}
