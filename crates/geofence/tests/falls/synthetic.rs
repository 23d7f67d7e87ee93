//! Bodies that move by formula: nobody's recordings are in the repository.

/// One g in the unit of the windows.
pub(crate) const MILLI_G: f64 = 1000.0;
const SECONDS: f64 = 10.0;
/// Far above what any handset samples at.
const FINE_HZ: f64 = 1000.0;

/// Accelerations over ten seconds as a body has them, in g, before any sensor.
pub(crate) struct Body {
    at: Box<dyn Fn(f64) -> [f64; 3]>,
}

/// A bump of this height and half width in seconds.
fn bump(t: f64, at: f64, half_s: f64) -> f64 {
    let part = ((t - at) / half_s).abs();
    if part < 1.0 { 0.5 * (1.0 + (part * std::f64::consts::PI).cos()) } else { 0.0 }
}

/// From 0 to 1 within a span.
fn ramp(t: f64, from: f64, to: f64) -> f64 {
    let part = ((t - from) / (to - from)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// A body never rests altogether: breath and the noise of the sensor.
fn breath(t: f64) -> f64 {
    0.006 * (1.7 * t).sin() + 0.003 * (31.0 * t).sin() + 0.002 * (87.0 * t).cos()
}

/// Gravity as seen by a body that leans by this angle.
fn lean(deg: f64) -> [f64; 3] {
    let angle = deg.to_radians();
    [angle.sin(), -angle.cos(), 0.05]
}

fn times(vector: [f64; 3], by: f64) -> [f64; 3] {
    vector.map(|value| value * by)
}

impl Body {
    fn new(at: impl Fn(f64) -> [f64; 3] + 'static) -> Self {
        Self { at: Box::new(at) }
    }

    /// Walks, trips, is light for a moment, hits the ground at 5 s and lies still.
    pub(crate) fn falls() -> Self {
        Self::new(|t| {
            let steps = 0.25 * (2.0 * std::f64::consts::PI * 1.8 * t).sin() * (1.0 - ramp(t, 4.2, 4.5));
            let light = 1.0 - 0.75 * bump(t, 4.65, 0.3);
            let [x, y, z] = times(lean(85.0 * ramp(t, 4.4, 5.05)), light + steps + breath(t));
            let hit = 4.2 * bump(t, 5.0, 0.07) + 1.2 * bump(t, 5.22, 0.06) + 0.4 * bump(t, 5.5, 0.08);
            [x + hit, y - 0.4 * hit, z + 0.35 * hit]
        })
    }

    pub(crate) fn walks() -> Self {
        Self::new(|t| {
            let phase = 2.0 * std::f64::consts::PI * 1.8 * t;
            let step = 0.28 * phase.sin() + 0.1 * (2.0 * phase).cos() + breath(t);
            let [x, y, z] = times(lean(4.0 * (0.5 * phase).sin()), 1.0 + step);
            [x + 0.06 * (0.5 * phase).cos(), y, z + 0.08 * phase.cos()]
        })
    }

    /// Four jumps, one after the other.
    pub(crate) fn jumps() -> Self {
        Self::new(|t| {
            let round = t % 1.2;
            let is_up = (1.5..7.0).contains(&t);
            let (flight, landing) = if is_up {
                (0.9 * bump(round, 0.35, 0.2), 2.4 * bump(round, 0.62, 0.09))
            } else {
                (0.0, 0.0)
            };
            times(
                lean(3.0 * (2.0 * t).sin()),
                1.0 - flight
                    + landing
                    + breath(t)
                    + if is_up { 0.05 * (23.0 * t).sin() } else { 0.03 * (9.0 * t).sin() },
            )
        })
    }

    /// Drops onto a chair and sits, upright as before.
    pub(crate) fn sits_down_hard() -> Self {
        Self::new(|t| {
            let bend = 20.0 * bump(t, 4.4, 0.9) + 6.0 * ramp(t, 4.5, 5.5);
            let force = 1.0 - 0.35 * bump(t, 4.6, 0.35) + 1.1 * bump(t, 5.0, 0.09);
            let fidget = 0.03 * (5.0 * t).sin() + 0.02 * (13.0 * t).cos();
            let [x, y, z] = times(lean(bend), force + breath(t));
            [x + fidget, y, z + fidget]
        })
    }

    /// Onto a bed, within three seconds.
    pub(crate) fn lies_down() -> Self {
        Self::new(|t| {
            let force = 1.0 - 0.08 * bump(t, 4.5, 1.0) + 0.18 * bump(t, 6.0, 0.2);
            let fidget = 0.04 * (4.0 * t).sin() * (1.0 - 0.6 * ramp(t, 7.0, 8.0));
            let [x, y, z] = times(lean(85.0 * ramp(t, 3.0, 6.2)), force + breath(t));
            [x + fidget, y + fidget, z]
        })
    }

    pub(crate) fn rests() -> Self {
        Self::new(|t| times(lean(10.0), 1.0 + breath(t)))
    }

    /// What a handset with this rate and range sends, in milli-g: each sample is the mean over its period.
    pub(crate) fn seen(&self, hz: f64, range_g: Option<f64>) -> Vec<[f64; 3]> {
        let every = (FINE_HZ / hz).round();
        let mean = |nth: u32| {
            let mut sum = [0.0; 3];
            let mut count = 0.0;
            while count < every {
                let row = (self.at)((f64::from(nth) * every + count) / FINE_HZ);
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                count += 1.0;
            }
            sum.map(|value| {
                let value = value / every;
                (range_g.map_or(value, |range| value.clamp(-range, range)) * MILLI_G).round()
            })
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand samples")]
        let samples = (SECONDS * hz) as u32;
        (0..samples).map(mean).collect()
    }
}
