//! One share of the residents: takes what arrives for them, brings signals to disk, and keeps states.

use crate::{
    Trouble, Watch,
    known::News,
    resident::{Span, Watched},
    source::{Arrived, Page},
};
use bus::Hint;
use geofence::{Event, World};
use model::{ResidentId, Signal, SignedDuration, Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use store::{FenceReturn, JobError, KeepStates, Places, RaiseSignals, StoredState, is_writer_gone};
use tokio::sync::mpsc;

/// A state is written at most so often, unless it brings a signal.
const KEEP_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// States in one transaction: some hundred kilobytes, within what a background transaction may take.
const STATES: usize = 64;
/// After so many events others get their turn.
const EVENTS: usize = 256;

/// Whose state is written down, up to which places, and how much it had taken then.
type Mark = (Arc<ResidentId>, Places, u64);

/// What a shard is told.
#[derive(Debug)]
pub(crate) enum ToShard {
    /// Something it works by is other now.
    News(Vec<News>),
    /// What arrived for its residents.
    Page(Page),
}

/// Up to where what a shard was told is on disk; shared with whoever moves the cursors.
pub(crate) type Kept = Arc<Mutex<Places>>;

/// One share of the residents.
#[derive(Debug)]
pub(crate) struct Shard {
    watch: Watch,
    number: usize,
    world: Arc<World>,
    people: HashMap<Arc<ResidentId>, Watched>,
    deadlines: BTreeSet<(Timestamp, Arc<ResidentId>)>,
    stored: HashMap<ResidentId, StoredState>,
    /// Who was away as planned and is expected again: looked at once all has been read that arrived by then.
    expected: Vec<(Arc<ResidentId>, Span)>,
    through: Places,
    /// Nothing is judged as if it were before the start.
    started: Timestamp,
    has_caught_up: bool,
    kept: Kept,
}

/// What there is to tell of a resident, with the state it came of.
struct Told {
    id: Arc<ResidentId>,
    signals: Vec<Signal>,
    returns: Vec<FenceReturn>,
}

impl Told {
    /// None if it is nothing.
    fn of(id: &Arc<ResidentId>, watched: &Watched, told: &[geofence::Signal]) -> Option<Self> {
        let (signals, returns) = (watched.signals(told), watched.returns(told));
        let is_any = !signals.is_empty() || !returns.is_empty();
        is_any.then(|| Self { id: Arc::clone(id), signals, returns })
    }
}

impl Shard {
    /// A shard that knows nobody yet; `stored` is what is on disk of its residents.
    pub(crate) fn new(
        watch: Watch,
        number: usize,
        stored: Vec<StoredState>,
        through: Places,
        kept: Kept,
    ) -> Self {
        let started = watch.clock.now();
        Self {
            watch,
            number,
            world: Arc::default(),
            people: HashMap::new(),
            deadlines: BTreeSet::new(),
            stored: stored.into_iter().map(|state| (state.resident.clone(), state)).collect(),
            expected: Vec::new(),
            through,
            started,
            has_caught_up: false,
            kept,
        }
    }

    /// Works until nobody tells it anything any more; then keeps what is left.
    pub(crate) async fn run(mut self, mut told: mpsc::Receiver<ToShard>) -> Result<(), Trouble> {
        while let Some(message) = told.recv().await {
            match message {
                ToShard::News(news) => {
                    let told = news.into_iter().flat_map(|news| self.hear(news)).collect();
                    self.raise(told).await?;
                }
                ToShard::Page(page) => self.take(page).await?,
            }
        }
        while self.keep(Timestamp::MAX).await? {}
        self.note_kept();
        Ok(())
    }

    /// Takes up what is other now; what a fence that is armed now has to tell of who is outside.
    fn hear(&mut self, news: News) -> Vec<Told> {
        match news {
            News::World(world) => {
                let before = std::mem::replace(&mut self.world, world);
                let ids: Vec<_> = self.people.keys().map(Arc::clone).collect();
                ids.iter()
                    .filter_map(|id| self.look(id, |watched, world| watched.change_world(&before, world)))
                    .collect()
            }
            News::Snooze { id, about, from, until } => {
                let now = self.watch.clock.now();
                self.step(&id, None, now, |watched, world| watched.snooze(world, &about, from, until))
                    .into_iter()
                    .collect()
            }
            News::Expected { id, from, to } => {
                self.expected.push((id, (from, to)));
                Vec::new()
            }
            News::Person { id, person: None } => {
                if let Some(deadline) = self.people.remove(&id).and_then(|watched| watched.deadline()) {
                    self.deadlines.remove(&(deadline, id));
                }
                Vec::new()
            }
            News::Person { id, person: Some(person) } => match self.people.get(&id) {
                Some(watched) if watched.is(&person) => Vec::new(),
                Some(watched) => {
                    let is_forgotten = watched.is_tracked_otherwise(&person);
                    let now = self.watch.clock.now();
                    let changed = self.look(&id, |watched, world| watched.become_other(*person, world, now));
                    if is_forgotten {
                        // On disk, too: a state of before may have been written since the consent was withdrawn.
                        self.people.get_mut(&id).into_iter().for_each(Watched::hurry);
                    }
                    changed.into_iter().collect()
                }
                None => {
                    let now = self.watch.clock.now();
                    let mut watched = Watched::new(*person, self.through);
                    if let Some(stored) = self.stored.remove(&*id) {
                        watched.remember(&stored, &self.world, now);
                    }
                    self.deadlines.extend(watched.deadline().map(|deadline| (deadline, Arc::clone(&id))));
                    self.people.insert(Arc::clone(&id), watched);
                    // Those who are known from the start are supervised once all has been read that had arrived by then.
                    let is_new = self.has_caught_up;
                    let told = is_new.then(|| self.look(&id, |watched, _| watched.supervise(now))).flatten();
                    told.into_iter().collect()
                }
            },
        }
    }

    /// Changes something about a resident and looks what there is to tell now.
    fn look(&mut self, id: &Arc<ResidentId>, change: impl FnOnce(&mut Watched, &World)) -> Option<Told> {
        // During the catching up after a start nothing is judged that lies ahead of what is being read.
        self.step(id, self.has_caught_up.then_some(Event::Tick), self.watch.clock.now(), change)
    }

    fn step(
        &mut self,
        id: &Arc<ResidentId>,
        event: Option<Event<'_>>,
        now: Timestamp,
        change: impl FnOnce(&mut Watched, &World),
    ) -> Option<Told> {
        let watched = self.people.get_mut(id)?;
        let (before, mut told) = (watched.deadline(), Vec::new());
        change(watched, &self.world);
        if let Some(event) = event {
            watched.step(&self.world, event, now, &mut told);
        }
        watched.touch(now, self.through);
        let (told, after) = (Told::of(id, watched, &told), watched.deadline());
        self.move_deadline(id, before, after);
        told
    }

    /// All that had arrived by the start has been judged. What was silent while the platform was down may not have been.
    fn catch_up(&mut self) -> Vec<Told> {
        self.has_caught_up = true;
        let ids: Vec<_> = self.people.keys().map(Arc::clone).collect();
        let started = self.started;
        let heard = |watched: &mut Watched, _: &World| watched.supervise(started);
        ids.iter().filter_map(|id| self.step(id, Some(Event::Deaf), started, heard)).collect()
    }

    async fn take(&mut self, page: Page) -> Result<(), Trouble> {
        let Page { arrived, through, horizon, .. } = page;
        let mut all = Vec::new();
        for (count, arrived) in arrived.iter().enumerate() {
            all.extend(self.judge(arrived));
            if count % EVENTS == EVENTS - 1 {
                tokio::task::yield_now().await;
            }
        }
        if horizon >= self.started {
            if !self.has_caught_up {
                all.extend(self.catch_up());
            }
            all.extend(self.run_until(horizon));
            all.extend(self.expect(horizon));
        }
        self.through = through;
        for watched in self.people.values_mut().filter(|watched| watched.unsaved_since.is_some()) {
            watched.places = through;
        }
        self.raise(all).await?;
        self.watch.progress.note(self.number, horizon);
        let now = self.watch.clock.now();
        self.keep(now.checked_sub(KEEP_EVERY).unwrap_or(Timestamp::MIN)).await?;
        self.note_kept();
        Ok(())
    }

    fn judge(&mut self, arrived: &Arrived) -> Option<Told> {
        let watched = self.people.get_mut(&arrived.resident).filter(|watched| !watched.holds(arrived))?;
        let (before, sides) = (watched.deadline(), watched.sides());
        let mut told = Vec::new();
        watched.take(&self.world, arrived, &mut told);
        watched.touch(arrived.received_at.max(self.started), self.through);
        if watched.sides() != sides {
            watched.hurry();
        }
        let (told, after) = (Told::of(&arrived.resident, watched, &told), watched.deadline());
        self.move_deadline(&arrived.resident, before, after);
        told
    }

    /// Takes the deadlines of everybody up to a moment.
    fn run_until(&mut self, until: Timestamp) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some((due, id)) = self.deadlines.first().filter(|(due, _)| *due <= until).cloned() {
            let Some(watched) = self.people.get_mut(&id) else {
                self.deadlines.remove(&(due, id));
                continue;
            };
            let mut told = Vec::new();
            watched.run_until(&self.world, until, self.started, &mut told);
            watched.touch(until, self.through);
            let (told, after) = (Told::of(&id, watched, &told), watched.deadline());
            // One that does not move on is looked at again when something comes.
            self.move_deadline(&id, Some(due), after.filter(|after| *after > until));
            all.extend(told);
        }
        all
    }

    /// Looks at those whose absences are over by then; of several at all at once, so that nothing is told for each of them.
    fn expect(&mut self, horizon: Timestamp) -> Vec<Told> {
        let mut by_resident: HashMap<Arc<ResidentId>, Vec<Span>> = HashMap::new();
        for (id, span) in std::mem::take(&mut self.expected) {
            by_resident.entry(id).or_default().push(span);
        }
        let mut all = Vec::new();
        for (id, spans) in by_resident {
            if spans.iter().any(|(_, to)| *to > horizon) {
                self.expected.extend(spans.into_iter().map(|span| (Arc::clone(&id), span)));
                continue;
            }
            let Some(watched) = self.people.get_mut(&id) else { continue };
            let (before, taken, mut told) = (watched.deadline(), watched.taken, Vec::new());
            watched.expect(&self.world, &spans, horizon, &mut told);
            if watched.taken != taken {
                watched.touch(horizon, self.through);
            }
            let (told, after) = (Told::of(&id, watched, &told), watched.deadline());
            self.move_deadline(&id, before, after);
            all.extend(told);
        }
        all
    }

    fn move_deadline(&mut self, id: &Arc<ResidentId>, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before != after {
            if let Some(before) = before {
                self.deadlines.remove(&(before, Arc::clone(id)));
            }
            self.deadlines.extend(after.map(|after| (after, Arc::clone(id))));
        }
    }

    /// Brings signals to disk with the states they came of.
    async fn raise(&mut self, all: Vec<Told>) -> Result<(), Trouble> {
        let mut by_resident: HashMap<Arc<ResidentId>, Told> = HashMap::new();
        for Told { id, signals, returns } in all {
            let empty = || Told { id: Arc::clone(&id), signals: Vec::new(), returns: Vec::new() };
            let told = by_resident.entry(Arc::clone(&id)).or_insert_with(empty);
            told.signals.extend(signals);
            told.returns.extend(returns);
        }
        let all: Vec<Told> = by_resident.into_values().collect();
        for some in all.chunks(STATES) {
            match self.raise_some(some).await {
                Ok(()) => {}
                Err(error) if is_for_good(&error) => return Err(error.into()),
                Err(_refused) => {
                    for one in some {
                        self.raise_or_show(one).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// One that the store refuses must not hide the others: it is shown to everybody on duty as it is.
    async fn raise_or_show(&mut self, one: &Told) -> Result<(), Trouble> {
        match self.raise_some(std::slice::from_ref(one)).await {
            Ok(()) => Ok(()),
            Err(error) if is_for_good(&error) => Err(error.into()),
            Err(error) => {
                tracing::error!(event = "watch_signal_refused", resident = %one.id, %error);
                one.signals.iter().for_each(|signal| self.watch.bus.put_unsaved(Arc::new(signal.clone())));
                Ok(())
            }
        }
    }

    async fn raise_some(&mut self, some: &[Told]) -> Result<(), JobError> {
        let written = self.write_down(some.iter().map(|told| Arc::clone(&told.id)));
        let signals: Vec<Signal> = some.iter().flat_map(|told| told.signals.clone()).collect();
        let returns = some.iter().flat_map(|told| told.returns.clone()).collect();
        for signal in &signals {
            metrics::counter!("jujiale_watch_signals_total", "kind" => signal.kind.as_str()).increment(1);
            tracing::info!(event = "watch_signal", signal = %signal.id, kind = signal.kind.as_str(),
                resident = signal.resident.as_ref().map(ResidentId::as_str));
        }
        let (states, marks) = written;
        let (at, lease) = (self.watch.clock.now(), self.watch.lease);
        self.watch.store.write(RaiseSignals { signals, returns, states, at, lease }).await?;
        self.watch.bus.hint(Hint::Signals);
        self.mark_kept(marks, at);
        Ok(())
    }

    /// Keeps some of the states that changed before a moment; false if there were none.
    async fn keep(&mut self, before: Timestamp) -> Result<bool, Trouble> {
        let due = |watched: &&Watched| watched.unsaved_since.is_some_and(|since| since <= before);
        let ids: Vec<Arc<ResidentId>> = self
            .people
            .iter()
            .filter(|(_, watched)| due(watched))
            .take(STATES)
            .map(|(id, _)| Arc::clone(id))
            .collect();
        if ids.is_empty() {
            return Ok(false);
        }
        let (states, marks) = self.write_down(ids.into_iter());
        metrics::counter!("jujiale_watch_states_total").increment(u64::try_from(states.len()).unwrap_or(0));
        let at = self.watch.clock.now();
        let is_kept = self.watch.keep(KeepStates { states, at: Some(at), ..KeepStates::default() }).await?;
        if is_kept {
            self.mark_kept(marks, at);
        }
        Ok(is_kept)
    }

    fn write_down(&self, ids: impl Iterator<Item = Arc<ResidentId>>) -> (Vec<StoredState>, Vec<Mark>) {
        let known = ids.filter_map(|id| Some((self.people.get(&id)?, id)));
        known
            .map(|(watched, id)| {
                let mark = (Arc::clone(&id), watched.places, watched.taken);
                (watched.stored(&id, &self.world), mark)
            })
            .unzip()
    }

    fn mark_kept(&mut self, marks: Vec<Mark>, now: Timestamp) {
        for (id, places, taken) in marks {
            if let Some(watched) = self.people.get_mut(&id) {
                watched.is_kept(places, taken, now);
            }
        }
    }

    /// What came after that is in no state on disk.
    fn note_kept(&self) {
        let unsaved = self.people.values().filter(|watched| watched.unsaved_since.is_some());
        let kept = unsaved.fold(self.through, |kept, watched| kept.least(watched.kept));
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

/// Another process watches now, or nobody writes any more: trying it again one by one would help nobody.
fn is_for_good(error: &JobError) -> bool {
    is_writer_gone(error) || matches!(error, JobError::Conflict)
}
