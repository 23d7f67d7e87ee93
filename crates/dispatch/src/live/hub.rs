//! Follows the log of incident events and tells every connection.

mod duty;
mod family;
mod following;
mod positions;
mod responders;
mod screens;

use super::{
    Attendance, Cursor, Frame, Snapshot,
    frame::{may_see, sees_responders},
    on_screens::OnScreens,
};
use crate::{
    Shared,
    desk::{lease::Held, whereabouts::InDanger},
    view::{IncidentView, LivePosition, ResponderView, TaskView},
};
use access::{Action, Role, Subject, Who, decide, hides_place};
use incident::{Incident, Ladder};
use model::{Fix, HandsetId, IncidentId, ResidentId, SignalId, StationId, Timestamp};
use positions::{Carried, Unplaced};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{NamedResident, StoreError, is_probe};
use tokio::sync::broadcast;

/// Frames a connection may fall behind by: some seconds of the worst flood, and little memory, since
/// connections share one text per frame.
const FRAMES_HELD: usize = 1_024;
/// Events read in one go.
const AT_ONCE: u32 = 256;
/// A resuming client that missed more than this is faster served with a snapshot.
const MISSED_AT_MOST: u32 = 1_000;
/// Positions move on the map at most this often.
const POSITIONS_EVERY: Duration = Duration::from_secs(1);
/// The heartbeat; a client that hears nothing for a little over two of them knows that its link is gone.
const HEALTH_EVERY: Duration = Duration::from_secs(5);

/// The open incidents as they look at one place in the log.
#[derive(Debug, Default)]
struct Board {
    row: i64,
    incidents: BTreeMap<IncidentId, IncidentView>,
    unsaved: BTreeMap<SignalId, IncidentView>,
    positions: HashMap<Carried, Fix>,
    responders: BTreeMap<String, ResponderView>,
    /// By which incidents call.
    ladder: Arc<Ladder>,
    /// How many screens have an operator on duty.
    on_duty: usize,
    /// The platform's own drill as it came here last. It is shown to nobody.
    probe: Option<IncidentView>,
}

/// What one commit of the desk changed.
#[derive(Debug)]
pub struct News {
    /// How many events it had.
    pub events: usize,
    /// The place of the last of them in the log.
    pub last_row: i64,
    /// The incidents as they stand, with their residents' names where those were looked up.
    pub moved: Vec<(Incident, Option<String>)>,
}

/// Whether it is the platform's own drill.
fn is_own(handset: Option<&HandsetId>) -> bool {
    handset.is_some_and(is_probe)
}

/// The hub; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    shared: Shared,
    store_id: Arc<str>,
    frames: broadcast::Sender<Frame>,
    /// The same, a moment later.
    to_family: broadcast::Sender<Frame>,
    board: Arc<Mutex<Board>>,
    attendance: Attendance,
    on_screens: OnScreens,
    unplaced: Arc<Unplaced>,
}

