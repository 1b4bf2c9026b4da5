//! What the stages record, from the checks to the closure.

use super::people::Recipient;
use super::words::{
    CheckResult, ClosureReason, DecisionOutcome, Method, Mode, Phase, Risk, UndertakingResult, WhyNotSought,
};
use super::{Late, Pointer, Told};
use crate::domain::scalars::{At, By, ItemId, Line, Name, On, PersonId, Private, Prose};
use crate::domain::time::Day;
use crate::record;

record! {
    /// One search of one system (K1). Holds a reference and a summary, not the other system's output (K4).
    pub struct Check {
        /// The check's id in this case
        pub id: ItemId,
        /// Which system was searched? (K2)
        pub system: Name,
        /// For which round of checks?
        pub phase: Phase,
        /// Who searched
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was searched
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// What was found?
        pub result: CheckResult,
        /// The other system's reference, if there is one
        [ask] pub reference: Option<Private<Line>>,
        /// A summary of what was found, if anything
        pub summary: Option<Private<Prose>>,
        /// Why was it not done? (K1)
        pub reason: Option<Private<Prose>>,
        /// Who agreed that it was not done? (K1)
        pub agreed_by: Option<PersonId>,
    }
}

record! {
    /// Is there immediate risk, and is it within the scheme?
    pub struct Screening {
        /// Who screened
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was screened
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Is a child at immediate risk? (S3)
        pub immediate_risk: bool,
        /// Is the application within the scheme? (S6)
        pub within_scheme: bool,
        /// Why?
        pub reason: Private<Prose>,
    }
}

record! {
    /// A document that was seen; no copy is kept (I1).
    pub struct Identity {
        /// The document's id in this case
        pub id: ItemId,
        /// Which document was seen? (I3)
        pub kind: Name,
        /// Who saw it
        pub seen_by: By,
        /// On which day
        pub seen_on: On,
    }
}

record! {
    /// The three warnings given to the applicant (I1).
    pub struct Warnings {
        /// Was the applicant told that information will be shared with agencies?
        pub information_sharing: bool,
        /// Was the applicant told that false information may be an offence?
        pub false_information: bool,
        /// Was the applicant told that anything they are told is confidential?
        pub confidentiality: bool,
    }
}

record! {
    /// The meeting with the applicant (I1-I3).
    pub struct Interview {
        /// Who held it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was held
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// How was it held?
        pub mode: Mode,
        /// Which identity documents were seen? (I1)
        [ask] pub identity: Vec<Identity>,
        /// Why could the applicant's identity not be confirmed? (S7)
        pub identity_not_confirmed: Option<Private<Prose>>,
        /// Which proof of address was seen? (I3)
        pub address_proof: Option<Name>,
        /// Which proof of the relationship to the child was seen? (I3)
        pub relationship_proof: Name,
        /// The concern, in the applicant's words
        pub concern: Private<Prose>,
        /// Is the concern genuine?
        pub genuine: bool,
        /// Which warnings were given? (I1)
        pub warnings: Warnings,
        /// Was the advice pack given? (older forms: empowerment and education)
        pub pack_given: bool,
        /// Was nothing about the subject said at the interview? (I2)
        pub nothing_disclosed: bool,
    }
}

record! {
    /// The risk as assessed on the full checks.
    pub struct Assessment {
        /// Who assessed
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was assessed
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// What is the risk to the child?
        pub risk_to_child: Risk,
        /// Is the subject convicted of child sexual offences? Cautions, reprimands and final warnings count (D5)
        pub convicted: bool,
        /// Is the subject a registered sex offender?
        pub registered_sex_offender: bool,
        /// Why?
        pub reason: Private<Prose>,
    }
}

record! {
    /// Whether the subject was asked for representations (D2).
    pub struct Representations {
        /// Was it considered whether to ask the subject for representations?
        pub considered: bool,
        /// Were representations sought from the subject?
        pub sought: bool,
        /// On which day were they sought?
        pub sought_on: Option<Day>,
        /// How were they sought?
        pub how: Option<Private<Line>>,
        /// What did the subject say?
        pub said: Option<Private<Prose>>,
        /// What weight was given to it?
        pub weight: Option<Private<Prose>>,
        /// Why were they not sought?
        pub why_not: Option<WhyNotSought>,
        /// The reason in full
        pub reason: Option<Private<Prose>>,
    }
}

