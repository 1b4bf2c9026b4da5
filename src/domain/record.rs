//! How typed values stand in a file: [`Part`], its [`Shape`], and the macros `record!` and `choice!` that declare
//! them.
//!
//! One declaration gives the reader (which collects every problem instead of stopping at the first), the canonical
//! writer (keys in the declared order, absent rather than null), the questions at a prompt and the list of keys in
//! `--help`. The first line of a field's documentation is the question a person is asked.

mod choice;
mod declared;

use super::node::{Node, Path, Step};
use super::scalars::Fill;
use super::time::Instant;

pub use super::problem::{Fault, Problem};
pub use super::shape::{Field, Shape, Word, one_of};

/// A value that can stand in a case file, in settings or in a command's answers.
pub trait Part: Sized + PartialEq + 'static {
    /// What it looks like, for prompts, help and error messages.
    const SHAPE: Shape;
    /// Whether a record must hold it.
    const REQUIRED: bool = true;
    /// Whether it is filled in where answers leave it out.
    const FILLED: bool = false;
    /// Whether it is a personal fact: such have no flags, as those would stand in the shell's history.
    const PRIVATE: bool = false;

    /// Reads it; `None` after at least one problem was reported to `reader`.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// What stands for it where its key is absent; `None` after the problem was reported.
    fn absent(reader: &mut Reader<'_>) -> Option<Self> {
        reader.problem(Fault::Missing);
        None
    }

    /// Writes it; `None` where the key is to be absent.
    fn write(&self) -> Option<Node>;

    /// Writes it without the items of a record's lists that `other` has in the same positions. An action adds to a case of
    /// thousands of records, and only what it added need be looked at.
    fn write_differing(&self, other: &Self) -> Option<Node> {
        let _ = other;
        self.write()
    }

    /// Replaces what [`Part::write_differing`] writes by what `from` has in its place.
    fn put_differing(&mut self, other: &Self, from: Self) {
        let _ = other;
        *self = from;
    }

    /// The latest moment in it; `None` where it has none.
    fn latest(&self) -> Option<Instant> {
        None
    }

    /// Gives every id of an item in it, and the field of the outermost record in which it stands; `field` is the one that
    /// is known already.
    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        let _ = (field, take);
    }

    /// Whether its key is absent from a file.
    fn is_absent(&self) -> bool {
        false
    }

    /// The oldest format of files that can hold this value.
    fn format(&self) -> u32 {
        OLDEST_FORMAT
    }
}

/// The format of files in which everything can stand that is not declared with `since`.
pub const OLDEST_FORMAT: u32 = 1;

/// How many problems are told of one text: nobody mends more at a time, and a hostile text could hold a hundred thousand.
pub const MOST_PROBLEMS: usize = 100;
/// Said in place of all further ones.
pub const AND_MORE: &str = "and there is more; mend these first";

/// Walks a tree while it is read: knows where it stands, collects problems, and fills in what may be left out.
pub struct Reader<'a> {
    path: Path,
    problems: Vec<Problem>,
    fill: Option<&'a Fill>,
}

impl<'a> Reader<'a> {
    /// A reader of a stored file: nothing may be left out.
    pub fn strict() -> Reader<'static> {
        Reader { path: Path::root(), problems: Vec::new(), fill: None }
    }

    /// A reader of answers, which stand at `path` of the case: ids, who and when are filled in where absent.
    pub fn filling(path: Path, fill: &'a Fill) -> Reader<'a> {
        Reader { path, problems: Vec::new(), fill: Some(fill) }
    }

    /// What may be filled in.
    pub fn fill(&self) -> Option<&'a Fill> {
        self.fill
    }

    /// Reports a problem at the place that is being read; [`MOST_PROBLEMS`] of them, then only that there are more.
    pub fn problem(&mut self, fault: Fault) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem::new(self.path.clone(), fault));
        } else if self.problems.len() == MOST_PROBLEMS {
            self.problems.push(Problem::invalid(Path::root(), AND_MORE));
        }
    }

    /// Reports that the value is not what is needed.
    pub fn invalid<T>(&mut self, what: impl Into<String>) -> Option<T> {
        self.refuse(Fault::Invalid(what.into()))
    }

    /// Reports `fault`, where a value was to be read.
    fn refuse<T>(&mut self, fault: Fault) -> Option<T> {
        self.problem(fault);
        None
    }

    /// Reads `read` one step further down.
    pub fn below<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.path.0.push(step);
        let value = read(self);
        self.path.0.pop();
        value
    }

    /// Reads the field `key` of a record.
    pub fn field<T: Part>(&mut self, node: &Node, key: &str) -> Option<T> {
        self.below(Step::Key(key.to_owned()), |reader| match node.get(key) {
            Some(value) => T::read(value, reader),
            None => T::absent(reader),
        })
    }

    /// Reports every key of `node` that is none of `fields`, or that answers may not hold; and
    /// anything that is not a map at all.
    pub fn keys(&mut self, node: &Node, fields: &'static [Field]) -> bool {
        let Node::Map(entries) = node else {
            self.problem(Fault::Invalid("must be keys with values".to_owned()));
            return false;
        };
        for (key, _) in entries {
            let fault = match fields.iter().find(|field| field.key == key) {
                Some(field) if field.entered && self.fill.is_some() => {
                    Fault::Invalid("is recorded by csods itself; leave it out".to_owned())
                }
                Some(_) => continue,
                None => {
                    let allowed = fields.iter().filter(|field| !field.entered || self.fill.is_none());
                    Fault::UnknownKey(allowed.map(|field| field.key).collect())
                }
            };
            self.below(Step::Key(key.clone()), |reader| reader.refuse::<()>(fault));
        }
        true
    }

    /// Everything that was wrong.
    pub fn finish(self) -> Vec<Problem> {
        self.problems
    }
}

