//! What the handlers work with.

use super::{
    breadth::Breadth, crowd::Addresses, lasting::Lately, pace::Pace, refusals::Refusals, task_links::Looks,
    throttle::Throttle,
};
use crate::{
    Shared,
    desk::Desk,
    live::{Hub, SCREENS_PER_ACCOUNT, Screens},
    outside::Outside,
};
use access::Role;
use geofence::Rules;
use std::sync::Arc;
use store::SlowLane;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

/// Renders the metrics.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// The handlers' state; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) shared: Shared,
    pub(crate) desk: Desk,
    pub(crate) hub: Hub,
    pub(crate) metrics: MetricsText,
    pub(crate) throttle: Arc<Throttle>,
    /// Whose passwords wait to be checked.
    pub(super) checking: Addresses,
    /// How fast everybody asks.
    pub(super) pace: Arc<Pace>,
    /// When sessions were last in use.
    pub(super) lately: Arc<Lately>,
    /// What is told of those who are refused.
    pub(super) refusals: Arc<Refusals>,
    /// The live screens of each account.
    pub(super) screens: Screens,
    /// Who looked by links.
    pub(super) linked: Arc<Looks>,
    /// At how many people each account looks.
    pub(super) breadth: Arc<Breadth>,
    /// Hashes passwords.
    pub(crate) slow: Arc<SlowLane>,
    pub(crate) stop: CancellationToken,
    /// What reaches people outside the screens, where it is set up.
    pub(crate) outside: Option<Outside>,
    /// Roles that log in with a second factor.
    second_factor_for: Arc<[Role]>,
    /// The rules by which the watch says whether a handset is late, as they are now.
    watch_rules: watch::Receiver<Arc<Rules>>,
    usual_heartbeat_s: Option<f64>,
    /// What opens the figures to other machines.
    metrics_token: Option<Arc<str>>,
    /// Names of accounts whose rights changed, for the live connections they have.
    pub(crate) changed: broadcast::Sender<String>,
}

/// Passwords of one address that may wait for the thread that hashes: a centre at the change of shifts, and less than the
/// thread takes on. So whoever sends them by the thousand holds up others for some seconds at most.
const CHECKED_OF_ONE_ADDRESS: usize = 32;
/// Changes a live connection may fall behind by; one that does looks at its rights in any case.
const CHANGES_HELD: usize = 256;

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// The state over these parts. Live connections end when `stop` is cancelled.
    pub fn new(
        shared: Shared,
        desk: Desk,
        hub: Hub,
        metrics: MetricsText,
        slow: SlowLane,
        stop: CancellationToken,
    ) -> Self {
        let lately = Arc::new(Lately::new(shared.clock.now()));
        Self {
            shared,
            desk,
            hub,
            metrics,
            throttle: Arc::default(),
            checking: Addresses::new(CHECKED_OF_ONE_ADDRESS),
            pace: Arc::default(),
            lately,
            refusals: Arc::default(),
            screens: Screens::new(SCREENS_PER_ACCOUNT),
            linked: Arc::default(),
            breadth: Arc::default(),
            slow: Arc::new(slow),
            stop,
            outside: None,
            second_factor_for: Arc::default(),
            watch_rules: watch::channel(Arc::default()).1,
            usual_heartbeat_s: None,
            metrics_token: None,
            changed: broadcast::channel(CHANGES_HELD).0,
        }
    }

    /// The same, where this reaches people outside the screens.
    #[must_use]
    pub fn reaching(self, outside: Outside) -> Self {
        Self { outside: Some(outside), ..self }
    }

    /// The same, where these roles log in with a second factor.
    #[must_use]
    pub fn with_second_factor_for(self, roles: &[Role]) -> Self {
        Self { second_factor_for: roles.into(), ..self }
    }

    /// The same, where whoever brings this token reads the figures from another machine.
    #[must_use]
    pub fn measured_with(self, token: Option<&str>) -> Self {
        Self { metrics_token: token.map(Into::into), ..self }
    }

    /// The same, where the watch works by these rules, which may be exchanged, and a handset of which nobody said so is heard so often
    /// at least, in seconds.
    #[must_use]
    pub fn watched_by(self, rules: watch::Receiver<Arc<Rules>>, usual_heartbeat_s: Option<f64>) -> Self {
        Self { watch_rules: rules, usual_heartbeat_s, ..self }
    }

    /// How often a handset is heard at least where nobody said so, in seconds; none: then nobody misses it.
    pub(super) fn usual_heartbeat_s(&self) -> Option<f64> {
        self.usual_heartbeat_s
    }

    /// The rules that the watch works by now.
    pub(super) fn watch_rules(&self) -> Arc<Rules> {
        Arc::clone(&self.watch_rules.borrow())
    }

    /// The same, where an account may have so many live screens up at once.
    #[must_use]
    pub fn with_screens_per_account(self, most: usize) -> Self {
        Self { screens: Screens::new(most), ..self }
    }

    /// How long it takes tells nothing of what the token says.
    pub(super) fn may_measure(&self, brought: Option<&str>) -> bool {
        let (Some(token), Some(brought)) = (&self.metrics_token, brought) else { return false };
        notify::is_same(token.as_bytes(), brought.as_bytes())
    }

    pub(super) fn demands_second_factor(&self, role: Role) -> bool {
        self.second_factor_for.contains(&role)
    }

    /// Tells the live connections of an account in this process to look at their rights; those elsewhere do so within
    /// seconds.
    pub(crate) fn rights_changed(&self, username: &str) {
        self.changed.send(username.to_owned()).unwrap_or_default();
    }
}
