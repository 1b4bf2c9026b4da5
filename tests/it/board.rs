//! `csods board`.

use crate::support::{APPLICATION, At, World};

#[test]
fn shows_a_column_a_stage_in_a_window_of_any_width() {
    let world = World::at(At::Decision);
    let new = world.csods("new").from(APPLICATION).opened();
    let wide = world.csods("board").now("2026-03-04T12:00:00Z").done().stdout;
    let lines: Vec<&str> = wide.lines().collect();
    assert_eq!(lines[0], "2 open, 1 overdue");
    assert!(lines[1].starts_with("INITIAL CHECKS") && lines[1].contains("OUTCOME"), "{wide}");
    assert!(wide.contains(&format!("{new} 2d!")), "{wide}");
    for width in ["20", "40", "60", "80", "200"] {
        let text = world.csods("board").env("COLUMNS", width).done().stdout;
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width.parse().unwrap(), "{width}:\n{text}");
        assert!(text.contains(&new) && text.contains(world.reference()), "{text}");
    }
}

#[test]
fn gives_counts_to_scripts_and_spreadsheets() {
    let world = World::at(At::Decision);
    world.csods("new").from(APPLICATION).opened();
    let board = world.csods("board --oldest 1").json();
    assert_eq!((&board["open"], &board["overdue"]), (&2.into(), &0.into()));
    assert_eq!(board["stages"][3]["oldest"][0]["reference"], world.reference());
    let csv = world.csods("board stage:decision --format csv").done().stdout;
    assert!(csv.contains("decision,1,0,") && csv.contains("interview,0,0,,"), "{csv}");
    assert!(World::at(At::Closed).csods("board").done().stdout.starts_with("0 open, 0 overdue"));
}
