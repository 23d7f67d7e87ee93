//! Standard Webhooks: what a receiver gets, and what none can make the platform do.

use crate::{
    authority::Authority,
    servers::{Reply, Server, hold, message, now, reply, say, sender, unkind},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::SignedDuration;
use notify::{Again, Channel, Failed, Outgoing, Receiver, Sent};
use sha2::Sha256;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{io::AsyncReadExt as _, net::TcpListener};
use tokio_util::task::TaskTracker;

const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEW: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const OPEN: &str = "allow_http = true\nallow_networks = ['127.0.0.0/8']\ntimeout_s = 2";

fn told(url: &str, further: &str) -> String {
    format!("[webhook]\n{further}\n[webhook.receivers.township]\nurl = '{url}'\nsecrets = ['{NEW}', '{OLD}']")
}

async fn tell(url: &str, further: &str) -> Result<Sent, Failed> {
    sender(&told(url, further)).send(&message(Channel::Webhook, "township"), now()).await
}

/// What a receiver does: any of the signatures by its own secret, over the bytes as they came.
fn is_signed(secret: &str, headers: &axum::http::HeaderMap, body: &[u8]) -> bool {
    let text = |name: &str| headers[name].to_str().unwrap();
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let head = format!("{}.{}.", text("webhook-id"), text("webhook-timestamp"));
    text("webhook-signature").split(' ').any(|signature| {
        let given = BASE64_STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(&head).chain_update(body);
        mac.verify_slice(&given).is_ok()
    })
}

#[tokio::test]
async fn a_receiver_can_tell_who_wrote_and_what() {
    let server = Server::start(reply(204, "")).await;
    let sender = sender(&told(&format!("http://{}/hook?k=v", server.address), OPEN));
    let mut message = message(Channel::Webhook, "township");
    message.variables.insert("type".to_owned(), "incident.raised".to_owned());
    for attempt_at in [now(), now() + SignedDuration::from_secs(300)] {
        sender.send(&message, attempt_at).await.unwrap();
    }
    let heard = server.heard();
    for (heard, timestamp) in heard.iter().zip(["1795521600", "1795521900"]) {
        assert_eq!((heard.method.as_str(), heard.uri.to_string().as_str()), ("POST", "/hook?k=v"));
        assert_eq!(heard.headers["content-type"], "application/json");
        assert_eq!(
            (&heard.headers["webhook-id"], &heard.headers["webhook-timestamp"]),
            (&"n-4711".parse().unwrap(), &timestamp.parse().unwrap())
        );
        assert!([OLD, NEW].iter().all(|secret| is_signed(secret, &heard.headers, &heard.body)));
        assert!(!is_signed("whsec_BBECAwQFBgcICQoLDA0ODxAREhMUFRYX", &heard.headers, &heard.body));
        assert!(!is_signed(OLD, &heard.headers, b"{}"));
    }
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].body, heard[1].body);
    let body: serde_json::Value = serde_json::from_slice(&heard[0].body).unwrap();
    let data = serde_json::json!({
        "subject": message.subject, "text": message.text, "link": message.link, "drill": false, "resident": "王秀英",
    });
    let wanted =
        serde_json::json!({ "type": "incident.raised", "timestamp": "2026-11-24T11:59:58Z", "data": data });
    assert_eq!(body, wanted);
}

#[tokio::test]
async fn a_receiver_that_stands_elsewhere_is_told_too() {
    let server = Server::start(reply(200, "")).await;
    let sender = sender(&format!("[webhook]\n{OPEN}"));
    let receiver = Receiver { url: format!("http://{}/", server.address), secrets: vec![OLD.into()] };
    let message = message(Channel::Webhook, "");
    sender.send_to(&receiver, &message, now()).await.unwrap();
    let heard = &server.heard()[0];
    assert!(is_signed(OLD, &heard.headers, &heard.body) && !is_signed(NEW, &heard.headers, &heard.body));
    let unusable = Receiver { secrets: vec!["whsec_short".into()], ..receiver };
    let failed = sender.send_to(&unusable, &message, now()).await.unwrap_err();
    assert_eq!(failed.again, Again::Never);
    assert!(!failed.why.contains("short"), "{failed}");
}

