//! Which stations could be asked to go, in order, as they stand now.

use crate::{
    Shared,
    live::Hub,
    view::{PositionView, StationRef},
};
use incident::{
    Incident,
    choice::{self, Against, Need, Skill, Standing},
    ladder::works_at,
};
use model::{Local, StationId, Wgs84};
use serde::Serialize;
use store::{StationLoad, StoreError};
use utoipa::ToSchema;

/// How well a home address is known: the house, and the yard about it.
const HOME_ACCURACY_M: f64 = 50.0;

/// A station that could be asked to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateView {
    /// Which.
    pub(crate) station: StationRef,
    /// Where somebody answers.
    pub(crate) telephone: String,
    /// How far it is as the crow flies, in metres; null if nobody knows where help is needed.
    distance_m: Option<f64>,
    /// Its tasks that have not ended.
    load: u32,
    /// Whether somebody there would see a task at once; null while nobody knows, because other processes cannot be heard.
    pub(crate) online: Option<bool>,
    /// What it can do besides going there.
    skills: Vec<Skill>,
    /// Why it had better not be asked, or another before it, the gravest reason first. Each but the recommended one has a reason.
    against: Vec<Against>,
    /// It is the one to ask.
    pub(crate) recommended: bool,
}

/// From where the distances are counted.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// Where the person is.
    Position,
    /// Home: the position is too old or not known.
    Home,
    /// Where the person was long ago: no home is on record.
    OldPosition,
    /// Nobody knows where.
    Nowhere,
}

/// The stations in the order in which they would be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidatesView {
    /// The stations.
    pub(crate) items: Vec<CandidateView>,
    /// Always null: there are no more.
    next: Option<String>,
    /// From where the distances are counted.
    from: CountedFrom,
    /// How far off that may be, in metres: as exact as the position was, and as far as the person may have walked since.
    accuracy_m: Option<f64>,
    /// The skills of which any helps with what happened; empty: none in particular.
    wanted: Vec<Skill>,
}

/// The stations in order, each with its distance, its load, and why it had better not be asked.
pub(crate) async fn ranked(
    shared: &Shared,
    hub: &Hub,
    incident: &Incident,
) -> Result<CandidatesView, StoreError> {
    Ok(Field::read(shared, hub, incident).await?.ranked())
}

/// All that the choice is made of, read once.
pub(crate) struct Field {
    stations: Vec<(StationLoad, Standing)>,
    need: Option<Need>,
    from: CountedFrom,
    wanted: Vec<Skill>,
}

impl Field {
    /// As things stand now.
    pub(crate) async fn read(shared: &Shared, hub: &Hub, incident: &Incident) -> Result<Self, StoreError> {
        let loads = shared.stations().await?;
        let (need, from) = need(shared, hub, incident).await?;
        let at = Local::at(shared.clock.now());
        let stand = |load: StationLoad| {
            let standing = standing(hub, incident, &load, at);
            (load, standing)
        };
        let stations = loads.into_iter().map(stand).collect();
        Ok(Self { stations, need, from, wanted: choice::wanted(&incident.signals) })
    }

    /// All of them, in order.
    pub(crate) fn ranked(&self) -> CandidatesView {
        self.ranked_without(&[])
    }

    /// The same as if these were not there.
    pub(crate) fn ranked_without(&self, left_out: &[StationId]) -> CandidatesView {
        let Self { stations, need, from, wanted } = self;
        let is_in = |(_, standing): &&(StationLoad, Standing)| !left_out.contains(&standing.station);
        let standings: Vec<Standing> =
            stations.iter().filter(is_in).map(|(_, standing)| standing.clone()).collect();
        let items = choice::candidates(*need, wanted, &standings).into_iter().filter_map(|candidate| {
            let (load, standing) =
                stations.iter().find(|(_, standing)| standing.station == candidate.station)?;
            Some(CandidateView {
                station: StationRef { id: candidate.station, name: load.station.name.clone() },
                telephone: load.station.telephone.clone(),
                distance_m: candidate.distance_m.map(f64::round),
                load: load.live_tasks,
                online: standing.is_online,
                skills: load.station.skills.clone(),
                against: candidate.against,
                recommended: candidate.is_recommended,
            })
        });
        let (items, accuracy_m) = (items.collect(), need.map(|need| need.accuracy_m.round()));
        CandidatesView { items, next: None, from: *from, accuracy_m, wanted: wanted.clone() }
    }
}

fn standing(
    hub: &Hub,
    incident: &Incident,
    StationLoad { station, live_tasks, accounts }: &StationLoad,
    at: Local,
) -> Standing {
    let tasks = || incident.tasks.iter().filter(|task| task.station == station.id);
    Standing {
        station: station.id.clone(),
        place: station.place,
        on_duty: station.on_duty,
        in_hours: works_at(&station.hours, at),
        skills: station.skills.clone(),
        is_online: hub.station_online(&station.id),
        has_account: *accounts > 0,
        live_tasks: *live_tasks,
        is_asked: tasks().any(|task| task.state.is_live()),
        has_declined: tasks()
            .any(|task| matches!(task.state, incident::TaskState::Declined | incident::TaskState::Failed)),
    }
}

/// Where help is needed: where the person is, if that is known well enough, else home.
async fn need(
    shared: &Shared,
    hub: &Hub,
    incident: &Incident,
) -> Result<(Option<Need>, CountedFrom), StoreError> {
    let position = hub.view(incident).await?.position;
    let seen = |position: &PositionView| {
        let place = Wgs84::new(position.lat, position.lon).ok()?;
        Some(Need::seen(place, position.accuracy_m, position.age_s))
    };
    let there = position.as_ref().and_then(seen);
    if let Some(need) = there.filter(|need| !need.is_old) {
        return Ok((Some(need), CountedFrom::Position));
    }
    let resident = match &incident.resident {
        Some(id) => shared.store.resident(id).await?,
        None => None,
    };
    Ok(match (resident.and_then(|resident| resident.home), there) {
        (Some(place), _) => {
            (Some(Need { place, accuracy_m: HOME_ACCURACY_M, is_old: false }), CountedFrom::Home)
        }
        (None, Some(need)) => (Some(need), CountedFrom::OldPosition),
        (None, None) => (None, CountedFrom::Nowhere),
    })
}
