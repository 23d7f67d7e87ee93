//! Providers of messages and calls, described by settings alone.

use crate::servers::{Reply, Server, message, now, reply, sender};
use notify::{Again, Channel, Outgoing, Sender};
use serde_json::json;
use std::fmt::Write as _;

fn blauvogel(url: &str) -> String {
    format!(
        r#"
        [sms]
        url = "{url}/v2/messages?region=cn"
        headers = {{ X-Api-Key = "key-abcdefgh", Idempotency-Key = "{{id}}" }}
        fields = {{ messages = [{{ destination = "{{to}}", body = "{{text}} {{link}}" }}], ref = "{{id}}", who = "{{resident}}/{{station}}", flash = true }}
        success = {{ at = "/messages/0/code", equals = 0, refused_for_good = [21, "NO_SUCH_NUMBER"] }}
        id_at = "/messages/0/id"
        reason_at = "/messages/0/reason"
        "#
    )
}

fn lanniao(url: &str) -> String {
    format!(
        r#"
        [voice]
        url = "{url}/call.php"
        content = "form"
        username = "jjl"
        password = "geheim-4711"
        fields = {{ mobile = "{{to}}", content = "{{text}}", tid = 7, uid = "{{id}}" }}
        success = {{ starts_with = "OK" }}
        "#
    )
}

fn sms() -> Outgoing {
    message(Channel::Sms, "+8613800138000")
}

async fn json_style(reply: Reply) -> (Server, Sender) {
    let server = Server::start(reply).await;
    let sender = sender(&blauvogel(&format!("http://{}", server.address)));
    (server, sender)
}

