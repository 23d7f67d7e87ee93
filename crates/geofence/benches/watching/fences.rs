//! False exits against true ones found and how soon, by the evidence that is asked for. The table is a short one; `year` follows more people
//! for longer, and draws them.

use crate::Failure;
use crate::common::year::{Score, follow_all};
use geofence::Rules;
use std::{fmt::Write as _, io::Write};

const RESIDENTS: u32 = 60;
/// Those beside the one that is built in.
pub(crate) const THRESHOLDS: [f64; 7] = [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 11.0];

/// One threshold: false exits a year, the share found, the mean delay in fixes.
pub(crate) struct Row {
    pub(crate) threshold: f64,
    pub(crate) false_a_year: f64,
    pub(crate) found: f64,
    pub(crate) delay: f64,
    pub(crate) is_built_in: bool,
}

impl Row {
    pub(crate) fn new(
        threshold: f64,
        score: &Score,
        delays: &[u32],
        is_built_in: bool,
    ) -> Result<Self, Failure> {
        let sum = delays.iter().copied().map(f64::from).sum::<f64>();
        Ok(Self {
            threshold,
            false_a_year: score.false_a_year(),
            found: score.found_share(),
            delay: sum / f64::from(u32::try_from(delays.len().max(1))?),
            is_built_in,
        })
    }
}

/// Prints the table.
pub(crate) fn table(out: &mut impl Write) -> Result<(), Failure> {
    writeln!(
        out,
        "{RESIDENTS} residents, 60 days, a fix every two minutes, homes 40 m from the edge and more"
    )?;
    writeln!(out, "threshold   false exits a year   found   mean delay in fixes")?;
    let built_in = Rules::default().threshold;
    let mut thresholds: Vec<f64> = THRESHOLDS.into_iter().chain([built_in]).collect();
    thresholds.sort_by(f64::total_cmp);
    for threshold in thresholds {
        let rules = Rules { threshold, ..Rules::default() };
        let (all, delays) = follow_all(11, RESIDENTS, 120.0, &rules);
        let row = Row::new(threshold, &all, &delays, threshold.total_cmp(&built_in).is_eq())?;
        let named = if row.is_built_in { "   built in" } else { "" };
        writeln!(
            out,
            "{threshold:>9} {:>20.2} {:>7.4} {:>21.2}{named}",
            row.false_a_year, row.found, row.delay
        )?;
    }
    Ok(())
}

/// False exits a year to the right, logarithmic; the delay upward. What is built in is red.
pub(crate) fn draw(rows: &[Row], of_whom: &str) -> Result<String, std::fmt::Error> {
    let x = |row: &Row| 80.0 + (row.false_a_year.max(0.05).log10() + 1.4) / 3.4 * 480.0;
    let y = |row: &Row| 300.0 - (row.delay - 1.0) / 3.0 * 250.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"360\" font-family=\"sans-serif\" font-size=\"12\">",
    );
    svg.push_str("<rect width=\"600\" height=\"360\" fill=\"white\"/>");
    for (label, times) in [("0.1", 0.1_f64), ("1", 1.0), ("10", 10.0), ("100", 100.0)] {
        let at = 80.0 + (times.log10() + 1.4) / 3.4 * 480.0;
        write!(svg, "<line x1=\"{at:.0}\" y1=\"50\" x2=\"{at:.0}\" y2=\"300\" stroke=\"#ddd\"/>")?;
        write!(svg, "<text x=\"{at:.0}\" y=\"318\" text-anchor=\"middle\">{label}</text>")?;
    }
    for fixes in [1.0, 2.0, 3.0, 4.0_f64] {
        let at = 300.0 - (fixes - 1.0) / 3.0 * 250.0;
        write!(svg, "<line x1=\"80\" y1=\"{at:.0}\" x2=\"560\" y2=\"{at:.0}\" stroke=\"#ddd\"/>")?;
        write!(svg, "<text x=\"70\" y=\"{:.0}\" text-anchor=\"end\">{fixes}</text>", at + 4.0)?;
    }
    let line: Vec<String> = rows.iter().map(|row| format!("{:.0},{:.0}", x(row), y(row))).collect();
    write!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#1677ff\" stroke-width=\"2\"/>",
        line.join(" ")
    )?;
    for row in rows {
        let (at_x, at_y) = (x(row), y(row));
        let (radius, colour) = if row.is_built_in { (6, "#d4380d") } else { (4, "#1677ff") };
        write!(svg, "<circle cx=\"{at_x:.0}\" cy=\"{at_y:.0}\" r=\"{radius}\" fill=\"{colour}\"/>")?;
        let text = format!("{} ({:.1} %)", row.threshold, row.found * 100.0);
        // Below the line, or the name of the next threshold would stand in it.
        let (beside_x, beside_y) = if row.is_built_in { (-60.0, 18.0) } else { (7.0, -6.0) };
        let (text_x, text_y) = (at_x + beside_x, at_y + beside_y);
        let ink = if row.is_built_in { colour } else { "black" };
        write!(svg, "<text x=\"{text_x:.0}\" y=\"{text_y:.0}\" fill=\"{ink}\">{text}</text>")?;
    }
    svg.push_str("<text x=\"320\" y=\"342\" text-anchor=\"middle\">false exits a resident and year</text>");
    writeln!(
        svg,
        "<text x=\"80\" y=\"20\">mean delay of true exits in fixes, by threshold (found)</text><text x=\"80\" y=\"38\">{of_whom}</text></svg>"
    )?;
    Ok(svg)
}