impl Hub {
    /// A hub that knows every open incident.
    pub async fn open(shared: Shared) -> Result<Self, StoreError> {
        let store_id = shared.store.store_id().await?.into();
        let attendance = Attendance::new(Arc::clone(&shared.bus));
        let hub = Self {
            shared,
            store_id,
            frames: broadcast::channel(FRAMES_HELD).0,
            to_family: broadcast::channel(FRAMES_HELD).0,
            board: Arc::default(),
            attendance,
            on_screens: OnScreens::default(),
            unplaced: Arc::default(),
        };
        let row = hub.shared.store.events_end().await?;
        let open = hub.shared.store.open_incidents().await?;
        hub.shared.health.rows_unreadable("open incidents", &open.broken, hub.now());
        for incident in open.whole.into_iter().filter(|incident| !is_own(incident.handset.as_ref())) {
            let view = hub.view(&incident).await?;
            hub.locked().incidents.insert(incident.id, view);
        }
        hub.locked().row = row;
        Ok(hub)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cursor(&self, row: i64) -> Cursor {
        Cursor { store_id: self.store_id.to_string(), row }
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Tells; that nobody listens is no failure.
    fn tell(&self, frame: Frame) {
        self.frames.send(frame).unwrap_or_default();
    }

    /// How an incident looks now.
    pub async fn view(&self, incident: &Incident) -> Result<IncidentView, StoreError> {
        let name = match (self.known_name(incident), &incident.resident) {
            (None, Some(id)) => self.shared.store.resident_name(id).await?,
            (known, _) => known,
        };
        self.view_with(incident, name).await
    }

    /// The same, with the names of many that were looked up at once.
    pub(crate) async fn view_among(
        &self,
        incident: &Incident,
        known: &HashMap<ResidentId, NamedResident>,
    ) -> Result<IncidentView, StoreError> {
        let named = incident.resident.as_ref().and_then(|id| known.get(id));
        self.view_with(incident, named.map(|one| one.name.clone())).await
    }

    async fn view_with(&self, incident: &Incident, name: Option<String>) -> Result<IncidentView, StoreError> {
        let live = match Carried::about(incident) {
            Some(carried) => self.live_fix_about(&carried).await?,
            None => None,
        };
        let now = self.now();
        let view = IncidentView::new(incident, name, live.as_ref(), now);
        Ok(sparing(&self.locked(), incident, view, now))
    }

    /// The name of whom it is about, if the board shows it under that name.
    fn known_name(&self, incident: &Incident) -> Option<String> {
        let board = self.locked();
        let known = board.incidents.get(&incident.id)?.resident.as_ref()?;
        (Some(&known.id) == incident.resident.as_ref() && !known.name.is_empty()).then(|| known.name.clone())
    }

    /// The same of what is known right now: a frame waits for no look into the store.
    fn view_of(&self, board: &Board, incident: &Incident, name: Option<String>) -> IncidentView {
        let live = Carried::about(incident).and_then(|carried| board.positions.get(&carried));
        let now = self.now();
        sparing(board, incident, IncidentView::new(incident, name, live, now), now)
    }

    /// Everything open that this account may see, and the frames that come after it.
    pub(super) fn snapshot(&self, who: &Who) -> (Snapshot, i64) {
        let now = self.now();
        let board = self.locked();
        let incidents: Vec<IncidentView> = board
            .incidents
            .values()
            .chain(board.unsaved.values())
            .filter(|view| may_see(who, view, now))
            .map(|view| aged(view, now).placed_for(who, now))
            .collect();
        let shown: HashSet<Carried> = incidents.iter().filter_map(Carried::shown).collect();
        let positions =
            shown.iter().filter_map(|carried| Some(carried.at(board.positions.get(carried)?, now)));
        let positions = positions.filter(|shown| !is_kept_from(who, shown, now)).collect();
        let tasks = shown_tasks(who, &incidents, now);
        let responders = board.responders.values().filter(|_| sees_responders(who, now)).cloned().collect();
        let snapshot = Snapshot {
            kind: "snapshot",
            cursor: self.cursor(board.row).to_string(),
            incidents,
            tasks,
            positions,
            responders,
            health: self.shared.health.view(now),
        };
        (snapshot, board.row)
    }

    /// What is told from now on; to those on duty first.
    pub(super) fn subscribe(&self, role: Role) -> broadcast::Receiver<Frame> {
        match role {
            Role::Relative => self.to_family.subscribe(),
            Role::Operator
            | Role::Supervisor
            | Role::Admin
            | Role::Station
            | Role::Auditor
            | Role::Service => self.frames.subscribe(),
        }
    }

    /// What a client missed since its cursor, in order; nothing if only a snapshot can help. The cursor is what the client says it
    /// is: of what has ended it is told that it has, and nothing else.
    pub(super) async fn missed(
        &self,
        resume: &str,
        role: Role,
    ) -> Result<Option<(Vec<Frame>, i64)>, StoreError> {
        let Some(cursor) = Cursor::parse(resume).filter(|cursor| *cursor.store_id == *self.store_id) else {
            return Ok(None);
        };
        let board_row = self.locked().row;
        if cursor.row > board_row {
            return Ok(None);
        }
        let events = self.shared.store.events_after(cursor.row, MISSED_AT_MOST).await?;
        if events.len() >= usize::try_from(MISSED_AT_MOST).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        let mut newest: BTreeMap<IncidentId, i64> = BTreeMap::new();
        for event in events {
            newest.insert(event.incident, event.row);
        }
        let mut moved: Vec<(i64, IncidentId)> = newest.into_iter().map(|(id, row)| (row, id)).collect();
        moved.sort();
        let mut frames = Vec::new();
        let mut end = board_row;
        for (row, id) in moved {
            end = end.max(row);
            let incident = self.shared.store.incident(&id).await?;
            if let Some(incident) = incident.filter(|incident| !is_own(incident.handset.as_ref())) {
                let cursor = self.cursor(row);
                frames.push(if incident.is_open() {
                    Frame::incident(&cursor, &self.view(&incident).await?, self.now())
                } else {
                    Frame::record(&cursor, &IncidentView::new(&incident, None, None, self.now()))
                });
            }
        }
        let cursor = self.cursor(end);
        let now = self.now();
        if role == Role::Supervisor {
            frames.extend(self.calling_supervisors(&cursor, now));
        }
        frames.extend(self.locked().unsaved.values().map(|view| Frame::incident(&cursor, view, now)));
        frames.push(Frame::health(&cursor, &self.shared.health.view(now)));
        Ok(Some((frames, end)))
    }

    /// Takes up what this process has just committed, without asking the store, if it follows on what is known here.
    /// If it does not, the log of events will tell.
    pub(crate) fn take(&self, news: News) {
        let mut board = self.locked();
        let events = i64::try_from(news.events).unwrap_or(i64::MAX);
        let before = news.last_row.saturating_sub(events);
        if board.row != before {
            return;
        }
        // Who it turned out to be about has a name that only the store knows.
        let is_named_anew = |(incident, name): &(Incident, Option<String>)| {
            name.is_none() && board.incidents.get(&incident.id).is_some_and(|view| !is_about(view, incident))
        };
        if news.moved.iter().any(is_named_anew) {
            return;
        }
        let last = news.moved.len().saturating_sub(1);
        for (place, (incident, name)) in news.moved.into_iter().enumerate() {
            let known = board.incidents.get(&incident.id).and_then(|view| view.resident.as_ref());
            let name = name.or_else(|| known.map(|resident| resident.name.clone()));
            let view = self.view_of(&board, &incident, name);
            // Whoever resumes after one of several hears all of them again.
            let row = if place == last { news.last_row } else { before };
            self.show(&mut board, row, incident.id, view);
        }
    }

    fn put(&self, row: i64, id: IncidentId, view: IncidentView) {
        let mut board = self.locked();
        // Told already, perhaps with more that has happened since.
        if row > board.row {
            self.show(&mut board, row, id, view);
        }
    }

    fn show(&self, board: &mut Board, row: i64, id: IncidentId, mut view: IncidentView) {
        // It may have been made before the board was locked, and the last operator on duty have gone since.
        view.calls_supervisors |= board.calls_them_on(&id, &view);
        if is_own(view.handset.as_ref()) {
            board.row = board.row.max(row);
            board.probe = Some(view);
            return;
        }
        // The end of what screens showed is told whole; what is added to it later is added to a record, whose tasks move no more.
        let is_record = view.closed.is_some() && !board.incidents.contains_key(&id);
        let cursor = self.cursor(row);
        let frame = if is_record {
            Frame::record(&cursor, &view)
        } else {
            Frame::incident(&cursor, &view, self.now())
        };
        let known = |task: &TaskView| {
            let before = board.incidents.get(&id).into_iter().flat_map(|view| &view.tasks);
            before.into_iter().any(|known| known.id == task.task.id && known.version == task.task.version)
        };
        let is_told = |task: &TaskView| !is_record && !known(task);
        let tasks: Vec<TaskView> = TaskView::of(&view).into_iter().filter(is_told).collect();
        let tasks = tasks.iter().map(|task| Frame::task(&cursor, task, &view));
        let frames: Vec<Frame> = std::iter::once(frame).chain(tasks).collect();
        if view.closed.is_none() {
            board.incidents.insert(id, view);
        } else {
            board.incidents.remove(&id);
        }
        board.row = board.row.max(row);
        // Told under the lock: a snapshot taken before has an older row, one taken after holds this.
        for frame in frames {
            self.tell(frame);
        }
    }

    /// Whether this press of the probe has come as far as what screens are shown.
    pub fn has_probe(&self, press_id: &str) -> bool {
        let board = self.locked();
        let signals = board.probe.iter().flat_map(|view| &view.signals);
        signals.filter_map(|signal| signal.press_id.as_deref()).any(|known| known == press_id)
    }

    /// Who is here.
    pub(crate) fn attendance(&self) -> &Attendance {
        &self.attendance
    }

    /// Who has which incident on their screens.
    pub(super) fn on_screens(&self) -> &OnScreens {
        &self.on_screens
    }

    /// Whether a screen of the station is up at any process; nothing where none is here and the others cannot be heard.
    pub(crate) fn station_online(&self, station: &StationId) -> Option<bool> {
        if self.attendance.has_station(station) {
            return Some(true);
        }
        let hears_others = self.shared.bus.health().away.is_none();
        hears_others.then(|| self.shared.bus.is_station_online(station))
    }

    /// Whether an account is at the desk in this process.
    pub(crate) fn is_at_desk(&self, username: &str, now: Timestamp) -> bool {
        self.attendance.has_account(username, now)
    }

    /// The open incidents that somebody holds.
    pub(crate) fn held(&self) -> Vec<Held> {
        let board = self.locked();
        let held = board.incidents.iter().filter_map(|(id, view)| {
            let holder = view.holder.as_ref()?;
            Some(Held {
                incident: id.clone(),
                holder: holder.username.clone(),
                since: holder.since,
                is_lost: view.holder_lost,
            })
        });
        held.collect()
    }

    /// The open incidents in which a person may be in need, with the handset to be asked.
    pub(crate) fn in_danger(&self) -> Vec<InDanger> {
        let board = self.locked();
        let in_danger = board.incidents.iter().filter_map(|(id, view)| {
            let handset = view.handset.clone().filter(|_| view.is_about_a_life)?;
            Some(InDanger { incident: id.clone(), handset, opened_at: view.opened_at })
        });
        in_danger.collect()
    }
}

/// The tasks of these incidents that have not ended, as far as the account is shown tasks: a station its own.
fn shown_tasks(who: &Who, incidents: &[IncidentView], now: Timestamp) -> Vec<TaskView> {
    if !decide(who, Action::ListTasks, &Subject::Nothing, now).is_allowed() {
        return Vec::new();
    }
    let is_own =
        |task: &TaskView| who.role != Role::Station || who.station.as_ref() == Some(&task.task.station.id);
    let all = incidents.iter().flat_map(TaskView::of);
    all.filter(|task| task.task.state.is_live() && is_own(task)).collect()
}

/// Whether the incident is about whom it is shown to be about.
fn is_about(view: &IncidentView, incident: &Incident) -> bool {
    view.resident.as_ref().map(|resident| &resident.id) == incident.resident.as_ref()
}

/// Whether that is where somebody was, and that is kept from the account.
fn is_kept_from(who: &Who, shown: &LivePosition, now: Timestamp) -> bool {
    shown.resident.as_ref().is_some_and(|resident| hides_place(who, resident, shown.position.fix_time, now))
}

/// The same incident as it calls while somebody is on duty, or nobody.
fn sparing(board: &Board, incident: &Incident, mut view: IncidentView, now: Timestamp) -> IncidentView {
    if !board.calls_supervisors(incident, now) {
        view.calls_supervisors = false;
    }
    view
}

/// The same incident with the age its position has now.
fn aged(view: &IncidentView, now: Timestamp) -> IncidentView {
    let mut view = view.clone();
    if let Some(position) = &mut view.position {
        position.age_s = now.duration_since(position.fix_time).as_secs().max(0);
    }
    view
}
