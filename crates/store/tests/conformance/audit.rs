//! The audit log: what was changed or taken away afterwards is found.

use model::IncidentId;
use store::{
    AddHandset, AddResident, AuditBreak, AuditRow, AuditSearch, AuditWalk, BindHandset, CommitDesk,
    NotedSeal, RemoveOldAudit, StoreError, Walked, WriteAudit, about_whom,
};

use crate::common::{
    House,
    made::{at, audit, handset, opening, person, resident, signal},
    soon,
};

/// Seals until nothing is left, and gives the last seal; a log shows a row only once everything older has ended.
async fn seal(house: &House, rows: i64) -> Option<NotedSeal> {
    let mut last = None;
    soon("everything is sealed", async || {
        if let Some(job) = house.store.next_audit_seal(at(90)).await.unwrap() {
            last = Some(job.noted());
            assert!(house.write(job).await);
        }
        let sealed = "SELECT COUNT(*) FROM audit WHERE row_id <= (SELECT COALESCE(MAX(up_to_row), 0) FROM audit_seals)";
        (house.ask(sealed).await >= rows).then_some(())
    })
    .await;
    last
}

async fn write(house: &House, rows: i64) {
    house.write(WriteAudit((0..rows).map(|row| audit(&format!("look-{row}"), at(row))).collect())).await;
}

async fn verify(house: &House) -> Result<usize, AuditBreak> {
    house.store.verify_audit().await.unwrap()
}

pub(crate) async fn rows_are_sealed_and_verified(house: &House) {
    assert!(house.store.next_audit_seal(at(90)).await.unwrap().is_none());
    assert_eq!(verify(house).await, Ok(0));
    for rows in [1, 3, 1_001] {
        write(house, rows).await;
    }
    seal(house, 1_005).await;
    assert_eq!(verify(house).await, Ok(0));
    assert!(house.store.next_audit_seal(at(91)).await.unwrap().is_none());
}

pub(crate) async fn a_changed_row_is_found(house: &House) {
    for sealed in [3, 6, 9] {
        write(house, 3).await;
        seal(house, sealed).await;
    }
    for column in ["username", "source", "action", "subject", "detail"] {
        house.run(&format!("UPDATE audit SET {column} = {column} || '!' WHERE action LIKE 'look-1%'")).await;
        assert!(verify(house).await.is_err(), "{column}");
        let undo = format!("UPDATE audit SET {column} = SUBSTR({column}, 1, LENGTH({column}) - 1)");
        house.run(&format!("{undo} WHERE action LIKE 'look-1%'")).await;
        assert_eq!(verify(house).await, Ok(0), "{column}");
    }
    house.run("UPDATE audit SET at_us = at_us + 1 WHERE row_id = (SELECT MAX(row_id) FROM audit)").await;
    let last_seal = house.ask("SELECT MAX(up_to_row) FROM audit_seals").await;
    assert_eq!(verify(house).await, Err(AuditBreak::Seal(last_seal)), "the seals before it still fit");
    // A part that moves from one column to the next leaves the text of the row as it was.
    house.run("UPDATE audit SET at_us = at_us - 1 WHERE row_id = (SELECT MAX(row_id) FROM audit)").await;
    house.run("UPDATE audit SET username = username || source, source = ''").await;
    assert!(verify(house).await.is_err());
}

pub(crate) async fn a_deleted_row_is_found(house: &House) {
    write(house, 5).await;
    seal(house, 5).await;
    write(house, 5).await;
    seal(house, 10).await;
    for row in ["MIN(row_id)", "MIN(row_id) + 1", "MAX(row_id)"] {
        house.run("CREATE TABLE kept AS SELECT * FROM audit").await;
        house.run(&format!("DELETE FROM audit WHERE row_id = (SELECT {row} FROM audit)")).await;
        assert!(verify(house).await.is_err(), "{row}");
        let columns = "row_id, at_us, username, source, action, subject, detail";
        let back = format!("SELECT {columns} FROM kept WHERE row_id NOT IN (SELECT row_id FROM audit)");
        let overriding = if house.server.is_some() { "OVERRIDING SYSTEM VALUE " } else { "" };
        house.run(&format!("INSERT INTO audit ({columns}) {overriding}{back}")).await;
        house.run("DROP TABLE kept").await;
        soon("the log is whole again", async || (verify(house).await == Ok(0)).then_some(())).await;
    }
    house.run("DELETE FROM audit").await;
    assert!(verify(house).await.is_err());
}

