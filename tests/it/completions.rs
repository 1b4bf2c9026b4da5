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

#[test]
fn whole_references_and_last_parts_are_completed_side_by_side() {
    let world = crate::index::examples();
    let offered = |typed: &str| {
        let out = world.csods("-- csods show").arg(typed).env("CSODS_COMPLETE", "fish").run().stdout;
        out.lines().filter(|line| !line.starts_with("--")).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = offered("EX-");
    assert!(all.len() > 20, "{all:?}");
    // What begins as a whole reference does is no last part alone.
    assert_eq!(offered("EX-2"), all);
    let lower = offered("ex-26-2t");
    assert!(lower.len() == 1 && lower[0].starts_with("ex-26-2t9"), "{lower:?}");
    let short = |typed: &str| {
        let last = |whole: &String| whole.rsplit('-').next().unwrap_or_default().to_owned();
        all.iter().map(last).filter(|last| last.starts_with(typed)).collect::<Vec<_>>()
    };
    assert_eq!(offered("4"), short("4"));
    assert!(short("4").len() > 1 && !short("E").is_empty());
    // An `E` may begin either.
    let mut both = all.clone();
    both.extend(short("E"));
    assert_eq!(offered("E"), both);
    assert_eq!(offered("pk0"), short("PK0").iter().map(|last| last.replace("PK", "pk")).collect::<Vec<_>>());
}
