//! That an incident calls for somebody, and whom: by the rule after which a page of the console sounds (`dashboards/src/incident/sound.ts`).

use crate::view::IncidentView;
use access::Role;
use incident::Attention;
use model::{IncidentId, Timestamp};

/// An incident that somebody must hear now.
#[derive(Debug, Clone)]
pub(super) struct Sounding {
    /// Which.
    pub(super) incident: IncidentId,
    /// Since when, as far as this frame tells.
    pub(super) at: Timestamp,
    holder: Option<String>,
    is_for_all: bool,
}

impl Sounding {
    /// Nothing where nobody must hear it. What is on no disk has no rows: it is told again as what it becomes.
    pub(super) fn of(view: &IncidentView, at: Timestamp) -> Option<Self> {
        if view.unsaved || view.closed.is_some() || !(view.sounding || view.holder_lost) {
            return None;
        }
        Some(Self {
            incident: IncidentId::new(view.id.as_str()).ok()?,
            at,
            holder: view.holder.as_ref().map(|holder| holder.username.clone()),
            is_for_all: view.attention == Attention::Everyone || view.holder_lost,
        })
    }

    /// Whether it calls for this account at the desk. Others at a console are called only when everybody is.
    pub(super) fn is_for(&self, username: &str, role: Role) -> bool {
        match role {
            Role::Operator | Role::Supervisor => {
                self.is_for_all || self.holder.as_deref().is_none_or(|holder| holder == username)
            }
            Role::Admin => self.is_for_all,
            Role::Station | Role::Relative | Role::Auditor | Role::Service => false,
        }
    }
}

#[cfg(test)]
impl Sounding {
    /// One that nobody has.
    pub(super) fn example(incident: IncidentId, at: Timestamp) -> Self {
        Self { incident, at, holder: None, is_for_all: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounding(holder: Option<&str>, is_for_all: bool) -> Sounding {
        let incident = IncidentId::new("i-1").expect("an id");
        let example = Sounding::example(incident, Timestamp::UNIX_EPOCH);
        Sounding { holder: holder.map(str::to_owned), is_for_all, ..example }
    }

    #[test]
    fn it_calls_those_at_whose_desk_a_page_sounds() {
        for (what, each, expected) in [
            ("nobody has it", sounding(None, false), [true, true, false, false]),
            ("nobody has it, and everybody is called", sounding(None, true), [true, true, true, false]),
            ("its holder owes an answer", sounding(Some("anna"), false), [true, false, false, false]),
            ("its holder is gone", sounding(Some("anna"), true), [true, true, true, false]),
        ] {
            let whom = [
                ("anna", Role::Operator),
                ("carl", Role::Supervisor),
                ("admin", Role::Admin),
                ("family", Role::Relative),
            ];
            assert_eq!(whom.map(|(username, role)| each.is_for(username, role)), expected, "{what}");
        }
    }
}
