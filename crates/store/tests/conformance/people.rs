//! Residents, what of them is sealed, and how they are found.

use std::path::Path;

use model::{Division, Wgs84};
use store::{
    AddHandset, AddResident, BindHandset, ChangeResident, Contact, DueDrills, EraseResident, HandsetCommand,
    JobError, Keys, Look, NamedResident, NoteLogIn, PutCommands, RecordLook, Reseal, ResealPlace, Resident,
    Store, UnsealedRow,
};

use crate::common::{
    House,
    made::{at, command, handset, message, move_in, person, resident},
};

const SECRETS: [&str; 4] = ["13800138000", "34052419800101001X", "宿迁市幸福路1号", "13912345678"];

fn whole() -> Resident {
    let [telephone, identity_number, address, contact] = SECRETS.map(str::to_owned);
    Resident {
        home: Some(Wgs84::new(33.9624, 118.2757).unwrap()),
        division: Some(Division::new("321302005003").unwrap()),
        identity_number: Some(identity_number),
        telephone: Some(telephone),
        address: Some(address),
        allergies: vec!["青霉素\"'\\".to_owned()],
        contacts: ["女儿", "邻居"]
            .map(|relation| Contact {
                name: format!("李{relation}"),
                relation: relation.to_owned(),
                telephone: contact.clone(),
            })
            .to_vec(),
        ..person("r1", "王秀英")
    }
}

async fn add(house: &House, resident: Resident) {
    house.write(AddResident { resident, keys: house.store.keys().clone(), audit: Vec::new() }).await;
}

pub(crate) async fn a_resident_comes_back_as_entered(house: &House) {
    add(house, whole()).await;
    assert_eq!(house.store.resident(&resident("r1")).await.unwrap(), Some(whole()));
    assert_eq!(house.store.resident_name(&resident("r1")).await.unwrap().as_deref(), Some("王秀英"));
    add(house, person("r2", "李国强")).await;
    assert_eq!(house.store.resident(&resident("r2")).await.unwrap(), Some(person("r2", "李国强")));
    assert_eq!(house.store.resident(&resident("r3")).await.unwrap(), None);
    let again = AddResident { resident: whole(), keys: house.store.keys().clone(), audit: Vec::new() };
    assert!(house.store.write(again).await.is_err());
}

pub(crate) async fn a_caller_is_found_however_the_number_is_spelt(house: &House) {
    add(house, whole()).await;
    let fixed = Resident { telephone: Some("0527-88556266".to_owned()), ..person("r2", "李国强") };
    add(house, fixed).await;
    for (number, whose) in [
        ("13800138000", Some("r1")),
        ("+86 138 0013 8000", Some("r1")),
        ("008613800138000", Some("r1")),
        ("013800138000", Some("r1")),
        ("+86 139 1234 5678", Some("r1")),
        ("052788556266", Some("r2")),
        ("+8652788556266", Some("r2")),
        ("+1 380 0138 000", None),
        ("88556266", None),
    ] {
        let found = house.store.residents_by_telephone(number).await.unwrap();
        assert_eq!(found, whose.map(resident).into_iter().collect::<Vec<_>>(), "{number}");
    }
}

/// What is changed is all there is, found by what is new and not by what was, and sealed like the rest.
pub(crate) async fn a_record_is_put_right(house: &House) {
    add(house, whole()).await;
    let anew = Resident {
        name: "王秀芳".to_owned(),
        telephone: Some("13800138999".to_owned()),
        identity_number: None,
        division: None,
        home: None,
        contacts: whole().contacts.into_iter().skip(1).collect(),
        ..whole()
    };
    let change = |resident: Resident| ChangeResident {
        resident,
        keys: house.store.keys().clone(),
        audit: vec![crate::common::made::audit("change_resident", at(1))],
    };
    house.write(change(anew.clone())).await;
    assert_eq!(house.store.resident(&resident("r1")).await.unwrap(), Some(anew));
    assert_eq!(found(house, "13800138999").await, ["r1"]);
    assert!(found(house, SECRETS[0]).await.is_empty());
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'change_resident'").await, 1);
    let nobody = change(person("r9", "谁"));
    assert!(matches!(house.store.write(nobody).await, Err(JobError::Conflict)));
    let erase = EraseResident { resident: resident("r1"), at: at(9), audit: Vec::new() };
    house.write(erase).await;
    assert!(house.store.write(change(whole())).await.is_err(), "who was erased does not come back");
}

