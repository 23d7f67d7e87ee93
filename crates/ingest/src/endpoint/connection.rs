//! One connection: a task that moves bytes between a socket and a [`Session`], and messages between it and the hall.
//!
//! The task never waits for one thing alone. Whatever takes time (the disk, the outbox, the client's own slowness) is one
//! branch of one `select!`; the rules are the session's.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Shared;
use super::bulk::{Bulk, Part};
use super::config::{IN_FLIGHT_MAX, OUTPUT_BYTES_SOFT_MAX};
use super::ending::Ending;
use super::errand;
use super::handshake::Admitted;
use super::intake::{Intake, Next};
use super::outlet::{Look, Outlet};
use super::session::{Effect, Session, Verdict};
use super::sessions::SeatGuard;
use super::socket::{Socket, read_some, write_some};
use super::tide::Held;
use super::uplink::Ticket;
use super::wire::{Outbound, Publish};
use crate::hall::Down;

/// How long a client that takes nothing any more is still listened to: what it sent before may be on its way.
const LISTEN_ON: Duration = Duration::from_secs(5);
/// What is still read of a client that has to leave.
const SALVAGE_BYTES_MAX: usize = 1024 * 1024;
/// How long a pause in it ends that reading: not to wait for more, but for the runtime to notice what is there.
const SALVAGE_PAUSE: Duration = Duration::from_millis(5);
/// How long that reading may take in all. A newcomer that takes the session over waits for it.
const SALVAGE_WITHIN: Duration = Duration::from_millis(200);

/// A connection after its CONNECT.
pub(super) struct Connection<S> {
    pub(super) shared: Arc<Shared>,
    pub(super) socket: Socket<S>,
    pub(super) seat: SeatGuard,
    intake: Intake,
    session: Session,
    silence: Duration,
    heard_at: Instant,
    /// When a deaf client is given up.
    given_up_at: Option<Instant>,
    /// The input holds no whole packet.
    needs_input: bool,
    bulk: Bulk,
    held: Held,
    query: Option<Query>,
    finish: mpsc::Sender<(Ticket, bool)>,
    finished: mpsc::Receiver<(Ticket, bool)>,
}

struct Query {
    look: Look,
    rows: BoxFuture<'static, Vec<Down>>,
}

enum Event {
    Read(io::Result<usize>),
    Wrote(io::Result<()>),
    Finished(Ticket, bool),
    Found(Vec<Down>),
    HasRoom(Option<Part>),
    Called(Option<Ending>),
    Stopping,
    Tick,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(shared: Arc<Shared>, socket: Socket<S>, seat: SeatGuard, admitted: Admitted) -> Self {
        let outlet = Outlet::new(admitted.receive_max, admitted.packet_bytes_max);
        let session = Session::new(admitted.rights, admitted.codec.is_v5(), &shared.config, outlet);
        // One report for each publish in flight, so that a report never waits for room.
        let (finish, finished) = mpsc::channel(IN_FLIGHT_MAX);
        let mut connection = Self {
            intake: Intake::new(admitted.codec, shared.config.max_message_bytes),
            shared,
            socket,
            seat,
            session,
            silence: admitted.silence,
            heard_at: Instant::now(),
            given_up_at: None,
            needs_input: true,
            bulk: Bulk::default(),
            held: Held::default(),
            query: None,
            finish,
            finished,
        };
        connection.socket.output.extend_from_slice(&admitted.welcome);
        connection.expect_write();
        connection
    }

    /// Serves the client until the connection ends; says why it did.
    pub(super) async fn run(&mut self) -> Ending {
        let stop = self.shared.stop.clone();
        let mut stopped = std::pin::pin!(stop.cancelled());
        loop {
            if let Some(ending) = self.take_packets() {
                return ending;
            }
            self.ask();
            let within = self.shared.config.bulk_timeout();
            self.held.note(!self.session.has_room(self.shared.tide.share()), within);
            let may_read =
                self.intake.is_passing() || self.bulk.may_read(&self.socket.input, &self.shared.bulk, within);
            let (wants_read, wants_write) = (may_read && self.wants_read(), self.socket.wants_write());
            let (lacking, deadline) = (self.intake.lacking_bytes(&self.socket.input), self.deadline());
            let Socket { reader, writer, input, output, unflushed, .. } = &mut self.socket;
            let event = tokio::select! {
                read = read_some(reader, input, lacking), if wants_read => Event::Read(read),
                wrote = write_some(writer, output, unflushed), if wants_write => Event::Wrote(wrote),
                Some((ticket, taken)) = self.finished.recv() => Event::Finished(ticket, taken),
                rows = answer(&mut self.query) => Event::Found(rows),
                part = self.bulk.part() => Event::HasRoom(part),
                ending = self.seat.seat().called() => Event::Called(ending),
                () = &mut stopped => Event::Stopping,
                () = tokio::time::sleep_until(deadline) => Event::Tick,
            };
            if let Some(ending) = self.handle(event) {
                return ending;
            }
        }
    }

