//! The quarter's review (每季一评): which stations did best, and from what that follows.

use super::{
    App, Cell, Ledger, Problem, Sheet, answer, in_file, response::groups_sheet, spread_cells, table_of,
    unprocessable,
};
use crate::http::session::Visitor;
use access::{Action, Subject};
use axum::{
    extract::{Query, State},
    response::Response,
};
use incident::{
    figures::{self, By, Case, Summary},
    ranking::{self, FEWEST, Ranked},
};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which quarter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuarterQuery {
    /// As `2026Q4`; days begin in China.
    #[serde(default)]
    quarter: String,
    /// `json` (the default), `csv` or `xlsx`.
    format: Option<String>,
    /// Of a CSV file: `stations` (the default), `whole` (how long people waited, all together), or `from_what` (how the places came
    /// about, in words).
    table: Option<String>,
}

/// A quarter of the service: the whole of it, and its stations in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarterReport {
    /// As `2026Q4`.
    quarter: String,
    /// From then on.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// There were more incidents than fit into a report.
    incomplete: bool,
    /// How long people waited, all together; null in a quarter without incidents.
    whole: Option<Summary>,
    /// How the places came about, in words.
    from_what: String,
    /// The best first.
    stations: Vec<Ranked>,
}

/// Ranks the stations of a quarter, and says from what.
#[utoipa::path(get, path = "/api/reports/quarter", operation_id = "report_quarter", params(QuarterQuery), responses(
    (status = 200, content((QuarterReport = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 422, body = crate::http::problem::ProblemView)))]
pub async fn quarter(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<QuarterQuery>,
) -> Result<Response, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let (from, to) = span_of(&query.quarter)
        .ok_or_else(|| unprocessable("quarter is a year and one of four quarters, such as 2026Q4"))?;
    let table = table_of(query.table.as_deref(), &["stations", "whole", "from_what"])?;
    let ledger = Ledger::of(&app, (from, to)).await?;
    let work: Vec<_> = ledger.histories.iter().flat_map(|(_, events)| ranking::work(events)).collect();
    let cases: Vec<Case> = ledger.cases(&app).await?.into_iter().map(|(_, case)| case).collect();
    let report = QuarterReport {
        quarter: query.quarter.clone(),
        from,
        to,
        incomplete: ledger.incomplete,
        whole: figures::summaries(&cases, By::All).pop(),
        from_what: format!(
            "得分 = 接受率×40% + 60秒内接受率×30% + 完成率×30%；演练不计，任务少于{FEWEST}件的服务站不排名，路程时间只列出、不计分。"
        ),
        stations: ranking::rank(&work),
    };
    let detail = format!("{}, {} stations", query.quarter, report.stations.len());
    visitor.record("read_report", "quarter", detail).await?;
    let format = query.format.as_deref();
    answer(format, &format!("quarter-{}", report.quarter), &report, in_file(format, table, &sheets(&report)))
}

/// A quarter's first moment, and the first after it; the days are China's.
fn span_of(quarter: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, number) = quarter.split_once('Q')?;
    let year: u16 = year.parse().ok().filter(|year| (2000..=2200).contains(year))?;
    let number: u16 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
    let begins = |year: u16, month: u16| format!("{year:04}-{month:02}-01T00:00:00+08:00").parse().ok();
    let (next_year, next_month) = if number == 4 { (year + 1, 1) } else { (year, number * 3 + 1) };
    Some((begins(year, number * 3 - 2)?, begins(next_year, next_month)?))
}

fn sheets(report: &QuarterReport) -> [Sheet; 3] {
    [
        stations_sheet(report),
        groups_sheet("whole", report.whole.as_slice()),
        Sheet {
            name: "from what".to_owned(),
            columns: vec!["from", "to", "incomplete", "from_what"],
            rows: vec![vec![
                Cell::Text(report.from.to_string()),
                Cell::Text(report.to.to_string()),
                Cell::Text(report.incomplete.to_string()),
                Cell::Text(report.from_what.clone()),
            ]],
        },
    ]
}

fn stations_sheet(report: &QuarterReport) -> Sheet {
    let columns = vec![
        "place",
        "station",
        "name",
        "score",
        "asked",
        "taken",
        "declined",
        "silent",
        "finished",
        "failed",
        "taken_pct",
        "prompt_pct",
        "finished_pct",
        "answered_p50_s",
        "answered_p90_s",
        "answered_max_s",
        "arrived_p50_s",
        "arrived_p90_s",
        "arrived_max_s",
    ];
    let row = |one: &Ranked| {
        let mut row = vec![
            one.place.map_or(Cell::Empty, Cell::count),
            Cell::Text(one.station.to_string()),
            Cell::Text(one.name.clone()),
            Cell::Number(one.score),
        ];
        let counts = [one.asked, one.taken, one.declined, one.silent, one.finished, one.failed];
        row.extend(counts.map(Cell::count));
        row.extend([one.taken_pct, one.prompt_pct, one.finished_pct].map(Cell::Number));
        row.extend(spread_cells(&one.answered));
        row.extend(spread_cells(&one.arrived));
        row
    };
    Sheet { name: report.quarter.clone(), columns, rows: report.stations.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_begin_at_midnight_in_china() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        assert_eq!(span_of("2026Q4"), Some((at("2026-09-30T16:00:00Z"), at("2026-12-31T16:00:00Z"))));
        assert_eq!(span_of("2026Q1"), Some((at("2025-12-31T16:00:00Z"), at("2026-03-31T16:00:00Z"))));
        for wrong in ["2026", "2026Q5", "2026Q0", "Q1", "26Q1", "2026q1", "2026Q1x"] {
            assert_eq!(span_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_goes_home_says_from_what() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let report = QuarterReport {
            quarter: "2026Q4".to_owned(),
            from: at("2026-09-30T16:00:00Z"),
            to: at("2026-12-31T16:00:00Z"),
            incomplete: true,
            whole: figures::summaries(&[], By::All).pop(),
            from_what: "接受率×40%".to_owned(),
            stations: Vec::new(),
        };
        let [stations, whole, from_what] = sheets(&report);
        assert_eq!([&stations.name, &whole.name, &from_what.name], ["2026Q4", "whole", "from what"]);
        assert!(from_what.to_csv().ends_with("true,接受率×40%\r\n"), "{}", from_what.to_csv());
        assert!(whole.rows.is_empty() && whole.columns.contains(&"answered_within_180_s_pct"));
    }
}
