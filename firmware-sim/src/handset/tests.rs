use super::*;
use model::{Method, Wgs84};
use proptest::prelude::*;
use protocol::{Press, decode_press};

fn at(millis: u64) -> Timestamp {
    let start: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    later(start, Duration::from_millis(millis))
}

fn handset() -> Handset {
    Handset::new(HandsetId::new("h1").unwrap(), SignedDuration::ZERO, at(0))
}

fn reading() -> Reading {
    Reading {
        position: Wgs84::new(33.9624, 118.2757).unwrap(),
        accuracy_m: 12.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: 50.0,
        charging: false,
    }
}

fn publishes(effects: &[Effect], kind: UpKind) -> Vec<Publish> {
    let of_kind = |publish: &&Publish| UpTopic::parse(&publish.topic).unwrap().kind == kind;
    effects
        .iter()
        .filter_map(|effect| if let Effect::Publish(publish) = effect { Some(publish) } else { None })
        .filter(of_kind)
        .cloned()
        .collect()
}

fn presses(effects: &[Effect]) -> Vec<Press> {
    let decoded = publishes(effects, UpKind::Press);
    decoded.iter().map(|publish| decode_press(&publish.payload, at(0)).message).collect()
}

fn receipt(handset: &mut Handset, press_id: &str, now: Timestamp) -> Vec<Effect> {
    receipt_of(handset, press_id, false, now)
}

fn receipt_of(handset: &mut Handset, press_id: &str, cancel: bool, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    let receipt = Receipt { press_id: Some(press_id.to_owned()), received_at: now, cancel };
    handset.heard("jjl/h1/down/receipt", &receipt.to_json(), now, &mut effects);
    effects
}

/// Wakes the handset whenever it asks for it and gives the times at which presses went out.
fn sent_until(handset: &mut Handset, end: Timestamp) -> Vec<u128> {
    let mut times = Vec::new();
    while let Some(now) = handset.next_wake().filter(|next| *next <= end) {
        let mut effects = Vec::new();
        handset.wake(now, &mut effects);
        times.extend(
            presses(&effects)
                .iter()
                .map(|_| Duration::try_from(now.duration_since(at(0))).unwrap().as_millis()),
        );
    }
    times
}

#[test]
fn an_unreceipted_press_is_repeated_after_2_4_8_then_every_15_seconds() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    handset.connected(at(0), &mut effects);
    handset.press(None, None, at(0), at(0), &mut effects);
    assert_eq!(presses(&effects).len(), 1);
    let expected = [2_000, 6_000, 14_000, 29_000, 44_000, 59_000];
    assert_eq!(sent_until(&mut handset, at(60_000)), expected);
    let day = sent_until(&mut handset, at(86_400_000));
    assert_eq!(day.len(), (86_400 - 59) / 15, "for ever means for ever");
}

#[test]
fn a_repeat_is_the_same_bytes_and_a_receipt_ends_it() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    handset.connected(at(0), &mut effects);
    let press = handset.press(None, Some(&reading()), at(0), at(0), &mut effects);
    handset.wake(at(2_000), &mut effects);
    let sent = publishes(&effects, UpKind::Press);
    assert_eq!(sent[0].payload, sent[1].payload);
    assert_ne!(sent[0].token, sent[1].token);
    let heard = receipt(&mut handset, &press.press_id, at(2_010));
    assert!(matches!(&heard[..], [Effect::Notice(Notice::PressReceipted { .. })]));
    assert_eq!(handset.next_wake(), None);
    assert!(receipt(&mut handset, &press.press_id, at(2_020)).is_empty(), "a second receipt changes nothing");
}

#[test]
fn a_puback_or_a_strangers_receipt_does_not_end_it() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    handset.connected(at(0), &mut effects);
    handset.press(None, None, at(0), at(0), &mut effects);
    let token = publishes(&effects, UpKind::Press)[0].token;
    handset.acked(token, &mut effects);
    receipt(&mut handset, "p-of-another", at(10));
    handset.heard("jjl/h1/down/receipt", b"{}", at(10), &mut effects);
    handset.heard("jjl/h1/down/receipt", b"not json", at(10), &mut effects);
    assert_eq!(handset.unreceipted(), 1);
    assert_eq!(sent_until(&mut handset, at(2_000)), [2_000]);
}

