//! The tables of `docs/access.md` as the tests read them.

use anyhow::{Context as _, Result, bail, ensure};
use std::collections::BTreeMap;

/// A yes once a reason is given.
pub(crate) const REASONED: &str = "with a reason";

/// On which of the walks a line of the table is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The resident has an open incident.
    Open,
    /// It is closed.
    Over,
    /// It is closed, and staff are for another district.
    Outside,
}

impl When {
    /// What the line is about says when. Something new must be placed here before it counts as walked.
    fn of(about: &str) -> Result<Self> {
        Ok(match about {
            ""
            | "an open incident"
            | "a resident with an open incident"
            | "an account"
            | "its task, open"
            | "everybody, by an account without a scope" => Self::Open,
            "a closed incident" | "a resident without one" | "its task, ended" => Self::Over,
            "a closed incident, outside the account's scope"
            | "a resident without one, outside the account's scope"
            | "an account, outside the account's scope"
            | "everybody, more than the account's scope" => Self::Outside,
            about => bail!("nobody walks along what is about {about:?}"),
        })
    }
}

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) needs: String,
    pub(crate) about: String,
    pub(crate) when: When,
    /// Column → `yes`, `with a reason` or `–`.
    pub(crate) answers: BTreeMap<String, String>,
}

impl Route {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A line: its first three cells, and what stands in each account's column.
pub(crate) type Line = ([String; 3], BTreeMap<String, String>);

/// The table in the docs that begins with this head: of each line the first three cells, and what stands in each account's column.
pub(crate) fn table(head: &str) -> Result<Vec<Line>> {
    let docs = include_str!("../../../docs/access.md");
    let mut lines = docs.lines().skip_while(|line| !line.starts_with(&format!("| {head} |")));
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let heads = cells(lines.next().context("a table")?);
    let mut table = Vec::new();
    for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let cells = cells(line);
        let [first, needs, about, ..] = cells.as_slice() else { bail!("too short: {line}") };
        let answers = heads.iter().cloned().zip(cells.iter().cloned()).skip(3).collect();
        table.push(([first.clone(), needs.clone(), about.clone()], answers));
    }
    Ok(table)
}

/// The table of routes.
pub(crate) fn routes() -> Result<Vec<Route>> {
    let mut routes = Vec::new();
    for ([route, needs, about], answers) in table("route")? {
        let (method, path) = route.trim_matches('`').split_once(' ').context("a route")?;
        let (method, path, when) = (method.to_owned(), path.to_owned(), When::of(&about)?);
        routes.push(Route { method, path, needs, about, when, answers });
    }
    for (when, at_least) in [(When::Open, 100), (When::Over, 45), (When::Outside, 45)] {
        let found = routes.iter().filter(|route| route.when == when).count();
        ensure!(found >= at_least, "{found} lines of {when:?}");
    }
    Ok(routes)
}
