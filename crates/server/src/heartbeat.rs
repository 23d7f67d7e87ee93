//! The dead-man's switch: each minute a press of the platform's own handset goes the whole way, through the door to the
//! disk and the desk, and only if it has arrived a monitor elsewhere hears that all is well. When the monitor hears
//! nothing any more it calls somebody, whatever has become of this platform. Of several processes that share a store one does it.

mod lease;

use anyhow::Context as _;
use dispatch::{Shared, desk::Desk, live::Hub};
use firmware_sim::{
    Actor, Driver, Observer, Radio, RadioConfig,
    handset::{Effect, Handset, Notice},
};
use lease::Turn;
use model::{HandsetId, SignedDuration, Timestamp};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use store::{JobError, Lease, PROBE, PrepareProbe, secrets};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Beyond its turn a press may take so long, and no longer than a turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the desk may take over what is on disk.
const PLACED_WITHIN: Duration = Duration::from_secs(10);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Pause before the handset is prepared again.
const RETRY_AFTER: Duration = Duration::from_secs(2);
const RECONNECT_AFTER: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));
/// Notices waiting; what does not fit says nothing that the next press would not.
const NOTICES: usize = 16;

const BROKEN: &str = "chain_broken";
const UNREACHED: &str = "monitor_unreached";

/// What is proved, and to whom.
#[derive(Clone)]
pub(crate) struct Chain {
    pub(crate) shared: Shared,
    pub(crate) desk: Desk,
    pub(crate) hub: Hub,
    /// What this process is called among those that share the store.
    pub(crate) holder: Arc<str>,
    /// The plain door.
    pub(crate) door: SocketAddr,
    /// Absent: nobody is told, and nothing is pressed.
    pub(crate) monitor: Option<Arc<notify::Heartbeat>>,
    /// A turn.
    pub(crate) every: Duration,
    pub(crate) tracker: TaskTracker,
}

/// Proves it until stopped, whenever it is this process's turn.
pub(crate) async fn follow(chain: Chain, stop: CancellationToken) {
    let Some(monitor) = chain.monitor.clone() else {
        // What an earlier start with a monitor may have left.
        if let Err(error) = chain.desk.end_probe().await {
            tracing::warn!(event = "probe_left_open", %error);
        }
        return;
    };
    while !stop.is_cancelled() {
        match lease::ask(&chain.shared, &chain.holder).await {
            Turn::Own(held) => chain.prove(&monitor, held, &stop).await,
            Turn::Anothers => chain.stand_by(),
            Turn::Unknown => chain.is_broken("the store does not answer"),
        }
        stop.run_until_cancelled(tokio::time::sleep(lease::ASK_EVERY)).await;
    }
}

