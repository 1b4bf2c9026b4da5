//! The people of a case: applicant, subject, children. A role belongs to the case, not to the person (R1, L2).

use super::words::{
    Aware, ChildContact, Method, RecipientRole, RelationshipToApplicant, RelationshipToChild,
    RelationshipToSubject,
};
use crate::domain::scalars::{ItemId, Line, Name, Private, Prose};
use crate::domain::time::Day;
use crate::record;

record! {
    /// A person's name. One of the two parts may be unknown.
    pub struct PersonName {
        /// Family name
        [ask] pub family: Option<Private<Line>>,
        /// Given names
        [ask] pub given: Option<Private<Line>>,
    }
}

impl PersonName {
    /// `Alex Example`, for the screen and for letters.
    pub fn in_full(&self) -> String {
        let parts = [&self.given, &self.family];
        parts.into_iter().flatten().map(|part| part.open().as_str()).collect::<Vec<_>>().join(" ")
    }
}

record! {
    /// How a person can be reached without putting anybody in danger (A1).
    pub struct SafeContact {
        /// Which way of reaching them is safe?
        pub method: Method,
        /// When, and what to beware of (for example: weekdays before 3 pm)
        [ask] pub instructions: Option<Private<Line>>,
        /// May letters be sent to them?
        pub letters: bool,
    }
}

record! {
    /// Who asks (T1). Never anonymous.
    pub struct Applicant {
        /// The applicant's name
        pub name: PersonName,
        /// The applicant's date of birth
        [ask] pub date_of_birth: Option<Private<Day>>,
        /// The applicant's address, on one line
        [ask] pub address: Option<Private<Line>>,
        /// The applicant's telephone number
        [ask] pub phone: Option<Private<Line>>,
        /// The applicant's e-mail address
        [ask] pub email: Option<Private<Line>>,
        /// What is the applicant to the child?
        pub relationship_to_child: RelationshipToChild,
        /// The applicant's language, where it is not English (for example: cy)
        pub language: Option<Name>,
        /// How can the applicant be reached safely? (A1)
        pub safe_contact: SafeContact,
    }
}

record! {
    /// An address and the days between which it held.
    pub struct Address {
        /// The address, on one line
        pub text: Private<Line>,
        /// Since when
        [ask] pub from: Option<Day>,
        /// Until when
        [ask] pub to: Option<Day>,
    }
}

record! {
    /// Who is asked about (R2): named, or described well enough to be found.
    pub struct Subject {
        /// The subject's name
        [ask] pub name: Option<PersonName>,
        /// Other names the subject uses or used
        [ask] pub aliases: Vec<PersonName>,
        /// The subject's date of birth
        [ask] pub date_of_birth: Option<Private<Day>>,
        /// The subject's addresses
        [ask] pub addresses: Vec<Address>,
        /// What the subject does for a living
        [ask] pub occupation: Option<Private<Line>>,
        /// What is the subject to the applicant?
        [ask] pub relationship_to_applicant: Option<RelationshipToApplicant>,
        /// Anything else by which the subject can be recognised
        pub description: Option<Private<Prose>>,
    }
}

record! {
    /// Whether each parent knows of the application (A2).
    pub struct ParentsAware {
        /// Does the child's mother know of the application?
        pub mother: Aware,
        /// Does the child's father know of the application?
        pub father: Aware,
    }
}

record! {
    /// A child who may be at risk (R2).
    pub struct Child {
        /// The child's id in this case
        pub id: ItemId,
        /// The child's name
        pub name: PersonName,
        /// The child's date of birth
        [ask] pub date_of_birth: Option<Private<Day>>,
        /// The child's address, where it is not the applicant's
        pub address: Option<Private<Line>>,
        /// What contact does the subject have with the child?
        pub contact: ChildContact,
        /// What is the child to the subject?
        pub relationship_to_subject: RelationshipToSubject,
        /// Do the parents know? (A2)
        pub parents_aware: ParentsAware,
    }
}

record! {
    /// Who is to be told: the person best placed to protect the child, often not the applicant (R1, D4).
    pub struct Recipient {
        /// The recipient's id in this case
        pub id: ItemId,
        /// What is the recipient?
        pub role: RecipientRole,
        /// The recipient's name, where it is not the applicant
        pub name: Option<PersonName>,
        /// The recipient's address, on one line
        pub address: Option<Private<Line>>,
        /// The recipient's telephone number
        pub phone: Option<Private<Line>>,
        /// How can the recipient be reached safely? (A1)
        pub safe_contact: Option<SafeContact>,
        /// Which children the recipient is to protect, by id; all of them where left out (R2)
        pub children: Vec<super::Pointer>,
        /// Why this person?
        pub reason: Private<Prose>,
    }
}
