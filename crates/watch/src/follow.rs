//! The loop of the watch.

use crate::{
    Trouble, Watch,
    known::{Known, News},
    lease,
    shard::{Kept, Shard, ToShard},
    source::{Arrived, Page, Source},
};
use bus::POLL_EVERY;
use model::ResidentId;
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{KeepStates, Places, StoredState};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

/// Tasks the residents are divided among: as many as the smallest machine has cores.
const SHARDS: usize = 2;
/// Pages that wait for a shard before the reading does.
const WAITING: usize = 4;
/// How often the cursors are moved on: what a restart reads once more.
const MOVE_EVERY: Duration = Duration::from_secs(10);
/// Pause before everything is taken up anew from disk.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Watches until stopped. What cannot be read or written is told by [`crate::Progress`] and tried again.
pub async fn follow(watch: Watch, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match run(&watch, &stop).await {
            Ok(()) => return,
            Err(Trouble::Superseded) => {
                tracing::warn!(
                    event = "watch_superseded",
                    "another process that shares the store watches now"
                );
                watch.progress.stand_by();
            }
            Err(trouble) => {
                tracing::error!(event = "watch_stopped", %trouble, "it is taken up again from what is on disk");
                watch.progress.trouble(Some(trouble.to_string()));
                stop.run_until_cancelled(sleep(AGAIN_AFTER)).await;
            }
        }
    }
}

/// The shards, from outside.
struct Shards {
    tasks: JoinSet<Result<(), Trouble>>,
    senders: Vec<mpsc::Sender<ToShard>>,
    kept: Vec<Kept>,
}

async fn run(watch: &Watch, stop: &CancellationToken) -> Result<(), Trouble> {
    let Some(lease) = lease::wait(watch, stop).await else { return Ok(()) };
    let mut held = lease::Held::new(lease);
    let watch = &Watch { lease: Some(lease), ..watch.clone() };
    let through = begin(watch).await?;
    let (mut known, news) = Known::load(watch).await?;
    let mut shards = Shards::start(watch, through).await?;
    shards.tell(news).await?;
    let steps = watch.store.clock_steps().await?;
    let mut source = Source::new(watch.store.clone(), watch.clock, steps, through);
    let (mut moved, mut moved_at) = (through, Instant::now());
    while !stop.is_cancelled() {
        held.renew(watch).await?;
        let page = source.next(&known.carriers).await?;
        let is_more = page.is_more;
        shards.hand_out(page).await?;
        if let Some(ended) = shards.tasks.try_join_next() {
            return Err(ended.ok().and_then(Result::err).unwrap_or(Trouble::Ended));
        }
        watch.progress.trouble(None);
        let lag = watch.progress.lag(watch.clock.now()).by.unwrap_or_default();
        metrics::gauge!("jujiale_watch_lag_seconds").set(lag.as_secs_f64());
        if moved_at.elapsed() >= MOVE_EVERY {
            moved = move_cursors(watch, &shards, moved).await?;
            moved_at = Instant::now();
        }
        if !is_more {
            stop.run_until_cancelled(sleep(POLL_EVERY)).await;
        }
        let news = known.changed().await?;
        if !news.is_empty() {
            shards.tell(news).await?;
        }
    }
    shards.end().await?;
    move_cursors(watch, &shards, moved).await?;
    held.end(watch).await;
    Ok(())
}

/// Where it begins to read. The very first time that is here and now: what came before, nobody watched.
async fn begin(watch: &Watch) -> Result<Places, Trouble> {
    if let Some(through) = watch.store.watch_places().await? {
        return Ok(through);
    }
    let through = watch.store.log_ends().await?;
    let (cursors, lease) = (Some(through), watch.lease);
    watch.store.write(KeepStates { cursors, lease, ..KeepStates::default() }).await?;
    Ok(through)
}

