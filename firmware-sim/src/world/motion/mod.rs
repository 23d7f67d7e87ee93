//! What an accelerometer on an old person would see in the ten seconds round an impact.
//!
//! The window is put together from what happens to the body: walking or standing, losing balance, the impact with its
//! rebound, lying, sitting or walking on. Gravity turns with the body, which is what tells a fall from most of what
//! looks like one. The sensor averages over its sampling time, so that a slow one sees a lower peak. Synthetic: it
//! exercises a detector, it does not measure one.

mod course;

use course::{Course, Vector, unit};
use rand::{RngExt, rngs::StdRng};
use std::f64::consts::TAU;

/// The window, and where in it the impact lies.
const SECONDS: u32 = 10;
const IMPACT_AT_S: f64 = 5.0;
/// The body is computed this often, whatever the sensor's rate.
const FINE_HZ: f64 = 800.0;
/// What the sensor can show, in thousandths of g.
const RANGE_MG: f64 = 8_000.0;
const NOISE_MG: f64 = 9.0;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// A fall forward while walking, then lying still.
    FallForward,
    /// A fall backward while standing.
    FallBackward,
    /// A fall to the side, as most hips are broken.
    FallSideways,
    /// Sliding down from a chair: a fall with a weak impact.
    SlideDown,
    /// Sitting down hard: an impact, and no fall.
    SitDownHard,
    /// Stumbling and going on.
    Stumble,
    /// Lying down on purpose.
    LieDown,
    /// The handset alone fell, and lies still.
    Dropped,
}

impl Window {
    /// The largest acceleration in it, in thousandths of g.
    pub fn peak_mg(&self) -> f64 {
        let squares = self.xyz.iter().map(|row| row.iter().map(|axis| f64::from(*axis).powi(2)).sum::<f64>());
        squares.fold(0.0, f64::max).sqrt()
    }
}

/// One of several, all equally likely.
fn one_of(choices: &[Motion], rng: &mut StdRng) -> Motion {
    choices.get(rng.random_range(0..choices.len().max(1))).copied().unwrap_or(Motion::FallForward)
}

impl Motion {
    /// Some fall.
    pub fn fall_by_chance(rng: &mut StdRng) -> Self {
        one_of(&[Self::FallForward, Self::FallBackward, Self::FallSideways, Self::SlideDown], rng)
    }

    /// Something that is no fall and may look like one.
    pub fn near_fall_by_chance(rng: &mut StdRng) -> Self {
        one_of(&[Self::SitDownHard, Self::SitDownHard, Self::Stumble, Self::LieDown, Self::Dropped], rng)
    }

    /// Whether a person fell.
    pub fn is_fall(self) -> bool {
        match self {
            Self::FallForward | Self::FallBackward | Self::FallSideways | Self::SlideDown => true,
            Self::SitDownHard | Self::Stumble | Self::LieDown | Self::Dropped => false,
        }
    }
}

/// Where the handset is worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Worn {
    /// On the belt or round the neck.
    #[default]
    Waist,
    /// In a trouser pocket.
    Pocket,
    /// On the wrist.
    Wrist,
}

/// Accelerations with gravity, evenly spaced, in thousandths of g.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Samples a second.
    pub hz: u32,
    /// One row a sample.
    pub xyz: Vec<[i32; 3]>,
}

impl Motion {
    /// A window of this motion; another generator gives another person and another time.
    pub fn window(self, worn: Worn, hz: u32, rng: &mut StdRng) -> Window {
        let course = self.course(worn, rng);
        let samples = SECONDS * hz;
        let fine_a_sample = (FINE_HZ / f64::from(hz)).max(1.0);
        let xyz = (0..samples)
            .map(|sample| {
                let from_s = f64::from(sample) / f64::from(hz);
                course.seen(from_s, fine_a_sample, rng)
            })
            .collect();
        Window { hz, xyz }
    }

