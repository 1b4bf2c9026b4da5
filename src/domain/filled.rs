//! Values of a case that a command fills in where its answers leave them out, and values that hold others.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use super::node::{Node, Step};
use super::record::{Fault, OLDEST_FORMAT, Part, Reader, Shape};
use super::reference::Chance;
use super::scalars::{ItemId, PersonId, quoted, text};
use super::time::{Day, Instant};

/// What a command fills in where its answers leave it out.
pub struct Fill {
    /// Who acts.
    pub actor: PersonId,
    /// The moment of the command.
    pub now: Instant,
    /// The local day of the command.
    pub today: Day,
    /// The source of new ids.
    pub chance: RefCell<Chance>,
    /// The ids that were given out since, or that are spoken for.
    pub used: RefCell<HashSet<ItemId>>,
    /// The ids that the case has already.
    pub taken: Rc<HashSet<ItemId>>,
}

impl Fill {
    /// An id that no item of the case has.
    pub fn item_id(&self) -> ItemId {
        let mut chance = self.chance.borrow_mut();
        loop {
            let id = ItemId::random(&mut chance);
            if !self.taken.contains(&id) && self.used.borrow_mut().insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Declares a value that is filled in where answers leave it out.
macro_rules! filled {
    ($(#[$attribute:meta])* $name:ident($inner:ident), |$fill:ident| $value:expr) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl Part for $name {
            const SHAPE: Shape = $inner::SHAPE;
            const FILLED: bool = true;

            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                $inner::read(node, reader).map($name)
            }

            fn absent(reader: &mut Reader<'_>) -> Option<Self> {
                match reader.fill() {
                    Some($fill) => Some($name($value)),
                    None => $inner::absent(reader).map($name),
                }
            }

            fn write(&self) -> Option<Node> {
                self.0.write()
            }

            fn latest(&self) -> Option<Instant> {
                self.0.latest()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
filled!(
    /// Who did it; the actor unless stated.
    By(PersonId), |fill| fill.actor.clone()
);
filled!(
    /// When it was done; now unless stated (late entry).
    At(Instant), |fill| fill.now
);
filled!(
    /// On which local day; today unless stated.
    On(Day), |fill| fill.today
);

impl Part for ItemId {
    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        take(field, self.as_str());
    }

    const SHAPE: Shape = Shape::Item;
    const FILLED: bool = true;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = text(node, reader)?;
        ItemId::new(text).map_err(|what| reader.invalid::<()>(what)).ok()
    }

    fn absent(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.fill() {
            Some(fill) => Some(fill.item_id()),
            None => {
                reader.problem(Fault::Missing);
                None
            }
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::text(self.as_str()))
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A pointer to an item of a list in the same case, by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemRef(pub ItemId);

impl Part for ItemRef {
    const SHAPE: Shape = Shape::Item;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        ItemId::read(node, reader).map(ItemRef)
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }
}

/// Any value at all, kept as it stands and never printed: what a corrected field was, and is now.
impl Part for Node {
    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        match self {
            Node::Map(entries) => {
                self.id().into_iter().for_each(|id| take(field, id));
                entries.iter().for_each(|(_, value)| value.each_id(field, take));
            }
            Node::List(items) => items.each_id(field, take),
            _ => {}
        }
    }

    const SHAPE: Shape = Shape::Any;
    const PRIVATE: bool = true;

    fn read(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(quoted(node.clone()))
    }

    fn write(&self) -> Option<Node> {
        Some(self.clone())
    }
}

/// A value that must be stated even where it is empty: "no child is named" is an answer, silence is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T>(pub T);

impl<T: Part> Part for Stated<T> {
    const SHAPE: Shape = T::SHAPE;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Stated)
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }

    fn latest(&self) -> Option<Instant> {
        self.0.latest()
    }

    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        self.0.each_id(field, take);
    }

    fn format(&self) -> u32 {
        self.0.format()
    }
}

/// Keys that the file's owner chooses, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<T>(pub Vec<(String, T)>);

impl<T> Table<T> {
    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Keys and values, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> + Clone {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<T: Part> Part for Table<T> {
    const SHAPE: Shape = Shape::Table(&T::SHAPE);
    const REQUIRED: bool = false;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Node::Map(entries) = node else {
            return reader.invalid("must be keys with values");
        };
        let read: Vec<Option<(String, T)>> = entries
            .iter()
            .map(|(key, value)| {
                let read = reader.below(Step::Key(key.clone()), |reader| T::read(value, reader));
                read.map(|value| (key.clone(), value))
            })
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Table)
    }

    fn absent(_: &mut Reader<'_>) -> Option<Self> {
        Some(Table(Vec::new()))
    }

    fn write(&self) -> Option<Node> {
        let entries = self.0.iter().filter_map(|(key, value)| Some((key.clone(), value.write()?))).collect();
        Some(Node::Map(entries))
    }

    fn format(&self) -> u32 {
        self.0.iter().map(|(_, value)| value.format()).max().unwrap_or(OLDEST_FORMAT)
    }
}