pub(crate) async fn an_end_that_was_cut_off_with_its_seals_is_found(house: &House) {
    write(house, 3).await;
    let first = seal(house, 3).await.unwrap();
    write(house, 2).await;
    let second = seal(house, 5).await.unwrap();
    assert_eq!(
        second.to_string().to_uppercase().parse::<NotedSeal>(),
        Ok(second.clone()),
        "as it is printed"
    );
    for odd in ["", "7", "x:00", &second.to_string()[1..], &format!("{second}0"), "5:zz"] {
        assert!(odd.parse::<NotedSeal>().is_err(), "{odd}");
    }
    let noted = [first, second.clone()];
    let missing = async || house.store.missing_seals(&noted).await.unwrap();
    assert_eq!((verify(house).await, missing().await), (Ok(0), Vec::new()));
    let cut = async |from: i64| {
        house.run(&format!("DELETE FROM audit WHERE row_id > {from}")).await;
        house.run(&format!("DELETE FROM audit_seals WHERE up_to_row > {from}")).await;
    };
    for (from, lacks) in [(3, &noted[1..]), (0, &noted[..])] {
        cut(from).await;
        assert_eq!(missing().await, lacks, "{from}");
        // A server gives numbers for good also where nothing comes of them.
        let expected =
            if house.server.is_some() { Ok(0) } else { Err(AuditBreak::End { given: 5, last: from }) };
        assert_eq!(verify(house).await, expected, "{from}");
    }
}

pub(crate) async fn rows_that_are_sealed_a_second_time_are_found_by_a_noted_seal(house: &House) {
    write(house, 3).await;
    let noted = seal(house, 3).await.unwrap();
    house.run("UPDATE audit SET username = 'somebody else'").await;
    house.run("DELETE FROM audit_seals").await;
    let anew = seal(house, 3).await.unwrap();
    assert_eq!(verify(house).await, Ok(0), "the chain by itself fits");
    assert_eq!(house.store.missing_seals(&[noted.clone(), anew]).await.unwrap(), [noted]);
}

pub(crate) async fn a_row_before_the_first_is_found(house: &House) {
    write(house, 2).await;
    seal(house, 2).await;
    let overriding = if house.server.is_some() { "OVERRIDING SYSTEM VALUE" } else { "" };
    let columns = "row_id, at_us, username, source, action, subject, detail";
    house
        .run(&format!("INSERT INTO audit ({columns}) {overriding} VALUES (-1, 0, 'x', 'x', 'x', 'x', 'x')"))
        .await;
    assert_eq!(verify(house).await, Err(AuditBreak::Foreign(-1)));
}

/// By a time that somebody has written there the platform would remove the rows itself, and say so.
pub(crate) async fn a_seal_that_was_dated_back_makes_nothing_old(house: &House) {
    write(house, 3).await;
    let sealed = seal(house, 3).await.unwrap();
    let (year_us, later) = (400_i64 * 24 * 3_600 * 1_000_000, at(95 + 190 * 24 * 3_600));
    house.run(&format!("UPDATE audit_seals SET sealed_at_us = sealed_at_us - {year_us}")).await;
    let due = RemoveOldAudit::due(&house.store, at(0), later).await;
    assert!(matches!(due, Err(StoreError::Broken { .. })), "{due:?}");
    assert!(matches!(verify(house).await, Err(AuditBreak::Seal(_))));
    assert!(house.store.missing_seals(&[sealed]).await.unwrap().is_empty(), "it is the one that was noted");
}

/// Those say nothing of their time, and what comes after them stands on them.
pub(crate) async fn seals_of_before_still_hold(house: &House) {
    write(house, 3).await;
    seal(house, 3).await;
    house.run("UPDATE audit_seals SET chain = SUBSTR(chain, 1, 32)").await;
    assert_eq!(verify(house).await, Ok(0));
    write(house, 2).await;
    seal(house, 5).await;
    assert_eq!(verify(house).await, Ok(0));
    house.run("UPDATE audit SET detail = detail || '!' WHERE row_id = 1").await;
    assert_eq!(verify(house).await, Err(AuditBreak::Seal(3)));
}