#[test]
fn a_press_survives_reconnects_and_reboots_with_its_own_boot_and_number() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    let press = handset.press(None, None, at(0), at(0), &mut effects);
    assert!(presses(&effects).is_empty(), "nothing is sent without a connection");
    assert_eq!(handset.next_wake(), None);
    handset.connected(at(5_000), &mut effects);
    handset.disconnected(&mut effects);
    handset.reboot(at(7_000), &mut effects);
    handset.connected(at(9_000), &mut effects);
    let sent = presses(&effects);
    assert_eq!(sent.len(), 2, "at once at each connection");
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[1].boot.as_deref(), Some(press.boot.as_str()));
    let after = handset.press(None, None, at(9_500), at(9_500), &mut effects);
    assert_ne!(after.boot, press.boot);
    assert_eq!((press.seq, after.seq), (1, 1), "the sequence starts anew");
    assert_ne!(after.press_id, press.press_id);
}

#[test]
fn a_cancel_waits_for_its_press_and_needs_a_receipt_of_its_own() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    handset.connected(at(0), &mut effects);
    let press = handset.press(None, None, at(0), at(0), &mut effects);
    effects.clear();
    handset.cancel(&press.press_id, at(500), &mut effects);
    assert!(presses(&effects).is_empty());
    let heard = receipt(&mut handset, &press.press_id, at(600));
    let cancel = publishes(&heard, UpKind::Press);
    assert!(presses(&heard)[0].cancel);
    handset.acked(cancel[0].token, &mut effects);
    receipt(&mut handset, &press.press_id, at(610));
    assert_eq!(handset.unreceipted(), 1, "that was a late receipt of the press");
    receipt_of(&mut handset, &press.press_id, true, at(620));
    assert_eq!(handset.unreceipted(), 0);
}

#[test]
fn a_late_press_says_when_it_happened() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    handset.connected(at(2_400_000), &mut effects);
    handset.press(None, Some(&reading()), at(0), at(2_400_000), &mut effects);
    let press = &presses(&effects)[0];
    assert_eq!(press.pressed_at, Some(at(0)));
    assert_eq!(press.fix.as_ref().map(|fix| fix.fix_time), Some(at(0)));
}

#[test]
fn progress_is_heard_and_rubbish_is_told() {
    let (mut handset, mut effects) = (handset(), Vec::new());
    let progress =
        r#"{"incident_id":"i-1","stage":"claimed","at":"2026-11-23T08:15:05Z","say":"接线员已接警"}"#;
    handset.heard("jjl/h1/down/progress", progress.as_bytes(), at(0), &mut effects);
    handset.heard("jjl/h1/down/progress", b"\xff", at(0), &mut effects);
    handset.heard("jjl/h2/down/progress", progress.as_bytes(), at(0), &mut effects);
    assert!(matches!(
        &effects[..],
        [Effect::Notice(Notice::Progress(_)), Effect::Notice(Notice::Unreadable { .. })]
    ));
}

/// One step of a network at its worst.
#[derive(Debug, Clone)]
enum Fate {
    Press,
    Cancel,
    Connect,
    Lose,
    Reboot,
    /// The platform got the n-th message sent, and its PUBACK and receipt come back or not.
    Deliver {
        index: usize,
        puback: bool,
        receipt: bool,
    },
    Wait(u64),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Press),
        Just(Fate::Cancel),
        Just(Fate::Connect),
        Just(Fate::Lose),
        Just(Fate::Reboot),
        (any::<usize>(), any::<bool>(), any::<bool>()).prop_map(|(index, puback, receipt)| Fate::Deliver {
            index,
            puback,
            receipt
        }),
        (1_u64..20_000).prop_map(Fate::Wait),
    ]
}

type Identity = (Option<String>, Option<String>, Option<u64>, bool);

fn identity(press: &Press) -> Identity {
    (press.press_id.clone(), press.boot.clone(), press.seq, press.cancel)
}

/// The handset with its network, and what the platform has of it.
struct Bench {
    handset: Handset,
    now: u64,
    connected: bool,
    sent: Vec<Publish>,
    on_disk: Vec<Identity>,
    made: Vec<Identity>,
    settled: Vec<Identity>,
    last: Option<String>,
}

