//! Who is to be reached outside the screens, and when.

use crate::{
    AuditRow, Connection, Job, JobError, Keys, Lane, Store, StoreError, audit, db::on, reading,
    script::Script, seal::last_four,
};
use async_trait::async_trait;

const COLUMN: &str = "roster_address";

/// Somebody who is on call at some hours of the week.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its id.
    pub id: String,
    /// Who.
    pub name: String,
    /// On which days the hours begin: bit 0 is Monday.
    pub days: u8,
    /// From which minute of the day, in Shanghai.
    pub from_minute: u16,
    /// Until which, excluded; on the next day if it is not later.
    pub to_minute: u16,
    /// By which way, as `sms` or `voice`.
    pub channel: String,
    /// The telephone number or the address.
    pub address: String,
}

/// A number that people are rung at is in no log.
impl std::fmt::Debug for RosterEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterEntry").field("id", &self.id).finish_non_exhaustive()
    }
}

const DAY_MINUTES: u16 = 1_440;

impl RosterEntry {
    /// Whether it is on call at this minute of this day (Monday is 0).
    pub fn is_on_call(&self, day: u8, minute: u16) -> bool {
        let has = |day: u8| self.days >> (day % 7) & 1 == 1;
        if self.from_minute < self.to_minute {
            has(day) && (self.from_minute..self.to_minute).contains(&minute)
        } else {
            (has(day) && minute >= self.from_minute) || (has(day + 6) && minute < self.to_minute)
        }
    }
}

/// The hours of the week in which nobody of these is on call, as `Mon 08:00-09:30`.
pub fn uncovered_hours(entries: &[RosterEntry]) -> Vec<String> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut gaps = Vec::new();
    for (day, name) in (0..7u8).zip(DAYS) {
        let mut since = None;
        for minute in 0..=DAY_MINUTES {
            let is_covered =
                minute == DAY_MINUTES || entries.iter().any(|entry| entry.is_on_call(day, minute));
            match (is_covered, since) {
                (false, None) => since = Some(minute),
                (true, Some(from)) => {
                    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
                    gaps.push(format!("{name} {}-{}", clock(from), clock(minute)));
                    since = None;
                }
                (false, Some(_)) | (true, None) => {}
            }
        }
    }
    gaps
}

/// Puts somebody on the roster.
#[derive(Debug)]
pub struct PutOnRoster {
    /// Who, and when.
    pub entry: RosterEntry,
    /// What seals the address.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutOnRoster {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let entry = &self.entry;
        let sealed = self
            .keys
            .seal(COLUMN, &entry.id, &entry.address)
            .map_err(|error| JobError::Broken(error.to_string()))?;
        let mut script = Script::default();
        script.add(
            "INSERT INTO roster (entry_id, name, days, from_minute, to_minute, channel, key_id, address_sealed,
               address_last4) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                entry.id.as_str().into(),
                entry.name.as_str().into(),
                i64::from(entry.days).into(),
                i64::from(entry.from_minute).into(),
                i64::from(entry.to_minute).into(),
                entry.channel.as_str().into(),
                self.keys.key_id().into(),
                sealed.as_slice().into(),
                last_four(&entry.address).into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Takes somebody off the roster.
#[derive(Debug)]
pub struct TakeOffRoster {
    /// Which entry.
    pub id: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for TakeOffRoster {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add("DELETE FROM roster WHERE entry_id = $1", [self.id.as_str().into()]);
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    entry_id: String,
    name: String,
    days: i64,
    from_minute: i64,
    to_minute: i64,
    channel: String,
    address_sealed: Vec<u8>,
}

const WHAT: &str = "the roster";

impl Store {
    /// Everybody on the roster, by name.
    pub async fn roster(&self) -> Result<Vec<RosterEntry>, StoreError> {
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT entry_id, name, days, from_minute, to_minute, channel, address_sealed FROM roster
             ORDER BY name, entry_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let entry = |row: Row| {
            Ok(RosterEntry {
                address: self.keys.open(COLUMN, &row.entry_id, &row.address_sealed)?,
                id: row.entry_id,
                name: row.name,
                days: u8::try_from(row.days).unwrap_or_default(),
                from_minute: u16::try_from(row.from_minute).unwrap_or_default(),
                to_minute: u16::try_from(row.to_minute).unwrap_or_default(),
                channel: row.channel,
            })
        };
        found.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(days: u8, from_h: u16, to_h: u16) -> RosterEntry {
        RosterEntry {
            id: "e".to_owned(),
            name: "王".to_owned(),
            days,
            from_minute: from_h * 60,
            to_minute: to_h * 60,
            channel: "sms".to_owned(),
            address: "1".to_owned(),
        }
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let sunday_night = entry(0b100_0000, 22, 6);
        for (day, hour, expected) in
            [(6, 23, true), (0, 5, true), (0, 6, false), (6, 5, false), (0, 23, false)]
        {
            assert_eq!(sunday_night.is_on_call(day, hour * 60), expected, "{day} {hour}");
        }
    }

    #[test]
    fn hours_in_which_nobody_is_on_call_are_named() {
        assert_eq!(uncovered_hours(&[]).len(), 7);
        assert!(uncovered_hours(&[entry(0b111_1111, 22, 6), entry(0b111_1111, 6, 22)]).is_empty());
        assert_eq!(uncovered_hours(&[entry(0b111_1111, 0, 0)]), Vec::<String>::new(), "round the clock");
        let weekdays = [entry(0b001_1111, 8, 20), entry(0b111_1111, 20, 8)];
        assert_eq!(uncovered_hours(&weekdays), ["Sat 08:00-20:00", "Sun 08:00-20:00"]);
    }
}