    fn course(self, worn: Worn, rng: &mut StdRng) -> Course {
        let mut between = |least: f64, most: f64| rng.random_range(least..most);
        let before = worn.upright(&mut between);
        let axis = worn.axis(self, &mut between);
        // Turn in degrees, turning time, dip, dip time, impact in mg, impact time, restlessness.
        let (turned_deg, turning_s, dip, dip_s, impact_mg, impact_s, restless_mg) = match self {
            Self::FallForward | Self::FallSideways => (
                between(70.0, 100.0),
                between(0.5, 0.9),
                between(0.35, 0.7),
                between(0.25, 0.45),
                between(2_400.0, 5_200.0),
                between(0.04, 0.08),
                between(3.0, 12.0),
            ),
            Self::FallBackward => (
                between(60.0, 90.0),
                between(0.5, 0.8),
                between(0.4, 0.75),
                between(0.25, 0.4),
                between(2_600.0, 5_600.0),
                between(0.04, 0.08),
                between(3.0, 12.0),
            ),
            Self::SlideDown => (
                between(45.0, 75.0),
                between(0.9, 1.6),
                between(0.1, 0.3),
                between(0.3, 0.6),
                between(900.0, 1_900.0),
                between(0.06, 0.12),
                between(4.0, 15.0),
            ),
            Self::SitDownHard => (
                worn.turn_of_sitting_deg(&mut between),
                between(0.6, 1.0),
                between(0.15, 0.35),
                between(0.2, 0.4),
                between(1_300.0, 2_600.0),
                between(0.05, 0.09),
                between(25.0, 60.0),
            ),
            Self::Stumble => (
                between(5.0, 15.0),
                between(0.3, 0.5),
                between(0.1, 0.4),
                between(0.1, 0.25),
                between(900.0, 1_900.0),
                between(0.05, 0.1),
                between(20.0, 50.0),
            ),
            Self::LieDown => (
                between(70.0, 95.0),
                between(2.2, 3.5),
                0.0,
                0.2,
                between(80.0, 250.0),
                between(0.1, 0.2),
                between(6.0, 20.0),
            ),
            Self::Dropped => (
                between(60.0, 170.0),
                between(0.35, 0.45),
                between(0.93, 1.0),
                between(0.35, 0.45),
                between(5_000.0, 9_000.0),
                between(0.006, 0.014),
                0.0,
            ),
        };
        let walks = matches!(self, Self::FallForward | Self::FallSideways | Self::Stumble);
        Course {
            walks_before: walks,
            walks_after: self == Self::Stumble,
            before,
            axis,
            turned_rad: turned_deg.to_radians(),
            turning_s,
            dip,
            dip_s,
            impact_mg,
            impact_s,
            rebound_mg: impact_mg * between(0.25, 0.5),
            rebound_after_s: between(0.15, 0.35),
            restless_mg,
            steps_hz: between(1.4, 1.9),
            step_mg: worn.step_mg() * between(0.7, 1.2),
            phase: between(0.0, TAU),
        }
    }
}

impl Worn {
    /// What gravity looks like on an upright person, in g.
    fn upright(self, between: &mut impl FnMut(f64, f64) -> f64) -> Vector {
        let (side, front) = (between(-0.14, 0.14), between(-0.14, 0.14));
        unit(match self {
            Self::Waist => [side, 1.0, front],
            Self::Pocket => [side, -1.0, front * 2.0],
            Self::Wrist => [1.0, side * 2.5, front * 2.5],
        })
    }

    /// Round which axis the handset turns with the body.
    fn axis(self, motion: Motion, between: &mut impl FnMut(f64, f64) -> f64) -> Vector {
        let tilt = between(-0.3, 0.3);
        match (self, motion) {
            (Self::Wrist, _) => unit([tilt, between(-1.0, 1.0), 0.6]),
            (_, Motion::FallSideways) => unit([tilt, 0.0, 1.0]),
            (_, Motion::FallBackward | Motion::SitDownHard | Motion::SlideDown) => unit([-1.0, 0.0, tilt]),
            _ => unit([1.0, 0.0, tilt]),
        }
    }

    /// The trunk hardly turns when somebody sits down; the thigh does.
    fn turn_of_sitting_deg(self, between: &mut impl FnMut(f64, f64) -> f64) -> f64 {
        match self {
            Self::Waist => between(8.0, 25.0),
            Self::Pocket => between(65.0, 90.0),
            Self::Wrist => between(20.0, 70.0),
        }
    }

