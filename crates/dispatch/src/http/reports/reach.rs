//! Whether people outside were reached, and whether handsets were heard.

use super::{App, Cell, Problem, Sheet, SpanQuery, TOWNSHIP, answer, in_file, table_of};
use crate::http::session::Visitor;
use access::{Action, Subject};
use axum::{
    extract::{Query, State},
    response::Response,
};
use incident::figures::percentile;
use model::{HandsetId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{HeardHours, NoticeFact};
use utoipa::{IntoParams, ToSchema};

/// Messages of a report at most.
const AT_MOST: u32 = 100_000;
/// So many handsets are named, those heard least first.
const NAMED: usize = 100;
/// By then it is written who was heard in an hour.
const WRITTEN_AFTER: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How messages by one way went.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelFigures {
    /// `sms`, `voice`, `webhook`, `email`, `handset`: what handsets heard of incidents, or `websocket`: screens of the desk, of stations
    /// and of the family.
    channel: String,
    /// How many were due.
    messages: usize,
    /// How many the other side took, or were written to a screen. What a handset has counts as sent and as delivered.
    sent: usize,
    /// How many ended without that; of words to a handset those that a newer one overtook too.
    given_up: usize,
    /// How often it was tried, all together; a word to a handset once.
    attempts: usize,
    /// There and back, on a screen until it was looked at, to a handset until it had it, in milliseconds: half of those sent took no longer.
    took_p50_ms: Option<u32>,
    /// Nine tenths of them took no longer.
    took_p90_ms: Option<u32>,
    /// The longest.
    took_max_ms: Option<u32>,
    /// From being due until the other side took it, in seconds: half of those sent.
    sent_p50_s: Option<u32>,
    /// Nine tenths of them.
    sent_p90_s: Option<u32>,
    /// How many the recipient answered: a relative about the incident, a station about its task, the desk by taking it or confirming a signal.
    acknowledged: usize,
    /// How many the provider reported to be on the telephone, or a page or a handset had.
    delivered: usize,
    /// From being due until then, in seconds: half of those.
    delivered_p50_s: Option<u32>,
    /// From being due until the provider reported that somebody took the call or read it, or a page was looked at, in seconds: half of those.
    seen_p50_s: Option<u32>,
    /// From being due until the recipient answered, in seconds: half of those.
    acknowledged_p50_s: Option<u32>,
    /// As `delivered_p50_s`, in milliseconds: a screen takes less than a second.
    delivered_p50_ms: Option<u32>,
    /// Nine tenths of them took no longer.
    delivered_p90_ms: Option<u32>,
    /// As `seen_p50_s`, in milliseconds.
    seen_p50_ms: Option<u32>,
    /// Nine tenths of them took no longer.
    seen_p90_ms: Option<u32>,
}

/// Whether people outside were reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeReport {
    /// From then on.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// There were more messages than fit into a report; ask for a shorter span.
    incomplete: bool,
    /// By way, in order of their names.
    channels: Vec<ChannelFigures>,
}

/// How long messages to people outside, to screens and to handsets took, and how many did not get there. Those of drills are left out.
#[utoipa::path(get, path = "/api/reports/notices", operation_id = "report_notices", params(SpanQuery), responses(
    (status = 200, content((NoticeReport = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 422, body = crate::http::problem::ProblemView)))]
pub async fn notices(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<SpanQuery>,
) -> Result<Response, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let now = visitor.now();
    let (from, to) = query.span(now)?;
    let mut facts = app.shared.store.notice_facts(from, to, AT_MOST).await?;
    let words = app.shared.store.word_facts((from, to), now, AT_MOST).await?;
    let at_most = usize::try_from(AT_MOST).unwrap_or(usize::MAX);
    let incomplete = facts.len() >= at_most || words.len() >= at_most;
    facts.extend(words);
    let report = NoticeReport { from, to, incomplete, channels: by_channel(facts) };
    visitor.record("read_report", "notices", format!("{from} to {to}")).await?;
    answer(query.format.as_deref(), "notices", &report, &[channels_sheet(&report)])
}

fn by_channel(facts: Vec<NoticeFact>) -> Vec<ChannelFigures> {
    let mut channels: BTreeMap<String, Vec<NoticeFact>> = BTreeMap::new();
    for fact in facts {
        channels.entry(fact.channel.clone()).or_default().push(fact);
    }
    channels.into_iter().map(|(channel, facts)| of_channel(channel, &facts)).collect()
}

