//! What follows from a fall report.

use crate::common::{
    House,
    made::{at, handset, move_in, opening, resident},
    soon,
};
use geofence::falls::{Assessment, Window, Worn, assess, episode::Reply};
use model::SignedDuration;
use protocol::decode_fall;
use store::{
    AnswerFall, CommitDesk, EndQuestions, KeepQuestions, Settle, TakeFall, TakeMessage, asked_about,
};

/// A window in which nobody falls.
fn weak() -> Assessment {
    let xyz: Vec<[f64; 3]> =
        (0..500).map(|tick| [0.0, 30.0 * f64::from(tick % 7), 1_000.0 + f64::from(tick % 5)]).collect();
    let assessment = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist);
    assert!(assessment.probability().is_some_and(|probability| probability < 0.5), "{assessment:?}");
    assessment
}

fn fall(id: &str, second: i64) -> TakeFall {
    let bytes =
        format!(r#"{{"fall_id":"{id}","boot":"b","seq":{second},"at":"2026-11-23T08:00:00Z","fix":null}}"#);
    TakeFall {
        handset: handset("h1"),
        fall: decode_fall(bytes.as_bytes(), at(second)).message,
        payload: bytes.into_bytes(),
        assessment: weak(),
        answer_within: SignedDuration::from_secs(60),
        clock_ahead: None,
        last_known: None,
        received_at: at(second),
    }
}

async fn raised(house: &House) -> i64 {
    house.ask("SELECT COUNT(*) FROM signals WHERE kind = 'fall'").await
}

pub(crate) async fn a_weak_fall_waits_for_an_answer(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    let first = house.write(fall("one", 10)).await.unwrap();
    assert_eq!(house.write(fall("one", 10)).await, None, "a repeat asks nobody");
    let asked = house.store.waiting(&handset("h1"), 0, 9, at(11)).await.unwrap();
    let command: serde_json::Value = serde_json::from_str(&asked[0].payload).unwrap();
    assert_eq!((asked.len(), command["kind"].as_str()), (1, Some("ask")));
    assert_eq!(asked_about(command["command_id"].as_str().unwrap()), Some(first.id.clone()));
    assert_eq!(
        house.store.waiting(&handset("h1"), 0, 9, at(70)).await.unwrap(),
        [],
        "it expires with the question"
    );
    assert_eq!(raised(house).await, 0);
    let answer = |from: &str, is_well| AnswerFall {
        message: TakeMessage {
            handset: handset(from),
            kind: "answer",
            identity: None,
            payload: b"{}".to_vec(),
            received_at: at(20),
        },
        signal: first.id.clone(),
        is_well,
    };
    house.write(answer("h2", false)).await;
    assert_eq!(raised(house).await, 0, "another handset's word does not count");
    house.write(answer("h1", true)).await;
    house.write(EndQuestions { now: at(200) }).await;
    assert_eq!(raised(house).await, 0, "they are well");
    let timeline = house.store.fall_reports(&resident("r1"), i64::MAX, 9).await.unwrap().remove(0);
    assert_eq!((timeline.raised, timeline.reply, timeline.answer_by), (false, Some(Reply::Well), None));
    assert_eq!(timeline.incident, None);
    // A no.
    let second = house.write(fall("two", 300)).await.unwrap();
    house.write(AnswerFall { signal: second.id.clone(), ..answer("h1", false) }).await;
    assert_eq!(raised(house).await, 1);
    house.write(CommitDesk { changes: vec![opening(second.clone())], ..CommitDesk::default() }).await;
    let reports = house.store.fall_reports(&resident("r1"), i64::MAX, 9).await.unwrap();
    let told: Vec<_> = reports.iter().map(|report| (&report.signal.id, report.incident.is_some())).collect();
    assert_eq!(told, [(&second.id, true), (&first.id, false)], "the newest first");
    let older = house.store.fall_reports(&resident("r1"), reports[0].row, 9).await.unwrap();
    assert_eq!(older, reports[1..]);
    // The yes is told to whoever helps; the no is in the signal that it raised.
    let heard = soon("the yes", async || {
        let found = house.store.fall_answers_after(0, 9).await.unwrap().1.whole;
        (!found.is_empty()).then_some(found)
    })
    .await;
    let told: Vec<_> = heard.iter().map(|one| (&one.signal, one.reply, one.at)).collect();
    assert_eq!(told, [(&first.id, Reply::Well, at(20))]);
    assert_eq!(
        (heard[0].resident.clone(), heard[0].handset.clone()),
        (Some(resident("r1")), Some(handset("h1")))
    );
    assert_eq!(house.store.fall_answers_of(&resident("r1")).await.unwrap(), heard);
    house.write(store::RemoveOldMessages { before: at(400) }).await;
    assert_eq!(house.store.fall_answers_after(0, 9).await.unwrap().1.whole, []);
}

pub(crate) async fn silence_raises_a_weak_fall(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    // Heard and not answered.
    house.write(fall("heard", 10)).await;
    let asked = house.store.waiting(&handset("h1"), 0, 9, at(11)).await.unwrap();
    house.write(Settle { handset: handset("h1"), row: asked[0].row, at: at(12) }).await;
    house.write(KeepQuestions { by: SignedDuration::from_secs(5) }).await;
    assert!(!house.store.are_questions_due(at(64)).await.unwrap());
    assert!(house.store.are_questions_due(at(65)).await.unwrap(), "the clock went back by five seconds");
    assert!(house.write(EndQuestions { now: at(65) }).await);
    assert!(!house.write(EndQuestions { now: at(65) }).await);
    // Never delivered.
    house.write(fall("unheard", 100)).await;
    house.write(EndQuestions { now: at(160) }).await;
    assert_eq!(raised(house).await, 2);
    let reports = house.store.fall_reports(&resident("r1"), i64::MAX, 9).await.unwrap();
    let because: Vec<_> = reports.iter().map(|report| report.because.as_deref().unwrap()).collect();
    assert_eq!(because, ["fall/not_reached", "fall/no_answer"]);
    let evidence = reports[1].signal.evidence.as_deref().unwrap();
    assert!(evidence.probability.is_some() && evidence.why.contains("没有回答"), "{evidence:?}");
    assert_eq!(
        house.write(store::RemoveOldMessages { before: at(150) }).await,
        8,
        "two messages, two reports, two questions and what carried them"
    );
}

/// What the handset says of its own accord: that it was no fall.
fn cancel(id: &str, second: i64) -> TakeFall {
    let bytes = format!(r#"{{"fall_id":"{id}","boot":"b","seq":{second},"cancel":true,"fix":null}}"#);
    TakeFall {
        fall: decode_fall(bytes.as_bytes(), at(second)).message,
        payload: bytes.into_bytes(),
        assessment: Assessment::without(Worn::Waist),
        ..fall(id, second)
    }
}

pub(crate) async fn a_cancel_is_a_yes_to_the_last_fall(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    let first = house.write(fall("one", 10)).await.unwrap();
    assert_eq!(house.write(cancel("one", 20)).await, None);
    house.write(EndQuestions { now: at(200) }).await;
    assert_eq!(raised(house).await, 0, "they are well");
    let report = house.store.fall_reports(&resident("r1"), i64::MAX, 9).await.unwrap().remove(0);
    assert_eq!((report.signal.id, report.reply), (first.id, Some(Reply::Well)));
    // After its minute it takes nothing back and is no other fall, and whoever helps hears of it.
    house.write(fall("two", 300)).await;
    house.write(EndQuestions { now: at(400) }).await;
    assert_eq!(house.write(cancel("two", 420)).await, None);
    assert_eq!(raised(house).await, 1);
    let heard = house.store.fall_answers_of(&resident("r1")).await.unwrap();
    assert!(heard.iter().any(|one| one.at == at(420) && one.reply == Reply::Well), "{heard:?}");
    // Of no fall that is known it may be one that did not arrive.
    assert!(house.write(cancel("three", 20_000)).await.is_some());
    assert_eq!(raised(house).await, 2);
}

/// A cancel that comes late is about the fall that it names: who fell again since is still asked.
pub(crate) async fn a_cancel_is_no_answer_to_another_fall(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    let first = house.write(fall("one", 10)).await.unwrap();
    let second = house.write(fall("ONE", 20)).await.unwrap();
    assert_eq!(house.write(cancel("one", 30)).await, None);
    let replies = async || {
        let reports = house.store.fall_reports(&resident("r1"), i64::MAX, 9).await.unwrap();
        reports.into_iter().map(|report| (report.signal.id, report.reply)).collect::<Vec<_>>()
    };
    assert_eq!(replies().await, [(second.id.clone(), None), (first.id, Some(Reply::Well))]);
    house.write(EndQuestions { now: at(200) }).await;
    assert_eq!(raised(house).await, 1, "nobody said that the second was none");
    // Long over, the first takes nothing back of one that came since.
    house.write(fall("three", 300)).await;
    assert_eq!(house.write(cancel("one", 310)).await, None);
    assert_eq!(replies().await[0].1, None, "still asked");
    // Its report may not have arrived.
    assert!(house.write(cancel("four", 320)).await.is_some());
    assert_eq!(raised(house).await, 2);
    // Without a name it is about the last one.
    let bytes = br#"{"boot":"b","seq":330,"cancel":true,"fix":null}"#;
    let nameless = TakeFall {
        fall: decode_fall(bytes, at(330)).message,
        payload: bytes.to_vec(),
        ..cancel("none", 330)
    };
    assert_eq!(house.write(nameless).await, None);
}
