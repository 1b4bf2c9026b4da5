//! The kinds of action, and what is said of each.

use crate::choice;

choice! {
    /// The kinds of action: the words of commit trailers and of the `permissions` table.
    pub enum ActionKind {
        New = "new" => "open an application",
        Check = "check" => "record a check",
        Screen = "screen" => "record the screening",
        Interview = "interview" => "record the interview",
        Assess = "assess" => "record the assessment",
        Decide = "decide" => "record the decision",
        Disclose = "disclose" => "record a disclosure",
        Inform = "inform" => "record that the applicant was informed",
        Close = "close" => "close the case",
        Urgent = "urgent" => "record urgent action",
        Refer = "refer" => "record a referral",
        Extend = "extend" => "record an extension",
        Contact = "contact" => "record a contact",
        Note = "note" => "add a note",
        Withdraw = "withdraw" => "record that the applicant left",
        Reroute = "reroute" => "go on without the applicant",
        Assign = "assign" => "change who looks after it",
        Link = "link" => "link two cases",
        Letter = "letter" => "make a letter",
        Sent = "sent" => "record that a letter was sent",
        Reopen = "reopen" => "reopen a closed case",
        Correct = "correct" => "correct a recorded fact",
        Edit = "edit" => "take in a file edited by hand",
        Import = "import" => "import cases",
        Settings = "settings" => "change the settings",
        Person = "person" => "keep the list of people",
        Authorise = "authorise" => "authorise extensions and refused undertakings",
        Export = "export" => "export cases",
    }
}

impl ActionKind {
    /// What is said once it is done.
    pub fn done(self) -> &'static str {
        match self {
            ActionKind::New => "opened",
            ActionKind::Check => "check recorded",
            ActionKind::Screen => "screening recorded",
            ActionKind::Interview => "interview recorded",
            ActionKind::Assess => "assessment recorded",
            ActionKind::Decide => "decision recorded",
            ActionKind::Disclose => "disclosure recorded",
            ActionKind::Inform => "applicant informed",
            ActionKind::Close => "closed",
            ActionKind::Urgent => "urgent action recorded",
            ActionKind::Refer => "referral recorded",
            ActionKind::Extend => "extension recorded",
            ActionKind::Contact => "contact recorded",
            ActionKind::Note => "note added",
            ActionKind::Withdraw => "recorded that the applicant left",
            ActionKind::Reroute => "taken on under the right to know",
            ActionKind::Assign => "passed on",
            ActionKind::Link => "linked",
            ActionKind::Letter => "letter made",
            ActionKind::Sent => "recorded that the letter was sent",
            ActionKind::Reopen => "reopened",
            ActionKind::Correct => "corrected",
            ActionKind::Edit => "edit taken in",
            ActionKind::Import => "imported",
            ActionKind::Settings => "settings changed",
            ActionKind::Person => "people changed",
            ActionKind::Authorise => "authorised",
            ActionKind::Export => "exported",
        }
    }
}
