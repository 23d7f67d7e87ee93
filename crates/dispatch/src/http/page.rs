//! Pages of lists.

use super::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

/// The most a page holds.
const LIMIT: u32 = 200;
const DEFAULT_LIMIT: u32 = 50;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items, at most 200.
    limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

impl Paging {
    /// How many items to show.
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=LIMIT => Ok(limit),
            other => Err(Problem::bad_request(format!("limit must be 1 to {LIMIT}, not {other}"))),
        }
    }

    /// A cursor that is a number.
    pub(super) fn number(&self) -> Result<Option<i64>, Problem> {
        self.cursor
            .as_deref()
            .map(|cursor| {
                cursor.parse().map_err(|_not_one| Problem::bad_request("this is not a cursor of this list"))
            })
            .transpose()
    }
}
