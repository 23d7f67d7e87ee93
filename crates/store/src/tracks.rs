//! A resident's track: every fix of the handsets they carried, for the time they carried them, in the order of the fixes'
//! own times.

use crate::{
    JobError, Store, StoreError,
    bindings::{self, Bindings},
    db::{View, on},
    journal::{
        Stored,
        block::{Block, Row},
        decode_hour, decoded, hour_of, stored_between,
    },
    micros, reading,
};
use model::{HandsetId, Method, ResidentId, Timestamp, Wgs84};

/// What is known of where a resident was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Track {
    /// The handsets that the points are of.
    pub handsets: Vec<HandsetId>,
    /// In the order of their times.
    pub points: Vec<TrackPoint>,
    /// Blocks that cannot be read: there may be more points than are here.
    pub unreadable: usize,
}

/// One fix of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPoint {
    /// Its place in the journal.
    pub number: i64,
    /// Of which of the track's handsets it is.
    pub handset: usize,
    /// When it was taken.
    pub fix_time: Timestamp,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The time the handset told, where another one is believed.
    pub told_time: Option<Timestamp>,
    /// Where.
    pub position: Wgs84,
    /// Radius that holds the truth with 68 %, in metres.
    pub accuracy_m: f64,
    /// How it was found.
    pub method: Method,
    /// Speed over ground, metres a second.
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
    /// Charge of the battery.
    pub battery_pct: Option<f64>,
}

/// Blocks as they were found, each with whose it is.
struct Found {
    bindings: Bindings,
    /// Of handsets the resident carried: who carried them at each moment decides.
    carried: Vec<(HandsetId, Vec<Stored>)>,
    /// The resident's by what was decided when they were written, each with its number.
    own: Vec<(i64, Vec<u8>)>,
}

impl Store {
    /// The track of a resident from a time on and before another.
    pub async fn track(
        &self,
        resident: &ResidentId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Track, StoreError> {
        let (from_us, to_us) = (micros(from), micros(to));
        let mut look = self.pool.look().await.map_err(reading("a track"))?;
        let found = find(&mut look.view(), resident, from_us, to_us).await.map_err(as_read)?;
        drop(look);
        let resident = resident.clone();
        // Decoding and unfolding a month takes some hundred milliseconds, which nobody else shall wait for.
        tokio::task::spawn_blocking(move || found.unfold(&resident, from_us, to_us))
            .await
            .map_err(|error| StoreError::Broken { what: "a track", problem: error.to_string() })
    }
}

fn as_read(error: JobError) -> StoreError {
    match error {
        JobError::Database(source) => StoreError::Read { what: "a track", source },
        other => StoreError::Broken { what: "a track", problem: other.to_string() },
    }
}

async fn find(
    view: &mut View<'_>,
    resident: &ResidentId,
    from_us: i64,
    to_us: i64,
) -> Result<Found, JobError> {
    let bindings = bindings::around(view, resident).await?;
    let mut carried = Vec::new();
    for (handset, from, to) in bindings.carried(resident, from_us, to_us) {
        carried.push((handset.clone(), stored_between(view, handset, from, to, true).await?));
    }
    let own: Vec<(i64, Vec<u8>)> = on!(View, view, to => sqlx::query_as(
        "SELECT row_id, body FROM track_hours WHERE resident_id = $1 AND hour_us >= $2 AND hour_us < $3",
    )
    .bind(resident.as_str())
    .bind(hour_of(from_us))
    .bind(to_us)
    .fetch_all(&mut **to)
    .await)?;
    Ok(Found { bindings, carried, own })
}

impl Found {
    fn unfold(self, resident: &ResidentId, from_us: i64, to_us: i64) -> Track {
        let mut track = Track::default();
        let within = |row: &&Row| (from_us..to_us).contains(&row.fix_us);
        for (handset, stored) in &self.carried {
            let (mut blocks, broken) = decoded(handset, stored);
            track.unreadable = track.unreadable.saturating_add(broken);
            // Mostly they follow one another, and then there is nothing left to sort.
            blocks.sort_by_key(|block| block.rows.first().map(|row| row.fix_us));
            let place = track.place(handset);
            let is_theirs = |row: &&Row| self.bindings.owner(handset, row.fix_us) == Some(resident);
            for block in &blocks {
                let rows = block.of_handset(handset).filter(within).filter(is_theirs);
                track.points.extend(rows.filter_map(|row| point(row, place)));
            }
        }
        let mut own: Vec<Block> =
            self.own.iter().filter_map(|(row_id, body)| decode_hour(*row_id, body)).collect();
        track.unreadable = track.unreadable.saturating_add(self.own.len().saturating_sub(own.len()));
        own.sort_by_key(|block| block.rows.first().map(|row| row.fix_us));
        for block in &own {
            let places: Vec<usize> = block.handsets.iter().map(|handset| track.place(handset)).collect();
            for row in block.rows.iter().filter(within) {
                let place = usize::try_from(row.handset).ok().and_then(|handset| places.get(handset));
                track.points.extend(place.and_then(|place| point(row, *place)));
            }
        }
        // Of what comes in runs that are sorted, a stable sort only joins these.
        track.points.sort_by_key(|point| (point.fix_time, point.number));
        track
    }
}

impl Track {
    fn place(&mut self, handset: &HandsetId) -> usize {
        self.handsets.iter().position(|known| known == handset).unwrap_or_else(|| {
            self.handsets.push(handset.clone());
            self.handsets.len().saturating_sub(1)
        })
    }
}

fn point(row: &Row, handset: usize) -> Option<TrackPoint> {
    Some(TrackPoint {
        number: row.number,
        handset,
        fix_time: Timestamp::from_microsecond(row.fix_us).ok()?,
        received_at: Timestamp::from_microsecond(row.received_us).ok()?,
        told_time: row.told_us.map(Timestamp::from_microsecond).transpose().ok()?,
        position: Wgs84::new(row.lat, row.lon).ok()?,
        accuracy_m: row.accuracy_m,
        method: row.method,
        speed_mps: row.speed_mps,
        bearing_deg: row.bearing_deg,
        battery_pct: row.battery_pct,
    })
}
