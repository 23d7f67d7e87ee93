//! What handsets are asked to do, and how far each request has come.

use model::IncidentId;
use store::{
    AnswerCommand, CommandLine, CommandState, DownMessage, HandsetCommand, Locates, PutCommands,
    RemoveOldMessages, Settle, Store, TakeMessage, VoidCommands,
};

use crate::{
    common::{
        House,
        made::{at, command, handset, message},
    },
    people::holds,
};

fn carried(id: &str, key: &str, second: i64) -> DownMessage {
    message("h1", key, &format!(r#"{{"command_id":"{id}"}}"#), at(second))
}

async fn put(house: &House, command: HandsetCommand, second: i64) {
    let messages = vec![carried(&command.id, "command:locate", second)];
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands: vec![(command, messages)], keys, audit: Vec::new() }).await;
}

async fn known(house: &House) -> Vec<CommandLine> {
    house.store.commands_to(&handset("h1"), 10).await.unwrap()
}

async fn states(house: &House, second: i64) -> Vec<(String, CommandState)> {
    known(house).await.iter().map(|line| (line.command.id.clone(), line.state(at(second)))).collect()
}

fn answer(from: &str, id: &str, second: i64) -> AnswerCommand {
    let message = TakeMessage {
        handset: handset(from),
        kind: "answer",
        identity: None,
        payload: id.as_bytes().to_vec(),
        received_at: at(second),
    };
    AnswerCommand { message, command: id.to_owned(), ok: true, detail: Some("响了".repeat(300)) }
}

pub(crate) async fn a_command_is_queued_sent_answered_or_expired(house: &House) {
    put(house, command("h1", "c-1", at(0)), 0).await;
    assert_eq!(states(house, 119).await, [("c-1".to_owned(), CommandState::Queued)]);
    assert_eq!(states(house, 120).await, [("c-1".to_owned(), CommandState::Expired)]);

    let row = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    house.write(Settle { handset: handset("h2"), row, at: at(1) }).await;
    assert_eq!(states(house, 2).await[0].1, CommandState::Queued, "another's word does not count");
    house.write(Settle { handset: handset("h1"), row, at: at(2) }).await;
    assert_eq!(states(house, 3).await[0].1, CommandState::Sent);
    assert_eq!(known(house).await[0].sent_at, Some(at(2)));

    house.write(answer("h2", "c-1", 4)).await;
    assert_eq!(states(house, 5).await[0].1, CommandState::Sent);
    house.write(answer("h1", "c-1", 6)).await;
    house.write(answer("h1", "c-1", 9)).await;
    let line = known(house).await.remove(0);
    assert_eq!(
        (line.state(at(500)), line.answered_at, line.ok),
        (CommandState::Answered, Some(at(6)), Some(true))
    );
    assert_eq!(
        line.detail.map(|detail| detail.chars().count()),
        Some(200),
        "a handset does not fill the disk"
    );
    assert_eq!(house.ask("SELECT COUNT(*) FROM handset_messages").await, 3, "each is kept as it came");
}

/// The same question is put once, whoever puts it; a newer one takes the place of one that was not heard.
pub(crate) async fn a_command_is_put_once_and_replaced(house: &House) {
    put(house, command("h1", "c-1", at(0)), 0).await;
    let row = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    put(house, command("h1", "c-1", at(5)), 5).await;
    assert_eq!(house.store.waiting(&handset("h1"), 0, 10, at(6)).await.unwrap()[0].row, row);

    put(house, command("h1", "c-2", at(30)), 30).await;
    let expected = [("c-2".to_owned(), CommandState::Queued), ("c-1".to_owned(), CommandState::Expired)];
    assert_eq!(states(house, 31).await, expected);
    let waiting = house.store.waiting(&handset("h1"), 0, 10, at(31)).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.payload.as_str()).collect::<Vec<_>>(),
        [r#"{"command_id":"c-2"}"#]
    );
}

