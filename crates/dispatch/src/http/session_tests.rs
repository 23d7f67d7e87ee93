//! A desk that was left: the server locks it before it shows anything more, keeps it locked though that cannot be written, and locks
//! nobody out who could not unlock.

use super::*;
use crate::{Shared, desk::Desk, health::Health, http::lasting, live::Hub};
use axum::{http::Request, response::IntoResponse as _};
use bus::InProcess;
use incident::Ladder;
use model::SignedDuration;
use store::{AddSession, AddUser, Database, Keys, SlowLane, WriterTask};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const TOKEN: &str = "t-1";
const ACCOUNT: &str = "anna";

fn two_hours_ago() -> Timestamp {
    Clock::start().now().checked_sub(SignedDuration::from_hours(2)).expect("a moment")
}

/// A database with an operator's session in it that nobody has used for two hours.
struct House {
    database: Database,
    keys: Keys,
    store: Store,
    stop: CancellationToken,
    tasks: TaskTracker,
    _folder: TempDir,
}

impl House {
    async fn with(account: Account) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
        let (database, keys) = (Database::from_url(&url).expect("an address"), Keys::fresh().expect("keys"));
        let (store, writer) = Store::open(&database, keys.clone(), None).await.expect("a store");
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(writer.run(stop.clone()));
        let at = two_hours_ago();
        let session = AddSession {
            username: account.username.clone(),
            token: TOKEN.to_owned(),
            at,
            expires_at: lasting::unused(account.role, at),
            source: String::new(),
            agent: String::new(),
            audit: Vec::new(),
        };
        store.write(AddUser { account, audit: Vec::new() }).await.expect("written");
        store.write(session).await.expect("written");
        Self { database, keys, store, stop, tasks, _folder: folder }
    }

    async fn of_an_operator() -> Self {
        Self::with(operator()).await
    }

    /// The doors of a process that has listened for two hours.
    async fn app(&self) -> App {
        let bus = Arc::new(InProcess::default());
        let shared =
            Shared { store: self.store.clone(), bus, clock: Clock::start(), health: Health::default() };
        let hub = Hub::open(shared.clone()).await.expect("a hub");
        let desk = Desk::new(shared.clone(), Ladder::default(), hub.clone());
        let slow = SlowLane::start().expect("a thread");
        let mut app = App::new(shared, desk, hub, Arc::new(String::new), slow, self.stop.clone());
        app.lately = Arc::new(Lately::new(two_hours_ago()));
        app
    }

    /// The same database by a store that takes what is to be written and has not come to it yet.
    async fn behind(&self) -> (Store, WriterTask) {
        Store::open(&self.database, self.keys.clone(), None).await.expect("a store")
    }

    async fn is_locked(&self) -> bool {
        let found = self.store.session(TOKEN, Clock::start().now()).await.expect("readable");
        found.expect("it runs").0.locked_at.is_some()
    }

    async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn operator() -> Account {
    Account::new(ACCOUNT, "Anna", Role::Operator, String::new())
}

/// What whoever opens that browser is told there; nothing where they are let in.
async fn refused(app: &App, path: &str) -> Option<StatusCode> {
    let request = Request::builder().uri(path).header(header::COOKIE, format!("{COOKIE}={TOKEN}"));
    let (mut parts, ()) = request.body(()).expect("a request").into_parts();
    let problem = Visitor::from_request_parts(&mut parts, app).await.err()?;
    Some(problem.into_response().status())
}

#[tokio::test]
async fn a_desk_that_was_left_is_locked_before_it_is_shown_anything() {
    let house = House::of_an_operator().await;
    let app = house.app().await;
    assert_eq!(refused(&app, "/api/incidents").await, Some(StatusCode::LOCKED));
    assert!(house.is_locked().await, "also for other processes");
    for path in OPEN_WHILE_LOCKED {
        assert_eq!(refused(&app, path).await, None, "{path}");
    }
    assert_eq!(refused(&app, "/api/incidents").await, Some(StatusCode::LOCKED), "asking unlocks nothing");
    house.close().await;
}

#[tokio::test]
async fn a_desk_that_was_used_here_is_not_locked() {
    let house = House::of_an_operator().await;
    let app = house.app().await;
    let (session, _) = house.store.session(TOKEN, Clock::start().now()).await.unwrap().unwrap();
    app.lately.note(&session.id, Clock::start().now());
    assert_eq!(refused(&app, "/api/incidents").await, None);
    assert!(!house.is_locked().await);
    house.close().await;
}

#[tokio::test]
async fn who_owes_a_password_or_a_second_factor_is_not_locked_out_of_it() {
    let house = House::with(Account { must_change_password: true, ..operator() }).await;
    let app = house.app().await;
    for path in OPEN_BEFORE_CHANGE {
        assert_eq!(refused(&app, path).await, None, "{path}");
    }
    assert_eq!(refused(&app, "/api/incidents").await, Some(StatusCode::FORBIDDEN), "nothing else is shown");
    assert!(!house.is_locked().await);
    house.close().await;
    let house = House::of_an_operator().await;
    let app = house.app().await.with_second_factor_for(&[Role::Operator]);
    for path in OPEN_BEFORE_FACTOR {
        assert_eq!(refused(&app, path).await, None, "{path}");
    }
    assert!(!house.is_locked().await);
    house.close().await;
}

#[tokio::test]
async fn a_screen_stays_locked_until_it_is_unlocked_though_the_lock_is_not_written() {
    let house = House::of_an_operator().await;
    let (store, _writer) = house.behind().await;
    let (lately, clock) = (Arc::new(Lately::new(two_hours_ago())), Clock::start());
    let found = Visitor::of(TOKEN, String::new(), &store, &lately, clock).await;
    let mut screen = found.expect("readable").expect("it runs");
    assert!(screen.lock_if_left().await);
    assert!(!house.is_locked().await, "it waits to be written");
    for _ in 0..2 {
        // As a live screen that is up does again and again.
        screen = screen.anew().await.expect("it runs");
        assert!(screen.is_locked);
        screen.stay(Use::Screen).await;
    }
    lately.note(&screen.session.id, screen.now());
    assert!(!screen.anew().await.expect("it runs").is_locked, "whoever unlocks it uses it");
    house.close().await;
}
