//! Servers that say what they are told, and messages for them.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use model::Timestamp;
use notify::{Channel, Outgoing, Sender, Settings};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_util::task::TaskTracker;

/// The further variables of these tests.
pub(crate) const FURTHER: &[&str] = &["resident", "station"];

/// Tuesday noon.
pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn settings(toml: &str) -> Settings {
    Figment::new().merge(Toml::string(toml)).extract().unwrap()
}

pub(crate) fn sender(toml: &str) -> Sender {
    Sender::new(&settings(toml), FURTHER).unwrap()
}

pub(crate) fn message(channel: Channel, to: &str) -> Outgoing {
    Outgoing {
        id: "n-4711".to_owned(),
        channel,
        to: to.to_owned(),
        subject: "警情".to_owned(),
        text: "王秀英 pressed \"SOS\" & fell\\ 100% {to}".to_owned(),
        link: Some("https://jjl.example/t/abc?x=1&y=2".to_owned()),
        variables: BTreeMap::from([("resident".to_owned(), "王秀英".to_owned())]),
        drill: false,
        made_at: "2026-11-24T11:59:58Z".parse().unwrap(),
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What a server says to everybody.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: Vec::new(), body: body.to_owned() }
}

/// A well-behaved HTTP server that keeps what it hears.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    tasks: TaskTracker,
}

type Shared = (Reply, Arc<Mutex<Vec<Heard>>>);

async fn answer(
    State((reply, heard)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    heard.lock().unwrap().push(Heard { method, uri, headers, body: body.to_vec() });
    let said = reply.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    (StatusCode::from_u16(reply.status).unwrap(), said.collect(), reply.body)
}

impl Server {
    pub(crate) async fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::default());
        let router = Router::new().fallback(answer).with_state((reply, Arc::clone(&heard)));
        let tasks = TaskTracker::new();
        tasks.spawn(async move { axum::serve(listener, router).await });
        Self { address, heard, tasks }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        assert_eq!(self.tasks.len(), 1, "the server has died");
        self.heard.lock().unwrap().clone()
    }
}

/// A server that does with each connection what it likes, once it has read the request's head.
pub(crate) async fn unkind<F, Fut>(act: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tasks = TaskTracker::new();
    tasks.clone().spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_head(&mut stream).await;
            tasks.spawn(act(stream));
        }
    });
    address
}

async fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
}

/// Says it and closes.
pub(crate) async fn say(mut stream: TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.ok();
    stream.shutdown().await.ok();
    // Whoever closes with bytes unread resets the connection, and the answer with it.
    let mut rest = Vec::new();
    stream.take(1 << 20).read_to_end(&mut rest).await.ok();
}

/// Keeps the connection and says nothing.
pub(crate) async fn hold(stream: TcpStream) {
    std::future::pending::<()>().await;
    drop(stream);
}
