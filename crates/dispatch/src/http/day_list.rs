//! The list of the day: what is technical and wakes nobody.

use super::{
    App,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::view::ResidentRef;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Query, State},
};
use model::{HandsetId, ResidentId, Signal, SignalKind, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use utoipa::{IntoParams, ToSchema};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Read of one day at most.
const AT_MOST: u32 = 5_000;
/// So many handsets with the same trouble within [`WITHIN`], whenever that begins, are one trouble: the network's, not theirs. It
/// lasts as long as there are so many.
const FLOOD: usize = 10;
const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Day {
    /// The end of the 24 hours; absent: now.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Why, where those hours are over for a day and more; it goes on record.
    reason: Option<String>,
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

/// What was technical in 24 hours.
#[derive(Debug, Serialize, ToSchema)]
pub struct TechnicalList {
    /// One item for each handset and kind, and one for a flood; that with the newest signal first.
    items: Vec<TechnicalItem>,
    /// Always null: there is one page.
    next: Option<String>,
    /// How many signals there were.
    total: u64,
    /// There were more than are read at once: the items are made of the newest.
    incomplete: bool,
}

/// Technical signals of 24 hours that stand in no incident: one item for each handset and kind, and one for a flood. Those of long ago
/// are nobody's work any more and a list of names: whoever reads them says why.
#[utoipa::path(get, path = "/api/technical", operation_id = "technical", params(Day), responses(
    (status = 200, body = TechnicalList),
    (status = 403, body = super::problem::ProblemView, description = "Hours of long ago without a reason, or it is not for this role.")))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(day): Query<Day>,
) -> Result<Json<TechnicalList>, Problem> {
    visitor.may(Action::ReadTechnical, &Subject::Nothing, None)?;
    let (now, reason) = (visitor.now(), day.reason.as_deref().unwrap_or_default().trim());
    let to = day.to.unwrap_or(now);
    if now.duration_since(to) > DAY {
        visitor.may(Action::ListResidents, &Subject::Nothing, Some(reason))?;
    }
    let from = to.checked_sub(DAY).unwrap_or(to);
    let (store, scope) = (&app.shared.store, visitor.who.scope.as_ref());
    let signals = store.signals_without_incident(from, to, scope, AT_MOST).await?;
    let read = u64::try_from(signals.len()).unwrap_or(u64::MAX);
    let is_full = read >= u64::from(AT_MOST);
    // It may have grown by what came in between, and it is no less than what was read.
    let total = if is_full { store.count_without_incident(from, to, scope).await?.max(read) } else { read };
    let items = folded(signals);
    let shown = items.iter().filter_map(|item| item.resident.as_ref()).map(|resident| &resident.id);
    let shown = shown_to(shown);
    let looked = if reason.is_empty() { shown } else { format!("{reason}, {shown}") };
    visitor.record("list_technical", "signals", looked).await?;
    Ok(Json(TechnicalList { items, next: None, total, incomplete: total > read }))
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
    let floods = floods(&told);
    let mut items = Vec::new();
    for flood in &floods {
        let told = told.get(flood.clone()).unwrap_or_default();
        let handsets: BTreeSet<_> = told.iter().filter_map(|(signal, _)| signal.handset.clone()).collect();
        items.extend(item(told, handsets.into_iter().collect(), true));
    }
    let mut by_handset: BTreeMap<Option<HandsetId>, Vec<Told>> = BTreeMap::new();
    for (place, one) in told.into_iter().enumerate() {
        if !floods.iter().any(|flood| flood.contains(&place)) {
            by_handset.entry(one.0.handset.clone()).or_default().push(one);
        }
    }
    for (handset, told) in by_handset {
        items.extend(item(&told, handset.into_iter().collect(), false));
    }
    items
}

