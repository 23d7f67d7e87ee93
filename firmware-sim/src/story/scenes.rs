//! What happens in each story, and when.

use super::{PACE_MPS, Stage};
use crate::life::{Act, Script};
use crate::world::{
    By, Ground, Leg, Motion, Wandering, bank_near, bus_stops, by_bus, park_near, tunnel_near,
};
use std::time::Duration;

/// Who lives by the water is lost elsewhere along it.
const FAR_ENOUGH_M: f64 = 500.0;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

/// How long this way takes at the pace of a story.
fn takes(from: Ground, way: &[Leg]) -> Duration {
    let (mut here, mut all) = (from, Duration::ZERO);
    for leg in way {
        let moving_s = here.distance_m(leg.to) / leg.by.speed_mps(PACE_MPS);
        all += Duration::from_secs_f64(moving_s) + leg.then;
        here = leg.to;
    }
    // People are a little slower or faster from step to step.
    all.mul_f64(1.05)
}

fn slowly(corners: Vec<Ground>) -> Vec<Leg> {
    Leg::on_foot(corners).into_iter().map(|leg| leg.moved_by(By::SlowFoot)).collect()
}

pub(super) fn fall_in_the_kitchen(_: &mut Stage) -> Script {
    Script::new()
        .tell(seconds(0), "She is cooking; the handset is on her belt.")
        .tell(minutes(3), "She slips and falls. The handset saw ten seconds of it and reports a fall.")
        .at(minutes(3), Act::Move(Motion::FallSideways))
        .tell(minutes(4), "She lies still. Nobody has pressed anything.")
        .tell(minutes(5), "She has reached the button.")
        .at(minutes(5), Act::Press)
        .tell(minutes(8), "She waits. What her handset says is all that she knows of what is being done.")
        .until(minutes(12))
}

pub(super) fn false_alarm_cancel(_: &mut Stage) -> Script {
    Script::new()
        .tell(seconds(0), "He is at home.")
        .tell(minutes(2), "He drops into his chair. It is no fall, though the handset thinks it may be one.")
        .at(minutes(2), Act::Move(Motion::SitDownHard))
        .tell(minutes(4), "He presses the button, meaning to look at the time.")
        .at(minutes(4), Act::Press)
        .tell(
            minutes(4) + seconds(20),
            "He sees it and takes it back. The operator decides, not the handset.",
        )
        .at(minutes(4) + seconds(20), Act::TakeBack)
        .until(minutes(9))
}

/// The times are those of the built-in ladder, which goes by the platform's clock.
pub(super) fn nobody_at_the_desk(_: &mut Stage) -> Script {
    let pressed = minutes(2);
    Script::new()
        .at(seconds(0), Act::MeasureEvery(seconds(20)))
        .tell(seconds(0), "Noon. He eats alone. Whoever plays the operator takes nothing now.")
        .tell(pressed, "He has a pain in his chest and presses. It rings at the operators' desks.")
        .at(pressed, Act::Press)
        .tell(pressed + seconds(30), "Nobody has taken it: it rings at the supervisor's desk too.")
        .tell(pressed + minutes(1), "Still nobody: the station and the family are called.")
        .tell(
            pressed + minutes(2),
            "Everybody again, and who is on the roster by telephone. He hears that it is being tried.",
        )
        .tell(pressed + minutes(4), "It goes on like this until somebody takes it. The supervisor does.")
        .until(pressed + minutes(8))
}

pub(super) fn press_in_a_tunnel(stage: &mut Stage) -> Script {
    let (west, east) = tunnel_near(stage.home);
    let before = west.moved(-100.0, 0.0);
    let inside = west.towards(east, west.distance_m(east) / 2.0);
    let in_way = Leg::on_foot(vec![west, inside]);
    let pressed = minutes(1) + takes(before, &in_way) + seconds(20);
    let goes_on = pressed + minutes(4);
    let out_way = Leg::on_foot(vec![east, east.moved(150.0, 0.0)]);
    let out = goes_on + takes(inside, &out_way);
    Script::new()
        .at(seconds(0), Act::BeAt(before))
        .at(seconds(0), Act::MeasureEvery(seconds(10)))
        .tell(seconds(0), "He walks towards the railway underpass.")
        .at(minutes(1), Act::Go(in_way))
        .tell(pressed, "In the middle of it he feels ill and presses: no satellites, no network.")
        .at(pressed, Act::Press)
        .tell(pressed + minutes(2), "The handset repeats into the dark.")
        .tell(goes_on, "He drags himself on, towards the light.")
        .at(goes_on, Act::Go(out_way))
        .tell(out, "He is outside; what he pressed minutes ago has been heard as what it is: late.")
        .until(out + minutes(3))
}

