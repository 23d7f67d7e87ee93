//! Windows as handsets send them, good and bad.

use crate::synthetic::{Body, MILLI_G};
use geofence::falls::{Unusable, Verdict, Window, Worn, assess};

fn judged(body: &Body, hz: f64, worn: Worn) -> f64 {
    let xyz = body.seen(hz, None);
    assess(&Window { hz, unit: "mg", xyz: &xyz }, worn).probability().expect("a usable window")
}

fn why(window: &Window<'_>) -> Option<Unusable> {
    match assess(window, Worn::Waist).verdict {
        Verdict::Unusable(why) => Some(why),
        Verdict::Judged(_) => None,
    }
}

#[test]
fn a_fall_is_told_from_everyday_life() {
    for worn in Worn::ALL {
        let fall = judged(&Body::falls(), 50.0, worn);
        assert!(fall >= 0.5, "{worn:?}: a fall has {fall}");
        for (name, body) in [
            ("walking", Body::walks()),
            ("jumping", Body::jumps()),
            ("sitting down hard", Body::sits_down_hard()),
            ("lying down slowly", Body::lies_down()),
            ("resting", Body::rests()),
        ] {
            let probability = judged(&body, 50.0, worn);
            assert!(probability < 0.5, "{worn:?}: {name} has {probability}");
        }
    }
}

#[test]
fn the_rate_hardly_matters() {
    for worn in Worn::ALL {
        for body in [Body::falls(), Body::walks(), Body::sits_down_hard()] {
            let (slow, fast) = (judged(&body, 25.0, worn), judged(&body, 200.0, worn));
            assert!((slow - fast).abs() < 0.02, "{worn:?}: {slow} at 25 Hz, {fast} at 200 Hz");
        }
    }
}

#[test]
fn how_the_handset_lies_does_not_matter() {
    let window = Body::falls().seen(50.0, None);
    let turned: Vec<[f64; 3]> = window.iter().map(|[x, y, z]| [-z, *x, -y]).collect();
    for worn in Worn::ALL {
        let one = assess(&Window { hz: 50.0, unit: "mg", xyz: &window }, worn).probability().unwrap();
        let other = assess(&Window { hz: 50.0, unit: "mg", xyz: &turned }, worn).probability().unwrap();
        assert!((one - other).abs() < 1e-9, "{worn:?}");
    }
}

#[test]
fn a_narrow_sensor_still_sees_the_fall_and_says_that_it_was_harder() {
    for (range_g, hz) in [(2.0, 50.0), (4.0, 200.0)] {
        let xyz = Body::falls().seen(hz, Some(range_g));
        let assessment = assess(&Window { hz, unit: "mg", xyz: &xyz }, Worn::Waist);
        assert!(assessment.is_fall(), "±{range_g} g: {:?}", assessment.probability());
        let Verdict::Judged(judged) = assessment.verdict.clone() else { panic!("judged") };
        assert_eq!(judged.findings.clipped_at_g, Some(range_g));
        assert!(assessment.sentence_zh().contains(&format!("超过传感器量程 {range_g:.0} g")));
    }
}

/// Ranges that no table knows; what is learned from is not told of them.
#[test]
fn where_a_sensor_ends_is_said_whatever_its_range() {
    for (range_g, said) in [(3.0, "超过传感器量程 3 g"), (2.5, "超过传感器量程 2.5 g")] {
        let xyz = Body::falls().seen(200.0, Some(range_g));
        let assessment = assess(&Window { hz: 200.0, unit: "mg", xyz: &xyz }, Worn::Waist);
        let Verdict::Judged(judged) = &assessment.verdict else { panic!("judged") };
        assert_eq!(judged.findings.clipped_at_g, Some(range_g));
        assert!(assessment.sentence_zh().contains(said), "{}", assessment.sentence_zh());
    }
    // What is measured whole ends nowhere, also where a row was lost at its height; nor does a body at rest.
    let mut fall = Body::falls().seen(200.0, None);
    let height = |row: &[f64; 3]| row.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let hardest = fall.iter().map(height).fold(0.0, f64::max);
    let at = fall.iter().position(|row| height(row) >= hardest).unwrap();
    fall[at + 1] = [f64::NAN; 3];
    for xyz in [fall, Body::rests().seen(200.0, None)] {
        let assessment = assess(&Window { hz: 200.0, unit: "mg", xyz: &xyz }, Worn::Waist);
        let Verdict::Judged(judged) = assessment.verdict else { panic!("judged") };
        assert_eq!(judged.findings.clipped_at_g, None);
    }
}