    fn handle(&mut self, event: Event) -> Option<Ending> {
        match event {
            Event::Read(Ok(0) | Err(_)) => Some(Ending::Vanished),
            Event::Read(Ok(_)) => {
                self.heard_at = Instant::now();
                self.seat.heard();
                self.needs_input = false;
                None
            }
            Event::Wrote(result) => {
                self.socket.wrote(&result, self.shared.config.write_timeout());
                if self.socket.deaf && self.given_up_at.is_none() {
                    self.given_up_at = Some(Instant::now() + LISTEN_ON);
                }
                None
            }
            Event::Finished(ticket, taken) => {
                let mut effects = Vec::new();
                self.session.done(ticket, taken, &mut effects);
                self.perform(effects)
            }
            Event::Found(rows) => {
                let mut effects = Vec::new();
                if let Some(query) = self.query.take() {
                    self.session.found(query.look, rows, &mut effects);
                }
                self.perform(effects)
            }
            Event::HasRoom(part) => {
                self.bulk.got(part, Instant::now() + self.shared.config.bulk_timeout());
                None
            }
            Event::Called(ending) => {
                self.session.outlet.wake();
                ending
            }
            Event::Stopping => Some(Ending::Stopping),
            Event::Tick => self.overdue(Instant::now()),
        }
    }

    /// Takes packets off the input as long as there is room for what they may hold.
    fn take_packets(&mut self) -> Option<Ending> {
        while !self.needs_input && self.has_room() {
            let mut effects = Vec::new();
            match self.intake.next(&mut self.socket.input) {
                Next::Packet(packet) => self.session.receive(packet, &mut effects),
                Next::Wait => {
                    self.needs_input = true;
                    self.socket.taken();
                }
                Next::Judge { beginning, full_bytes, packet_bytes } => {
                    self.judge(beginning, full_bytes, packet_bytes, &mut effects);
                }
                Next::Passed => self.session.passed(&mut effects),
                Next::End(ending) => return Some(ending),
            }
            if let Some(ending) = self.perform(effects) {
                return Some(ending);
            }
        }
        None
    }

    /// Decides about a publish by its beginning: to read all of it, or to throw the rest away as it comes.
    fn judge(
        &mut self,
        beginning: Publish,
        full_bytes: usize,
        packet_bytes: usize,
        effects: &mut Vec<Effect>,
    ) {
        match self.session.judge_beginning(beginning, full_bytes, packet_bytes, effects) {
            Verdict::ReadWhole => self.intake.read_whole(),
            Verdict::PassBy => self.intake.pass_by(packet_bytes),
        }
    }

    /// Does what the session decided. Messages are handed on even behind an ending.
    fn perform(&mut self, mut effects: Vec<Effect>) -> Option<Ending> {
        let mut ending = None;
        while !effects.is_empty() {
            let mut more = Vec::new();
            for effect in effects {
                match effect {
                    Effect::HandOn { ticket, work } => {
                        let (finish, part) = (self.finish.clone(), self.bulk.taken());
                        let report = move |taken| {
                            drop(part);
                            if finish.try_send((ticket, taken)).is_err() {
                                tracing::trace!(event = "mqtt_taken_after_the_end", ticket);
                            }
                        };
                        let handset = &self.seat.seat().handset;
                        if let Some(taken) = errand::begin(&self.shared, handset, work, report) {
                            self.session.done(ticket, taken, &mut more);
                        }
                    }
                    Effect::Send(packet) if ending.is_none() => self.send(packet),
                    Effect::Send(_) => {}
                    Effect::Settle(row) => self.settle(row),
                    Effect::End(first) => ending = ending.or(Some(first)),
                }
            }
            effects = more;
        }
        ending
    }