impl Chain {
    /// Presses, and tells the monitor of what has arrived, as long as the lease is this process's.
    async fn prove(&self, monitor: &notify::Heartbeat, held: Lease, stop: &CancellationToken) {
        let (tell, mut heard) = mpsc::channel(NOTICES);
        let pressing = stop.child_token();
        self.tracker.spawn(self.clone().press(held, tell, pressing.clone()));
        let pressing = pressing.drop_guard();
        let patience = self.every.saturating_add(PATIENCE.min(self.every));
        let (mut late_at, mut ask_at) = (Instant::now() + patience, Instant::now() + lease::ASK_EVERY);
        let mut reason = None;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                notice = heard.recv() => match notice {
                    None => break,
                    Some(Heard::Unreachable(why)) => reason = Some(why),
                    Some(Heard::Receipted(press_id)) => match self.arrived(&press_id).await {
                        Ok(()) => {
                            self.shared.health.clear(BROKEN);
                            self.tell(monitor).await;
                            (late_at, reason) = (Instant::now() + patience, None);
                        }
                        Err(why) => self.is_broken(&format!("{why:#}")),
                    },
                },
                () = tokio::time::sleep_until(late_at) => {
                    late_at = Instant::now() + patience;
                    self.is_broken(reason.as_deref().unwrap_or("the platform's own press has no receipt"));
                }
                () = tokio::time::sleep_until(ask_at) => {
                    let turn = lease::ask(&self.shared, &self.holder).await;
                    // A store that does not answer ends no lease.
                    if turn != Turn::Unknown && turn != Turn::Own(held) {
                        return;
                    }
                    ask_at = Instant::now() + lease::ASK_EVERY;
                }
            }
        }
        drop(pressing);
        lease::end(&self.shared, held).await;
    }

    /// Another process presses, and says how it goes.
    fn stand_by(&self) {
        self.shared.health.clear(BROKEN);
        self.shared.health.clear(UNREACHED);
    }

    /// Presses until stopped, or until another process does. Whenever the door was lost the handset is prepared anew: its secret
    /// may be another's since.
    async fn press(self, held: Lease, tell: mpsc::Sender<Heard>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let Some(Some(password)) = stop.run_until_cancelled(self.prepared(held)).await else { return };
            let lost = Arc::new(Notify::new());
            let Some(driver) = self.driver(password, Ear { tell: tell.clone(), lost: Arc::clone(&lost) })
            else {
                return;
            };
            let turn = stop.child_token();
            let running = driver.run(turn.clone());
            tokio::pin!(running);
            tokio::select! {
                () = &mut running => {}
                () = lost.notified() => {
                    turn.cancel();
                    running.as_mut().await;
                }
            }
            stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await;
        }
    }

    /// The secret of the handset that is ready to press; none where another process presses by now.
    async fn prepared(&self, held: Lease) -> Option<String> {
        loop {
            match self.prepare(held).await {
                Ok(password) => return password,
                Err(error) => self.is_broken(&format!("the platform's own handset is not ready: {error:#}")),
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }

    fn driver(&self, password: String, ear: Ear) -> Option<Driver<Presser>> {
        let clock = firmware_sim::Clock::start();
        let id = HandsetId::new(PROBE).ok()?;
        let config = RadioConfig {
            host: reachable(self.door.ip()).to_string(),
            port: self.door.port(),
            handset: id.clone(),
            password,
            client_id: format!("{PROBE}-{}", clock.now().as_millisecond()),
            reconnect_after: RECONNECT_AFTER,
        };
        let handset = Handset::new(id, SignedDuration::ZERO, clock.now());
        let presser = Presser { handset, next: Some(clock.now()), every: self.every, has_dialled: false };
        let radio = Radio::new(config, self.tracker.clone());
        Some(Driver::new(presser, radio, clock, Arc::new(ear)))
    }

    /// A secret that lives until the door is lost; none where the lease is another's.
    async fn prepare(&self, held: Lease) -> anyhow::Result<Option<String>> {
        let password = fresh_secret()?;
        let secret = password.clone();
        let hash = tokio::task::spawn_blocking(move || secrets::hash_handset_secret(secret.as_bytes()));
        let secret_hash = hash.await??;
        match self.shared.store.write(PrepareProbe { secret_hash, lease: Some(held) }).await {
            Ok(()) => Ok(Some(password)),
            Err(JobError::Conflict) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// It is on disk. Waits until it has come to the screens, and takes it away from there.
    async fn arrived(&self, press_id: &str) -> anyhow::Result<()> {
        let placed = async {
            while !self.hub.has_probe(press_id) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PLACED_WITHIN, placed)
            .await
            .context("the platform's own press is on disk, but the desk does not show it")?;
        self.desk.end_probe().await.context("the desk cannot close the platform's own press")
    }

    async fn tell(&self, monitor: &notify::Heartbeat) {
        let failed = monitor.beat().await.err();
        let detail = failed.map(|why| {
            format!("the monitor in monitor.heartbeat_url was not told that all is well, and will call somebody: {why}")
        });
        self.shared.health.set(UNREACHED, detail, self.shared.clock.now());
    }

    fn is_broken(&self, why: &str) {
        let detail = format!(
            "a press does not come through door, disk and desk ({why}); monitor.heartbeat_url is not called until one does"
        );
        self.shared.health.raise(BROKEN, detail, self.shared.clock.now());
    }
}

fn fresh_secret() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("there is no randomness: {error}"))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// Where this machine reaches what listens everywhere.
fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}

/// What the handset tells of itself.
enum Heard {
    Receipted(String),
    Unreachable(String),
}

struct Ear {
    tell: mpsc::Sender<Heard>,
    /// The door was lost.
    lost: Arc<Notify>,
}

impl Observer for Ear {
    fn notice(&self, _handset: &HandsetId, _at: Timestamp, notice: &Notice) {
        let heard = match notice {
            Notice::PressReceipted { press, .. } => Heard::Receipted(press.press_id.clone()),
            Notice::Unreachable { reason } => {
                self.lost.notify_one();
                Heard::Unreachable(reason.clone())
            }
            _ => return,
        };
        // Too many at once: the next press is heard.
        self.tell.try_send(heard).unwrap_or_default();
    }
}

/// Presses once a turn, and never while a press waits for its receipt: after an outage one is enough.
struct Presser {
    handset: Handset,
    next: Option<Timestamp>,
    every: Duration,
    has_dialled: bool,
}

impl Actor for Presser {
    fn handset(&mut self) -> &mut Handset {
        &mut self.handset
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let press = self.next.filter(|_| self.handset.unreceipted() == 0);
        press.into_iter().chain(self.handset.next_wake()).min()
    }

    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !std::mem::replace(&mut self.has_dialled, true) {
            effects.push(Effect::Dial);
        }
        if self.handset.unreceipted() == 0 && self.next.is_some_and(|next| next <= now) {
            self.handset.press(None, None, now, now, effects);
            self.next = now.checked_add(self.every).ok();
        }
        self.handset.wake(now, effects);
    }
}