#[test]
fn units_are_the_same_thing() {
    let milli = Body::falls().seen(50.0, None);
    let in_unit = |unit, factor: f64| {
        let xyz: Vec<[f64; 3]> = milli.iter().map(|row| row.map(|value| value * factor)).collect();
        assess(&Window { hz: 50.0, unit, xyz: &xyz }, Worn::Waist).probability().unwrap()
    };
    let expected = in_unit("mg", 1.0);
    for (unit, factor) in [("g", 1e-3), ("G", 1e-3), ("m/s2", 9.806_65e-3), ("m/s²", 9.806_65e-3)] {
        assert!((in_unit(unit, factor) - expected).abs() < 1e-9, "{unit}");
    }
}

fn in_mg(xyz: &[[f64; 3]]) -> Window<'_> {
    Window { hz: 50.0, unit: "mg", xyz }
}

#[test]
fn what_cannot_be_used_says_why() {
    let good = Body::falls().seen(50.0, None);

    assert_eq!(why(&in_mg(&good)), None);
    assert_eq!(why(&in_mg(&[])), Some(Unusable::NoSamples));
    assert_eq!(why(&in_mg(&good[..50])), Some(Unusable::TooShort));
    assert_eq!(why(&Window { unit: "parsec", ..in_mg(&good) }), Some(Unusable::Unit));
    assert_eq!(why(&Window { unit: "g", ..in_mg(&good) }), Some(Unusable::NoGravity));
    for hz in [0.0, -50.0, 1.0, 1e9, f64::NAN, f64::INFINITY] {
        assert_eq!(why(&Window { hz, ..in_mg(&good) }), Some(Unusable::Rate), "{hz}");
    }
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(why(&in_mg(&vec![[value; 3]; 500])), Some(Unusable::NotNumbers));
    }
    let unread = [[f64::NAN; 3]];
    assert_eq!(
        why(&Window { hz: f64::NAN, unit: "", xyz: &unread }),
        Some(Unusable::NotNumbers),
        "not: unit"
    );
    assert_eq!(why(&in_mg(&vec![[0.0; 3]; 500])), Some(Unusable::NoGravity));
    assert_eq!(why(&in_mg(&vec![[0.0, 0.0, MILLI_G]; 500])), Some(Unusable::Frozen));
    assert_eq!(why(&in_mg(&vec![[1e300; 3]; 500])), Some(Unusable::NoGravity));
}

#[test]
fn a_few_broken_values_are_bridged() {
    let mut xyz = Body::falls().seen(50.0, None);
    let whole = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist).probability().unwrap();
    xyz.iter_mut().skip(7).step_by(40).for_each(|row| row[1] = f64::NAN);
    let mended = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist).probability().unwrap();
    assert!((whole - mended).abs() < 0.2, "{whole} {mended}");
}

#[test]
fn a_million_samples_are_judged_by_their_impact() {
    let fall = Body::falls().seen(50.0, None);
    let rest = Body::rests().seen(50.0, None);
    let mut xyz: Vec<[f64; 3]> = rest.iter().copied().cycle().take(500_000).collect();
    xyz.extend(fall);
    xyz.extend(rest.iter().copied().cycle().take(500_000));
    assert!(assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist).is_fall());
}

#[test]
fn an_operator_is_told_in_a_sentence() {
    let xyz = Body::falls().seen(50.0, None);
    let sentence = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist).sentence_zh();
    for part in ["冲击", "身体姿势改变", "之后静止", "判断为跌倒（可能性"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let xyz = Body::walks().seen(50.0, None);
    let sentence = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist).sentence_zh();
    for part in ["次类似冲击", "没有明显改变", "仍在活动", "不像跌倒"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let xyz = Body::lies_down().seen(50.0, None);
    let sentence = assess(&in_mg(&xyz), Worn::Waist).sentence_zh();
    assert!(sentence.starts_with("没有明显冲击，身体姿势改变"), "{sentence}");
    for why in Unusable::ALL {
        assert!(why.sentence_zh().contains("无法判断"));
    }
}

#[test]
fn every_measure_is_explained() {
    let page = include_str!("../../../../docs/detection.md");
    for name in geofence::falls::training::NAMES {
        assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/detection.md");
    }
}
