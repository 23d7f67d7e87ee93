//! The outlet against an outbox held in a vector.

use bytes::Bytes;

use super::*;

fn outbox(rows: &[(i64, &str)]) -> Vec<Down> {
    let down = |&(row, kind): &(i64, &str)| Down {
        row,
        topic: format!("jjl/h1/down/{kind}"),
        payload: Bytes::from(row.to_string()),
        expires_in_s: None,
    };
    rows.iter().map(down).collect()
}

/// Asks until there is nothing more to ask; the payloads sent, and the packet ids.
fn run(outlet: &mut Outlet, outbox: &[Down]) -> Vec<(String, Option<NonZeroU16>)> {
    let mut sent = Vec::new();
    while let Some(look) = outlet.look() {
        let rows = outbox.iter().filter(|down| down.row > look.after).take(look.limit).cloned().collect();
        for packet in outlet.found(look, rows) {
            let Outbound::Publish { packet_id, payload, .. } = packet else { panic!("{packet:?}") };
            sent.push((String::from_utf8(payload.to_vec()).unwrap(), packet_id));
        }
    }
    sent
}

fn rows(sent: &[(String, Option<NonZeroU16>)]) -> Vec<&str> {
    sent.iter().map(|(row, _)| row.as_str()).collect()
}

#[test]
fn nothing_is_asked_for_without_a_subscription_or_without_news() {
    let mut outlet = Outlet::new(None, usize::MAX);
    outlet.wake();
    assert_eq!(outlet.look(), None);
    outlet.subscribe("jjl/h1/down/#", QoS::AtLeastOnce);
    assert!(outlet.look().is_some());
    assert_eq!(outlet.look(), None);
}

#[test]
fn a_row_is_sent_once_in_a_session_and_news_bring_only_what_is_new() {
    let mut outlet = Outlet::new(None, usize::MAX);
    outlet.subscribe("jjl/h1/down/#", QoS::AtLeastOnce);
    let mut held = outbox(&[(3, "receipt"), (5, "progress")]);
    assert_eq!(rows(&run(&mut outlet, &held)), ["3", "5"]);
    outlet.wake();
    assert!(run(&mut outlet, &held).is_empty());
    held.extend(outbox(&[(9, "receipt")]));
    outlet.wake();
    assert_eq!(rows(&run(&mut outlet, &held)), ["9"]);
}

#[test]
fn the_window_fills_and_an_acknowledgement_lets_the_next_one_out() {
    let mut outlet = Outlet::new(NonZeroU16::new(2), usize::MAX);
    outlet.subscribe("jjl/h1/down/#", QoS::AtLeastOnce);
    let held = outbox(&[(1, "a"), (2, "a"), (3, "a"), (4, "a")]);
    let sent = run(&mut outlet, &held);
    assert_eq!(rows(&sent), ["1", "2"]);
    outlet.wake();
    assert!(run(&mut outlet, &held).is_empty());
    assert_eq!(outlet.acknowledged(sent[0].1.unwrap()), Some(1));
    assert_eq!(outlet.acknowledged(sent[0].1.unwrap()), None, "a second acknowledgement is nobody's");
    assert_eq!(rows(&run(&mut outlet, &held)), ["3"]);
}

#[test]
fn what_no_filter_wanted_is_sent_when_one_joins_and_what_was_sent_is_not_repeated() {
    let mut outlet = Outlet::new(None, usize::MAX);
    outlet.subscribe("jjl/h1/down/receipt", QoS::AtLeastOnce);
    let held = outbox(&[(1, "receipt"), (2, "command"), (3, "receipt")]);
    assert_eq!(rows(&run(&mut outlet, &held)), ["1", "3"]);
    outlet.subscribe("jjl/h1/down/#", QoS::AtLeastOnce);
    assert_eq!(rows(&run(&mut outlet, &held)), ["2"]);
}

#[test]
fn a_filter_given_up_and_taken_again_goes_on_where_it_was() {
    let mut outlet = Outlet::new(None, usize::MAX);
    outlet.subscribe("jjl/h1/down/#", QoS::AtMostOnce);
    let mut held = outbox(&[(1, "receipt")]);
    assert_eq!(run(&mut outlet, &held), [("1".to_owned(), None)]);
    assert!(outlet.unsubscribe("jjl/h1/down/#"));
    assert!(!outlet.unsubscribe("jjl/h1/down/#"));
    held.extend(outbox(&[(2, "receipt")]));
    outlet.wake();
    assert!(run(&mut outlet, &held).is_empty());
    outlet.subscribe("jjl/h1/down/#", QoS::AtMostOnce);
    assert_eq!(rows(&run(&mut outlet, &held)), ["2"]);
}

#[test]
fn an_answer_from_before_a_new_filter_is_asked_for_again() {
    let mut outlet = Outlet::new(None, usize::MAX);
    outlet.subscribe("jjl/h1/down/receipt", QoS::AtLeastOnce);
    let held = outbox(&[(1, "command"), (2, "receipt")]);
    assert_eq!(rows(&run(&mut outlet, &held)), ["2"]);
    outlet.wake();
    let look = outlet.look().unwrap();
    outlet.subscribe("jjl/h1/down/command", QoS::AtLeastOnce);
    assert!(outlet.found(look, Vec::new()).is_empty());
    assert_eq!(rows(&run(&mut outlet, &held)), ["1"]);
}

#[test]
fn a_long_outbox_is_walked_in_steps_and_a_row_too_large_for_the_client_is_passed_over() {
    let mut outlet = Outlet::new(None, 60);
    outlet.subscribe("jjl/h1/down/#", QoS::AtMostOnce);
    let mut held: Vec<Down> = (1..=100).flat_map(|row| outbox(&[(row, "a")])).collect();
    held[50].payload = Bytes::from(vec![b'x'; 100]);
    assert_eq!(run(&mut outlet, &held).len(), 99);
}

#[test]
fn filters_are_limited() {
    let mut outlet = Outlet::new(None, usize::MAX);
    for number in 0..FILTERS_MAX {
        assert_eq!(outlet.subscribe(&number.to_string(), QoS::ExactlyOnce), Grant::Granted(QoS::AtLeastOnce));
    }
    assert_eq!(outlet.subscribe("one more", QoS::AtLeastOnce), Grant::QuotaExceeded);
    assert_eq!(outlet.subscribe("0", QoS::AtMostOnce), Grant::Granted(QoS::AtMostOnce));
}