    /// How far a step shows.
    fn step_mg(self) -> f64 {
        match self {
            Self::Waist => 160.0,
            Self::Pocket => 230.0,
            Self::Wrist => 130.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::course::{add, dot};
    use super::*;
    use crate::seed;

    const WORN: [Worn; 3] = [Worn::Waist, Worn::Pocket, Worn::Wrist];
    const FALLS: [Motion; 3] = [Motion::FallForward, Motion::FallBackward, Motion::FallSideways];
    const OTHERS: [Motion; 4] = [Motion::SitDownHard, Motion::Stumble, Motion::LieDown, Motion::Dropped];

    fn window(motion: Motion, worn: Worn, hz: u32, number: u64) -> Window {
        motion.window(worn, hz, &mut seed::generator(number, "test", "h"))
    }

    fn part(window: &Window, from_s: f64, to_s: f64) -> Vec<Vector> {
        let place = |seconds: f64| index(seconds * f64::from(window.hz));
        window.xyz[place(from_s)..place(to_s)].iter().map(|row| row.map(f64::from)).collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a window of a thousand rows"
    )]
    fn index(number: f64) -> usize {
        number.round() as usize
    }

    fn mean(rows: &[Vector]) -> Vector {
        let count = f64::from(u32::try_from(rows.len()).unwrap());
        rows.iter().fold([0.0; 3], |sum, row| add(sum, *row, 1.0 / count))
    }

    fn norms(rows: &[Vector]) -> Vec<f64> {
        rows.iter().map(|row| dot(*row, *row).sqrt()).collect()
    }

    fn peak_g(window: &Window) -> f64 {
        norms(&part(window, 4.0, 6.5)).into_iter().fold(0.0, f64::max) / 1_000.0
    }

    fn spread_g(rows: &[Vector]) -> f64 {
        let norms = norms(rows);
        let count = f64::from(u32::try_from(norms.len()).unwrap());
        let mean = norms.iter().sum::<f64>() / count;
        (norms.iter().map(|norm| (norm - mean).powi(2)).sum::<f64>() / count).sqrt() / 1_000.0
    }

    fn turned_deg(window: &Window) -> f64 {
        let (before, after) = (mean(&part(window, 0.0, 3.0)), mean(&part(window, 7.0, 9.9)));
        dot(unit(before), unit(after)).clamp(-1.0, 1.0).acos().to_degrees()
    }

    #[test]
    fn a_window_is_ten_seconds_and_begins_at_one_g() {
        for hz in [25, 50, 100] {
            for worn in WORN {
                for motion in FALLS.into_iter().chain(OTHERS) {
                    let window = window(motion, worn, hz, 1);
                    assert_eq!(window.xyz.len(), usize::try_from(hz * 10).unwrap());
                    let rest = norms(&part(&window, 0.0, 3.0));
                    let mean_g = rest.iter().sum::<f64>() / f64::from(hz * 3) / 1_000.0;
                    assert!((0.94..1.06).contains(&mean_g), "{motion:?} {worn:?} {mean_g}");
                }
            }
        }
    }

    #[test]
    fn a_fall_has_a_dip_a_peak_a_turn_and_then_stillness() {
        for number in 0..60 {
            for worn in WORN {
                for motion in FALLS {
                    let window = window(motion, worn, 50, number);
                    let said = format!("seed {number} {motion:?} {worn:?}");
                    assert!((2.2..9.0).contains(&peak_g(&window)), "{said} {}", peak_g(&window));
                    let lowest = norms(&part(&window, 4.3, 5.0)).into_iter().fold(f64::MAX, f64::min);
                    assert!(lowest < 850.0, "{said} {lowest}");
                    assert!(spread_g(&part(&window, 6.0, 8.0)) < 0.05, "{said}");
                    let least_deg = if worn == Worn::Wrist { 20.0 } else { 45.0 };
                    assert!(turned_deg(&window) > least_deg, "{said} {}", turned_deg(&window));
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_fall_lacks_something_of_it() {
        for number in 0..60 {
            let sit = window(Motion::SitDownHard, Worn::Waist, 50, number);
            assert!(peak_g(&sit) > 1.8 && turned_deg(&sit) < 35.0, "seed {number}");
            let stumble = window(Motion::Stumble, Worn::Waist, 50, number);
            assert!(
                turned_deg(&stumble) < 25.0 && spread_g(&part(&stumble, 6.5, 8.5)) > 0.05,
                "seed {number}"
            );
            let lie = window(Motion::LieDown, Worn::Waist, 50, number);
            assert!(peak_g(&lie) < 1.6 && turned_deg(&lie) > 45.0, "seed {number}");
            let dropped = window(Motion::Dropped, Worn::Waist, 100, number);
            let lowest = norms(&part(&dropped, 4.4, 5.0)).into_iter().fold(f64::MAX, f64::min);
            assert!(lowest < 250.0 && spread_g(&part(&dropped, 7.0, 9.0)) < 0.02, "seed {number} {lowest}");
        }
    }

    #[test]
    fn a_slow_sensor_sees_a_lower_peak_and_a_seed_is_a_window() {
        let mean = |hz| {
            (0..40).map(|number| peak_g(&window(Motion::FallForward, Worn::Waist, hz, number))).sum::<f64>()
        };
        assert!(mean(25) < mean(100) * 0.95);
        let of = |number| window(Motion::FallSideways, Worn::Pocket, 50, number);
        assert_eq!(of(5), of(5));
        assert_ne!(of(5), of(6));
    }
}
