//! Time has passed and nobody did what had to be done: more people are called.

use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::{Attention, AwaitedAnswer, Decision, Incident, Ladder, State, Task, What, say};
use model::Timestamp;

/// Takes the next step if the deadline has come. However late it comes, it is one step: the next is
/// counted from now, so that a long outage is not followed by a burst.
pub(super) fn passed(incident: &Incident, ladder: &Ladder, now: Timestamp) -> Decision {
    if let Some(task) = incident.tasks.iter().find(|task| task.deadline_at.is_some_and(|due| due <= now)) {
        return task_overdue(incident, task, ladder, now);
    }
    if incident.deadline_at.is_some_and(|deadline| now < deadline) {
        return Decision::nothing();
    }
    match &incident.state {
        State::Raised { step } => ladder_stepped(incident, step.saturating_add(1), ladder, now),
        State::Claimed { answer, step, .. } => {
            answer_overdue(incident, answer.as_ref(), step.saturating_add(1), ladder, now)
        }
        State::Closed { .. } => Decision::nothing(),
    }
}

/// First the station is reminded, which its own screen does; when it still says nothing, the desk hears of it.
fn task_overdue(incident: &Incident, task: &Task, ladder: &Ladder, now: Timestamp) -> Decision {
    let times = task.overdue.saturating_add(1);
    let answer_by = after(now, ladder.task_answer_s);
    let sound = (times > 1).then_some(Effect::Sound { attention: Attention::Operators });
    let what = What::TaskOverdue { task: task.id.clone(), times, answer_by };
    Decision::next(incident, now, what, sound.into_iter().collect())
}

fn ladder_stepped(incident: &Incident, step: u32, ladder: &Ladder, now: Timestamp) -> Decision {
    let deadline_at = after(now, ladder.wait_after_s(step));
    let effects = vec![
        Effect::Sound { attention: Attention::Everyone },
        Effect::Progress { stage: incident.stage(Stage::Received), say: say::STILL_TRYING.into(), at: now },
    ];
    Decision::next(incident, now, What::LadderStepped { step, deadline_at }, effects)
}

/// The person hears of it only if something of theirs went unanswered; a holder who is busy with the
/// case and writes nothing is the desk's affair.
fn answer_overdue(
    incident: &Incident,
    answer: Option<&AwaitedAnswer>,
    step: u32,
    ladder: &Ladder,
    now: Timestamp,
) -> Decision {
    let signals = answer.map(|awaited| awaited.signals.clone()).unwrap_or_default();
    let progress = answer.map(|_| Effect::Progress {
        stage: incident.stage(Stage::Claimed),
        say: say::ANSWER_OVERDUE.into(),
        at: now,
    });
    let sound = Effect::Sound { attention: Attention::Everyone };
    let deadline_at = after(now, ladder.repeat_s);
    let what = What::AnswerOverdue { step, signals, deadline_at };
    Decision::next(incident, now, what, std::iter::once(sound).chain(progress).collect())
}
