//! `csods letters`.

use crate::letter::world;

#[test]
fn shows_the_letters_of_a_case_and_whether_they_went() {
    let world = world();
    assert!(world.csods("letters REF").done().stdout.contains("the case has no letters"));
    let id =
        world.csods("letter REF acknowledgement").recorded()["letter"]["id"].as_str().unwrap().to_owned();
    let letters = world.csods("letters REF").json();
    assert_eq!(
        (&letters["letters"][0]["id"], &letters["letters"][0]["sent_at"]),
        (&id.clone().into(), &().into())
    );
    world.csods(&format!("letter REF --sent {id}")).recorded();
    let text = world.csods("letters REF").done().stdout;
    assert!(
        text.contains("by d.osei") && text.contains(&format!("2026-03-02-acknowledgement-{id}.md")),
        "{text}"
    );
    assert_eq!(world.csods("letters REF").json()["letters"][0]["sent_at"], "2026-03-02T12:00:00Z");
    assert!(
        world.csods("letters REF --format csv").done().stdout.starts_with("id,day,letter,to,how,sent,file\n")
    );
    world.csods("letters ZZZZ").refused(3);
}

#[test]
fn shows_what_is_due_until_it_went() {
    let world = world();
    let due = |day: &str| {
        let answer = world.csods("letters due").now(day).json();
        answer["letters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["state"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let day = "2026-03-04T09:00:00Z";
    assert_eq!(due("2026-03-02T12:00:00Z"), Vec::<String>::new());
    assert_eq!(due(day), ["to_make"]);
    let made = world.csods("letter REF acknowledgement").now(day).recorded();
    assert_eq!(due(day), ["to_send"]);
    let text = world.csods("letters due").now(day).done().stdout;
    let id = made["letter"]["id"].as_str().unwrap();
    assert!(text.contains(&format!("made; to send, then --sent {id}")), "{text}");
    world.csods(&format!("letter REF --sent {id}")).now(day).recorded();
    assert_eq!(due(day), Vec::<String>::new());
    assert!(world.csods("letters due").now(day).done().stdout.contains("no letter is due"));
}