#[tokio::test]
async fn json_goes_out_as_described_and_the_providers_id_comes_back() {
    let (server, sender) = json_style(reply(202, r#"{"messages":[{"code":0,"id":"bv-99"}]}"#)).await;
    let sent = sender.send(&sms(), now()).await.unwrap();
    assert_eq!(sent.provider_id.as_deref(), Some("bv-99"));
    let heard = &server.heard()[0];
    assert_eq!((heard.method.as_str(), heard.uri.to_string().as_str()), ("POST", "/v2/messages?region=cn"));
    assert_eq!(heard.headers["content-type"], "application/json");
    assert_eq!(heard.headers["x-api-key"], "key-abcdefgh");
    assert_eq!(heard.headers["idempotency-key"], "n-4711");
    assert_eq!(heard.headers["host"], server.address.to_string());
    let text = format!("{} https://jjl.example/t/abc?x=1&y=2", sms().text);
    let body: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    let destination = json!({ "destination": "+8613800138000", "body": text });
    assert_eq!(body, json!({ "messages": [destination], "ref": "n-4711", "who": "王秀英/", "flash": true }));
}

#[tokio::test]
async fn a_form_goes_out_as_described() {
    let server = Server::start(reply(200, "OK:4711\n")).await;
    let sender = sender(&lanniao(&format!("http://{}", server.address)));
    let message = message(Channel::Voice, "+8613800138000");
    assert_eq!(sender.send(&message, now()).await.unwrap().provider_id, None);
    let heard = &server.heard()[0];
    assert_eq!(heard.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(heard.headers["authorization"], "Basic ampsOmdlaGVpbS00NzEx");
    let pairs: std::collections::BTreeMap<_, _> = form_urlencoded::parse(&heard.body).into_owned().collect();
    let wanted = [("mobile", "+8613800138000"), ("content", &message.text), ("tid", "7"), ("uid", "n-4711")];
    assert_eq!(pairs, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_get_carries_its_fields_in_the_address() {
    let server = Server::start(reply(200, "0")).await;
    let toml = r#"
        [sms]
        url = "http://ADDRESS/send/{to}"
        method = "GET"
        fields = { msg = "{text}" }
        success = { at = "", equals = 0 }
    "#;
    let sender = sender(&toml.replace("ADDRESS", &server.address.to_string()));
    sender.send(&sms(), now()).await.unwrap();
    let heard = &server.heard()[0];
    assert_eq!((heard.method.as_str(), heard.uri.path()), ("GET", "/send/%2B8613800138000"));
    assert!(heard.body.is_empty());
    let query = heard.uri.query().unwrap().as_bytes();
    let pairs: Vec<_> = form_urlencoded::parse(query).into_owned().collect();
    assert_eq!(pairs, [("msg".to_owned(), sms().text)]);
}

#[tokio::test]
async fn what_the_answer_says_decides() {
    let refusal = |code: &str| format!(r#"{{"messages":[{{"code":{code},"reason":"余额不足"}}]}}"#);
    let cases = [
        (reply(200, &refusal("7")), "answered 200 but refused it and said: 余额不足", Again::Later),
        (reply(200, &refusal("\"0\"")), "refused it and said: 余额不足", Again::Later),
        (reply(200, &refusal("21")), "refused it for good and said: 余额不足", Again::Never),
        (reply(200, &refusal("\"NO_SUCH_NUMBER\"")), "for good", Again::Never),
        (reply(200, "<html>welcome</html>"), "refused it and said: <html>welcome</html>", Again::Later),
        (reply(200, ""), "refused it and said: nothing", Again::Later),
        (reply(301, ""), "answered 301", Again::Later),
        (reply(400, "bad\r\nnumber"), "answered 400 and said: bad  number", Again::Never),
        (reply(401, "who are you"), "answered 401 and said: who are you", Again::Later),
        (reply(402, ""), "answered 402", Again::Later),
        (reply(422, ""), "answered 422", Again::Never),
        (reply(500, ""), "answered 500", Again::Later),
    ];
    for (said, words, again) in cases {
        let (server, sender) = json_style(said.clone()).await;
        let failed = sender.send(&sms(), now()).await.unwrap_err();
        assert!(failed.why.contains(words), "{said:?}: {}", failed.why);
        assert_eq!(failed.again, again, "{said:?}");
        assert_eq!(server.heard().len(), 1, "{said:?}: one attempt is one request");
    }
}

#[tokio::test]
async fn a_wish_to_be_left_alone_is_told() {
    let at = |text: &str| Again::NotBefore(text.parse().unwrap());
    let (theirs, later) = ("Tue, 24 Nov 2026 09:00:00 GMT", "Tue, 24 Nov 2026 09:01:30 GMT");
    let cases = [
        (vec![("retry-after", "120")], at("2026-11-24T12:02:00Z")),
        (vec![("retry-after", "0")], at("2026-11-24T12:00:00Z")),
        // Their clock is three hours behind ours; what counts is the wait.
        (vec![("date", theirs), ("retry-after", later)], at("2026-11-24T12:01:30Z")),
        (vec![("retry-after", "99999999999999")], at("2026-11-25T12:00:00Z")),
        (vec![("retry-after", "Thu, 31 Dec 9998 23:59:59 GMT")], at("2026-11-25T12:00:00Z")),
        (vec![("retry-after", "soon")], Again::Later),
        (vec![("retry-after", "-5")], Again::Later),
        (vec![], Again::Later),
    ];
    for (headers, again) in cases {
        let headers: Vec<_> = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        let (_server, sender) = json_style(Reply { headers: headers.clone(), ..reply(429, "") }).await;
        assert_eq!(sender.send(&sms(), now()).await.unwrap_err().again, again, "{headers:?}");
    }
}

#[tokio::test]
async fn a_drill_is_marked_whatever_the_template_says() {
    let (server, sender) = json_style(reply(200, r#"{"messages":[{"code":0}]}"#)).await;
    let drill = Outgoing { drill: true, ..sms() };
    sender.send(&drill, now()).await.unwrap();
    let already = Outgoing { text: "【演练】试".to_owned(), drill: true, ..sms() };
    sender.send(&already, now()).await.unwrap();
    let bodies = server.heard().into_iter().map(|heard| String::from_utf8(heard.body).unwrap());
    let counts: Vec<_> = bodies.map(|body| body.matches("【演练】").count()).collect();
    assert_eq!(counts, [1, 1]);
}

#[tokio::test]
async fn keys_and_people_stand_in_no_error_and_no_debug_text() {
    let echo = "key-abcdefgh / geheim-4711 / ampsOmdlaGVpbS00NzEx / +8613800138000 / 王秀英 / \
                王秀英 pressed \"SOS\" & fell\\ 100% {to} / https://jjl.example/t/abc?x=1&y=2";
    let server = Server::start(reply(500, echo)).await;
    let url = format!("http://{}", server.address);
    let sender = sender(&format!("{}\n{}", blauvogel(&url), lanniao(&url)));
    let settings = crate::servers::settings(&format!("{}\n{}", blauvogel(&url), lanniao(&url)));
    let mut shown = format!("{settings:?}\n{sender:?}\n{:?}\n", sms());
    for channel in [Channel::Sms, Channel::Voice] {
        let failed = sender.send(&message(channel, "+8613800138000"), now()).await.unwrap_err();
        assert!(failed.why.contains("answered 500 and said: "), "{failed}");
        writeln!(shown, "{failed} {failed:?}").unwrap();
    }
    let sms_and_voice: Vec<_> = shown.lines().skip(3).collect();
    for secret in ["8613800138000", "SOS", "王秀英", "t/abc"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    for secret in ["key-abcdefgh", "geheim-4711", "ampsOmdlaGVpbS00NzEx"] {
        assert!(shown.lines().take(3).all(|line| !line.contains(secret)), "{secret} in {shown}");
    }
    assert!(!sms_and_voice[0].contains("key-abcdefgh"), "{sms_and_voice:?}");
    assert!(
        !sms_and_voice[1].contains("geheim") && !sms_and_voice[1].contains("ampsOm"),
        "{sms_and_voice:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anybody_is_asked() {
    let (server, sender) = json_style(reply(200, "")).await;
    for (changed, words, again) in [
        (Outgoing { id: "a b".to_owned(), ..sms() }, "a message's id has", Again::Never),
        (Outgoing { id: String::new(), ..sms() }, "a message's id has", Again::Never),
        (Outgoing { channel: Channel::Email, ..sms() }, "email is not set up", Again::Later),
        (Outgoing { channel: Channel::Webhook, ..sms() }, "webhook is not set up", Again::Later),
    ] {
        let failed = sender.send(&changed, now()).await.unwrap_err();
        assert!(failed.why.contains(words), "{failed}");
        assert_eq!(failed.again, again);
    }
    assert!(server.heard().is_empty());
    let has: Vec<_> = Channel::ALL.into_iter().filter(|channel| sender.has(*channel)).collect();
    assert_eq!(has, [Channel::Sms]);
}
