//! Pairs that must be pointed out, with the reasons, and pairs that must not.

use proptest::prelude::*;

use super::Likeness::*;
use super::*;
use crate::domain::case::PersonRole;
use crate::domain::reference::{Chance, Reference};

/// `Given Family`, `Given/Family` where either is of several words, or either alone with the slash; aliases after `=`.
fn person<'a>(names: &'a str, born: &str) -> Person<'a> {
    let part = |text: &'a str| (!text.is_empty()).then_some(text);
    let name = |text: &'a str| {
        let (given, family) = text.split_once('/').or_else(|| text.split_once(' ')).unwrap();
        (part(family), part(given))
    };
    Person { names: names.split('=').map(name).collect(), date_of_birth: born.parse().ok() }
}

fn reasons(a: (&str, &str), b: (&str, &str)) -> Option<Vec<Likeness>> {
    let (a, b) = (person(a.0, a.1), person(b.0, b.1));
    let found = alike(&a, &b);
    assert_eq!(found, alike(&b, &a), "either way round");
    found
}

#[test]
fn l1_pairs_that_are_pointed_out() {
    let born = "1979-11-02";
    for (a, b, expected) in [
        (("Sam Placeholder", born), ("Sam Placeholder", born), &[SameName, SameBirth][..]),
        (("Sam Placeholder", ""), ("Sam Placeholder", ""), &[SameName]),
        (("Sam Placeholder", born), ("Sam Placeholder", ""), &[SameName]),
        (("Sam Placeholder", born), ("Sam Placeholder", "1985-06-20"), &[SameName, DifferentBirth]),
        // Case, accents, hyphens, apostrophes.
        (("SAM PLACEHOLDER", ""), ("sam placeholder", ""), &[SameName]),
        (("Zoë Müller", ""), ("Zoe Muller", ""), &[SameName]),
        (("Zoe\u{308} Mu\u{308}ller", ""), ("Zoë Müller", ""), &[SameName]),
        (("Łukasz Strauß", ""), ("Lukasz Strauss", ""), &[SameName]),
        (("Pat O'Example", ""), ("Pat O’Example", ""), &[SameName]),
        (("Pat O'Example", ""), ("Pat/O Example", ""), &[SameName]),
        (("Jo-Ann/Alpha-Beta", ""), ("Jo Ann/Alpha Beta", ""), &[SameName]),
        // Exchanged.
        (("Sam Placeholder", born), ("Placeholder Sam", born), &[SwappedName, SameBirth]),
        (("Sam Placeholder", ""), ("Placeholder Sam", ""), &[SwappedName]),
        (("Samir Placeholder", born), ("Placeholdr Samir", born), &[SwappedName, SimilarName, SameBirth]),
        // Spelling.
        (("Sam Smith", born), ("Sam Smyth", born), &[SimilarName, SameBirth]),
        (("Sam Smith", ""), ("Sam Smyth", ""), &[SimilarName]),
        (("Sam McExample", ""), ("Sam MacExample", ""), &[SimilarName]),
        (("Sam Palceholder", ""), ("Sam Placeholder", ""), &[SimilarName]),
        (("Sam Placehalter", ""), ("Sam Placeholder", ""), &[SimilarName]),
        (("Mark Jones", born), ("Marc Jones", born), &[SimilarName, SameBirth]),
        (("Jon Smith", born), ("John Smyth", born), &[SimilarName, ShortName, SameBirth]),
        (("Stewart Smith", "1979-11-20"), ("Stuart Smyth", born), &[]),
        (("Sara Smith", ""), ("Sarah Smith", ""), &[ShortName]),
        // Short forms and forenames left out.
        (("Sam Placeholder", ""), ("Samuel Placeholder", ""), &[ShortName]),
        (("Bill Placeholder", ""), ("William Placeholder", ""), &[ShortName]),
        (("Tony Placeholder", born), ("Anthony Placeholder", born), &[ShortName, SameBirth]),
        (("Alex Jo/Placeholder", ""), ("Alex Placeholder", ""), &[ShortName]),
        (("Sam Placeholder", born), ("Samuel Placeholdr", born), &[SimilarName, ShortName, SameBirth]),
        // A double-barrelled name and one of its halves.
        (("Sam/Placeholder-Example", ""), ("Sam Example", ""), &[SimilarName]),
        // Dates of birth.
        (("Sam Placeholder", born), ("Sam Placeholder", "1979-02-11"), &[SameName, TransposedBirth]),
        (("Sam Placeholder", born), ("Sam Placeholder", "1979-11-03"), &[SameName, SimilarBirth]),
        (("Sam Placeholder", born), ("Sam Placeholder", "1997-11-02"), &[SameName, SimilarBirth]),
        (("Sam Placeholder", "1979-11-12"), ("Sam Placeholder", "1979-11-21"), &[SameName, SimilarBirth]),
        (("Sam Placeholder", born), ("Sam Placeholder", "1980-11-02"), &[SameName, SimilarBirth]),
        (("Sam Placeholder", "1999-12-31"), ("Sam Placeholder", "2000-12-31"), &[SameName, SimilarBirth]),
        (("Sam Smith", born), ("Sam Smyth", "1979-02-11"), &[SimilarName, TransposedBirth]),
        // One part of the name, and the date.
        (("Sam Placeholder", born), ("/Placeholder", born), &[SameFamilyName, SameBirth]),
        (("Sam/", born), ("Sam Placeholder", "1979-11-03"), &[SameGivenName, SimilarBirth]),
        (("Sam Placeholder", born), ("Robin Placeholder", born), &[SameFamilyName, SameBirth]),
        (("Sam Placeholder", born), ("Sam Example", born), &[SameGivenName, SameBirth]),
        // An alias.
        (("Sam Placeholder=Robin Example", born), ("Robin Example", ""), &[SameName]),
        (("Sam Smith=Sam Smyth", born), ("Sam Smyth", born), &[SameName, SameBirth]),
        // Other scripts are compared as they stand.
        (("Анна Примерова", ""), ("АННА ПРИМЕРОВА", ""), &[SameName]),
    ] {
        let expected = (!expected.is_empty()).then(|| expected.to_vec());
        assert_eq!(reasons(a, b), expected, "{a:?} {b:?}");
    }
}

