//! A list to choose from: which item is marked, the keys that move the mark, and how it is drawn. Pure.
//!
//! Nothing is marked at first (D1). Only the arrow keys and their like mark an item. Any other key takes the mark away,
//! so that pasted or mistyped text cannot choose: dialoguer's own list takes `j`, `k`, `q` and the space bar as commands.

use dialoguer::console::{Key, style};

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// Nothing is chosen yet.
    On,
    /// The item at this position is chosen.
    Chosen(usize),
    /// Back to the question before.
    Back,
}

/// A list on the screen.
#[derive(Debug, Clone)]
pub struct List {
    /// The rows of each item.
    items: Vec<String>,
    /// The marked item.
    marked: Option<usize>,
    /// The first item in sight.
    first: usize,
    /// How many items are in sight.
    page: usize,
}

impl List {
    /// A list of these items, each of one or more lines, on a screen with room for `height` rows.
    pub fn new(items: Vec<String>, height: usize) -> List {
        let rows = items.iter().map(|item| item.lines().count()).max().unwrap_or(1).max(1);
        // Two rows say that there is more above and below.
        let page = (height.saturating_sub(2) / rows).max(1);
        List { items, marked: None, first: 0, page }
    }

    /// Takes a key.
    pub fn press(&mut self, key: &Key) -> Pressed {
        let last = self.items.len().saturating_sub(1);
        let marked = match (key, self.marked) {
            (Key::Enter, Some(at)) => return Pressed::Chosen(at),
            (Key::Escape, _) => return Pressed::Back,
            (Key::ArrowDown | Key::Tab | Key::Home | Key::PageDown, None) => Some(0),
            (Key::ArrowUp | Key::BackTab | Key::End | Key::PageUp, None) => Some(last),
            (Key::ArrowDown | Key::Tab, Some(at)) => Some(if at == last { 0 } else { at + 1 }),
            (Key::ArrowUp | Key::BackTab, Some(at)) => Some(at.checked_sub(1).unwrap_or(last)),
            (Key::PageDown, Some(at)) => Some((at + self.page).min(last)),
            (Key::PageUp, Some(at)) => Some(at.saturating_sub(self.page)),
            (Key::Home, _) => Some(0),
            (Key::End, _) => Some(last),
            _ => None,
        };
        self.mark(marked.filter(|_| !self.items.is_empty()));
        Pressed::On
    }

    /// Takes the mark away.
    pub fn unmark(&mut self) {
        self.marked = None;
    }

    fn mark(&mut self, marked: Option<usize>) {
        self.marked = marked;
        if let Some(at) = marked {
            self.first = self.first.clamp((at + 1).saturating_sub(self.page), at);
        }
    }

    /// Its rows, the marked item with a mark before it.
    pub fn rows(&self) -> Vec<String> {
        let end = (self.first + self.page).min(self.items.len());
        let mut rows = vec!["Choose".to_owned()];
        if self.first > 0 {
            rows.push(format!("  ({} more above)", self.first));
        }
        for (at, item) in self.items.iter().enumerate().take(end).skip(self.first) {
            for (row, line) in item.lines().enumerate() {
                rows.push(match (self.marked == Some(at), row) {
                    (true, 0) => format!("> {}", style(line).for_stderr().bold()),
                    (true, _) => format!("  {}", style(line).for_stderr().bold()),
                    (false, _) => format!("  {line}"),
                });
            }
        }
        if end < self.items.len() {
            rows.push(format!("  ({} more below)", self.items.len() - end));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(count: usize, height: usize) -> List {
        List::new((1..=count).map(|n| format!("item {n}")).collect(), height)
    }

    #[test]
    fn d1_nothing_is_chosen_before_it_is_marked() {
        let mut list = list(3, 20);
        assert_eq!(list.press(&Key::Enter), Pressed::On);
        assert_eq!(list.rows(), ["Choose", "  item 1", "  item 2", "  item 3"]);
        for (key, marked) in [
            (Key::ArrowDown, 0),
            (Key::ArrowUp, 2),
            (Key::Tab, 0),
            (Key::End, 2),
            (Key::Home, 0),
            (Key::ArrowDown, 1),
        ] {
            assert_eq!(list.press(&key), Pressed::On);
            assert_eq!(list.marked, Some(marked), "{key:?}");
        }
        assert_eq!(list.press(&Key::Enter), Pressed::Chosen(1));
        assert_eq!(list.press(&Key::Escape), Pressed::Back);
        let mut empty = List::new(Vec::new(), 10);
        assert_eq!([empty.press(&Key::ArrowDown), empty.press(&Key::Enter)], [Pressed::On, Pressed::On]);
    }

    #[test]
    fn pasted_text_chooses_nothing() {
        let mut list = list(3, 20);
        list.press(&Key::ArrowDown);
        for c in "jkq yes hl".chars() {
            assert_eq!(list.press(&Key::Char(c)), Pressed::On, "{c}");
            assert_eq!(list.press(&Key::Enter), Pressed::On, "{c}");
        }
    }

    #[test]
    fn a_long_list_moves_with_its_mark() {
        let mut list = list(10, 6);
        assert_eq!(
            list.rows(),
            ["Choose", "  item 1", "  item 2", "  item 3", "  item 4", "  (6 more below)"]
        );
        list.press(&Key::PageDown);
        list.press(&Key::PageDown);
        let rows = list.rows();
        assert_eq!((rows[1].as_str(), rows.len()), ("  (1 more above)", 7));
        assert!(rows[5].contains("item 5") && rows[5].starts_with("> "), "{rows:?}");
        list.press(&Key::End);
        assert!(list.rows().last().is_some_and(|row| row.contains("item 10")));
    }
}
