//! Numbers under one another, right-aligned; where there are more columns than fit the page, in several grids below one
//! another.

use unicode_width::UnicodeWidthStr;

use super::page::clean;

/// The space before a column.
const GAP: usize = 2;

/// The grid as text that is at most `width` columns wide, as far as one column of numbers fits beside the labels.
pub fn grid(columns: &[String], rows: &[(String, Vec<String>)], width: usize) -> String {
    let label = rows.iter().map(|(label, _)| clean(label).width()).max().unwrap_or_default();
    let of = |index: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(index)).chain(columns.get(index));
        GAP + cells.map(|cell| clean(cell).width()).max().unwrap_or_default()
    };
    let mut text = String::new();
    let mut first = 0;
    while first < columns.len() {
        let mut last = first + 1;
        let mut taken = label + of(first);
        while last < columns.len() && taken + of(last) <= width {
            taken += of(last);
            last += 1;
        }
        if first > 0 {
            text.push('\n');
        }
        let mut line = |name: &str, cells: &[String]| {
            let mut line = format!("{name}{}", " ".repeat(label.saturating_sub(clean(name).width())));
            for (index, cell) in cells.iter().enumerate().take(last).skip(first) {
                let cell = clean(cell);
                line.push_str(&" ".repeat(of(index).saturating_sub(cell.width())));
                line.push_str(&cell);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        };
        line("", &columns.iter().map(|column| column.to_uppercase()).collect::<Vec<_>>());
        for (name, cells) in rows {
            line(&clean(name), cells);
        }
        first = last;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grid;

    #[test]
    fn columns_that_do_not_fit_go_below() {
        let columns: Vec<String> = ["2026-01", "2026-02", "total"].map(str::to_owned).to_vec();
        let row = |name: &str, cells: [&str; 3]| (name.to_owned(), cells.map(str::to_owned).to_vec());
        let rows = [row("received", ["7", "12", "19"]), row("open", ["*", "5", "*"])];
        let wide = "          2026-01  2026-02  TOTAL\nreceived        7       12     19\nopen            *        5      *\n";
        assert_eq!(grid(&columns, &rows, 40), wide);
        let narrow = "          2026-01  2026-02\nreceived        7       12\nopen            *        5\n\n          \
                      TOTAL\nreceived     19\nopen          *\n";
        assert_eq!(grid(&columns, &rows, 30), narrow);
    }
}
