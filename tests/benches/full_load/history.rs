//! A day behind everybody, as it lies on disk when the platform has run for that long: appended as it came, sorted by handset
//! in between, read by the watch. Nothing of a day is old enough to stand in its hours.

use crate::{
    district::{self, RESIDENTS},
    records,
};
use anyhow::Result;
use firmware_sim::{load::street, seed::mix};
use model::{Fix, HandsetId, Method, SignedDuration, Timestamp, Wgs84};
use std::{fs, ops::RangeInclusive};
use store::{AppendFixes, Compactor, JournalFix, KeepStates, Kept, Step, Store};
use tests::{Platform, clock};
use tokio::time::Instant;

pub(crate) const DAY_S: i64 = 24 * 3_600;
/// Everybody sends one fix in so many seconds. That is 28.8 million; by what the journal's own benchmark appends and sorts in a
/// second (README.md) they are made within four minutes, and with one every ten seconds it would be two hours.
const EVERY_S: usize = 300;
/// These send one every ten seconds: theirs are the day's tracks that are read. No load speaks for them.
pub(crate) const FOLLOWED: RangeInclusive<u32> = 9_901..=10_000;
const FOLLOWED_EVERY_S: usize = 10;
pub(crate) const FIXES_OF_A_DAY: u64 = 8_640;
/// How often the journal is sorted while the day is made, and how often the watch notes how far it has read, in steps of
/// [`FOLLOWED_EVERY_S`]: a minute and an hour.
const SORTED_EVERY: usize = 6;
const READ_EVERY: usize = 360;
/// From a fix to its arrival.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(1);
/// In the data folder: until when the day lasts that was made there.
const NOTE: &str = "a-day-of-fixes";

struct Carrier {
    number: u32,
    handset: HandsetId,
    home: (f64, f64),
}

/// Until when everybody has a day behind them. It is made if it is not there, while the platform is at rest.
pub(crate) async fn behind(platform: &mut Platform) -> Result<Timestamp> {
    let note = platform.data().join(NOTE);
    if let Ok(text) = fs::read_to_string(&note) {
        return Ok(text.parse()?);
    }
    platform.stop().await?;
    let (begun, end) = (Instant::now(), Timestamp::from_second(clock::now().as_second())?);
    records::at_rest(&platform.data(), async |store| live_a_day(store, end).await).await?;
    fs::write(note, end.to_string())?;
    let size_mb = fs::metadata(platform.database()?)?.len() >> 20;
    say!(
        "24 h of fixes behind {RESIDENTS}, one in {EVERY_S} s, made within {:.0} s: {size_mb} MB on disk",
        begun.elapsed().as_secs_f64()
    );
    platform.restart().await?;
    Ok(end)
}

async fn live_a_day(store: &Store, end: Timestamp) -> Result<()> {
    district::hand_out(store).await?;
    let all = (1..=RESIDENTS).map(Carrier::new).collect::<Result<Vec<_>>>()?;
    let (followed, others): (Vec<Carrier>, Vec<Carrier>) =
        all.into_iter().partition(|carrier| FOLLOWED.contains(&carrier.number));
    let mut compactor = Compactor::new(store.clone(), Kept::default());
    let turns = EVERY_S / FOLLOWED_EVERY_S;
    let seconds = (end.as_second() - DAY_S..end.as_second()).step_by(FOLLOWED_EVERY_S);
    for (step, second) in seconds.enumerate() {
        let own = others.iter().skip(step % turns).step_by(turns).chain(&followed);
        store.write(AppendFixes(own.map(|carrier| carrier.fix(second)).collect::<Result<_>>()?)).await?;
        if step % READ_EVERY == 0 {
            note_as_read(store).await?;
        }
        if step % SORTED_EVERY == 0 {
            sort(&mut compactor, Timestamp::from_second(second)?).await?;
        }
    }
    note_as_read(store).await?;
    sort(&mut compactor, end).await
}

/// The watch has judged it as it came.
async fn note_as_read(store: &Store) -> Result<()> {
    let cursors = Some(store.log_ends().await?);
    store.write(KeepStates { cursors, ..KeepStates::default() }).await?;
    Ok(())
}

async fn sort(compactor: &mut Compactor, now: Timestamp) -> Result<()> {
    while compactor.step(now).await? != Step::Nothing {}
    Ok(())
}

impl Carrier {
    fn new(number: u32) -> Result<Self> {
        let handset = district::handset(number)?;
        let [home, _] = street(&handset);
        Ok(Self { number, handset, home })
    }

    /// At home, as well as a handset knows it: within twenty metres, in the seven digits that handsets send.
    fn fix(&self, second: i64) -> Result<JournalFix> {
        let drawn = mix((u64::from(self.number) << 40) ^ second.unsigned_abs());
        let off = |bits: u64| f64::from(u32::try_from(bits % 4_000).unwrap_or_default()) / 1e7;
        let digits = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let position = Wgs84::new(digits(self.home.0 + off(drawn)), digits(self.home.1 + off(drawn >> 16)))?;
        let fix_time = Timestamp::from_second(second)?;
        Ok(JournalFix {
            handset: self.handset.clone(),
            told_time: None,
            received_at: fix_time.checked_add(ON_ITS_WAY)?,
            fix: Fix {
                boot: Some("a-day".to_owned()),
                seq: Some(second.unsigned_abs()),
                fix_time,
                position,
                accuracy_m: f64::from(u32::try_from((drawn >> 32) & 15)?) + 8.0,
                method: Method::Gps,
                speed_mps: Some(0.0),
                bearing_deg: None,
                battery_pct: Some(71.0),
            },
        })
    }
}
