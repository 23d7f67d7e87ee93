//! A Redis that answers, and late.

use crate::{
    faults::fix,
    server::{NAMES, Process, QUICK, Server, handset, now, settings},
};
use bus::{BusHealth, Settings, Timing, conformance::until};
use std::time::Duration;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixStream},
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};
use tokio_util::task::TaskTracker;

/// So much later each way: an answer takes twice as long.
const EACH_WAY: Duration = Duration::from_millis(300);
/// Answered late, but in time enough not to be away.
const SLOW: Timing = Timing {
    answer_within: Duration::from_secs(3),
    late_after: Duration::from_millis(300),
    presence_expires: Duration::from_secs(4),
    ..QUICK
};
/// Ten parts of five hundred, each an answer: longer than a process is waited for.
const MOVED: usize = 5_000;

/// A process for which the way to this server and back takes its time.
async fn far_away(server: &Server) -> Process {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (socket, tasks) = (server.socket(), TaskTracker::new());
    let ways = tasks.clone();
    tasks.spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&socket).await.expect("the server");
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            ways.spawn(pass_on(from_client, to_server));
            ways.spawn(pass_on(from_server, to_client));
        }
    });
    Process::start(&Settings { url: format!("redis://127.0.0.1:{port}"), ..settings(SLOW) }, now)
}

/// Later, and however much it is: what comes meanwhile waits beside it and not behind it.
async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let (send, mut held) = mpsc::channel(1_024);
    let hear = async move {
        let mut heard = vec![0; 64 * 1_024];
        while let Ok(count @ 1..) = from.read(&mut heard).await {
            let part = (Instant::now() + EACH_WAY, heard[..count].to_vec());
            if send.send(part).await.is_err() {
                return;
            }
        }
    };
    let say = async move {
        while let Some((at, part)) = held.recv().await {
            sleep_until(at).await;
            if to.write_all(&part).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(hear, say);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_much_to_tell_lives_while_telling_it() {
    let server = Server::start().await;
    let (one, other) = (far_away(&server).await, server.join_with(SLOW, now));
    let walker = handset("walker");
    one.put_presence(&walker, true);
    until("it is online", || other.is_online(&walker)).await;
    // Until then nobody is forgotten.
    sleep(SLOW.presence_expires).await;
    for number in 0..MOVED {
        one.put_position(&handset(&format!("h-{number}")), &fix(1));
    }
    let mut redis = server.connection().await;
    let begun = Instant::now();
    loop {
        assert!(other.is_online(&walker), "it was forgotten after {:?}", begun.elapsed());
        let positions = format!("{NAMES}positions");
        let told: usize = redis::cmd("HLEN").arg(positions).query_async(&mut redis).await.expect("a length");
        if told == MOVED {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{told} of {MOVED} were told");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() > SLOW.presence_expires, "it was no test: {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_answers_are_late_time_and_again_is_said() {
    let server = Server::start().await;
    let (one, other) = (far_away(&server).await, server.join_with(SLOW, now));
    until("it is said", || one.health().slow.is_some()).await;
    let health = one.health();
    assert!(health.slow.is_some_and(|why| why.contains("redis://127.0.0.1")), "where");
    assert_eq!(health.away, None, "it is there");
    until("of nobody else", || other.health() == BusHealth::default()).await;
}
