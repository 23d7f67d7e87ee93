use super::*;

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