fn of_channel(channel: String, facts: &[NoticeFact]) -> ChannelFigures {
    let sent = || facts.iter().filter(|fact| fact.sent_at.is_some());
    let mut took_ms: Vec<u32> = sent().filter_map(|fact| fact.took_ms).collect();
    took_ms.sort_unstable();
    let sent_s = waits_s(facts, |fact| fact.sent_at);
    let delivered_ms = waits_ms(facts, |fact| fact.delivered_at);
    let seen_ms = waits_ms(facts, |fact| fact.seen_at);
    let acknowledged_s = waits_s(facts, |fact| fact.acknowledged_at);
    let attempts = facts.iter().map(|fact| usize::try_from(fact.attempts).unwrap_or(usize::MAX));
    ChannelFigures {
        channel,
        messages: facts.len(),
        sent: sent().count(),
        given_up: facts.iter().filter(|fact| fact.is_over && fact.sent_at.is_none()).count(),
        attempts: attempts.fold(0, usize::saturating_add),
        took_p50_ms: percentile(&took_ms, 50),
        took_p90_ms: percentile(&took_ms, 90),
        took_max_ms: took_ms.last().copied(),
        sent_p50_s: percentile(&sent_s, 50),
        sent_p90_s: percentile(&sent_s, 90),
        acknowledged: acknowledged_s.len(),
        delivered: delivered_ms.len(),
        delivered_p50_s: percentile(&delivered_ms, 50).map(in_seconds),
        seen_p50_s: percentile(&seen_ms, 50).map(in_seconds),
        acknowledged_p50_s: percentile(&acknowledged_s, 50),
        delivered_p50_ms: percentile(&delivered_ms, 50),
        delivered_p90_ms: percentile(&delivered_ms, 90),
        seen_p50_ms: percentile(&seen_ms, 50),
        seen_p90_ms: percentile(&seen_ms, 90),
    }
}

/// How long after they were due this came of them, in milliseconds and in order of length.
fn waits_ms(facts: &[NoticeFact], came: impl Fn(&NoticeFact) -> Option<Timestamp>) -> Vec<u32> {
    let waited = |fact: &NoticeFact| {
        let waited_ms = came(fact)?.duration_since(fact.due_at).as_millis().max(0);
        Some(u32::try_from(waited_ms).unwrap_or(u32::MAX))
    };
    let mut waits: Vec<u32> = facts.iter().filter_map(waited).collect();
    waits.sort_unstable();
    waits
}

/// The same in whole seconds.
fn waits_s(facts: &[NoticeFact], came: impl Fn(&NoticeFact) -> Option<Timestamp>) -> Vec<u32> {
    waits_ms(facts, came).into_iter().map(in_seconds).collect()
}

fn in_seconds(waited_ms: u32) -> u32 {
    waited_ms / 1_000
}

fn channels_sheet(report: &NoticeReport) -> Sheet {
    let columns = vec![
        "channel",
        "messages",
        "sent",
        "given_up",
        "attempts",
        "took_p50_ms",
        "took_p90_ms",
        "took_max_ms",
        "sent_p50_s",
        "sent_p90_s",
        "acknowledged",
        "delivered",
        "delivered_p50_s",
        "seen_p50_s",
        "acknowledged_p50_s",
        "delivered_p50_ms",
        "delivered_p90_ms",
        "seen_p50_ms",
        "seen_p90_ms",
    ];
    let row = |one: &ChannelFigures| {
        let mut row = vec![Cell::Text(one.channel.clone())];
        row.extend([one.messages, one.sent, one.given_up, one.attempts].map(Cell::count));
        let times = [one.took_p50_ms, one.took_p90_ms, one.took_max_ms, one.sent_p50_s, one.sent_p90_s];
        row.extend(times.map(Cell::from));
        row.extend([one.acknowledged, one.delivered].map(Cell::count));
        row.extend([one.delivered_p50_s, one.seen_p50_s, one.acknowledged_p50_s].map(Cell::from));
        let exact = [one.delivered_p50_ms, one.delivered_p90_ms, one.seen_p50_ms, one.seen_p90_ms];
        row.extend(exact.map(Cell::from));
        row
    };
    Sheet { name: "notices".to_owned(), columns, rows: report.channels.iter().map(row).collect() }
}

/// How much the handsets of a township were heard.
#[derive(Debug, Serialize, ToSchema)]
pub struct TownshipHeard {
    /// Its code; empty where it is not on record.
    township: String,
    /// How many handsets somebody carried there.
    handsets: usize,
    /// Of the hours in which they were carried, in how many they were heard, in per cent.
    heard_pct: f64,
}

