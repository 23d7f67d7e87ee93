//! What arrives, in the order of its arrival: three logs read side by side by cursor.

use crate::{Trouble, count_passed_over, known::Carriers};
use geofence::silence::Told;
use model::{Fix, HandsetId, ResidentId, SignedDuration, Timestamp};
use protocol::decode_status;
use std::{collections::VecDeque, sync::Arc};
use store::{Clock, ClockStep, HeardCry, HeardMessage, JournalFix, NumberedFix, Places, Store};

/// Batches of fixes read at a time: some thousands of fixes, so that no page keeps a core for long.
const BATCHES: u32 = 8;
/// Rows of the other logs read at a time.
const ROWS: u32 = 2_000;
/// What arrived so recently may not be on disk yet: it is stamped before its commit.
const SETTLES_WITHIN: SignedDuration = SignedDuration::from_secs(1);

/// What happened to a resident.
#[derive(Debug)]
pub(crate) enum Happening {
    /// Fixes of one message; without any it is a sign of life.
    Fixes(Vec<Fix>),
    /// The handset says something of itself.
    Status(Told),
    /// The handset says something else.
    Heard,
    /// The emergency button.
    Press,
    /// A fall that was raised, and when it happened.
    Fall(Timestamp),
    /// The newest fix of a companion's handset.
    Company(HandsetId, Box<Fix>),
}

/// Something that arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) resident: Arc<ResidentId>,
    pub(crate) received_at: Timestamp,
    /// Where in its log it stands.
    pub(crate) place: i64,
    pub(crate) what: Happening,
}

impl Arrived {
    /// How many fixes it brought.
    pub(crate) fn fixes(&self) -> usize {
        match &self.what {
            Happening::Fixes(fixes) => fixes.len(),
            Happening::Status(_)
            | Happening::Heard
            | Happening::Press
            | Happening::Fall(_)
            | Happening::Company(..) => 0,
        }
    }

    /// As it is by a clock that was set back by so much since it came.
    fn set_back(&mut self, by: SignedDuration) {
        let back = |at: &mut Timestamp| *at = at.checked_sub(by).unwrap_or(*at);
        back(&mut self.received_at);
        match &mut self.what {
            Happening::Fixes(fixes) => fixes.iter_mut().for_each(|fix| back(&mut fix.fix_time)),
            Happening::Company(_, fix) => back(&mut fix.fix_time),
            Happening::Fall(at) => back(at),
            Happening::Status(_) | Happening::Heard | Happening::Press => {}
        }
    }
}

/// By how much the clock was set back since something came that stands there in its log.
fn behind(steps: &[ClockStep], log: Log, place: i64) -> SignedDuration {
    let is_before = |step: &&ClockStep| {
        let Places { fix, message, signal } = step.through;
        let end = match log {
            Log::Cry => signal,
            Log::Message => message,
            Log::Fix => fix,
        };
        place <= end
    };
    steps.iter().filter(is_before).fold(SignedDuration::ZERO, |by, step| by.saturating_add(step.by))
}

/// The next piece of what arrived.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) arrived: Vec<Arrived>,
    /// All until there has been read.
    pub(crate) through: Places,
    /// Nothing that arrived before then is still to come.
    pub(crate) horizon: Timestamp,
    /// There may be more.
    pub(crate) is_more: bool,
}

/// Reads the logs.
#[derive(Debug)]
pub(crate) struct Source {
    store: Store,
    clock: Clock,
    /// How often the clock was set back: what came before is told by the clock there is now.
    steps: Vec<ClockStep>,
    through: Places,
    fixes: VecDeque<NumberedFix>,
    /// The journal up to here is in `fixes` or was taken.
    fixes_read: i64,
    messages: VecDeque<HeardMessage>,
    /// Presses and falls.
    cries: VecDeque<HeardCry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Log {
    Cry,
    Message,
    Fix,
}

impl Source {
    /// Reads on after these places.
    pub(crate) fn new(store: Store, clock: Clock, steps: Vec<ClockStep>, through: Places) -> Self {
        Self {
            store,
            clock,
            steps,
            through,
            fixes: VecDeque::new(),
            fixes_read: through.fix,
            messages: VecDeque::new(),
            cries: VecDeque::new(),
        }
    }

