//! From what there is to tell to signals with their evidence.

use super::crossing::Crossing;
use super::late::LATE_FROM_S;
use super::place::{Here, Place};
use super::state::State;
use super::{Context, sentence};
use crate::fence::tracker::Side;
use crate::fence::{Fence, FenceKind, belief, episode};
use crate::moment::Moment;
use crate::number;
use crate::shape::Area;
use crate::signal::{Draft, Evidence, Finding, FixUsed, Kind, Signal, finding};
use crate::silence::Due;
use crate::wandering::{self, pattern::Kind as Way};
use crate::zone::Zone;
use crate::zone::visit::{self, Visit};
use model::{Method, Severity, Timestamp, Wgs84};

const ACCURACY_OF_SIGMA: f64 = 1.0 / 0.6624;
/// So many places show a way that was judged.
const WAY_PLACES: usize = 24;
/// Findings about a fence: the hour that was missed, as a minute of the day, and 0 where nobody saw them on the right side before.
pub(super) const HOUR: &str = "hour_min";
pub(super) const SEEN_BEFORE: &str = "seen_before";
/// For how long no fix has said on which side of an edge they are, where that is too long to know it.
pub(super) const UNSUPPORTED: &str = "unsupported_s";
/// Of an hour that was missed: how long after it they were first seen to be out.
pub(super) const SEEN_OUT_AFTER: &str = "seen_out_after_s";

/// What is due about the fences.
pub(super) fn fences(context: &Context<'_>, state: &mut State, effects: &mut Vec<Signal>) {
    if state.calm.is_some() {
        return;
    }
    for number in 0..state.fences.len() {
        if at_another_until(context, state, number).is_some() {
            // Nor does anybody miss the hours that pass meanwhile.
            if let Some(episode) = state.fences.get_mut(number).and_then(|held| held.episode.as_mut()) {
                episode.forget_hours();
            }
            continue;
        }
        let Some(fence) = context.resident.fences.get(number) else { continue };
        let Some(held) = state.fences.get_mut(number) else { continue };
        let time = episode::Now { at: context.judged, now: context.now };
        if held.tracker.side != fence.kind.alarming() {
            if held.tracker.side != Side::Unknown {
                // A snooze that was left for a leaving that did not come.
                held.episode.take_if(|episode| !episode.is_raised());
            }
            continue;
        }
        let episode = held.episode.get_or_insert_default();
        let told = episode.judge(fence, &held.tracker, time, &context.world.rules);
        effects.extend(told.and_then(|told| about_fence(context, state, number, told)));
    }
}

/// Where nobody ever saw them within this safe fence while they are within another one of theirs that is armed: until when its hours
/// last. Of two homes one would alarm for ever; it does once they are outside of both, or have been in it. A quarter that holds this
/// fence is no other home: who is in it may be out all night.
pub(super) fn at_another_until(context: &Context<'_>, state: &State, number: usize) -> Option<Moment> {
    let is_unseen = state.fences.get(number).is_some_and(|held| {
        let is_outside = held.tracker.side == Side::Outside;
        is_outside && held.episode.as_ref().is_some_and(|episode| episode.is_unseen())
    });
    let is_safe = |fence: &Fence| fence.kind == FenceKind::Safe;
    let own = context.resident.fences.get(number).filter(|own| is_unseen && is_safe(own))?;
    let known = context.resident.fences.iter().zip(&state.fences);
    let others = known.filter(|(other, held)| {
        let is_in = is_safe(other) && held.tracker.side == Side::Inside && other.is_armed(context.now);
        is_in && !other.area.holds_middle_of(&own.area)
    });
    others.map(|(other, _)| other.schedule.changes_after(context.now)).max()
}

/// A signal about a fence.
pub(super) fn about_fence(
    context: &Context<'_>,
    state: &State,
    number: usize,
    told: episode::Told,
) -> Option<Signal> {
    let (fence, held) = (context.resident.fences.get(number)?, state.fences.get(number)?);
    let since = held.tracker.since.min(context.now);
    let minute = |hour: Moment| finding(HOUR, f64::from(hour.local().minute), None);
    let unseen = (told.is_unseen && told.again == 0).then(|| finding(SEEN_BEFORE, 0.0, None));
    let after_s = told.hour.map(|hour| since.seconds_since(hour)).filter(|after_s| *after_s > 0.0);
    let after = after_s.map(|after_s| finding(SEEN_OUT_AFTER, after_s, None));
    let unclear = unclear(context, told.kind, state.supported_at(held));
    let evidence = Evidence {
        again: (told.kind != Kind::FenceReturn).then_some(told.again),
        step_m: told.step_m,
        findings: told.hour.map(minute).into_iter().chain(after).chain(unseen).chain(unclear).collect(),
        ..of_edge(context, state, &fence.area, told.rule)
    };
    let draft = draft(context, told.kind, &fence.id, since, evidence);
    Some(finish(context, draft, Some(fence), None))
}