/// Two processes that share a store: each seal stands on the one before.
pub(crate) async fn of_two_who_seal_at_once_one_does(house: &House) {
    write(house, 2).await;
    let next = async || house.store.next_audit_seal(at(90)).await.unwrap();
    let one = soon("a seal", async || next().await).await;
    write(house, 2).await;
    let other = soon("a seal", async || next().await).await;
    assert!(house.write(one).await && !house.write(other).await);
    seal(house, 4).await;
    assert_eq!(verify(house).await, Ok(0));
}

/// Whoever walks along a long log rests in between, and meanwhile the time of old rows comes.
pub(crate) async fn what_goes_while_somebody_walks_along_breaks_nothing(house: &House) {
    write(house, 2_500).await;
    seal(house, 2_500).await;
    let mut walk = AuditWalk::default();
    assert_eq!(walk.step(&house.store).await.unwrap(), Walked::Further);
    let later = at(95 + 190 * 24 * 3_600);
    while let Some(job) = RemoveOldAudit::due(&house.store, at(91), later).await.unwrap() {
        house.write(job).await;
    }
    let end = soon("the end", async || match walk.step(&house.store).await.unwrap() {
        Walked::Further => None,
        end @ (Walked::Whole(_) | Walked::Broken(_)) => Some(end),
    })
    .await;
    assert_eq!(end, Walked::Whole(3));
}

pub(crate) async fn rows_not_sealed_yet_are_counted(house: &House) {
    write(house, 4).await;
    seal(house, 4).await;
    write(house, 1_200).await;
    assert_eq!(verify(house).await, Ok(1_200));
}

async fn with_residents(house: &House, ids: &[&str]) {
    for id in ids {
        let (resident, keys) = (person(id, "甲"), house.store.keys().clone());
        house.write(AddResident { resident, keys, audit: Vec::new() }).await;
    }
}

/// What is looked for is found, with what belongs to a resident, the newest first and page by page.
pub(crate) async fn looks_are_found_by_whom_they_were_about(house: &House) {
    house.write(AddHandset { handset: handset("h7"), secret_hash: "-".to_owned() }).await;
    with_residents(house, &["r7"]).await;
    let bind = BindHandset { handset: handset("h7"), resident: resident("r7"), from: at(100) };
    house.write(bind).await;
    let row = |action: &str, subject: &str, second| AuditRow {
        subject: subject.to_owned(),
        ..audit(action, at(second))
    };
    let before_it_was_theirs = row("locate_handset", "h7", 50);
    let theirs = [row("read_resident", "r7", 120), row("locate_handset", "h7", 130)];
    let list = |shown: &str, second| AuditRow {
        detail: format!("looked for \"\", 2 shown: {shown}"),
        ..row("list_residents", "residents", second)
    };
    let (shown, not_shown) = (list("r6 r7", 140), list("r70 r77", 150));
    let rows = vec![before_it_was_theirs, theirs[0].clone(), theirs[1].clone(), shown.clone(), not_shown];
    house.write(WriteAudit(rows)).await;
    let found = async |search: AuditSearch, before, limit| {
        let found = house.store.audited(&search, before, limit).await.unwrap();
        found.into_iter().map(|found| (found.row, found.audit)).collect::<Vec<_>>()
    };
    let of_resident = AuditSearch { resident: Some(resident("r7")), ..AuditSearch::default() };
    let all = found(of_resident.clone(), i64::MAX, 10).await;
    assert_eq!(all.iter().map(|(_, audit)| audit).collect::<Vec<_>>(), [&shown, &theirs[1], &theirs[0]]);
    let second = found(of_resident.clone(), all[0].0, 1).await;
    assert_eq!(second, [all[1].clone()]);
    for (second, list_of) in (160..).zip(["tasks", "signals", "looks", "quarantine"]) {
        let told = AuditRow { subject: list_of.to_owned(), ..list("r7", second) };
        house.write(WriteAudit(vec![told.clone()])).await;
        assert_eq!(found(of_resident.clone(), i64::MAX, 1).await[0].1, told, "{list_of}");
    }
    let at_that_time = AuditSearch { from: Some(at(120)), to: Some(at(130)), ..of_resident };
    assert_eq!(found(at_that_time, i64::MAX, 10).await, [all[2].clone()]);
    let by = |username: &str| AuditSearch {
        username: Some(username.to_owned()),
        action: Some("locate_handset".to_owned()),
        subject: Some("h7".to_owned()),
        ..AuditSearch::default()
    };
    assert_eq!(found(by("operator"), i64::MAX, 10).await.len(), 2);
    assert!(found(by("' OR 1=1 --"), i64::MAX, 10).await.is_empty());
}

