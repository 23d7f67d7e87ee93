use super::*;
use model::{Signal, SignalId, SignalKind, Timestamp};

fn place(lat: f64, lon: f64) -> Wgs84 {
    Wgs84::new(lat, lon).expect("a place")
}

fn standing(name: &str, north_m: f64) -> Standing {
    Standing {
        station: StationId::new(name).expect("an id"),
        place: place(33.96 + north_m / 111_195.0, 118.28),
        on_duty: true,
        in_hours: true,
        skills: Vec::new(),
        is_online: Some(true),
        has_account: true,
        live_tasks: 0,
        is_asked: false,
        has_declined: false,
    }
}

fn need(accuracy_m: f64) -> Need {
    Need { place: place(33.96, 118.28), accuracy_m, is_old: false }
}

/// The order, with what is said of each; the one that is recommended stands with `!`.
fn table(
    need: impl Into<Option<Need>>,
    wanted: &[Skill],
    stations: &[Standing],
) -> Vec<(String, Vec<Against>)> {
    let named = |one: Candidate| {
        let mark = if one.is_recommended { "!" } else { "" };
        (format!("{}{mark}", one.station), one.against)
    };
    candidates(need.into(), wanted, stations).into_iter().map(named).collect()
}

fn told(rows: &[(&str, &[Against])]) -> Vec<(String, Vec<Against>)> {
    rows.iter().map(|(name, against)| ((*name).to_owned(), against.to_vec())).collect()
}

#[test]
fn the_nearest_that_is_free_comes_first() {
    let mut stations = [standing("far", 3_000.0), standing("near", 500.0), standing("middle", 1_500.0)];
    assert_eq!(
        table(need(20.0), &[], &stations),
        told(&[("near!", &[]), ("middle", &[Against::Farther]), ("far", &[Against::Farther])])
    );
    stations[1].live_tasks = 3;
    assert_eq!(
        table(need(20.0), &[], &stations),
        told(&[("middle!", &[]), ("far", &[Against::Farther]), ("near", &[Against::Busy])])
    );
    stations[0].on_duty = false;
    stations[2].is_asked = true;
    assert_eq!(
        table(need(20.0), &[], &stations),
        told(&[("near!", &[Against::Busy]), ("far", &[Against::OffDuty]), ("middle", &[Against::Asked])])
    );
}

#[test]
fn who_does_not_work_at_this_hour_is_not_recommended() {
    let mut stations = [standing("near", 100.0), standing("far", 9_000.0)];
    stations[0].in_hours = false;
    assert_eq!(table(need(20.0), &[], &stations), told(&[("far!", &[]), ("near", &[Against::OutOfHours])]));
    stations[1].in_hours = false;
    assert_eq!(
        table(need(20.0), &[], &stations),
        told(&[("near", &[Against::OutOfHours]), ("far", &[Against::OutOfHours])]),
        "by distance all the same"
    );
}

#[test]
fn what_is_nearer_by_less_than_is_known_is_not_nearer() {
    let mut stations = [standing("a", 900.0), standing("b", 500.0)];
    stations[1].live_tasks = 1;
    assert_eq!(table(need(20.0), &[], &stations), told(&[("b!", &[]), ("a", &[Against::Farther])]));
    let by_load = told(&[("a!", &[]), ("b", &[Against::MoreTasks])]);
    assert_eq!(table(need(1_500.0), &[], &stations), by_load, "who has less to do");
    assert_eq!(table(None, &[], &stations), by_load, "nobody knows where");
    stations[1].live_tasks = 0;
    assert_eq!(table(need(1_500.0), &[], &stations), told(&[("a!", &[]), ("b", &[Against::Even])]));
    // What counts is how much farther it is, not on which side of a round number it lies.
    let close = [standing("a", 1_050.0), standing("b", 950.0)];
    assert_eq!(table(need(1_000.0), &[], &close), told(&[("a!", &[]), ("b", &[Against::Even])]));
}

