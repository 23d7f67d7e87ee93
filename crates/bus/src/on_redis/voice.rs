//! The connection that says: hints at once, positions soon and together, and every second that we live.
//!
//! One question after the other, so that what is said last is also what is heard last. Whatever takes many of them lets hints and
//! the beat go between ([`meanwhile`]): at a Redis that takes most of a second each, it would last longer than others wait for a beat.
//!
//! Whatever goes wrong ends the connection. The next one begins by writing everything anew and telling the others
//! that there was a gap, so nothing needs to be remembered of what was on its way.

use super::{
    Inner,
    beat::{Pulse, beat},
    lock,
    look::{look_at_others, look_up_positions},
    own::News,
    standing::{Line, Trouble},
    wire::{self, Said},
};
use crate::present::Present;
use redis::{AsyncConnectionConfig, Pipeline, aio::MultiplexedConnection};
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// Positions sent (or looked up) in one go: a few milliseconds of Redis's time, in which it does nothing else.
pub(super) const POSITIONS_AT_ONCE: usize = 500;
/// Handsets put into the set of those online in one command.
const HANDSETS_AT_ONCE: usize = 1_000;
/// So many who came and went are named to the others; more are cheaper to look at than to hear.
const MOVES_NAMED: usize = 200;

const PUT_POSITIONS: &str = include_str!("put_positions.lua");

pub(super) async fn run(bus: &Inner, stop: &CancellationToken) {
    loop {
        let Some(connected) = stop.run_until_cancelled(connect(bus)).await else { return };
        let trouble = match connected {
            Err(trouble) => trouble,
            Ok(mut connection) => match stop.run_until_cancelled(talk(bus, &mut connection)).await {
                None => return say_good_bye(bus, &mut connection).await,
                Some(Err(trouble)) => trouble,
                Some(Ok(never)) => match never {},
            },
        };
        bus.standing.is_away(Line::Voice, trouble.describe(&bus.shown));
        if stop.run_until_cancelled(sleep(bus.timing.retry_after)).await.is_none() {
            return;
        }
    }
}

async fn connect(bus: &Inner) -> Result<MultiplexedConnection, Trouble> {
    let within = bus.timing.answer_within;
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(within)).set_response_timeout(Some(within));
    let connecting = bus.client.get_multiplexed_async_connection_with_config(&config);
    let Ok(connected) = timeout(within, connecting).await else { return Err(Trouble::Silent(within)) };
    let mut connection = connected?;
    // One that may not speak yet (no password, still loading) is told so here: the driver cannot bear it if the first
    // word of a transaction is refused.
    redis::cmd("PING").exec_async(&mut connection).await?;
    Ok(connection)
}

async fn talk(bus: &Inner, connection: &mut MultiplexedConnection) -> Result<Infallible, Trouble> {
    say_everything(bus, connection).await?;
    let mut pulse = Pulse::new(bus);
    beat(bus, connection, &mut pulse).await?;
    bus.standing.is_there(Line::Voice);
    let mut soon = interval(bus.timing.soon);
    soon.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = bus.news.notified() => say_news(bus, connection).await?,
            () = sleep_until(pulse.due) => beat(bus, connection, &mut pulse).await?,
            _ = soon.tick() => {
                send_positions(bus, connection, &mut pulse).await?;
                look_at_others(bus, connection, &mut pulse).await?;
                look_up_positions(bus, connection, &mut pulse).await?;
            }
        }
    }
}

/// What waits for nothing that takes long: a hint not for a hundred thousand positions, and the beat for nothing at all.
pub(super) async fn meanwhile(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    pulse: &mut Pulse,
) -> Result<(), Trouble> {
    say_news(bus, connection).await?;
    if Instant::now() >= pulse.due {
        beat(bus, connection, pulse).await?;
    }
    Ok(())
}

pub(super) async fn say_everything(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
) -> Result<(), Trouble> {
    lock(&bus.own).all_moved(bus.positions.handsets());
    let whole = lock(&bus.own).take_whole();
    say(bus, connection, whole).await
}

async fn say_news(bus: &Inner, connection: &mut MultiplexedConnection) -> Result<(), Trouble> {
    let news = lock(&bus.own).take_news();
    say(bus, connection, news).await
}

async fn say(bus: &Inner, connection: &mut MultiplexedConnection, news: Option<News>) -> Result<(), Trouble> {
    let Some(news) = news else { return Ok(()) };
    Ok(words(bus, &news).exec_async(connection).await?)
}

