//! `csods report`: one page that stands alone, can be read by everybody, and holds nothing personal.

use std::collections::BTreeSet;
use std::fs;

use crate::stats::example;
use crate::support::{At, World};

const NOW: &str = "2026-03-20T12:00:00Z";

fn page(world: &World, line: &str) -> String {
    world.csods(&format!("report --output - {line}")).now(NOW).done().stdout
}

/// The tags of a page, in order, without what is not closed in HTML.
fn tags(page: &str) -> Vec<&str> {
    let found = page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap());
    found.filter(|tag| !tag.starts_with('!') && !tag.starts_with("meta")).collect()
}

/// The values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn the_page_is_well_formed_stands_alone_and_says_what_it_shows() {
    let world = example();
    for line in ["", "--suppress", "--period ..", "--month 2026-02", "--year 2019"] {
        let page = page(&world, line);
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">"), "{line}");
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(&page) {
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            match tag {
                _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name), "{line}"),
                _ if tag.ends_with('/') => {}
                _ => open.push(name),
            }
        }
        assert!(open.is_empty(), "{line}: {open:?}");
        for outside in ["<script", "http:", "https:", " src=", "@import", "<link", "javascript:", " onclick"]
        {
            assert!(!page.contains(outside), "{line}: {outside}");
        }
        let ids = values(&page, "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{line}: {ids:?}");
        for target in values(&page, "aria-labelledby").iter().flat_map(|list| list.split(' ')) {
            assert!(ids.contains(&target), "{line}: {target}");
        }
        for target in page.split("url(#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(ids.contains(&target), "{line}: {target}");
        }
        let (drawings, tables) =
            (page.matches("<svg class=\"chart\"").count(), page.matches("<table>").count());
        assert!(drawings == tables && drawings >= 5, "{line}: {drawings} {tables}");
        assert_eq!(page.matches(" role=\"img\"").count(), drawings, "{line}");
        for tag in ["<title id=", "<desc id="] {
            assert_eq!(page.matches(tag).count(), drawings, "{line} {tag}");
        }
        assert_eq!(page.matches("<caption>").count(), tables, "{line}");
        assert_eq!(page.matches("<h1>").count(), 1, "{line}");
        assert_eq!(page.matches("<th>").count(), 0, "{line}: a head without a scope");
    }
}

#[test]
fn equal_stores_give_equal_bytes() {
    let (one, other) = (example(), World::at(At::Closed));
    assert_eq!(page(&one, ""), page(&one, ""));
    assert_ne!(page(&one, ""), page(&other, ""));
    let file = one.dir().join("report.html");
    let told = one.csods("report --output ../report.html").now(NOW).json();
    assert_eq!(fs::read_to_string(&file).unwrap(), page(&one, ""));
    assert_eq!(told["bytes"], page(&one, "").len());
    assert_eq!(told["suppressed"], false);
    // Of a later moment, but as of that day, whatever came after.
    let then = |now: &str| {
        let ran = other.csods("report --output - --as-of 2026-03-02 --year 2026").now(now).done();
        ran.stdout
    };
    let before = then("2026-03-05T12:00:00Z");
    other.csods("note REF").now("2026-03-06T12:00:00Z").from("text: Rang.").recorded();
    assert_eq!(then("2026-05-05T12:00:00Z"), before);
}

#[test]
fn nothing_personal_and_nobody_of_the_office_stands_on_it() {
    let world = World::at(At::Closed);
    let page = page(&world, "");
    for word in ["Placeholder", "Charlie", "Alex", "Sample", "01632", "osei", "reid", world.reference()] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn n3_a_page_to_hand_on_shows_no_small_count() {
    let world = example();
    let suppressed = page(&world, "--suppress");
    assert!(suppressed.contains("Counts under 5 are hidden"));
    let cells = suppressed.split("<td>").skip(1).map(|rest| rest.split('<').next().unwrap());
    let cells: Vec<&str> = cells.collect();
    assert!(cells.contains(&"hidden"));
    for cell in cells {
        assert!(cell == "hidden" || cell.parse::<u64>().unwrap() >= 5, "{cell}");
    }
    let plain = page(&world, "");
    assert!(plain.contains("Not for publication") && !plain.contains("<td>hidden"));
}

#[test]
fn it_is_written_outside_the_store_in_one_step() {
    let world = World::at(At::Closed);
    for inside in ["report.html", "cases/report.html", "cases/2026/../x.html", ".git/report.html"] {
        let ran = world.csods(&format!("report --output {inside}")).refused(2);
        assert!(ran.stderr.contains("cannot be written into the store"), "{}", ran.stderr);
    }
    world.csods("report --output ../nowhere/report.html").refused(3);
    world.csods("report --output ..").refused(2);
    world.csods("report").refused(2);
    world.csods("report --output ../report.html --year 2027").refused(2);
    assert!(!fs::exists(world.dir().join("report.html")).unwrap());
    world.write("report.html", "an older page, longer than nothing");
    world.csods("report --output ../report.html --dry-run").done();
    assert!(fs::read_to_string(world.dir().join("report.html")).unwrap().starts_with("an older"));
    world.csods("report --output ../report.html").done();
    assert!(fs::read_to_string(world.dir().join("report.html")).unwrap().ends_with("</html>\n"));
    let names = fs::read_dir(world.dir()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".new")).collect();
    assert!(left.is_empty(), "{left:?}");
}
