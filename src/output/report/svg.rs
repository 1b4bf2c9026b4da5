//! Charts as SVG that stands in the page. Every bar bears its number, series are told apart by pattern as well as colour,
//! and each chart says in words what it shows.

use std::fmt::Write;

use super::escape;
use crate::domain::statistics::Cell;
use crate::domain::statistics::meeting::{Chart, Form};

/// The width of a drawing in units of its own; the page scales it.
const WIDTH: f64 = 440.0;
/// Room for the number at the end of a bar.
const NUMBER: f64 = 56.0;
const BAR: f64 = 17.0;
/// The width of a drawing over time.
const LONG: f64 = 700.0;

/// A look: what fills it, and the pattern over that, where it has one.
struct Look {
    fill: &'static str,
    pattern: &'static str,
    ink: &'static str,
}

/// Two series.
const PAIR: [Look; 2] = [
    Look { fill: "#1d4f91", pattern: "", ink: "#fff" },
    Look {
        fill: "#ffd9b0",
        pattern: "<path d=\"M-2 2 2-2M0 8 8 0M6 10 10 6\" stroke=\"#a04a00\" stroke-width=\"2\"/>",
        ink: "#1b1b1b",
    },
];
/// The states of a clock.
const STATES: [Look; 5] = [
    Look { fill: "#1d4f91", pattern: "", ink: "#fff" },
    Look {
        fill: "#d5e5f7",
        pattern: "<path d=\"M-2 2 2-2M0 8 8 0M6 10 10 6\" stroke=\"#1d4f91\" stroke-width=\"1.5\"/>",
        ink: "#1b1b1b",
    },
    Look { fill: "#8f1d1d", pattern: "", ink: "#fff" },
    Look {
        fill: "#fbdcdc",
        pattern: "<path d=\"M0 0 8 8M8 0 0 8\" stroke=\"#8f1d1d\" stroke-width=\"1.2\"/>",
        ink: "#1b1b1b",
    },
    Look { fill: "#fff", pattern: "<circle cx=\"4\" cy=\"4\" r=\"1\" fill=\"#555\"/>", ink: "#1b1b1b" },
];

fn looks(form: Form) -> &'static [Look] {
    if form == Form::Shares { &STATES } else { &PAIR }
}

/// What a drawing needs of its patterns. `of` keeps their names apart from those of other drawings.
fn patterns(of: &str, looks: &[Look]) -> String {
    let mut defined = String::from("<defs>");
    for (number, look) in looks.iter().enumerate() {
        let _ = write!(
            defined,
            "<pattern id=\"{of}-{number}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><rect width=\"8\" \
             height=\"8\" fill=\"{}\"/>{}</pattern>",
            look.fill, look.pattern
        );
    }
    defined + "</defs>"
}

/// The key: which look is which series.
pub fn key(chart: &Chart) -> String {
    let looks = looks(chart.form);
    let mut key = String::from("<ul class=\"key\">\n");
    for (number, series) in chart.series.iter().enumerate().take(looks.len()) {
        let of = format!("key-{}-{number}", chart.id);
        let pattern = patterns(&of, looks.get(number..=number).unwrap_or_default());
        let _ = writeln!(
            key,
            "<li><svg viewBox=\"0 0 26 16\" aria-hidden=\"true\">{pattern}<rect x=\".5\" y=\".5\" width=\"25\" \
             height=\"15\" fill=\"url(#{of}-0)\" stroke=\"#1b1b1b\"/></svg>{}</li>",
            escape(&series.name)
        );
    }
    key + "</ul>\n"
}

/// The drawing, with its title and what it shows in words.
pub fn chart(chart: &Chart) -> String {
    let (width, height, drawn) = match chart.form {
        Form::Bars => bars(chart),
        Form::Shares => shares(chart),
        Form::Columns => columns(chart),
    };
    let id = format!("chart-{}", escape(&chart.id));
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{}\n{drawn}</svg>\n",
        escape(&chart.title),
        escape(&in_words(chart)),
        patterns(&id, looks(chart.form)),
    )
}