/// Reads a whole value: the value, or every problem in the order of the fields.
pub fn read<T: Part>(node: &Node, mut reader: Reader<'_>) -> Result<T, Vec<Problem>> {
    let value = T::read(node, &mut reader);
    let problems = reader.finish();
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// The fields of a record one by one, by their keys.
pub trait Fields {
    /// Writes the field `key` alone; `None` where it is absent from the record.
    fn write_field(&self, key: &str) -> Option<Node>;

    /// Reads the field `key` alone, strictly; `None` where there is no such field or it cannot be read.
    fn read_field(&mut self, key: &str, value: Option<&Node>) -> Option<()>;
}

/// Reads the value of one field, strictly; `None` where it is wrong, or absent and required.
pub fn read_strict<T: Part>(value: Option<&Node>) -> Option<T> {
    let mut reader = Reader::strict();
    let read = match value {
        Some(value) => T::read(value, &mut reader),
        None => T::absent(&mut reader),
    };
    read.filter(|_| reader.finish().is_empty())
}

impl<T: Part> Part for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const REQUIRED: bool = false;
    const PRIVATE: bool = T::PRIVATE;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Some)
    }

    fn absent(_: &mut Reader<'_>) -> Option<Self> {
        Some(None)
    }

    fn write(&self) -> Option<Node> {
        self.as_ref().and_then(Part::write)
    }

    fn latest(&self) -> Option<Instant> {
        self.as_ref().and_then(Part::latest)
    }

    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        self.iter().for_each(|part| part.each_id(field, take));
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Part::is_absent)
    }

    fn format(&self) -> u32 {
        self.as_ref().map_or(OLDEST_FORMAT, Part::format)
    }
}

/// Writes one item of a list.
fn written<T: Part>(item: &T) -> Option<Node> {
    #[cfg(test)]
    ITEMS_WRITTEN.set(ITEMS_WRITTEN.get() + 1);
    item.write()
}

#[cfg(test)]
thread_local! {
    /// How many items of lists this thread has written, by which tests bound the work on a large case.
    pub(crate) static ITEMS_WRITTEN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl<T: Part> Part for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    const REQUIRED: bool = false;
    const PRIVATE: bool = T::PRIVATE;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Node::List(items) = node else {
            return reader.invalid("must be a list");
        };
        let read: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| reader.below(Step::Index(index), |reader| T::read(item, reader)))
            .collect();
        read.into_iter().collect()
    }

    fn absent(_: &mut Reader<'_>) -> Option<Self> {
        Some(Vec::new())
    }

    fn write(&self) -> Option<Node> {
        (!self.is_empty()).then(|| Node::List(self.iter().filter_map(written).collect()))
    }

    fn write_differing(&self, other: &Self) -> Option<Node> {
        let differing = self.iter().enumerate().filter(|(position, item)| other.get(*position) != Some(item));
        Some(Node::List(differing.filter_map(|(_, item)| written(item)).collect()))
    }

    fn put_differing(&mut self, other: &Self, from: Self) {
        let differing = self.iter_mut().enumerate();
        let differing = differing.filter(|(position, item)| other.get(*position) != Some(&**item));
        for ((_, item), new) in differing.zip(from) {
            *item = new;
        }
    }

    fn latest(&self) -> Option<Instant> {
        self.iter().filter_map(Part::latest).max()
    }

    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        self.iter().for_each(|part| part.each_id(field, take));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn format(&self) -> u32 {
        self.iter().map(Part::format).max().unwrap_or(OLDEST_FORMAT)
    }
}

impl<T: Part> Part for Box<T> {
    const SHAPE: Shape = T::SHAPE;
    const REQUIRED: bool = T::REQUIRED;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Box::new)
    }

    fn absent(reader: &mut Reader<'_>) -> Option<Self> {
        T::absent(reader).map(Box::new)
    }

    fn write(&self) -> Option<Node> {
        (**self).write()
    }

    fn latest(&self) -> Option<Instant> {
        (**self).latest()
    }

    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        (**self).each_id(field, take);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn format(&self) -> u32 {
        (**self).format()
    }
}
