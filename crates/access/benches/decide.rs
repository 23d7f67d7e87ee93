//! Decisions a second on one core: every action as every kind of account, a relative with ten grants among them.

use access::{Action, Grant, Role, Shares, Subject, Who, decide, sight};
use model::{IncidentId, ResidentId, Timestamp};
use std::{hint::black_box, io::Write as _, time::Duration};

const ROUNDS: usize = 5;
const DECISIONS: usize = 2_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = Timestamp::from_second(1_795_000_000)?;
    let residents =
        (0..10).map(|number| ResidentId::new(format!("r-{number:04}"))).collect::<Result<Vec<_>, _>>()?;
    let grant = |resident: &ResidentId| Grant {
        resident: resident.clone(),
        from: Timestamp::UNIX_EPOCH,
        to: None,
        shares: Shares::ALL,
    };
    let who = |role: Role| Who {
        granted: residents.iter().map(grant).collect(),
        ..Who::plain(role.as_str(), role)
    };
    let accounts = Role::ALL.map(who);
    let subjects = [
        Subject::Nothing,
        Subject::Incident {
            id: Some(IncidentId::new("i-1")?),
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
        "decisions with their sight, median of {ROUNDS} {median:>26.0} /s   goal >= 1,000,000 /s on one core"
    )?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn measure(mut decide: impl FnMut(usize)) -> Duration {
    let begun = std::time::Instant::now();
    (0..DECISIONS).for_each(&mut decide);
    begun.elapsed()
}
