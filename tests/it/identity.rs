//! As whom a change is made, and that every change says so.

use std::os::unix::fs::PermissionsExt;

use crate::support::{APPLICATION, At, World, json};

/// A directory with a git configuration of a person's own.
fn home(world: &World, email: &str) -> String {
    let path = world.write("home/.gitconfig", &format!("[user]\n\temail = {email}\n"));
    path.parent().unwrap().display().to_string()
}

#[test]
fn the_stores_own_configuration_does_not_say_who_its_user_is() {
    let world = World::at(At::Opened);
    let note =
        |home: &str| world.csods("note REF").from("text: x").env("GIT_AUTHOR_EMAIL", "").env("HOME", home);
    // Nothing is known of the person.
    let none = world.dir().join("none").display().to_string();
    note(&none).refused(7);
    // Only the store's own: it counts, as it always did.
    world.git(&["config", "user.email", "m.reid@example.org"]);
    let ran = note(&none).done();
    assert!(ran.stderr.contains("recorded as m.reid"), "{}", ran.stderr);
    // The person's own says otherwise.
    let home = home(&world, "d.osei@example.org");
    let refused = note(&home).refused(7);
    assert!(refused.stderr.contains("another e-mail address than yours"), "{}", refused.stderr);
    assert!(refused.stderr.contains("GIT_AUTHOR_EMAIL"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("m.reid") && !refused.stderr.contains("d.osei"), "{}", refused.stderr);
    let named = note(&home).env("GIT_AUTHOR_EMAIL", "d.osei@example.org").done();
    assert!(named.stderr.contains("recorded as d.osei"), "{}", named.stderr);
    // Both agree, or the store's is silent.
    world.git(&["config", "user.email", "D.Osei@Example.org"]);
    assert!(note(&home).done().stderr.contains("recorded as d.osei"));
    world.git(&["config", "--unset", "user.email"]);
    assert!(note(&home).done().stderr.contains("recorded as d.osei"));
    // From a file that the store's configuration includes it is the store's, too.
    world.write("store/.git/more", "[user]\n\temail = m.reid@example.org\n");
    world.git(&["config", "include.path", "more"]);
    note(&home).refused(7);
    // Reading is refused to nobody.
    world.csods("list").env("GIT_AUTHOR_EMAIL", "").env("HOME", &home).done();
    world.csods("list").env("GIT_AUTHOR_EMAIL", "nobody@example.org").done();
}

#[test]
fn every_change_says_as_whom_it_was_made() {
    let world = World::at(At::Opened);
    let says = |command: crate::support::Csods<'_>, actor: &str, what: &str| {
        let ran = command.done();
        assert!(ran.stderr.ends_with(&format!("recorded as {actor}\n")), "{what}: {}", ran.stderr);
    };
    says(world.csods("note REF").from("text: x"), "d.osei", "note");
    says(world.csods("note REF").from("text: x").by("m.reid"), "m.reid", "note");
    says(world.csods("new").from(APPLICATION).by("r.patel"), "r.patel", "new");
    let line = |text: &str| {
        format!(
            "{{\"case\": \"{}\", \"action\": \"note\", \"data\": {{\"text\": \"{text}\"}}}}\n",
            world.reference()
        )
    };
    says(world.csods("apply -").input(&line("a")), "d.osei", "apply");
    says(world.csods("person add x.y --name X --email x.y@example.org --role auditor"), "d.osei", "person");
    says(world.csods("templates eject acknowledgement"), "d.osei", "templates");
    world.edit_case("channel: online", "channel: phone");
    let why = "{code: new_information, reason: They rang.}";
    says(world.csods("commit").from(why).beside_edits(), "d.osei", "commit");
    for command in ["note REF", "urgent REF"] {
        let answers = if command == "urgent REF" { "action: Rang." } else { "text: x" };
        assert_eq!(world.csods(command).from(answers).recorded()["actor"], "d.osei", "{command}");
    }
    let person = world.csods("person add z.z --name Z --email z.z@example.org --role auditor").recorded();
    assert_eq!(person["actor"], "d.osei");
    // A question is not a change.
    let shown = world.csods("show REF --format json").done();
    assert!(!shown.stderr.contains("recorded as") && json(&shown.stdout).get("actor").is_none());
    let dry = world.csods("note REF --dry-run").from("text: x").done();
    assert!(!dry.stderr.contains("recorded as"), "{}", dry.stderr);
    let made = World::bare();
    assert_eq!(made.csods("init store --prefix KP --force Example").recorded()["actor"], "d.osei");
}

/// What cannot be read or understood is not taken for nothing: then the store's own would say who acts.
#[test]
fn a_configuration_of_ones_own_that_cannot_be_read_is_named() {
    let world = World::at(At::Opened);
    world.git(&["config", "user.email", "m.reid@example.org"]);
    let home = home(&world, "d.osei@example.org");
    let file = world.dir().join("home/.gitconfig");
    let note = |through: &[&str]| {
        let note = world.csods("note REF").from("text: x").env("GIT_AUTHOR_EMAIL", "").env("HOME", &home);
        note.through(through)
    };
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything, unless it gives that up.
    let root = rustix::process::geteuid().is_root();
    let caps = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"];
    let refused = note(if root { &caps } else { &[] }).refused(12);
    assert!(refused.stderr.contains("your own git configuration cannot be read"), "{}", refused.stderr);
    assert!(refused.stderr.contains("GIT_AUTHOR_EMAIL"), "{}", refused.stderr);
    std::fs::remove_file(&file).unwrap();
    world.write("home/.gitconfig", "[user\nemail = ");
    let refused = note(&[]).refused(12);
    assert!(refused.stderr.contains("git config --list --show-origin"), "{}", refused.stderr);
}
