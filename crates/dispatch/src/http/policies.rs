//! How a resident is watched, beside their fences.

use super::{
    App,
    fences::{changed, drawn_by, looked_at},
    problem::Problem,
    residents::Reason,
    session::Visitor,
    standing::LinkStood,
    words::unprocessable,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use geofence::{
    Policy, Worn,
    silence::{HEARTBEAT_S, body::Outlook},
};
use model::{HandsetId, ResidentId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{JobError, PutPolicy, WatchPolicy, WatchedResident};
use utoipa::ToSchema;

/// Handsets of those who go with somebody at most.
const COMPANIONS: usize = 4;

/// What is said about how a resident is watched. What is left null follows from the others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyRecord {
    /// Loses the way: zones are watched, and what is found weighs more.
    dementia: bool,
    /// Nobody else in the home would notice.
    lives_alone: bool,
    /// Goes out with a companion as a rule: patterns of wandering must be plainer.
    #[serde(default)]
    companion: bool,
    /// Whether zones are watched; as `dementia`.
    zones: Option<bool>,
    /// Whether wandering is looked for; yes.
    wandering: Option<bool>,
    /// Whether leaving the usual ground is looked for; as `dementia`. It needs four weeks of habits.
    habits: Option<bool>,
    /// Whether a day without movement is looked for; as `lives_alone`.
    inactivity: Option<bool>,
    /// How often the handset says something at least, in seconds; null: as the handset's own interval is, or as is usual; 0: its
    /// silence is not supervised.
    heartbeat_s: Option<f64>,
    /// Where the handset is worn: `waist`, `pocket` or `wrist`.
    #[schema(value_type = Option<String>)]
    worn: Option<Worn>,
    /// Handsets of people who go with them, at most 4; one of these near, and what looks like wandering weighs less.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    companions: Vec<HandsetId>,
}

/// What is said, and what comes of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// What is said; what is on record about the resident where nobody said anything.
    #[serde(flatten)]
    said: PolicyRecord,
    /// Counts its changes; 0 while nobody said anything.
    version: i64,
    /// Whether the resident is watched at all: there is a policy or a fence, or a handset was given to them; and they agree to be
    /// tracked.
    watched: bool,
    /// What is looked for.
    in_force: InForce,
    /// Whether the handset speaks: `ok`, `late`, `offline`, or `unknown` where nobody supervises that.
    link: &'static str,
    /// When it was heard last; null if it never was.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_since: Option<Timestamp>,
    /// When its battery will be empty, as well as can be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    battery_empty_at: Option<Timestamp>,
}

/// What is looked for.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that is looked for or not")]
pub struct InForce {
    /// Zones shared by all.
    zones: bool,
    /// Ways that lead nowhere.
    wandering: bool,
    /// Leaving the usual ground.
    habits: bool,
    /// A day without movement. Whether one would be told now is `no_movement`.
    inactivity: bool,
    /// What comes of that: `told`, at 21:00 at the latest; `learning`, since fewer than seven days are known; `usual`, where whole days
    /// without movement are their custom, so that none is told; `off`, where it is not looked for.
    no_movement: &'static str,
    /// The silence of the handset, also of somebody who does not agree to be tracked.
    silence: bool,
}

/// A new policy.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PolicyChange {
    /// The version that was seen; 0 if nobody said anything.
    expected_version: i64,
    /// What it says from now on.
    #[serde(flatten)]
    said: PolicyRecord,
}

impl From<WatchPolicy> for PolicyRecord {
    fn from(WatchPolicy { policy, heartbeat_s, worn, companions }: WatchPolicy) -> Self {
        let Policy { dementia, lives_alone, companion, zones, wandering, habits, inactivity } = policy;
        Self {
            dementia,
            lives_alone,
            companion,
            zones,
            wandering,
            habits,
            inactivity,
            heartbeat_s,
            worn,
            companions,
        }
    }
}

impl From<PolicyRecord> for WatchPolicy {
    fn from(said: PolicyRecord) -> Self {
        let PolicyRecord {
            dementia,
            lives_alone,
            companion,
            zones,
            wandering,
            habits,
            inactivity,
            heartbeat_s,
            worn,
            companions,
        } = said;
        let policy = Policy { dementia, lives_alone, companion, zones, wandering, habits, inactivity };
        Self { policy, heartbeat_s, worn, companions }
    }
}