/// Whose number a handset is to ring, and what it is to say, stands on disk sealed alone, and goes with the command.
pub(crate) async fn what_is_rung_and_said_is_sealed(house: &House) {
    let (number, words) = ("13912345678", "女儿马上就到");
    let commands = [("call", number), ("say", words)].map(|(kind, text)| {
        let carried = message("h1", &format!("command:{kind}"), &format!(r#"{{"text":"{text}"}}"#), at(0));
        (HandsetCommand { kind: kind.to_owned(), ..command("h1", kind, at(0)) }, vec![carried])
    });
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands: commands.to_vec(), keys, audit: Vec::new() }).await;
    assert!(holds(house, "command:call"), "the search finds what is there in plain");
    for secret in [number, words] {
        assert!(!holds(house, secret), "{secret}");
    }
    let told = [number, words].map(|text| format!(r#"{{"text":"{text}"}}"#));
    let waiting = async |store: &Store| -> Vec<String> {
        let waiting = store.waiting(&handset("h1"), 0, 10, at(1)).await.unwrap();
        waiting.into_iter().map(|one| one.payload).collect()
    };
    assert_eq!(waiting(&house.store).await, told, "the handset hears it whole");
    let topic = "jjl/h1/down/progress";
    let asked = house.store.waiting_on(&handset("h1"), topic, 10, at(1)).await.unwrap();
    assert_eq!(asked.into_iter().map(|one| one.payload).collect::<Vec<_>>(), told);

    let rotated = house.store.keys().rotated().unwrap();
    assert_eq!(crate::people::sealed_anew(house, &rotated).await.0, 2);
    assert_eq!(
        house.store.sealed_with().await.unwrap().into_iter().collect::<Vec<_>>(),
        [("k2".to_owned(), 2)]
    );
    let opened = Store::open(&house.database, rotated.without_older(), None).await;
    let (anew, _writer) = opened.unwrap();
    assert_eq!(waiting(&anew).await, told);

    assert_eq!(house.write(RemoveOldMessages { before: at(0) }).await, 0, "they were asked at that moment");
    assert_eq!(house.write(RemoveOldMessages { before: at(1) }).await, 4);
    assert_eq!(house.ask("SELECT COUNT(*) FROM outbox").await, 0);
}

/// What was put out before it was sealed goes at the upgrade; that it was asked stays on record.
pub(crate) async fn what_was_rung_before_it_was_sealed_is_gone(house: &House) {
    let carried = |kind: &str| {
        let key = format!("command:{kind}");
        (command("h1", kind, at(0)), vec![message("h1", &key, "13912345678", at(0))])
    };
    let (commands, keys) = (vec![carried("call"), carried("locate")], house.store.keys().clone());
    house.write(PutCommands { commands, keys, audit: Vec::new() }).await;
    let text = include_str!("../../migrations/sqlite/0046_sealed_words.sql");
    let removal = text.split(';').find(|statement| statement.contains("DELETE FROM outbox")).unwrap();
    let (_, removal) = removal.split_once("DELETE").unwrap();
    house.run(&format!("DELETE{removal}")).await;
    let left = "SELECT COUNT(*) FROM outbox WHERE message_key = 'command:locate'";
    assert_eq!((house.ask(left).await, house.ask("SELECT COUNT(*) FROM outbox").await), (1, 1));
    assert_eq!(known(house).await.len(), 2);
}

/// What the platform asked ends with the incident; what a person asked does not.
pub(crate) async fn questions_about_an_incident_end_with_it(house: &House) {
    let incident = IncidentId::new("i-1").unwrap();
    let about = |id: &str, by: &str| HandsetCommand {
        incident: Some(incident.clone()),
        by: by.to_owned(),
        kind: id.to_owned(),
        ..command("h1", id, at(0))
    };
    let commands = [about("asked", ""), about("rung", "operator")]
        .map(|command| (command.clone(), vec![carried(&command.id, &command.id, 0)]))
        .to_vec();
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands, keys, audit: Vec::new() }).await;
    house.write(VoidCommands { incident: incident.clone(), at: at(3) }).await;
    let about_it = house.store.commands_about(&incident, 10).await.unwrap();
    let states: Vec<_> = about_it.iter().map(|line| (line.command.id.as_str(), line.state(at(4)))).collect();
    assert_eq!(states, [("rung", CommandState::Queued), ("asked", CommandState::Expired)]);
    let waiting = house.store.waiting(&handset("h1"), 0, 10, at(4)).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.payload.as_str()).collect::<Vec<_>>(),
        [r#"{"command_id":"rung"}"#]
    );
}

/// While somebody is in need the platform asks every half a minute; what people asked an hour ago stays listed all the same.
pub(crate) async fn what_people_asked_is_not_pushed_out(house: &House) {
    let incident = IncidentId::new("i-1").unwrap();
    assert_eq!(house.store.locates_about(&incident).await.unwrap(), None);
    let about = |nth: i64, id: String, kind: &str, by: &str| {
        let (incident, kind, by) = (Some(incident.clone()), kind.to_owned(), by.to_owned());
        (HandsetCommand { incident, kind, by, ..command("h1", &id, at(nth)) }, Vec::new())
    };
    let mut commands = vec![
        about(0, "rung".to_owned(), "ring", "operator"),
        about(1, "found".to_owned(), "locate", "operator"),
        about(2, "asked".to_owned(), "ask", ""),
    ];
    commands.extend((3..33).map(|nth| about(nth, format!("c-{nth}"), "locate", "")));
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands, keys, audit: Vec::new() }).await;
    for listed in [
        house.store.commands_about(&incident, 3).await.unwrap(),
        house.store.commands_to(&handset("h1"), 3).await.unwrap(),
    ] {
        let ids: Vec<_> = listed.iter().map(|line| line.command.id.as_str()).collect();
        assert_eq!((ids[0], &ids[10..]), ("c-32", ["asked", "found", "rung"].as_slice()), "newest first");
        assert_eq!(listed.iter().filter(|line| line.is_locate_of_platform()).count(), 10);
    }
    let all = Locates { count: 30, first_at: at(3), last_at: at(32) };
    assert_eq!(house.store.locates_about(&incident).await.unwrap(), Some(all));
}