async fn move_cursors(watch: &Watch, shards: &Shards, moved: Places) -> Result<Places, Trouble> {
    let kept = shards.kept();
    let is_moved =
        kept == moved || watch.keep(KeepStates { cursors: Some(kept), ..KeepStates::default() }).await?;
    Ok(if is_moved { kept } else { moved })
}

/// Which shard a resident is of.
fn shard_of(resident: &ResidentId) -> usize {
    let mut hasher = DefaultHasher::new();
    resident.hash(&mut hasher);
    usize::try_from(hasher.finish() % u64::try_from(SHARDS).unwrap_or(1)).unwrap_or(0)
}

impl Shards {
    async fn start(watch: &Watch, through: Places) -> Result<Self, Trouble> {
        let mut stored: [Vec<StoredState>; SHARDS] = std::array::from_fn(|_| Vec::new());
        for state in watch.store.watch_states(None).await? {
            if let Some(own) = stored.get_mut(shard_of(&state.resident)) {
                own.push(state);
            }
        }
        watch.progress.begin(SHARDS, watch.clock.now());
        let (mut tasks, mut senders, mut all_kept) = (JoinSet::new(), Vec::new(), Vec::new());
        for (number, own) in stored.into_iter().enumerate() {
            let (sender, receiver) = mpsc::channel(WAITING);
            let kept: Kept = Arc::new(Mutex::new(through));
            let shard = Shard::new(watch.clone(), number, own, through, Arc::clone(&kept));
            tasks.spawn(shard.run(receiver));
            senders.push(sender);
            all_kept.push(kept);
        }
        Ok(Self { tasks, senders, kept: all_kept })
    }

    async fn send(&self, shard: usize, message: ToShard) -> Result<(), Trouble> {
        let sender = self.senders.get(shard).ok_or(Trouble::Ended)?;
        sender.send(message).await.map_err(|_gone| Trouble::Ended)
    }

    /// Tells everybody of the world, and each shard of its own residents.
    async fn tell(&self, news: Vec<News>) -> Result<(), Trouble> {
        let mut own: [Vec<News>; SHARDS] = std::array::from_fn(|_| Vec::new());
        for news in news {
            match &news {
                News::World(_) => own.iter_mut().for_each(|own| own.push(news.clone())),
                News::Person { id, .. } | News::Snooze { id, .. } | News::Expected { id, .. } => {
                    own.get_mut(shard_of(id)).into_iter().for_each(|own| own.push(news.clone()));
                }
            }
        }
        for (shard, news) in own.into_iter().enumerate() {
            self.send(shard, ToShard::News(news)).await?;
        }
        Ok(())
    }

    /// Hands each shard what arrived for its residents, and how far time has come.
    async fn hand_out(&self, page: Page) -> Result<(), Trouble> {
        let Page { arrived, through, horizon, is_more } = page;
        let fixes: usize = arrived.iter().map(Arrived::fixes).sum();
        metrics::counter!("jujiale_watch_fixes_total").increment(u64::try_from(fixes).unwrap_or(0));
        let mut own: [Vec<Arrived>; SHARDS] = std::array::from_fn(|_| Vec::new());
        for arrived in arrived {
            if let Some(own) = own.get_mut(shard_of(&arrived.resident)) {
                own.push(arrived);
            }
        }
        for (shard, arrived) in own.into_iter().enumerate() {
            self.send(shard, ToShard::Page(Page { arrived, through, horizon, is_more })).await?;
        }
        Ok(())
    }

    /// Up to where all of them have what they were told on disk.
    fn kept(&self) -> Places {
        let each = self.kept.iter().map(|kept| *kept.lock().unwrap_or_else(PoisonError::into_inner));
        each.reduce(Places::least).unwrap_or_default()
    }