pub(super) fn lost_at_dusk(stage: &mut Stage) -> Script {
    let nearest = bank_near(stage.home);
    let bank = if stage.home.distance_m(nearest) < FAR_ENOUGH_M {
        bank_near(stage.home.moved(-900.0, 0.0))
    } else {
        nearest
    };
    let length_m = stage.home.distance_m(bank);
    // A straight way with the bends of streets: to one side, to the other.
    let bends = (1..6_u32).map(|bend| {
        let along = stage.home.towards(bank, length_m * f64::from(bend) / 6.0);
        let aside_m = if bend % 2 == 0 { 18.0 } else { -18.0 };
        along.moved(aside_m, aside_m)
    });
    let way = Leg::on_foot(bends.chain([bank]).collect());
    let arrived = minutes(6) + takes(stage.home, &way);
    Script::new()
        .tell(seconds(0), "She sits at home and looks at the door.")
        .tell(
            minutes(6),
            "She puts on her coat: she must fetch the children from school. Her son is fifty-four.",
        )
        .at(minutes(6), Act::Go(way))
        .tell((minutes(6) + arrived) / 2, "She has passed every house she knows. She walks on.")
        .tell(arrived, "She is at the canal. It is getting dark. She sits down on the bank.")
        .tell(
            arrived + minutes(15),
            "It is dark and cold. She has not pressed; she does not know what the thing is for.",
        )
        .until(arrived + minutes(25))
}

pub(super) fn night_leaving(stage: &mut Stage) -> Script {
    let gate = stage.home.moved(18.0, -12.0);
    let pacing = slowly(Wandering::Pacing.corners(gate, &mut stage.rng));
    let after_pacing = pacing.last().map_or(gate, |leg| leg.to);
    let lapping = Leg::on_foot(Wandering::Lapping.corners(after_pacing, &mut stage.rng));
    let paces = minutes(11);
    let laps = paces + takes(gate, &pacing);
    let stands = laps + takes(after_pacing, &lapping);
    Script::new()
        .at(seconds(0), Act::MeasureEvery(minutes(1)))
        .tell(seconds(0), "Half past two. He should be asleep.")
        .tell(minutes(10), "The door. He goes out in his slippers.")
        .at(minutes(10), Act::Go(Leg::on_foot(vec![gate])))
        .at(minutes(10), Act::MeasureEvery(seconds(20)))
        .tell(paces, "To and fro before the house.")
        .at(paces, Act::Go(pacing))
        .tell(laps, "Round the block, and again, and again.")
        .at(laps, Act::Go(lapping))
        .tell(stands, "He stands in the street.")
        .until(stands + minutes(12))
}

pub(super) fn pacing_at_the_gate(stage: &mut Stage) -> Script {
    let mut script = Script::new()
        .at(seconds(0), Act::MeasureEvery(seconds(15)))
        .tell(seconds(0), "Half past five, the restless hour. She goes to the gate of the estate.");
    let (mut here, mut at) = (stage.home, minutes(1));
    let gate = stage.home.moved(60.0, 30.0);
    for (kind, text) in [
        (None, "To the gate."),
        (Some(Wandering::Pacing), "To and fro along the wall."),
        (Some(Wandering::Lapping), "Round the flower bed, always the same way."),
        (Some(Wandering::Random), "Between the houses, this way and that."),
    ] {
        let way = Leg::on_foot(kind.map_or_else(|| vec![gate], |kind| kind.corners(here, &mut stage.rng)));
        let next = at + takes(here, &way);
        here = way.last().map_or(here, |leg| leg.to);
        script = script.tell(at, text).at(at, Act::Go(way));
        at = next;
    }
    let home = Leg::along_streets(here, stage.home);
    let arrived = at + takes(here, &home);
    script.tell(at, "A neighbour takes her home.").at(at, Act::Go(home)).until(arrived + minutes(2))
}

