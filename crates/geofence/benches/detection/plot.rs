//! The curve of falls found over false alarms, as a picture.

use std::fmt::Write as _;

/// One curve with the point at which the detector stands.
pub(crate) struct Curve {
    pub(crate) label: String,
    pub(crate) points: Vec<(f64, f64)>,
    pub(crate) stands_at: (f64, f64),
}

const COLOURS: [&str; 3] = ["#0969da", "#bc4c00", "#1a7f37"];
const LEFT: f64 = 60.0;
const TOP: f64 = 20.0;
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 320.0;
/// What lies to the right and below is of no use to anybody.
const FALSE_ALARMS_TO: f64 = 0.3;
const FOUND_FROM: f64 = 0.7;

fn place((wrong, found): (f64, f64)) -> (f64, f64) {
    let x = LEFT + (wrong / FALSE_ALARMS_TO).clamp(0.0, 1.0) * WIDTH;
    let y = TOP + ((1.0 - found) / (1.0 - FOUND_FROM)).clamp(0.0, 1.0) * HEIGHT;
    (x, y)
}

pub(crate) fn roc(curves: &[Curve]) -> Result<String, std::fmt::Error> {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 400\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"500\" height=\"400\" fill=\"white\"/>\n",
    );
    axes(&mut svg)?;
    for (nth, (curve, colour)) in curves.iter().zip(COLOURS).enumerate() {
        let inside = curve.points.iter().filter(|point| point.0 <= FALSE_ALARMS_TO);
        let points: Vec<String> =
            inside.map(|point| place(*point)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        )?;
        let (x, y) = place(curve.stands_at);
        writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>")?;
        let row = TOP + HEIGHT - 20.0 * f64::from(u8::try_from(nth).unwrap_or(0)) - 14.0;
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{row}\" fill=\"{colour}\" text-anchor=\"end\">{}</text>",
            LEFT + WIDTH - 8.0,
            curve.label
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn axes(svg: &mut String) -> std::fmt::Result {
    for step in 0..=6 {
        let part = f64::from(step) / 6.0;
        let (x, y) = (LEFT + part * WIDTH, TOP + (1.0 - part) * HEIGHT);
        writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{}M{LEFT} {y:.1}H{}\" stroke=\"#d0d7de\"/>",
            TOP + HEIGHT,
            LEFT + WIDTH
        )?;
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{:.0}%</text>",
            TOP + HEIGHT + 18.0,
            part * FALSE_ALARMS_TO * 100.0
        )?;
        let found = FOUND_FROM + part * (1.0 - FOUND_FROM);
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}%</text>",
            LEFT - 6.0,
            y + 4.0,
            found * 100.0
        )?;
    }
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">everyday activities taken for falls</text>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 38.0
    )?;
    writeln!(
        svg,
        "<text transform=\"translate(16 {}) rotate(-90)\" text-anchor=\"middle\">falls found</text>",
        TOP + HEIGHT / 2.0
    )
}
