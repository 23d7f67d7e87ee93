//! Wires the parts together and sees them through their life.
//!
//! Start: store, clock against the last pulse, desk, dashboards, door, and only then `endpoints.json`. Stop: the door
//! first, until everything that had arrived is on disk; then those who read; the writer last.

use crate::{
    config::Config,
    demo,
    endpoints::{Addresses, DoorAddresses, Endpoints},
    files, heartbeat, keys,
    seals::SealsFile,
    supervise::Supervisor,
    terms,
    tls::Certificate,
    upkeep, watching,
};
use anyhow::Context as _;
use bus::{Bus, InProcess, OnRedis};
use dispatch::{
    Shared,
    desk::{Desk, answers, callers, deadlines, ladder, lease, returns, signals, whereabouts},
    health::Health,
    http::{App, MetricsText, Server},
    live::Hub,
    outside::{self, Outside},
};
use futures_util::FutureExt as _;
use incident::Ladder;
use ingest::{
    accept::{Accept, dismiss_changed, tell_doubles, wake_sessions},
    endpoint::{Endpoint, Sessions, Transport},
    hall::Hall,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{net::SocketAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use store::{Ballast, Clock, DEFAULT_BALLAST_BYTES, Database, Kind, SlowLane, Store};
use tokio::{
    net::TcpListener,
    runtime::Handle,
    signal::unix::{SignalKind, signal},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use watch::LiveRules;

/// How long each stage of a stop may take before the next begins.
const STAGE_WITHIN: Duration = Duration::from_secs(10);

/// The exit code that says: our own fault, start again (EX_SOFTWARE of sysexits).
const EXIT_WRITER_DIED: i32 = 70;

/// For whom the platform runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Made-up people.
    Demo {
        /// With simulated movement.
        with_sim: bool,
        /// It may listen where everybody reaches it.
        is_open: bool,
        /// How many handsets it knows.
        handsets: u32,
    },
    /// Real people.
    Real,
}

/// The parts that run, with what ends each stage of them.
struct Running {
    doors: (TaskTracker, CancellationToken),
    workers: (TaskTracker, CancellationToken),
    writer: (TaskTracker, CancellationToken),
    at: Addresses,
}

/// Runs the platform until it is told to stop.
pub(crate) async fn serve(config: Config, mode: Mode) -> anyhow::Result<()> {
    let writer = (TaskTracker::new(), CancellationToken::new());
    // The writer has a thread, for which the program's end waits: it ends whatever way this goes.
    let writer_ends = writer.1.clone().drop_guard();
    let served = serve_with(&writer, &config, mode).await;
    // Before the runtime does, whose timers it needs; also when the start was refused.
    drop(writer_ends);
    writer.0.close();
    writer.0.wait().await;
    served
}

async fn serve_with(
    writer: &(TaskTracker, CancellationToken),
    config: &Config,
    mode: Mode,
) -> anyhow::Result<()> {
    // Asked for first, so that a signal during the start is a clean stop too.
    let mut terminate = signal(SignalKind::terminate()).context("no SIGTERM")?;
    // It asks for the certificate (`tls`) and the rules (`watching`) again; where there are none it asks for nothing, and must not
    // end the platform. A demo ends with its terminal.
    let hangups = (mode == Mode::Real).then(|| signal(SignalKind::hangup())).transpose();
    drop(hangups.context("no SIGHUP")?);
    let data_dir = config.data_dir();
    std::fs::create_dir_all(&data_dir)
        .with_context(|| format!("the data folder {} cannot be made", data_dir.display()))?;
    Endpoints::forget(&data_dir);
    if let Some(word) = config.without_effect() {
        tracing::warn!(event = "setting_without_effect", word);
    }
    for (listener, address) in config.readable_on_the_way() {
        tracing::warn!(event = "plain_listener_beyond_this_machine", listener, %address, "serve TLS, or put it before this");
    }
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics cannot be recorded")?;
    let running = start(config, mode, metrics, writer.clone()).await?;
    let endpoints = Endpoints::write(&data_dir, &running.at)?;
    let (http, mqtt) = (running.at.http, running.at.door.mqtt);
    tracing::info!(event = "ready", %http, %mqtt, data = %data_dir.display());
    if let Mode::Demo { with_sim, .. } = mode {
        demo::welcome(http, mqtt, &data_dir)?;
        if with_sim {
            demo::live(&running.workers.0, mqtt, running.workers.1.clone());
        }
    }
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.context("no SIGINT")?,
    }
    running.stop().await;
    endpoints.remove();
    Ok(())
}

async fn start(
    config: &Config,
    mode: Mode,
    metrics: PrometheusHandle,
    writer: (TaskTracker, CancellationToken),
) -> anyhow::Result<Running> {
    let clock = Clock::start();
    let store = open_store(config, &writer).await?;
    let kind = if mode == Mode::Real { Kind::Real } else { Kind::Demo };
    store.found(kind, clock.now()).await?;
    if let Mode::Demo { is_open, handsets, .. } = mode {
        let filled = demo::fill(&store, clock.now(), is_open, handsets).await;
        filled.context("the demo's residents cannot be made")?;
    }
    let redis = open_redis(config, &store, clock).await?;
    let bus: Arc<dyn Bus> = match &redis {
        Some(redis) => Arc::new(redis.clone()),
        None => Arc::new(InProcess::default()),
    };
    let shared = Shared { store, bus, clock, health: Health::default() };
    let workers = (TaskTracker::new(), CancellationToken::new());
    let supervisor =
        Supervisor { shared: shared.clone(), tracker: workers.0.clone(), stop: workers.1.clone() };
    if let Some(redis) = redis {
        let token = workers.1.clone();
        supervisor.keep("bus", move || redis.clone().run(token.clone()));
    }
    let hub = Hub::open(shared.clone()).await.context("the open incidents cannot be read")?;
    let (base, holder) = (config.http.public_url.clone(), watching::holder(&config.data_dir()));
    let outside = Outside::new(shared.clone(), config.sender()?, base, &holder);
    let desk = Desk::new(shared.clone(), Ladder::default(), hub.clone()).calling(outside.clone());
    let (watch, rules) = watching::over(&shared, config);
    if let Some(last_alive) = shared.store.last_alive().await? {
        watch::keep_what_was_left(&watch, last_alive).await.context("questions cannot be resumed")?;
        desk.keep_what_was_left(last_alive).await.context("the deadlines cannot be resumed")?;
    }
    desk.take_ladder().await.context("the ladder cannot be read")?;
    desk.place_at_once();
    let watch_rules = watch.rules.clone();
    watching::start(&supervisor, watch, rules);
    let Shared { store, bus, clock, .. } = shared;
    let hall = Accept::new(store, bus, clock, &supervisor.tracker, &supervisor.stop);
    let hall = Arc::new(hall.answering_within(config.answer_within()));
    let doors = (TaskTracker::new(), CancellationToken::new());
    let apps = ingest::http::router(Arc::clone(&hall), doors.0.clone(), doors.1.clone());
    let endpoint = build_door(config, &supervisor, hall, &doors).await?;
    let tls = encryption(config, &supervisor)?;
    let routes = apps.merge(endpoint.routes());
    let parts = ((desk.clone(), outside), (hub.clone(), watch_rules));
    let (http, https) = start_desk(config, &supervisor, parts, metrics, routes, tls.as_ref()).await?;
    let door = open_door(config, &endpoint, tls)?;
    finish_upgrade(config, &supervisor);
    prove(config, &supervisor, desk, hub, door.mqtt)?;
    Ok(Running { doors, workers, writer, at: Addresses { http, https, door } })
}

/// Presses now and then, so that a monitor elsewhere hears whether a press comes through.
fn prove(
    config: &Config,
    supervisor: &Supervisor,
    desk: Desk,
    hub: Hub,
    door: SocketAddr,
) -> anyhow::Result<()> {
    let (monitor, every) = config.monitor.heartbeat()?.unzip();
    let chain = heartbeat::Chain {
        shared: supervisor.shared.clone(),
        desk,
        hub,
        holder: watching::holder(&config.data_dir()).into(),
        door,
        monitor: monitor.map(Arc::new),
        every: every.unwrap_or_default(),
        tracker: supervisor.tracker.clone(),
    };
    let token = supervisor.stop.clone();
    supervisor.keep("heartbeat", move || heartbeat::follow(chain.clone(), token.clone()));
    Ok(())
}

/// What an upgrade leaves to do once the doors are open.
fn finish_upgrade(config: &Config, supervisor: &Supervisor) {
    let (shared, token) = (supervisor.shared.clone(), supervisor.stop.clone());
    let holder: Arc<str> = watching::holder(&config.data_dir()).into();
    supervisor
        .keep("audit_about", move || upkeep::note_named(shared.clone(), Arc::clone(&holder), token.clone()));
}

async fn open_store(config: &Config, writer: &(TaskTracker, CancellationToken)) -> anyhow::Result<Store> {
    let data_dir = config.data_dir();
    let keys = keys::load(config)?;
    let database = Database::from_url(&config.store_url())?;
    let ballast =
        database.folder().map(|folder| Ballast::take(folder.join("ballast"), DEFAULT_BALLAST_BYTES));
    if ballast.as_ref().is_some_and(|(_, taken)| !taken) {
        tracing::error!(event = "ballast_missing", folder = %data_dir.display(), "the disk is nearly full: free some space");
    }
    let (store, task) = Store::open(&database, keys, ballast.map(|(ballast, _)| ballast))
        .await
        .with_context(|| format!("the records at {} cannot be opened", config.store_url()))?;
    let (stop, runtime) = (writer.1.clone(), Handle::current());
    // On a thread of its own: every statement is a hop to the database's thread and back, and waking one thread is
    // far quicker than waking whichever of the runtime's threads is free.
    writer.0.spawn_blocking(move || {
        if runtime.block_on(AssertUnwindSafe(task.run(stop)).catch_unwind()).is_err() {
            // Nothing can be written any more, so nothing may go on as if it could. Handsets repeat what has
            // no receipt, and whoever runs this program starts it again.
            tracing::error!(event = "writer_died", "the platform ends; start it again");
            std::process::exit(EXIT_WRITER_DIED);
        }
    });
    Ok(store)
}

/// The bus of many processes, if it is asked for. It need not be there yet.
async fn open_redis(config: &Config, store: &Store, clock: Clock) -> anyhow::Result<Option<OnRedis>> {
    let Some(settings) = config.bus(store.store_id().await?) else { return Ok(None) };
    let redis = OnRedis::open(&settings, move || clock.now()).context("the bus cannot be opened")?;
    tracing::info!(event = "bus_on_redis", ?redis);
    Ok(Some(redis))
}

async fn start_desk(
    config: &Config,
    supervisor: &Supervisor,
    ((desk, outside), (hub, watch_rules)): ((Desk, Outside), (Hub, LiveRules)),
    metrics: PrometheusHandle,
    doors: axum::Router,
    tls: Option<&TlsAcceptor>,
) -> anyhow::Result<(SocketAddr, Option<SocketAddr>)> {
    let shared = supervisor.shared.clone();
    let stop = supervisor.stop.clone();
    let (follower, timer, teller) = (desk.clone(), desk.clone(), hub.clone());
    let token = stop.clone();
    supervisor.keep("signals", move || signals::follow(follower.clone(), token.clone()));
    let (welcome, token) = (desk.clone(), stop.clone());
    supervisor.keep("returns", move || returns::follow(welcome.clone(), token.clone()));
    let (heard, token) = (desk.clone(), stop.clone());
    supervisor.keep("fall_answers", move || answers::follow(heard.clone(), token.clone()));
    let token = stop.clone();
    supervisor.keep("deadlines", move || deadlines::follow(timer.clone(), token.clone()));
    let (lessor, token) = (desk.clone(), stop.clone());
    supervisor.keep("holders", move || lease::follow(lessor.clone(), token.clone()));
    let (asker, token) = (desk.clone(), stop.clone());
    supervisor.keep("whereabouts", move || whereabouts::follow(asker.clone(), token.clone()));
    let (caller, token) = (desk.clone(), stop.clone());
    supervisor.keep("calls", move || callers::follow(caller.clone(), token.clone()));
    let (reaching, token) = (outside.clone(), stop.clone());
    supervisor.keep("notices", move || outside::follow(reaching.clone(), token.clone()));
    let (telling, token) = (outside.clone(), stop.clone());
    supervisor.keep("task_messages", move || outside::tasks::follow(telling.clone(), token.clone()));
    let (telling, token) = (outside.clone(), stop.clone());
    supervisor.keep("webhooks", move || outside::webhooks::follow(telling.clone(), token.clone()));
    let (steps, token) = (desk.clone(), stop.clone());
    supervisor.keep("ladder", move || ladder::follow(steps.clone(), token.clone()));
    let token = stop.clone();
    supervisor.keep("live", move || teller.clone().run(token.clone()));
    let (pulse, token) = (shared.clone(), stop.clone());
    supervisor.keep("pulse", move || upkeep::pulse(pulse.clone(), token.clone()));
    keep_audit(supervisor, SealsFile::of(config)?);
    let (terms, kept, token) = (shared.clone(), config.terms(), stop.clone());
    supervisor.keep("terms", move || terms::keep(terms.clone(), kept, token.clone()));
    let (journal, kept, token) = (shared.clone(), config.kept(), stop.clone());
    supervisor.keep("journal", move || upkeep::journal(journal.clone(), kept, token.clone()));
    let (measured, token) = (metrics.clone(), stop.clone());
    supervisor.keep("metrics", move || upkeep::sum_up_metrics(measured.clone(), token.clone()));
    let render: MetricsText = Arc::new(move || metrics.render());
    let slow = SlowLane::start().context("no thread for slow hashes")?;
    let app = App::new(shared, desk, hub, render, slow, stop.clone());
    let app = app.with_second_factor_for(config.second_factor_for()).reaching(outside);
    let app =
        app.measured_with(config.http.metrics_token()).watched_by(watch_rules, config.usual_heartbeat_s());
    let app = app.with_screens_per_account(config.http.screens_per_account);
    let router = dispatch::http::router(app, doors);
    let server = Server::new(router, supervisor.tracker.clone(), stop).behind(&config.http.trusted_proxies);
    let http = listen_http(&server, "http.listen", "JJL_HTTP__LISTEN", config.http.listen, None).await?;
    let https = match config.http.tls_listen.zip(tls.cloned()) {
        Some((address, acceptor)) => Some(
            listen_http(&server, "http.tls_listen", "JJL_HTTP__TLS_LISTEN", address, Some(acceptor)).await?,
        ),
        None => None,
    };
    Ok((http, https))
}

/// Seals the audit log and looks whether it is as it was sealed.
fn keep_audit(supervisor: &Supervisor, kept: SealsFile) {
    let (shared, file, token) = (supervisor.shared.clone(), kept.clone(), supervisor.stop.clone());
    supervisor.keep("audit", move || upkeep::seal_audit(shared.clone(), file.clone(), token.clone()));
    let (shared, token) = (supervisor.shared.clone(), supervisor.stop.clone());
    supervisor.keep("audit_chain", move || upkeep::verify_audit(shared.clone(), kept.clone(), token.clone()));
}

async fn listen_http(
    server: &Server,
    key: &str,
    variable: &str,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await.with_context(|| taken(key, variable, address))?;
    let local = listener.local_addr().with_context(|| format!("{key} has no address"))?;
    server.listen(listener, tls);
    Ok(local)
}

/// What encrypts, for every listener that speaks TLS; its certificate is exchanged when it is renewed.
fn encryption(config: &Config, supervisor: &Supervisor) -> anyhow::Result<Option<TlsAcceptor>> {
    let Some(files) = config.certificate() else { return Ok(None) };
    let certificate = Certificate::load(files)?;
    let acceptor = certificate.acceptor()?;
    let (shared, token) = (supervisor.shared.clone(), supervisor.stop.clone());
    supervisor.keep("certificate", move || Arc::clone(&certificate).follow(shared.clone(), token.clone()));
    Ok(Some(acceptor))
}

type Stage = (TaskTracker, CancellationToken);

/// The door with everything behind it; it does not listen yet.
async fn build_door(
    config: &Config,
    supervisor: &Supervisor,
    hall: Arc<dyn Hall>,
    doors: &Stage,
) -> anyhow::Result<Endpoint> {
    let Shared { store, bus, clock, .. } = supervisor.shared.clone();
    let seen = store.handset_changes_end().await.context("changes of handsets cannot be read")?;
    let sessions = Sessions::default();
    let limits = config.door(files::raise_limit());
    let endpoint = Endpoint::new(limits, hall, sessions.clone(), doors.1.clone(), doors.0.clone());
    let token = supervisor.stop.clone();
    let (watched, told, until) = (store.clone(), sessions.clone(), token.clone());
    supervisor
        .keep("handset_changes", move || dismiss_changed(watched.clone(), told.clone(), seen, until.clone()));
    let (noted, speaking, until) = (store.clone(), sessions.clone(), token.clone());
    supervisor.keep("doubles", move || tell_doubles(noted.clone(), clock, speaking.clone(), until.clone()));
    supervisor.keep("outbox", move || {
        let bus: Arc<dyn Bus> = Arc::clone(&bus);
        wake_sessions(store.clone(), bus, sessions.clone(), token.clone())
    });
    Ok(endpoint)
}

fn open_door(
    config: &Config,
    endpoint: &Endpoint,
    tls: Option<TlsAcceptor>,
) -> anyhow::Result<DoorAddresses> {
    let listen = |key: &str, variable: &str, address, transport| {
        endpoint.listen(address, transport).with_context(|| taken(key, variable, address))
    };
    let mqtt = &config.mqtt;
    let mut addresses = DoorAddresses {
        mqtt: listen("mqtt.listen", "JJL_MQTT__LISTEN", mqtt.listen, Transport::Tcp)?,
        websocket: listen(
            "mqtt.websocket_listen",
            "JJL_MQTT__WEBSOCKET_LISTEN",
            mqtt.websocket_listen,
            Transport::Websocket,
        )?,
        tls: None,
        websocket_tls: None,
    };
    if let Some(acceptor) = tls {
        if let Some(address) = mqtt.tls_listen {
            let transport = Transport::Tls(acceptor.clone());
            addresses.tls = Some(listen("mqtt.tls_listen", "JJL_MQTT__TLS_LISTEN", address, transport)?);
        }
        if let Some(address) = mqtt.websocket_tls_listen {
            let (key, variable) = ("mqtt.websocket_tls_listen", "JJL_MQTT__WEBSOCKET_TLS_LISTEN");
            let transport = Transport::WebsocketTls(acceptor);
            addresses.websocket_tls = Some(listen(key, variable, address, transport)?);
        }
    }
    Ok(addresses)
}

fn taken(key: &str, variable: &str, address: SocketAddr) -> String {
    format!(
        "{key} {address} cannot be listened on; if another program holds it (perhaps another jujiale: \
         `ss -ltnp` names it), stop that one or choose another address with {variable}, e.g. {variable}=127.0.0.1:0"
    )
}

impl Running {
    async fn stop(self) {
        tracing::info!(event = "stopping");
        for (name, (tracker, token)) in
            [("doors", self.doors), ("workers", self.workers), ("writer", self.writer)]
        {
            token.cancel();
            tracker.close();
            if tokio::time::timeout(STAGE_WITHIN, tracker.wait()).await.is_err() {
                tracing::warn!(event = "stop_impatient", stage = name, "not everything ended in time");
            }
        }
        tracing::info!(event = "stopped");
    }
}
