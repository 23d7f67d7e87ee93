//! The connection that hears. When it stands (again), every listener of this process is told that there was a gap:
//! what was said before was not heard.

use super::{
    Inner, lock,
    standing::{Line, Trouble},
    wire::Said,
};
use crate::{Hint, Share};
use futures_util::StreamExt as _;
use redis::{Msg, RedisError, aio::PubSubSink};
use std::{convert::Infallible, future::Future};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

pub(super) async fn run(bus: &Inner, stop: &CancellationToken) {
    loop {
        let Some(Err(trouble)) = stop.run_until_cancelled(listen(bus)).await else { return };
        bus.standing.is_away(Line::Ear, trouble.describe(&bus.shown));
        if stop.run_until_cancelled(sleep(bus.timing.retry_after)).await.is_none() {
            return;
        }
    }
}

async fn listen(bus: &Inner) -> Result<Infallible, Trouble> {
    let (mut sink, mut messages) = soon(bus, bus.client.get_async_pubsub()).await?.split();
    soon(bus, sink.subscribe(bus.names.everybody())).await?;
    let mut heard = Share::NONE;
    subscribe(bus, &mut sink, &mut heard).await?;
    bus.standing.is_there(Line::Ear);
    let mut beats = interval(bus.timing.beat);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = messages.next() => hear(bus, &message.ok_or(Trouble::HungUp)?),
            () = bus.share_grew.notified() => subscribe(bus, &mut sink, &mut heard).await?,
            _ = beats.tick() => drop(soon(bus, sink.ping::<redis::Value>()).await?),
        }
    }
}

/// What Redis answers in time.
async fn soon<T>(bus: &Inner, asked: impl Future<Output = Result<T, RedisError>>) -> Result<T, Trouble> {
    let within = bus.timing.answer_within;
    Ok(timeout(within, asked).await.map_err(|_elapsed| Trouble::Silent(within))??)
}

/// Listens to the partitions that somebody here wants and that are not heard yet.
async fn subscribe(bus: &Inner, sink: &mut PubSubSink, heard: &mut Share) -> Result<(), Trouble> {
    let wanted = *lock(&bus.share);
    let channels: Vec<String> =
        wanted.without(*heard).partitions().map(|number| bus.names.partition(number)).collect();
    if !channels.is_empty() {
        soon(bus, sink.subscribe(channels)).await?;
    }
    *heard = wanted;
    bus.teller.tell_gap();
    Ok(())
}

fn hear(bus: &Inner, message: &Msg) {
    let Some((process, said)) = Said::read(message.get_payload_bytes()) else {
        // It may have been a hint of a version that has more of them.
        bus.standing.misread("a message");
        return bus.teller.tell_gap();
    };
    if process == bus.process {
        return;
    }
    match said {
        Said::Hint(Hint::Unsaved) => lock(&bus.others).unsaved_changed(process),
        Said::Hint(hint) => bus.teller.tell(hint),
        Said::Gap => bus.teller.tell_gap(),
        Said::Presence { version, moved } => lock(&bus.others).moved(process, version, moved),
        Said::Saved(id) => {
            let was_ours = lock(&bus.own).drop_unsaved(&id);
            let boards = lock(&bus.others).drop_unsaved(&id);
            if was_ours || !boards.is_empty() {
                bus.teller.tell(Hint::Unsaved);
                bus.news.notify_one();
            }
        }
    }
}
