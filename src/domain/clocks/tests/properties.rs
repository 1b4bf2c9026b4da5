//! What holds of every clock and rule.

use proptest::prelude::*;

use super::*;
use crate::domain::record::{self, Part, Reader};

fn any_rule() -> impl Strategy<Value = ClockRule> {
    let units = prop::sample::select(Unit::ALL);
    let cut_offs = prop::sample::select(vec![None, Some("00:00"), Some("01:30"), Some("17:00")]);
    (1..=60_u32, units, 0..=1_u32, cut_offs).prop_map(|(within, unit, first_day, cut_off)| {
        let rule = ClockRule::new(within, unit);
        if unit == Unit::Hours {
            return rule;
        }
        let cut_off = cut_off.map(|text| Line::new(text).unwrap());
        ClockRule { first_day: Some(first_day), cut_off, ..rule }
    })
}

/// Seconds from 2012 to the autumn of 2028, often close to a change of the clocks.
fn any_start() -> impl Strategy<Value = Instant> {
    let anywhere = at("2012-01-02T00:00:00Z").unix()..at("2028-09-01T00:00:00Z").unix();
    let spring = at("2026-03-29T01:00:00Z").unix();
    let autumn = at("2026-10-25T01:00:00Z").unix();
    let near = |change: i64| change - 90_000..change + 90_000;
    prop_oneof![anywhere, near(spring), near(autumn)].prop_map(|seconds| Instant::from_unix(seconds).unwrap())
}

proptest! {
    #[test]
    fn c2_a_rule_is_read_as_it_was_written(rule in any_rule()) {
        let node = rule.write().unwrap();
        prop_assert_eq!(record::read::<ClockRule>(&node, Reader::strict()), Ok(rule));
    }

    #[test]
    fn c3_what_comes_later_is_due_no_earlier(rule in any_rule(), start in any_start(), later in 0..200_000_i64) {
        let calendar = shipped();
        let due_at = |start| due(start, &rule, LONDON, Some(&calendar)).unwrap().at;
        prop_assert!(due_at(start) <= due_at(start.plus_seconds(later)));
    }

    #[test]
    fn c2_more_time_is_due_later(rule in any_rule(), start in any_start()) {
        let calendar = shipped();
        let more = ClockRule { within: rule.within + 1, ..rule.clone() };
        let due_at = |rule| due(start, rule, LONDON, Some(&calendar)).unwrap().at;
        prop_assert!(due_at(&rule) < due_at(&more));
    }

    #[test]
    fn c3_working_days_are_due_no_earlier_than_days(rule in any_rule(), start in any_start()) {
        prop_assume!(rule.unit != Unit::Hours);
        let calendar = shipped();
        let due_at = |unit| due(start, &ClockRule { unit, ..rule.clone() }, LONDON, Some(&calendar)).unwrap().at;
        prop_assert!(due_at(Unit::Days) <= due_at(Unit::WorkingDays));
    }
}
