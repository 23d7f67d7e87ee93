//! Reports: figures derived from what happened and from nothing else. Nobody in need is named.
//!
//! One file for each: [`response`] (how long people waited), [`quarter`] (which stations did best, and from what),
//! [`reach`] (whether messages got out and handsets were heard). Each comes as JSON, as CSV or as a workbook; to add one, make
//! the figures in `incident`, a view and its [`Sheet`]s here, and a route. What the JSON says stands in its sheets too: they are what goes home.

pub mod quarter;
pub mod reach;
pub mod response;

use super::{App, problem::Problem, words::unprocessable};
use crate::view::{Cell, Sheet, workbook};
use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use incident::{
    Event,
    figures::{self, Case, Spread},
};
use model::{IncidentId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// The span without a `from`: a quarter of a year, as reports are made.
const USUAL: SignedDuration = SignedDuration::from_hours(24 * 92);
/// The longest span.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Incidents of a report at most.
const AT_MOST: u32 = 50_000;
/// Late answers from outside a report's span at most; more than anybody leaves lying.
const UNREVIEWED_AT_MOST: u32 = 1_000;
/// Digits of a township's code.
const TOWNSHIP: usize = 9;

/// Of which time, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpanQuery {
    /// From then on; 92 days before `to` if it is not given.
    from: Option<String>,
    /// Until then, itself excluded; now if it is not given.
    to: Option<String>,
    /// `json` (the default), `csv` or `xlsx`.
    format: Option<String>,
}

impl SpanQuery {
    fn span(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let to = moment("to", self.to.as_deref())?.unwrap_or(now);
        let from = moment("from", self.from.as_deref())?.or_else(|| to.checked_sub(USUAL).ok()).unwrap_or(to);
        if from > to || to.duration_since(from) > LONGEST {
            return Err(unprocessable("from comes before to, by at most 366 days"));
        }
        Ok((from, to))
    }
}

fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let wrong = |_| unprocessable(format!("{field} is a time such as 2026-11-23T08:00:00Z"));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

/// What was opened in a span of time.
struct Ledger {
    histories: Vec<(IncidentId, Vec<Event>)>,
    /// There was more than fits into a report.
    incomplete: bool,
}

impl Ledger {
    async fn of(app: &App, (from, to): (Timestamp, Timestamp)) -> Result<Self, Problem> {
        let histories = app.shared.store.histories(from, to, AT_MOST).await?;
        let incomplete = histories.len() >= usize::try_from(AT_MOST).unwrap_or(usize::MAX);
        Ok(Self { histories, incomplete })
    }

    /// What may have been answered late outside a span of time, and was not looked into.
    async fn unreviewed(app: &App, span: (Timestamp, Timestamp)) -> Result<Self, Problem> {
        let histories =
            app.shared.store.unreviewed_histories(span, figures::LATE_S, UNREVIEWED_AT_MOST).await?;
        let incomplete = histories.len() >= usize::try_from(UNREVIEWED_AT_MOST).unwrap_or(usize::MAX);
        Ok(Self { histories, incomplete })
    }

    /// The cases, each with the township where that is on record.
    async fn cases(&self, app: &App) -> Result<Vec<(IncidentId, Case)>, Problem> {
        let divisions = app.shared.store.divisions().await?;
        let township = |case: &Case| {
            let division = divisions.get(case.resident.as_ref()?)?;
            Some(division.as_str().get(..TOWNSHIP).unwrap_or(division.as_str()).to_owned())
        };
        let told = self.histories.iter().filter_map(|(id, events)| {
            let case = figures::case(events)?;
            Some((id.clone(), Case { township: township(&case), ..case }))
        });
        Ok(told.collect())
    }
}

/// The report in the form that was asked for.
fn answer<R: Serialize>(
    format: Option<&str>,
    name: &str,
    report: R,
    sheets: &[Sheet],
) -> Result<Response, Problem> {
    let (kind, ending, body) = match format {
        None | Some("json") => return Ok(Json(report).into_response()),
        Some("csv") => {
            let tables: Vec<String> = sheets.iter().map(Sheet::to_csv).collect();
            ("text/csv; charset=utf-8", "csv", tables.join("\r\n").into_bytes())
        }
        Some("xlsx") => {
            let book = workbook(sheets).map_err(|error| {
                tracing::error!(event = "workbook_not_made", %error);
                unprocessable("this report does not fit into a workbook; ask for csv, or for a shorter time")
            })?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", book)
        }
        Some(_) => return Err(unprocessable("format is json, csv or xlsx")),
    };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

/// Which of a report's tables is meant; the first where none is named.
fn table_of(asked: Option<&str>, known: &[&str]) -> Result<usize, Problem> {
    let Some(asked) = asked else { return Ok(0) };
    let found = known.iter().position(|name| *name == asked);
    found.ok_or_else(|| unprocessable(format!("table is one of: {}", known.join(", "))))
}

/// What stands in the file: a table for a program is one table, a workbook has them all.
fn in_file<'a>(format: Option<&str>, table: usize, sheets: &'a [Sheet]) -> &'a [Sheet] {
    match format {
        Some("csv") => sheets.get(table..=table).unwrap_or_default(),
        _ => sheets,
    }
}

fn spread_cells(spread: &Spread) -> [Cell; 3] {
    [spread.p50_s.into(), spread.p90_s.into(), spread.max_s.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_the_table_it_asked_for_and_a_workbook_has_all() {
        let known = ["stations", "whole"];
        for (asked, table) in
            [(None, Some(0)), (Some("stations"), Some(0)), (Some("whole"), Some(1)), (Some("all"), None)]
        {
            assert_eq!(table_of(asked, &known).ok(), table, "{asked:?}");
        }
        let sheets = known.map(|name| Sheet { name: name.to_owned(), columns: Vec::new(), rows: Vec::new() });
        assert_eq!(in_file(Some("csv"), 1, &sheets), &sheets[1..]);
        assert_eq!(in_file(Some("xlsx"), 1, &sheets), &sheets[..]);
    }
}
