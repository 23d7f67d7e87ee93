//! What a person can do, as one table. A new command of the engine becomes a line here, and the world tries it.

use super::{Person, Role, Wish};
use crate::{
    chance::Chance,
    plan::{self, Plan},
    store::Store,
};
use incident::{
    Answer, Command, Contact, Incident, OnScene, PlanOutcome, PlanStep, Service, Task, TaskAct, TaskState,
};
use model::{SignedDuration, StationId, Timestamp};

/// What somebody sees when they choose.
pub(super) struct Eyes<'a> {
    pub(super) me: &'a Person,
    pub(super) incident: &'a Incident,
    /// Everybody's.
    pub(super) names: &'a [&'a str],
    pub(super) plan: &'a Plan,
    pub(super) store: &'a Store,
    pub(super) now: Timestamp,
    pub(super) chance: &'a mut Chance,
}

/// One thing that a person can do.
pub(super) struct Can {
    pub(super) name: &'static str,
    /// How likely it is compared with the others that offer themselves.
    pub(super) weight: u32,
    make: Make,
}

/// The command, or what else it is, if it offers itself; the engine may still refuse it.
enum Make {
    Command(fn(&mut Eyes<'_>) -> Option<Command>),
    Wish(fn(&mut Eyes<'_>) -> Option<Wish>),
}

impl Can {
    pub(super) fn offer(&self, eyes: &mut Eyes<'_>) -> Option<Wish> {
        match self.make {
            Make::Command(make) => make(eyes).map(|command| Wish::Command(Box::new(command))),
            Make::Wish(make) => make(eyes),
        }
    }
}

const fn can(name: &'static str, weight: u32, make: fn(&mut Eyes<'_>) -> Option<Command>) -> Can {
    Can { name, weight, make: Make::Command(make) }
}

const fn can_wish(name: &'static str, weight: u32, make: fn(&mut Eyes<'_>) -> Option<Wish>) -> Can {
    Can { name, weight, make: Make::Wish(make) }
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
        let (resident, handset) = (number.and_then(plan::resident), number.and_then(plan::handset));
        eyes.is_desk().then(|| Command::Identify { by: eyes.name(), resident, handset })
    }),
    can("resolve", 5, |eyes| {
        eyes.may_act().then(|| Command::Resolve { by: eyes.name(), role_may_override: eyes.overrides() })
    }),
    can("close", 12, |eyes| {
        let is_snoozed = !eyes.incident.fences().is_empty() && eyes.chance.hits(500);
        let until = eyes.now.checked_add(SignedDuration::from_hours(1)).ok().filter(|_| is_snoozed);
        eyes.may_act().then(|| closing(&eyes.me.name, eyes.overrides(), until))
    }),
    can("confirm", 8, |eyes| {
        let all = eyes.incident.answer().map(|answer| answer.signals.clone())?;
        // All of them at a glance, or one of them alone.
        let one = eyes.chance.below(all.len());
        let signals = if eyes.chance.hits(500) { all } else { all.into_iter().skip(one).take(1).collect() };
        let role_may_override = eyes.overrides();
        eyes.may_act().then(|| Command::Confirm { by: eyes.name(), role_may_override, signals })
    }),
    can("mark a step", 4, |eyes| {
        let step = eyes.chance.pick(&PlanStep::ALL)?;
        let outcome = eyes.chance.pick(&PlanOutcome::ALL)?;
        eyes.is_desk().then(|| Command::MarkStep { by: eyes.name(), step, outcome, text: String::new() })
    }),
    can("answer", 20, |eyes| {
        let answer = if eyes.chance.hits(500) { Answer::Calling } else { Answer::ReachedWell };
        let is_family = matches!(eyes.me.role, Role::Relative(_));
        is_family.then(|| Command::Answer { by: eyes.name(), answer, text: String::new() })
    }),
    can_wish("merge", 6, |eyes| {
        let (me, drill) = (eyes.incident.id.clone(), eyes.incident.drill);
        let others: Vec<_> = eyes.store.open_ids().filter(|id| **id != me).collect();
        let from = eyes.chance.pick(&others)?.clone();
        let is_alike = eyes.store.incident(&from).is_some_and(|other| {
            let both = other.resident.as_ref().zip(eyes.incident.resident.as_ref());
            other.drill == drill && both.is_none_or(|(one, other)| one == other)
        });
        (is_alike && eyes.may_act()).then_some(Wish::Merge { from })
    }),
    can_wish("split", 6, |eyes| {
        let own: Vec<_> = eyes.incident.signals.iter().skip(1).map(|signal| &signal.id).collect();
        let signals = vec![eyes.chance.pick(&own)?.clone()];
        let number = eyes.chance.between(0, i64::from(eyes.plan.residents) + 1);
        let number = u32::try_from(number).ok().filter(|number| *number < eyes.plan.residents);
        let (resident, handset) = (number.and_then(plan::resident), number.and_then(plan::handset));
        eyes.may_act().then_some(Wish::Split { signals, resident, handset })
    }),
    can_wish("locate", 16, |eyes| {
        (eyes.is_desk() && eyes.incident.is_open() && eyes.incident.handset.is_some()).then_some(Wish::Locate)
    }),
    can("undo a step", 8, |eyes| {
        let undone = |task: &&Task| {
            task.before.is_some() && is_theirs(eyes.me, task) && task.state != TaskState::Withdrawn
        };
        let task = eyes.incident.tasks.iter().find(undone)?;
        Some(Command::UndoTask { task: task.id.clone(), seen: Some(task.version), by: eyes.name() })
    }),
    can("say on scene", 8, |eyes| {
        let is_there = |task: &&Task| task.state == TaskState::OnScene && is_theirs(eyes.me, task);
        let task = eyes.incident.tasks.iter().find(is_there)?.id.clone();
        let said = eyes.chance.pick(&OnScene::ALL)?;
        Some(Command::SayOnScene { task, said, by: eyes.name(), words: String::new() })
    }),
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
    closing(by, role_may_override, None)
}

fn closing(by: &str, role_may_override: bool, snooze_until: Option<Timestamp>) -> Command {
    Command::Close {
        by: by.to_owned(),
        role_may_override,
        cause: "other".to_owned(),
        outcome: "other".to_owned(),
        note: String::new(),
        snooze_until,
    }
}

fn is_desk(me: &Person) -> bool {
    matches!(me.role, Role::Operator | Role::Supervisor)
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
