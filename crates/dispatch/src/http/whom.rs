//! What happened to an incident, with whom it was about before it turned out to be about somebody else.

use super::{App, problem::Problem, session::Visitor};
use crate::view::EventView;
use incident::{Event, What};
use model::ResidentId;
use std::collections::{BTreeMap, BTreeSet};

/// The events as this account sees them. Who a resident is stands in them for those who may read of that resident.
pub(super) async fn told(app: &App, visitor: &Visitor, events: &[Event]) -> Result<Vec<EventView>, Problem> {
    let mut known = BTreeMap::new();
    for resident in named_in(events) {
        if visitor.may_hear_of(resident).await? {
            let name = app.shared.store.resident_name(resident).await?;
            let who = name.map_or_else(|| resident.to_string(), |name| format!("{name}（{resident}）"));
            known.insert(resident.clone(), who);
        }
    }
    Ok(events.iter().map(|event| EventView::from(event).naming(event, &known)).collect())
}

fn named_in(events: &[Event]) -> BTreeSet<&ResidentId> {
    let mut named = BTreeSet::new();
    for event in events {
        if let What::Identified { resident, was, .. } = &event.what {
            named.extend(resident.iter().chain(was));
        }
    }
    named
}
