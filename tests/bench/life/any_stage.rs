//! What may happen to a generated case at any stage: referrals, extensions, contacts, notes.

use super::*;

impl Life<'_> {
    pub(super) fn refer(&mut self, at: At, agency: &str) {
        let (Ok(to), id) = (Name::new(agency), self.dice.item_id()) else { return };
        let crime_or_breach = self.dice.per_mille(100).then_some(true);
        let reason = self.says(words::REFERRED);
        self.case.referrals.push(Referral {
            recorded_by: None,
            late: None,
            id,
            by: self.officer.clone(),
            at,
            to,
            crime_or_breach,
            reason,
        });
    }

    /// More time, before the case is due and where it is going to be late (C5).
    pub(super) fn extend(&mut self) -> Option<()> {
        let at = self.later(1, 20)?;
        let until = self.settings.last_day(&self.case, ClockName::Whole).ok()?.plus(14);
        let told = Told { told: false, method: None, reason: Some(self.says(words::LEFT)) };
        let extension = Extension {
            recorded_by: None,
            late: None,
            id: self.dice.item_id(),
            by: self.officer.clone(),
            at,
            clock: ClockName::Whole,
            until,
            reason: self.says(words::EXTENDED),
            authorised_by: office::decider(self.dice).0,
            applicant_told: self.told().unwrap_or(told),
        };
        self.case.extensions.push(extension);
        self.later(100, 400).map(|_| ())
    }

    /// What happens beside the stages: notes, contacts, referrals, a link.
    pub(super) fn at_any_stage(&mut self, other: Option<&Other>) {
        let received = self.case.received.at.0;
        let end = self.now.min(self.today);
        let span = usize::try_from(end.seconds_since(received)).unwrap_or(0);
        for _ in 0..self.dice.pick(&[0, 1, 1, 2, 3]) {
            let at =
                At(received
                    .plus_seconds(i64::try_from(self.dice.below(span.clamp(1, 1 << 24))).unwrap_or(0)));
            let (id, by) = (self.dice.item_id(), self.officer.clone());
            if self.dice.per_mille(350) && self.asks() {
                let method = self
                    .case
                    .applicant
                    .as_ref()
                    .map_or(Method::Phone, |applicant| applicant.safe_contact.method);
                let (with, direction, summary) =
                    (ContactWith::Applicant, Direction::Outbound, self.says(words::CONTACTS));
                self.case.contacts.push(Contact {
                    recorded_by: None,
                    late: None,
                    id,
                    by,
                    at,
                    with,
                    method,
                    direction,
                    summary,
                });
            } else {
                let text = self.says(words::NOTES);
                self.case.notes.push(Note { recorded_by: None, late: None, id, by, at, text });
            }
        }
        if self.dice.per_mille(150) && end > received {
            self.refer(At(end), "social_care");
        }
        if let Some(other) = other {
            let (id, by, at) = (self.dice.item_id(), self.officer.clone(), At(other.known));
            let reason = self.says(words::LINKED);
            self.case.links.push(Link {
                recorded_by: None,
                late: None,
                id,
                by,
                at,
                to: other.reference.clone(),
                reason,
            });
        }
    }
}