/// How much one handset was heard.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandsetHeard {
    /// Which.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// Hours in which somebody carried it.
    carried_h: u32,
    /// Hours of those in which it said something, or had a connection.
    heard_h: u32,
    /// In per cent.
    heard_pct: f64,
}

/// Whether handsets were heard.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandsetReport {
    /// From then on; at the earliest from the first hour of which it is kept who was heard in it.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until then; at most until the hour that runs.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// All handsets together, in per cent; null if nobody carried one.
    heard_pct: Option<f64>,
    /// By township, in order of their codes.
    townships: Vec<TownshipHeard>,
    /// The hundred that were heard least, the least first.
    least: Vec<HandsetHeard>,
}

/// Which table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HandsetTable {
    /// Of a CSV file: `least` (the default), `townships`, or `total`, all handsets together.
    table: Option<String>,
}

/// In how many of the hours in which somebody carried them handsets were heard: any message counts, and a connection that was up. Whole
/// hours are counted.
#[utoipa::path(get, path = "/api/reports/handsets", operation_id = "report_handsets", params(SpanQuery, HandsetTable), responses(
    (status = 200, content((HandsetReport = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 422, body = crate::http::problem::ProblemView)))]
pub async fn handsets(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<SpanQuery>,
    Query(HandsetTable { table }): Query<HandsetTable>,
) -> Result<Response, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let table = table_of(table.as_deref(), &["least", "townships", "total"])?;
    let now = visitor.now();
    let asked = query.span(now)?;
    let (from, to) = in_hours(asked, app.shared.store.heard_since().await?, now);
    let mut heard = app.shared.store.heard_hours(from, to).await?;
    heard.retain(|one| one.carried > 0);
    let report = HandsetReport {
        from,
        to,
        heard_pct: (!heard.is_empty()).then(|| share(heard.iter())),
        townships: by_township(&heard),
        least: least(&mut heard),
    };
    visitor.record("read_report", "handsets", format!("{from} to {to}")).await?;
    let sheets = [least_sheet(&report), townships_sheet(&report), total_sheet(&report)];
    let format = query.format.as_deref();
    answer(format, "handsets", &report, in_file(format, table, &sheets))
}

/// The whole hours of a span of time of which it is known who was heard in them.
fn in_hours(
    (from, to): (Timestamp, Timestamp),
    since: Option<Timestamp>,
    now: Timestamp,
) -> (Timestamp, Timestamp) {
    let written = begun(now.checked_sub(WRITTEN_AFTER).unwrap_or(now));
    let to = begun(to).min(written);
    let whole = begun(from);
    let from = if whole < from { whole.checked_add(HOUR).unwrap_or(from) } else { whole };
    // Before the first of them nobody was listening; where there is none yet nothing can be counted.
    let from = from.max(since.unwrap_or(to)).min(to);
    (from, to)
}

/// The beginning of the hour that holds a moment.
fn begun(at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second.saturating_sub(second.rem_euclid(3_600))).unwrap_or(at)
}

/// Per cent, to a tenth.
fn share<'a>(heard: impl Iterator<Item = &'a HeardHours>) -> f64 {
    let sums = heard.fold((0.0, 0.0), |(heard, carried), one| {
        (heard + f64::from(one.heard), carried + f64::from(one.carried))
    });
    if sums.1 > 0.0 { (1_000.0 * sums.0 / sums.1).round() / 10.0 } else { 0.0 }
}

fn by_township(heard: &[HeardHours]) -> Vec<TownshipHeard> {
    let mut townships: BTreeMap<String, Vec<&HeardHours>> = BTreeMap::new();
    for one in heard {
        let code = one.division.as_ref().map(model::Division::as_str).unwrap_or_default();
        townships.entry(code.get(..TOWNSHIP).unwrap_or(code).to_owned()).or_default().push(one);
    }
    let view = |(township, heard): (String, Vec<&HeardHours>)| TownshipHeard {
        township,
        handsets: heard.len(),
        heard_pct: share(heard.into_iter()),
    };
    townships.into_iter().map(view).collect()
}

fn least(heard: &mut [HeardHours]) -> Vec<HandsetHeard> {
    heard.sort_by(|one, other| {
        share(std::iter::once(one))
            .total_cmp(&share(std::iter::once(other)))
            .then_with(|| one.handset.cmp(&other.handset))
    });
    let view = |one: &HeardHours| HandsetHeard {
        handset: one.handset.clone(),
        carried_h: one.carried,
        heard_h: one.heard,
        heard_pct: share(std::iter::once(one)),
    };
    heard.iter().take(NAMED).map(view).collect()
}