#[test]
fn a_position_is_the_less_certain_the_older_it_is() {
    let seen = |age_s: i64| Some(Need::seen(place(33.96, 118.28), 20.0, age_s));
    let mut stations = [standing("a", 900.0), standing("b", 500.0), standing("c", 60_000.0)];
    stations[1].live_tasks = 1;
    let farther: &[Against] = &[Against::Farther];
    assert_eq!(table(seen(0), &[], &stations), told(&[("b!", &[]), ("a", farther), ("c", farther)]));
    let by_load = told(&[("a!", &[]), ("b", &[Against::MoreTasks]), ("c", farther)]);
    assert_eq!(table(seen(15 * 60), &[], &stations), by_load, "a quarter of an hour of walking");
    stations[1].live_tasks = 0;
    let too_old = told(&[("a!", &[]), ("b", &[Against::PositionOld]), ("c", farther)]);
    assert_eq!(table(seen(2 * 3_600), &[], &stations), too_old);
    let anywhere = told(&[("a!", &[]), ("b", &[Against::PositionOld]), ("c", &[Against::PositionOld])]);
    assert_eq!(table(seen(24 * 3_600), &[], &stations), anywhere, "after a day nothing is near");
    assert!(!seen(POSITION_GOOD_FOR_S).is_some_and(|need| need.is_old));
    assert_eq!(seen(-5), seen(0), "a clock ahead");
}

#[test]
fn who_can_help_comes_before_who_is_a_little_nearer() {
    let fall = [Skill::FirstAid, Skill::Lifting];
    let mut stations = [standing("near", 300.0), standing("lifts", 1_500.0), standing("far", 9_000.0)];
    assert_eq!(
        table(need(20.0), &fall, &stations),
        told(&[("near!", &[]), ("lifts", &[Against::Farther]), ("far", &[Against::Farther])]),
        "nobody has it, so nobody lacks it"
    );
    stations[1].skills = vec![Skill::Lifting, Skill::Key];
    assert_eq!(
        table(need(20.0), &fall, &stations),
        told(&[
            ("lifts!", &[]),
            ("near", &[Against::LacksSkill]),
            ("far", &[Against::LacksSkill, Against::Farther])
        ])
    );
    let of_a_press = table(need(20.0), &[], &stations);
    assert!(
        of_a_press.iter().map(|(name, _)| name).eq(["near!", "lifts", "far"]),
        "a press wants none of it"
    );
    stations[1].place = standing("lifts", 4_000.0).place;
    assert_eq!(
        table(need(20.0), &fall, &stations),
        told(&[
            ("near!", &[Against::LacksSkill]),
            ("lifts", &[Against::Farther]),
            ("far", &[Against::LacksSkill, Against::Farther])
        ]),
        "preferred, and not at any price"
    );
    stations[1].on_duty = false;
    assert_eq!(
        table(need(20.0), &fall, &stations),
        told(&[("near!", &[]), ("far", &[Against::Farther]), ("lifts", &[Against::OffDuty])])
    );
    assert_eq!(table(None, &fall, &stations[..1]), told(&[("near!", &[])]));
}

#[test]
fn everybody_has_a_reason_or_is_asked() {
    let mut one = standing("a", 100.0);
    (one.on_duty, one.in_hours, one.is_online, one.has_declined, one.live_tasks, one.is_asked) =
        (false, false, Some(false), true, 9, true);
    let against = [
        Against::Asked,
        Against::OffDuty,
        Against::OutOfHours,
        Against::Declined,
        Against::Busy,
        Against::NobodyOnline,
    ];
    assert_eq!(table(need(20.0), &[], &[one]), told(&[("a", &against)]));
    assert!(table(need(20.0), &[], &[]).is_empty());
    let mut quiet = [standing("a", 100.0), standing("b", 900.0)];
    for one in &mut quiet {
        one.is_online = Some(false);
    }
    assert_eq!(
        table(need(20.0), &[], &quiet),
        told(&[("a!", &[Against::NobodyOnline]), ("b", &[Against::NobodyOnline, Against::Farther])]),
        "they are rung"
    );
}

