//! Who may be written to, and when.

use super::due::made_letter;
use super::*;
use crate::domain::letter::guards::{self, before, conditions, is_applicant};
use crate::domain::record::Problem;
use crate::domain::scalars::{At, By, ItemId, ItemRef, Line, PersonId, Private, Prose};

/// What stands against a letter, in words.
fn against(kind: LetterKind, case: &Case, method: Method, overriding: Option<&Overriding>) -> Vec<String> {
    let to = to(kind, case);
    in_words(&before(kind, case, to.as_ref(), method, overriding, now(), &settings()))
}

fn in_words(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.fault)).collect()
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

#[test]
fn r1_a_recipient_may_be_the_applicant() {
    let mut case = case_for(LetterKind::Undertaking);
    let recipients = &mut case.decision.as_mut().unwrap().recipients;
    let mut other = recipients[0].clone();
    (recipients[0].id, recipients[0].role) = (ItemId::new("aaaa").unwrap(), RecipientRole::Applicant);
    (other.id, other.role) = (ItemId::new("bbbb").unwrap(), RecipientRole::Carer);
    recipients.push(other);
    let recipient = |id: &str| Some(ItemRef(ItemId::new(id).unwrap()));
    for (role, recipient, wanted) in [
        (AddresseeRole::Applicant, None, true),
        (AddresseeRole::Recipient, recipient("aaaa"), true),
        (AddresseeRole::Recipient, recipient("bbbb"), false),
        (AddresseeRole::Recipient, recipient("cccc"), false),
        (AddresseeRole::Agency, None, false),
    ] {
        let to = Addressee { role, recipient, agency: None };
        assert_eq!(is_applicant(&case, &to), wanted, "{to:?}");
    }
}

/// O3: what goes to nobody has no guard that could be set aside, and a wrong way does not hide that it is not the time.
#[test]
fn a_guard_is_only_set_aside_where_it_stands_and_the_time_is_always_asked() {
    const NOTHING: &str = "letter.overriding: nothing stands against it";
    let script = LetterKind::DisclosureScript;
    let undecided = case("CKFQ9E");
    let aside = overriding("m.reid");
    let early = in_words(&conditions(script, &undecided));
    assert_eq!(early.len(), 1);
    assert_eq!(against(script, &undecided, Method::InPerson, None), early);
    assert_eq!(against(script, &undecided, Method::InPerson, Some(&aside)), [early[0].as_str(), NOTHING]);
    assert_eq!(against(script, &case_for(script), Method::InPerson, None), Vec::<String>::new());
    assert_eq!(against(script, &case_for(script), Method::InPerson, Some(&aside)), [NOTHING]);
    let invitation = LetterKind::InterviewInvitation;
    let found = against(invitation, &case("7AQVZZ"), Method::Text, None);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("(S1)") && found[1].starts_with("letter.method: must be one of"), "{found:?}");
}

