//! A hall with a store of its own, and the HTTP door on a free port.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bus::{Bus, InProcess};
use ingest::accept::Accept;
use ingest::hall::{Hall as _, Message};
use model::{HandsetId, Timestamp};
use protocol::{OsmAndId, PhoneName, UpKind};
use reqwest::{Client, RequestBuilder};
use store::{
    AddHandset, BindOsmAnd, BindOwnTracks, Clock, Database, DownMessage, HandsetCommand, Job, Keys,
    PutCommands, QuarantinedMessage, Store, secrets,
};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) const ID: &str = "an-id-that-nobody-guesses";
pub(crate) const PASSPHRASE: &str = "mysecreTpass01";

/// An open hall. Handset `h1` has the phone `owntracks/u/d`, which seals, and the OsmAnd phone [`ID`]; `h2` has
/// `owntracks/other/d`. The password of each is its own name.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) bus: Arc<InProcess>,
    pub(crate) accept: Arc<Accept>,
    pub(crate) clock: Clock,
    base: String,
    client: Client,
    stop: CancellationToken,
    writer: (CancellationToken, TaskTracker),
    tasks: TaskTracker,
    folder: Option<TempDir>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

pub(crate) fn handset(id: &str) -> HandsetId {
    HandsetId::new(id).unwrap()
}

pub(crate) fn name(user: &str, device: &str) -> PhoneName {
    PhoneName::new(user, device).unwrap()
}

impl House {
    pub(crate) async fn open() -> Self {
        let house = Self::open_in(tempfile::tempdir().unwrap()).await;
        for id in ["h1", "h2"] {
            let secret_hash = secrets::hash_handset_secret(id.as_bytes()).unwrap();
            house.write(AddHandset { handset: handset(id), secret_hash }).await;
        }
        let keys = || house.store.keys().clone();
        let passphrase = Some(PASSPHRASE.to_owned());
        let bind = |to: &str, name, passphrase| {
            let (handset, keys) = (handset(to), keys());
            BindOwnTracks { handset, from: None, name, passphrase, keys, audit: Vec::new() }
        };
        house.write(bind("h1", name("u", "d"), passphrase)).await;
        house.write(bind("h2", name("other", "d"), None)).await;
        let id = OsmAndId::new(ID).unwrap();
        house
            .write(BindOsmAnd { handset: handset("h1"), from: None, id, keys: keys(), audit: Vec::new() })
            .await;
        house
    }

    async fn open_in(folder: TempDir) -> Self {
        let database = database(folder.path());
        let keys = Keys::load_or_create(&folder.path().join("keys.json")).unwrap();
        let (store, task) = Store::open(&database, keys, None).await.unwrap();
        let writer = (CancellationToken::new(), TaskTracker::new());
        writer.1.spawn(task.run(writer.0.clone()));
        let (stop, tasks, clock) = (CancellationToken::new(), TaskTracker::new(), Clock::start());
        let bus = Arc::new(InProcess::default());
        let accept = Accept::new(store.clone(), Arc::clone(&bus) as Arc<dyn Bus>, clock, &tasks, &stop);
        let accept = Arc::new(accept);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let routes = ingest::http::router(Arc::clone(&accept), tasks.clone(), stop.clone());
        let serving = axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        tasks.spawn(async move { serving.await.unwrap() });
        let client = Client::builder().no_proxy().build().unwrap();
        Self { store, bus, accept, clock, base, client, stop, writer, tasks, folder: Some(folder) }
    }

    /// The same data in a new process.
    pub(crate) async fn reopen(mut self) -> Self {
        let folder = self.folder.take().unwrap();
        self.close().await;
        Self::open_in(folder).await
    }

    pub(crate) async fn close(self) {
        drop(self.client);
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.writer.0.cancel();
        self.writer.1.close();
        self.writer.1.wait().await;
    }

    pub(crate) async fn write<J: Job>(&self, job: J) -> J::Output {
        self.store.write(job).await.unwrap()
    }

    /// A publish of `h1`'s phone, as the MQTT door hands it on.
    pub(crate) async fn publish(&self, topic: &str, payload: &str) {
        let payload = payload.to_owned().into();
        let message = Message {
            handset: handset("h1"),
            kind: UpKind::OwnTracks,
            topic: topic.to_owned(),
            payload,
            oversized: None,
        };
        self.accept.accept(message).await;
    }

    /// A post of an OwnTracks app that shows no credentials.
    pub(crate) fn post_bare(&self, payload: impl Into<String>) -> RequestBuilder {
        self.client.post(format!("{}/owntracks", self.base)).body(payload.into())
    }

    /// A post of `h1`'s app, to be changed before it is sent.
    pub(crate) fn post(&self, payload: impl Into<String>) -> RequestBuilder {
        self.post_bare(payload).basic_auth("h1", Some("h1"))
    }

    /// A post that says which phone it is.
    pub(crate) fn post_as(&self, user: &str, device: &str, payload: impl Into<String>) -> RequestBuilder {
        self.post(payload).header("X-Limit-U", user).header("X-Limit-D", device)
    }

    pub(crate) fn get_osmand(&self, query: &str) -> RequestBuilder {
        self.client.get(format!("{}/osmand?{query}", self.base))
    }

    pub(crate) fn post_osmand(&self, body: impl Into<String>) -> RequestBuilder {
        self.client.post(format!("{}/osmand", self.base)).body(body.into())
    }

    /// A report of so many bytes of which no more than this comes.
    pub(crate) async fn stalled_osmand(&self, query: &str, told_bytes: usize, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.base.strip_prefix("http://").unwrap()).await.unwrap();
        let head = format!(
            "POST /osmand?{query} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {told_bytes}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        stream
    }

    pub(crate) async fn fixes(&self, id: &str) -> i64 {
        self.store.count_fixes(&handset(id)).await.unwrap()
    }

    pub(crate) async fn misfits(&self) -> Vec<QuarantinedMessage> {
        self.store.quarantined(i64::MAX, 100).await.unwrap()
    }

    /// The kinds of message that `h1` has sent beside fixes and presses, in order.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        let said = self.store.messages_of(&handset("h1"), 100).await.unwrap();
        said.into_iter().rev().map(|message| message.kind).collect()
    }

    /// Puts a command out for `h1`.
    pub(crate) async fn command(&self, key: &str, topic: &str, payload: &str) {
        let message = DownMessage {
            handset: handset("h1"),
            key: key.to_owned(),
            topic: topic.to_owned(),
            payload: payload.to_owned(),
            created_at: self.clock.now(),
            kept_for: model::SignedDuration::from_mins(5),
        };
        let audit = store::AuditRow {
            at: self.clock.now(),
            username: "operator".to_owned(),
            source: "test".to_owned(),
            action: "locate".to_owned(),
            subject: "h1".to_owned(),
            detail: String::new(),
        };
        let command = HandsetCommand {
            id: key.to_owned(),
            handset: message.handset.clone(),
            kind: "locate".to_owned(),
            incident: None,
            by: "operator".to_owned(),
            at: message.created_at,
            expires_at: message.created_at,
        };
        let keys = self.store.keys().clone();
        self.write(PutCommands { commands: vec![(command, vec![message])], keys, audit: vec![audit] }).await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn database(folder: &Path) -> Database {
    Database::from_url(&format!("sqlite://{}", folder.join("jujiale.db").display())).unwrap()
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), text: response.text().await.unwrap() }
}
