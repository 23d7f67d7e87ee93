//! The list of the day: what is technical and wakes nobody.

use super::{
    App,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::view::{Page, ResidentRef};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Query, State},
};
use model::{HandsetId, ResidentId, Signal, SignalKind, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Read of one day at most.
const AT_MOST: u32 = 5_000;
/// So many handsets with the same trouble within [`WITHIN`] are one trouble: the network's, not theirs.
const FLOOD: usize = 10;
const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Day {
    /// The end of the 24 hours; absent: now.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

/// One trouble of a handset, or of many at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct TechnicalItem {
    /// What it is.
    kind: SignalKind,
    /// How often it was told.
    count: usize,
    /// When it was told first.
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    /// When it was told last.
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    /// The handsets that told it; of a flood the first hundred.
    #[schema(value_type = Vec<String>)]
    handsets: Vec<HandsetId>,
    /// How many those are.
    handsets_total: usize,
    /// Whom it is about, of a single handset.
    resident: Option<ResidentRef>,
    /// Many handsets told it at once: look at the network, not at them.
    flood: bool,
}

/// Technical signals of 24 hours that stand in no incident: one item for each handset and kind, and one for a flood.
#[utoipa::path(get, path = "/api/technical", operation_id = "technical", params(Day), responses(
    (status = 200, body = Page<TechnicalItem>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(day): Query<Day>,
) -> Result<Json<Page<TechnicalItem>>, Problem> {
    visitor.may(Action::ReadTechnical, &Subject::Nothing, None)?;
    let to = day.to.unwrap_or_else(|| visitor.now());
    let from = to.checked_sub(DAY).unwrap_or(to);
    let (store, scope) = (&app.shared.store, visitor.who.scope.as_ref());
    let signals = store.signals_without_incident(from, to, scope, AT_MOST).await?;
    let items = folded(signals);
    let shown = items.iter().filter_map(|item| item.resident.as_ref()).map(|resident| &resident.id);
    visitor.record("list_technical", "signals", shown_to(shown)).await?;
    Ok(Json(Page { items, next: None }))
}

type Told = (Signal, Option<String>);

/// One item for each kind and handset, newest first; what many told at once is one.
fn folded(signals: Vec<Told>) -> Vec<TechnicalItem> {
    let mut by_kind: BTreeMap<&'static str, Vec<Told>> = BTreeMap::new();
    for told in signals {
        by_kind.entry(told.0.kind.as_str()).or_default().push(told);
    }
    let mut items: Vec<TechnicalItem> = by_kind.into_values().flat_map(of_kind).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.last_at));
    items
}

fn of_kind(mut told: Vec<Told>) -> Vec<TechnicalItem> {
    told.sort_by_key(|(signal, _)| signal.received_at);
    let (mut items, mut alone) = (Vec::new(), Vec::new());
    let mut rest = told.as_slice();
    while let Some(((first, _), _)) = rest.split_first() {
        let ends = first.received_at.checked_add(WITHIN).unwrap_or(first.received_at);
        let (near, later) = rest.split_at(rest.partition_point(|(signal, _)| signal.received_at <= ends));
        rest = later;
        let handsets: std::collections::BTreeSet<_> =
            near.iter().filter_map(|(signal, _)| signal.handset.clone()).collect();
        if handsets.len() >= FLOOD {
            items.extend(item(near, handsets.into_iter().collect(), true));
        } else {
            alone.extend_from_slice(near);
        }
    }
    let mut by_handset: BTreeMap<Option<HandsetId>, Vec<Told>> = BTreeMap::new();
    for one in alone {
        by_handset.entry(one.0.handset.clone()).or_default().push(one);
    }
    for (handset, told) in by_handset {
        items.extend(item(&told, handset.into_iter().collect(), false));
    }
    items
}

fn item(told: &[Told], mut handsets: Vec<HandsetId>, flood: bool) -> Option<TechnicalItem> {
    let ((first, _), (last, name)) = (told.first()?, told.last()?);
    let named = |id: &ResidentId| ResidentRef { id: id.clone(), name: name.clone().unwrap_or_default() };
    let handsets_total = handsets.len();
    handsets.truncate(100);
    Some(TechnicalItem {
        kind: first.kind,
        count: told.len(),
        first_at: first.received_at,
        last_at: last.received_at,
        handsets,
        handsets_total,
        resident: last.resident.as_ref().filter(|_| !flood).map(named),
        flood,
    })
}
