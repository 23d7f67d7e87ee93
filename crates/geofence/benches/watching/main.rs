//! What the watch finds and what it tells in vain, on simulated people; drawn into docs/images. With `--train`, learns how
//! wandering is told anew; with `--only wandering` leaves the fences out; with `year` follows a thousand residents for a year instead.
#![expect(clippy::unwrap_used, reason = "the simulated residents are the tests' own")]

#[path = "../detection/boost.rs"]
mod boost;
#[path = "../detection/chance.rs"]
#[expect(dead_code, reason = "the tests' own is used for walks")]
mod chance;
#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../detection/rust.rs"]
mod rust;

mod fences;
mod learn;
mod plot;
mod wandering;
mod year;

use geofence::wandering::{LIMIT, pattern};
use std::io::Write as _;

pub(crate) type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--train") {
        return learn::learn(&mut out);
    }
    if words.iter().any(|word| word == "year") {
        return year::follow_a_year(&mut out);
    }
    wandering::tables(&mut out, &pattern::log_odds, LIMIT)?;
    if !words.iter().any(|word| word == "--only") {
        writeln!(out)?;
        fences::curve(&mut out)?;
    }
    Ok(())
}
