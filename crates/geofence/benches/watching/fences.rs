//! False exits against true ones found and how soon, by the evidence that is asked for; drawn into docs/images.

use crate::Failure;
use crate::common::year::follow_all;
use geofence::Rules;
use std::{fmt::Write as _, io::Write, path::Path};

const RESIDENTS: u32 = 60;
const THRESHOLDS: [f64; 7] = [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 11.0];

/// One threshold: false exits a year, the share found, the mean delay in fixes.
struct Row {
    threshold: f64,
    false_a_year: f64,
    found: f64,
    delay: f64,
}

/// Prints the table and draws it.
pub(crate) fn curve(out: &mut impl Write) -> Result<(), Failure> {
    writeln!(
        out,
        "{RESIDENTS} residents, 60 days, a fix every two minutes, homes 40 m from the edge and more"
    )?;
    writeln!(out, "threshold   false exits a year   found   mean delay in fixes")?;
    let mut rows = Vec::new();
    for threshold in THRESHOLDS {
        let rules = Rules { threshold, ..Rules::default() };
        let (all, delays) = follow_all(11, RESIDENTS, 120.0, &rules);
        let sum = delays.iter().copied().map(f64::from).sum::<f64>();
        let row = Row {
            threshold,
            false_a_year: all.false_a_year(),
            found: all.found_share(),
            delay: sum / f64::from(u32::try_from(delays.len().max(1))?),
        };
        writeln!(out, "{threshold:>9} {:>20.2} {:>7.4} {:>21.2}", row.false_a_year, row.found, row.delay)?;
        rows.push(row);
    }
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/fence-exits.svg");
    std::fs::write(picture, draw(&rows)?)?;
    Ok(())
}

/// False exits a year to the right, logarithmic; the delay upward.
fn draw(rows: &[Row]) -> Result<String, std::fmt::Error> {
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
        write!(svg, "<circle cx=\"{at_x:.0}\" cy=\"{at_y:.0}\" r=\"4\" fill=\"#1677ff\"/>")?;
        let text = format!("{} ({:.1} %)", row.threshold, row.found * 100.0);
        write!(svg, "<text x=\"{:.0}\" y=\"{:.0}\">{text}</text>", at_x + 7.0, at_y - 6.0)?;
    }
    svg.push_str("<text x=\"320\" y=\"342\" text-anchor=\"middle\">false exits a resident and year</text>");
    writeln!(
        svg,
        "<text x=\"80\" y=\"30\">mean delay of true exits in fixes, by threshold (found): {RESIDENTS} residents over 60 days</text></svg>"
    )?;
    Ok(svg)
}
