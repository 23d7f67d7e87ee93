//! The bus of many processes, on Redis.
//!
//! **Nobody waits for Redis.** Every method of [`Bus`] works on what this process holds: what it has to say
//! ([`own`]) and what the others said ([`others`]). Two connections carry it: [`voice`] sends what has changed, says
//! that this process lives ([`beat`]) and looks at what others have ([`look`]); [`ear`] hears what they tell.
//! [`wire`] says what stands in Redis, [`standing`] what is wrong, [`address`] where Redis is.
//!
//! **Redis holds nothing that cannot be made again.** When it was away, was emptied or restarted, the voice
//! writes everything anew: positions from the board held here, presence, unsaved presses; and every listener hears
//! a gap. A process that dies is forgotten when its keys expire: its handsets are offline after
//! [`Timing::presence_expires`], its unsaved presses go after [`Timing::unsaved_expires`], by when its handsets
//! have repeated them elsewhere. While Redis is away, what others said last stands as it was.
//!
//! **Clocks.** Redis measures what expires. Positions are compared by their own time; one that is from the future
//! of this machine is neither taken from others nor does it hold up the next one, and [`Bus::health`] says when
//! this machine's clock and Redis's differ.

mod address;
mod beat;
mod ear;
mod look;
mod others;
mod own;
mod standing;
mod voice;
mod wire;

pub use address::BusError;
pub use wire::reread;

use crate::{
    Bus, BusHealth, Hint, Listener, Share, listener::Teller, positions::Positions, present::Present,
};
use model::{Fix, HandsetId, Signal, SignalId, SignedDuration, StationId, Timestamp};
use others::Others;
use own::Own;
use redis::Client;
use standing::Standing;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;
use wire::Names;

/// A position further ahead of our clock than this is not believed of another process.
const AHEAD_AT_MOST: SignedDuration = SignedDuration::from_mins(5);
/// A handset whose position was asked for is looked up in Redis for so long.
const ASKED_FOR: Duration = Duration::from_mins(1);
/// So many of them at most, which is more than incidents that can be open at once; the store has the rest.
const ASKED_AT_MOST: usize = 10_000;

/// How soon things happen and expire.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// What may wait (positions, a look at what others have) is done so often.
    pub soon: Duration,
    /// A process says so often that it lives.
    pub beat: Duration,
    /// Redis is away if it does not answer within this.
    pub answer_within: Duration,
    /// A beat that is answered later than this after it was due is late.
    pub late_after: Duration,
    /// It is tried again after this.
    pub retry_after: Duration,
    /// A process unheard of for so long has no handsets.
    pub presence_expires: Duration,
    /// Unsaved presses of a dead process stand for so long: handsets repeat every 15 s, and may need to
    /// find another door first.
    pub unsaved_expires: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            soon: Duration::from_millis(250),
            beat: Duration::from_secs(1),
            answer_within: Duration::from_secs(1),
            late_after: Duration::from_millis(500),
            retry_after: Duration::from_millis(500),
            presence_expires: Duration::from_secs(10),
            unsaved_expires: Duration::from_mins(1),
        }
    }
}

/// Where the bus is, and whose it is.
#[derive(Clone)]
pub struct Settings {
    /// The address of Redis. It may hold a password and is never shown.
    pub url: String,
    /// What the names of all keys and channels begin with.
    pub prefix: String,
    /// The store whose processes are on this bus. Those of another one on the same Redis are not heard.
    pub store_id: String,
    /// How soon things happen and expire.
    pub timing: Timing,
}

impl Settings {
    /// Whether a bus can be made of these, without making one.
    pub fn check(&self) -> Result<(), BusError> {
        address::check_prefix(&self.prefix)?;
        address::client(&self.url).map(drop)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url: _, prefix, store_id, timing } = self;
        f.debug_struct("Settings")
            .field("prefix", prefix)
            .field("store_id", store_id)
            .field("timing", timing)
            .finish_non_exhaustive()
    }
}

/// The bus on Redis; cheap to clone. It says and hears nothing until [`OnRedis::run`] runs.
#[derive(Clone)]
pub struct OnRedis(Arc<Inner>);

struct Inner {
    client: Client,
    shown: String,
    names: Names,
    /// This process among the others; another one after every start.
    process: String,
    timing: Timing,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    teller: Teller,
    positions: Positions,
    own: Mutex<Own>,
    others: Mutex<Others>,
    asked: Mutex<HashMap<HandsetId, Instant>>,
    /// The partitions somebody in this process listens to.
    share: Mutex<Share>,
    share_grew: Notify,
    /// Something is to be said at once.
    news: Notify,
    standing: Standing,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for OnRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { shown, process, .. } = &*self.0;
        f.debug_struct("OnRedis").field("at", shown).field("process", process).finish_non_exhaustive()
    }
}

