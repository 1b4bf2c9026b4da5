//! `csods explain`: the arithmetic of a case's clocks (C8).

use serde_json::json;

use super::{find, show};
use crate::context::Context;
use crate::domain::clocks::ClockName;
use crate::domain::deadlines;
use crate::error::Error;
use crate::output::{Page, Report};

/// Shows the arithmetic of a case's clocks, on one screen (C8)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    /// Only this clock
    #[arg(long, value_name = "CLOCK", value_parser = show::choices(ClockName::WORDS))]
    clock: Option<String>,
}

/// Start, rule, days counted and how each clock stands.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (reference, case) = find::case(&office.head, &args.case)?;
    let zone = office.settings.zone();
    context.saw_receipt(case.received.at.0);
    let mut readings = deadlines::readings(&case, context.now, &office.settings)?;
    readings.retain(|reading| args.clock.as_deref().is_none_or(|clock| reading.name.word() == clock));
    let mut page = Page::default();
    page.say(format!("{reference}: clock rules \"{}\"", case.guidance));
    for reading in &readings {
        page.heading(format!("{}: {}", reading.name.meaning(), reading.in_words(zone)));
        for step in &reading.steps {
            page.item(4, format!("  {step}"));
        }
    }
    let clocks: Vec<_> = readings
        .iter()
        .map(|reading| {
            let mut clock = show::clock_json(reading);
            clock["steps"] = json!(reading.steps);
            clock
        })
        .collect();
    let json = json!({
        "version": 1, "reference": reference.as_str(), "guidance": case.guidance.as_str(), "clocks": clocks,
    });
    Ok(Report::new(json, page))
}
