//! Who may be written to, and when.

use super::*;
use crate::domain::letter::guards::{before, conditions};
use crate::domain::scalars::{At, By, ItemId, PersonId, Private, Prose};

/// What stands against a letter, in words.
fn against(kind: LetterKind, case: &Case, method: Method, overriding: Option<&Overriding>) -> Vec<String> {
    let to = to(kind, case);
    let found = before(kind, case, to.as_ref(), method, overriding, now(), &settings());
    found.iter().map(|problem| format!("{}: {}", problem.path, problem.fault)).collect()
}

fn overriding(by: &str) -> Overriding {
    Overriding {
        rule: OverridableRule::A2,
        reason: Private::new(Prose::new("They live apart.").unwrap()),
        authorised_by: PersonId::new(by).unwrap(),
    }
}

const ACK: LetterKind = LetterKind::Acknowledgement;
const UNSAFE: &str = "letter.method: the applicant has not said that this way is safe (A1)";
const GONE: &str = "letter.to: the applicant left: contact with them has stopped (S5)";
const UNAWARE: &str = "letter.overriding: a parent does not know of the application, or may not: no letter goes to that \
                       address, unless the guard is set aside with a reason (A2)";

#[test]
fn a1_only_by_the_way_that_was_said_to_be_safe() {
    let mut case = case_for(ACK);
    assert_eq!(against(ACK, &case, Method::Letter, None), Vec::<String>::new());
    case.applicant.as_mut().unwrap().safe_contact.letters = false;
    assert_eq!(against(ACK, &case, Method::Letter, None), [UNSAFE]);
    case.applicant.as_mut().unwrap().safe_contact.method = Method::Phone;
    assert_eq!(against(ACK, &case, Method::Email, None), [UNSAFE, "applicant.email: missing"]);
    assert_eq!(against(ACK, &case, Method::InPerson, None), Vec::<String>::new());
    assert_eq!(
        against(ACK, &case, Method::Text, None).first().map(String::as_str),
        Some("letter.method: must be one of letter, email, in_person")
    );
    // A1 is never set aside.
    let found = against(ACK, &case, Method::Letter, Some(&overriding("m.reid")));
    assert!(found.contains(&UNSAFE.to_owned()), "{found:?}");
}

#[test]
fn a2_no_letter_where_a_parent_may_not_know_unless_set_aside() {
    let mut case = case_for(ACK);
    for (mother, father, blocked) in
        [(Aware::Yes, Aware::Yes, false), (Aware::Yes, Aware::Unknown, true), (Aware::No, Aware::Yes, true)]
    {
        case.children[0].parents_aware = ParentsAware { mother, father };
        let found = against(ACK, &case, Method::Letter, None);
        assert_eq!(found, if blocked { vec![UNAWARE.to_owned()] } else { Vec::new() });
        assert_eq!(against(ACK, &case, Method::InPerson, None), Vec::<String>::new());
    }
    assert_eq!(against(ACK, &case, Method::Letter, Some(&overriding("m.reid"))), Vec::<String>::new());
    assert_eq!(
        against(ACK, &case, Method::Letter, Some(&overriding("r.patel"))),
        [
            "letter.overriding.authorised_by: may not authorise extensions and refused undertakings: that takes one of \
             these roles: supervisor, decision_maker (R6)"
        ]
    );
    case.children[0].parents_aware = ParentsAware { mother: Aware::Yes, father: Aware::Yes };
    assert_eq!(
        against(ACK, &case, Method::Letter, Some(&overriding("m.reid"))),
        ["letter.overriding.rule: nothing of this rule stands against it"]
    );
}

#[test]
fn s5_nothing_goes_to_an_applicant_who_left_and_t2_nothing_to_nobody() {
    let mut case = case_for(ACK);
    case.withdrawal = Some(Withdrawal {
        by: By(PersonId::new("d.osei").unwrap()),
        recorded_by: None,
        at: At(now().plus_seconds(-60)),
        late: None,
        how: Departure::Withdrawn,
        reason: Private::new(Prose::new("They rang.").unwrap()),
    });
    for method in [Method::Letter, Method::Email, Method::InPerson] {
        assert_eq!(against(ACK, &case, method, None), [GONE]);
    }
    case.withdrawal = None;
    case.route = Route::RightToKnow;
    assert_eq!(against(ACK, &case, Method::Letter, None), ["letter.to: there is no applicant to tell (T2)"]);
}

