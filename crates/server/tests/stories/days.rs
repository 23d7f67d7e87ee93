//! Stories of hours, nights and whole days: a curfew, ground of one's own that is forbidden, company by night, ways that lead nowhere, a
//! river somebody is first heard in, and a day on which nobody moves.

use crate::made::{
    Chance, HOUR_S, Life, Story, by_the_canal, circle, five_weeks, home, ring, somebody, time,
};
use serde_json::{Value, json};
use std::f64::consts::TAU;

/// By ten she should be home. On Monday she comes at a quarter past; Tuesday's opera lasts until eleven, and that was said.
pub(crate) fn home_by_ten() -> Story {
    let mut life = Life::begin(17, 20.5, 120.0, 12.0);
    life.stay(30.0);
    life.go((420.0, 100.0), 1.0);
    life.stay(62.0);
    life.go((0.0, 0.0), 1.0);
    life.stay(15.0);
    life.at_s = 44.5 * HOUR_S;
    life.stay(20.0);
    life.go((420.0, 100.0), 1.0);
    life.stay(92.0);
    life.go((0.0, 0.0), 1.0);
    life.stay(15.0);
    let mut fence = home();
    fence["schedule"] = json!([
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "22:00", "to": "06:00"},
        {"date": "2026-11-24", "from": "20:00", "to": "23:00", "armed": false},
    ]);
    let residents = somebody(&json!({"lives_alone": true, "wandering": false}), &fence);
    Story { name: "home-by-ten", residents, messages: life.messages }
}

/// To the fish pond, which is forbidden to him, and on over a ditch that nobody saw him in. Then the handset lies on a table.
pub(crate) fn pond_and_ditch() -> Story {
    let mut life = Life::begin(18, 9.0, 120.0, 10.0);
    life.stay(6.0);
    life.go((300.0, 0.0), 1.0);
    life.stay(10.0);
    life.go((690.0, 0.0), 1.0);
    life.stay(6.0);
    life.go((810.0, 0.0), 1.0);
    life.stay(6.0);
    let on_the_table = status(&life, 80, false);
    life.say("jjl/h1/status", &on_the_table);
    life.stay(20.0);
    let pond = json!({"id": "鱼塘", "kind": "forbidden", "shape": circle(300.0, 0.0, 60.0)});
    let ditch = ring(&[(730.0, -900.0), (770.0, -900.0), (770.0, 900.0), (730.0, 900.0)]);
    let mut residents = somebody(&json!({"wandering": false}), &pond);
    let ditch = json!({"id": "排水渠", "kind": "forbidden", "shape": ditch});
    residents["residents"][0]["fences"].as_array_mut().unwrap().push(ditch);
    Story { name: "pond-and-ditch", residents, messages: life.messages }
}

fn status(life: &Life, battery_pct: u32, worn: bool) -> Value {
    json!({
        "online": true, "battery_pct": battery_pct, "charging": false, "worn": worn, "at": time(life.at_s),
    })
}

/// On Monday night she goes to her daughter's with her; on Tuesday night she leaves there by herself.
pub(crate) fn by_night_with_her_daughter() -> Story {
    let mut life = Life::begin(19, 22.75, 60.0, 10.0);
    life.stay(15.0);
    life.go((0.0, -900.0), 0.9);
    life.stay(15.0);
    let mut messages: Vec<Value> = life.messages.drain(..).flat_map(|own| [beside(&own), own]).collect();
    life.at_s = 46.5 * HOUR_S;
    life.stay(30.0);
    life.go((0.0, 0.0), 0.9);
    life.stay(10.0);
    messages.append(&mut life.messages);
    let mut residents = somebody(&json!({"dementia": true}), &json!(null));
    residents["residents"][0]["fences"] = json!([]);
    residents["residents"][0]["companions"] = json!(["h2"]);
    Story { name: "by-night-with-her-daughter", residents, messages }
}

/// What the daughter's handset says, two metres off.
fn beside(own: &Value) -> Value {
    let mut hers = own.clone();
    hers["topic"] = json!("jjl/h2/fix");
    hers["payload"]["lat"] = json!(hers["payload"]["lat"].as_f64().unwrap() + 0.000_02);
    hers
}

