//! One case, lived step by step until it ends or today is reached: so a store has cases at every stage, most of them
//! closed, some late. Every step keeps the scheme's rules; the generator checks that it did.

mod any_stage;

use csods::domain::case::*;
use csods::domain::clocks::ClockName;
use csods::domain::reference::Reference;
use csods::domain::scalars::{At, By, Line, Name, On};
use csods::domain::settings::Settings;
use csods::domain::time::Instant;

use super::dice::Dice;
use super::opening::{line, opened, opening, prose};
use super::{office, words};

const HOUR: i64 = 3600;

/// A case that another is like or is linked to.
pub struct Other {
    /// That case.
    pub reference: Reference,
    /// When both of them were known.
    pub known: Instant,
    /// Whether the other came first.
    pub earlier: bool,
}

/// Lives the case `reference`, received at `received`, until `today`.
pub fn live(
    dice: &mut Dice,
    reference: Reference,
    received: Instant,
    today: Instant,
    other: Option<&Other>,
    settings: &Settings,
) -> Result<Case, String> {
    let day = settings.zone().day(received);
    let (guidance, _) = settings.rule_set(day).map_err(|error| error.to_string())?;
    let route = if dice.per_mille(120) { Route::RightToKnow } else { Route::RightToAsk };
    let ending = if dice.per_mille(140) { Some(early_ending(dice, route)) } else { None };
    let signal = other.filter(|other| other.earlier).map(|other| Signal {
        id: dice.item_id(),
        to: other.reference.clone(),
        ours: PersonRole::Subject,
        theirs: PersonRole::Subject,
        reasons: vec![csods::domain::similarity::Likeness::ALL[0]],
    });
    let told = opening(dice, received, route, ending, signal.into_iter().collect());
    let case = opened(reference, Line::new(guidance)?, told);
    let officer = office::officer(dice);
    let mut life = Life { dice, case, now: received, today, officer, settings };
    life.go_on(ending);
    life.at_any_stage(other);
    Ok(life.case)
}

fn early_ending(dice: &mut Dice, route: Route) -> ClosureReason {
    use ClosureReason as R;
    let any = [R::NoSpecificChild, R::SubjectNotIdentifiable, R::Transferred, R::Duplicate];
    let asked = [R::EmploymentVetting, R::IdentityNotConfirmed, R::FalseApplication];
    match route {
        Route::RightToAsk if dice.per_mille(500) => dice.pick(&asked),
        _ => dice.pick(&any),
    }
}

struct Life<'a> {
    dice: &'a mut Dice,
    case: Case,
    now: Instant,
    today: Instant,
    officer: By,
    settings: &'a Settings,
}

