//! The session against lists of packets.

use super::super::Config;
use super::*;
use model::HandsetId;
use protocol::PhoneName;

fn id(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn session(v5: bool) -> Session {
    let phone = PhoneName::new("demo", "phone").unwrap();
    let rights = Rights::new(HandsetId::new("h1").unwrap(), vec![phone]);
    Session::new(rights, v5, &Config::default(), Outlet::new(None, usize::MAX))
}

fn publish(topic: &str, packet_id: u16) -> Publish {
    Publish {
        packet_id: NonZeroU16::new(packet_id),
        exactly_once: false,
        duplicate: false,
        topic: topic.to_owned(),
        alias: None,
        payload: Bytes::from_static(b"{}"),
    }
}

fn receive(session: &mut Session, publish: Publish) -> Vec<Effect> {
    let mut effects = Vec::new();
    session.receive(Inbound::Publish(publish), &mut effects);
    effects
}

fn handed_on(effects: &[Effect]) -> (Ticket, &Work) {
    let [Effect::HandOn { ticket, work }] = effects else { panic!("{effects:?}") };
    (*ticket, work)
}

fn done(session: &mut Session, ticket: Ticket) -> Vec<Effect> {
    let mut effects = Vec::new();
    session.done(ticket, true, &mut effects);
    effects
}

/// The rest of a publish that was not read has gone by.
fn passed(session: &mut Session) -> Vec<Effect> {
    let mut effects = Vec::new();
    session.passed(&mut effects);
    effects
}

#[test]
fn a_publish_is_acknowledged_only_when_it_is_on_disk() {
    let mut session = session(false);
    let effects = receive(&mut session, publish("jjl/h1/press", 7));
    let (ticket, work) = handed_on(&effects);
    assert!(matches!(work, Work::Accept(message) if message.kind == UpKind::Press));
    let ack = Outbound::PublishAck { packet_id: id(7), refused: None };
    assert_eq!(done(&mut session, ticket), [Effect::Send(ack)]);
}

#[test]
fn a_foreign_topic_closes_a_3_1_1_connection_and_is_refused_on_5() {
    for topic in [
        "jjl/h2/press",
        "jjl/h1/down/receipt",
        "anything",
        "owntracks/demo/other",
        "owntracks/demo/phone/cmd",
        "owntracks/demo/phone/event/x",
    ] {
        let mut old = session(false);
        let effects = receive(&mut old, publish(topic, 7));
        let (ticket, work) = handed_on(&effects);
        assert!(matches!(work, Work::Quarantine { .. }), "{topic}");
        assert!(!old.has_room(usize::MAX), "nothing is read behind it");
        assert_eq!(done(&mut old, ticket), [Effect::End(Ending::PublishRefused)]);

        let mut new = session(true);
        let effects = receive(&mut new, publish(topic, 7));
        let (ticket, _) = handed_on(&effects);
        let ack = Outbound::PublishAck { packet_id: id(7), refused: Some(Rejection::NotItsTopic) };
        assert_eq!(done(&mut new, ticket), [Effect::Send(ack)]);
        assert!(new.has_room(usize::MAX));
    }
}

#[test]
fn a_phone_publishes_on_its_own_topics_and_may_send_no_more_than_any_message() {
    for topic in ["owntracks/demo/phone", "owntracks/demo/phone/event", "owntracks/demo/phone/request"] {
        let mut session = session(false);
        let effects = receive(&mut session, publish(topic, 7));
        let (ticket, work) = handed_on(&effects);
        assert!(matches!(work, Work::Accept(message) if message.kind == UpKind::OwnTracks), "{topic}");
        let ack = Outbound::PublishAck { packet_id: id(7), refused: None };
        assert_eq!(done(&mut session, ticket), [Effect::Send(ack)]);
        let mut effects = Vec::new();
        let verdict = session.judge_beginning(publish(topic, 8), 2 << 20, 2 << 20, &mut effects);
        assert_eq!(verdict, Verdict::PassBy, "only a press may be that large");
        assert!(matches!(handed_on(&effects).1, Work::Quarantine { why: Refusal::TooLarge, .. }));
    }
}

#[test]
fn a_repeated_qos_2_publish_is_not_handed_on_again_before_its_release() {
    let mut session = session(false);
    let first = Publish { exactly_once: true, ..publish("jjl/h1/fix", 3) };
    let again = Publish { duplicate: true, ..first.clone() };
    let received = || Effect::Send(Outbound::PublishReceived { packet_id: id(3), refused: None });

    let effects = receive(&mut session, first.clone());
    let (ticket, _) = handed_on(&effects);
    assert!(receive(&mut session, again.clone()).is_empty(), "it waits for the first one's disk");
    assert_eq!(done(&mut session, ticket), [received(), received()]);
    assert_eq!(receive(&mut session, again), [received()]);

    let mut effects = Vec::new();
    session.receive(Inbound::PublishRelease { packet_id: id(3) }, &mut effects);
    assert_eq!(effects, [Effect::Send(Outbound::PublishComplete { packet_id: id(3), known: true })]);
    handed_on(&receive(&mut session, first));
}

#[test]
fn an_alias_stands_for_the_topic_it_was_given_with() {
    let mut session = session(true);
    let named = Publish { alias: Some(id(4)), ..publish("jjl/h1/fix", 1) };
    handed_on(&receive(&mut session, named));
    let effects = receive(&mut session, Publish { alias: Some(id(4)), ..publish("", 2) });
    assert!(matches!(handed_on(&effects).1, Work::Accept(message) if message.topic == "jjl/h1/fix"));

    for (alias, ending) in [(5, Ending::ProtocolError), (17, Ending::AliasInvalid)] {
        let mut session = self::session(true);
        let effects = receive(&mut session, Publish { alias: Some(id(alias)), ..publish("", 3) });
        let (ticket, work) = handed_on(&effects);
        assert!(matches!(work, Work::Quarantine { why: Refusal::NoTopic, .. }));
        assert_eq!(done(&mut session, ticket), [Effect::End(ending)]);
    }
}

#[test]
fn a_large_press_is_read_whole_a_huge_one_in_part_as_are_positions_and_anything_else_large_not_at_all() {
    let mebibyte = 1024 * 1024;
    for (topic, size, verdict, refused) in [
        ("jjl/h1/press", 10 * mebibyte, Verdict::ReadWhole, None),
        ("jjl/h1/press", 20 * mebibyte, Verdict::PassBy, None),
        ("jjl/h1/fix", mebibyte, Verdict::ReadWhole, None),
        ("jjl/h1/fix", 4 * mebibyte, Verdict::ReadWhole, None),
        ("jjl/h1/fix", 4 * mebibyte + 1, Verdict::PassBy, Some(Rejection::TooLarge)),
        ("jjl/h1/status", mebibyte, Verdict::ReadWhole, None),
        ("jjl/h1/status", mebibyte + 1, Verdict::PassBy, Some(Rejection::TooLarge)),
        ("jjl/h2/press", 2 * mebibyte, Verdict::PassBy, Some(Rejection::NotItsTopic)),
    ] {
        let mut session = session(true);
        let mut effects = Vec::new();
        let got = session.judge_beginning(publish(topic, 1), size, size + 20, &mut effects);
        assert_eq!(got, verdict, "{topic} {size}");
        if got == Verdict::ReadWhole {
            assert!(effects.is_empty());
            continue;
        }
        let (ticket, work) = handed_on(&effects);
        let full_bytes = u64::try_from(size).unwrap();
        let is_taken = matches!(work, Work::Accept(message) if message.oversized == Some(full_bytes));
        assert_eq!(is_taken, ["jjl/h1/press", "jjl/h1/fix"].contains(&topic), "{topic} {size}");
        assert!(done(&mut session, ticket).is_empty(), "the rest of it is still to come");
        let ack = Outbound::PublishAck { packet_id: id(1), refused };
        assert_eq!(passed(&mut session), [Effect::Send(ack)], "{topic} {size}");
        assert!(session.has_room(usize::MAX), "what is behind it is read");
    }
}

#[test]
fn what_was_too_large_is_answered_when_its_beginning_is_on_disk_whichever_comes_last() {
    let mut session = session(false);
    let mut effects = Vec::new();
    session.judge_beginning(publish("jjl/h1/fix", 1), 8 << 20, 8 << 20, &mut effects);
    let (ticket, _) = handed_on(&effects);
    assert!(passed(&mut session).is_empty(), "it is not on disk yet");
    let effects = receive(&mut session, publish("jjl/h1/press", 2));
    let (behind, _) = handed_on(&effects);
    assert!(done(&mut session, behind).is_empty(), "in order of arrival");
    let acks = [1, 2].map(|number| Outbound::PublishAck { packet_id: id(number), refused: None });
    assert_eq!(done(&mut session, ticket), acks.map(Effect::Send), "3.1.1 has no other word");
}

#[test]
fn of_qos_2_what_was_too_large_is_kept_once() {
    for (v5, refused) in [(false, None), (true, Some(Rejection::TooLarge))] {
        let mut session = session(v5);
        let first = Publish { exactly_once: true, ..publish("jjl/h1/fix", 3) };
        let received = || [Effect::Send(Outbound::PublishReceived { packet_id: id(3), refused })];
        let mut effects = Vec::new();
        session.judge_beginning(first.clone(), 8 << 20, 8 << 20, &mut effects);
        done(&mut session, handed_on(&effects).0);
        assert_eq!(passed(&mut session), received());
        if v5 {
            // A PUBREC that refuses ends the exchange: its packet id is free.
            handed_on(&receive(&mut session, Publish { duplicate: true, ..first }));
            continue;
        }
        let mut effects = Vec::new();
        let again = Publish { duplicate: true, ..first };
        assert_eq!(session.judge_beginning(again, 8 << 20, 8 << 20, &mut effects), Verdict::PassBy);
        assert!(effects.is_empty(), "it is there already");
        assert_eq!(passed(&mut session), received());
    }
}

#[test]
fn on_3_1_1_a_foreign_topic_ends_the_connection_when_the_large_publish_has_gone_by() {
    let mut session = session(false);
    let mut effects = Vec::new();
    session.judge_beginning(publish("jjl/h2/fix", 1), 2 << 20, 2 << 20, &mut effects);
    assert!(done(&mut session, handed_on(&effects).0).is_empty());
    assert_eq!(passed(&mut session), [Effect::End(Ending::PublishRefused)]);
}

#[test]
fn a_handset_reads_only_its_own_down_topics_at_most_at_qos_1() {
    let mut session = session(true);
    let filters = vec![
        ("jjl/h1/down/#".to_owned(), QoS::ExactlyOnce),
        ("jjl/h2/down/#".to_owned(), QoS::AtLeastOnce),
        ("#".to_owned(), QoS::AtMostOnce),
        ("owntracks/demo/phone/cmd".to_owned(), QoS::AtLeastOnce),
        ("owntracks/+/+".to_owned(), QoS::AtLeastOnce),
        ("owntracks/demo/other/cmd".to_owned(), QoS::AtLeastOnce),
    ];
    let mut effects = Vec::new();
    session.receive(Inbound::Subscribe { packet_id: id(9), filters }, &mut effects);
    let (own, refused) = (Grant::Granted(QoS::AtLeastOnce), Grant::NotAuthorized);
    let grants = vec![own, refused, refused, own, refused, refused];
    assert_eq!(effects, [Effect::Send(Outbound::SubscribeAck { packet_id: id(9), grants })]);
}

#[test]
fn a_publish_against_the_rules_is_acknowledged_once_it_is_on_disk_and_then_the_connection_ends() {
    for v5 in [false, true] {
        for exactly_once in [false, true] {
            let mut session = session(v5);
            let broken = |topic, oversized| {
                let publish = Publish { exactly_once, ..publish(topic, 7) };
                Inbound::Broken(Broken { publish, ending: Ending::Malformed, oversized })
            };
            let word = |refused| {
                let packet_id = id(7);
                Effect::Send(if exactly_once {
                    Outbound::PublishReceived { packet_id, refused }
                } else {
                    Outbound::PublishAck { packet_id, refused }
                })
            };
            let end = || Effect::End(Ending::Malformed);
            let mut effects = Vec::new();
            session.receive(broken("jjl/h1/press", None), &mut effects);
            let (ticket, _) = handed_on(&effects);
            assert!(!session.has_room(usize::MAX), "nothing is read behind it");
            assert_eq!(done(&mut session, ticket), [word(None), end()]);

            let refused = v5.then_some(Rejection::TooLarge);
            for (topic, oversized, answer) in [
                ("jjl/h1/status", Some(2 << 20), vec![word(refused), end()]),
                ("jjl/h2/press", None, vec![end()]),
            ] {
                let mut session = self::session(v5);
                let mut effects = Vec::new();
                session.receive(broken(topic, oversized), &mut effects);
                assert_eq!(done(&mut session, handed_on(&effects).0), answer, "{topic}");
            }
        }
    }
}

#[test]
fn unreleased_qos_2_publishes_are_limited_and_the_one_beyond_is_still_taken() {
    let mut session = session(true);
    for number in 1..=64 {
        let effects = receive(&mut session, Publish { exactly_once: true, ..publish("jjl/h1/fix", number) });
        done(&mut session, handed_on(&effects).0);
    }
    let effects = receive(&mut session, Publish { exactly_once: true, ..publish("jjl/h1/press", 65) });
    let (ticket, work) = handed_on(&effects);
    assert!(matches!(work, Work::Accept(_)));
    assert_eq!(done(&mut session, ticket), [Effect::End(Ending::ReceiveMaximumExceeded)]);
}
