//! The letters of a case: what was made, from what, to whom, and whether it was sent. The words themselves stand in a
//! file of their own beside the case.

use super::words::Method;
use super::{Late, Pointer};
use crate::domain::scalars::{At, By, ItemId, Line, Name, PersonId, Private, Prose};
use crate::{choice, record};

choice! {
    /// The kinds of letter.
    pub enum LetterKind {
        Acknowledgement = "acknowledgement" => "The application was received",
        InterviewInvitation = "interview_invitation" => "The applicant is asked to an interview",
        NotProgressed = "not_progressed" => "The application is not taken further, and why (S6)",
        OutcomeNoDisclosure = "outcome_no_disclosure" => "There is no disclosure; the same words whatever the reason (O2)",
        ExtensionNotice = "extension_notice" => "It takes longer than was said (C5)",
        AgencyRequest = "agency_request" => "A partner agency is asked for a check",
        SocialCareReferral = "social_care_referral" => "A referral to children's social care (S4)",
        RepresentationsInvitation = "representations_invitation" => "The subject is asked for representations (D2)",
        Undertaking = "undertaking" => "What a recipient signs before a disclosure (O4)",
        DisclosureScript = "disclosure_script" => "The form of words, for the officers; never sent (O3)",
        CaseSummary = "case_summary" => "The whole case, for a panel or a file; never sent",
    }
}

choice! {
    /// What whoever gets a letter is in the case.
    pub enum AddresseeRole {
        Applicant = "applicant" => "The applicant",
        Recipient = "recipient" => "A recipient of the decision",
        Subject = "subject" => "The subject",
        Agency = "agency" => "A partner agency",
    }
}

choice! {
    /// A guard that a person with the role for it may set aside. A1 and the others are never set aside.
    pub enum OverridableRule {
        A2 = "A2" => "A parent may not know of the application",
    }
}

record! {
    /// To whom a letter goes.
    pub struct Addressee {
        /// What they are in the case
        pub role: AddresseeRole,
        /// Which recipient of the decision, by id
        pub recipient: Option<Pointer>,
        /// Which agency
        pub agency: Option<Name>,
    }
}

record! {
    /// A guard that was set aside, why, and by whom (A2).
    pub struct Overriding {
        /// Which guard is set aside?
        pub rule: OverridableRule,
        /// Why is it safe to send it all the same?
        pub reason: Private<Prose>,
        /// Who authorised it?
        pub authorised_by: PersonId,
    }
}

record! {
    /// That a letter went out.
    pub struct Sending {
        /// Who sent it or handed it over
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it went
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
    }
}

record! {
    /// A letter that was made.
    pub struct Letter {
        /// Its id in this case
        pub id: ItemId,
        /// Who made it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was made: its date
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Which kind
        pub kind: LetterKind,
        /// To whom
        pub to: Addressee,
        /// How it goes to them
        pub method: Method,
        /// The language of its words
        pub language: Name,
        /// The file with its words
        pub path: Line,
        /// The template it was made from, and which version of it
        pub template: Line,
        /// The SHA-256 of the file
        pub sha256: Line,
        /// The guard that was set aside for it
        pub overriding: Option<Overriding>,
        /// That it went out
        pub sent: Option<Sending>,
    }
}

record! {
    /// What is told when a letter is made; the rest of [`Letter`] follows from the case and the template.
    pub struct LetterOrder {
        /// Who makes it
        pub by: By,
        /// When it is made: the letter bears this day
        pub at: At,
        /// To whom? (applicant, subject, a recipient's id or role, an agency)
        pub to: Option<Name>,
        /// How does it go to them? (letter, email, in_person)
        pub method: Option<Method>,
        /// A guard that is set aside, where the scheme allows it (A2)
        pub overriding: Option<Overriding>,
    }
}

record! {
    /// What is told when a letter went out.
    pub struct Dispatch {
        /// Which letter, by its id?
        pub letter: Pointer,
        /// Who sent it or handed it over
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it went
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
    }
}