    /// Nothing more comes: waits until they have kept what they know.
    async fn end(&mut self) -> Result<(), Trouble> {
        self.senders.clear();
        while let Some(ended) = self.tasks.join_next().await {
            ended.map_err(|_died| Trouble::Ended)??;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Happening;
    use model::Timestamp;
    use std::collections::HashMap;
    use tokio::time::timeout;

    /// So many pages of so many events each, of this many residents.
    const PAGES: i64 = 40;
    const EVENTS: i64 = 50;
    const RESIDENTS: i64 = 16;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_413_600 + second).unwrap()
    }

    fn page(number: i64) -> Page {
        let arrived = |place: i64| Arrived {
            resident: Arc::new(ResidentId::new(format!("r{}", place % RESIDENTS)).unwrap()),
            received_at: at(place),
            place,
            what: Happening::Heard,
        };
        let (first, last) = (number * EVENTS, (number + 1) * EVENTS - 1);
        let through = Places { message: last, ..Places::default() };
        let arrived = (first..=last).map(arrived).collect();
        Page { arrived, through, horizon: at(last), is_more: true }
    }

    /// What a shard is told, in the order in which it takes it, with a rest after each page.
    async fn taken(mut told: mpsc::Receiver<ToShard>, rest: Duration) -> Vec<Page> {
        let mut pages = Vec::new();
        while let Some(message) = told.recv().await {
            match message {
                ToShard::Page(page) => pages.push(page),
                ToShard::News(news) => assert!(news.is_empty(), "none was told: {news:?}"),
            }
            sleep(rest).await;
        }
        pages
    }

    /// Where every resident's events stand in the log, in the order in which they were taken; and each is the shard's own.
    fn by_resident(shard: usize, pages: &[Page]) -> HashMap<String, Vec<i64>> {
        let mut places: HashMap<String, Vec<i64>> = HashMap::new();
        for arrived in pages.iter().flat_map(|page| &page.arrived) {
            assert_eq!(shard_of(&arrived.resident), shard, "{}", arrived.resident);
            places.entry(arrived.resident.to_string()).or_default().push(arrived.place);
        }
        places
    }

    #[tokio::test]
    async fn a_full_queue_holds_up_the_reading_and_loses_nothing() {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..SHARDS).map(|_| mpsc::channel(WAITING)).unzip();
        let kept: Vec<Kept> = (0..SHARDS).map(|_| Arc::default()).collect();
        let shards = Shards { tasks: JoinSet::new(), senders, kept };
        // Nobody takes anything: so many pages wait, and then the reading does.
        let mut handed = 0;
        while let Ok(done) = timeout(Duration::from_millis(100), shards.hand_out(page(handed))).await {
            done.unwrap();
            handed += 1;
        }
        assert_eq!(usize::try_from(handed).unwrap(), WAITING);
        assert_eq!(shards.kept(), Places::default(), "what waits is read again after a crash");
        let reading = async move {
            for number in handed..PAGES {
                shards.hand_out(page(number)).await.unwrap();
            }
        };
        // One takes at once, and the other is slow: it holds up both.
        let rests = [Duration::ZERO, Duration::from_millis(5)].into_iter().cycle();
        let mut shards = JoinSet::new();
        for (number, (told, rest)) in receivers.into_iter().zip(rests).enumerate() {
            shards.spawn(async move { (number, taken(told, rest).await) });
        }
        timeout(Duration::from_secs(30), reading).await.unwrap();
        let mut all: HashMap<String, Vec<i64>> = HashMap::new();
        for (shard, pages) in shards.join_all().await {
            let through: Vec<i64> = pages.iter().map(|page| page.through.message).collect();
            let every: Vec<i64> = (1..=PAGES).map(|number| number * EVENTS - 1).collect();
            assert_eq!(through, every, "shard {shard} hears of every page, also of one with nothing for it");
            all.extend(by_resident(shard, &pages));
        }
        for resident in 0..RESIDENTS {
            let own: Vec<i64> = (0..PAGES * EVENTS).filter(|place| place % RESIDENTS == resident).collect();
            assert_eq!(all.get(&format!("r{resident}")), Some(&own), "r{resident}: each once, in order");
        }
    }
}
