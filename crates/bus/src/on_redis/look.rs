//! Looking at what others have: their words where some were missed, and the positions somebody here asked for.

use super::{
    Inner,
    beat::Pulse,
    lock,
    others::{Found, Stale},
    standing::Trouble,
    voice::{POSITIONS_AT_ONCE, meanwhile},
    wire::{self, Versions},
};
use crate::{Hint, present::Present};
use model::{HandsetId, Signal, SignalId};
use redis::{FromRedisValue, aio::MultiplexedConnection};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

pub(super) async fn look_up_positions(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    pulse: &mut Pulse,
) -> Result<(), Trouble> {
    for some in bus.asked_for().chunks(POSITIONS_AT_ONCE) {
        meanwhile(bus, connection, pulse).await?;
        let names: Vec<&str> = some.iter().map(HandsetId::as_str).collect();
        let words: Vec<Option<Vec<u8>>> =
            redis::cmd("HMGET").arg(bus.names.positions()).arg(names).query_async(connection).await?;
        for (handset, word) in some.iter().zip(words) {
            let Some(word) = word else { continue };
            match std::str::from_utf8(&word).ok().and_then(wire::read_position) {
                Some(fix) => bus.hear_position(handset, &fix),
                None => bus.standing.misread("a position"),
            }
        }
    }
    Ok(())
}

/// Looks again at what others said of themselves where something was missed.
pub(super) async fn look_at_others(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    pulse: &mut Pulse,
) -> Result<(), Trouble> {
    let stale = lock(&bus.others).take_stale();
    for (process, stale) in stale {
        meanwhile(bus, connection, pulse).await?;
        let found = look_at(bus, connection, &process, stale).await?;
        if lock(&bus.others).found(&process, found) {
            bus.teller.tell(Hint::Unsaved);
        }
    }
    Ok(())
}

async fn look_at(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    process: &str,
    stale: Stale,
) -> Result<Found, Trouble> {
    let mut look = redis::pipe();
    look.atomic().cmd("GET").arg(bus.names.process(process));
    if stale.online {
        look.cmd("SMEMBERS").arg(bus.names.online(process));
    }
    if stale.unsaved {
        look.cmd("HGETALL").arg(bus.names.unsaved(process));
    }
    let mut answers = look.query_async::<Vec<redis::Value>>(connection).await?.into_iter();
    let versions: Option<String> = next(&mut answers)?;
    let online = stale.online.then(|| next::<Vec<String>>(&mut answers)).transpose()?;
    let unsaved = stale.unsaved.then(|| next::<HashMap<String, String>>(&mut answers)).transpose()?;
    let versions = versions.as_deref().and_then(Versions::read);
    Ok(Found {
        versions,
        online: online.map(|names| read_present(bus, &names)),
        unsaved: unsaved.filter(|board| is_whole(versions, board.len())).map(|board| read_board(bus, &board)),
    })
}

/// Whether a board with so many presses is all its process says. If not, what was known of it stands: either it is
/// written anew within a beat, or its process is not among the living and is forgotten in its time.
fn is_whole(versions: Option<Versions>, presses: usize) -> bool {
    versions.map_or(presses > 0, |versions| versions.presses == presses)
}

fn next<T: FromRedisValue>(answers: &mut impl Iterator<Item = redis::Value>) -> Result<T, Trouble> {
    let value = answers.next().unwrap_or(redis::Value::Nil);
    redis::from_redis_value(value).map_err(|error| Trouble::Redis(error.into()))
}

fn read_present(bus: &Inner, names: &[String]) -> HashSet<Present> {
    let mut present = HashSet::with_capacity(names.len());
    for name in names {
        match Present::named(name) {
            Some(who) => {
                present.insert(who);
            }
            None => bus.standing.misread("who is online"),
        }
    }
    present
}

fn read_board(bus: &Inner, board: &HashMap<String, String>) -> BTreeMap<SignalId, Arc<Signal>> {
    let mut signals = BTreeMap::new();
    for (id, json) in board {
        match wire::read_signal(json).filter(|signal| signal.id.as_str() == id) {
            Some(signal) => {
                signals.insert(signal.id.clone(), Arc::new(signal));
            }
            None => bus.standing.misread("an unsaved press"),
        }
    }
    signals
}
