//! The story can be read at any moment, and ends the day before.

use super::story::Story;
use crate::domain::time::Instant;

#[test]
fn the_story_ends_before_now() {
    for now in ["2026-03-20T00:10:00Z", "2026-03-30T23:30:00Z", "2027-10-31T00:30:00Z"] {
        let now: Instant = now.parse().unwrap();
        let story = Story::read(now).unwrap();
        assert!(story.begins() < now);
        assert!(story.steps.len() > 10);
    }
}