pub(super) fn bus_to_market(stage: &mut Stage) -> Script {
    let market = bus_stops().last().copied().unwrap_or(stage.home);
    let (out, back) = (by_bus(stage.home, market), by_bus(market, stage.home));
    let arrived = minutes(2) + takes(stage.home, &out);
    let leaves = arrived + minutes(20);
    let home = leaves + takes(market, &back);
    Script::new()
        .tell(seconds(0), "She goes to the big market, as every Monday.")
        .at(minutes(2), Act::Go(out))
        .tell(minutes(3), "To the stop, and on the bus. It crosses the canal by the bridge.")
        .tell(arrived, "She is at the market.")
        .tell(leaves, "She takes the bus home.")
        .at(leaves, Act::Go(back))
        .tell(home, "She is home. Nobody's telephone has rung.")
        .until(home + minutes(5))
}

pub(super) fn drifting_at_home(_: &mut Stage) -> Script {
    Script::new()
        .at(seconds(0), Act::MeasureEvery(minutes(1)))
        .tell(
            seconds(0),
            "He sleeps in his armchair. Under the roof the handset has only networks and base stations.",
        )
        .tell(
            minutes(40),
            "The positions wander, jump across the street, and make themselves better than they are.",
        )
        .tell(minutes(80), "He has not moved.")
        .until(hours(2))
}

pub(super) fn battery_forgotten(_: &mut Stage) -> Script {
    Script::new()
        .at(seconds(0), Act::MeasureEvery(minutes(5)))
        .at(seconds(0), Act::Charge(22.0))
        .tell(seconds(0), "22 % left, and the charger stands in the other room.")
        .tell(minutes(31), "20 %: the handset says so.")
        .tell(hours(3), "10 %.")
        .tell(hours(4) + minutes(15), "5 %.")
        .tell(hours(5) + minutes(40), "The battery is empty. Nobody hears from the handset.")
        .tell(hours(6), "He presses the button. Nothing happens: this is why the silence must be noticed.")
        .at(hours(6), Act::Press)
        .tell(hours(7), "The daughter was called; she has come and puts it on the charger.")
        .at(hours(7), Act::PutOnCharger)
        .tell(hours(7) + minutes(20), "It is there again.")
        .until(hours(8))
}

pub(super) fn taken_off(_: &mut Stage) -> Script {
    Script::new()
        .at(seconds(0), Act::MeasureEvery(minutes(2)))
        .tell(seconds(0), "She wears it.")
        .tell(minutes(5), "She takes it off to wash; it lies on the table.")
        .at(minutes(5), Act::Wear(false))
        .tell(minutes(35), "She has thought of it and puts it on.")
        .at(minutes(35), Act::Wear(true))
        .tell(minutes(60), "Bedtime: off, and on the charger.")
        .at(minutes(60), Act::Wear(false))
        .at(minutes(60), Act::PutOnCharger)
        .until(minutes(75))
}

pub(super) fn flood_after_outage(stage: &mut Stage) -> Script {
    let park = park_near(stage.home);
    let (out, back) = (Leg::along_streets(stage.home, park), Leg::along_streets(park, stage.home));
    let pressed = hours(2);
    let there_again = hours(4) + minutes(5);
    Script::new()
        .at(seconds(0), Act::MeasureEvery(seconds(10)))
        .tell(seconds(0), "She is at home.")
        .tell(minutes(5), "A digger cuts the cable of the base station: no network in the whole quarter.")
        .at(minutes(5), Act::Network(false))
        .tell(minutes(45), "She walks to the park.")
        .at(minutes(45), Act::Go(out))
        .tell(pressed, "In the park she feels dizzy and presses. The handset keeps it and repeats in vain.")
        .at(pressed, Act::Press)
        .tell(pressed + minutes(30), "A passer-by helps her home.")
        .at(pressed + minutes(30), Act::Go(back))
        .tell(there_again, "The network is there. First the press, then where she is now, then the past.")
        .at(there_again, Act::Network(true))
        .until(there_again + minutes(10))
}

pub(super) fn repeats_after_reboot(stage: &mut Stage) -> Script {
    let park = park_near(stage.home);
    Script::new()
        .at(seconds(0), Act::MeasureEvery(seconds(15)))
        .at(seconds(0), Act::SendTwice(0.5))
        .tell(seconds(0), "Every second message goes out twice.")
        .at(minutes(2), Act::Go(Leg::along_streets(stage.home, park)))
        .tell(minutes(12), "The handset starts anew and sends once more what was acknowledged last.")
        .at(minutes(12), Act::Reboot { forgetting: true })
        .tell(minutes(20), "And again.")
        .at(minutes(20), Act::Reboot { forgetting: true })
        .at(minutes(24), Act::Press)
        .tell(minutes(24), "A press between all that is one press.")
        .until(minutes(28))
}
