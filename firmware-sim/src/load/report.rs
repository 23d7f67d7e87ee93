//! How a run ended, for people as a table and for programs as JSON.

use super::LoadConfig;
use super::book::{Book, Owed, Waits};
use super::schedule::float;
use model::Timestamp;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// As many seconds as the book keeps.
const SECONDS_AT_MOST: usize = 86_400;

/// Everything about one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What was asked for.
    pub config: ConfigReport,
    /// When it began.
    pub started_at: Timestamp,
    /// How long the load ran and was waited for, connecting not counted.
    pub seconds: f64,
    /// Whether everything that was due has arrived.
    pub complete: bool,
    /// The sessions.
    pub connections: Connections,
    /// The positions.
    pub fixes: Fixes,
    /// The buttons.
    pub presses: Presses,
    /// How fast positions were acknowledged, against what was asked for.
    pub fixes_a_second: Rate,
    /// What the outage took to get over, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_after_s: Option<Recovery>,
    /// What the generator itself cost and how punctual it was.
    pub generator: Generator,
}

/// What was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct ConfigReport {
    pub mqtt: String,
    pub mqtt_version: u8,
    pub handsets: usize,
    pub prefix: String,
    pub seed: u64,
    pub fixes_a_second: f64,
    pub fixes_a_message: u16,
    pub presses_a_second: f64,
    pub seconds: Option<f64>,
    pub drain_s: f64,
    pub window: usize,
    pub tick_us: u64,
    pub outage_s: Option<f64>,
    pub late_presses: Option<u64>,
    /// How many handsets the seed drew for them.
    pub late_pressers: Option<usize>,
}

/// The sessions.
#[derive(Debug, Clone, Serialize)]
pub struct Connections {
    pub log_ins: u64,
    pub up_at_the_end: usize,
    pub lost: u64,
    pub log_in_ms: Spread,
}

/// The positions; `messages` are publishes with one or more of them.
#[derive(Debug, Clone, Serialize)]
pub struct Fixes {
    pub due: u64,
    pub sent: u64,
    pub acknowledged: u64,
    pub missing: u64,
    pub messages_due: u64,
    pub messages_sent: u64,
    /// Sent once more after a lost connection; the platform knows them by their numbers.
    pub messages_sent_again: u64,
    pub messages_acknowledged: u64,
    pub messages_refused: u64,
    /// From the intended time to the PUBACK.
    pub puback_ms: Spread,
    /// For what was kept during an outage, from the return.
    pub late_puback_ms: Spread,
    /// How old what had no PUBACK was at the end; it is in neither of the two above.
    pub owed_ms: Spread,
}

/// The buttons.
#[derive(Debug, Clone, Serialize)]
pub struct Presses {
    pub made: u64,
    pub sends: u64,
    /// Sends of what had been sent: the receipt had not come in time.
    pub repeats: u64,
    pub sent: u64,
    pub acknowledged: u64,
    pub receipted: u64,
    pub missing: u64,
    /// Receipts of what had its receipt: answers to repeats.
    pub receipts_again: u64,
    /// Receipts and acknowledgements of nothing this run sent.
    pub strangers: u64,
    /// Messages about incidents that came down.
    pub stages_heard: u64,
    /// From the intended time to the first PUBACK.
    pub puback_ms: Spread,
    /// From the intended time to the receipt.
    pub receipt_ms: Spread,
    /// For what was pressed during an outage, from the return.
    pub late_receipt_ms: Spread,
    /// How old what had no receipt was at the end; it is in neither of the two above.
    pub owed_ms: Spread,
}

/// How fast positions were acknowledged.
#[derive(Debug, Clone, Serialize)]
pub struct Rate {
    pub asked: f64,
    pub mean: f64,
    pub median: u64,
    pub min: u64,
    /// One figure for each whole second of the load.
    pub by_second: Vec<u64>,
}

/// After an outage, in seconds since the return.
#[derive(Debug, Clone, Serialize)]
pub struct Recovery {
    pub last_press_receipt: Option<f64>,
    pub every_newest_position: Option<f64>,
    pub everything: Option<f64>,
}

/// The generator itself.
#[derive(Debug, Clone, Serialize)]
pub struct Generator {
    pub cpu_s: f64,
    pub cpu_us_a_message: f64,
    /// How late it was with its own messages; part of every latency above.
    pub behind_ms: Spread,
}

/// A distribution in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub count: u64,
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    #[serde(rename = "p99.9")]
    pub p999: f64,
    pub max: f64,
}