    /// The next page. What could be overtaken by something not read yet waits for the next one.
    pub(crate) async fn next(&mut self, carriers: &Carriers) -> Result<Page, Trouble> {
        let began = self.clock.now().checked_sub(SETTLES_WITHIN).unwrap_or(Timestamp::MIN);
        let ended = self.read().await?;
        let (mut arrived, mut horizon, mut is_more) = (Vec::new(), began, false);
        while let Some((received_at, log, by)) = self.earliest() {
            let taken = arrived.len();
            match log {
                Log::Cry => self.take_cry(&mut arrived),
                Log::Message => self.take_message(carriers, &mut arrived),
                Log::Fix => self.take_fixes(carriers, &mut arrived),
            }
            // Who carried the handset was found by the clock before: bindings were written by it, too.
            if !by.is_zero() {
                arrived.iter_mut().skip(taken).for_each(|one| one.set_back(by));
            }
            if self.is_dry(log) && !ended.contains(&log) {
                // What follows in this log may have arrived before what is left of the others.
                horizon = horizon.min(received_at);
                is_more = true;
                break;
            }
        }
        Ok(Page { arrived, through: self.through, horizon, is_more })
    }

    /// Reads on in the logs of which nothing is at hand; says which of them have no more.
    async fn read(&mut self) -> Result<Vec<Log>, Trouble> {
        let mut ended = Vec::new();
        if self.cries.is_empty() {
            self.cries = self.store.cries_after(self.through.signal, ROWS).await?.into();
            ended.extend(is_short(self.cries.len()).then_some(Log::Cry));
        }
        if self.messages.is_empty() {
            self.messages = self.store.messages_after(self.through.message, ROWS).await?.into();
            ended.extend(is_short(self.messages.len()).then_some(Log::Message));
        }
        if self.fixes.is_empty() {
            let mut page = self.store.journal_after(self.fixes_read, BATCHES).await?;
            while page.fixes.is_empty() && page.through > self.fixes_read {
                // Batches that cannot be read are passed over; the journal says so.
                self.fixes_read = page.through;
                self.through.fix = page.through;
                page = self.store.journal_after(self.fixes_read, BATCHES).await?;
            }
            ended.extend((page.through == self.fixes_read).then_some(Log::Fix));
            self.fixes_read = page.through;
            self.fixes = page.fixes.into();
        }
        Ok(ended)
    }

    fn is_dry(&self, log: Log) -> bool {
        match log {
            Log::Cry => self.cries.is_empty(),
            Log::Message => self.messages.is_empty(),
            Log::Fix => self.fixes.is_empty(),
        }
    }

    /// What came first of what is at hand: when by the clock there is now, in which log, and by how much that clock was set back since.
    fn earliest(&self) -> Option<(Timestamp, Log, SignedDuration)> {
        let heads = [
            self.cries.front().map(|cry| (cry.received_at, Log::Cry, cry.row)),
            self.messages.front().map(|message| (message.received_at, Log::Message, message.row)),
            self.fixes.front().map(|fix| (fix.fix.received_at, Log::Fix, fix.number)),
        ];
        let by_now = |(received_at, log, place): (Timestamp, Log, i64)| {
            let by = behind(&self.steps, log, place);
            (received_at.checked_sub(by).unwrap_or(received_at), log, by)
        };
        heads.into_iter().flatten().map(by_now).min()
    }

    fn take_cry(&mut self, arrived: &mut Vec<Arrived>) {
        let Some(HeardCry { row, resident, fell_at, received_at }) = self.cries.pop_front() else { return };
        self.through.signal = row;
        arrived.extend(resident.map(|resident| Arrived {
            resident: Arc::new(resident),
            received_at,
            place: row,
            what: fell_at.map_or(Happening::Press, Happening::Fall),
        }));
    }

    fn take_message(&mut self, carriers: &Carriers, arrived: &mut Vec<Arrived>) {
        let Some(message) = self.messages.pop_front() else { return };
        let (row, received_at) = (message.row, message.received_at);
        self.through.message = row;
        if let Some(resident) = carriers.of(&message.handset, received_at) {
            let what = said(&message);
            arrived.push(Arrived { resident: Arc::clone(resident), received_at, place: row, what });
        }
    }

