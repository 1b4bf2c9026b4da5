//! `csods man`.

use crate::support::World;

#[test]
fn prints_a_page_for_the_tool_and_for_each_command() {
    let world = World::bare();
    assert!(world.csods("man").done().stdout.contains(".TH csods 1"));
    for command in ["new", "decide", "exit-codes"] {
        let page = world.csods(&format!("man {command}")).done().stdout;
        assert!(page.contains(".TH"), "{command}: {page}");
    }
    world.csods("man dance").refused(3);
}