#[test]
fn a_stored_letter_is_what_its_command_makes() {
    let case = case_for(ACK);
    let good = made_letter(&case, ACK, NOW);
    let path = |kind: LetterKind| {
        let day = settings().zone().day(now());
        Line::new(made::path(&case.reference, kind, day, &good.id)).unwrap()
    };
    let agency = Some(Name::new("health").unwrap());
    let to_agency = Addressee { role: AddresseeRole::Agency, recipient: None, agency };
    let sum = |text: &str| Line::new(text).unwrap();
    let sent = |seconds: i64| {
        let at = At(now().plus_seconds(seconds));
        Some(Sending { by: good.by.clone(), recorded_by: None, at, late: None })
    };
    const GOES_NOWHERE: &str = "letter.kind: is for the officers: it is neither stored nor sent (O3)";
    const NOT_WHOM: &str = "letter.to.role: is not whom a letter of this kind is for";
    const NOT_WHERE: &str = "letter.path: is not where a letter of this kind and day stands";
    const NO_SUM: &str = "letter.sha256: must be 64 hexadecimal digits";
    const EARLY: &str = "letter.sent.at: lies before the letter was made";
    let letter = || good.clone();
    let (summary, script) = (LetterKind::CaseSummary, LetterKind::DisclosureScript);
    for (stored, wanted) in [
        (letter(), None),
        (Letter { kind: summary, path: path(summary), ..letter() }, Some(GOES_NOWHERE)),
        (Letter { kind: script, path: path(script), ..letter() }, Some(GOES_NOWHERE)),
        (Letter { to: to_agency.clone(), ..letter() }, Some(NOT_WHOM)),
        (
            Letter { kind: LetterKind::AgencyRequest, path: path(LetterKind::AgencyRequest), ..letter() },
            Some(NOT_WHOM),
        ),
        (
            Letter {
                kind: LetterKind::AgencyRequest,
                path: path(LetterKind::AgencyRequest),
                to: to_agency,
                ..letter()
            },
            None,
        ),
        (Letter { path: path(LetterKind::ExtensionNotice), ..letter() }, Some(NOT_WHERE)),
        (Letter { at: At(now().plus_seconds(-86_400)), ..letter() }, Some(NOT_WHERE)),
        (Letter { id: ItemId::new("7b2k").unwrap(), ..letter() }, Some(NOT_WHERE)),
        (Letter { sha256: sum(&"09af".repeat(16)), ..letter() }, None),
        (Letter { sha256: sum(&"0".repeat(63)), ..letter() }, Some(NO_SUM)),
        (Letter { sha256: sum(&"0".repeat(65)), ..letter() }, Some(NO_SUM)),
        (Letter { sha256: sum(&"A".repeat(64)), ..letter() }, Some(NO_SUM)),
        (Letter { sha256: sum(&"g".repeat(64)), ..letter() }, Some(NO_SUM)),
        (Letter { sent: sent(-1), ..letter() }, Some(EARLY)),
        (Letter { sent: sent(0), ..letter() }, None),
        (Letter { sent: sent(1), ..letter() }, None),
    ] {
        let found = in_words(&guards::stored(&case, &stored, &settings()));
        assert_eq!(found, Vec::from_iter(wanted), "{} of {}", stored.kind, stored.path);
    }
}

#[test]
fn no_letter_takes_the_file_of_another() {
    let mut case = case_for(ACK);
    let made = made_letter(&case, ACK, NOW);
    assert_eq!(in_words(&guards::letter(&case, &made, &settings())), Vec::<String>::new());
    case.letters.push(made.clone());
    let taken = "letter.path: is that of another letter";
    assert_eq!(in_words(&guards::letter(&case, &made, &settings())), [taken]);
    let id = ItemId::new("7b2k").unwrap();
    let path = made::path(&case.reference, ACK, settings().zone().day(now()), &id);
    let other = Letter { id, path: Line::new(path).unwrap(), ..made };
    assert_eq!(in_words(&guards::letter(&case, &other, &settings())), Vec::<String>::new());
}

#[test]
fn x1_a_letter_of_the_case_is_recorded_as_sent_once() {
    let mut case = case_for(ACK);
    let made = made_letter(&case, ACK, NOW);
    case.letters.push(made.clone());
    let sent = |case: &Case, id: &str, seconds: i64| {
        let dispatch = Dispatch {
            letter: ItemRef(ItemId::new(id).unwrap()),
            by: made.by.clone(),
            recorded_by: None,
            at: At(now().plus_seconds(seconds)),
            late: None,
        };
        in_words(&guards::sent(case, &dispatch))
    };
    assert_eq!(sent(&case, "9wq1", 0), Vec::<String>::new());
    assert_eq!(sent(&case, "9wq1", -1), ["sent.at: lies before the letter was made"]);
    let unknown = "sent.letter: is no letter of this case; see `csods letters`";
    assert_eq!(sent(&case, "7b2k", 0), [unknown]);
    let sending = Sending { by: made.by.clone(), recorded_by: None, at: made.at.clone(), late: None };
    case.letters.last_mut().unwrap().sent = Some(sending);
    assert_eq!(sent(&case, "9wq1", 0), ["sent.letter: was recorded as sent already (X1)"]);
    assert_eq!(sent(&case, "7b2k", 0), [unknown]);
}
