//! `csods stats`: the numbers a force is asked for.

use serde_json::{Value, json};

use super::filters::Filters;
use super::past::Days;
use super::show::choices;
use crate::context::Context;
use crate::domain::case::Route;
use crate::domain::statistics::{
    Basis, Cell, Figures, Measure, Period, Question, Row, Section, Split, What, count,
};
use crate::domain::time::Day;
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};

/// Counts for the yearly return and for freedom-of-information questions, each count with its definition (N1-N3)
///
/// Counts the applications received in the period and what has become of them; with `--count done`, what was done in the
/// period, whenever the application was received. The two routes are never added up (T2).
///
/// WHAT IS HIDDEN. The figures are for publication unless you say otherwise: counts under 5 (zero included) are hidden, and
/// as many others as it takes that no hidden count can be worked out from what is printed. `--no-suppress` shows everything,
/// for the unit's own use; the output says which of the two it is. Means are hidden with the bands they are made of, and where
/// there are more than 16 columns no total is printed beside hidden counts. What cannot be guarded against is a second publication
/// of the same cases with other filters or periods: publish one table, not several that differ by a few cases.
///
/// LAST YEAR'S RETURN AGAIN. `--as-of DAY` counts from the history as it stood at the end of that day, with the settings of
/// then, whatever was recorded, corrected or reopened since.
///
/// Example: csods stats --year 2025 --as-of 2026-01-31 --csv > return.csv
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    days: Days,
    /// What counts: applications received in the period, or what was done in it
    #[arg(long = "count", value_name = "WHAT", value_parser = choices(Basis::WORDS), default_value = "received")]
    basis: String,
    /// Split by this
    #[arg(long, value_name = "SPLIT", value_parser = choices(Split::WORDS))]
    by: Option<String>,
    /// Hide small counts, as is done unless you say otherwise
    #[arg(long, overrides_with = "no_suppress")]
    suppress: bool,
    /// Show every count: for the unit's own use, not for publication
    #[arg(long, overrides_with = "suppress")]
    no_suppress: bool,
    /// Hide counts under this many; else `statistics.suppress_under` of the settings, 5 by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100), conflicts_with = "no_suppress")]
    threshold: Option<u32>,
    #[command(flatten)]
    filters: Filters,
}

/// What the figures are of: everything that has to stand beside them.
struct About {
    question: Question,
    commit: String,
    filters: Vec<String>,
    at: String,
    /// Which commits are dated before the ones that they follow.
    backward: (Option<String>, Value),
}

/// The table of numbers.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let past = args.days.past(context)?;
    let (now, zone) = (past.now, past.office.settings.zone());
    let facts = past.facts(context, args.days.stated(), |facts| args.filters.fits_facts(facts, now, zone))?;
    let under = args.threshold.unwrap_or_else(|| past.office.settings.suppress_under());
    let question = Question {
        period: args
            .days
            .stated()
            .or_else(Period::everything)
            .ok_or_else(|| Error::new(Kind::Internal, "there is no period"))?,
        basis: Basis::of(&args.basis).unwrap_or(Basis::Received),
        split: args.by.as_deref().and_then(Split::of).unwrap_or(Split::Route),
        now,
        zone,
        suppress_under: (!args.no_suppress && under > 0).then_some(under),
    };
    let figures = count(facts, &question).map_err(|what| {
        Error::new(Kind::Usage, what).hint("take a shorter period, or a coarser split: --by year")
    })?;
    let about = About {
        question,
        commit: past.commit(),
        filters: args.filters.in_words(),
        at: zone.in_words(now),
        backward: (past.backward_in_words(), past.backward_json()),
    };
    Ok(Report {
        rows: Some(rows(&figures, &about)),
        cautions: about.backward.0.clone().into_iter().collect(),
        ..Report::new(json(&figures, &about), page(&figures, &about))
    })
}

/// The names of the columns, with that of the total.
fn columns(figures: &Figures) -> Vec<String> {
    let total = (figures.has_total || figures.columns.is_empty()).then(|| "total".to_owned());
    figures.columns.iter().cloned().chain(total).collect()
}

/// A figure as text.
fn shown(cell: Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Days(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Cell::Share(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
        Cell::Nothing => "none".to_owned(),
        Cell::NoMeaning => "-".to_owned(),
        Cell::Hidden => "*".to_owned(),
    }
}

/// What a figure counts.
fn unit(measure: &Measure) -> &'static str {
    match measure.what {
        What::Mean | What::Median | What::Longest => "days",
        What::Share(..) => "percent",
        What::Happenings(_) => "happenings",
        _ => "cases",
    }
}

impl About {
    fn lines(&self) -> Vec<String> {
        let Question { period, basis, suppress_under, .. } = self.question;
        let what = match basis {
            Basis::Received => "Applications received in the period, and what had become of them",
            Basis::Done => "What was done in the period, whenever the application was received",
        };
        let mut lines = vec![
            format!("Period: {}.", period.in_words()),
            format!("{what}. Counted as recorded on {}, commit {:.10}.", self.at, self.commit),
        ];
        lines.extend(self.backward.0.clone());
        if !self.filters.is_empty() {
            lines.push(format!("Only cases that fit {}.", self.filters.join(" ")));
        }
        lines.push(match suppress_under {
            Some(under) => format!(
                "* is a hidden figure: counts under {under} are hidden, and others so that none of these can be worked out."
            ),
            None => "NOT FOR PUBLICATION: small counts are shown.".to_owned(),
        });
        lines
    }
}