impl Spread {
    fn of(waits: &Waits) -> Self {
        Self {
            count: waits.count(),
            mean: waits.mean_ms(),
            p50: waits.within_ms(0.5),
            p90: waits.within_ms(0.9),
            p99: waits.within_ms(0.99),
            p999: waits.within_ms(0.999),
            max: waits.max_ms(),
        }
    }
}

impl Report {
    pub(super) fn new(config: &LoadConfig, book: &Book, started_at: Timestamp, ran: Ran) -> Self {
        let messages = book.fix_messages_sent + book.fix_messages_sent_again + book.press_sends;
        let cpu_s = ran.cpu.as_secs_f64();
        Self {
            config: ConfigReport::of(config),
            started_at,
            seconds: ran.load.as_secs_f64(),
            complete: book.complete() && ran.all_up,
            connections: Connections {
                log_ins: book.log_ins,
                up_at_the_end: book.up,
                lost: book.lost,
                log_in_ms: Spread::of(&book.log_in_waits),
            },
            fixes: Fixes::of(book),
            presses: Presses::of(book),
            fixes_a_second: Rate::of(config, book, ran.load),
            recovered_after_s: config.outage.as_ref().map(|_| Recovery::of(book)),
            generator: Generator {
                cpu_s,
                cpu_us_a_message: if messages > 0 { cpu_s * 1e6 / float(messages) } else { 0.0 },
                behind_ms: Spread::of(&book.behind),
            },
        }
    }
}

/// What was measured from outside the book.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ran {
    pub(super) load: Duration,
    pub(super) cpu: Duration,
    pub(super) all_up: bool,
}

impl ConfigReport {
    fn of(config: &LoadConfig) -> Self {
        Self {
            mqtt: config.mqtt.clone(),
            mqtt_version: config.version.number(),
            handsets: config.handsets,
            prefix: config.prefix.clone(),
            seed: config.seed,
            fixes_a_second: config.fixes_a_second,
            fixes_a_message: config.batch,
            presses_a_second: config.presses_a_second,
            seconds: config.lasting.map(|lasting| lasting.as_secs_f64()),
            drain_s: config.drain.as_secs_f64(),
            window: config.window,
            tick_us: u64::try_from(config.tick.as_micros()).unwrap_or(u64::MAX),
            outage_s: config.outage.as_ref().map(|outage| outage.lasting.as_secs_f64()),
            late_presses: config.outage.as_ref().map(|outage| outage.presses),
            late_pressers: config.outage.as_ref().map(|outage| outage.pressers(config.seed, config.handsets)),
        }
    }
}

impl Fixes {
    fn of(book: &Book) -> Self {
        Self {
            due: book.fixes_due,
            sent: book.fixes_sent,
            acknowledged: book.fixes_acked,
            missing: book.fixes_missing(),
            messages_due: book.fix_messages_due,
            messages_sent: book.fix_messages_sent,
            messages_sent_again: book.fix_messages_sent_again,
            messages_acknowledged: book.fix_messages_acked,
            messages_refused: book.refused,
            puback_ms: Spread::of(&book.fix_waits),
            late_puback_ms: Spread::of(&book.late_fix_waits),
            owed_ms: Spread::of(&book.owed_fixes),
        }
    }
}

impl Presses {
    fn of(book: &Book) -> Self {
        Self {
            made: book.presses_made,
            sends: book.press_sends,
            repeats: book.press_sends.saturating_sub(book.presses_sent),
            sent: book.presses_sent,
            acknowledged: book.presses_acked,
            receipted: book.presses_receipted,
            missing: book.presses_missing(),
            receipts_again: book.receipts_again,
            strangers: book.strangers,
            stages_heard: book.stages,
            puback_ms: Spread::of(&book.press_ack_waits),
            receipt_ms: Spread::of(&book.press_waits),
            late_receipt_ms: Spread::of(&book.late_press_waits),
            owed_ms: Spread::of(&book.owed_presses),
        }
    }
}

impl Rate {
    /// Only whole seconds of the load count, also those in which nothing was acknowledged; what is acknowledged while
    /// draining belongs to none.
    fn of(config: &LoadConfig, book: &Book, ran: Duration) -> Self {
        let mut by_second = book.seconds.clone();
        if config.outage.is_none() {
            let whole = usize::try_from(config.lasting.unwrap_or_default().min(ran).as_secs()).unwrap_or(0);
            by_second.resize(whole.min(SECONDS_AT_MOST), 0);
        }
        let mut sorted = by_second.clone();
        sorted.sort_unstable();
        let total: u64 = by_second.iter().sum();
        let seconds = float(u64::try_from(by_second.len()).unwrap_or(1).max(1));
        Self {
            asked: config.fixes_a_second,
            mean: float(total) / seconds,
            median: sorted.get(sorted.len() / 2).copied().unwrap_or(0),
            min: sorted.first().copied().unwrap_or(0),
            by_second,
        }
    }
}

