//! Shells that are broken on purpose, so that it can be shown that the checks find them.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A fault of the simulated shell; the product has none of these switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sabotage {
    /// The receipt goes out as the press comes in, before the commit
    ReceiptBeforeCommit,
    /// The telephone rings as the step is decided, before the commit
    EffectBeforeCommit,
    /// The deadlines are timers in memory, which a restart loses
    DeadlinesInMemory,
    /// What was told is told anew, under another name, after a restart
    EffectTwice,
    /// A change is written whatever version it was decided on
    VersionUnchecked,
    /// The cursor is moved before its signals are placed, in a transaction of its own
    CursorFirst,
    /// What stays unclaimed for five steps of the ladder is closed
    ClosedByTime,
    /// The handset is told that somebody has claimed it, to calm the person
    KindLies,
    /// The handset hears nothing while the ladder goes on
    SilentLadder,
    /// The deadlines are not moved when the clock was set back
    ClockIgnored,
    /// A clock set back is found again at the next start, and the deadlines are moved once more
    ClockCorrectedTwice,
    /// Signals whose placing failed are not looked for in the log
    SignalsForgotten,
    /// A window for a drill is open for ever once it was opened
    DrillNeverEnds,
    /// The two halves of a merging are two transactions
    MergeInHalves,
    /// That a station was asked as the ladder wanted is not noted with the asking
    CallsUnmarked,
    /// Nobody looks whether holders are still there
    LeaseForever,
    /// A holder is missed as soon as it is looked
    HolderMissedAtOnce,
    /// When a holder was seen is believed although the clock was set back since
    LeaseByOldClock,
    /// Nothing is told of somebody who is away as planned
    AbsenceSilencesAll,
    /// What follows upon a station's no is not written with it
    NextStationForgotten,
    /// The person hears what calms them: that somebody at the desk is at it
    WordsLie,
    /// A command waits as long as any other message
    CommandsKept,
    /// What is no matter of life or death is heard at no screen
    LifeAlone,
}

impl Sabotage {
    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