pub(crate) async fn a_scope_narrows_whom_is_found(house: &House) {
    for (id, code) in [("r1", Some("321302005003")), ("r2", Some("321302006001")), ("r3", None)] {
        let division = code.map(|code| Division::new(code).unwrap());
        add(house, Resident { division, ..person(id, "王秀英") }).await;
    }
    for (scope, expected) in [("321302005", ["r1", "r3"].as_slice()), ("321302", &["r1", "r2", "r3"])] {
        let scope = Division::new(scope).unwrap();
        let lines = house.store.residents("王", Some(&scope), "", 100).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.resident_id.as_str()).collect::<Vec<_>>(), expected);
    }
    let of_r2 = house.store.division_of(&resident("r2")).await.unwrap();
    assert_eq!(of_r2.as_ref().map(Division::as_str), Some("321302006001"));
    assert_eq!(house.store.division_of(&resident("r3")).await.unwrap(), None);
}

pub(crate) async fn many_are_named_at_once(house: &House) {
    let code = Division::new("321302005003").unwrap();
    add(house, Resident { division: Some(code.clone()), ..person("r1", "王秀英") }).await;
    for (id, name) in [("r2", "李国强\"'"), ("r3", "nobody's")] {
        add(house, person(id, name)).await;
    }
    let asked = ["r2", "r1", "r9", "r1"].map(resident);
    let found = house.store.named(&asked).await.unwrap();
    let named = |name: &str, division| NamedResident { name: name.to_owned(), division };
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found.get(&resident("r1")), Some(&named("王秀英", Some(code))));
    assert_eq!(found.get(&resident("r2")), Some(&named("李国强\"'", None)));
    assert!(house.store.named([]).await.unwrap().is_empty());
}

/// What names people is narrowed like the people themselves.
pub(crate) async fn a_scope_narrows_lists_about_people(house: &House) {
    for (id, code) in [("r1", Some("321302005003")), ("r2", Some("321302006001")), ("r3", None)] {
        let division = code.map(|code| Division::new(code).unwrap());
        add(house, Resident { division, ..person(id, "王秀英") }).await;
        house.write(AddHandset { handset: handset(id), secret_hash: "-".to_owned() }).await;
        house.write(BindHandset { handset: handset(id), resident: resident(id), from: at(0) }).await;
        let kind = model::SignalKind::LoginRefused;
        house.write(NoteLogIn { kind, handset: handset(id), at: at(5) }).await;
        let look = Look {
            at: at(6),
            username: "operator".to_owned(),
            action: "read_resident".to_owned(),
            resident: resident(id),
            reason: "x".to_owned(),
        };
        house.write(RecordLook { look, audit: Vec::new() }).await;
    }
    let here = Division::new("321302005").unwrap();
    for (scope, expected) in [(None, ["r1", "r2", "r3"].as_slice()), (Some(&here), &["r1", "r3"])] {
        let due =
            house.store.drills_due(&DueDrills { scope, ..DueDrills::before(at(9)) }, None, 10).await.unwrap();
        let looks = house.store.looks(true, scope, i64::MAX, 10).await.unwrap();
        let day = house.store.signals_without_incident(at(0), at(9), scope, 10).await.unwrap();
        let day: Vec<_> = day.into_iter().filter_map(|(signal, _)| signal.resident).collect();
        for mut named in [
            due.into_iter().map(|one| one.resident).collect::<Vec<_>>(),
            looks.into_iter().map(|one| one.look.resident).collect(),
            day,
        ] {
            named.sort();
            assert_eq!(
                named.iter().map(model::ResidentId::as_str).collect::<Vec<_>>(),
                expected,
                "{scope:?}"
            );
        }
    }
}