#[test]
fn l1_pairs_that_are_not() {
    let born = "1979-11-02";
    for (a, b) in [
        (("Sam Placeholder", born), ("Robin Example", "1985-06-20")),
        (("Sam Placeholder", born), ("Robin Example", born)),
        (("Sam Placeholder", ""), ("Robin Placeholder", "")),
        (("Sam Placeholder", ""), ("Sam Example", "")),
        // Nearly the same name, but dates that contradict.
        (("Sam Smith", born), ("Sam Smyth", "1985-06-20")),
        (("Sam Smith", born), ("Sam Smyth", "1980-11-02")),
        (("Sam Placeholder", born), ("Samuel Placeholder", "1985-06-20")),
        (("Sam Placeholder", born), ("Placeholder Sam", "1985-06-20")),
        // A letter apart in a short name is another name, where no date supports it.
        (("Mark Jones", ""), ("Mary Jones", "")),
        (("Lee Jones", born), ("Leo Jones", "1979-11-03")),
        (("Sam Ward", ""), ("Sam Wood", "")),
        (("Samuel Smith", ""), ("Samson Smyth", "")),
        (("Jo Placeholder", ""), ("Joanna Placeholder", "")),
        // Only part of a name, without the date.
        (("/Placeholder", ""), ("/Placeholder", "")),
        (("Sam/", ""), ("Sam Placeholder", "")),
        (("/Placeholder", born), ("/Placeholder", "1985-06-20")),
        (("Sam Placeholder", born), ("Robin Placeholder", "1979-11-03")),
        // Two digits wrong, and digits exchanged between month and day.
        (("Sam Smith", born), ("Sam Smyth", "1979-12-03")),
        (("Sam Smith", "1979-10-12"), ("Sam Smyth", "1979-11-02")),
        // Nothing to compare.
        (("-/'", born), ("-/'", born)),
    ] {
        assert_eq!(reasons(a, b), None, "{a:?} {b:?}");
    }
    let nobody = || Person { names: Vec::new(), date_of_birth: born.parse().ok() };
    assert_eq!(alike(&nobody(), &nobody()), None);
}

#[test]
fn l1_the_nearest_come_first() {
    let order: &[&[Likeness]] = &[
        &[SameName, SameBirth],
        &[SwappedName, SameBirth],
        &[SameName],
        &[SwappedName],
        &[SimilarName],
        &[SameName, DifferentBirth],
    ];
    let distances: Vec<u8> = order.iter().map(|reasons| distance(reasons)).collect();
    assert!(distances.is_sorted(), "{distances:?}");
    // A common name without a date never stands before the same name with the same date.
    assert!(distance(&[SameName, SameBirth]) < distance(&[SameName]));
}

#[test]
fn reasons_have_words_of_their_own_for_a_case_file() {
    let words: std::collections::BTreeSet<_> = Likeness::ALL.iter().map(|likeness| likeness.word()).collect();
    assert_eq!(words.len(), Likeness::ALL.len());
    assert_eq!(Likeness::of("transposed_date_of_birth"), Some(TransposedBirth));
}

