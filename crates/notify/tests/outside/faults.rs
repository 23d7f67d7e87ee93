//! Servers that hang, lie, break off and never end: every attempt ends, and none counts that did not succeed.

use crate::servers::{Server, hold, message, now, reply, say, sender, unkind};
use notify::{Again, Channel, Failed, Sent};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep},
};

/// Longer than the timeout of one second with everything a busy machine adds.
const PATIENCE: Duration = Duration::from_secs(8);

async fn attempt(address: SocketAddr) -> Result<Sent, Failed> {
    let toml = r#"
        [sms]
        url = "http://ADDRESS/send"
        timeout_s = 1
        fields = { to = "{to}", text = "{text}" }
        success = { at = "/ok", equals = true }
    "#;
    let sender = sender(&toml.replace("ADDRESS", &address.to_string()));
    let begun = Instant::now();
    let ended = sender.send(&message(Channel::Sms, "+8613800138000"), now()).await;
    assert!(begun.elapsed() < PATIENCE, "it took {:?}", begun.elapsed());
    ended
}

#[track_caller]
fn assert_later(ended: Result<Sent, Failed>, words: &str) {
    let failed = ended.unwrap_err();
    assert!(failed.why.contains(words), "{failed}");
    assert_eq!(failed.again, Again::Later);
}

#[tokio::test]
async fn one_that_hangs_ends_at_the_timeout() {
    let address = unkind(hold).await;
    let failed = attempt(address).await.unwrap_err();
    assert_eq!(
        (failed.why.as_str(), failed.again),
        ("127.0.0.1 gave no whole answer within 1 s", Again::Later)
    );
    assert!(failed.took >= Duration::from_secs(1));
}

#[tokio::test]
async fn one_that_dribbles_ends_at_the_timeout() {
    let address = unkind(|mut stream: TcpStream| async move {
        let mut said = &b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n"[..];
        stream.write_all_buf(&mut said).await.ok();
        while stream.write_all(b" ").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    assert_later(attempt(address.await).await, "no whole answer within 1 s");
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"ok\":true}";
    let address = unkind(move |stream| async move { say(stream, half).await }).await;
    assert_later(attempt(address).await, "broke off before its answer was whole");
}

#[tokio::test]
async fn no_answer_is_none() {
    for said in ["", "HTTP/1.1 2", "SSH-2.0-OpenSSH_9.2\r\n\r\n"] {
        let address = unkind(move |stream| async move { say(stream, said).await }).await;
        assert_later(attempt(address).await, "broke off before its answer was whole");
    }
}

#[tokio::test]
async fn an_answer_until_the_end_of_the_connection_is_whole() {
    let whole = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"ok\":true}";
    let address = unkind(move |stream| async move { say(stream, whole).await }).await;
    attempt(address).await.unwrap();
}

#[tokio::test]
async fn of_ten_megabytes_only_the_beginning_is_read() {
    let body = format!("{{\"ok\":true,\"x\":\"{}\"}}", "x".repeat(10 << 20));
    let server = Server::start(reply(200, &body)).await;
    assert_later(attempt(server.address).await, "said more than 64 KiB");
}

/// How much an endless answer could push before the connection was given up.
#[tokio::test]
async fn an_answer_without_end_is_left() {
    let (told, mut pushed) = tokio::sync::mpsc::channel(1);
    let address = unkind(move |mut stream: TcpStream| {
        let told = told.clone();
        async move {
            stream.write_all(b"HTTP/1.1 500 X\r\ncontent-length: 99999999999\r\n\r\n").await.ok();
            let (mut bytes, chunk) = (0_usize, [b'x'; 16 * 1024]);
            while stream.write_all(&chunk).await.is_ok() {
                bytes += chunk.len();
            }
            told.send(bytes).await.ok();
        }
    });
    assert_later(attempt(address.await).await, "answered 500 and said: xxx");
    // What the kernel's buffers of both sides hold comes on top of what is read.
    assert!(pushed.recv().await.unwrap() < 32 << 20);
}

#[tokio::test]
async fn a_head_without_end_is_left() {
    let address = unkind(|mut stream: TcpStream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").await.ok();
        while stream.write_all(b"x-more: and more and more\r\n").await.is_ok() {}
    });
    assert_later(attempt(address.await).await, "broke off before its answer was whole");
}

#[tokio::test]
async fn nobody_there_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_later(attempt(address).await, "127.0.0.1 could not be reached at 127.0.0.1: Connection refused");
}

#[tokio::test]
async fn a_name_that_means_nothing_is_said() {
    let sender = sender("[sms]\nurl = \"https://gateway.invalid/\"\ntimeout_s = 5");
    let failed = sender.send(&message(Channel::Sms, "1"), now()).await.unwrap_err();
    assert!(failed.why.starts_with("the name gateway.invalid could not be resolved"), "{failed}");
    assert_eq!(failed.again, Again::Later);
}

#[tokio::test]
async fn an_attempt_that_is_dropped_lets_go_of_its_connection() {
    let (told, mut closed) = tokio::sync::mpsc::channel(1);
    let address = unkind(move |mut stream: TcpStream| {
        let told = told.clone();
        async move {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.ok();
            told.send(()).await.ok();
        }
    });
    let address = address.await;
    assert!(tokio::time::timeout(Duration::from_millis(300), attempt(address)).await.is_err());
    tokio::time::timeout(PATIENCE, closed.recv()).await.unwrap().unwrap();
}