/// Everything on disk, as bytes.
fn everything(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Whether the database holds this, as it is or written in hexadecimal.
pub(crate) fn holds(house: &House, part: &str) -> bool {
    let held = match &house.server {
        Some((server, name)) => crate::common::postgres::dump(server, name).into_bytes(),
        None => everything(house.folder()),
    };
    let hexadecimal = format!("{:02x?}", part.as_bytes()).replace(['[', ']', ',', ' '], "");
    let has = |part: &[u8]| held.windows(part.len()).any(|window| window == part);
    has(part.as_bytes()) || (house.server.is_some() && has(hexadecimal.as_bytes()))
}

pub(crate) async fn what_is_sealed_is_nowhere_in_plain(house: &House) {
    add(house, whole()).await;
    // A contact's number that the handset is to ring.
    let carried = message("h1", "command:call", SECRETS[3], at(0));
    let call = HandsetCommand { kind: "call".to_owned(), ..command("h1", "c-1", at(0)) };
    let (commands, keys) = (vec![(call, vec![carried])], house.store.keys().clone());
    house.write(PutCommands { commands, keys, audit: Vec::new() }).await;
    assert!(holds(house, "王秀英"), "the search finds what is there in plain");
    for secret in SECRETS {
        assert!(!holds(house, secret), "{secret}");
    }
    let ends = house.ask("SELECT COUNT(*) FROM residents WHERE identity_number_last4 IS NOT NULL").await;
    assert_eq!(ends, 0, "with birth date and district the end is the whole number");
}

async fn found(house: &House, text: &str) -> Vec<String> {
    let lines = house.store.residents(text, None, "", 100).await.unwrap();
    lines.into_iter().map(|line| line.resident_id).collect()
}

pub(crate) async fn residents_are_found_by_name_number_and_handset(house: &House) {
    add(house, whole()).await;
    move_in(house, "r2", "demo-0002", at(0)).await;
    add(house, person("r3", "李国强")).await;
    for (text, ids) in [
        ("", vec!["r1", "r2", "r3"]),
        ("王", vec!["r1", "r2"]),
        ("国", vec!["r3"]),
        ("r3", vec!["r3"]),
        ("demo-00", vec!["r2"]),
        ("138 0013-8000", vec!["r1"]),
        ("1380013800", vec![]),
        ("138001380000", vec![]),
        ("' OR ''='", vec![]),
        ("王\0", vec![]),
    ] {
        assert_eq!(found(house, text).await, ids, "{text:?}");
    }
    let after_r1 = house.store.residents("", None, "r1", 1).await.unwrap();
    assert_eq!((after_r1.len(), after_r1[0].resident_id.as_str()), (1, "r2"));
    assert_eq!(after_r1[0].handset_id.as_deref(), Some("demo-0002"));
}

pub(crate) async fn wildcards_mean_themselves(house: &House) {
    for (id, name) in [("r1", "100%"), ("r2", "a_b"), ("r3", "a\\b"), ("r4", "axb")] {
        add(house, person(id, name)).await;
    }
    for (text, ids) in [("%", ["r1"]), ("_", ["r2"]), ("\\", ["r3"]), ("a_b", ["r2"]), ("a\\b", ["r3"])] {
        assert_eq!(found(house, text).await, ids, "{text:?}");
    }
}

pub(crate) async fn capitals_do_not_matter(house: &House) {
    move_in(house, "Res-1", "Demo-0001", at(0)).await;
    add(house, person("r2", "Smith")).await;
    for (text, id) in [("smith", "r2"), ("SMI", "r2"), ("res-", "Res-1"), ("DEMO", "Res-1")] {
        assert_eq!(found(house, text).await, [id], "{text:?}");
    }
}

/// Seals everything anew that opens; says how much that was, in how many steps, and what does not open.
pub(crate) async fn sealed_anew(house: &House, keys: &Keys) -> (usize, usize, Vec<UnsealedRow>) {
    let (mut done, mut steps, mut broken) = (0, 0, Vec::new());
    let mut from = Some(ResealPlace::default());
    while let Some(after) = from {
        let resealed = house.write(Reseal { keys: keys.clone(), after }).await;
        done += resealed.done;
        steps += usize::from(resealed.next.is_some());
        broken.extend(resealed.broken);
        from = resealed.next;
    }
    (done, steps, broken)
}

async fn sixty(house: &House) -> Keys {
    let keys = house.store.keys().clone();
    for number in 0..60 {
        let resident = Resident { id: resident(&format!("r{number}")), ..whole() };
        house.write(AddResident { resident, keys: keys.clone(), audit: Vec::new() }).await;
    }
    keys
}

/// Everything is sealed anew with the present key, opens as before, and is found as before, also until that is done.
pub(crate) async fn a_new_key_takes_the_old_ones_place(house: &House) {
    let keys = sixty(house).await;
    let before = house.store.resident(&resident("r7")).await.unwrap();
    let telephone = before.clone().unwrap().telephone.unwrap();
    let rotated = keys.rotated().unwrap();
    let (both, _writer) = Store::open(&house.database, rotated.clone(), None).await.unwrap();
    let found = async |store: &Store| {
        let by_text = store.residents(&telephone, None, "", 100).await.unwrap().len();
        (by_text, store.residents_by_telephone(&telephone).await.unwrap().len())
    };
    assert_eq!(found(&both).await, (60, 10), "by what stands there still");
    let (done, steps, broken) = sealed_anew(house, &rotated).await;
    assert_eq!((done, broken.len()), (60 + 120, 0));
    assert!(steps > 2, "in steps: {steps}");
    assert_eq!(sealed_anew(house, &rotated).await.0, 0, "once");
    let with = house.store.sealed_with().await.unwrap();
    assert_eq!(with.keys().map(String::as_str).collect::<Vec<_>>(), ["k2"], "{with:?}");
    assert!(house.store.resident(&resident("r7")).await.is_err(), "the old key alone opens nothing now");
    assert_eq!(found(&house.store).await, (0, 0), "and finds nobody");
    let opened = Store::open(&house.database, rotated.without_older(), None).await;
    let (anew, _writer) = opened.unwrap();
    assert_eq!(anew.resident(&resident("r7")).await.unwrap(), before);
    assert_eq!(found(&anew).await, (60, 10), "found by its number");
}

/// What opens with no key keeps nothing behind it, and is named.
pub(crate) async fn a_record_that_cannot_be_opened_keeps_no_other_under_the_old_key(house: &House) {
    let keys = sixty(house).await;
    // It opens as what it was sealed as alone.
    house.run("UPDATE residents SET telephone_sealed = address_sealed WHERE resident_id = 'r0'").await;
    let of_another = "UPDATE contacts SET telephone_sealed = (SELECT telephone_sealed FROM residents
                      WHERE residents.resident_id = 'r2') WHERE resident_id = 'r2' AND place = 1";
    house.run(of_another).await;
    let rotated = keys.rotated().unwrap();
    let (done, _, broken) = sealed_anew(house, &rotated).await;
    let named: Vec<String> = broken.iter().map(|row| format!("{} {}", row.table, row.row)).collect();
    assert_eq!((done, named), (60 + 120 - 2, vec!["residents r0".to_owned(), "contacts r2 1".to_owned()]));
    let with = house.store.sealed_with().await.unwrap();
    assert_eq!((with.get("k1"), with.get("k2")), (Some(&2), Some(&178)));
    let opened = Store::open(&house.database, rotated, None).await;
    let (anew, _writer) = opened.unwrap();
    assert_eq!(anew.rows_unsealed(50).await.unwrap(), broken, "whoever drops the old key is told");
    assert_eq!(anew.rows_unsealed(1).await.unwrap(), broken[..1]);
}