/// How a resident is watched. It says what illness they have, so it is a look like any other.
#[utoipa::path(get, path = "/api/residents/{id}/policy", operation_id = "read_policy", params(("id" = String, Path), Reason),
    responses((status = 200, body = PolicyView),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<PolicyView>, Problem> {
    let (id, glance) = looked_at(&app, &visitor, id, reason).await?;
    visitor.looked("read_policy", &glance, "").await?;
    view(&app, &id, visitor.now()).await.map(Json)
}

/// Says how a resident is watched: all of it.
#[utoipa::path(put, path = "/api/residents/{id}/policy", operation_id = "put_policy", params(("id" = String, Path)),
    request_body = PolicyChange, responses(
    (status = 200, body = PolicyView), (status = 404, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "Somebody else has changed it."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn put(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(change): Json<PolicyChange>,
) -> Result<Json<PolicyView>, Problem> {
    let resident = drawn_by(&app, &visitor, id).await?;
    check_heartbeat(change.said.heartbeat_s)?;
    check_companions(&app, &resident, &change.said.companions).await?;
    let said = serde_json::to_string(&change.said).unwrap_or_default();
    let audit = vec![visitor.audit("put_policy", resident.as_str(), said)];
    let (policy, from_version) = (change.said.into(), change.expected_version);
    let job = PutPolicy { resident: resident.clone(), policy, from_version, at: visitor.now(), audit };
    app.shared.store.write(job).await.map_err(|error| match error {
        JobError::Conflict => changed("policy"),
        error => error.into(),
    })?;
    view(&app, &resident, visitor.now()).await.map(Json)
}

/// An interval that handsets keep, or 0: that nobody misses it.
pub(super) fn check_heartbeat(heartbeat_s: Option<f64>) -> Result<(), Problem> {
    let is_none = |seconds: f64| seconds.abs() < f64::EPSILON;
    let wrong = heartbeat_s.filter(|seconds| !is_none(*seconds) && !HEARTBEAT_S.contains(seconds));
    wrong.map_or(Ok(()), |seconds| {
        let (least, most) = (HEARTBEAT_S.start(), HEARTBEAT_S.end());
        Err(unprocessable(format!("heartbeat_s is {seconds}; it is from {least} to {most} seconds")))
    })
}

/// A few handsets that there are, each once, and none of them the one that is accompanied.
async fn check_companions(app: &App, resident: &ResidentId, companions: &[HandsetId]) -> Result<(), Problem> {
    if companions.len() > COMPANIONS {
        return Err(unprocessable(format!("companions has at most {COMPANIONS} handsets")));
    }
    let (store, own) = (&app.shared.store, app.shared.store.handset_of(resident).await?);
    for (place, companion) in companions.iter().enumerate() {
        if companions.iter().take(place).any(|before| before == companion) {
            return Err(unprocessable(format!("companions names {companion} twice")));
        }
        if own.as_ref() == Some(companion) {
            return Err(unprocessable(format!("{companion} is the resident's own handset")));
        }
        if store.credential(companion).await?.is_none() {
            return Err(unprocessable(format!("companions names {companion}, and there is no such handset")));
        }
    }
    Ok(())
}

/// What comes of looking for a day without movement.
fn no_movement(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Learning => "learning",
        Outlook::Told => "told",
        Outlook::Usual => "usual",
    }
}

async fn view(app: &App, id: &ResidentId, now: Timestamp) -> Result<PolicyView, Problem> {
    let store = &app.shared.store;
    let found = store.watched(Some(id)).await?.pop();
    // Whoever does not agree to be tracked is looked for nowhere, whatever is drawn for them.
    let watched = found.as_ref().is_some_and(|about| about.is_tracked);
    // The handset's silence is no matter of where they are.
    let is_supervised = found.is_some();
    let about = if let Some(about) = found {
        about
    } else {
        let resident = store.resident(id).await?.ok_or_else(|| Problem::not_found("resident"))?;
        WatchedResident {
            id: id.clone(),
            name: resident.name,
            lives_alone: resident.lives_alone,
            cognitive_impairment: resident.cognitive_impairment,
            is_tracked: true,
            policy: None,
            carried: Vec::new(),
            heartbeat_s: None,
            is_telephone: false,
        }
    };
    let (in_force, version) = (about.in_force(), about.policy.as_ref().map_or(0, |stored| stored.version));
    let (policy, heartbeat_s) = (in_force.policy, about.heartbeat_s(app.usual_heartbeat_s()));
    let LinkStood { link, link_since, battery_empty_at, outlook } =
        LinkStood::of(store, id, (&app.watch_rules(), heartbeat_s), now).await?;
    let inactivity = watched && policy.watches_inactivity();
    Ok(PolicyView {
        said: about.policy().into(),
        version,
        watched,
        in_force: InForce {
            zones: watched && policy.watches_zones(),
            wandering: watched && policy.watches_wandering(),
            habits: watched && policy.watches_habits(),
            inactivity,
            no_movement: if inactivity { no_movement(outlook) } else { "off" },
            silence: is_supervised && heartbeat_s.is_some(),
        },
        link,
        link_since,
        battery_empty_at,
    })
}
