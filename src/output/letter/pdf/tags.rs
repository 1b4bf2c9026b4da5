//! What is what, for those who do not see the page: the structure of a tagged PDF, built in reading order while the letter is
//! laid out, filled while it is drawn.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// What a part of the letter is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    /// A paragraph.
    Paragraph,
    /// A heading: its level, and its words.
    Heading(u16, String),
    /// A list, and whether it is numbered.
    List(bool),
    /// An item of a list.
    Item,
    /// Its bullet or number.
    Label,
    /// What it holds.
    Held,
    /// A table.
    Table,
    /// A row of a table.
    Row,
    /// The head of a column.
    Column,
    /// A cell.
    Cell,
    /// Words set apart.
    Quote,
    /// Words that matter more.
    Strong,
    /// Words that are stressed.
    Emphasis,
    /// A link.
    Link,
}

impl Role {
    /// Whether nothing is left of it without words.
    fn is_nothing_without_words(&self) -> bool {
        !matches!(self, Role::Held | Role::Cell | Role::Column | Role::Row | Role::Table)
    }

    fn tag(&self) -> TagKind {
        match self {
            Role::Paragraph => Tag::P.into(),
            Role::Heading(level, words) => {
                Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(words.clone())).into()
            }
            Role::List(true) => Tag::L(ListNumbering::Decimal).into(),
            Role::List(false) => Tag::L(ListNumbering::Disc).into(),
            Role::Item => Tag::LI.into(),
            Role::Label => Tag::Lbl.into(),
            Role::Held => Tag::LBody.into(),
            Role::Table => Tag::Table.into(),
            Role::Row => Tag::TR.into(),
            Role::Column => Tag::TH(TableHeaderScope::Column).into(),
            Role::Cell => Tag::TD.into(),
            Role::Quote => Tag::BlockQuote.into(),
            Role::Strong => Tag::Strong.into(),
            Role::Emphasis => Tag::Em.into(),
            Role::Link => Tag::Link.into(),
        }
    }
}

/// A part of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group(usize);

/// A place in a part of the structure that holds what is drawn, which may be on several lines and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(usize);

enum Child {
    Group(usize),
    Slot(usize),
}

/// The structure of a letter.
pub(super) struct Tree {
    groups: Vec<(Role, Vec<Child>)>,
    slots: Vec<Vec<Identifier>>,
}

impl Tree {
    /// The letter.
    pub(super) const LETTER: Group = Group(0);

    /// A letter without parts.
    pub(super) fn new() -> Tree {
        Tree { groups: vec![(Role::Paragraph, Vec::new())], slots: Vec::new() }
    }

    /// A new part, read after all that its parent holds so far.
    pub(super) fn group(&mut self, parent: Group, role: Role) -> Group {
        let group = self.groups.len();
        self.groups.push((role, Vec::new()));
        self.child(parent, Child::Group(group));
        Group(group)
    }

    /// A new place for what is drawn, read after all that its part holds so far.
    pub(super) fn slot(&mut self, parent: Group) -> Slot {
        let slot = self.slots.len();
        self.slots.push(Vec::new());
        self.child(parent, Child::Slot(slot));
        Slot(slot)
    }

    fn child(&mut self, parent: Group, child: Child) {
        if let Some((_, children)) = self.groups.get_mut(parent.0) {
            children.push(child);
        }
    }

    /// Says that something drawn belongs to a place.
    pub(super) fn drawn(&mut self, slot: Slot, identifier: Identifier) {
        if let Some(slot) = self.slots.get_mut(slot.0) {
            slot.push(identifier);
        }
    }

    /// The structure as it goes into the file.
    pub(super) fn into_tags(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for node in self.children(Tree::LETTER.0) {
            tree.push(node);
        }
        tree
    }

    fn children(&self, group: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        for child in self.groups.get(group).map_or(&[][..], |(_, children)| children) {
            match child {
                Child::Slot(slot) => {
                    let drawn = self.slots.get(*slot).into_iter().flatten();
                    nodes.extend(drawn.map(|identifier| Node::Leaf(*identifier)));
                }
                Child::Group(group) => nodes.extend(self.node(*group)),
            }
        }
        nodes
    }

    fn node(&self, group: usize) -> Option<Node> {
        let (role, _) = self.groups.get(group)?;
        let children = self.children(group);
        if children.is_empty() && role.is_nothing_without_words() {
            return None;
        }
        Some(Node::Group(TagGroup { tag: role.tag(), children }))
    }
}
