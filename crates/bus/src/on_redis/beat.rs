//! The heartbeat: we live, who else does, and does Redis hold what it should?

use super::{
    Inner, lock,
    standing::Trouble,
    voice::{milliseconds, say_everything},
    wire::{self, Versions},
};
use crate::Hint;
use model::{SignedDuration, Timestamp};
use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

const BEAT: &str = include_str!("beat.lua");

/// The beats of one connection.
#[derive(Debug)]
pub(super) struct Pulse {
    /// When the next one is due.
    pub(super) due: Instant,
    /// Until then nobody is forgotten who is missing: right after we came, they may be about to come back too.
    forget_from: Instant,
}

impl Pulse {
    /// Of a connection that has just come up: the first is due.
    pub(super) fn new(bus: &Inner) -> Self {
        let now = Instant::now();
        Self { due: now, forget_from: now + bus.timing.presence_expires }
    }
}

/// What stood in place of our versions; what is held of us, in numbers; Redis's time; id and versions of each process.
type BeatAnswer = (String, (usize, usize, usize), (i64, i64), Vec<String>);

/// Says that we live, hears who else does, and notices when Redis does not hold of us what it should: it was
/// emptied, or something late from a connection long given up has come through. Whoever is missing right after that may be about to
/// come back too, as after we came back.
pub(super) async fn beat(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    pulse: &mut Pulse,
) -> Result<(), Trouble> {
    let was_due = std::mem::replace(&mut pulse.due, Instant::now() + bus.timing.beat);
    let said = lock(&bus.own).said();
    let asked_at = (bus.now)();
    let answer = redis::cmd("EVAL")
        .arg(BEAT)
        .arg(5)
        .arg(bus.names.processes())
        .arg(bus.names.process(&bus.process))
        .arg(bus.names.online(&bus.process))
        .arg(bus.names.unsaved(&bus.process))
        .arg(bus.names.positions())
        .arg(&bus.process)
        .arg(said.versions.to_string())
        .arg(milliseconds(bus.timing.presence_expires))
        .arg(milliseconds(bus.timing.unsaved_expires))
        .arg(bus.names.process(""))
        .arg(bus.names.unsaved(""))
        .query_async::<BeatAnswer>(connection)
        .await?;
    let is_late = was_due.elapsed() > bus.timing.late_after;
    bus.standing.beat_came(is_late.then(|| late(bus)));
    let (before, held, time, others) = answer;
    compare_clocks(bus, asked_at, time);
    if before != said.versions.to_string() || (held.0, held.1) != (said.online, said.versions.presses) {
        pulse.forget_from = Instant::now() + bus.timing.presence_expires;
        say_everything(bus, connection).await?;
    } else if held.2 == 0 {
        lock(&bus.own).all_moved(bus.positions.handsets());
    }
    let present = read_roll(bus, &others);
    lock(&bus.others).roll_call(&present);
    if Instant::now() >= pulse.forget_from && lock(&bus.others).forget_absent(&present) {
        bus.teller.tell(Hint::Unsaved);
    }
    Ok(())
}

fn late(bus: &Inner) -> String {
    format!("Redis at {} answers later than {:?}", bus.shown, bus.timing.late_after)
}

/// Redis's clock was read somewhere between our question and its answer.
fn compare_clocks(bus: &Inner, asked_at: Timestamp, (seconds, microseconds): (i64, i64)) {
    let answered_at = (bus.now)();
    let half = answered_at.duration_since(asked_at) / 2;
    let whole = seconds.saturating_mul(1_000_000).saturating_add(microseconds);
    let Ok(theirs) = Timestamp::from_microsecond(whole) else {
        return bus.standing.misread("the time of Redis");
    };
    let ours = asked_at.checked_add(half).unwrap_or(asked_at);
    bus.standing.clock_is_off(ours.duration_since(theirs), half.max(SignedDuration::ZERO));
}

/// The other processes of a beat's answer.
fn read_roll(bus: &Inner, answer: &[String]) -> Vec<(String, Option<Versions>)> {
    let mut present = Vec::new();
    for pair in answer.chunks_exact(2) {
        let [id, versions] = pair else { continue };
        let versions = match versions.as_str() {
            "" => None,
            text => Some(Versions::read(text)),
        };
        match versions {
            _ if *id == bus.process => {}
            _ if !wire::is_process(id) => bus.standing.misread("the name of a process"),
            Some(None) => bus.standing.misread("the versions of a process"),
            Some(versions) => present.push((id.clone(), versions)),
            None => present.push((id.clone(), None)),
        }
    }
    present
}
