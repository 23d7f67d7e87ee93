//! Which station is asked to go: in order, with the reason why one had better not be.

use model::{StationId, Wgs84};

/// Tasks of a station that have not ended; with more somebody waits.
const BUSY_AT: u32 = 3;
/// A position older than this says where the person was, not where they are: then home counts.
pub const POSITION_GOOD_FOR_S: i64 = 30 * 60;

/// Where help is needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// Where.
    pub place: Wgs84,
    /// How far off that may be (68 %), in metres.
    pub accuracy_m: f64,
}

/// A station as it is now.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a reason of its own")]
pub struct Standing {
    /// Which.
    pub station: StationId,
    /// Where it is.
    pub place: Wgs84,
    /// Whether it may be asked.
    pub on_duty: bool,
    /// Whether somebody there would see a task at once.
    pub is_online: bool,
    /// Whether anybody there has an account at all.
    pub has_account: bool,
    /// Its tasks that have not ended.
    pub live_tasks: u32,
    /// It has one in this incident.
    pub is_asked: bool,
    /// It had one in this incident, and declined or failed.
    pub has_declined: bool,
}

/// Why a station had better not be asked. It may be, all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// Nobody there sees a task at once: ring them.
    NobodyOnline,
    /// Nobody there has an account: it hears of a task only by telephone.
    NoAccount,
    /// It has three tasks or more that have not ended.
    Busy,
    /// It could not go in this incident.
    Declined,
    /// It is not on duty.
    OffDuty,
    /// It is at it already.
    Asked,
}

/// A station that could be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which.
    pub station: StationId,
    /// How far it is, as the crow flies; unknown if nobody knows where help is needed.
    pub distance_m: Option<f64>,
    /// Why not, the gravest reason first.
    pub against: Vec<Against>,
    /// It is the one to ask.
    pub is_recommended: bool,
}

/// The stations in the order in which they would be asked: those against which nothing speaks, the nearest first. A
/// station is nearer only if it is so by more than the position is uncertain; among those as near, the one with the
/// fewest tasks.
pub fn candidates(need: Option<Need>, stations: &[Standing]) -> Vec<Candidate> {
    let mut ranked: Vec<(Option<Against>, f64, u32, Candidate)> = stations
        .iter()
        .map(|standing| {
            let distance_m = need.map(|need| need.place.distance_m(standing.place));
            let against = against(standing);
            let gravest = against.first().copied();
            let rank = distance_m.zip(need).map_or(0.0, |(distance, need)| steps(distance, need.accuracy_m));
            let candidate =
                Candidate { station: standing.station.clone(), distance_m, against, is_recommended: false };
            (gravest, rank, standing.live_tasks, candidate)
        })
        .collect();
    ranked.sort_by(|(gravest, rank, tasks, one), (other_gravest, other_rank, other_tasks, other)| {
        let by_distance = || rank.total_cmp(other_rank);
        gravest
            .cmp(other_gravest)
            .then_with(by_distance)
            .then_with(|| (tasks, &one.station).cmp(&(other_tasks, &other.station)))
    });
    let mut all: Vec<Candidate> = ranked.into_iter().map(|(.., candidate)| candidate).collect();
    // Nobody online is no reason to ask nobody: they are rung.
    let may_go =
        |candidate: &&mut Candidate| candidate.against.iter().all(|against| *against <= Against::Busy);
    if let Some(best) = all.iter_mut().find(may_go) {
        best.is_recommended = true;
    }
    all
}

fn against(standing: &Standing) -> Vec<Against> {
    let found = [
        (standing.is_asked, Against::Asked),
        (!standing.on_duty, Against::OffDuty),
        (standing.has_declined, Against::Declined),
        (standing.live_tasks >= BUSY_AT, Against::Busy),
        (!standing.has_account, Against::NoAccount),
        (standing.has_account && !standing.is_online, Against::NobodyOnline),
    ];
    found.into_iter().filter_map(|(is_so, against)| is_so.then_some(against)).collect()
}

/// How many times the uncertainty, but at least 200 m, the station is away: the walk that makes a difference.
fn steps(distance_m: f64, accuracy_m: f64) -> f64 {
    (distance_m / accuracy_m.max(200.0)).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat: f64, lon: f64) -> Wgs84 {
        Wgs84::new(lat, lon).expect("a place")
    }

    fn standing(name: &str, north_m: f64) -> Standing {
        Standing {
            station: StationId::new(name).expect("an id"),
            place: place(33.96 + north_m / 111_195.0, 118.28),
            on_duty: true,
            is_online: true,
            has_account: true,
            live_tasks: 0,
            is_asked: false,
            has_declined: false,
        }
    }

    fn order(need: Option<Need>, stations: &[Standing]) -> Vec<(String, bool)> {
        let all = candidates(need, stations);
        all.into_iter().map(|one| (one.station.to_string(), one.is_recommended)).collect()
    }

    fn need(accuracy_m: f64) -> Need {
        Need { place: place(33.96, 118.28), accuracy_m }
    }

    fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
        names.iter().map(|(name, is_recommended)| ((*name).to_owned(), *is_recommended)).collect()
    }

    #[test]
    fn the_nearest_that_is_free_comes_first() {
        let stations = [standing("far", 3_000.0), standing("near", 500.0), standing("middle", 1_500.0)];
        assert_eq!(
            order(Some(need(20.0)), &stations),
            named(&[("near", true), ("middle", false), ("far", false)])
        );
        let mut stations = stations;
        stations[1].live_tasks = 3;
        assert_eq!(
            order(Some(need(20.0)), &stations),
            named(&[("middle", true), ("far", false), ("near", false)])
        );
        stations[0].on_duty = false;
        stations[2].is_asked = true;
        assert_eq!(
            order(Some(need(20.0)), &stations),
            named(&[("near", true), ("far", false), ("middle", false)])
        );
    }

    #[test]
    fn what_is_nearer_by_less_than_is_known_is_not_nearer() {
        let mut stations = [standing("a", 900.0), standing("b", 500.0)];
        stations[1].live_tasks = 1;
        assert_eq!(order(Some(need(20.0)), &stations), named(&[("b", true), ("a", false)]));
        assert_eq!(
            order(Some(need(1_500.0)), &stations),
            named(&[("a", true), ("b", false)]),
            "who has less to do"
        );
        assert_eq!(order(None, &stations), named(&[("a", true), ("b", false)]), "nobody knows where");
    }

    #[test]
    fn everybody_has_a_reason_or_is_asked() {
        let mut one = standing("a", 100.0);
        (one.on_duty, one.is_online, one.has_declined, one.live_tasks, one.is_asked) =
            (false, false, true, 9, true);
        let all = candidates(Some(need(20.0)), &[one]);
        let against =
            [Against::Asked, Against::OffDuty, Against::Declined, Against::Busy, Against::NobodyOnline];
        assert!(all.iter().all(|one| one.against == against && !one.is_recommended));
        assert_eq!(candidates(Some(need(20.0)), &[]), []);
        let mut quiet = standing("a", 100.0);
        quiet.is_online = false;
        assert!(candidates(Some(need(20.0)), &[quiet]).iter().all(|one| one.is_recommended), "they are rung");
    }
}
