//! The same recording as other handsets would have sent it.
//!
//! People fall once; their handsets differ. What the detector learns from has another rate, a narrower range, a turned
//! sensor, a little noise, and a window that does not sit quite right.

use crate::{chance::Chance, data::HZ};
use geofence::falls::{
    Unusable, Window,
    training::{self, Measures},
};

/// What is done to a recording.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) hz: f64,
    pub(crate) clip_g: Option<f64>,
    pub(crate) gain: f64,
    pub(crate) noise_g: f64,
    /// Seconds round the hardest moment and by how many the window is off; all of the recording if none.
    pub(crate) cut: Option<(f64, f64)>,
    pub(crate) is_turned: bool,
}

impl Change {
    /// Ten seconds round the impact, as a report brings them.
    pub(crate) const PLAIN: Self =
        Self { hz: HZ, clip_g: None, gain: 1.0, noise_g: 0.0, cut: Some((10.0, 0.0)), is_turned: false };

    /// Another handset, by chance.
    pub(crate) fn any(chance: &mut Chance) -> Self {
        let rates = [25.0, 31.25, 50.0, 100.0, 200.0];
        let ranges = [None, None, None, Some(8.0), Some(4.0), Some(4.0), Some(2.0), Some(2.0)];
        Self {
            hz: rates[chance.below(rates.len())],
            clip_g: ranges[chance.below(ranges.len())],
            gain: chance.within(0.96, 1.04),
            noise_g: chance.within(0.0, 0.02),
            cut: Some((chance.within(8.0, 12.0), chance.within(-1.5, 1.5))),
            is_turned: true,
        }
    }
}

/// The measures of each possible impact of a changed recording.
pub(crate) fn measured(
    rows: &[[f64; 3]],
    as_seen: Change,
    chance: &mut Chance,
) -> Result<Vec<Measures>, Unusable> {
    let rows = cut(rows, as_seen.cut);
    let turn = if as_seen.is_turned {
        any_turn(chance)
    } else {
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    };
    let phase = chance.unit();
    let seen: Vec<[f64; 3]> = at_rate(rows, as_seen.hz, phase)
        .into_iter()
        .map(|row| {
            let turned = turn.map(|axis| axis.iter().zip(row).map(|(a, b)| a * b).sum::<f64>());
            turned.map(|value| {
                let value = value * as_seen.gain + as_seen.noise_g * chance.normal();
                as_seen.clip_g.map_or(value, |range| value.clamp(-range, range))
            })
        })
        .collect();
    training::candidates(&Window { hz: as_seen.hz, unit: "g", xyz: &seen })
}

fn size(row: [f64; 3]) -> f64 {
    row.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places within a recording")]
fn place(seconds: f64) -> usize {
    (seconds * HZ).max(0.0) as usize
}

fn cut(rows: &[[f64; 3]], span: Option<(f64, f64)>) -> &[[f64; 3]] {
    let Some((length_s, off_s)) = span else { return rows };
    let hardest = (0..rows.len()).max_by(|a, b| size(rows[*a]).total_cmp(&size(rows[*b]))).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "places within a recording")]
    let middle_s = hardest as f64 / HZ + off_s;
    let from = place(middle_s - length_s / 2.0).min(rows.len());
    let to = place(middle_s + length_s / 2.0).min(rows.len()).max(from);
    &rows[from..to]
}

/// Samples between the samples by a straight line.
fn at_rate(rows: &[[f64; 3]], hz: f64, phase: f64) -> Vec<[f64; 3]> {
    if (hz - HZ).abs() < 1e-9 {
        return rows.to_vec();
    }
    let step = HZ / hz;
    let mut at = phase * step;
    let mut seen = Vec::new();
    loop {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "places within a recording"
        )]
        let index = at.floor() as usize;
        let (Some(low), Some(high)) = (rows.get(index), rows.get(index + 1)) else { return seen };
        let part = at - at.floor();
        seen.push([0, 1, 2].map(|axis| low[axis] * (1.0 - part) + high[axis] * part));
        at += step;
    }
}

/// Any way a handset can lie (a unit quaternion by rejection).
fn any_turn(chance: &mut Chance) -> [[f64; 3]; 3] {
    loop {
        let [real, i, j, k] = [0; 4].map(|_| chance.within(-1.0, 1.0));
        let squares = real * real + i * i + j * j + k * k;
        if (0.05..=1.0).contains(&squares) {
            let twice = 2.0 / squares;
            return [
                [1.0 - twice * (j * j + k * k), twice * (i * j - real * k), twice * (i * k + real * j)],
                [twice * (i * j + real * k), 1.0 - twice * (i * i + k * k), twice * (j * k - real * i)],
                [twice * (i * k - real * j), twice * (j * k + real * i), 1.0 - twice * (i * i + j * j)],
            ];
        }
    }
}