    /// The fixes of one message, each to whoever carried the handset when it was taken; and the newest to those it goes with.
    fn take_fixes(&mut self, carriers: &Carriers, arrived: &mut Vec<Arrived>) {
        let Some(NumberedFix { number, fix: JournalFix { handset, fix, received_at, .. } }) =
            self.fixes.pop_front()
        else {
            return;
        };
        self.through.fix = number;
        let (is_watched, accompanied) = (carriers.is_known(&handset), carriers.accompanied(&handset));
        let (mut newest, mut last): (Option<Fix>, _) = (None, number);
        let mut take = |fix: Fix, place: i64| {
            let is_newer = |held: &Fix| held.fix_time < fix.fix_time;
            if !accompanied.is_empty() && newest.as_ref().is_none_or(is_newer) {
                newest = Some(fix.clone());
            }
            if is_watched {
                add(carriers, arrived, &handset, fix, received_at, place);
            }
            last = place;
        };
        take(fix, number);
        while let Some(next) = self
            .fixes
            .front()
            .filter(|next| next.fix.received_at == received_at && next.fix.handset == handset)
        {
            self.through.fix = next.number;
            let Some(next) = self.fixes.pop_front() else { break };
            take(next.fix.fix, next.number);
        }
        if let Some(newest) = newest {
            meet(carriers, arrived, &handset, &newest, (received_at, last));
        }
        if self.fixes.is_empty() {
            self.through.fix = self.fixes_read;
        }
    }
}

/// What a message says of its handset. A telephone's last will comes from the door and is no sign of life.
fn said(message: &HeardMessage) -> Happening {
    if message.is_gone {
        return Happening::Status(Told { online: Some(false), ..Told::default() });
    }
    message.status.as_ref().map_or(Happening::Heard, |bytes| {
        let status = decode_status(bytes, message.received_at).message;
        Happening::Status(Told {
            online: status.online,
            battery_pct: status.battery_pct,
            charging: status.charging,
            worn: status.worn,
        })
    })
}

fn is_short(rows: usize) -> bool {
    u32::try_from(rows).is_ok_and(|rows| rows < ROWS)
}

/// Hands a fix to whoever carried the handset when it was taken. If nobody did, its clock may be behind its binding: the fix is not
/// judged, and whoever carries the handset now is heard all the same.
fn add(
    carriers: &Carriers,
    arrived: &mut Vec<Arrived>,
    handset: &HandsetId,
    fix: Fix,
    received_at: Timestamp,
    place: i64,
) {
    let carried_then = carriers.of(handset, fix.fix_time);
    if carried_then.is_none() {
        count_passed_over("uncarried");
    }
    let Some(resident) = carried_then.or_else(|| carriers.of(handset, received_at)) else { return };
    let judged = carried_then.map(|_carrier| fix);
    if let Some(last) = arrived.last_mut()
        && last.received_at == received_at
        && last.resident == *resident
        && let Happening::Fixes(fixes) = &mut last.what
    {
        fixes.extend(judged);
        last.place = place;
        return;
    }
    let what = Happening::Fixes(judged.into_iter().collect());
    arrived.push(Arrived { resident: Arc::clone(resident), received_at, place, what });
}

/// Tells those whose companion carries the handset where it is; whoever carries it themselves is no company to themselves.
fn meet(
    carriers: &Carriers,
    arrived: &mut Vec<Arrived>,
    handset: &HandsetId,
    newest: &Fix,
    (received_at, place): (Timestamp, i64),
) {
    let own = carriers.of(handset, newest.fix_time);
    for resident in carriers.accompanied(handset).iter().filter(|resident| Some(*resident) != own) {
        let what = Happening::Company(handset.clone(), Box::new(newest.clone()));
        arrived.push(Arrived { resident: Arc::clone(resident), received_at, place, what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Method, Wgs84};
    use store::WatchedResident;

    fn message(status: Option<&str>, is_gone: bool) -> HeardMessage {
        HeardMessage {
            row: 1,
            handset: HandsetId::new("h1").unwrap(),
            received_at: "2026-11-23T08:20:00Z".parse().unwrap(),
            status: status.map(|text| text.as_bytes().to_vec()),
            is_gone,
        }
    }

    #[test]
    fn a_last_will_is_no_sign_of_life_in_any_dialect() {
        let (gone, charging) = (Some(r#"{"online":false}"#), Some(r#"{"online":true,"charging":true}"#));
        for (status, is_gone, online, is_charging) in [
            (None, true, Some(false), None),
            (gone, false, Some(false), None),
            (charging, false, Some(true), Some(true)),
            (Some("no JSON"), false, None, None),
        ] {
            let said = said(&message(status, is_gone));
            assert!(
                matches!(&said, Happening::Status(told)
                    if told.online == online && told.charging == is_charging && told.battery_pct.is_none()),
                "{status:?} {is_gone}: {said:?}"
            );
        }
        assert!(matches!(said(&message(None, false)), Happening::Heard));
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_413_600 + second).unwrap()
    }

    fn fix(second: i64) -> Fix {
        let position = Wgs84::new(33.96, 118.28).unwrap();
        let (boot, seq, speed_mps, bearing_deg, battery_pct) = Default::default();
        let (fix_time, accuracy_m, method) = (at(second), 8.0, Method::Gps);
        Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct }
    }

    #[test]
    fn a_handset_whose_clock_is_behind_its_binding_is_heard() {
        let handset = HandsetId::new("h1").unwrap();
        let mut carriers = Carriers::default();
        carriers.add(&WatchedResident {
            id: ResidentId::new("r1").unwrap(),
            name: String::new(),
            lives_alone: false,
            cognitive_impairment: false,
            is_tracked: true,
            policy: None,
            carried: vec![(handset.clone(), at(0), Some(at(10_000)))],
            heartbeat_s: None,
            is_telephone: false,
        });
        let hands_over = |received: i64, taken: &[i64]| {
            let mut arrived = Vec::new();
            for (second, place) in taken.iter().zip(7..) {
                add(&carriers, &mut arrived, &handset, fix(*second), at(received), place);
            }
            let each = arrived.iter().map(|one| (one.resident.to_string(), one.fixes(), one.place));
            each.collect::<Vec<_>>()
        };
        let theirs = |fixes: usize, place: i64| vec![("r1".to_owned(), fixes, place)];
        assert_eq!(hands_over(60, &[30, 50]), theirs(2, 8));
        assert_eq!(hands_over(60, &[-3_600]), theirs(0, 7), "heard, and not judged");
        assert_eq!(hands_over(60, &[-3_600, 30]), theirs(1, 8));
        assert_eq!(hands_over(60, &[30, -3_600]), theirs(1, 8));
        assert_eq!(hands_over(20_000, &[15_000]), vec![], "nobody carries it");
    }

    /// What had arrived and was not taken when the clock was set back is told by the clock there is now, and nothing else.
    #[test]
    fn what_came_by_the_clock_before_is_told_by_the_one_there_is_now() {
        let by = SignedDuration::from_hours(1);
        let steps = [
            ClockStep { by, through: Places { fix: 10, message: 20, signal: 30 } },
            ClockStep { by: by * 2, through: Places { fix: 15, message: 20, signal: 30 } },
        ];
        for (log, place, hours) in [
            (Log::Fix, 10, 3),
            (Log::Fix, 11, 2),
            (Log::Fix, 16, 0),
            (Log::Message, 20, 3),
            (Log::Message, 21, 0),
            (Log::Cry, 30, 3),
            (Log::Cry, 31, 0),
        ] {
            assert_eq!(behind(&steps, log, place), by * hours, "{log:?} {place}");
        }
        let resident = Arc::new(ResidentId::new("r1").unwrap());
        let what = Happening::Fixes(vec![fix(3_600), fix(3_660)]);
        let mut arrived = Arrived { resident: Arc::clone(&resident), received_at: at(3_661), place: 1, what };
        arrived.set_back(by);
        let Happening::Fixes(fixes) = &arrived.what else { panic!("fixes") };
        let times: Vec<_> = fixes.iter().map(|fix| fix.fix_time).collect();
        assert_eq!((arrived.received_at, times), (at(61), vec![at(0), at(60)]));
        let what = Happening::Fall(at(3_600));
        let mut fell = Arrived { resident, received_at: at(3_601), place: 1, what };
        fell.set_back(by);
        assert!(matches!(fell.what, Happening::Fall(fell_at) if fell_at == at(0)), "{fell:?}");
    }
}