/// What the chart shows, said aloud: the greatest of each series; the table has the rest.
fn in_words(chart: &Chart) -> String {
    let mut words = match chart.form {
        Form::Bars => "Bar chart.".to_owned(),
        Form::Shares => "Bars cut into their parts.".to_owned(),
        Form::Columns => "Column chart over time.".to_owned(),
    };
    for series in &chart.series {
        let known: Option<Vec<u64>> = series.cells.iter().map(|cell| count(*cell)).collect();
        let Some(known) = known else {
            let _ = write!(words, " {}: some figures are hidden.", series.name);
            continue;
        };
        let total: u64 = known.iter().sum();
        let greatest = known.iter().copied().enumerate().rev().max_by_key(|(_, count)| *count);
        match greatest.filter(|(_, count)| *count > 0) {
            None => {
                let _ = write!(words, " {}: none.", series.name);
            }
            Some((at, most)) => {
                let category = chart.categories.get(at).map_or("", String::as_str);
                let of = if chart.form == Form::Shares { String::new() } else { format!(" of {total}") };
                let _ = write!(words, " {}: most at {category}, {most}{of}.", series.name);
            }
        }
    }
    words + " The table beside it has every figure."
}

fn count(cell: Cell) -> Option<u64> {
    match cell {
        Cell::Count(count) => Some(count),
        _ => None,
    }
}

fn greatest(chart: &Chart) -> f64 {
    let counts = chart.series.iter().flat_map(|series| &series.cells).filter_map(|cell| count(*cell));
    counts.max().unwrap_or(0).max(1) as f64
}

fn text(drawn: &mut String, x: f64, y: f64, size: f64, more: &str, words: &str) {
    let _ = writeln!(
        drawn,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\"{more}>{}</text>",
        escape(words)
    );
}

fn rectangle(drawn: &mut String, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
    let _ = writeln!(
        drawn,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"url(#{fill})\" \
         stroke=\"#1b1b1b\" stroke-width=\".75\"/>"
    );
}

/// Lying bars, the name of the category over them.
fn bars(chart: &Chart) -> (f64, f64, String) {
    let scale = (WIDTH - NUMBER) / greatest(chart);
    let mut drawn = String::new();
    let mut y = 0.0;
    for (category, name) in chart.categories.iter().enumerate() {
        y += 20.0;
        text(&mut drawn, 0.0, y - 5.0, 14.0, "", name);
        let _ = writeln!(
            drawn,
            "<path d=\"M.5 {y:.0}v{:.0}\" stroke=\"#1b1b1b\"/>",
            (BAR + 2.0) * chart.series.len() as f64 - 2.0
        );
        for (number, series) in chart.series.iter().enumerate() {
            let cell = series.cells.get(category).copied().unwrap_or(Cell::Nothing);
            let long = count(cell).map_or(0.0, |count| count as f64 * scale);
            if long > 0.0 {
                rectangle(&mut drawn, (0.5, y), (long, BAR), &format!("chart-{}-{number}", chart.id));
            }
            let words = count(cell).map_or_else(|| "hidden".to_owned(), |count| count.to_string());
            text(&mut drawn, long + 6.0, y + 13.0, 13.0, "", &words);
            y += BAR + 2.0;
        }
        y += 5.0;
    }
    (WIDTH, y.max(20.0), drawn)
}

