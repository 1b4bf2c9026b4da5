//! The fixed words of a case file, each with its meaning to a person.

use crate::choice;

choice! {
    /// How a case came to be (T1, T2). Counted apart.
    pub enum Route {
        RightToAsk = "right_to_ask" => "Right to ask: a member of the public applies",
        RightToKnow = "right_to_know" => "Right to know: the police act on information they hold",
    }
}

choice! {
    /// The stages, in the order of the work (S1).
    pub enum Stage {
        InitialChecks = "initial_checks" => "Initial checks (older forms: initial contact)",
        Interview = "interview" => "Interview (older forms: face-to-face)",
        Assessment = "assessment" => "Assessment (older forms: full risk assessment)",
        Decision = "decision" => "Decision",
        Outcome = "outcome" => "Outcome (older forms: disclosure or closure)",
        Closed = "closed" => "Closed",
    }
}

choice! {
    /// By which channel an application was received (C1).
    pub enum Channel {
        Online = "online" => "Online form",
        Phone = "phone" => "Telephone, 101 or 999",
        Station = "station" => "Police station counter",
        Officer = "officer" => "To an officer in person",
        Post = "post" => "Post",
        Email = "email" => "E-mail",
        Agency = "agency" => "Partner agency",
        Internal = "internal" => "Information the police hold",
        Other = "other" => "Another way",
    }
}

choice! {
    /// What the applicant is to the child (T1).
    pub enum RelationshipToChild {
        Parent = "parent" => "Parent",
        Guardian = "guardian" => "Guardian",
        Carer = "carer" => "Carer",
        Grandparent = "grandparent" => "Grandparent",
        Relative = "relative" => "Other relative",
        Neighbour = "neighbour" => "Neighbour",
        Friend = "friend" => "Friend of the family",
        Professional = "professional" => "Somebody who works with the child",
        Other = "other" => "Other",
    }
}

choice! {
    /// What the subject is to the applicant.
    pub enum RelationshipToApplicant {
        Partner = "partner" => "Partner",
        FormerPartner = "former_partner" => "Former partner",
        Relative = "relative" => "Relative",
        Friend = "friend" => "Friend",
        Neighbour = "neighbour" => "Neighbour",
        Acquaintance = "acquaintance" => "Acquaintance",
        Unknown = "none" => "None, or not known to the applicant",
        Other = "other" => "Other",
    }
}

choice! {
    /// What the subject is to the child.
    pub enum RelationshipToSubject {
        Unrelated = "none" => "None",
        Child = "child" => "The subject's child",
        Stepchild = "stepchild" => "The subject's stepchild",
        Grandchild = "grandchild" => "The subject's grandchild",
        Relative = "relative" => "Another relative of the subject",
        Pupil = "pupil" => "Taught, coached or cared for by the subject",
        Other = "other" => "Other",
        Unknown = "unknown" => "Not known",
    }
}

choice! {
    /// The contact the subject has with the child.
    pub enum ChildContact {
        LivesWith = "lives_with" => "Lives with the child",
        Regular = "regular" => "Regular contact",
        Occasional = "occasional" => "Occasional contact",
        Online = "online" => "Contact online",
        Planned = "planned" => "Contact is planned",
        Unknown = "unknown" => "Not known",
    }
}

choice! {
    /// Whether a parent knows of the application (A2). Words of a list, not truth values.
    pub enum Aware {
        Yes = "yes" => "Yes",
        No = "no" => "No",
        Unknown = "unknown" => "Not known",
    }
}

choice! {
    /// A way to reach a person (A1).
    pub enum Method {
        Phone = "phone" => "Telephone",
        Text = "text" => "Text message",
        Email = "email" => "E-mail",
        Letter = "letter" => "Letter",
        InPerson = "in_person" => "In person",
        ThroughOther = "through_other" => "Through somebody they named",
    }
}

choice! {
    /// Which round of checks (K1).
    pub enum Phase {
        Initial = "initial" => "Initial, before screening",
        Full = "full" => "Full, before the assessment",
        Refresh = "refresh" => "Refresh, before a disclosure",
    }
}

choice! {
    /// What a check found (K1). "Not done" never looks like "no trace".
    pub enum CheckResult {
        NoTrace = "no_trace" => "No trace",
        TraceNotRelevant = "trace_not_relevant" => "Trace, not relevant",
        TraceRelevant = "trace_relevant" => "TRACE, RELEVANT",
        Awaiting = "awaiting" => "Awaiting an answer",
        NotDone = "not_done" => "NOT DONE",
    }
}

choice! {
    /// How the interview was held (I1).
    pub enum Mode {
        InPerson = "in_person" => "In person",
        Phone = "phone" => "By telephone",
        Video = "video" => "By video",
    }
}