impl Bench {
    fn absorb(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Publish(publish) => {
                    assert!(self.connected, "sent without a connection");
                    let press = decode_press(&publish.payload, at(self.now)).message;
                    if UpTopic::parse(&publish.topic).unwrap().kind == UpKind::Press {
                        assert!(!self.settled.contains(&identity(&press)), "sent after its receipt");
                        self.sent.push(publish);
                    }
                }
                Effect::Notice(Notice::Pressed(key)) => {
                    self.made.push((Some(key.press_id), Some(key.boot), Some(key.seq), key.cancel));
                }
                Effect::Notice(Notice::PressReceipted { press: key, .. }) => {
                    let settled = (Some(key.press_id), Some(key.boot), Some(key.seq), key.cancel);
                    assert!(self.on_disk.contains(&settled), "given up before it was on disk: {settled:?}");
                    self.settled.push(settled);
                }
                Effect::Dial | Effect::HangUp | Effect::Notice(_) => {}
            }
        }
    }

    fn step(&mut self, fate: &Fate) {
        let (now, mut effects) = (at(self.now), Vec::new());
        match fate {
            Fate::Press => self.last = Some(self.handset.press(None, None, now, now, &mut effects).press_id),
            Fate::Cancel => {
                if let Some(press_id) = self.last.take() {
                    self.handset.cancel(&press_id, now, &mut effects);
                }
            }
            Fate::Connect if !self.connected => {
                self.connected = true;
                self.handset.connected(now, &mut effects);
            }
            Fate::Connect => {}
            Fate::Lose | Fate::Reboot => {
                self.connected = false;
                self.sent.clear();
                self.handset.disconnected(&mut effects);
                if matches!(fate, Fate::Reboot) {
                    self.handset.reboot(now, &mut effects);
                }
            }
            Fate::Deliver { index, puback, receipt } => self.deliver(*index, *puback, *receipt, &mut effects),
            Fate::Wait(millis) => {
                self.now += millis;
                self.handset.wake(at(self.now), &mut effects);
            }
        }
        self.absorb(effects);
    }

    fn deliver(&mut self, index: usize, puback: bool, receipt: bool, effects: &mut Vec<Effect>) {
        let Some(publish) = index.checked_rem(self.sent.len()).map(|index| self.sent[index].clone()) else {
            return;
        };
        let press = decode_press(&publish.payload, at(self.now)).message;
        self.on_disk.push(identity(&press));
        if puback {
            self.handset.acked(publish.token, effects);
        }
        if receipt {
            let (press_id, cancel) = (press.press_id, press.cancel);
            let receipt = Receipt { press_id, received_at: at(self.now), cancel };
            self.handset.heard("jjl/h1/down/receipt", &receipt.to_json(), at(self.now), effects);
        }
    }
}

/// Asks, waits, and gives what was answered.
fn answers_to(handset: &mut Handset, expires_ms: u64) -> Vec<serde_json::Value> {
    let ask = serde_json::json!({
        "command_id": "ask-1", "kind": "ask", "expires_at": at(expires_ms).to_string(), "say": "您还好吗？",
    });
    let mut effects = Vec::new();
    for _ in 0..2 {
        handset.heard("jjl/h1/down/command", ask.to_string().as_bytes(), at(1_000), &mut effects);
    }
    assert_eq!(publishes(&effects, UpKind::Answer), [], "nobody answers at once");
    let due = handset.next_wake();
    for second in [2, 30, 90] {
        handset.wake(at(second * 1_000), &mut effects);
    }
    assert!(due.is_none_or(|due| due <= at(30_000)), "{due:?}");
    let sent = publishes(&effects, UpKind::Answer);
    sent.iter().map(|publish| serde_json::from_slice(&publish.payload).unwrap()).collect()
}

#[test]
fn a_question_is_answered_once_as_the_person_does_and_not_after_its_time() {
    let yes = serde_json::json!({"command_id": "ask-1", "ok": true});
    let no = serde_json::json!({"command_id": "ask-1", "ok": true, "detail": "help"});
    for (answers, expires_ms, expected) in [
        (Answers::Yes, 60_000, vec![yes]),
        (Answers::No, 60_000, vec![no]),
        (Answers::Nothing, 60_000, Vec::new()),
        (Answers::Yes, 900, Vec::new()),
        (Answers::Yes, 20_000, Vec::new()),
    ] {
        let mut handset = handset();
        handset.connected(at(0), &mut Vec::new());
        handset.person_says(answers);
        assert_eq!(answers_to(&mut handset, expires_ms), expected, "{answers:?} {expires_ms}");
    }
}

proptest! {
    #[test]
    fn whatever_the_network_does_every_press_gets_its_receipt_and_none_is_sent_after_it(
        fates in proptest::collection::vec(fate(), 1..120)
    ) {
        let mut bench = Bench {
            handset: handset(), now: 0, connected: false, sent: Vec::new(), on_disk: Vec::new(),
            made: Vec::new(), settled: Vec::new(), last: None,
        };
        for fate in &fates {
            bench.step(fate);
        }
        // Then the network is good: within a minute everything has been sent, taken and receipted.
        bench.step(&Fate::Connect);
        for _ in 0..60 {
            bench.step(&Fate::Wait(1_000));
            for index in 0..bench.sent.len() {
                bench.step(&Fate::Deliver { index, puback: true, receipt: true });
            }
            bench.sent.clear();
        }
        prop_assert_eq!(bench.handset.unreceipted(), 0);
        bench.made.sort();
        bench.settled.sort();
        prop_assert_eq!(&bench.made, &bench.settled);
    }
}