/// One bar a category, cut into its series.
fn shares(chart: &Chart) -> (f64, f64, String) {
    let mut drawn = String::new();
    let mut y = 0.0;
    for (category, name) in chart.categories.iter().enumerate() {
        let cells: Option<Vec<u64>> = chart
            .series
            .iter()
            .map(|series| count(series.cells.get(category).copied().unwrap_or(Cell::Nothing)))
            .collect();
        y += 20.0;
        let Some(counts) = cells else {
            text(
                &mut drawn,
                0.0,
                y - 4.0,
                14.0,
                "",
                &format!("{name}: some figures are hidden, see the table"),
            );
            y += 8.0;
            continue;
        };
        let all: u64 = counts.iter().sum();
        text(&mut drawn, 0.0, y - 5.0, 14.0, "", &format!("{name}: {all}"));
        let scale = (WIDTH - 2.0) / all.max(1) as f64;
        let mut x = 1.0;
        for (number, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let long = *count as f64 * scale;
            rectangle(&mut drawn, (x, y), (long, 26.0), &format!("chart-{}-{number}", chart.id));
            let digits = count.to_string();
            let look = STATES.get(number);
            let room = digits.len() as f64 * 8.0 + 8.0;
            if long >= room {
                let middle = x + long / 2.0;
                if let Some(look) = look.filter(|look| !look.pattern.is_empty()) {
                    let _ = writeln!(
                        drawn,
                        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"18\" rx=\"3\" fill=\"{}\"/>",
                        middle - room / 2.0 + 2.0,
                        y + 4.0,
                        room - 4.0,
                        look.fill
                    );
                }
                let ink = look.map_or("#1b1b1b", |look| look.ink);
                let more = format!(" text-anchor=\"middle\" style=\"fill:{ink}\"");
                text(&mut drawn, middle, y + 18.0, 13.0, &more, &digits);
            }
            x += long;
        }
        y += 36.0;
    }
    (WIDTH, y.max(20.0), drawn)
}

/// Standing columns in the order of time, over lines that say how high they are.
fn columns(chart: &Chart) -> (f64, f64, String) {
    let (left, top, deep) = (36.0, 18.0, 200.0);
    let most = greatest(chart);
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0]
        .into_iter()
        .find(|step| most / step <= 5.0)
        .unwrap_or(10_000.0);
    let lines = (most / step).ceil().max(1.0);
    let scale = deep / (lines * step);
    let mut drawn = String::new();
    for line in 0..=lines as u32 {
        let value = f64::from(line) * step;
        let y = top + deep - value * scale;
        let (stroke, more) = (if line == 0 { "#1b1b1b" } else { "#c8c8c8" }, " text-anchor=\"end\"");
        let _ = writeln!(drawn, "<path d=\"M{left} {y:.1}H{LONG}\" stroke=\"{stroke}\"/>");
        text(&mut drawn, left - 6.0, y + 4.0, 12.0, more, &format!("{value:.0}"));
    }
    let many = chart.categories.len().max(1) as f64;
    let each = (LONG - left) / many;
    let wide = (each * 0.8 / chart.series.len().max(1) as f64).min(30.0);
    let middle = " text-anchor=\"middle\"";
    let mut above = "";
    for (category, name) in chart.categories.iter().enumerate() {
        let centre = left + each * (category as f64 + 0.5);
        let mut x = centre - wide * chart.series.len() as f64 / 2.0;
        for (number, series) in chart.series.iter().enumerate() {
            let cell = series.cells.get(category).copied().unwrap_or(Cell::Nothing);
            let high = count(cell).map_or(0.0, |count| count as f64 * scale);
            let y = top + deep - high;
            if high > 0.0 {
                rectangle(&mut drawn, (x, y), (wide, high), &format!("chart-{}-{number}", chart.id));
            }
            let words = count(cell).map_or_else(|| "*".to_owned(), |count| count.to_string());
            if words.len() as f64 * 7.0 <= wide + 4.0 {
                text(&mut drawn, x + wide / 2.0, y - 4.0, 12.0, middle, &words);
            }
            x += wide;
        }
        let (short, below) = name.split_once(' ').unwrap_or((name, ""));
        let crowded = short.len() as f64 * 7.0 > each;
        if !crowded || category % 4 == 0 {
            text(&mut drawn, centre, top + deep + 16.0, 12.0, middle, short);
        }
        if below != above {
            text(&mut drawn, centre, top + deep + 32.0, 12.0, middle, below);
            above = below;
        }
    }
    (LONG, top + deep + 38.0, drawn)
}