choice! {
    /// The risk to the child, as assessed.
    pub enum Risk {
        Low = "low" => "Low",
        Medium = "medium" => "Medium",
        High = "high" => "High",
        VeryHigh = "very_high" => "Very high",
    }
}

choice! {
    /// What was decided (O1). Inside the unit the four are distinct; outside, the last two are not (O2).
    pub enum DecisionOutcome {
        Disclose = "disclose" => "Disclose: conviction for child sexual offences",
        DiscloseOther = "disclose_other" => "Disclose: other convictions or intelligence, managed access",
        DoNotDisclose = "do_not_disclose" => "Do not disclose: something is held, the tests are not met",
        NothingToDisclose = "nothing_to_disclose" => "Nothing to disclose",
    }
}

impl DecisionOutcome {
    /// Whether something is to be disclosed.
    pub fn is_disclosure(self) -> bool {
        matches!(self, DecisionOutcome::Disclose | DecisionOutcome::DiscloseOther)
    }
}

choice! {
    /// Why the subject was not asked for representations (D2).
    pub enum WhyNotSought {
        NotSafe = "not_safe" => "Not safe for the child or another person",
        NotPossible = "not_possible" => "Not possible",
        NotNeeded = "not_needed" => "Not needed, as nothing new could come of it",
    }
}

choice! {
    /// What a recipient is: the person best placed to protect the child (R1).
    pub enum RecipientRole {
        Applicant = "applicant" => "The applicant",
        Parent = "parent" => "A parent",
        Guardian = "guardian" => "A guardian",
        Carer = "carer" => "A carer",
        Relative = "relative" => "A relative",
        Professional = "professional" => "Somebody responsible for the child at work",
        Other = "other" => "Somebody else",
    }
}

choice! {
    /// What became of the undertaking (O4).
    pub enum UndertakingResult {
        Signed = "signed" => "Signed",
        RefusedDisclosed = "refused_disclosed" => "Refused; disclosed all the same",
        RefusedNotDisclosed = "refused_not_disclosed" => "Refused; not disclosed",
    }
}

choice! {
    /// Why a case was closed (O6, S6).
    pub enum ClosureReason {
        Disclosed = "disclosed" => "Disclosed",
        DisclosedOther = "disclosed_other" => "Disclosed, other than a conviction for child sexual offences",
        NotDisclosed = "not_disclosed" => "Not disclosed",
        NothingToDisclose = "nothing_to_disclose" => "Nothing to disclose",
        Withdrawn = "withdrawn" => "The applicant withdrew",
        ApplicantUnreachable = "applicant_unreachable" => "The applicant could not be reached",
        SafeguardingAction = "safeguarding_action" => "Dealt with by safeguarding action",
        NoSpecificChild = "no_specific_child" => "No specific child is named",
        SubjectNotIdentifiable = "subject_not_identifiable" => "The subject cannot be identified",
        EmploymentVetting = "employment_vetting" => "Employment vetting: that is a DBS check",
        IdentityNotConfirmed = "identity_not_confirmed" => "The applicant's identity was not confirmed",
        FalseApplication = "false_application" => "False application",
        Transferred = "transferred" => "Transferred to another force, Scotland or Northern Ireland",
        Duplicate = "duplicate" => "The same application is already a case",
    }
}

impl ClosureReason {
    /// Whether it is one of the early endings of S6, which need what was done instead and that the applicant is told.
    pub fn is_early(self) -> bool {
        self >= ClosureReason::NoSpecificChild
    }
}

choice! {
    /// How an applicant left the case (S5, T3).
    pub enum Departure {
        Withdrawn = "withdrawn" => "Withdrew the application",
        Unreachable = "unreachable" => "Cannot be reached",
    }
}

choice! {
    /// With whom there was contact.
    pub enum ContactWith {
        Applicant = "applicant" => "The applicant",
        Recipient = "recipient" => "A recipient",
        Parent = "parent" => "A parent of the child",
        Subject = "subject" => "The subject",
        Agency = "agency" => "A partner agency",
        Other = "other" => "Somebody else",
    }
}

choice! {
    /// Who began a contact.
    pub enum Direction {
        Inbound = "inbound" => "They contacted us",
        Outbound = "outbound" => "We contacted them",
        Attempted = "attempted" => "We tried without success",
    }
}

choice! {
    /// Why a recorded fact was changed.
    pub enum CorrectionCode {
        Mistake = "mistake" => "It was recorded wrongly",
        NewInformation = "new_information" => "New information came in",
        LateEntry = "late_entry" => "It was known, but not recorded at the time",
        DataSubject = "data_subject_request" => "The person asked for it to be put right",
        Format = "format" => "The same fact, written otherwise",
    }
}