#[test]
fn s1_each_kind_has_its_time() {
    let rule =
        |kind, case: &Case| conditions(kind, case).iter().map(|of| of.fault.to_string()).collect::<String>();
    for (kind, part, wanted) in [
        (ACK, "CKFQ9E", ""),
        (ACK, "ZR7AHE", "(S1)"),
        (LetterKind::InterviewInvitation, "CKFQ9E", ""),
        (LetterKind::InterviewInvitation, "7AQVZZ", "(S1)"),
        (LetterKind::NotProgressed, "ZR7AHE", ""),
        (LetterKind::NotProgressed, "CKFQ9E", "(S6)"),
        (LetterKind::NotProgressed, "PK9SR4", "(S6)"),
        (LetterKind::OutcomeNoDisclosure, "HWY1SG", ""),
        (LetterKind::OutcomeNoDisclosure, "PK9SR4", "(O2)"),
        (LetterKind::OutcomeNoDisclosure, "CKFQ9E", "(O2)"),
        (LetterKind::ExtensionNotice, "7AQVZZ", ""),
        (LetterKind::ExtensionNotice, "CKFQ9E", "(C5)"),
        (LetterKind::AgencyRequest, "PK9SR4", "(S1)"),
        (LetterKind::SocialCareReferral, "3PEGC0", ""),
        (LetterKind::SocialCareReferral, "CKFQ9E", "(S4)"),
        (LetterKind::RepresentationsInvitation, "2Y3TT9", ""),
        (LetterKind::RepresentationsInvitation, "HWY1SG", "(D2)"),
        (LetterKind::RepresentationsInvitation, "CKFQ9E", "(D2)"),
        (LetterKind::Undertaking, "PK9SR4", ""),
        (LetterKind::Undertaking, "HWY1SG", "(O3)"),
        (LetterKind::DisclosureScript, "PK9SR4", ""),
        (LetterKind::DisclosureScript, "HWY1SG", "(O3)"),
        (LetterKind::CaseSummary, "CKFQ9E", ""),
    ] {
        let found = rule(kind, &case(part));
        assert!(found.ends_with(wanted) && found.is_empty() == wanted.is_empty(), "{kind} {part}: {found}");
    }
}

#[test]
fn o3_the_script_and_the_summary_go_nowhere() {
    for kind in [LetterKind::DisclosureScript, LetterKind::CaseSummary] {
        assert!(!kind.is_sent() && kind.audience().role().is_none());
        let head = settings().letterhead();
        assert_eq!(kind.marking(&head), Some("OFFICIAL-SENSITIVE"));
        assert!(letter(kind, &case_for(kind)).contains("\nmarking: OFFICIAL-SENSITIVE\n"));
    }
    let head = settings().letterhead();
    assert_eq!(ACK.marking(&head), None);
    assert_eq!(LetterKind::AgencyRequest.marking(&head), Some("OFFICIAL-SENSITIVE"));
    let marked = crate::domain::settings::Letterhead { mark_public: true, ..head };
    assert_eq!(ACK.marking(&marked), Some("OFFICIAL-SENSITIVE"));
}

#[test]
fn whom_it_goes_to_is_found_or_asked_for() {
    let addressed = |kind, part: &str, to: &str| {
        let to = Name::new(to).ok();
        addressee::addressee(kind, &case(part), to.as_ref(), &settings())
            .map_err(|problem| problem.fault.to_string())
    };
    assert!(addressed(ACK, "CKFQ9E", "applicant").is_ok());
    assert_eq!(
        addressed(ACK, "CKFQ9E", "subject").unwrap_err(),
        "a letter of this kind goes to the applicant"
    );
    assert_eq!(addressed(LetterKind::AgencyRequest, "CKFQ9E", "").unwrap_err(), "missing");
    assert!(
        addressed(LetterKind::AgencyRequest, "CKFQ9E", "bank")
            .unwrap_err()
            .starts_with("must be one of social_care")
    );
    assert!(
        addressed(LetterKind::SocialCareReferral, "3PEGC0", "health").unwrap_err().contains("agency_request")
    );
    assert!(
        addressed(LetterKind::Undertaking, "PK9SR4", "nobody")
            .unwrap_err()
            .starts_with("must be one of the recipients")
    );
    assert_eq!(
        addressed(LetterKind::Undertaking, "CKFQ9E", "").unwrap_err(),
        "the decision names no recipient (D4)"
    );
    assert!(addressed(LetterKind::CaseSummary, "PK9SR4", "applicant").is_err());
}

#[test]
fn the_file_of_a_letter_bears_its_id_and_older_names_stay_valid() {
    let case = case("CKFQ9E");
    let day = settings().zone().day(now());
    let id = ItemId::new("9wq1").unwrap();
    let path = made::path(&case.reference, ACK, day, &id);
    assert_eq!(path, "letters/2026/C/EX-26-CKFQ9E/2026-03-20-acknowledgement-9wq1.md");
    for (path, fits) in [
        (path.clone(), true),
        (path.replace("-9wq1", ""), true),
        (path.replace("-9wq1", "-2"), true),
        (path.replace("-9wq1", "-1"), false),
        (path.replace("-9wq1", "-02"), false),
        (path.replace("-9wq1", "-+2"), false),
        (path.replace("-9wq1", "-7b2k"), false),
        (path.replace("-9wq1", "-9wq1-2"), false),
        (path.replace("-20-", "-21-"), false),
        (path.replace("letters/", "letters/../"), false),
    ] {
        assert_eq!(made::path_fits(&path, &case.reference, ACK, day, &id), fits, "{path}");
    }
}
