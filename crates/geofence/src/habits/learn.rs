//! Adding a day.

use super::{
    Habits, KEPT_DAYS, MORNINGS, NONE, SQUARE_M, SQUARES, Square, VERSION, square_of, ten_millionths,
};
use crate::fence::belief;
use crate::moment::Moment;
use crate::plane::{Plane, Point};
use model::Fix;
use std::collections::BTreeSet;

/// What is less sure says nothing about a square of 75 m.
const SIGMA_AT_MOST_M: f64 = 40.0;
/// A day with fewer fixes tells too little to be counted.
const FIXES_LEAST: usize = 8;
/// Two fixes belong to one way if no more lies between them.
const GAP_S: f64 = 300.0;
/// Faster, somebody is driven; that ground is not theirs.
const VEHICLE_MPS: f64 = 4.5;
/// So near is at home, besides what the error explains.
const HOME_M: f64 = 60.0;
/// Hours of the night, from midnight, and when the day begins.
const NIGHT_TO: u16 = 5 * 60;

/// A fix as far as it is of use.
#[derive(Debug, Clone, Copy)]
struct Seen {
    point: Point,
    sigma_m: f64,
    at: Moment,
}

/// Adds the fixes of one day on a calendar in Suqian; those of other days are passed over. A day counts once, in order: what is
/// not newer than the newest learned day changes nothing. Says whether the day was learned.
pub fn learn(habits: &mut Habits, fixes: &[Fix]) -> bool {
    if habits.version != VERSION {
        habits.forget();
    }
    let Some(day) = fixes.iter().map(|fix| Moment::from(fix.fix_time).local().day).max() else {
        return false;
    };
    let Some(first) = fixes.first().filter(|_| habits.days == 0 || day > habits.last_day) else {
        return false;
    };
    let origin = habits.origin.unwrap_or_else(|| ten_millionths(first.position.lat(), first.position.lon()));
    let plane = Plane::about(f64::from(origin.0) / 1e7, f64::from(origin.1) / 1e7);
    let seen = of_use(fixes, day, plane);
    if seen.len() < FIXES_LEAST {
        return false;
    }
    if habits.days == 0 {
        habits.first_day = day;
    }
    (habits.origin, habits.last_day) = (Some(origin), day);
    habits.days = habits.days.saturating_add(1);
    let nights: Vec<Seen> = seen.iter().filter(|seen| seen.at.local().minute < NIGHT_TO).copied().collect();
    habits.home = middle(&nights).map(square_of).or(habits.home).or_else(|| middle(&seen).map(square_of));
    habits.learn_ground(&seen, day);
    habits.learn_hours(&seen);
    true
}

fn of_use(fixes: &[Fix], day: i64, plane: Plane) -> Vec<Seen> {
    let mut seen: Vec<Seen> = fixes
        .iter()
        .filter(|fix| belief::decides(fix.method))
        .filter_map(|fix| {
            let sigma_m = belief::sigma_m(fix.method, fix.accuracy_m)?;
            Some(Seen { point: plane.of(fix.position), sigma_m, at: Moment::from(fix.fix_time) })
        })
        .filter(|seen| seen.sigma_m <= SIGMA_AT_MOST_M && seen.at.local().day == day)
        .collect();
    seen.sort_by_key(|seen| seen.at);
    seen
}

/// The median of each axis: a few wild fixes do not move it.
fn middle(seen: &[Seen]) -> Option<Point> {
    let median = |axis: fn(&Seen) -> f64| {
        let mut values: Vec<f64> = seen.iter().map(axis).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Point { x: median(|seen| seen.point.x)?, y: median(|seen| seen.point.y)? })
}

/// The squares of a way; of a ride none.
fn walked(seen: &[Seen]) -> BTreeSet<(i16, i16)> {
    let mut squares = BTreeSet::new();
    let mut was_driven = false;
    for (one, other) in seen.iter().zip(seen.iter().skip(1)) {
        let (metres, seconds) = (one.point.distance_m(other.point), other.at.seconds_since(one.at).max(1.0));
        let slack_m = one.sigma_m + other.sigma_m;
        let is_driven = (metres - slack_m) / seconds >= VEHICLE_MPS;
        if !is_driven && !was_driven {
            squares.insert(square_of(one.point));
        }
        was_driven = is_driven;
        if is_driven || seconds > GAP_S {
            continue;
        }
        let pieces = (metres / (SQUARE_M / 3.0)).ceil().max(1.0);
        let mut piece = 0.0;
        while piece <= pieces {
            let share = piece / pieces;
            squares.insert(square_of(Point {
                x: one.point.x + (other.point.x - one.point.x) * share,
                y: one.point.y + (other.point.y - one.point.y) * share,
            }));
            piece += 1.0;
        }
    }
    squares
}

impl Habits {
    fn learn_ground(&mut self, seen: &[Seen], day: i64) {
        let today = u16::try_from(day.saturating_sub(self.first_day)).unwrap_or(u16::MAX);
        let mut squares = walked(seen);
        for square in &mut self.squares {
            if squares.remove(&square.at) {
                (square.days, square.last) = (square.days.saturating_add(1), today);
            }
        }
        self.squares.extend(squares.into_iter().map(|at| Square { at, days: 1, last: today }));
        self.squares.retain(|square| today.saturating_sub(square.last) <= KEPT_DAYS);
        if self.squares.len() > SQUARES {
            self.squares.sort_by_key(|square| std::cmp::Reverse((square.days, square.last)));
            self.squares.truncate(SQUARES);
        }
        self.squares.sort_by_key(|square| square.at);
        self.squares.shrink_to(SQUARES);
    }

    fn learn_hours(&mut self, seen: &[Seen]) {
        let Some(home) = self.home.map(Square::alone) else { return };
        let (mut told, mut at_home) = ([false; 24], [false; 24]);
        let mut first_out = NONE;
        for one in seen {
            let away_m = super::from_edge_m(home, one.point);
            let (minute, is_home) = (one.at.local().minute, away_m <= HOME_M + 2.0 * one.sigma_m);
            let hour = usize::from(minute / 60);
            told.get_mut(hour).into_iter().for_each(|told| *told = true);
            at_home.get_mut(hour).into_iter().for_each(|at_home| *at_home |= is_home);
            if !is_home && minute >= NIGHT_TO {
                first_out = first_out.min(minute);
            }
        }
        self.mornings.truncate(MORNINGS.saturating_sub(1));
        self.mornings.insert(0, first_out);
        let days = self.seen.iter_mut().zip(&mut self.at_home);
        for ((seen, home), (told, at_home)) in days.zip(told.into_iter().zip(at_home)) {
            // Old days weigh less once there are many.
            if *seen >= 100 {
                (*seen, *home) = (*seen / 2, *home / 2);
            }
            *seen = seen.saturating_add(u8::from(told));
            *home = home.saturating_add(u8::from(told && at_home));
        }
    }
}