/// Where the floods are among these, which are of one kind and in order of time. A flood goes on with what comes within the same
/// span after its last.
fn floods(told: &[Told]) -> Vec<Range<usize>> {
    let mut floods: Vec<Range<usize>> = Vec::new();
    let mut counts = Counts::default();
    let mut start = 0;
    for (end, (newest, _)) in (1..).zip(told) {
        counts.add(newest);
        while let Some((oldest, _)) = told.get(start).filter(|(oldest, _)| !is_near(oldest, newest)) {
            counts.remove(oldest);
            start += 1;
        }
        if counts.0.len() < FLOOD {
            continue;
        }
        let goes_on = |flood: &&mut Range<usize>| {
            let edges = told.get(flood.end.saturating_sub(1)).zip(told.get(start));
            start <= flood.end && edges.is_some_and(|(last, next)| is_near(&last.0, &next.0))
        };
        match floods.last_mut().filter(goes_on) {
            Some(flood) => flood.end = end,
            None => floods.push(start..end),
        }
    }
    floods
}

fn is_near(earlier: &Signal, later: &Signal) -> bool {
    later.received_at.duration_since(earlier.received_at) <= WITHIN
}

/// How often each handset told it within the span that is looked at.
#[derive(Debug, Default)]
struct Counts<'a>(BTreeMap<&'a HandsetId, usize>);

impl<'a> Counts<'a> {
    fn add(&mut self, signal: &'a Signal) {
        if let Some(handset) = &signal.handset {
            *self.0.entry(handset).or_default() += 1;
        }
    }

    fn remove(&mut self, signal: &Signal) {
        let Some(handset) = &signal.handset else { return };
        if let Some(count) = self.0.get_mut(handset).filter(|count| **count > 1) {
            *count -= 1;
        } else {
            self.0.remove(handset);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::SignalId;

    /// So many minutes into the day this handset told its trouble.
    fn told(minute: i64, handset: usize, kind: SignalKind) -> Told {
        let id = SignalId::from_cause("test", &[&minute.to_string(), &handset.to_string(), kind.as_str()]);
        let at = Timestamp::from_second(1_795_000_000 + minute * 60).unwrap();
        let handset = HandsetId::new(format!("h-{handset}")).ok();
        let (resident, press_id, fix, caller, words, evidence) = Default::default();
        let (cancel, late_by_s, remarks, graver) = Default::default();
        let signal = Signal {
            id,
            kind,
            handset,
            resident,
            press_id,
            cancel,
            at,
            received_at: at,
            late_by_s,
            remarks,
            fix,
            caller,
            words,
            graver,
            evidence,
        };
        (signal, None)
    }

    /// One handset after the other, so many minutes apart.
    fn one_by_one(from: i64, step: i64, handsets: Range<usize>) -> Vec<Told> {
        let minutes = (0..).map(|nth: i64| from + nth * step);
        minutes.zip(handsets).map(|(minute, handset)| told(minute, handset, SignalKind::Silence)).collect()
    }

    /// The items: how many signals of how many handsets, and whether they are a flood.
    fn items(told: Vec<Told>) -> Vec<(usize, usize, bool)> {
        let mut items: Vec<_> =
            folded(told).iter().map(|item| (item.count, item.handsets_total, item.flood)).collect();
        items.sort_unstable();
        items
    }

    #[test]
    fn a_flood_is_one_item_whenever_it_began_and_however_long_it_lasts() {
        let stray = vec![told(0, 99, SignalKind::Silence)];
        let after_a_stray = [stray, one_by_one(6, 1, 0..12)].concat();
        assert_eq!(items(after_a_stray), [(1, 1, false), (12, 12, true)]);
        assert_eq!(items(one_by_one(0, 1, 0..60)), [(60, 60, true)], "an hour");
        let apart = [one_by_one(0, 1, 0..10), one_by_one(19, 1, 10..20), one_by_one(100, 1, 0..10)].concat();
        assert_eq!(items(apart), [(10, 10, true), (20, 20, true)]);
    }

    #[test]
    fn what_is_spread_over_the_day_or_is_one_handsets_own_stays_apart() {
        assert_eq!(items(one_by_one(0, 2, 0..12)), [(1, 1, false); 12], "six within ten minutes");
        let restless: Vec<Told> = (0..20).map(|minute| told(minute, 1, SignalKind::Silence)).collect();
        assert_eq!(items(restless), [(20, 1, false)]);
        let mixed = (0..12).map(|nth| {
            let kind = if nth % 2 == 0 { SignalKind::LowBattery } else { SignalKind::Silence };
            told(0, nth, kind)
        });
        assert_eq!(items(mixed.collect()), [(1, 1, false); 12], "two troubles of six");
    }
}
