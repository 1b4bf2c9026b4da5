//! The register of another system, the mapping of its columns to the keys of a case, and registers of other rows.

/// A register of ten years. The mapping names `archive` where the register does not say who did something.
pub const REGISTER: &str = include_str!("register.csv");
/// How its columns become keys of a case.
pub const MAPPING: &str = include_str!("register.toml");

/// The headings of the register, in their order.
pub fn headings() -> Vec<&'static str> {
    REGISTER.lines().next().unwrap_or_default().split(',').collect()
}

/// A register with the same headings and these rows. A row is the cells that are not empty, as they are written in CSV,
/// each with its heading. A heading that the register does not have comes after the others.
pub fn register<C: AsRef<str>>(rows: &[Vec<(&'static str, C)>]) -> String {
    let mut headings = headings();
    for (heading, _) in rows.iter().flatten() {
        if !headings.contains(heading) {
            headings.push(heading);
        }
    }
    let mut text = headings.join(",") + "\n";
    for row in rows {
        let cell =
            |heading: &&str| row.iter().find(|(of, _)| of == heading).map_or("", |(_, cell)| cell.as_ref());
        let cells: Vec<&str> = headings.iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}
