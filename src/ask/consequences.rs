//! What follows from an answer: a correction starts with the recorded value, and answers that no longer apply are removed.

use super::plan::Plan;
use super::terminal::{Stop, Tone};
use super::{Conversation, depends, words};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Fault, Part, Problem, Shape};

impl Conversation<'_> {
    /// Starts the correction of a list or a record with the recorded value, so that only what is wrong need be changed.
    pub(super) fn begin_with_recorded(&mut self, given: &mut Node) {
        if self.setting.kind != ActionKind::Correct {
            return;
        }
        let now = Path::root().key("now");
        let place = given.get("path").and_then(Node::as_text).and_then(|path| Path::parse(path).ok());
        self.corrected.clone_from(&place);
        let is_asked = self.setting.shape.at(&now).is_some_and(|shape| shape != Shape::Any);
        let shape = place.as_ref().and_then(|place| Case::SHAPE.at(place));
        let Some(shape @ (Shape::List(_) | Shape::Record(_))) = shape.filter(|_| is_asked) else { return };
        if given.at(&now).is_some() || self.progress.settled.contains(&now) {
            return;
        }
        let recorded = self.setting.case.and_then(Part::write).zip(place);
        if let Some(recorded) = recorded.and_then(|(case, place)| case.at(&place).cloned()) {
            given.set(&now, recorded);
            self.progress.again(shape, &now, given);
        }
    }

    /// Removes the answers that no longer apply after the answer at `changed`, and tells the person which they are.
    pub(super) fn take_out_outlived(
        &mut self,
        given: &mut Node,
        changed: &Path,
        certain: &dyn Fn(&Node) -> Vec<Problem>,
    ) -> Result<(), Stop> {
        let Some((_, before, _)) = self.past.last() else { return Ok(()) };
        if before.at(changed).is_none() || before.at(changed) == given.at(changed) {
            return Ok(());
        }
        if self.setting.kind == ActionKind::Correct && *changed == Path::root().key("path") {
            given.remove(&Path::root().key("now"));
            self.progress.forget_below(&Path::root().key("now"));
            return Ok(());
        }
        let demanded = |answers: &Node, path: &Path| {
            let mut without = answers.clone();
            without.remove(path);
            let missing = certain(&without).into_iter().filter(|problem| problem.fault == Fault::Missing);
            missing.filter_map(|problem| self.need(&problem)).any(|need| need.path.is_within(path))
        };
        let (kind, shape) = (self.setting.kind, self.setting.shape);
        let plan = Plan { kind, shape, given, progress: &self.progress };
        for (path, field) in depends::outlived(&plan, before, changed, &demanded) {
            given.remove(&path);
            self.progress.forget_below(&path);
            let what = format!("Taken out, as it no longer applies: {}", words::heading(field));
            self.terminal.say(Tone::Quiet, &what)?;
        }
        Ok(())
    }
}
