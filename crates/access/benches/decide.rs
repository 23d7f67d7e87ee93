//! Decisions a second on one core: every action as every kind of account, each with ten grants, ten withholdings and ten tasks,
//! of which the last is the one that is asked for. Fewer than the goal, and it ends with exit code 1.

use access::{Action, Grant, OpenTask, Role, Shares, Subject, Who, Withheld, decide, sight};
use model::{IncidentId, ResidentId, Timestamp};
use std::{hint::black_box, io::Write as _, process::ExitCode, time::Duration};

const ROUNDS: usize = 5;
const DECISIONS: usize = 2_000_000;
/// Decisions a second.
const GOAL: f64 = 1_000_000.0;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let now = Timestamp::from_second(1_795_000_000)?;
    let residents =
        (0..10).map(|number| ResidentId::new(format!("r-{number:04}"))).collect::<Result<Vec<_>, _>>()?;
    let grant = |resident: &ResidentId| Grant {
        resident: resident.clone(),
        from: Timestamp::UNIX_EPOCH,
        to: None,
        shares: Shares::ALL,
    };
    let incidents =
        (0..10).map(|number| IncidentId::new(format!("i-{number}"))).collect::<Result<Vec<_>, _>>()?;
    // Other incidents of the same residents are kept back, so that all of them are looked at and none decides.
    let kept_back = IncidentId::new("i-kept-back")?;
    let withhold = |resident: &ResidentId| Withheld {
        resident: resident.clone(),
        incident: Some(kept_back.clone()),
        since: Timestamp::UNIX_EPOCH,
        until: Some(Timestamp::UNIX_EPOCH),
    };
    let task = |(incident, resident): (&IncidentId, &ResidentId)| OpenTask {
        incident: incident.clone(),
        resident: Some(resident.clone()),
        offered_at: now,
    };
    let who = |role: Role| Who {
        granted: residents.iter().map(grant).collect(),
        withheld: residents.iter().map(withhold).collect(),
        tasks: incidents.iter().zip(&residents).map(task).collect(),
        ..Who::plain(role.as_str(), role)
    };
    let accounts = Role::ALL.map(who);
    let subjects = [
        Subject::Nothing,
        Subject::Incident {
            id: incidents.last().cloned(),
            resident: residents.last().cloned(),
            opened_at: now,
            open: true,
            handled: false,
            division: None,
        },
        Subject::Resident { id: residents[9].clone(), has_open_incident: false, division: None },
    ];
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let taken = measure(|nth| {
            let (account, action) = (&accounts[nth % accounts.len()], Action::ALL[nth % Action::ALL.len()]);
            black_box(decide(black_box(account), action, black_box(&subjects[nth % subjects.len()]), now));
            black_box(sight(account, &residents[9], true, now));
        });
        rounds.push(f64::from(u32::try_from(DECISIONS)?) / taken.as_secs_f64());
    }
    rounds.sort_by(f64::total_cmp);
    let median = rounds[ROUNDS / 2];
    writeln!(
        std::io::stdout(),
        "decisions with their sight, median of {ROUNDS} {median:>26.0} /s   goal >= {GOAL} /s on one core"
    )?;
    if median >= GOAL {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(std::io::stdout(), "goal missed: decisions a second  {median:.0}   goal >= {GOAL}")?;
    Ok(ExitCode::FAILURE)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn measure(mut decide: impl FnMut(usize)) -> Duration {
    let begun = std::time::Instant::now();
    (0..DECISIONS).for_each(&mut decide);
    begun.elapsed()
}