impl Recovery {
    fn of(book: &Book) -> Self {
        let seconds = |owed: Owed| owed.done_ns().map(|ns| float(ns) / 1e9);
        Self {
            last_press_receipt: seconds(book.presses_owed),
            every_newest_position: seconds(book.newest_owed),
            everything: seconds(book.all_owed),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fixes, presses, fixes_a_second: rate, connections, generator, .. } = self;
        writeln!(
            f,
            "{} handsets, {} log-ins, {} connections lost; {:.1} s",
            self.config.handsets, connections.log_ins, connections.lost, self.seconds
        )?;
        write!(f, "{}", Counts { fixes, presses })?;
        writeln!(
            f,
            "\n{:28}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "milliseconds", "p50", "p90", "p99", "p99.9", "max"
        )?;
        for (name, spread) in [
            ("log-in", &connections.log_in_ms),
            ("fix to PUBACK", &fixes.puback_ms),
            ("press to PUBACK", &presses.puback_ms),
            ("press to receipt", &presses.receipt_ms),
            ("return to kept fix's PUBACK", &fixes.late_puback_ms),
            ("return to late receipt", &presses.late_receipt_ms),
            ("fix owed, age at the end", &fixes.owed_ms),
            ("press owed, age at the end", &presses.owed_ms),
            ("the generator's own delay", &generator.behind_ms),
        ] {
            row(f, name, spread)?;
        }
        if fixes.due > 0 {
            writeln!(
                f,
                "\nfixes a second: asked {:.0}, mean {:.0}, median {}, worst second {}",
                rate.asked, rate.mean, rate.median, rate.min
            )?;
        }
        if let Some(recovery) = &self.recovered_after_s {
            write!(f, "\n{recovery}")?;
        }
        writeln!(
            f,
            "generator: {:.2} s of processor time, {:.1} µs a message",
            generator.cpu_s, generator.cpu_us_a_message
        )?;
        write!(
            f,
            "{}",
            if self.complete {
                "complete: nothing is missing"
            } else {
                "INCOMPLETE: see missing above; what is owed is in no other row"
            }
        )
    }
}

/// What became of what was to be sent. A fix is missing without its acknowledgement, a press without its receipt.
struct Counts<'a> {
    fixes: &'a Fixes,
    presses: &'a Presses,
}

impl fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fixes, presses } = self;
        writeln!(
            f,
            "{:10}{:>12}{:>12}{:>14}{:>12}{:>12}{:>12}",
            "", "due", "sent", "acknowledged", "receipted", "missing", "sent again"
        )?;
        writeln!(
            f,
            "{:10}{:>12}{:>12}{:>14}{:>12}{:>12}{:>12}",
            "fixes", fixes.due, fixes.sent, fixes.acknowledged, "-", fixes.missing, fixes.messages_sent_again
        )?;
        writeln!(
            f,
            "{:10}{:>12}{:>12}{:>14}{:>12}{:>12}{:>12}",
            "presses",
            presses.made,
            presses.sent,
            presses.acknowledged,
            presses.receipted,
            presses.missing,
            presses.repeats
        )
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, spread: &Spread) -> fmt::Result {
    if spread.count == 0 {
        return Ok(());
    }
    let Spread { p50, p90, p99, p999, max, .. } = spread;
    writeln!(f, "{name:28}{p50:>10.2}{p90:>10.2}{p99:>10.2}{p999:>10.2}{max:>10.2}")
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, at) in [
            ("last late press receipted", self.last_press_receipt),
            ("every newest position acknowledged", self.every_newest_position),
            ("everything kept acknowledged", self.everything),
        ] {
            match at {
                Some(at) => writeln!(f, "{name:36} after {at:>8.2} s")?,
                None => writeln!(f, "{name:36} never, or there was none")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_is_acknowledged_receipted_and_missing_each_by_itself() {
        let book = Book {
            fixes_due: 100,
            fixes_sent: 90,
            fixes_acked: 80,
            fix_messages_sent_again: 3,
            presses_made: 10,
            presses_sent: 9,
            press_sends: 11,
            presses_acked: 8,
            presses_receipted: 6,
            ..Book::default()
        };
        let text = Counts { fixes: &Fixes::of(&book), presses: &Presses::of(&book) }.to_string();
        let cells: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            cells,
            [
                vec!["due", "sent", "acknowledged", "receipted", "missing", "sent", "again"],
                vec!["fixes", "100", "90", "80", "-", "20", "3"],
                vec!["presses", "10", "9", "8", "6", "4", "2"],
            ]
        );
    }
}
