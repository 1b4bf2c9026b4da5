//! `csods completions`, and completing itself.

use crate::support::{At, World};

#[test]
fn every_shell_has_a_script() {
    let world = World::bare();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.csods(&format!("completions {shell}")).done().stdout;
        assert!(script.contains("CSODS_COMPLETE"), "{shell}: {script}");
    }
    world.csods("completions dos").refused(2);
}

#[test]
fn references_are_completed_from_the_store_and_never_with_names() {
    let world = World::at(At::Opened);
    let ran = world.csods("-- csods show").arg("").env("CSODS_COMPLETE", "fish").run();
    assert!(ran.stdout.contains(world.reference()), "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("Example") && !ran.stdout.contains("Placeholder"), "{}", ran.stdout);
}
