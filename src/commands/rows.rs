//! Rows of cases as tables and JSON. No name ever stands in one.

use serde_json::{Value, json};

use super::filters::next_word;
use crate::choice;
use crate::domain::row::{Row, Standing, Worry};
use crate::domain::time::{Instant, Zone};

choice! {
    /// What a table of cases may show.
    pub enum Column {
        Reference = "reference" => "the reference",
        Stage = "stage" => "the stage",
        Route = "route" => "the route",
        Owner = "owner" => "who looks after it",
        Channel = "channel" => "how it came in",
        Received = "received" => "the local day of receipt",
        Age = "age" => "days since receipt",
        Clock = "clock" => "the clock that presses most",
        Due = "due" => "when it is due",
        Stands = "stands" => "how it stands",
        Risk = "risk" => "the assessed risk, or IMMEDIATE; nothing where not assessed",
        Outcome = "outcome" => "what was decided",
        Next = "next" => "what comes next",
    }
}

/// Words rows at a moment in a zone.
#[derive(Clone, Copy)]
pub struct Wording {
    /// The moment.
    pub now: Instant,
    /// The zone in which days and times are shown.
    pub zone: Zone,
}

impl Wording {
    /// The names of columns.
    pub fn header(columns: &[Column]) -> Vec<&'static str> {
        columns.iter().map(|column| column.word()).collect()
    }

    /// The cells of a row.
    pub fn cells(self, row: &Row, columns: &[Column]) -> Vec<String> {
        let standing = row.standing(self.now, self.zone);
        columns.iter().map(|&column| self.cell(row, &standing, column)).collect()
    }

    fn cell(self, row: &Row, standing: &Standing, column: Column) -> String {
        match column {
            Column::Reference => row.reference.as_str().to_owned(),
            Column::Stage => row.stage.word().to_owned(),
            Column::Route => row.route.word().to_owned(),
            Column::Owner => row.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
            Column::Channel => row.channel.word().to_owned(),
            Column::Received => self.zone.day(row.received).to_string(),
            Column::Age => row.age(self.now, self.zone).to_string(),
            Column::Clock => {
                row.pressing.map(|pressing| pressing.clock.word()).unwrap_or_default().to_owned()
            }
            Column::Due => row.pressing.map(|pressing| self.zone.short(pressing.due)).unwrap_or_default(),
            Column::Stands => standing.stands.clone(),
            // What nobody assessed yet says nothing, rather than something reassuring.
            Column::Risk if row.worry() == Worry::Unassessed => String::new(),
            Column::Risk => row.worry().meaning().to_owned(),
            Column::Outcome => row.outcome.map(|outcome| outcome.word()).unwrap_or_default().to_owned(),
            Column::Next => next_word(standing.next).to_owned(),
        }
    }

    /// For scripts.
    pub fn json(self, row: &Row) -> Value {
        json!({
            "reference": row.reference.as_str(),
            "stage": row.stage.word(),
            "route": row.route.word(),
            "owner": row.owner.as_ref().map(|owner| owner.as_str()),
            "received": row.received.to_string(),
            "clock": row.pressing.map(|pressing| pressing.clock.word()),
            "due": row.pressing.map(|pressing| pressing.due.to_string()),
            "overdue": row.is_overdue(self.now),
            "next": row.next(self.now).map(|next| next.word()),
            "channel": row.channel.word(),
            "outcome": row.outcome.map(|outcome| outcome.word()),
            "risk": row.risk.map(|risk| risk.word()),
            "urgent": row.urgent,
            "age_days": row.age(self.now, self.zone),
        })
    }
}

/// Reads a column.
pub fn column(word: &str) -> Result<Column, String> {
    word.trim().parse()
}
