//! That an incident calls for somebody, and whom: at the desk by the rule after which a page of the console sounds
//! (`dashboards/src/incident/sound.ts`), of the family whoever may see it while it is open, and the station that is asked to go.

use crate::view::{IncidentView, TaskView};
use access::{Role, Who};
use incident::{Attention, TaskState};
use model::{IncidentId, StationId, TaskId, Timestamp};
use store::ScreenOf;

/// An incident that somebody must hear of now.
#[derive(Debug, Clone)]
pub(super) struct Sounding {
    /// Which.
    pub(super) incident: IncidentId,
    /// Since when, as far as this frame tells.
    pub(super) at: Timestamp,
    whom: Whom,
}

#[derive(Debug, Clone)]
enum Whom {
    /// It is open: the family and, where somebody must hear it, the desk.
    Open(Option<AtDesk>),
    /// A station is asked to go.
    Station { station: StationId, task: TaskId },
}

#[derive(Debug, Clone)]
struct AtDesk {
    holder: Option<String>,
    is_for_all: bool,
    /// Nobody has it, and not the operators on duty alone are called.
    is_for_supervisors: bool,
}

impl Sounding {
    /// Nothing where it calls nobody. What is on no disk has no rows: it is told again as what it becomes.
    pub(super) fn of(view: &IncidentView, at: Timestamp) -> Option<Self> {
        if view.unsaved || view.closed.is_some() {
            return None;
        }
        let at_desk = (view.sounding || view.holder_lost).then(|| AtDesk {
            holder: view.holder.as_ref().map(|holder| holder.username.clone()),
            is_for_all: view.attention == Attention::Everyone || view.holder_lost,
            is_for_supervisors: view.calls_supervisors,
        });
        Some(Self { incident: IncidentId::new(view.id.as_str()).ok()?, at, whom: Whom::Open(at_desk) })
    }

    /// Nothing of a task that asks nothing any more.
    pub(super) fn of_task(view: &TaskView) -> Option<Self> {
        if view.task.state != TaskState::Offered {
            return None;
        }
        let whom = Whom::Station { station: view.task.station.id.clone(), task: view.task.id.clone() };
        Some(Self { incident: IncidentId::new(view.incident_id.as_str()).ok()?, at: view.task.since, whom })
    }

    /// On what screens this account is to have it, if on any.
    pub(super) fn on(&self, who: &Who) -> Option<ScreenOf> {
        match (&self.whom, who.role) {
            (Whom::Station { station, task }, Role::Station) => {
                (who.station.as_ref() == Some(station)).then(|| ScreenOf::Station { task: task.clone() })
            }
            (Whom::Open(_), Role::Relative) => Some(ScreenOf::Relative),
            _ => self.is_for(&who.username, who.role).then_some(ScreenOf::Desk),
        }
    }

    /// Whether anybody at the desk must hear it.
    pub(super) fn is_at_desk(&self) -> bool {
        matches!(self.whom, Whom::Open(Some(_)))
    }

    /// Whether it calls for this account at the desk: operators first, supervisors with the ladder's next step or where no operator is on
    /// duty, and others at a console only when everybody is.
    pub(super) fn is_for(&self, username: &str, role: Role) -> bool {
        let Whom::Open(Some(AtDesk { holder, is_for_all, is_for_supervisors })) = &self.whom else {
            return false;
        };
        let is_own = holder.as_deref() == Some(username);
        match role {
            Role::Operator => *is_for_all || is_own || holder.is_none(),
            Role::Supervisor => *is_for_all || is_own || *is_for_supervisors,
            Role::Admin => *is_for_all,
            Role::Station | Role::Relative | Role::Auditor | Role::Service => false,
        }
    }
}

/// What screens the answer of an account's page is about.
pub(super) fn answered_on(role: Role, task: Option<TaskId>) -> ScreenOf {
    match (role, task) {
        (Role::Station, Some(task)) => ScreenOf::Station { task },
        (Role::Relative, None) => ScreenOf::Relative,
        _ => ScreenOf::Desk,
    }
}

#[cfg(test)]
impl Sounding {
    /// One that nobody has.
    pub(super) fn example(incident: IncidentId, at: Timestamp) -> Self {
        let at_desk = AtDesk { holder: None, is_for_all: false, is_for_supervisors: true };
        Self { incident, at, whom: Whom::Open(Some(at_desk)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calling(whom: Whom) -> Sounding {
        let incident = IncidentId::new("i-1").expect("an id");
        Sounding { whom, ..Sounding::example(incident, Timestamp::UNIX_EPOCH) }
    }

    fn at_desk(holder: Option<&str>, is_for_all: bool, is_for_supervisors: bool) -> AtDesk {
        AtDesk { holder: holder.map(str::to_owned), is_for_all, is_for_supervisors }
    }

    #[test]
    fn it_calls_those_at_whose_desk_a_page_sounds_and_the_family_while_it_is_open() {
        for (what, desk, expected) in [
            ("an operator is on duty", Some(at_desk(None, false, false)), [true, false, false]),
            ("no operator is on duty", Some(at_desk(None, false, true)), [true, true, false]),
            ("nobody has it, and everybody is called", Some(at_desk(None, true, true)), [true, true, true]),
            ("its holder owes an answer", Some(at_desk(Some("anna"), false, false)), [true, false, false]),
            ("a supervisor owes an answer", Some(at_desk(Some("carl"), false, false)), [false, true, false]),
            ("its holder is gone", Some(at_desk(Some("anna"), true, false)), [true, true, true]),
            ("somebody has it", None, [false, false, false]),
        ] {
            let each = calling(Whom::Open(desk));
            let whom = [("anna", Role::Operator), ("carl", Role::Supervisor), ("admin", Role::Admin)];
            let on_desk = |(username, role)| each.on(&Who::plain(username, role)) == Some(ScreenOf::Desk);
            assert_eq!(whom.map(on_desk), expected, "{what}");
            assert_eq!(each.is_at_desk(), expected.contains(&true), "{what}");
            assert_eq!(each.on(&Who::plain("family", Role::Relative)), Some(ScreenOf::Relative), "{what}");
            assert_eq!(each.on(&Who::plain("station", Role::Station)), None, "{what}");
        }
    }

    #[test]
    fn a_task_calls_the_station_that_is_asked_and_nobody_else() {
        let station = |name: &str| StationId::new(name).expect("an id");
        let task = TaskId::new("t-1").expect("an id");
        let asked = calling(Whom::Station { station: station("east"), task: task.clone() });
        for (role, at, expected) in [
            (Role::Station, Some("east"), Some(ScreenOf::Station { task: task.clone() })),
            (Role::Station, Some("west"), None),
            (Role::Station, None, None),
            (Role::Operator, None, None),
            (Role::Admin, Some("east"), None),
            (Role::Relative, None, None),
        ] {
            let who = Who { station: at.map(station), ..Who::plain("one", role) };
            assert_eq!(asked.on(&who), expected, "{role:?} {at:?}");
        }
        assert!(!asked.is_at_desk());
    }

    #[test]
    fn a_page_answers_for_its_own_kind_of_screens_alone() {
        let task = || TaskId::new("t-1").ok();
        let of_task = task().map(|task| ScreenOf::Station { task });
        assert_eq!(Some(answered_on(Role::Station, task())), of_task);
        assert_eq!(answered_on(Role::Relative, None), ScreenOf::Relative);
        for (role, task) in [(Role::Station, None), (Role::Operator, task()), (Role::Relative, task())] {
            // No such account has a row of a desk.
            assert_eq!(answered_on(role, task), ScreenOf::Desk, "{role:?}");
        }
    }
}