proptest! {
    #[test]
    fn any_text_at_all_can_be_compared(
        (family, given) in (".{0,80}", ".{0,80}"),
        (other_family, other_given) in ("\\PC{0,80}", "[a-f' -]{0,12}"),
    ) {
        let one = Person { names: vec![(Some(&family), Some(&given))], date_of_birth: None };
        let other = Person { names: vec![(Some(&other_family), Some(&other_given))], date_of_birth: None };
        prop_assert_eq!(alike(&one, &other), alike(&other, &one));
        let named = one.keys().names.iter().any(|name| name.family.is_some() && name.given.is_some());
        prop_assert_eq!(alike(&one, &one), named.then(|| vec![SameName]));
    }

    #[test]
    fn l1_one_slip_in_a_name_of_five_letters_is_tolerated(name in "[a-z]{5,20}", place in 0..100_usize, letter in "[a-z]") {
        let mut slipped = name.clone();
        slipped.insert_str(place % (name.len() + 1), &letter);
        let one = Person { names: vec![(Some(&name), Some("Sam"))], date_of_birth: None };
        let other = Person { names: vec![(Some(&slipped), Some("Sam"))], date_of_birth: None };
        prop_assert_eq!(alike(&one, &other), Some(vec![SimilarName]));
    }
}

/// Names of which some are alike, and some are not known.
fn a_name() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(
        0.9,
        prop::sample::select(vec![
            "Example",
            "Exampel",
            "Sample",
            "Sam",
            "Samuel",
            "Robert",
            "Bob",
            "Rob",
            "Sample-Example",
            "Placeholder",
            "Placeholdre",
            "Al",
            "Alex",
            "Alexander",
            "Z\u{f6}e",
            "Zoe",
        ])
        .prop_map(str::to_owned),
    )
}

/// The names and the date of birth of somebody.
type Told = (Vec<(Option<String>, Option<String>)>, Option<(i32, u32, u32)>);

fn told() -> impl Strategy<Value = Told> {
    let birth = prop::option::weighted(0.7, (1979..1982_i32, 1..13_u32, 1..13_u32));
    (prop::collection::vec((a_name(), a_name()), 1..3), birth)
}

fn compared((names, birth): &Told) -> Compared {
    alikes(&[Someone {
        role: PersonRole::Subject,
        names: names.clone(),
        date_of_birth: birth.and_then(|(year, month, day)| Day::new(year, month, day)),
    }])
}

proptest! {
    /// Whoever is alike is among those who are looked up.
    #[test]
    fn nobody_alike_is_missed(ours in told(), theirs in prop::collection::vec(told(), 1..8)) {
        let ours = compared(&ours);
        let theirs: Vec<Compared> = theirs.iter().map(compared).collect();
        let look = |mark: Mark, text: &str, each: &mut dyn FnMut(u32, Sketch)| {
            for (number, case) in (0..).zip(&theirs) {
                for (kind, borne, sketch) in case.iter().flat_map(|(_, keys)| keys.marks()) {
                    let kept = Sketch::from_numbers(sketch.numbers());
                    assert!(kept == sketch);
                    if kind == mark && borne == text {
                        each(number, kept);
                    }
                }
            }
            Ok::<(), ()>(())
        };
        let found = candidates(&ours, look).unwrap();
        for (number, case) in theirs.iter().enumerate() {
            if !pairs(&ours, case).is_empty() {
                prop_assert!(found.contains(&(number as u32)));
            }
        }
    }
}

fn reference(number: usize) -> Reference {
    Reference::random("KP", 2026, &mut Chance::from_seed(number as u64))
}

proptest! {
    /// What is looked up is what comparing with everybody finds, in the same order, whichever case is put in again.
    #[test]
    fn l1_looking_up_is_comparing_with_everybody(
        ours in prop::collection::vec(told(), 1..4),
        given in prop::collection::vec((0..24_usize, prop::collection::vec(told(), 0..4)), 1..40),
        first in 0..48_usize,
    ) {
        let roles = [PersonRole::Applicant, PersonRole::Subject, PersonRole::Child];
        let people = |told: &[Told]| -> Compared {
            let each = roles.iter().cycle().zip(told.iter().flat_map(compared));
            each.map(|(role, (_, keys))| (*role, keys)).collect()
        };
        let ours = people(&ours);
        let (mut everybody, mut plainly) = (Everybody::default(), std::collections::BTreeMap::new());
        for (number, (case, told)) in given.iter().enumerate() {
            everybody.keep(reference(*case), people(told));
            plainly.insert(reference(*case), (number, people(told)));
        }
        let alike = |(reference, (number, theirs)): (&Reference, &(usize, Compared))| {
            let pairs = pairs(&ours, theirs);
            (*number < first && !pairs.is_empty()).then(|| Alike { reference: reference.clone(), pairs })
        };
        let mut expected: Vec<Alike> = plainly.iter().filter_map(alike).collect();
        expected.sort_by(Alike::order);
        prop_assert_eq!(everybody.alike(&ours, first), expected);
    }
}
