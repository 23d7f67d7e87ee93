//! Whether anybody is reached beyond the screens: by which ways that passed a test, and at which hours of the week.

use super::Outside;
use incident::{
    Ladder,
    ladder::{Callee, OnCall, uncovered_week},
};
use model::SignedDuration;
use notify::Channel;
use store::{ChannelTest, RosterEntry, StoreError};

/// A channel counts as tested for so long.
pub const TEST_HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether this way rings somebody. A letter wakes nobody: who is reached by it alone covers no hour.
pub(crate) fn rings(channel: &str) -> bool {
    [Channel::Sms, Channel::Voice].iter().any(|one| one.as_str() == channel)
}

/// The hours of the week that none of these covers by telephone or message.
pub(crate) fn uncovered(roster: &[RosterEntry]) -> Vec<String> {
    let on_call = roster.iter().filter(|one| rings(&one.channel)).map(|one| one.on_call);
    uncovered_week(&on_call.collect::<Vec<OnCall>>())
}

/// What is missing, so that nobody might be reached.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    /// No channel passed a test.
    pub(crate) channel: Option<String>,
    /// There are hours that nobody covers by a channel that did.
    pub(crate) hours: Option<String>,
    /// There are steps whose own way did not.
    pub(crate) steps: Option<String>,
}

/// The code of the trouble that no channel passed a test.
pub(crate) const NO_CHANNEL: &str = "no_channel_tested";
/// The code of the trouble that hours are not covered.
pub(crate) const GAPS: &str = "roster_gaps";
/// The code of the trouble that a step of the ladder goes a way that passed no test.
pub(crate) const UNTESTED: &str = "step_not_tested";

/// The steps of a ladder that may call somebody in vain, by what is wrong with each callee.
fn untested(ladder: &Ladder, what_is_wrong: impl Fn(Callee) -> Option<String>) -> Vec<String> {
    let mut all = Vec::new();
    for rule in &ladder.rules {
        let numbered = rule.steps.iter().zip(1..).map(|(step, nth)| (format!("step {nth}"), step));
        for (name, step) in numbered.chain([("what is repeated".to_owned(), &rule.repeat)]) {
            let wrong = step.call.iter().filter_map(|callee| what_is_wrong(*callee));
            all.extend(wrong.map(|wrong| format!("rule {:?}, {name}: {wrong}", rule.name)));
        }
    }
    all
}

impl Outside {
    /// What is missing, in words, for this ladder.
    pub(crate) async fn missing(&self, ladder: &Ladder) -> Result<Missing, StoreError> {
        let now = self.shared.clock.now();
        let is_fresh = |test: &ChannelTest| test.is_ok && now.duration_since(test.at) <= TEST_HOLDS;
        let tests = self.shared.store.channel_tests().await?;
        let mut roster = self.roster().await?;
        let tested: Vec<&str> = tests
            .iter()
            .filter(|test| is_fresh(test) && rings(&test.channel))
            .map(|test| test.channel.as_str())
            .collect();
        if tested.is_empty() {
            let channel = "no telephone or message channel has passed a test within 30 days: an incident that nobody at a \
                           screen takes reaches nobody else";
            return Ok(Missing { channel: Some(channel.to_owned()), ..Missing::default() });
        }
        roster.retain(|one| tested.contains(&one.channel.as_str()));
        let gaps = uncovered(&roster);
        let hours = (!gaps.is_empty()).then(|| {
            format!("nobody on the roster can be reached by a tested channel at: {}", gaps.join(", "))
        });
        let untested = untested(ladder, |callee| self.what_is_wrong_with(callee, &tested));
        let steps = (!untested.is_empty()).then(|| untested.join("; "));
        Ok(Missing { channel: None, hours, steps })
    }

    /// Whoever is on the roster and can be read; who cannot is said in the health.
    pub(super) async fn roster(&self) -> Result<Vec<RosterEntry>, StoreError> {
        let roster = self.shared.store.roster().await?;
        self.shared.health.rows_unreadable("the roster", &roster.broken, self.shared.clock.now());
        Ok(roster.whole)
    }

    /// Why a callee might not hear of it. Each has a way of their own; of the roster, where each entry has one, the hours speak.
    fn what_is_wrong_with(&self, callee: Callee, tested: &[&str]) -> Option<String> {
        let (whom, way) = match callee {
            Callee::Operators | Callee::Everyone | Callee::Roster => return None,
            Callee::Relatives => ("relatives", self.sender.has(Channel::Sms).then_some(Channel::Sms)),
            Callee::Station => ("station", self.way_to_stations()),
        };
        let Some(way) = way else { return Some(format!("{whom}: no way to them is set up")) };
        let is_tested = tested.contains(&way.as_str());
        (!is_tested).then(|| format!("{whom}: {} has passed no test within 30 days", way.as_str()))
    }

    /// Says it in the health.
    pub(crate) async fn look(&self, ladder: &Ladder) -> Result<(), StoreError> {
        let missing = self.missing(ladder).await?;
        let now = self.shared.clock.now();
        self.shared.health.set(NO_CHANNEL, missing.channel, now);
        self.shared.health.set(GAPS, missing.hours, now);
        self.shared.health.set(UNTESTED, missing.steps, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use incident::ladder::Hours;

    #[test]
    fn a_letter_covers_no_hour() {
        let round_the_clock = |channel: &str| RosterEntry {
            id: "roster-1".to_owned(),
            name: "李强".to_owned(),
            on_call: OnCall { days: 0b111_1111, hours: Hours { from: 0, to: 0 } },
            channel: channel.to_owned(),
            address: String::new(),
        };
        for (channel, gaps) in [("sms", 0), ("voice", 0), ("email", 7), ("webhook", 7)] {
            assert_eq!(uncovered(&[round_the_clock(channel)]).len(), gaps, "{channel}");
        }
    }
}