/// Of whom nobody knows whether they look at a screen is neither passed over nor taken for one that does.
#[test]
fn one_of_which_nobody_knows_stands_between_those_there_and_those_away() {
    let [mut there, mut unknown, mut away] =
        [standing("there", 900.0), standing("unknown", 500.0), standing("away", 100.0)];
    (there.is_online, unknown.is_online, away.is_online) = (Some(true), None, Some(false));
    assert_eq!(
        table(need(20.0), &[], &[away.clone(), unknown.clone(), there]),
        told(&[("there!", &[]), ("unknown", &[Against::OnlineUnknown]), ("away", &[Against::NobodyOnline])])
    );
    assert_eq!(
        table(need(20.0), &[], &[away, unknown]),
        told(&[("unknown!", &[Against::OnlineUnknown]), ("away", &[Against::NobodyOnline])])
    );
}

/// Every way a station can be, beside an ordinary one: none is left without a reason.
#[test]
fn nobody_is_passed_over_without_a_word() {
    let (any, first_aid): (&[Skill], &[Skill]) = (&[], &[Skill::FirstAid]);
    for bits in 0..64_u32 {
        let is = |bit: u32| bits.checked_shr(bit).unwrap_or(0) & 1 == 1;
        let mut one = standing("one", if is(0) { 5_000.0 } else { 300.0 });
        (one.is_asked, one.on_duty, one.in_hours, one.is_online) = (is(1), !is(2), !is(3), Some(!is(4)));
        one.live_tasks = if is(5) { 2 } else { 0 };
        let other = Standing { skills: vec![Skill::FirstAid], ..standing("other", 300.0) };
        for wanted in [any, first_aid] {
            for seen_at in [None, Some(need(20.0)), Some(Need::seen(place(33.96, 118.28), 20.0, 100_000))] {
                let all = candidates(seen_at, wanted, &[one.clone(), other.clone()]);
                assert!(all.iter().filter(|one| one.is_recommended).count() == 1, "{bits:b}: {all:?}");
                let is_told = |one: &Candidate| one.is_recommended || !one.against.is_empty();
                assert!(all.iter().all(is_told), "{bits:b}: {all:?}");
                assert!(
                    all.iter().all(|one| one.against.is_sorted_by(|left, right| left > right)),
                    "{all:?}"
                );
            }
        }
    }
}

#[test]
fn what_helps_follows_from_what_happened() {
    let signal = |kind: SignalKind, cancel: bool| {
        let at = Timestamp::UNIX_EPOCH;
        let (handset, resident, press_id, fix, caller, words, evidence) = Default::default();
        let (late_by_s, remarks, graver) = Default::default();
        let id = SignalId::from_cause("test", &[kind.as_str()]);
        Signal {
            id,
            kind,
            handset,
            resident,
            press_id,
            cancel,
            at,
            received_at: at,
            late_by_s,
            remarks,
            fix,
            caller,
            words,
            graver,
            evidence,
        }
    };
    let of = |kinds: &[SignalKind]| {
        wanted(&kinds.iter().map(|kind| signal(*kind, false)).collect::<Vec<Signal>>())
    };
    assert_eq!(of(&[SignalKind::Press, SignalKind::LowBattery]), []);
    assert_eq!(
        of(&[SignalKind::Press, SignalKind::Fall, SignalKind::Fall]),
        [Skill::FirstAid, Skill::Lifting]
    );
    assert_eq!(of(&[SignalKind::Wandering]), [Skill::Dementia, Skill::Vehicle]);
    assert_eq!(of(&[SignalKind::Inactivity]), [Skill::Key]);
    assert_eq!(wanted(&[signal(SignalKind::Fall, true)]), [], "a cancel asks for nothing");
}
