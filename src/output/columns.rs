//! Columns of lines beside one another, as on a board; below one another where they do not fit.

use unicode_width::UnicodeWidthStr;

use super::page::clean;

/// The space between two columns.
const GAP: usize = 3;

/// The columns on a page of this width. The first line of each is its heading.
pub fn columns(columns: &[Vec<String>], page: usize) -> String {
    let columns: Vec<Vec<String>> =
        columns.iter().map(|lines| lines.iter().map(|line| clean(line)).collect()).collect();
    let widths: Vec<usize> =
        columns.iter().map(|lines| lines.iter().map(|line| line.width()).max().unwrap_or_default()).collect();
    let all = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    if all > page { stacked(&columns) } else { beside(&columns, &widths) }
}

fn beside(columns: &[Vec<String>], widths: &[usize]) -> String {
    let height = columns.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::new();
    for number in 0..height {
        let mut line = String::new();
        for (column, width) in columns.iter().zip(widths) {
            let cell = column.get(number).map(String::as_str).unwrap_or_default();
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + GAP));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn stacked(columns: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (position, column) in columns.iter().enumerate() {
        let mut lines = column.iter().filter(|line| !line.is_empty());
        if position > 0 {
            text.push('\n');
        }
        text.extend(lines.next().map(|heading| format!("{heading}\n")));
        text.extend(lines.map(|line| format!("  {line}\n")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_beside_one_another_where_they_fit() {
        let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let board = [lines("CHECKS|2 open||A 3d"), lines("INTERVIEW|0 open|")];
        assert_eq!(columns(&board, 18), "CHECKS   INTERVIEW\n2 open   0 open\n\nA 3d\n");
        assert_eq!(columns(&board, 17), "CHECKS\n  2 open\n  A 3d\n\nINTERVIEW\n  0 open\n");
    }
}
