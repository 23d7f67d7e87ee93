//! The HTTP door of telephones, from the parsed request on and over a real store: whatever an app or a stranger posts, the answer is
//! one that the door gives, and no position is taken from anybody who did not show whose it is.
//!
//! An input is five lines, any of which may be empty, and the body behind them: `owntracks` (anything else is `osmand`), the query,
//! and the headers Authorization, X-Limit-U and X-Limit-D. What could be no request of HTTP is passed over.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderValue, Request, StatusCode, Uri},
};
use bus::{Bus, InProcess};
use ingest::accept::Accept;
use model::HandsetId;
use protocol::{OsmAndId, PhoneName};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use store::{AddHandset, BindOsmAnd, BindOwnTracks, Clock, Database, Keys, SetQuickTag, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

/// The OsmAnd phone of `h2`.
const ID: &str = "an-id-that-nobody-guesses";
/// What an app shows that knows a handset's password, which is its name, and whose handset that is.
const SHOWN: [(&str, &[u8]); 2] = [("h1", b"aDE6aDE="), ("h2", b"aDI6aDI=")];
/// The hash of every password. It is none: whoever shows a wrong one is refused at once.
const SECRET_HASH: &str = "-";
/// What the door may answer. That something is not on disk is no answer where the disk is well: a task died over it.
const ANSWERS: [StatusCode; 6] = [
    StatusCode::OK,
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::PAYLOAD_TOO_LARGE,
];
/// Longer than any answer.
const ANSWER_BYTES: usize = 1 << 20;
/// Inputs until the records begin anew: what all before have left there is counted each time.
const INPUTS: u32 = 500;

static HOUSE: Mutex<Option<House>> = Mutex::new(None);

/// A store with a door before it. `h1` has the phone `u/d`, `h2` has `other/d` and the OsmAnd phone of [`ID`].
struct House {
    runtime: Runtime,
    router: Router,
    store: Store,
    asked: u32,
    /// Stops the door with its tasks, then the writer.
    running: [(CancellationToken, TaskTracker); 2],
    _folder: TempDir,
}

/// One input, taken apart.
struct Asked<'a> {
    is_owntracks: bool,
    query: &'a [u8],
    authorization: &'a [u8],
    user: &'a [u8],
    device: &'a [u8],
    body: &'a [u8],
}

impl<'a> Asked<'a> {
    fn of(input: &'a [u8]) -> Self {
        let mut parts = input.splitn(6, |byte| *byte == b'\n');
        let mut next = || parts.next().unwrap_or_default();
        Self {
            is_owntracks: next() == b"owntracks",
            query: next(),
            authorization: next(),
            user: next(),
            device: next(),
            body: next(),
        }
    }

    /// The request, if HTTP can say it.
    fn request(&self) -> Option<Request<Body>> {
        let path: &[u8] = if self.is_owntracks { b"/owntracks" } else { b"/osmand" };
        let address = if self.query.is_empty() { path.to_vec() } else { [path, b"?", self.query].concat() };
        let mut request = Request::post(Uri::try_from(address.as_slice()).ok()?);
        let headers =
            [("authorization", self.authorization), ("x-limit-u", self.user), ("x-limit-d", self.device)];
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, HeaderValue::from_bytes(value).ok()?);
        }
        request.body(Body::from(self.body.to_vec())).ok()
    }

    /// Whether it may bring a position of this handset.
    fn may_move(&self, handset: &str, shown: &[u8]) -> bool {
        let knows = self.authorization.windows(shown.len()).any(|window| window == shown);
        if self.is_owntracks { knows } else { handset == "h2" }
    }
}

fn handset(name: &str) -> HandsetId {
    HandsetId::new(name).expect("an id")
}