impl OnRedis {
    /// A bus at this address. That Redis is there is not asked: a platform starts without it.
    pub fn open(
        settings: &Settings,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Self, BusError> {
        settings.check()?;
        let (client, shown) = address::client(&settings.url)?;
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(BusError::Name)?;
        Ok(Self(Arc::new(Inner {
            client,
            shown,
            names: Names::new(&settings.prefix, &settings.store_id),
            process: format!("{:016x}", u64::from_be_bytes(name)),
            timing: settings.timing,
            now: Box::new(now),
            teller: Teller::default(),
            positions: Positions::default(),
            own: Mutex::default(),
            others: Mutex::default(),
            asked: Mutex::default(),
            share: Mutex::new(Share::NONE),
            share_grew: Notify::new(),
            news: Notify::new(),
            standing: Standing::default(),
        })))
    }

    /// Talks with Redis until stopped; then says good-bye, so that nobody waits for this process to expire.
    /// May be run again after it died.
    pub async fn run(self, stop: CancellationToken) {
        tokio::join!(voice::run(&self.0, &stop), ear::run(&self.0, &stop));
    }
}

impl Inner {
    /// Takes a position that another process put, unless it is older, or from our future: then the clock over
    /// there is wrong, and a position believed now would hide the next hour's.
    fn hear_position(&self, handset: &HandsetId, fix: &Fix) {
        if fix.fix_time <= self.latest_time() {
            self.positions.put(handset, fix);
        }
    }

    fn put_presence(&self, who: Present, online: bool) {
        lock(&self.own).put_presence(who, online);
        self.news.notify_one();
    }

    fn is_present(&self, who: &Present) -> bool {
        lock(&self.own).online.contains(who) || lock(&self.others).is_online(who)
    }

    fn latest_time(&self) -> Timestamp {
        (self.now)().checked_add(AHEAD_AT_MOST).unwrap_or(Timestamp::MAX)
    }

    /// Whose positions are looked up in Redis now.
    fn asked_for(&self) -> Vec<HandsetId> {
        let now = Instant::now();
        let mut asked = lock(&self.asked);
        asked.retain(|_, at| now.duration_since(*at) < ASKED_FOR);
        asked.keys().cloned().collect()
    }

    fn is_asked_for(&self, handset: &HandsetId) {
        let now = Instant::now();
        let mut asked = lock(&self.asked);
        if let Some(at) = asked.get_mut(handset) {
            *at = now;
        } else if asked.len() < ASKED_AT_MOST {
            asked.insert(handset.clone(), now);
        }
    }
}

impl Bus for OnRedis {
    fn hint(&self, hint: Hint) {
        self.0.teller.tell(hint.clone());
        lock(&self.0.own).hint(hint);
        self.0.news.notify_one();
    }

    fn listen_to(&self, share: Share) -> Listener {
        let listener = self.0.teller.listener(share);
        let mut heard = lock(&self.0.share);
        let grown = heard.and(share);
        if grown != *heard {
            *heard = grown;
            self.0.share_grew.notify_one();
        }
        listener
    }

    fn put_position(&self, handset: &HandsetId, fix: &Fix) -> bool {
        let is_live = self.0.positions.put(handset, fix);
        if is_live {
            lock(&self.0.own).moved(handset);
        }
        is_live
    }

    fn position(&self, handset: &HandsetId) -> Option<Fix> {
        self.0.is_asked_for(handset);
        self.0.positions.get(handset)
    }

    fn put_unsaved(&self, signal: Arc<Signal>) {
        lock(&self.0.own).put_unsaved(signal);
        self.hint(Hint::Unsaved);
    }

    fn drop_unsaved(&self, id: &SignalId) {
        let was_ours = lock(&self.0.own).drop_unsaved(id);
        let boards = lock(&self.0.others).drop_unsaved(id);
        let was_theirs = !boards.is_empty();
        lock(&self.0.own).drop_elsewhere(boards, id);
        if was_ours || was_theirs {
            self.hint(Hint::Unsaved);
        }
    }

    fn unsaved(&self) -> Vec<Arc<Signal>> {
        let theirs = lock(&self.0.others).unsaved().cloned().collect::<Vec<_>>();
        let mut all: BTreeMap<SignalId, Arc<Signal>> =
            theirs.into_iter().map(|signal| (signal.id.clone(), signal)).collect();
        all.extend(lock(&self.0.own).unsaved.iter().map(|(id, signal)| (id.clone(), Arc::clone(signal))));
        all.into_values().collect()
    }

    fn put_presence(&self, handset: &HandsetId, online: bool) {
        self.0.put_presence(handset.into(), online);
    }

    fn is_online(&self, handset: &HandsetId) -> bool {
        self.0.is_present(&handset.into())
    }

    fn online(&self) -> Vec<HandsetId> {
        let mut online: HashSet<HandsetId> =
            lock(&self.0.own).online.iter().filter_map(Present::handset).cloned().collect();
        online.extend(lock(&self.0.others).online().filter_map(Present::handset).cloned());
        online.into_iter().collect()
    }

    fn put_station(&self, station: &StationId, online: bool) {
        self.0.put_presence(station.into(), online);
    }

    fn is_station_online(&self, station: &StationId) -> bool {
        self.0.is_present(&station.into())
    }

    fn health(&self) -> BusHealth {
        self.0.standing.health()
    }
}