fn townships_sheet(report: &HandsetReport) -> Sheet {
    let row = |one: &TownshipHeard| {
        vec![Cell::Text(one.township.clone()), Cell::count(one.handsets), Cell::Number(one.heard_pct)]
    };
    let columns = vec!["township", "handsets", "heard_pct"];
    Sheet { name: "townships".to_owned(), columns, rows: report.townships.iter().map(row).collect() }
}

fn total_sheet(report: &HandsetReport) -> Sheet {
    let handsets = report.townships.iter().map(|one| one.handsets).sum();
    let row = vec![
        Cell::Text(report.from.to_string()),
        Cell::Text(report.to.to_string()),
        Cell::count(handsets),
        report.heard_pct.map_or(Cell::Empty, Cell::Number),
    ];
    Sheet { name: "total".to_owned(), columns: vec!["from", "to", "handsets", "heard_pct"], rows: vec![row] }
}

fn least_sheet(report: &HandsetReport) -> Sheet {
    let row = |one: &HandsetHeard| {
        vec![
            Cell::Text(one.handset.to_string()),
            Cell::from(Some(one.carried_h)),
            Cell::from(Some(one.heard_h)),
            Cell::Number(one.heard_pct),
        ]
    };
    let columns = vec!["handset", "carried_h", "heard_h", "heard_pct"];
    Sheet { name: "heard least".to_owned(), columns, rows: report.least.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_message_is_counted_from_when_it_was_due() {
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let after_ms = |ms: i64| at(0).checked_add(SignedDuration::from_millis(ms)).unwrap();
        let fact = |delivered: Option<i64>, seen: Option<i64>, answered: Option<i64>| NoticeFact {
            channel: "sms".to_owned(),
            due_at: at(0),
            sent_at: Some(at(1)),
            took_ms: Some(70),
            is_over: true,
            attempts: 1,
            delivered_at: delivered.map(at),
            seen_at: seen.map(at),
            acknowledged_at: answered.map(at),
        };
        let facts = [fact(Some(4), Some(30), Some(60)), fact(Some(8), None, None), fact(None, None, None)];
        let told = of_channel("sms".to_owned(), &facts);
        assert_eq!((told.messages, told.sent, told.delivered, told.acknowledged), (3, 3, 2, 1));
        assert_eq!((told.sent_p50_s, told.delivered_p50_s), (Some(1), Some(4)));
        assert_eq!((told.seen_p50_s, told.acknowledged_p50_s), (Some(30), Some(60)));
        assert_eq!((told.delivered_p50_ms, told.delivered_p90_ms), (Some(4_000), Some(8_000)));

        // What a live screen takes is no whole second.
        let shown = NoticeFact {
            delivered_at: Some(after_ms(12)),
            seen_at: Some(after_ms(340)),
            ..fact(None, None, None)
        };
        let told = of_channel("websocket".to_owned(), &[shown]);
        assert_eq!((told.delivered_p50_ms, told.delivered_p50_s), (Some(12), Some(0)));
        assert_eq!((told.seen_p50_ms, told.seen_p90_ms), (Some(340), Some(340)));
    }

    #[test]
    fn whole_hours_are_counted_of_which_it_is_known_who_was_heard() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-23T12:00:30Z");
        for (from, to, since, counted) in [
            // Who was heard between eleven and twelve may not be written yet.
            ("09:20:00", "12:00:30", Some("07:00:00"), ("10:00:00", "11:00:00")),
            ("06:00:00", "10:30:00", Some("07:00:00"), ("07:00:00", "10:00:00")),
            ("06:00:00", "10:30:00", None, ("10:00:00", "10:00:00")),
            ("11:30:00", "12:00:30", Some("07:00:00"), ("11:00:00", "11:00:00")),
        ] {
            let today = |time: &str| at(&format!("2026-11-23T{time}Z"));
            let found = in_hours((today(from), today(to)), since.map(today), now);
            assert_eq!(found, (today(counted.0), today(counted.1)), "{from} to {to}");
        }
    }

    #[test]
    fn all_handsets_together_stand_in_a_table_of_their_own() {
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let township = |township: &str, handsets| TownshipHeard {
            township: township.to_owned(),
            handsets,
            heard_pct: 50.0,
        };
        let townships = vec![township("321302001", 3), township("", 4)];
        let report =
            HandsetReport { from: at(0), to: at(60), heard_pct: Some(62.5), townships, least: Vec::new() };
        let total = total_sheet(&report);
        assert_eq!(total.rows[0][2..], [Cell::count(7), Cell::Number(62.5)]);
        assert_eq!(total_sheet(&HandsetReport { heard_pct: None, ..report }).rows[0][3], Cell::Empty);
    }
}