/// Of an incident all rows are found: before it turned out to be about somebody else, and after its end.
pub(crate) async fn an_incident_is_searched_whomever_it_was_about(house: &House) {
    let row = |subject: &str, detail: &str, second| AuditRow {
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        ..audit("read_incident", at(second))
    };
    let taken_for = row("i-7", &format!("with position{}", about_whom("r6")), 10);
    let theirs = row("r7", "", 20);
    let ended = row("i-7", &format!("why{}", about_whom("r7")), 90);
    let rest = [row("r7", "", 91), row("i-8", "", 21), row("r6", "", 22)];
    let rows = [taken_for.clone(), theirs.clone(), ended.clone()].into_iter().chain(rest).collect();
    house.write(WriteAudit(rows)).await;
    let search = AuditSearch {
        incident: IncidentId::new("i-7").ok(),
        resident: Some(resident("r7")),
        from: Some(at(5)),
        to: Some(at(60)),
        ..AuditSearch::default()
    };
    let found = house.store.audited(&search, i64::MAX, 10).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|one| one.audit).collect();
    assert_eq!(found, [ended, theirs, taken_for]);
}

/// Old rows go with their seals; the chain begins with the last of these, and only because a row says that it was done.
pub(crate) async fn old_rows_go_when_their_time_has_come(house: &House) {
    for sealed in [3, 6, 9] {
        write(house, 3).await;
        seal(house, sealed).await;
    }
    let later = at(95 + 190 * 24 * 3_600);
    let due = |before| RemoveOldAudit::due(&house.store, at(before), later);
    assert!(due(90).await.unwrap().is_none(), "they were sealed at 90");
    let mut steps = 0;
    while let Some(job) = due(91).await.unwrap() {
        house.write(job).await;
        steps += 1;
        assert!(verify(house).await.is_ok(), "after step {steps}");
    }
    assert!(steps >= 3, "a seal at a time: {steps}");
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action <> 'remove_audit'").await, 0);
    write(house, 2).await;
    seal(house, steps + 2).await;
    assert_eq!(verify(house).await, Ok(0));
    house.run("UPDATE audit SET action = 'x' WHERE action = 'remove_audit'").await;
    assert!(verify(house).await.is_err(), "rows that are missing without a word");
}

/// Whom a row names is noted with it, once, and goes with it; nothing else is.
pub(crate) async fn whom_a_row_names_goes_with_it(house: &House) {
    with_residents(house, &["r6", "r7"]).await;
    let row = |subject: &str, detail: &str, second| AuditRow {
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        ..audit("look", at(second))
    };
    let rows = vec![
        row("residents", "looked for \"\", 3 shown: r6 r7 r7", 1),
        row("r6", "because r7 said so", 2),
        row("residents", "looked for \"\", 1 shown: r7", 3),
    ];
    house.write(WriteAudit(rows)).await;
    let noted = async || house.ask("SELECT COUNT(*) FROM audit_about").await;
    assert_eq!(noted().await, 3, "what is said of somebody else in a reason is not about them");
    seal(house, 3).await;
    let later = at(95 + 190 * 24 * 3_600);
    while let Some(job) = RemoveOldAudit::due(&house.store, at(91), later).await.unwrap() {
        house.write(job).await;
    }
    assert_eq!(noted().await, 0);
    assert!(verify(house).await.is_ok());
}