    fn send(&mut self, packet: Outbound) {
        if self.socket.deaf {
            return;
        }
        if let Err(error) = self.intake.codec.encode(packet, &mut self.socket.output) {
            tracing::warn!(event = "mqtt_packet_not_encoded", %error);
        }
        self.expect_write();
    }

    fn expect_write(&mut self) {
        if self.socket.write_deadline.is_none() && self.socket.wants_write() {
            self.socket.write_deadline = Some(Instant::now() + self.shared.config.write_timeout());
        }
    }

    fn settle(&self, row: i64) {
        let (hall, handset) = (Arc::clone(&self.shared.hall), self.seat.seat().handset.clone());
        self.shared.tasks.spawn(async move { hall.settle(&handset, row).await });
    }

    /// Looks into the outbox if there may be something and the client has taken what it was given.
    fn ask(&mut self) {
        if self.query.is_some() || self.socket.deaf || !self.output_has_room() {
            return;
        }
        let Some(look) = self.session.outlet.look() else { return };
        let (hall, handset) = (Arc::clone(&self.shared.hall), self.seat.seat().handset.clone());
        let rows = async move { hall.waiting(&handset, look.after, look.limit).await }.boxed();
        self.query = Some(Query { look, rows });
    }

    /// Whether another packet may be taken off the input. What is thrown away needs no room.
    fn has_room(&self) -> bool {
        let share = self.held.share(&self.shared.tide);
        self.intake.is_passing() || (self.session.has_room(share) && self.output_has_room())
    }

    fn output_has_room(&self) -> bool {
        self.socket.output.len() < OUTPUT_BYTES_SOFT_MAX
    }

    fn wants_read(&self) -> bool {
        self.needs_input && self.has_room()
    }

    fn deadline(&self) -> Instant {
        let silent_at = self.heard_at + self.silence;
        let deadlines =
            [self.socket.write_deadline, self.given_up_at, self.bulk.deadline(), self.held.deadline()];
        deadlines.into_iter().flatten().fold(silent_at, Instant::min)
    }

    fn overdue(&mut self, now: Instant) -> Option<Ending> {
        if self.socket.write_deadline.is_some_and(|at| at <= now) {
            return Some(Ending::SlowReader);
        }
        if self.given_up_at.is_some_and(|at| at <= now) {
            return Some(Ending::Vanished);
        }
        self.bulk.lapse(now);
        self.held.lapse(now);
        if self.heard_at + self.silence > now {
            return None;
        }
        // While we do not read, the silence is ours.
        if self.wants_read() && !self.bulk.waits() {
            return Some(Ending::Silent);
        }
        self.heard_at = now;
        None
    }

    /// Takes the whole publishes that have already arrived from a client that has to leave; none is answered.
    pub(super) async fn salvage(&mut self) {
        let mut read_bytes = 0;
        let until = Instant::now() + SALVAGE_WITHIN;
        loop {
            let mut effects = Vec::new();
            match self.intake.next(&mut self.socket.input) {
                Next::Packet(packet) => self.session.receive(packet, &mut effects),
                Next::Wait => {
                    if read_bytes > SALVAGE_BYTES_MAX || Instant::now() > until {
                        return;
                    }
                    let more = read_some(&mut self.socket.reader, &mut self.socket.input, 0);
                    match tokio::time::timeout(SALVAGE_PAUSE, more).await {
                        Ok(Ok(count)) if count > 0 => read_bytes += count,
                        _ => return,
                    }
                }
                Next::Judge { beginning, full_bytes, packet_bytes } => {
                    self.judge(beginning, full_bytes, packet_bytes, &mut effects);
                }
                Next::Passed => self.session.passed(&mut effects),
                Next::End(_) => return,
            }
            effects.retain(|effect| matches!(effect, Effect::HandOn { .. } | Effect::Settle(_)));
            // Endings are behind us: there is one already.
            self.perform(effects);
        }
    }

    /// Says good-bye where the version knows how.
    pub(super) fn part(&mut self, ending: Ending) {
        if ending.is_told() {
            self.send(Outbound::Disconnect(ending));
        }
    }
}

async fn answer(query: &mut Option<Query>) -> Vec<Down> {
    match query {
        Some(query) => (&mut query.rows).await,
        None => std::future::pending().await,
    }
}