/// Round and round the flower bed, and the next day here and there about the court.
pub(crate) fn about_the_court() -> Story {
    let mut life = Life::begin(20, 10.0, 20.0, 8.0);
    life.stay(6.0);
    for corner in 1..=60_u32 {
        let angle = TAU * (0.5 + f64::from(corner) / 10.0);
        life.go((28.0 + 28.0 * angle.cos(), 28.0 * angle.sin()), 0.9);
    }
    life.stay(4.0);
    (life.at_s, life.here) = (life.at_s + 24.0 * HOUR_S, (0.0, 0.0));
    life.stay(6.0);
    let mut chance = Chance(23);
    for _ in 0..22 {
        let (east, north) = (chance.share(), chance.share());
        life.go((160.0 * east - 80.0, 160.0 * north - 80.0), 0.9);
    }
    life.stay(4.0);
    let residents = somebody(&json!({"dementia": true}), &home());
    Story { name: "about-the-court", residents, messages: life.messages }
}

/// The first that is heard of her is that she is in the canal; she comes back to it, and stays.
pub(crate) fn first_heard_in_the_canal() -> Story {
    let mut life = Life::begin(21, 15.0, 120.0, 10.0);
    life.here = (750.0, 40.0);
    life.stay(20.0);
    life.go((300.0, 0.0), 0.8);
    life.stay(20.0);
    life.go((750.0, 0.0), 0.8);
    life.stay(36.0);
    life.go((300.0, 0.0), 0.8);
    life.stay(15.0);
    let mut residents = by_the_canal();
    residents["residents"][0]["fences"] = json!([]);
    residents["residents"][0]["policy"] = json!({"dementia": true, "wandering": false});
    Story { name: "first-heard-in-the-canal", residents, messages: life.messages }
}

/// Out three times a day from eight o'clock on, for eight days. On the ninth she gets up late and forgets the charger; on the tenth
/// she is up at six, and then moves no more.
pub(crate) fn a_day_without_a_step() -> Story {
    let mut life = Life::begin(22, 6.5, 120.0, 10.0);
    let (at_home, out) = ((0.0, 0.0), (180.0, 0.0));
    let there = |life: &mut Life, day: f64, hours: &[f64], place: (f64, f64)| {
        for hour in hours {
            (life.at_s, life.here) = ((day * 24.0 + hour) * HOUR_S, place);
            let fix = life.fix("gps", 10.0);
            life.say("jjl/h1/fix", &fix);
        }
    };
    // What is seen once may be an error: twice each.
    let goes_out = |life: &mut Life, day: f64, hour: f64| {
        there(life, day, &[hour, hour + 0.2], out);
        there(life, day, &[hour + 1.0, hour + 1.2], at_home);
    };
    for day in (0..8_i32).map(f64::from) {
        there(&mut life, day, &[6.5], at_home);
        for hour in [8.0, 11.5, 15.5] {
            goes_out(&mut life, day, hour);
        }
        there(&mut life, day, &[20.0], at_home);
    }
    let tells = |life: &mut Life, hour: f64, battery_pct: u32| {
        life.at_s = (8.0 * 24.0 + hour) * HOUR_S;
        let told = status(life, battery_pct, true);
        life.say("jjl/h1/status", &told);
    };
    there(&mut life, 8.0, &[6.5, 8.0, 9.75], at_home);
    goes_out(&mut life, 8.0, 10.5);
    tells(&mut life, 15.0, 90);
    goes_out(&mut life, 8.0, 15.5);
    there(&mut life, 8.0, &[20.0], at_home);
    tells(&mut life, 21.0, 45);
    there(&mut life, 8.0, &[21.75], at_home);
    there(&mut life, 9.0, &[6.0, 6.2], out);
    there(&mut life, 9.0, &[6.5, 6.7, 9.0, 12.0, 14.0, 16.0], at_home);
    let mut residents = somebody(&json!({"lives_alone": true, "wandering": false}), &home());
    residents["residents"][0]["habits"] = json!(five_weeks());
    Story { name: "a-day-without-a-step", residents, messages: life.messages }
}
