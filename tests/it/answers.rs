//! Answers for every stage, as they are given with `--from -`. The people are invented.

/// A right-to-ask application.
pub const APPLICATION: &str = r#"
route: right_to_ask
received: {at: 2026-03-02T09:15:00Z, channel: online}
owner: d.osei
applicant:
  name: {family: Example, given: Alex}
  date_of_birth: 1988-04-17
  address: "1 Sample Street, Maidstone, ME14 1AA"
  phone: "01632 960001"
  email: alex@example.org
  relationship_to_child: parent
  safe_contact: {method: phone, instructions: weekdays before 3 pm, letters: false}
subject:
  name: {family: Placeholder, given: Sam}
  date_of_birth: 1979-11-02
  addresses: [{text: "2 Sample Street, Maidstone", from: 2025-01-01}]
  relationship_to_applicant: partner
children:
- name: {family: Example, given: Charlie}
  date_of_birth: 2018-06-30
  contact: lives_with
  relationship_to_subject: none
  parents_aware: {mother: "yes", father: unknown}
concern: He moved in and asks to be alone with Charlie.
"#;

/// A right-to-know case.
pub const RIGHT_TO_KNOW: &str = r#"
route: right_to_know
received: {at: 2026-03-02T09:15:00Z, channel: internal}
subject: {name: {family: Sample, given: Robin}}
children:
- name: {family: Instance, given: Kim}
  contact: regular
  relationship_to_subject: none
  parents_aware: {mother: unknown, father: unknown}
concern: Seen at the school gate.
"#;

/// Within the scheme.
pub const SCREENING: &str =
    "{immediate_risk: false, within_scheme: true, reason: A named child and subject.}";

/// The applicant withdrew.
pub const WITHDRAWAL: &str = "{how: withdrawn, reason: They rang to say so.}";

/// A whole interview.
pub const INTERVIEW: &str = r#"
mode: in_person
identity: [{kind: passport}]
address_proof: utility_bill
relationship_proof: birth_certificate
concern: As before.
genuine: true
warnings: {information_sharing: true, false_information: true, confidentiality: true}
pack_given: true
nothing_disclosed: true
"#;

/// Something is held.
pub const ASSESSMENT: &str =
    "{risk_to_child: high, convicted: true, registered_sex_offender: false, reason: As the checks say.}";

/// Nothing is held.
pub const NOTHING_HELD: &str =
    "{risk_to_child: low, convicted: false, registered_sex_offender: false, reason: As the checks say.}";

/// Disclose to the applicant.
pub const DISCLOSE: &str = r#"
outcome: disclose
necessity: Without it the child stays alone with him.
pressing_need: He lives there.
proportionality: Only what protects the child.
representations: {considered: true, sought: false, why_not: not_safe, reason: He would know who asked.}
consulted: [{agency: social_care, view: They agree.}]
recipients: [{role: applicant, reason: Lives with the child.}]
form_of_words: He has a conviction.
subject_told: {told: false, reason: Not safe.}
"#;

/// Nothing to disclose.
pub const NOTHING_TO_DISCLOSE: &str = r#"
outcome: nothing_to_disclose
necessity: Nothing is held.
pressing_need: None.
proportionality: Nothing to weigh.
consulted: [{agency: social_care, view: Nothing known.}]
"#;

/// Disclosed to the applicant.
pub const DISCLOSURE: &str = r#"
recipient: applicant
identity_checked: true
place: police station
words_used: He has a conviction.
undertaking: {result: signed}
advice_given: true
subject_told: {told: false, risk_assessment: Not safe.}
follow_up: 2026-04-01
"#;