#[tokio::test]
async fn what_a_receiver_answers_decides() {
    let wait = |seconds| Again::NotBefore(now() + SignedDuration::from_secs(seconds));
    let retry_after = |status, seconds: &str| Reply {
        headers: vec![("retry-after", seconds.to_owned())],
        ..reply(status, "busy")
    };
    let cases = [
        (reply(410, ""), "answered 410: it wants no more", Again::Gone),
        (reply(400, "no such event"), "answered 400 and said: no such event", Again::Later),
        (reply(404, ""), "answered 404 and said: ", Again::Later),
        (reply(500, "about 王秀英 and n"), "answered 500 and said: about … and n", Again::Later),
        (retry_after(429, "90"), "answered 429", wait(90)),
        (retry_after(503, "30"), "answered 503", wait(30)),
        (reply(502, ""), "answered 502", Again::Later),
    ];
    for (said, words, again) in cases {
        let server = Server::start(said.clone()).await;
        let failed = tell(&format!("http://{}/", server.address), OPEN).await.unwrap_err();
        assert!(failed.why.contains(words), "{said:?}: {failed}");
        assert_eq!(failed.again, again, "{said:?}");
    }
    let big = Server::start(reply(200, &"x".repeat(10 << 20))).await;
    tell(&format!("http://{}/", big.address), OPEN).await.unwrap();
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Server::start(reply(200, "")).await;
    for to in
        ["http://169.254.169.254/latest/meta-data/".to_owned(), format!("http://{}/", elsewhere.address)]
    {
        for status in [301, 302, 303, 307, 308] {
            let said = Reply { headers: vec![("location", to.clone())], ..reply(status, "") };
            let server = Server::start(said).await;
            let failed = tell(&format!("http://{}/", server.address), OPEN).await.unwrap_err();
            assert!(failed.why.contains("points elsewhere, which is not followed"), "{failed}");
            assert_eq!(server.heard().len(), 1);
        }
    }
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn the_platforms_own_house_is_not_entered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "10.0.0.1",
    ];
    for host in hosts {
        let failed = tell(&format!("http://{host}:{port}/"), "allow_http = true").await.unwrap_err();
        assert!(failed.why.contains("where nothing may be sent"), "{host}: {failed}");
        assert_eq!(failed.again, Again::Never, "{host}");
    }
    let came = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(came.is_err(), "somebody connected");
}

#[tokio::test]
async fn one_that_hangs_or_breaks_off_is_tried_later() {
    let hangs = unkind(hold).await;
    let failed = tell(&format!("http://{hangs}/"), OPEN).await.unwrap_err();
    assert_eq!(
        (failed.why.as_str(), failed.again),
        ("127.0.0.1 gave no whole answer within 2 s", Again::Later)
    );
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nthanks";
    let breaks_off = unkind(move |stream| async move { say(stream, half).await }).await;
    let failed = tell(&format!("http://{breaks_off}/"), OPEN).await.unwrap_err();
    assert!(failed.why.contains("broke off"), "{failed}");
    assert_eq!(failed.again, Again::Later);
}

#[tokio::test]
async fn a_name_that_stands_nowhere_is_said() {
    let sender = sender(&told("https://receiver.example/", ""));
    for to in ["county", "", "https://receiver.example/"] {
        let failed = sender.send(&message(Channel::Webhook, to), now()).await.unwrap_err();
        assert!(failed.why.contains("no receiver of that name"), "{failed}");
        assert_eq!(failed.again, Again::Never);
    }
}

/// A TLS server that counts the requests that reached it whole.
async fn private(authority: &Authority) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, acceptor) = (listener.local_addr().unwrap(), authority.acceptor());
    let (requests, tasks) = (Arc::new(AtomicUsize::new(0)), TaskTracker::new());
    let counted = Arc::clone(&requests);
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = [0; 4096];
            if stream.read(&mut head).await.is_ok_and(|bytes| head[..bytes].starts_with(b"POST ")) {
                counted.fetch_add(1, Ordering::SeqCst);
            }
            let mut said = &b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..];
            tokio::io::AsyncWriteExt::write_all_buf(&mut stream, &mut said).await.ok();
        }
    });
    (address, requests)
}

#[tokio::test]
async fn tls_believes_the_authority_it_was_told_and_the_name_it_asked_for() {
    let authority = Authority::found();
    let (address, requests) = private(&authority).await;
    let here = "allow_networks = ['127.0.0.0/8', '::1/128']";
    let trusting = format!("{here}\nca_file = '{}'", authority.ca_file());
    let by_name = format!("https://localhost:{}/", address.port());
    tell(&by_name, &trusting).await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    let unknown = Authority::found();
    let other = format!("{here}\nca_file = '{}'", unknown.ca_file());
    let by_address = format!("https://{address}/");
    for (url, settings, words) in [
        (&by_name, here, "no private connection to localhost: invalid peer certificate: UnknownIssuer"),
        (&by_name, other.as_str(), "invalid peer certificate"),
        (&by_address, trusting.as_str(), "invalid peer certificate: certificate not valid for name"),
    ] {
        let failed = tell(url, settings).await.unwrap_err();
        assert!(failed.why.contains(words), "{failed}");
        assert_eq!(failed.again, Again::Later);
    }
    assert_eq!(
        requests.load(Ordering::SeqCst),
        1,
        "nothing may be said before the other side has proved itself"
    );
}

#[tokio::test]
async fn a_drill_says_so() {
    let server = Server::start(reply(200, "")).await;
    let sender = sender(&told(&format!("http://{}/", server.address), OPEN));
    let drill = Outgoing { drill: true, ..message(Channel::Webhook, "township") };
    sender.send(&drill, now()).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&server.heard()[0].body).unwrap();
    assert_eq!((&body["data"]["drill"], &body["type"]), (&true.into(), &"notification".into()));
    assert!(body["data"]["text"].as_str().unwrap().starts_with("【演练】"));
}