/// What is sought within a time, by an account or of a subject is what is found among all.
pub(crate) async fn however_it_is_sought_the_same_is_found(house: &House) {
    let rows = (0..60).map(|nth| AuditRow {
        username: format!("u{}", nth % 3),
        subject: format!("s{}", nth % 5),
        ..audit(if nth % 2 == 0 { "even" } else { "odd" }, at((nth * 7) % 60))
    });
    let rows: Vec<AuditRow> = rows.collect();
    house.write(WriteAudit(rows.clone())).await;
    for (username, subject, action, from, to) in [
        (None, None, None, None, None),
        (Some("u1"), None, None, None, None),
        (None, Some("s2"), None, None, None),
        (None, None, Some("odd"), Some(10), Some(40)),
        (None, None, None, Some(30), None),
        (Some("u2"), Some("s0"), Some("even"), None, Some(50)),
    ] {
        let search = AuditSearch {
            username: username.map(str::to_owned),
            subject: subject.map(str::to_owned),
            action: action.map(str::to_owned),
            from: from.map(at),
            to: to.map(at),
            resident: None,
            incident: None,
        };
        let fits = |row: &&AuditRow| {
            username.is_none_or(|username| row.username == username)
                && subject.is_none_or(|subject| row.subject == subject)
                && action.is_none_or(|action| row.action == action)
                && from.is_none_or(|from| row.at >= at(from))
                && to.is_none_or(|to| row.at < at(to))
        };
        let expected: Vec<&AuditRow> = rows.iter().rev().filter(fits).take(7).collect();
        let found = house.store.audited(&search, i64::MAX, 7).await.unwrap();
        assert_eq!(found.iter().map(|found| &found.audit).collect::<Vec<_>>(), expected, "{search:?}");
    }
}

/// Also where it turned out later that the incident was about somebody else, and where the log itself was asked about them.
pub(crate) async fn a_look_is_found_by_whom_it_was_about_then(house: &House) {
    let row = |action: &str, subject: &str, detail: String, second| AuditRow {
        subject: subject.to_owned(),
        detail,
        ..audit(action, at(second))
    };
    let look = |whom: &str, second| {
        row("read_incident", "i1", format!("with position: 投诉{}", about_whom(whom)), second)
    };
    let asked = |words: &str, second| row("read_audit", "audit", format!("3 shown of {words}"), second);
    let theirs = [
        look("r7", 1),
        asked("resident=r7", 2),
        asked("action=read_resident subject=r7 from=2026-11-23T08:00:00Z", 3),
    ];
    let of_others = [
        look("r77", 4),
        look("r_", 5),
        asked("resident=r77", 6),
        asked("everything", 7),
        row("note", "i1", "; about r7 and others".to_owned(), 8),
    ];
    with_residents(house, &["r7", "r77"]).await;
    house.write(WriteAudit([theirs.to_vec(), of_others.to_vec()].concat())).await;
    let search = AuditSearch { resident: Some(resident("r7")), ..AuditSearch::default() };
    let found = house.store.audited(&search, i64::MAX, 10).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|found| found.audit).collect();
    let [first, second, third] = theirs;
    assert_eq!(found, [third, second, first]);
}

/// What says whom it was about is theirs alone; what does not, and stands with an incident, is whose the incident is now.
pub(crate) async fn what_was_done_is_found_by_whom_it_was_about_then(house: &House) {
    let opened = opening(signal("a", Some("r7"), "h1", at(0)));
    let incident = opened.incident.id.to_string();
    house.write(CommitDesk { changes: vec![opened], ..CommitDesk::default() }).await;
    let row = |action: &str, detail: String, second| AuditRow {
        subject: incident.clone(),
        detail,
        ..audit(action, at(second))
    };
    let of_before =
        [row("claim", about_whom("r6"), 1), row("read_incident", format!("x{}", about_whom("r6")), 2)];
    let theirs = [row("note", about_whom("r7"), 3), row("close", String::new(), 4)];
    with_residents(house, &["r6", "r7"]).await;
    house.write(WriteAudit([of_before.to_vec(), theirs.to_vec()].concat())).await;
    for (whom, mut rows) in [("r6", of_before), ("r7", theirs)] {
        let search = AuditSearch { resident: Some(resident(whom)), ..AuditSearch::default() };
        let found = house.store.audited(&search, i64::MAX, 10).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|found| found.audit).collect();
        rows.reverse();
        assert_eq!(found, rows, "{whom}");
    }
}
