//! Time has passed and nobody did what had to be done: more people are called.

use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{
    Attention, AwaitedAnswer, Callee, Decision, Incident, Ladder, State, Task, TaskState, What, say,
};
use model::Timestamp;

/// Takes the next step if the deadline has come. However late it comes, it is one step: the next is
/// counted from now, so that a long outage is not followed by a burst.
pub(super) fn passed(incident: &Incident, ladder: &Ladder, now: Timestamp) -> Decision {
    if incident.deadline_at.is_some_and(|deadline| now < deadline) {
        // Of two that are due in the same moment the person's word goes first.
        let is_due = |task: &&Task| task.deadline_at.is_some_and(|due| due <= now);
        let silent = incident.tasks.iter().find(is_due);
        return silent.map_or_else(Decision::nothing, |task| task_overdue(incident, task, ladder, now));
    }
    match &incident.state {
        State::Raised { step } => ladder_stepped(incident, *step, ladder, now),
        State::Claimed { answer, step, lost, .. } => {
            let awaited = Awaited { answer: answer.as_ref(), is_lost: *lost };
            answer_overdue(incident, &awaited, step.saturating_add(1), ladder, now)
        }
        State::Closed { .. } => Decision::nothing(),
    }
}

/// First the station is reminded, which its own screen does; when it still says nothing, the desk hears of it, and the
/// next station is asked.
fn task_overdue(incident: &Incident, task: &Task, ladder: &Ladder, now: Timestamp) -> Decision {
    let times = task.overdue.saturating_add(1);
    let answer_by = after(now, ladder.task_answer_s);
    let sound = (times > 1).then_some(Effect::Sound { attention: Attention::Operators });
    // Once: who was passed over may still answer.
    let next = (times == 2 && task.state == TaskState::Offered).then_some(Effect::NextStation);
    let what = What::TaskOverdue { task: task.id.clone(), times, answer_by };
    Decision::next(incident, now, what, sound.into_iter().chain(next).collect())
}

/// The next step, unless a station has the task: then the ladder rests where it is, and the desk is called as before. The
/// station comes, but nobody at the desk has it yet. One that was reminded and says nothing may not come: the ladder goes on.
fn ladder_stepped(incident: &Incident, before: u32, ladder: &Ladder, now: Timestamp) -> Decision {
    let rule = ladder.rule_of(incident, now);
    let is_taken = incident.tasks.iter().any(Task::is_coming);
    let step = if is_taken { before } else { before.saturating_add(1) };
    let deadline_at = after(now, Ladder::wait_after_s(rule, step));
    let callees = rule.filter(|_| !is_taken).map(|rule| rule.step(step).call.clone()).unwrap_or_default();
    let say = if is_taken { say::STATION_COMES } else { say::STILL_TRYING };
    let attention = if step == 0 { Attention::Operators } else { Attention::Everyone };
    let effects = vec![
        Effect::Sound { attention },
        Effect::Call { step, callees },
        Effect::Progress { stage: incident.stage(Stage::Received), say: say.into(), at: now },
    ];
    Decision::next(incident, now, What::LadderStepped { step, deadline_at }, effects)
}

/// What a holder owes.
struct Awaited<'a> {
    answer: Option<&'a AwaitedAnswer>,
    is_lost: bool,
}

/// The person hears of it only if something of theirs went unanswered; a holder who is busy with the
/// case and writes nothing is the desk's affair.
fn answer_overdue(
    incident: &Incident,
    awaited: &Awaited<'_>,
    step: u32,
    ladder: &Ladder,
    now: Timestamp,
) -> Decision {
    let signals = awaited.answer.map(|awaited| awaited.signals.clone()).unwrap_or_default();
    let (stage, say) = if awaited.is_lost {
        (Stage::Received, say::HOLDER_LOST)
    } else {
        (Stage::Claimed, say::ANSWER_OVERDUE)
    };
    let progress = (awaited.is_lost || awaited.answer.is_some()).then(|| Effect::Progress {
        stage: incident.stage(stage),
        say: say.into(),
        at: now,
    });
    let sound = Effect::Sound { attention: Attention::Everyone };
    let rule = ladder.rule_of(incident, now);
    let mut callees = rule.map(|rule| rule.step(step).call.clone()).unwrap_or_default();
    if progress.is_none() {
        // Nothing of the person's waits: the desk and who stands behind it are called, not station and family.
        callees.retain(|callee| !matches!(callee, Callee::Station | Callee::Relatives));
    }
    let call = Effect::Call { step, callees };
    let deadline_at = after(now, ladder.repeat_s);
    let what = What::AnswerOverdue { step, signals, deadline_at };
    Decision::next(incident, now, what, [sound, call].into_iter().chain(progress).collect())
}
