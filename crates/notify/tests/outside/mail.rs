//! E-mail: the letter arrives whole, in private, and a refusal is understood.

use crate::{
    authority::Authority,
    mail_server::{MailServer, Manner},
    servers::{message, now, sender},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use notify::{Again, Channel, Failed, Outgoing, Sent};
use std::time::Duration;
use tokio::time::Instant;

fn to_her() -> Outgoing {
    message(Channel::Email, "daughter@family.example")
}

fn settings(server: &MailServer, host: &str, further: &str) -> String {
    let port = server.address.port();
    format!(
        "[email]\nhost = '{host}'\nport = {port}\nfrom = '居家樂 <alarm@jjl.example>'\ntimeout_s = 5\n{further}"
    )
}

async fn write(server: &MailServer, further: &str, message: &Outgoing) -> Result<Sent, Failed> {
    sender(&settings(server, "localhost", further)).send(message, now()).await
}

/// The value of a header, its encoded words put together (RFC 2047, base64 alone).
fn header(letter: &[String], name: &str) -> String {
    let begin = letter.iter().position(|line| line.starts_with(&format!("{name}: "))).expect(name);
    let folded = letter[begin + 1..].iter().take_while(|line| line.starts_with(' '));
    let value = std::iter::once(&letter[begin]).chain(folded).map(|line| line.trim());
    let value = value.collect::<Vec<_>>().join(" ");
    let words = value.split(' ').skip(1).map(|word| {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        encoded.map_or_else(
            || word.to_owned(),
            |word| String::from_utf8(BASE64_STANDARD.decode(word).unwrap()).unwrap(),
        )
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The text, as its encoding says (RFC 2045, 6.7 and 6.8).
fn body(letter: &[String]) -> String {
    let end = letter.iter().position(String::is_empty).unwrap();
    let lines = &letter[end + 1..];
    let bytes = match header(letter, "Content-Transfer-Encoding").as_str() {
        "base64" => BASE64_STANDARD.decode(lines.concat()).unwrap(),
        "quoted-printable" => {
            let joined = lines.join("\r\n").replace("=\r\n", "");
            let mut parts = joined.split('=');
            let mut bytes = parts.next().unwrap().as_bytes().to_vec();
            for part in parts {
                bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            bytes
        }
        other => panic!("{other} is no encoding of a Chinese text"),
    };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_letter_arrives_whole() {
    let server = MailServer::start(Manner::default()).await;
    let sent = write(&server, "tls = 'none'", &to_her()).await.unwrap();
    assert_eq!(sent.provider_id.as_deref(), Some("2.0.0 Ok: queued as 4F2A"));
    let heard = server.heard();
    for line in ["EHLO jjl.example", "RCPT TO:<daughter@family.example>", "DATA"] {
        assert!(heard.iter().any(|heard| heard == line), "{line} is not in {heard:?}");
    }
    let letter = server.letter();
    assert_eq!(header(&letter, "Subject"), "警情");
    assert_eq!(header(&letter, "From"), "居家樂 <alarm@jjl.example>");
    assert_eq!(header(&letter, "To"), "daughter@family.example");
    assert_eq!(header(&letter, "Message-ID"), "<n-4711@jjl.example>");
    assert_eq!(header(&letter, "Date"), "Tue, 24 Nov 2026 11:59:58 +0000");
    assert_eq!(header(&letter, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&letter, "Content-Type"), "text/plain; charset=utf-8");
    let text = format!("{}\n\nhttps://jjl.example/t/abc?x=1&y=2", to_her().text);
    assert_eq!(body(&letter).replace("\r\n", "\n"), text);
}

#[tokio::test]
async fn a_drill_says_so() {
    let server = MailServer::start(Manner::default()).await;
    write(&server, "tls = 'none'", &Outgoing { drill: true, ..to_her() }).await.unwrap();
    let letter = server.letter();
    assert_eq!(header(&letter, "Subject"), "【演练】警情");
    assert!(body(&letter).starts_with("【演练】王秀英"));
}

#[tokio::test]
async fn a_refusal_is_understood() {
    let cases = [
        ("RCPT", "550 5.1.1 no such user", "no such user", Again::Never),
        ("RCPT", "451 4.7.1 greylisted, come back", "greylisted", Again::Later),
        ("MAIL", "552 5.3.4 too big", "too big", Again::Never),
        ("DATA", "421 4.3.2 shutting down", "shutting down", Again::Later),
        (".", "554 5.7.1 spam", "spam", Again::Never),
        (".", "451 4.3.0 disk full", "disk full", Again::Later),
    ];
    for (command, reply, words, again) in cases {
        let server = MailServer::start(Manner { instead: vec![(command, reply)], ..Manner::default() }).await;
        let failed = write(&server, "tls = 'none'", &to_her()).await.unwrap_err();
        assert!(failed.why.starts_with("localhost: ") && failed.why.contains(words), "{reply}: {failed}");
        assert_eq!(failed.again, again, "{reply}");
    }
}

#[tokio::test]
async fn a_log_in_that_is_refused_may_be_mended_and_shows_no_password() {
    let log_in = "tls = 'none'\nusername = 'jjl'\npassword = 'geheim-4711'";
    let server = MailServer::start(Manner::default()).await;
    write(&server, log_in, &to_her()).await.unwrap();
    let proof = BASE64_STANDARD.encode("\0jjl\0geheim-4711");
    assert!(server.heard().contains(&format!("AUTH PLAIN {proof}")), "{:?}", server.heard());
    let refuses = vec![("AUTH", "535 5.7.8 geheim-4711 is wrong")];
    let server = MailServer::start(Manner { instead: refuses, ..Manner::default() }).await;
    let sender = sender(&settings(&server, "localhost", log_in));
    let failed = sender.send(&to_her(), now()).await.unwrap_err();
    assert_eq!(failed.again, Again::Later);
    assert!(failed.why.contains("5.7.8 … is wrong"), "{failed}");
    let shown = format!(
        "{sender:?} {:?} {failed:?}",
        crate::servers::settings(&settings(&server, "localhost", log_in))
    );
    assert!(!shown.contains("geheim") && !shown.contains("daughter"), "{shown}");
}

#[tokio::test]
async fn nothing_is_said_in_the_open_where_tls_is_asked_for() {
    let authority = Authority::found();
    let trusting = format!("tls = 'starttls'\nca_file = '{}'", authority.ca_file());
    let private = Manner { starttls: Some(authority.acceptor()), ..Manner::default() };
    let server = MailServer::start(private.clone()).await;
    write(&server, &trusting, &to_her()).await.unwrap();
    let open: Vec<_> = server.heard().into_iter().filter(|line| !line.starts_with('*')).collect();
    assert_eq!(open, ["EHLO jjl.example", "STARTTLS"]);
    assert_eq!(header(&server.letter(), "Subject"), "警情");

    let without = MailServer::start(Manner::default()).await;
    let failed = write(&without, &trusting, &to_her()).await.unwrap_err();
    assert_eq!(failed.again, Again::Later);
    assert!(!without.heard().iter().any(|line| line.starts_with("MAIL")), "{:?}", without.heard());

    let stranger = MailServer::start(private).await;
    let unknown = Authority::found();
    let other = format!("tls = 'starttls'\nca_file = '{}'", unknown.ca_file());
    let failed = write(&stranger, &other, &to_her()).await.unwrap_err();
    assert!(failed.why.contains("certificate"), "{failed}");
    assert_eq!(failed.again, Again::Later);
    assert!(!stranger.heard().iter().any(|line| line.contains("MAIL")), "{:?}", stranger.heard());
}

#[tokio::test]
async fn tls_from_the_first_byte_works_and_checks_the_name() {
    let authority = Authority::found();
    let manner = Manner { tls: Some(authority.acceptor()), ..Manner::default() };
    let server = MailServer::start(manner).await;
    let trusting = format!("tls = 'tls'\nca_file = '{}'", authority.ca_file());
    write(&server, &trusting, &to_her()).await.unwrap();
    assert!(server.heard().iter().all(|line| line.starts_with('*')));
    let by_address = sender(&settings(&server, "127.0.0.1", &trusting));
    let failed = by_address.send(&to_her(), now()).await.unwrap_err();
    assert!(failed.why.contains("certificate"), "{failed}");
}

#[tokio::test]
async fn a_mute_server_ends_at_the_timeout() {
    let server = MailServer::start(Manner { mute: true, ..Manner::default() }).await;
    let toml = settings(&server, "localhost", "tls = 'none'").replace("timeout_s = 5", "timeout_s = 1");
    let begun = Instant::now();
    let failed = sender(&toml).send(&to_her(), now()).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(8));
    assert_eq!(failed.again, Again::Later);
}

#[tokio::test]
async fn a_line_s_end_writes_no_header() {
    let server = MailServer::start(Manner::default()).await;
    let changed = [
        Outgoing { subject: "警情\r\nBcc: all@family.example".to_owned(), ..to_her() },
        Outgoing { subject: "警情\nX: y".to_owned(), ..to_her() },
        Outgoing { to: "a@b.example\r\nRCPT TO:<c@d.example>".to_owned(), ..to_her() },
        Outgoing { to: "a@b.example>\nDATA".to_owned(), ..to_her() },
        Outgoing { to: "nobody".to_owned(), ..to_her() },
        Outgoing { to: "a@b.example, c@d.example".to_owned(), ..to_her() },
    ];
    for message in changed {
        let failed = write(&server, "tls = 'none'", &message).await.unwrap_err();
        assert_eq!(failed.again, Again::Never, "{failed}");
        assert!(!failed.why.contains("example"), "{failed}");
    }
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_text_with_lines_of_its_own_ends_nothing() {
    let server = MailServer::start(Manner::default()).await;
    let text = "first\n.\nQUIT\n.hidden\nlast".to_owned();
    write(&server, "tls = 'none'", &Outgoing { text, link: None, ..to_her() }).await.unwrap();
    let letter = server.letter();
    let end = letter.iter().position(String::is_empty).unwrap();
    // A dot at a line's beginning is doubled on the way (RFC 5321, 4.5.2).
    let lines: Vec<_> = letter[end + 1..].iter().map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
    assert_eq!(lines.join("\n").trim_end(), "first\n.\nQUIT\n.hidden\nlast");
    let sent = server.heard().iter().filter(|line| line.as_str() == "QUIT").count();
    assert!(sent <= 2, "{:?}", server.heard());
}
