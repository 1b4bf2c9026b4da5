//! The page for a monthly meeting: one file of HTML that needs nothing else, readable on a screen, on a phone, on paper
//! and aloud. No scripts, nothing fetched, nothing personal; the same figures give the same bytes.

mod svg;

use crate::domain::statistics::Cell;
use crate::domain::statistics::meeting::{Chart, Form, Meeting, Series};

const STYLE: &str = include_str!("style.css");

/// What stands over the figures.
pub struct Heading {
    /// The force's name.
    pub force: String,
    /// The days it looks back on, in words.
    pub period: String,
    /// When it was counted, in words.
    pub counted: String,
    /// What must be known of the history that it was counted from.
    pub remark: Option<String>,
    /// The commit it was counted from.
    pub commit: String,
    /// Counts below this are hidden; `None` where none are.
    pub suppressed_under: Option<u32>,
}

/// The page.
pub fn html(heading: &Heading, meeting: &Meeting) -> String {
    let force = escape(&heading.force);
    let mark = match heading.suppressed_under {
        Some(under) => {
            format!("Counts under {under} are hidden, and others so that none of these can be worked out")
        }
        None => "For use in the unit. Not for publication: small counts are shown".to_owned(),
    };
    let mut page = String::from("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    page.push_str(&format!("<title>Disclosure scheme, {force}: {}</title>\n", escape(&heading.period)));
    page.push_str(&format!("<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n"));
    page.push_str(&format!("<p class=\"mark\">{mark}</p>\n"));
    page.push_str(&format!("<h1>Child Sex Offender Disclosure Scheme: {force}</h1>\n"));
    page.push_str(&format!(
        "<p>{}. Counted as recorded on {}.</p>\n",
        escape(&heading.period),
        escape(&heading.counted)
    ));
    if let Some(remark) = &heading.remark {
        page.push_str(&format!("<p class=\"small\">{}</p>\n", escape(remark)));
    }
    page.push_str("<p class=\"small\">The two routes are counted apart: right to ask, where a member of the public applies, and right to know, where the police act on information they hold. A case counts by the route it came in by.</p>\n</header>\n<main>\n");
    page.push_str(&glance(meeting));
    for chart in &meeting.charts {
        page.push_str(&section(chart));
    }
    page.push_str(&format!(
        "</main>\n<footer>\n<p class=\"small\">Made by csods from commit {}.</p>\n</footer>\n</body>\n</html>\n",
        escape(&heading.commit)
    ));
    page
}

/// The few numbers that are looked for first.
fn glance(meeting: &Meeting) -> String {
    let chart = |id: &str| meeting.charts.iter().find(|chart| chart.id == id);
    let sum = |series: Option<&Series>| -> Option<String> {
        let counts = series?.cells.iter().map(|cell| match cell {
            Cell::Count(count) => Some(*count),
            _ => None,
        });
        Some(counts.sum::<Option<u64>>().map_or_else(|| "hidden".to_owned(), |sum| sum.to_string()))
    };
    let mut items = String::new();
    let mut item = |label: &str, ask: Option<String>, know: Option<String>| {
        let know = know.unwrap_or_else(|| "0".to_owned());
        items.push_str(&format!(
            "<li>{label} <b>{}</b> <span class=\"small\">right to ask; right to know: {know}</span></li>\n",
            ask.unwrap_or_else(|| "0".to_owned())
        ));
    };
    let stages = chart("stages");
    item(
        "Open",
        sum(stages.and_then(|chart| chart.series.first())),
        sum(stages.and_then(|chart| chart.series.get(1))),
    );
    item(
        "Overdue",
        sum(stages.and_then(|chart| chart.besides.first())),
        sum(stages.and_then(|chart| chart.besides.get(1))),
    );
    for (label, series) in [("Received in the period", 0), ("Closed in the period", 1)] {
        let of = |id: &str| sum(chart(id).and_then(|chart| chart.series.get(series)));
        item(label, of("arrivals-right_to_ask"), of("arrivals-right_to_know"));
    }
    format!("<ul class=\"glance\" aria-label=\"At a glance, right to ask\">\n{items}</ul>\n")
}

fn section(chart: &Chart) -> String {
    let id = escape(&chart.id);
    let mut section = format!(
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n<p class=\"small\">{}</p>\n",
        escape(&chart.title),
        escape(&chart.definition)
    );
    for note in &chart.notes {
        section.push_str(&format!("<p>{}</p>\n", escape(note)));
    }
    let wide = if chart.form == Form::Columns { " class=\"wide\"" } else { "" };
    let scrolls = |class: &str, what: &str| {
        format!(
            "<div class=\"{class}\" role=\"group\" tabindex=\"0\" aria-label=\"{what}: {}\">\n",
            escape(&chart.title)
        )
    };
    section.push_str(&format!("<figure{wide}>\n<div>\n{}", svg::key(chart)));
    section.push_str(&format!("{}{}</div>\n</div>\n", scrolls("plot", "Chart"), svg::chart(chart)));
    section.push_str(&format!("{}{}</div>\n", scrolls("table", "Table"), table(chart)));
    section.push_str("</figure>\n</section>\n");
    section
}

/// The table behind a chart. A chart over time lies on its side, as its columns do.
fn table(chart: &Chart) -> String {
    let all: Vec<&Series> = chart.series.iter().chain(&chart.besides).collect();
    let mut table = format!(
        "<table>\n<caption>The figures behind the chart: {}</caption>\n<thead>\n<tr>",
        escape(&chart.title)
    );
    table.push_str(&format!("<th scope=\"col\">{}</th>", escape(&chart.what)));
    for series in &all {
        table.push_str(&format!("<th scope=\"col\">{}</th>", escape(&series.name)));
    }
    table.push_str("</tr>\n</thead>\n<tbody>\n");
    for (category, name) in chart.categories.iter().enumerate() {
        table.push_str(&format!("<tr><th scope=\"row\">{}</th>", escape(name)));
        for series in &all {
            let cell = series.cells.get(category).copied().unwrap_or(Cell::Nothing);
            table.push_str(&format!("<td>{}</td>", shown(cell)));
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</tbody>\n</table>\n");
    table
}

/// A figure as it stands in a table.
fn shown(cell: Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Days(tenths) if tenths % 10 == 0 => (tenths / 10).to_string(),
        Cell::Days(tenths) | Cell::Share(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        Cell::Nothing | Cell::NoMeaning => "none".to_owned(),
        Cell::Hidden => "hidden".to_owned(),
    }
}

/// Text as it stands in HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in super::clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