/// The records with their handsets and phones.
async fn fill(store: &Store) {
    for (name, _) in SHOWN {
        let (own, secret_hash) = (handset(name), SECRET_HASH.to_owned());
        store.write(AddHandset { handset: own, secret_hash }).await.expect("a handset");
        let name_of_phone = PhoneName::new(if name == "h1" { "u" } else { "other" }, "d").expect("a name");
        let keys = store.keys().clone();
        let passphrase = (name == "h1").then(|| "juji-le".to_owned());
        let (carrier, audit) = (handset(name), Vec::new());
        let bound =
            BindOwnTracks { handset: carrier, from: None, name: name_of_phone, passphrase, keys, audit };
        store.write(bound).await.expect("a phone");
        // It has proved itself before, as the tag says.
        let (own, secret_hash) = (handset(name), SECRET_HASH.to_owned());
        let tag = store.keys().quick_tag(name, name.as_bytes());
        store.write(SetQuickTag { handset: own, tag, secret_hash }).await.expect("a tag");
    }
    let id = OsmAndId::new(ID).expect("an id");
    let bound =
        BindOsmAnd { handset: handset("h2"), from: None, id, keys: store.keys().clone(), audit: Vec::new() };
    store.write(bound).await.expect("a phone");
}

impl House {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let (runtime, folder) = (runtime.expect("a runtime"), tempfile::tempdir().expect("a folder"));
        let both = || (CancellationToken::new(), TaskTracker::new());
        let running = [both(), both()];
        let (router, store) = runtime.block_on(async {
            let [(stop, tasks), (stop_writer, writer)] = &running;
            let store = open(folder.path(), writer, stop_writer).await;
            let clock = Clock::start();
            fill(&store).await;
            let bus: Arc<dyn Bus> = Arc::new(InProcess::default());
            let accept = Arc::new(Accept::new(store.clone(), bus, clock, tasks, stop));
            (ingest::http::router(accept, tasks.clone(), stop.clone()), store)
        });
        Self { runtime, router, store, asked: 0, running, _folder: folder }
    }

    /// Ends everything; its folder goes with it.
    fn close(self) {
        self.runtime.block_on(async {
            for (stop, tasks) in &self.running {
                stop.cancel();
                tasks.close();
                tasks.wait().await;
            }
        });
    }

    /// How many positions are held of each handset.
    async fn fixes(store: &Store) -> [i64; 2] {
        let mut counts = [0; 2];
        for (count, (name, _)) in counts.iter_mut().zip(SHOWN) {
            *count = store.count_fixes(&handset(name)).await.expect("a count");
        }
        counts
    }

    fn ask(&mut self, asked: &Asked<'_>, mut request: Request<Body>) {
        self.asked += 1;
        // Each from an address of its own, so that nobody has to wait for having guessed.
        let peer = Ipv4Addr::from(0x0a00_0000 + self.asked);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 4_711))));
        let Self { runtime, router, store, .. } = self;
        runtime.block_on(async {
            let before = Self::fixes(store).await;
            let Ok(response) = router.call(request).await;
            let status = response.status();
            assert!(ANSWERS.contains(&status), "{status}");
            to_bytes(response.into_body(), ANSWER_BYTES).await.expect("an answer with an end");
            let after = Self::fixes(store).await;
            for ((name, shown), (before, after)) in SHOWN.into_iter().zip(before.into_iter().zip(after)) {
                let may_move = status.is_success() && asked.may_move(name, shown);
                assert!(before == after || may_move, "{name} was moved, {status}");
            }
        });
    }
}

async fn open(folder: &Path, writer: &TaskTracker, stop: &CancellationToken) -> Store {
    let url = format!("sqlite://{}", folder.join("jujiale.db").display());
    let database = Database::from_url(&url).expect("an address");
    let keys = Keys::load_or_create(&folder.join("keys.json")).expect("keys");
    let (store, task) = Store::open(&database, keys, None).await.expect("a store");
    writer.spawn(task.run(stop.clone()));
    store
}

pub(crate) fn phones(input: &[u8]) {
    let asked = Asked::of(input);
    let Some(request) = asked.request() else { return };
    let mut held = HOUSE.lock().unwrap_or_else(PoisonError::into_inner);
    if held.as_ref().is_some_and(|house| house.asked >= INPUTS)
        && let Some(full) = held.take()
    {
        full.close();
    }
    held.get_or_insert_with(House::open).ask(&asked, request);
}

/// The records of this target go away with it.
pub(crate) fn put_away() {
    let held = HOUSE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(house) = held {
        house.close();
    }
}
