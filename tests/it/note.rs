//! `csods note`.

use crate::support::{At, World};

#[test]
fn records_a_note_at_any_stage() {
    for at in [At::Opened, At::Decision, At::Closed] {
        let world = World::at(at);
        let answer = world.csods("note REF").by("m.reid").from("text: Rang back.").recorded();
        assert_eq!(answer["action"], "note");
        let case = world.case();
        assert_eq!(case["notes"][0]["text"], "Rang back.");
        assert_eq!(case["notes"][0]["by"], "m.reid");
        assert_eq!(case["stage"], answer["stage"]);
    }
}

#[test]
fn refuses_a_note_without_text_and_from_an_auditor() {
    let world = World::at(At::Opened);
    assert_eq!(world.csods("note REF").problems(6), ["note.text: missing"]);
    assert_eq!(world.csods("note REF").from("{text: ''}").problems(6), ["note.text: must not be blank"]);
    world.csods("note REF").by("a.auditor").from("text: Looked.").refused(7);
    world.csods("note REF").from("text: Rang back.").would_write("text: Rang back.");
}
