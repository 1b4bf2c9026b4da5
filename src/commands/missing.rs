//! Everything that is missing from a command's answers, in one list: also what the rules ask for only once the rest is
//! there.

use crate::domain::action::ActionKind;
use crate::domain::node::{Node, Path};
use crate::domain::record::{AND_MORE, Fault, Field, Problem, Shape};
use crate::domain::workflow::Refusal;

/// Adds to the problems found in answers those that the rules would find next, and names, in place of a whole record
/// that is missing, what is required in it.
///
/// The rules are only asked once every required answer is there. So the absent ones are stood in for, several times over
/// and differently: what is missing every time is missing whatever those answers will be.
pub fn all<T>(
    kind: ActionKind,
    shape: Shape,
    given: &Node,
    problems: Vec<Problem>,
    attempt: &impl Fn(&mut Node) -> Result<T, Refusal>,
) -> Vec<Problem> {
    let mut all = problems;
    let more = all.pop_if(|last| last.fault == Fault::Invalid(AND_MORE.to_owned()));
    if all.iter().all(|problem| problem.fault == Fault::Missing) {
        let new = whatever_stands_in(kind, shape, given, &all, attempt);
        all.extend(new);
    }
    let place = Path::from(kind.place());
    let mut named: Vec<Problem> = all.into_iter().flat_map(|problem| named(problem, shape, &place)).collect();
    // A whole that is missing is said by its parts.
    let paths: Vec<Path> = named.iter().map(|problem| problem.path.clone()).collect();
    named.retain(|problem| !paths.iter().any(|path| *path != problem.path && path.is_within(&problem.path)));
    // What lies elsewhere in the case comes first: it was there before the answers.
    named.sort_by_key(|problem| below(&problem.path, &place).map(|rest| shape.position(&rest)));
    named.extend(more);
    named
}

/// What is certain to be missing or refused, whatever the answers will be that are not yet given: what a person is
/// told before they answer the rest.
pub fn certain<T>(
    kind: ActionKind,
    shape: Shape,
    given: &Node,
    attempt: &impl Fn(&mut Node) -> Result<T, Refusal>,
) -> Vec<Problem> {
    let mut all = match attempt(&mut given.clone()) {
        Err(Refusal::Problems(problems)) => problems,
        _ => return Vec::new(),
    };
    all.extend(whatever_stands_in(kind, shape, given, &all, attempt));
    all
}

/// What the rules find besides `problems` whatever stands in for what is missing, and that does not lie with a stand-in.
fn whatever_stands_in<T>(
    kind: ActionKind,
    shape: Shape,
    given: &Node,
    problems: &[Problem],
    attempt: &impl Fn(&mut Node) -> Result<T, Refusal>,
) -> Vec<Problem> {
    let place = Path::from(kind.place());
    let missing: Vec<&Path> = problems
        .iter()
        .filter(|problem| problem.fault == Fault::Missing)
        .map(|problem| &problem.path)
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let further = |turn: usize| {
        let mut whole = given.clone();
        for path in &missing {
            if let Some(rest) = below(path, &place)
                && let Some(shape) = shape.at(&rest)
            {
                whole.set(&rest, stand_in(shape, turn));
            }
        }
        match attempt(&mut whole) {
            Err(Refusal::Problems(found)) => found,
            _ => Vec::new(),
        }
    };
    let turns =
        missing.iter().filter_map(|path| shape.at(&below(path, &place)?)).map(turns).max().unwrap_or(1);
    let mut certain = further(0);
    for turn in 1..turns {
        let found = further(turn);
        certain.retain(|problem| found.contains(problem));
    }
    let stood_in = |problem: &Problem| {
        problem.fault != Fault::Missing && missing.iter().any(|path| problem.path.is_within(path))
    };
    certain.retain(|problem| !stood_in(problem) && !problems.contains(problem));
    certain
}

/// How many different stand-ins there are for a value of this shape: every word of a list, yes and no, an item and none.
fn turns(shape: Shape) -> usize {
    match shape {
        Shape::Choice(words) => words.len(),
        Shape::YesNo => 2,
        Shape::List(item) => turns(*item).max(1) + 1,
        Shape::Record(fields) => required(fields).map(|field| turns(field.shape)).max().unwrap_or(1),
        _ => 1,
    }
}

/// The fields of a record that answers must give.
fn required(fields: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    fields.iter().filter(|field| field.required && !field.filled)
}

/// The path of an answer among the answers; `None` where the problem lies elsewhere in the case.
pub fn below(path: &Path, place: &Path) -> Option<Path> {
    path.is_within(place).then(|| Path(path.0.get(place.0.len()..).unwrap_or_default().to_vec()))
}

/// A value of this shape that any reader accepts, at every turn a different one where there are several.
fn stand_in(shape: Shape, turn: usize) -> Node {
    match shape {
        Shape::YesNo => Node::Bool(turn == 0),
        Shape::Count => Node::Number(1),
        Shape::Day => Node::text("2000-01-01"),
        Shape::Instant => Node::text("2000-01-01T00:00:00Z"),
        Shape::Choice(words) => {
            let word = words.get(turn).or(words.last());
            Node::text(word.map_or("", |word| word.word))
        }
        Shape::Item => Node::text("0000"),
        Shape::Reference => Node::text("A-00-000000"),
        Shape::List(item) => {
            // The turn after the last item's has none.
            let is_none = turn >= turns(*item).max(1);
            Node::List(if is_none { Vec::new() } else { vec![stand_in(*item, turn)] })
        }
        Shape::Record(fields) => {
            let entry = |field: &Field| (field.key.to_owned(), stand_in(field.shape, turn));
            Node::Map(required(fields).map(entry).collect())
        }
        _ => Node::text("x"),
    }
}

/// The required values of a record that is missing as a whole; the record itself where none of it is required.
fn named(problem: Problem, shape: Shape, place: &Path) -> Vec<Problem> {
    let fields = match below(&problem.path, place).and_then(|rest| shape.at(&rest)) {
        Some(Shape::Record(fields)) if problem.fault == Fault::Missing => fields,
        _ => return vec![problem],
    };
    let inner =
        required(fields).flat_map(|field| named(Problem::missing(problem.path.key(field.key)), shape, place));
    let inner: Vec<Problem> = inner.collect();
    if inner.is_empty() { vec![problem] } else { inner }
}
