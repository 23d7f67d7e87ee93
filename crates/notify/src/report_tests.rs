use super::*;
use proptest::prelude::*;
use serde_json::json;

fn reports(toml: &str) -> Result<Reports, String> {
    let settings: ReportSettings = toml::from_str(toml).map_err(|error| error.to_string())?;
    Reports::new("sms", &settings).map_err(|error| error.to_string())
}

const BLAUVOGEL: &str = r#"
secret = "0123456789abcdef"
each = "/reports"
id_at = "/messageId"
state_at = "/status/code"
delivered = [0, "DELIVRD"]
seen = ["READ"]
failed = [7]
reason_at = "/status/text"
"#;

const LANNIAO: &str = r#"
secret = "another-secret-0123"
id_at = "/sid"
state_at = "/CallStatus"
delivered = ["ringing"]
seen = ["completed"]
failed = ["busy", "no-answer"]
answer = "OK"
"#;

fn report(id: &str, fate: Fate, why: Option<&str>) -> Report {
    Report { id: id.to_owned(), fate, why: why.map(str::to_owned) }
}

#[test]
fn a_list_of_reports_in_json() {
    let body = br#"{"reports":[
        {"messageId":17,"status":{"code":0}},
        {"messageId":"b","status":{"code":"0"}},
        {"messageId":"c","status":{"code":"READ"}},
        {"messageId":"d","status":{"code":"QUEUED"}},
        {"messageId":"e","status":{"code":7,"text":"no such\u0007 number"}}]}"#;
    let read = reports(BLAUVOGEL).unwrap().read(body).unwrap();
    let expected = [
        report("17", Fate::Delivered, None),
        report("b", Fate::Delivered, None),
        report("c", Fate::Seen, None),
        report("e", Fate::Failed, Some("no such  number")),
    ];
    assert_eq!(read, expected);
}

#[test]
fn one_report_in_a_form() {
    let reports = reports(LANNIAO).unwrap();
    let read = |body: &str| reports.read(body.as_bytes());
    assert_eq!(read("sid=a%2Fb&CallStatus=completed"), Ok(vec![report("a/b", Fate::Seen, None)]));
    assert_eq!(read("sid=x&CallStatus=busy"), Ok(vec![report("x", Fate::Failed, Some("busy"))]));
    assert_eq!(read("sid=x&CallStatus=queued"), Ok(Vec::new()));
    assert_eq!(reports.answer(), Some("OK"));
}

#[test]
fn what_cannot_be_read_is_said_and_not_shown() {
    let (blauvogel, lanniao) = (reports(BLAUVOGEL).unwrap(), reports(LANNIAO).unwrap());
    let too_many = format!("{{\"reports\":[{}1]}}", "1,".repeat(AT_MOST));
    for (reports, body, why) in [
        (&blauvogel, "", "neither a JSON document nor a form"),
        (&blauvogel, "\"hunter2\"", "neither a JSON document nor a form"),
        (&blauvogel, "{}", "no list of reports at \"/reports\""),
        (&blauvogel, "{\"reports\":7}", "no list of reports"),
        (&blauvogel, &too_many, "more than 500"),
        (
            &blauvogel,
            "{\"reports\":[{\"messageId\":\"hunter2\"}]}",
            "report 1: there is nothing at \"/status/code\"",
        ),
        (&blauvogel, "{\"reports\":[[]]}", "report 1: there is nothing at \"/messageId\""),
        (&lanniao, "hunter2", "neither a JSON document nor a form"),
        (&lanniao, "CallStatus=completed", "nothing at \"/sid\""),
    ] {
        let said = reports.read(body.as_bytes()).unwrap_err().to_string();
        assert!(said.contains(why) && !said.contains("hunter2"), "{body}: {said}");
    }
    assert_eq!(lanniao.read(b"\xff\xfe"), Err(ReportError::Unreadable));
}

#[test]
fn the_secret_and_no_other() {
    let reports = reports(LANNIAO).unwrap();
    assert!(reports.knows("another-secret-0123"));
    for wrong in ["", "another-secret-012", "another-secret-01234", "Another-secret-0123"] {
        assert!(!reports.knows(wrong), "{wrong}");
    }
    assert_eq!(format!("{reports:?}"), "Reports { .. }");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for (changed, to, why) in [
        ("secret = \"0123456789abcdef\"", "secret = \"short\"", "at least 16"),
        ("secret = \"0123456789abcdef\"", "secret = \"0123456789/../abcdef\"", "at least 16"),
        ("id_at = \"/messageId\"", "id_at = \"messageId\"", "sms.report.id_at"),
        ("id_at = \"/messageId\"", "id_at = \"\"", "it is needed"),
        ("each = \"/reports\"", "each = \"reports\"", "sms.report.each"),
        ("delivered = [0, \"DELIVRD\"]\nseen = [\"READ\"]", "", "must mean"),
        ("failed = [7]", "failed = [7]\nfate = 1", "unknown field"),
    ] {
        let said = reports(&BLAUVOGEL.replace(changed, to)).unwrap_err();
        assert!(said.contains(why), "{to}: {said}");
    }
}

/// What a provider may send: a state as it writes it, and what that means.
fn state() -> impl Strategy<Value = (Value, Option<Fate>)> {
    prop::sample::select(vec![
        (json!("DELIVRD"), Some(Fate::Delivered)),
        (json!(0), Some(Fate::Delivered)),
        (json!("READ"), Some(Fate::Seen)),
        (json!(7), Some(Fate::Failed)),
        (json!("QUEUED"), None),
    ])
}

/// Bytes, and documents that are nearly a report.
fn anything() -> impl Strategy<Value = Vec<u8>> {
    let nearly = r#"\{"reports":\[(\{"messageId":(null|7|"x"|\[\]),"status":(\{"code":(0|7|"READ"|null|\{\}),"text":[0-9]\}|null)\},?){0,3}\]?\}"#;
    let form = "(sid|CallStatus|[a-z]{0,3})=[a-z%0-9+]{0,9}(&(sid|CallStatus)=?[a-z%-]{0,12}){0,3}";
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop_oneof![nearly, form].prop_map(String::into_bytes),
    ]
}

proptest! {
    #[test]
    fn no_call_panics_and_no_refusal_shows_it(body in anything()) {
        for settings in [BLAUVOGEL, LANNIAO] {
            match reports(settings).unwrap().read(&body) {
                Ok(read) => prop_assert!(read.len() <= AT_MOST),
                Err(why) => prop_assert!(why.to_string().len() < 80, "{}", why),
            }
        }
    }

    #[test]
    fn whatever_is_reported_in_json_is_read(sent in prop::collection::vec((".{0,20}", state()), 0..20)) {
        let all = sent.iter().map(|(id, (code, _))| json!({ "messageId": id, "status": { "code": code } }));
        let body = json!({ "reports": all.collect::<Vec<_>>() }).to_string();
        let read = reports(BLAUVOGEL).unwrap().read(body.as_bytes()).unwrap();
        let read: Vec<(String, Fate)> = read.into_iter().map(|report| (report.id, report.fate)).collect();
        let meant = sent.into_iter().filter_map(|(id, (_, fate))| Some((id, fate?)));
        prop_assert_eq!(read, meant.collect::<Vec<_>>());
    }

    #[test]
    fn whatever_is_reported_in_a_form_is_read(id in ".{0,40}", reason in ".{0,40}") {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("sid", &id).append_pair("why", &reason).append_pair("CallStatus", "completed");
        let read = reports(LANNIAO).unwrap().read(form.finish().as_bytes());
        prop_assert_eq!(read, Ok(vec![report(&id, Fate::Seen, None)]));
    }
}
