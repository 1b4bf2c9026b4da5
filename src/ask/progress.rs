//! How far a conversation has come: what is answered, and what must be asked for. Pure.

use std::collections::BTreeSet;

use super::plan::is_hollow;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Fault, Part, Problem, Shape};

/// A place that must be asked for, because of a problem or because the person wants to change it.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Below the record's place.
    pub path: Path,
    /// What is wrong with what stands there.
    pub wrong: Option<String>,
    /// Whether a value must be there and is not.
    pub missing: bool,
}

impl Need {
    /// What a problem asks for; `None` where no question of this record could mend it.
    pub fn of(problem: &Problem, place: &Path, shape: &Shape) -> Option<Need> {
        let below = problem.path.0.strip_prefix(place.0.as_slice())?;
        let path = Path(below.to_vec());
        if path.0.is_empty() || shape.at(&path).is_none() {
            return None;
        }
        Some(match &problem.fault {
            Fault::Missing => Need { path, wrong: None, missing: true },
            Fault::Invalid(_) | Fault::Rule(..) => {
                Need { path, wrong: Some(problem.fault.to_string()), missing: false }
            }
            Fault::UnknownKey(_) => return None,
        })
    }

    /// What a problem of the whole case asks of a correction: it lies in the fact at `corrected`, which is being changed.
    pub fn of_correction(problem: &Problem, corrected: &Path) -> Option<Need> {
        Case::SHAPE.at(&problem.path)?;
        let below = problem.path.0.strip_prefix(corrected.0.as_slice())?;
        let mut path = Path::root().key("now");
        path.0.extend(below.iter().cloned());
        Some(match &problem.fault {
            Fault::Missing => Need { path, wrong: None, missing: true },
            Fault::Invalid(_) | Fault::Rule(..) => {
                Need { path, wrong: Some(problem.fault.to_string()), missing: false }
            }
            Fault::UnknownKey(_) => return None,
        })
    }

    /// That a person wants to change what stands at `path`.
    pub fn to_change(path: Path) -> Need {
        Need { path, wrong: None, missing: false }
    }
}

/// How far the conversation has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// Whether the whole record is being filled in, or only what is needed.
    pub filling: bool,
    /// What must be asked for.
    pub needs: Vec<Need>,
    /// What is answered, left out, or has no further item.
    pub settled: BTreeSet<Path>,
    /// Lists that got an item in this conversation.
    pub growing: BTreeSet<Path>,
    /// Records and items that the person wants filled in, and lists whose mending is under way.
    pub opened: BTreeSet<Path>,
}

impl Progress {
    /// Begins a round of questions: what is needed now was not settled after all.
    pub fn begin(&mut self, needs: Vec<Need>, filling: bool) {
        let needed = |path: &Path| needs.iter().any(|need| path.is_within(&need.path));
        self.settled.retain(|path| !needed(path));
        self.opened.retain(|path| !needed(path));
        self.needs = needs;
        self.filling = filling;
    }

    /// Forgets how far everything at and below `path` has come.
    pub fn forget_below(&mut self, path: &Path) {
        for paths in [&mut self.settled, &mut self.growing, &mut self.opened] {
            paths.retain(|settled| !settled.is_within(path));
        }
    }

    /// Begins to ask again for everything below `path`, which looks like `shape`: each part that stands there, and each that
    /// a prompt asks for. Ids, who and when are not asked for; lists are offered as they are.
    pub fn again(&mut self, shape: Shape, path: &Path, given: &Node) {
        self.forget_below(path);
        match shape {
            Shape::Record(fields) => {
                for field in fields.iter().filter(|field| !field.made && !field.filled) {
                    let below = path.key(field.key);
                    let optional_record = matches!(field.shape, Shape::Record(fields) if !is_hollow(fields));
                    let asked = field.required || (field.asked && !optional_record);
                    if asked || given.at(&below).is_some() {
                        self.again(field.shape, &below, given);
                    }
                }
            }
            Shape::Table(_) | Shape::Any => {}
            _ => self.needs.push(Need::to_change(path.clone())),
        }
    }

    /// Takes in what is certain to be needed besides, in place of what was; an answer that is refused already was not
    /// settled. What is asked for anyway need not be foreseen: the person may have reason to leave it out.
    pub fn foresee(&mut self, certain: Vec<Need>, answered: Option<&Path>, shape: &Shape) {
        self.needs.retain(|need| !need.missing && Some(&need.path) != answered);
        let asked = |need: &Need| shape.field_at(&need.path).is_some_and(|field| field.asked);
        for need in certain {
            let refused = !need.missing && Some(&need.path) == answered;
            if refused {
                self.settled.remove(&need.path);
            }
            if refused || (need.missing && !asked(&need)) {
                self.needs.push(need);
            }
        }
    }

    /// Notes that an answer is about to be put at `path`: a list that thereby gets an item is growing,
    /// and the item is to be filled in.
    pub fn answered(&mut self, path: &Path, given: &Node) {
        for end in 1..=path.0.len() {
            let above = Path(path.0[..end - 1].to_vec());
            let here = Path(path.0[..end].to_vec());
            if matches!(path.0[end - 1], Step::Index(_)) && given.at(&here).is_none() {
                self.growing.insert(above.clone());
                self.opened.extend([above, here]);
            }
        }
        self.settled.insert(path.clone());
    }

    /// What is needed at `path` itself.
    pub fn need(&self, path: &Path) -> Option<&Need> {
        self.needs.iter().find(|need| need.path == *path)
    }

    /// What is needed below `path`.
    pub fn needs_below(&self, path: &Path) -> impl Iterator<Item = &Need> {
        self.needs.iter().filter(move |need| need.path.is_within(path) && need.path != *path)
    }
}
