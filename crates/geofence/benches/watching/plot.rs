//! The curve of wandering: found against told in vain, by the limit.

use crate::Failure;
use crate::common::walks::Errors;
use crate::wandering::told;
use std::{fmt::Write as _, path::Path};

/// What was drawn, under which errors, and the height of each walk with its hours.
pub(crate) type Row = (&'static str, Errors, Vec<(f64, f64)>);

const COLOURS: [(f64, &str); 2] = [(10.0, "#1677ff"), (30.0, "#d4380d")];

fn of(rows: &[Row], name: Option<&str>, accuracy_m: f64) -> Vec<(f64, f64)> {
    let those = rows.iter().filter(|(own, errors, _)| {
        name.is_none_or(|name| name == *own) && (errors.accuracy_m - accuracy_m).abs() < 1.0
    });
    // A radius told too small is in the table alone.
    those.filter(|(_, errors, _)| errors.times <= 1.0).flat_map(|(_, _, heights)| heights.clone()).collect()
}

/// To the right, signals in vain an hour over all ordinary ways, logarithmic; upward, the share found.
pub(crate) fn wandering(nowhere: &[Row], ordinary: &[Row], limit: f64) -> Result<(), Failure> {
    let x = |an_hour: f64| 80.0 + (an_hour.max(0.002).log10() + 2.7) / 3.0 * 480.0;
    let y = |found: f64| 300.0 - (found - 0.5) / 0.5 * 250.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"360\" font-family=\"sans-serif\" font-size=\"12\">",
    );
    svg.push_str("<rect width=\"600\" height=\"360\" fill=\"white\"/>");
    for an_hour in [0.01, 0.1, 1.0] {
        let at = x(an_hour);
        write!(svg, "<line x1=\"{at:.0}\" y1=\"50\" x2=\"{at:.0}\" y2=\"300\" stroke=\"#ddd\"/>")?;
        write!(svg, "<text x=\"{at:.0}\" y=\"318\" text-anchor=\"middle\">{an_hour}</text>")?;
    }
    for found in [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] {
        let at = y(found);
        write!(svg, "<line x1=\"80\" y1=\"{at:.0}\" x2=\"560\" y2=\"{at:.0}\" stroke=\"#ddd\"/>")?;
        write!(svg, "<text x=\"70\" y=\"{:.0}\" text-anchor=\"end\">{found}</text>", at + 4.0)?;
    }
    for (accuracy_m, colour) in COLOURS {
        let quiet = of(ordinary, None, accuracy_m);
        for (name, dash) in [("pacing", "none"), ("lapping", "8 4"), ("random", "2 3")] {
            let own = of(nowhere, Some(name), accuracy_m);
            let at = |limit| (x(told(&quiet, limit).an_hour), y(told(&own, limit).share.max(0.5)));
            let limits = (0..60_u32).map(|step| f64::from(step) * 0.2 - 4.0);
            let line: Vec<String> = limits.map(at).map(|(x, y)| format!("{x:.0},{y:.0}")).collect();
            let line = line.join(" ");
            write!(
                svg,
                "<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-dasharray=\"{dash}\"/>"
            )?;
            let (x, y) = at(limit);
            write!(svg, "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"4\" fill=\"{colour}\"/>")?;
        }
    }
    svg.push_str(
        "<text x=\"320\" y=\"342\" text-anchor=\"middle\">told in vain an hour of ordinary ways</text>",
    );
    svg.push_str("<text x=\"80\" y=\"22\">found of pacing (line), lapping (dashes), random (dots)</text>");
    svg.push_str("<text x=\"80\" y=\"40\">radius 10 m <tspan fill=\"#1677ff\">blue</tspan>, 30 m ");
    svg.push_str("<tspan fill=\"#d4380d\">red</tspan>; the circles are the limit in use</text></svg>\n");
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/wandering.svg"), svg)?;
    Ok(())
}