/// Forbidden ground that was passed between two fixes.
pub(super) fn crossed(
    context: &Context<'_>,
    state: &State,
    number: usize,
    crossing: &Crossing,
) -> Option<Signal> {
    let fence = context.resident.fences.get(number)?;
    let Crossing { since, passage, gap_s, walked_m } = *crossing;
    let findings = vec![
        finding("gap_s", gap_s, None),
        finding("inside_m", passage.inside_m, None),
        finding("detour_m", passage.detour_m, walked_m),
    ];
    let evidence = Evidence { findings, ..of_edge(context, state, &fence.area, "fence/cross") };
    let draft = draft(context, Kind::ZoneEntry, &fence.id, since, evidence);
    Some(finish(context, draft, Some(fence), None))
}

/// What is due about the zones.
pub(super) fn visits(context: &Context<'_>, state: &mut State, effects: &mut Vec<Signal>) {
    for number in 0..state.visits.all().len() {
        let Some(held) = state.visits.all_mut().get_mut(number) else { continue };
        let Some(zone) = context.world.zones.get(held.zone) else { continue };
        let told = held.judge(zone, state.rode_at, context.now, &context.world.rules);
        let held = *held;
        effects.extend(told.and_then(|told| about_visit(context, state, &held, told)));
    }
}

/// A signal about a zone.
pub(super) fn about_visit(
    context: &Context<'_>,
    state: &State,
    held: &Visit,
    told: visit::Told,
) -> Option<Signal> {
    let zone = context.world.zones.get(held.zone)?;
    let again = (told.kind != Kind::FenceReturn).then_some(told.again);
    let findings = unclear(context, told.kind, held.tracker.supported_at).into_iter().collect();
    let evidence = Evidence { again, findings, ..of_edge(context, state, &zone.area, told.rule) };
    let since = held.tracker.since.min(context.now);
    let draft = draft(context, told.kind, &zone.id, since, evidence);
    Some(finish(context, draft, None, Some(zone)))
}

/// That nobody can say any more on which side of an edge they are, as screens say it too: what is told goes on, for they are not found.
fn unclear(context: &Context<'_>, kind: Kind, supported_at: Moment) -> Option<Finding> {
    if kind == Kind::FenceReturn || supported_at == Moment::PAST {
        return None;
    }
    let (age_s, limit_s) = (context.now.seconds_since(supported_at), context.world.rules.unknown_after_s);
    (age_s > limit_s).then(|| finding(UNSUPPORTED, age_s, limit_s))
}

/// A signal about a way that leads nowhere.
pub(super) fn wandering(context: &Context<'_>, state: &State, kind: Kind, told: wandering::Told) -> Signal {
    let fixes = way(state, told.since);
    let common = common(context, state, told.rule);
    // These are weighed by a table that was learned; the others stand on the rules' own numbers.
    let is_learned = matches!(told.found.kind, Way::Pacing | Way::Lapping | Way::Random);
    let learned = is_learned.then(|| wandering::version(context.world.rules.wandering_limit));
    let version =
        learned.map_or_else(|| common.version.clone(), |learned| format!("{} {learned}", common.version));
    let evidence = Evidence { fixes, findings: told.found.findings, version, ..common };
    let mut draft = draft(context, kind, "", told.since, evidence);
    if !context.resident.policy.dementia {
        draft.severity = Severity::Notice;
    }
    finish(context, draft, None, None)
}

/// The places of a way that was judged, thinned, and the newest fixes as they came. A way keeps no methods: its places bear that
/// of the newest fix.
fn way(state: &State, since: Moment) -> Vec<FixUsed> {
    let newest: Vec<Place> = state.recent.iter().collect();
    let method = state.last.map_or(Method::Gps, |last| last.method);
    let until = newest.first().map_or(Moment::NEVER, |first| first.at);
    let kept = state.wandering.path().between(since, until, WAY_PLACES.saturating_sub(newest.len()));
    let kept = kept.into_iter().filter_map(|kept| {
        let position = Wgs84::new(kept.lat, kept.lon).ok()?;
        Some(Here::new(position, kept.sigma_m, method, kept.at).place)
    });
    kept.chain(newest).filter_map(|place| fix_used(place, None)).collect()
}