impl Life<'_> {
    /// Some hours later; `None` where that is after today: the case stands as it is.
    fn later(&mut self, least: usize, most: usize) -> Option<At> {
        let minutes = self.dice.between(least * 60, most * 60);
        self.now = self.now.plus_seconds(i64::try_from(minutes).unwrap_or(0) * 60);
        (self.now <= self.today).then_some(At(self.now))
    }

    fn says(&mut self, sentences: &[&str]) -> csods::domain::scalars::Private<csods::domain::scalars::Prose> {
        prose(words::prose(self.dice, sentences))
    }

    fn asks(&self) -> bool {
        self.case.route == Route::RightToAsk && self.case.withdrawal.is_none()
    }

    fn go_on(&mut self, ending: Option<ClosureReason>) -> Option<()> {
        let by = office::handler(self.dice);
        let initial = self.settings.checks.initial.clone();
        for system in &initial {
            let at = self.later(0, 4)?;
            self.check(system, Phase::Initial, by.clone(), at);
        }
        self.screen(ending)?;
        if self.dice.per_mille(50) && self.asks() {
            self.leave()?;
        }
        if self.asks() {
            self.meet()?;
        }
        self.assess()?;
        if self.dice.per_mille(30) {
            return self.safeguard();
        }
        self.decide()?;
        self.end()
    }

    fn check(&mut self, system: &Name, phase: Phase, by: By, at: At) {
        use CheckResult as R;
        let result = match self.dice.below(1000) {
            0..740 => R::NoTrace,
            740..880 => R::TraceNotRelevant,
            880..980 => R::TraceRelevant,
            _ => R::NotDone,
        };
        let not_done = result == R::NotDone;
        let trace = matches!(result, R::TraceNotRelevant | R::TraceRelevant);
        let reference = format!("{}/{}", system.as_str().to_uppercase(), 10_000 + self.dice.below(90_000));
        let check = Check {
            recorded_by: None,
            late: None,
            id: self.dice.item_id(),
            system: system.clone(),
            phase,
            by,
            at,
            result,
            reference: (trace || !not_done && self.dice.per_mille(500)).then(|| line(reference)),
            summary: trace.then(|| self.says(words::TRACES)),
            reason: not_done.then(|| self.says(words::NOT_DONE)),
            agreed_by: not_done.then(|| office::decider(self.dice).0),
        };
        self.case.checks.push(check);
    }

    /// Makes again, an hour before `at`, every required check that would be too old then (K2, K3).
    fn freshen(&mut self, phase: Phase, at: &At) {
        let required = self.settings.checks.initial.iter().chain(&self.settings.checks.full);
        let then = At(at.0.plus_seconds(-HOUR));
        for system in required {
            let latest =
                self.case.checks.iter().filter(|check| check.system == *system).map(|check| check.at.0).max();
            if latest.is_none_or(|latest| then.0.seconds_since(latest) > 26 * 24 * HOUR) {
                self.check(system, phase, self.officer.clone(), then.clone());
            }
        }
    }

    fn screen(&mut self, ending: Option<ClosureReason>) -> Option<()> {
        let at = self.later(0, 10)?;
        let by = office::handler(self.dice);
        let within_scheme = ending.is_none();
        let reason = self.says(if within_scheme { words::SCREENED } else { words::OUTSIDE });
        let immediate_risk = self.dice.per_mille(15);
        if immediate_risk {
            let (id, action) = (self.dice.item_id(), self.says(words::URGENT));
            self.case.urgent.push(Urgent {
                recorded_by: None,
                late: None,
                id,
                by: by.clone(),
                at: at.clone(),
                action,
            });
        }
        self.case.screening =
            Some(Screening { recorded_by: None, late: None, by, at, immediate_risk, within_scheme, reason });
        let Some(ending) = ending else {
            self.case.stage = if self.asks() { Stage::Interview } else { Stage::Assessment };
            return Some(());
        };
        let at = self.later(1, 60)?;
        self.close(at, ending);
        None
    }

    fn told(&self) -> Option<Told> {
        let safe = &self.case.applicant.as_ref().filter(|_| self.asks())?.safe_contact;
        Some(Told { told: true, method: Some(safe.method), reason: None })
    }

    fn close(&mut self, at: At, reason: ClosureReason) {
        use ClosureReason as R;
        let decided =
            matches!(reason, R::Disclosed | R::DisclosedOther | R::NotDisclosed | R::NothingToDisclose);
        let unassessed = self.case.assessment.is_none() && !reason.is_early();
        let note = match reason {
            R::Withdrawn | R::ApplicantUnreachable => Some(self.says(words::LEFT)),
            R::SafeguardingAction => Some(self.says(words::REFERRED)),
            _ => (!decided).then(|| self.says(words::OUTSIDE)),
        };
        self.case.closure = Some(Closure {
            recorded_by: None,
            late: None,
            by: office::decider(self.dice),
            at,
            reason,
            note,
            done_instead: reason.is_early().then(|| self.says(words::INSTEAD)),
            applicant_told: if reason.is_early() { self.told() } else { None },
            no_child_at_risk: unassessed.then(|| self.says(words::NO_RISK)),
        });
        self.case.stage = Stage::Closed;
    }

    /// The applicant leaves (S5): the case is closed, or goes on without them (T3).
    fn leave(&mut self) -> Option<()> {
        let at = self.later(12, 120)?;
        let how = self.dice.pick(&[Departure::Withdrawn, Departure::Unreachable]);
        let reason = self.says(words::LEFT);
        self.case.withdrawal =
            Some(Withdrawal { recorded_by: None, late: None, by: self.officer.clone(), at, how, reason });
        let at = self.later(4, 72)?;
        if self.dice.per_mille(600) {
            let unreachable = how == Departure::Unreachable;
            self.close(
                at,
                if unreachable { ClosureReason::ApplicantUnreachable } else { ClosureReason::Withdrawn },
            );
            return None;
        }
        let rerouting = Rerouting {
            recorded_by: None,
            late: None,
            id: self.dice.item_id(),
            by: office::decider(self.dice),
            at,
            route_before: Some(Route::RightToAsk),
            route_after: Some(Route::RightToKnow),
            reason: self.says(words::ASSESSED),
        };
        self.case.rerouted.push(rerouting);
        self.case.route = Route::RightToKnow;
        self.case.stage = Stage::Assessment;
        Some(())
    }

    fn meet(&mut self) -> Option<()> {
        let at = if self.dice.per_mille(90) { self.later(200, 500)? } else { self.later(20, 220)? };
        let confirmed = self.dice.per_mille(970);
        let day = self.settings.zone().day(at.0);
        let documents = if confirmed { self.dice.between(1, 2) } else { 0 };
        let (kinds, proofs) = (&self.settings.interview.identity, &self.settings.interview.relationship);
        let identity = (0..documents)
            .map(|position| Identity {
                id: self.dice.item_id(),
                kind: kinds[position].clone(),
                seen_by: self.officer.clone(),
                seen_on: On(day),
            })
            .collect();
        self.case.interview = Some(Interview {
            recorded_by: None,
            late: None,
            by: self.officer.clone(),
            at,
            mode: self.dice.pick(&[Mode::InPerson, Mode::InPerson, Mode::InPerson, Mode::Video, Mode::Phone]),
            identity,
            identity_not_confirmed: (!confirmed)
                .then(|| prose("No document could be shown, at this meeting or later.")),
            address_proof: confirmed.then(|| self.dice.pick(kinds)),
            relationship_proof: self.dice.pick(proofs),
            concern: self.says(words::CONCERNS),
            genuine: self.dice.per_mille(960),
            warnings: Warnings { information_sharing: true, false_information: true, confidentiality: true },
            pack_given: true,
            nothing_disclosed: true,
        });
        self.case.stage = Stage::Assessment;
        Some(())
    }

    fn assess(&mut self) -> Option<()> {
        let at = self.later(48, 230)?;
        self.freshen(Phase::Full, &at);
        let convicted = self.dice.per_mille(120);
        self.case.assessment = Some(Assessment {
            recorded_by: None,
            late: None,
            by: self.officer.clone(),
            at,
            risk_to_child: self.dice.pick(&[Risk::Low, Risk::Low, Risk::Medium, Risk::High, Risk::VeryHigh]),
            convicted,
            registered_sex_offender: convicted && self.dice.per_mille(550),
            reason: self.says(words::ASSESSED),
        });
        self.case.stage = Stage::Decision;
        Some(())
    }

    /// Safeguarding action takes the place of the scheme (O6).
    fn safeguard(&mut self) -> Option<()> {
        let at = self.later(2, 30)?;
        self.refer(at, "social_care");
        let at = self.later(24, 90)?;
        self.close(at, ClosureReason::SafeguardingAction);
        Some(())
    }

    fn decide(&mut self) -> Option<()> {
        if self.dice.per_mille(80) {
            self.extend()?;
        }
        let at = self.later(12, 120)?;
        let decision = super::outcome::decision(self.dice, &self.case, &self.officer, at);
        self.case.decision = Some(decision);
        self.case.stage = Stage::Outcome;
        Some(())
    }

    /// The recipients are told, or the applicant is informed; then the case is closed.
    fn end(&mut self) -> Option<()> {
        let recipients =
            self.case.decision.as_ref().map(|decision| decision.recipients.clone()).unwrap_or_default();
        for recipient in &recipients {
            let at = self.later(6, 90)?;
            self.freshen(Phase::Refresh, &at);
            let disclosure =
                super::outcome::disclosure(self.dice, recipient, &self.officer, at, self.settings);
            self.case.disclosures.push(disclosure);
        }
        if recipients.is_empty() && self.asks() {
            let at = self.later(4, 100)?;
            let safe = self
                .case
                .applicant
                .as_ref()
                .map_or(Method::InPerson, |applicant| applicant.safe_contact.method);
            let method = if self.dice.per_mille(300) { Method::InPerson } else { safe };
            self.case.informed = Some(Informed {
                recorded_by: None,
                late: None,
                by: self.officer.clone(),
                at,
                method,
                note: None,
            });
        }
        let at = self.later(2, 120)?;
        let reason = super::outcome::ending(&self.case)?;
        self.close(at, reason);
        Some(())
    }
}