/// The news as one transaction: nobody hears of a change that is not there yet.
fn words(bus: &Inner, news: &News) -> Pipeline {
    let mut words = redis::pipe();
    words.atomic();
    put_presence(bus, news, &mut words);
    put_unsaved(bus, news, &mut words);
    let mut tell = |said: Said, channel: String| {
        words.cmd("PUBLISH").arg(channel).arg(said.message(&bus.process)).ignore();
    };
    if news.presence_moved() {
        let is_short = !news.whole && news.came.len() + news.went.len() <= MOVES_NAMED;
        let moved = is_short.then(|| (news.came.clone(), news.went.clone()));
        tell(Said::Presence { version: news.versions.online, moved }, bus.names.everybody());
    }
    if news.lost {
        tell(Said::Gap, bus.names.everybody());
    }
    for (_, id) in &news.saved_elsewhere {
        tell(Said::Saved(id.clone()), bus.names.everybody());
    }
    for hint in &news.hints {
        let partition = hint.subject().map(crate::partition);
        let channel = partition.map_or_else(|| bus.names.everybody(), |number| bus.names.partition(number));
        tell(Said::Hint(hint.clone()), channel);
    }
    words
}

fn put_presence(bus: &Inner, news: &News, words: &mut Pipeline) {
    let online = bus.names.online(&bus.process);
    if news.whole {
        words.cmd("DEL").arg(&online).ignore();
        words.cmd("SADD").arg(bus.names.processes()).arg(&bus.process).ignore();
    }
    for (command, moved) in [("SADD", &news.came), ("SREM", &news.went)] {
        for some in moved.chunks(HANDSETS_AT_ONCE) {
            let names: Vec<String> = some.iter().map(Present::name).collect();
            words.cmd(command).arg(&online).arg(names).ignore();
        }
    }
    if news.presence_moved() || news.unsaved_moved() {
        let lives = bus.names.process(&bus.process);
        let expires = milliseconds(bus.timing.presence_expires);
        words.cmd("SET").arg(lives).arg(news.versions.to_string()).arg("PX").arg(expires).ignore();
        words.cmd("PEXPIRE").arg(online).arg(expires).ignore();
    }
}

fn put_unsaved(bus: &Inner, news: &News, words: &mut Pipeline) {
    let unsaved = bus.names.unsaved(&bus.process);
    if news.whole {
        words.cmd("DEL").arg(&unsaved).ignore();
    }
    for signal in &news.shown {
        match serde_json::to_string(&**signal) {
            Ok(json) => {
                words.cmd("HSET").arg(&unsaved).arg(signal.id.as_str()).arg(json).ignore();
            }
            Err(error) => tracing::error!(event = "unsaved_not_shared", signal = %signal.id, %error),
        }
    }
    for id in &news.saved {
        words.cmd("HDEL").arg(&unsaved).arg(id.as_str()).ignore();
    }
    for (process, id) in &news.saved_elsewhere {
        words.cmd("HDEL").arg(bus.names.unsaved(process)).arg(id.as_str()).ignore();
    }
    if news.unsaved_moved() {
        words.cmd("PEXPIRE").arg(unsaved).arg(milliseconds(bus.timing.unsaved_expires)).ignore();
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

async fn send_positions(
    bus: &Inner,
    connection: &mut MultiplexedConnection,
    pulse: &mut Pulse,
) -> Result<(), Trouble> {
    let moved = lock(&bus.own).take_moved();
    for some in moved.chunks(POSITIONS_AT_ONCE) {
        meanwhile(bus, connection, pulse).await?;
        let mut put = redis::cmd("EVAL");
        put.arg(PUT_POSITIONS).arg(1).arg(bus.names.positions()).arg(wire::time_digits(bus.latest_time()));
        for handset in some {
            let word = bus.positions.get(handset).as_ref().and_then(wire::position_word);
            if let Some(word) = word {
                put.arg(handset.as_str()).arg(word);
            }
        }
        put.exec_async(connection).await?;
        metrics::counter!("jujiale_bus_positions_total")
            .increment(u64::try_from(some.len()).unwrap_or_default());
    }
    Ok(())
}

/// Our handsets are offline now, not in ten seconds. Presses that are not on disk stay for others to see until
/// they expire: their handsets will repeat them.
async fn say_good_bye(bus: &Inner, connection: &mut MultiplexedConnection) {
    let mut words = redis::pipe();
    words.atomic();
    words.cmd("DEL").arg(bus.names.process(&bus.process)).arg(bus.names.online(&bus.process)).ignore();
    let gone = Said::Presence { version: lock(&bus.own).said().versions.online + 1, moved: None };
    words.cmd("PUBLISH").arg(bus.names.everybody()).arg(gone.message(&bus.process)).ignore();
    let said = async {
        say_news(bus, connection).await?;
        words.exec_async(connection).await.map_err(Trouble::Redis)
    };
    if !matches!(timeout(bus.timing.answer_within, said).await, Ok(Ok(()))) {
        // What expires says it too.
        tracing::warn!(event = "bus_left_unsaid");
    }
}