fn page(figures: &Figures, about: &About) -> Page {
    let mut page = Page::default();
    about.lines().into_iter().for_each(|line| page.say(line));
    let Some(first) = figures.blocks.first() else { return page };
    let split = !figures.columns.is_empty();
    if !split {
        for section in sections(first) {
            page.heading(section.meaning().to_uppercase());
            let row = |(index, row): (usize, &Row)| {
                let figure = |block: &crate::domain::statistics::Block| {
                    let cell = block.rows.get(index).and_then(|row| row.cells.last().copied());
                    cell.map(shown).unwrap_or_default()
                };
                let figures = figures.blocks.iter().map(figure);
                let name = [row.measure.label.clone()].into_iter();
                name.chain(figures).chain([row.measure.definition.clone()]).collect::<Vec<_>>()
            };
            let rows = first.rows.iter().enumerate().filter(|(_, row)| row.measure.section == section);
            let header = vec!["", "right to ask", "right to know", "what is counted"];
            page.0.push(Block::Table(header, rows.map(row).collect()));
        }
        return page;
    }
    for block in &figures.blocks {
        for section in sections(block) {
            page.heading(format!("{}: {}", title(block.route), section.meaning()).to_uppercase());
            let rows = block.rows.iter().filter(|row| row.measure.section == section);
            let rows = rows.filter(|row| row.measure.means_something(block.route));
            let cells = |row: &Row| row.cells.iter().copied().map(shown).collect::<Vec<_>>();
            let rows = rows.map(|row| (row.measure.label.clone(), cells(row))).collect();
            page.0.push(Block::Grid(columns(figures), rows));
        }
    }
    page.heading("WHAT IS COUNTED");
    for row in &first.rows {
        page.item(2, format!("{}: {}", row.measure.label, row.measure.definition));
    }
    page
}

fn title(route: Route) -> &'static str {
    match route {
        Route::RightToAsk => "Right to ask",
        Route::RightToKnow => "Right to know",
    }
}

/// The sections that have a row on this route, in order.
fn sections(block: &crate::domain::statistics::Block) -> Vec<Section> {
    let has = |section: &&Section| {
        let mut rows = block.rows.iter();
        rows.any(|row| row.measure.section == **section && row.measure.means_something(block.route))
    };
    Section::ALL.iter().filter(has).copied().collect()
}

fn json(figures: &Figures, about: &About) -> Value {
    let value = |cell: &Cell| match cell {
        Cell::Count(count) => json!({"value": count, "hidden": false}),
        Cell::Days(tenths) | Cell::Share(tenths) => {
            json!({"value": *tenths as f64 / 10.0, "hidden": false})
        }
        Cell::Nothing | Cell::NoMeaning => json!({"value": null, "hidden": false}),
        Cell::Hidden => json!({"value": null, "hidden": true}),
    };
    let count = |row: &Row| {
        let (values, total) = row.cells.split_at(figures.columns.len().min(row.cells.len()));
        json!({
            "key": row.measure.key,
            "section": row.measure.section.word(),
            "label": row.measure.label,
            "definition": row.measure.definition,
            "unit": unit(&row.measure),
            "total": total.first().map(value),
            "values": values.iter().map(value).collect::<Vec<_>>(),
        })
    };
    let block = |block: &crate::domain::statistics::Block| {
        let rows = block.rows.iter().filter(|row| row.measure.means_something(block.route));
        json!({"route": block.route.word(), "counts": rows.map(count).collect::<Vec<_>>()})
    };
    let Question { period, basis, split, now, suppress_under, .. } = about.question;
    json!({
        "version": 1,
        "count": basis.word(),
        "period": {
            "from": (!period.is_open_before()).then(|| period.first.to_string()),
            "to": (!period.is_open_after()).then(|| period.last.to_string()),
        },
        "counted_at": now.to_string(),
        "commit": about.commit,
        "backward": about.backward.1,
        "filters": about.filters,
        "suppressed": suppress_under.is_some(),
        "suppressed_under": suppress_under,
        "by": split.word(),
        "columns": figures.columns,
        "routes": figures.blocks.iter().map(block).collect::<Vec<_>>(),
    })
}

/// A row a figure, each with everything that says what it is: such rows can be sorted and cut and stay true.
fn rows(figures: &Figures, about: &About) -> Rows {
    let header = vec![
        "route",
        "column",
        "section",
        "key",
        "label",
        "value",
        "unit",
        "definition",
        "count",
        "from",
        "to",
        "counted_at",
        "commit",
        "filters",
        "hidden_under",
    ];
    let Question { period, basis, now, suppress_under, .. } = about.question;
    let end = |open: bool, day: Day| if open { String::new() } else { day.to_string() };
    let tail = [
        basis.word().to_owned(),
        end(period.is_open_before(), period.first),
        end(period.is_open_after(), period.last),
        now.to_string(),
        about.commit.clone(),
        about.filters.join(" "),
        suppress_under.map_or_else(|| "nothing is hidden".to_owned(), |under| under.to_string()),
    ];
    let columns = columns(figures);
    let mut rows = Vec::new();
    for block in &figures.blocks {
        for row in block.rows.iter().filter(|row| row.measure.means_something(block.route)) {
            for (column, cell) in columns.iter().zip(&row.cells) {
                let measure = &row.measure;
                let value = shown(*cell).trim_end_matches(" %").to_owned();
                let value = if *cell == Cell::Nothing { String::new() } else { value };
                let mut cells = vec![block.route.word().to_owned(), column.clone()];
                cells.extend([measure.section.word().to_owned(), measure.key.clone()]);
                cells.extend([measure.label.clone(), value, unit(measure).to_owned()]);
                cells.push(measure.definition.clone());
                cells.extend(tail.clone());
                rows.push(cells);
            }
        }
    }
    Rows { header, rows }
}