record! {
    /// A partner agency that was consulted, and its view (D3).
    pub struct Consultation {
        /// The consultation's id in this case
        pub id: ItemId,
        /// Which agency was consulted?
        pub agency: Name,
        /// When it was consulted
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Who consulted it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// What is the agency's view?
        pub view: Private<Prose>,
    }
}

record! {
    /// Whether the subject is told, and why.
    pub struct SubjectTold {
        /// Will the subject be told of the disclosure?
        pub told: bool,
        /// Why?
        pub reason: Private<Prose>,
    }
}

record! {
    /// The decision: the three tests, each answered in writing, and what follows (D1-D5). Nothing is presumed.
    pub struct Decision {
        /// Who decided; never who wrote the assessment (R4)
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was decided
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// What is decided? (O1)
        pub outcome: DecisionOutcome,
        /// Test (a): is disclosure necessary to protect the child from being the victim of a crime?
        pub necessity: Private<Prose>,
        /// Test (b): is there a pressing need?
        pub pressing_need: Private<Prose>,
        /// Test (c): is it proportionate to interfere with the subject's rights, alternatives considered, least told?
        pub proportionality: Private<Prose>,
        /// Were representations considered? (D2)
        pub representations: Option<Representations>,
        /// Which agencies were consulted? Children's social care always (D3)
        [ask] pub consulted: Vec<Consultation>,
        /// Who is to be told? (D4)
        pub recipients: Vec<Recipient>,
        /// The exact form of words (D4)
        pub form_of_words: Option<Private<Prose>>,
        /// Will the subject be told? (D4)
        pub subject_told: Option<SubjectTold>,
    }
}

record! {
    /// What became of the undertaking to keep it confidential (O4).
    pub struct Undertaking {
        /// What became of the undertaking?
        pub result: UndertakingResult,
        /// Why did the recipient refuse, and why was it gone on or not?
        pub reason: Option<Private<Prose>>,
        /// Who authorised it?
        pub authorised_by: Option<PersonId>,
    }
}

record! {
    /// Whether the subject was told after a disclosure, and on what risk assessment (O4).
    pub struct SubjectInformed {
        /// Was the subject told?
        pub told: bool,
        /// What did the risk assessment say about telling the subject?
        pub risk_assessment: Private<Prose>,
    }
}

record! {
    /// A disclosure, made in person (O3, O4).
    pub struct Disclosure {
        /// The disclosure's id in this case
        pub id: ItemId,
        /// Who disclosed
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was disclosed
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// To which recipient of the decision?
        pub recipient: Pointer,
        /// Was the recipient's identity checked?
        pub identity_checked: bool,
        /// Where was it disclosed?
        pub place: Private<Line>,
        /// The words used
        pub words_used: Option<Private<Prose>>,
        /// Questions the recipient asked, and the answers
        [ask] pub questions: Option<Private<Prose>>,
        /// The undertaking (O4)
        pub undertaking: Undertaking,
        /// Was advice given?
        pub advice_given: bool,
        /// Was the subject told, and after what risk assessment?
        pub subject_told: Option<SubjectInformed>,
        /// On which day will it be followed up?
        pub follow_up: Day,
    }
}

record! {
    /// How the applicant was informed of the end (O5).
    pub struct Informed {
        /// Who informed them
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When they were informed
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// How were they informed?
        pub method: Method,
        /// Anything worth keeping of it
        [ask] pub note: Option<Private<Prose>>,
    }
}

record! {
    /// How a case ended (O6, S5, S6). Retention begins.
    pub struct Closure {
        /// Who closed it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was closed
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Why is it closed?
        pub reason: ClosureReason,
        /// The reason in full
        pub note: Option<Private<Prose>>,
        /// What was done instead? (S6)
        pub done_instead: Option<Private<Prose>>,
        /// Was the applicant told why? (S6)
        pub applicant_told: Option<Told>,
        /// Why is no child at risk? (S5: closing without an assessment)
        pub no_child_at_risk: Option<Private<Prose>>,
    }
}
