//! What a mapping makes of one row: the answers for a case, and which column each came from.

use super::cell::{Cell, Sense};
use super::dates::Form;
use super::{Mapping, Several, joint, target};
use crate::domain::importing::Importing;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Part, Problem, Shape};
use crate::domain::time::Zone;

/// A mapping made ready to read the rows of a table with known headings.
pub struct Reading<'m> {
    columns: Vec<Option<Target<'m>>>,
    constants: Vec<Constant>,
}

struct Target<'m> {
    sense: Sense<'m>,
    keys: Vec<(Path, Shape)>,
}

/// A value that every row has, where the part of the case exists that it belongs to.
struct Constant {
    path: Path,
    value: Node,
    /// The innermost part around it that a case may be without.
    within: Option<Path>,
}

/// What a row says of a case.
#[derive(Debug)]
pub struct Answers {
    /// The answers, with the keys of the case.
    pub node: Node,
    /// Which column filled each place.
    from: Vec<(Path, usize)>,
}

/// What is wrong with a row: in which column, if in one, at which key, and what. Never holds a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The position of the column, from 0.
    pub column: Option<usize>,
    /// The key, and what is wrong with its value.
    pub problem: Problem,
}

impl Mapping {
    /// Makes the mapping ready for a table with these headings. Days begin and end in `zone`.
    pub fn reading(&self, headings: &[String], zone: Zone) -> Reading<'_> {
        let column = |heading: &String| {
            let column = self.columns.get(heading)?;
            let keys = column.to.iter().filter_map(|key| target(key).ok()).collect();
            let forms = column.date.iter().flat_map(Several::iter).filter_map(|form| Form::parse(form).ok());
            Some(Target { sense: Sense { column, forms: forms.collect(), zone }, keys })
        };
        let constant = |(key, value): (&str, &Node)| {
            let (path, _) = target(key).ok()?;
            Some(Constant { within: optional_part(&path), path, value: value.clone() })
        };
        Reading {
            columns: headings.iter().map(column).collect(),
            constants: self.constants.iter().filter_map(constant).collect(),
        }
    }
}

impl Reading<'_> {
    /// The answers that a row gives, or everything in it that cannot be understood.
    pub fn row(&self, cells: &[Cell]) -> Result<Answers, Vec<Trouble>> {
        let mut given: Vec<(Path, Node, Option<usize>)> = Vec::new();
        let mut troubles = Vec::new();
        for (index, (target, cell)) in self.columns.iter().zip(cells).enumerate() {
            for (path, shape) in target.iter().flat_map(|target| &target.keys) {
                let sense = target.as_ref().map(|target| &target.sense);
                match sense.map(|sense| sense.value(cell, *shape, path)) {
                    Some(Ok(Some(value))) => give(&mut given, path, *shape, value, index),
                    Some(Err(what)) => troubles
                        .push(Trouble { column: Some(index), problem: Problem::invalid(path.clone(), what) }),
                    _ => {}
                }
            }
        }
        if !troubles.is_empty() {
            return Err(troubles);
        }
        let by_column = given.len();
        for constant in &self.constants {
            let stands = |part: &Path| given[..by_column].iter().any(|(path, ..)| path.is_within(part));
            let said = given.iter().any(|(path, ..)| path.is_within(&constant.path));
            if !said && constant.within.as_ref().is_none_or(stands) {
                given.push((constant.path.clone(), constant.value.clone(), None));
            }
        }
        let mut answers = Answers { node: Node::map(), from: Vec::new() };
        let positions: Vec<Path> = given.iter().map(|(path, ..)| path.clone()).collect();
        let mut placed: Vec<(Path, Node, Option<usize>)> = given
            .into_iter()
            .map(|(path, value, column)| (closed_up(&path, &positions), value, column))
            .collect();
        placed.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, value, column) in placed {
            answers.node.set(&path, value);
            answers.from.extend(column.map(|column| (path, column)));
        }
        Ok(answers)
    }
}

impl Answers {
    /// Which column a problem with the case comes from: that of its place, or of what lies around or below it.
    pub fn column(&self, path: &Path) -> Option<usize> {
        let near = |(place, _): &&(Path, usize)| place.is_within(path) || path.is_within(place);
        let exact = self.from.iter().find(|(place, _)| place == path);
        exact
            .or_else(|| self.from.iter().find(near).filter(|_| !path.0.is_empty()))
            .map(|(_, column)| *column)
    }
}

/// Adds a value; text of several columns for one key is joined.
fn give(given: &mut Vec<(Path, Node, Option<usize>)>, path: &Path, shape: Shape, value: Node, column: usize) {
    if let Some(joint) = joint(path, shape)
        && let Some((_, Node::Text { text, .. }, _)) = given.iter_mut().find(|(other, ..)| other == path)
        && let Some(more) = value.as_text()
    {
        text.push_str(joint);
        text.push_str(more);
        return;
    }
    given.push((path.clone(), value, Some(column)));
}

/// The innermost part around a path that a case may be without: an item of a list, or a record that may be absent.
fn optional_part(path: &Path) -> Option<Path> {
    let mut shape = Importing::SHAPE;
    let mut part = None;
    for (depth, step) in path.0.iter().enumerate().take(path.0.len().saturating_sub(1)) {
        let (below, optional) = match (shape, step) {
            (Shape::Record(fields), Step::Key(key)) => {
                let field = fields.iter().find(|field| field.key == key)?;
                (field.shape, !field.required)
            }
            (Shape::List(item), Step::Index(_)) => (*item, true),
            _ => return part,
        };
        shape = below;
        if optional && !matches!(shape, Shape::List(_)) {
            part = Some(Path(path.0[..=depth].to_vec()));
        }
    }
    part
}

/// The path with positions in lists closed up: where a row says nothing of the first child, its second is the first.
fn closed_up(path: &Path, all: &[Path]) -> Path {
    let mut steps = Vec::with_capacity(path.0.len());
    for (depth, step) in path.0.iter().enumerate() {
        steps.push(match step {
            Step::Index(index) => {
                let mut before: Vec<&Step> = all
                    .iter()
                    .filter(|other| other.0.len() > depth && other.0[..depth] == path.0[..depth])
                    .map(|other| &other.0[depth])
                    .filter(|other| matches!(other, Step::Index(position) if position < index))
                    .collect();
                before.sort();
                before.dedup();
                Step::Index(before.len())
            }
            key => key.clone(),
        });
    }
    Path(steps)
}