/// A signal about the handset or the body. Fixes say that nobody moves, and where somebody was who is not heard any more.
pub(super) fn due(context: &Context<'_>, state: &State, due: Due) -> Signal {
    let is_by_fixes = matches!(due.kind, Kind::Inactivity | Kind::Silence);
    let fixes = if is_by_fixes { newest(state, None) } else { Vec::new() };
    let (again, findings) = (Some(due.again), due.findings);
    let evidence = Evidence { again, fixes, findings, ..common(context, state, due.rule) };
    let mut draft = draft(context, due.kind, "", due.since.min(context.now), evidence);
    draft.severity = due.severity;
    finish(context, draft, None, None)
}

fn draft<'a>(
    context: &Context<'a>,
    kind: Kind,
    cause: &'a str,
    since: Moment,
    evidence: Evidence,
) -> Draft<'a> {
    let severity = severity(kind, context.resident.policy.dementia);
    Draft { resident: &context.resident.id, kind, cause, since, at: context.now, severity, evidence }
}

/// Who loses the way is in more danger outside than others.
fn severity(kind: Kind, dementia: bool) -> Severity {
    let plain = kind.signal().map_or(Severity::Notice, model::SignalKind::severity);
    let is_about_place = matches!(kind, Kind::FenceExit | Kind::Overdue);
    if dementia && is_about_place { plain.max(Severity::Urgent) } else { plain }
}

fn finish(context: &Context<'_>, draft: Draft<'_>, fence: Option<&Fence>, zone: Option<&Zone>) -> Signal {
    let mut signal = draft.signal();
    signal.fence = fence.map(|fence| fence.id.clone());
    signal.zone = zone.map(|zone| zone.id.clone());
    let is_safe = fence.is_some_and(|fence| fence.kind == FenceKind::Safe);
    let place = fence.map(|fence| &fence.name).or(zone.map(|zone| &zone.name)).map_or("", String::as_str);
    signal.evidence.why = sentence::why(&signal, &context.resident.name, place, is_safe);
    signal
}

/// Whether it says again what was said: that is told by the clock, on time however old the newest fix is.
fn is_repeat(rule: &str) -> bool {
    matches!(rule, "fence/still_outside" | "fence/still_inside" | "zone/still_inside")
}

fn common(context: &Context<'_>, state: &State, rule: &str) -> Evidence {
    let is_brought = context.is_brought && !is_repeat(rule) && state.newest != Moment::PAST;
    let age_s = if is_brought { context.now.seconds_since(state.newest) } else { 0.0 };
    let late_by_s = if age_s > LATE_FROM_S { u64::try_from(number::long(age_s)).unwrap_or(0) } else { 0 };
    let version = context.world.rules.version.clone();
    Evidence { rule: rule.to_owned(), version, late_by_s, ..Evidence::default() }
}

fn of_edge(context: &Context<'_>, state: &State, area: &Area, rule: &str) -> Evidence {
    let fixes = newest(state, Some(area));
    Evidence {
        distance_m: fixes.last().and_then(|fix| fix.distance_m),
        threshold: Some(context.world.rules.threshold),
        fixes,
        ..common(context, state, rule)
    }
}

/// The newest fixes, as seen from an area if it is about one.
fn newest(state: &State, area: Option<&Area>) -> Vec<FixUsed> {
    state.recent.iter().filter_map(|place| fix_used(place, area)).collect()
}

fn fix_used(place: Place, area: Option<&Area>) -> Option<FixUsed> {
    let sigma_m = f64::from(place.sigma_m);
    let distance_m = area.zip(place.position()).map(|(area, position)| area.signed_distance_m(position));
    let fix_time: Timestamp = place.at.set()?;
    let (lat, lon) = place.degrees();
    Some(FixUsed {
        fix_time,
        lat,
        lon,
        method: place.method,
        accuracy_m: number::tenth(sigma_m * ACCURACY_OF_SIGMA),
        distance_m: distance_m.map(number::tenth),
        inside: distance_m.map(|distance_m| belief::inside_told(distance_m, sigma_m)),
    })
}
