//! What a person can do, as one table. A new command of the engine becomes a line here, and the world tries it.

use super::{Person, Role};
use crate::{
    chance::Chance,
    plan::{self, Plan},
};
use incident::{Command, Contact, Incident, Service, Task, TaskAct};
use model::StationId;

/// What somebody sees when they choose.
pub(super) struct Eyes<'a> {
    pub(super) me: &'a Person,
    pub(super) incident: &'a Incident,
    /// Everybody's.
    pub(super) names: &'a [&'a str],
    pub(super) plan: &'a Plan,
    pub(super) chance: &'a mut Chance,
}

/// One thing that a person can do.
pub(super) struct Can {
    pub(super) name: &'static str,
    /// How likely it is compared with the others that offer themselves.
    pub(super) weight: u32,
    /// The command, if it offers itself; the engine may still refuse it.
    pub(super) make: fn(&mut Eyes<'_>) -> Option<Command>,
}

const fn can(name: &'static str, weight: u32, make: fn(&mut Eyes<'_>) -> Option<Command>) -> Can {
    Can { name, weight, make }
}

pub(super) const CAN: &[Can] = &[
    can("claim", 60, |eyes| {
        let offers = eyes.incident.is_sounding() && !eyes.holds();
        (eyes.is_desk() && offers).then(|| Command::Claim { by: eyes.name() })
    }),
    can("release", 4, |eyes| {
        eyes.may_act().then(|| Command::Release {
            by: eyes.name(),
            role_may_override: eyes.overrides(),
            reason: "换班".to_owned(),
        })
    }),
    can("note", 10, |eyes| {
        let text = "已回电".to_owned();
        let contact = eyes.chance.hits(500).then_some(Contact::Resident);
        eyes.is_desk().then(|| Command::Note { by: eyes.name(), text, contact })
    }),
    can("dispatch", 15, |eyes| {
        let stations = eyes.some_stations();
        eyes.may_act().then(|| Command::Dispatch {
            by: eyes.name(),
            role_may_override: eyes.overrides(),
            stations,
            note: String::new(),
        })
    }),
    can("transfer", 4, |eyes| {
        let to = eyes.chance.pick(eyes.names).unwrap_or_default().to_owned();
        eyes.may_act().then(|| Command::Transfer { by: eyes.name(), role_may_override: eyes.overrides(), to })
    }),
    can("hand over", 4, |eyes| {
        eyes.may_act().then(|| Command::HandOver {
            by: eyes.name(),
            role_may_override: eyes.overrides(),
            to: Service::Ambulance,
            words: "120已答复".to_owned(),
        })
    }),
    can("identify", 2, |eyes| {
        let number = eyes.chance.between(0, i64::from(eyes.plan.residents) + 1);
        let number = u32::try_from(number).ok().filter(|number| *number < eyes.plan.residents);
        let resident = number.and_then(plan::resident);
        eyes.is_desk().then(|| Command::Identify { by: eyes.name(), resident })
    }),
    can("resolve", 5, |eyes| {
        eyes.may_act().then(|| Command::Resolve { by: eyes.name(), role_may_override: eyes.overrides() })
    }),
    can("close", 12, |eyes| eyes.may_act().then(|| close(&eyes.me.name, eyes.overrides()))),
    can("reopen", 6, |eyes| {
        let offers = eyes.is_desk() && !eyes.incident.is_open();
        offers.then(|| Command::Reopen { by: eyes.name(), reason: "又来电".to_owned() })
    }),
    can("move a task", 40, |eyes| eyes.task(is_theirs, &TaskAct::ALL, false)),
    can("say it for a station", 6, |eyes| eyes.task(|me, _| is_desk(me), &TaskAct::ALL, true)),
    can("withdraw", 3, |eyes| eyes.task(|me, _| is_desk(me), &[TaskAct::Withdraw], false)),
];

/// The end of a case.
pub(crate) fn close(by: &str, role_may_override: bool) -> Command {
    Command::Close {
        by: by.to_owned(),
        role_may_override,
        cause: "other".to_owned(),
        outcome: "other".to_owned(),
        note: String::new(),
        snooze_until: None,
    }
}

fn is_desk(me: &Person) -> bool {
    !matches!(me.role, Role::Station(_))
}

fn is_theirs(me: &Person, task: &Task) -> bool {
    matches!(me.role, Role::Station(number) if number_of(&task.station) == Some(number))
}

/// The number in a station's name.
pub(super) fn number_of(station: &StationId) -> Option<usize> {
    station.as_str().strip_prefix('s')?.parse().ok()
}

impl Eyes<'_> {
    fn name(&self) -> String {
        self.me.name.clone()
    }

    fn is_desk(&self) -> bool {
        is_desk(self.me)
    }

    fn holds(&self) -> bool {
        self.me.holds(self.incident)
    }

    fn overrides(&self) -> bool {
        self.me.role == Role::Supervisor
    }

    /// Whether it is theirs to act; now and then somebody tries all the same.
    fn may_act(&mut self) -> bool {
        self.is_desk() && (self.holds() || self.overrides() || self.chance.hits(50))
    }

    fn some_stations(&mut self) -> Vec<(StationId, String)> {
        let first = self.chance.below(self.plan.stations);
        let count = 1 + self.chance.below(2);
        let numbers = (first..self.plan.stations).take(count);
        numbers.filter_map(|number| Some((plan::station(number)?, format!("{number}号站")))).collect()
    }

    fn task(
        &mut self,
        may: fn(&Person, &Task) -> bool,
        acts: &[TaskAct],
        on_behalf: bool,
    ) -> Option<Command> {
        let tasks: Vec<&Task> =
            self.incident.tasks.iter().filter(|task| task.state.is_live() && may(self.me, task)).collect();
        let task = self.chance.pick(&tasks)?;
        // Withdrawing is the desk's, and of the others what leads somewhere is tried most.
        let is_open = |act: &TaskAct| on_behalf || acts.len() == 1 || *act != TaskAct::Withdraw;
        let leads: Vec<TaskAct> =
            acts.iter().filter(|act| is_open(act) && task.state.after(**act).is_some()).copied().collect();
        let act = self.chance.pick(&leads)?;
        Some(Command::Task {
            task: task.id.clone(),
            seen: Some(task.version),
            act,
            by: self.me.name.clone(),
            on_behalf,
            words: "已说明".to_owned(),
        })
    }
}
