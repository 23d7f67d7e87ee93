//! One dashboard's websocket.

mod channel_test;

use super::{
    Frame, Hub, SESSION_ENDED, TOO_MANY, TOO_SLOW,
    on_screens::Whose,
    said_on_duty::SaidOnDuty,
    screens::{Place, Question},
    sounding::{Sounding, answered_on},
};
use crate::http::{Use, session::Visitor};
use access::{Role, Who, hears_words};
use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
};
use channel_test::{TEST, Tests};
use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use model::{IncidentId, ResidentId, TaskId};
use serde::Deserialize;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc,
    },
    time::{Instant, Interval, MissedTickBehavior, timeout},
};
use tokio_util::sync::CancellationToken;

/// How long a client may take to say where it stands.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long one frame may take to leave; a browser that reads nothing fills its socket and stops here.
const SENT_WITHIN: Duration = Duration::from_secs(10);
/// How long that may hold up the frames: a store that cannot be written is when they matter most.
const LOOKED_AT_WITHIN: Duration = Duration::from_millis(200);
/// How often the other end is asked whether it is there: browsers answer by themselves.
const ASKED_EVERY: Duration = Duration::from_secs(5);
/// Who leaves so many questions without an answer is not there: a cable that was pulled tells nobody, and whose screen is dark
/// must not be taken for somebody at the desk. Questions are counted and no time is taken, for a pause of this machine is
/// nobody's silence.
const UNANSWERED: u32 = 3;
/// Whoever leaves so many open is there, but others are called in their place: the question before has had five seconds.
const DOUBTED: u32 = 2;
/// Whom a screen shows goes on record soon after it begins, and then this often who is new.
const FIRST_ON_RECORD: Duration = Duration::from_secs(5);
const ON_RECORD_EVERY: Duration = Duration::from_mins(1);
/// How often a session is looked at again; a change that was made in this process is heard at once.
const SESSION_EVERY: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct Hello {
    #[serde(default)]
    resume: Option<String>,
}

/// What a page says beside its hello takes no more; anything longer is not read.
const ANSWER_BYTES: usize = 512;

/// What a page says of itself. Whatever else it says means that it is there.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer {
    /// It has this incident, which sounds, or a station's page this task in it; whether it can be seen now, or the page stands
    /// behind another or is covered.
    Shown { incident: IncidentId, task: Option<TaskId>, visible: bool },
    /// Its shift runs and it can be heard, or not any more.
    Duty { on: bool },
}

/// What leaves, and what of it calls this account.
struct Leaving {
    text: Utf8Bytes,
    calls: Vec<(Arc<Sounding>, Whose)>,
}

type Sender = SplitSink<WebSocket, Message>;

/// Why a connection ended; the number is the close code.
enum End {
    Gone,
    Code(u16, &'static str),
}

/// Serves the connection until it ends or its place is needed; says whom it showed that is not on record yet. `changed` names
/// accounts whose rights have changed.
pub(crate) async fn serve(
    socket: WebSocket,
    hub: Hub,
    visitor: Visitor,
    changed: broadcast::Receiver<String>,
    stop: CancellationToken,
    mut place: Place,
) -> BTreeSet<ResidentId> {
    metrics::gauge!("jujiale_live_connections").increment(1.0);
    let (mut sender, mut receiver) = socket.split();
    let (shown, on_record, cases) = Default::default();
    let mut screen = Screen { visitor, row: 0, duty: SaidOnDuty::default(), shown, on_record, cases };
    let present = hub.attendance().comes(&screen.visitor.who);
    let questions = place.questions();
    let end = tokio::select! {
        end = run(&mut sender, &mut receiver, &hub, &mut screen, (changed, questions), &stop) => end,
        () = place.sent_away() => End::Code(TOO_MANY, "this account has too many screens up; come back later"),
    };
    if let End::Code(code, reason) = end {
        let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
        // The other end may be gone, or not reading; then there is nobody to tell.
        timeout(Duration::from_secs(1), sender.send(close)).await.unwrap_or(Ok(())).unwrap_or_default();
    }
    drop((present, place));
    metrics::gauge!("jujiale_live_connections").decrement(1.0);
    screen.shown
}

/// Who looks, and what was shown.
struct Screen {
    visitor: Visitor,
    /// The place in the log up to which it was told.
    row: i64,
    duty: SaidOnDuty,
    /// Whom it showed and that is not on record yet.
    shown: BTreeSet<ResidentId>,
    on_record: BTreeSet<ResidentId>,
    /// The incidents that stand open on it.
    cases: BTreeSet<IncidentId>,
}

impl Screen {
    fn note_shown(&mut self, residents: impl IntoIterator<Item = ResidentId>) {
        let new = residents.into_iter().filter(|resident| !self.on_record.contains(resident));
        self.shown.extend(new);
    }

    /// Puts on record whom it has shown since the last time: after a kill nobody would know. What could not be written in time is
    /// written with the next.
    async fn put_on_record(&mut self) {
        if self.shown.is_empty() {
            return;
        }
        let written = timeout(LOOKED_AT_WITHIN, self.visitor.showed("live_shown", &self.shown)).await;
        match written {
            Ok(Ok(())) => self.on_record.append(&mut self.shown),
            Ok(Err(error)) => tracing::warn!(event = "audit_failed", %error),
            Err(_elapsed) => tracing::warn!(event = "audit_waits", action = "live_shown"),
        }
    }

    /// What of this frame is news here and may be seen.
    fn text_for(&mut self, frame: &Frame) -> Option<Utf8Bytes> {
        let now = self.visitor.now();
        if !frame.is_for(&self.visitor.who, now) {
            return None;
        }
        frame.keep_in(&mut self.cases);
        if self.visitor.is_locked {
            return frame.veiled();
        }
        // Where the person lives is not looked up for it: an account for a part of the district is told of nobody.
        if frame.is_record_to(&self.visitor.who) && self.visitor.who.scope.is_some() {
            return frame.veiled();
        }
        self.note_shown(frame.resident().cloned());
        if frame.is_record_to(&self.visitor.who) {
            return frame.in_short();
        }
        if !hears_words(self.visitor.who.role) {
            let hides_place = frame.hides_place(&self.visitor.who, now);
            return if hides_place { frame.placeless() } else { frame.wordless() };
        }
        Some(frame.whole(&self.visitor.who))
    }

    fn called(&self, sounding: Arc<Sounding>) -> Option<(Arc<Sounding>, Whose)> {
        let of = sounding.on(&self.visitor.who)?;
        Some((sounding, (of, self.visitor.who.username.clone())))
    }

    fn leaving(&mut self, frame: &Frame) -> Option<Leaving> {
        let text = self.text_for(frame)?;
        let calls = frame.sounding().and_then(|sounding| self.called(Arc::clone(sounding)));
        let calls = calls.into_iter().collect();
        Some(Leaving { text, calls })
    }

    /// Sends it. Of what calls this account is noted that it was to be told, and then that it was.
    async fn tell(&self, sender: &mut Sender, hub: &Hub, Leaving { text, calls }: Leaving) -> bool {
        let on_screens = hub.on_screens();
        for (sounding, whose) in &calls {
            on_screens.due(sounding, whose, true);
        }
        let is_sent = send(sender, Message::Text(text)).await;
        for (sounding, whose) in calls.iter().filter(|_| is_sent) {
            on_screens.sent(&sounding.incident, whose, self.visitor.now());
        }
        is_sent
    }

    /// Tells it, if it is news here and may be seen; false if it could not be told.
    async fn pass_on(&mut self, sender: &mut Sender, hub: &Hub, frame: &Frame) -> bool {
        if !self.is_news(frame) {
            return true;
        }
        match self.leaving(frame) {
            Some(leaving) => self.tell(sender, hub, leaving).await,
            None => true,
        }
    }

    /// Whether an operator takes here what comes. Behind a lock nobody may sit, and a page that leaves questions open may be gone.
    fn is_on_duty(&self, unanswered: u32) -> bool {
        let is_here = !self.visitor.is_locked && unanswered < DOUBTED;
        self.duty.holds() && is_here && self.visitor.who.role == Role::Operator
    }

    /// Notes what the page says of itself. By which clock it did is not asked.
    fn hear(&mut self, hub: &Hub, said: &Message) {
        let Message::Text(text) = said else { return };
        if text.len() > ANSWER_BYTES {
            return;
        }
        match serde_json::from_str(text) {
            Ok(Answer::Shown { incident, task, visible }) => {
                let who = &self.visitor.who;
                let whose = (answered_on(who.role, task), who.username.clone());
                // Who has locked it sees neither name nor place.
                let is_looked_at = visible && !self.visitor.is_locked;
                hub.on_screens().answered(&incident, &whose, is_looked_at, self.visitor.now());
            }
            Ok(Answer::Duty { on }) => self.duty.hear(on),
            Err(_something_else) => {}
        }
    }

    /// Passes over incident events that the beginning held. Positions, health and unsaved presses carry the
    /// present row and are always passed on.
    fn is_news(&mut self, frame: &Frame) -> bool {
        let is_news = frame.row >= self.row;
        self.row = self.row.max(frame.row);
        is_news
    }

    /// Whether only what is kept from the account is another now, and the incidents that it may see are those it has on its screen.
    fn has_the_same_on_it(&self, hub: &Hub, now: &Visitor) -> bool {
        let as_before = Who { withheld: self.visitor.who.withheld.clone(), ..now.who.clone() };
        let is_same_otherwise = as_before == self.visitor.who && now.is_locked == self.visitor.is_locked;
        is_same_otherwise && hub.snapshot(&now.who).0.cases() == self.cases
    }

    /// Everything that may be seen now.
    fn snapshot(&mut self, hub: &Hub) -> serde_json::Result<Leaving> {
        let (snapshot, row) = hub.snapshot(&self.visitor.who);
        (self.row, self.cases) = (row, snapshot.cases());
        let now = self.visitor.now();
        let open = snapshot.incidents.iter().filter_map(|view| Sounding::of(view, now));
        // A locked screen is told of no task.
        let tasks = snapshot.tasks.iter().filter(|_| !self.visitor.is_locked);
        let sounding = open.chain(tasks.filter_map(Sounding::of_task)).map(Arc::new);
        let calls = sounding.filter_map(|sounding| self.called(sounding)).collect();
        if self.visitor.is_locked {
            return Ok(Leaving { text: snapshot.veiled()?.to_string().into(), calls });
        }
        let residents = snapshot.incidents.iter().filter_map(|incident| incident.resident.as_ref());
        self.note_shown(residents.map(|resident| resident.id.clone()));
        let snapshot = if hears_words(self.visitor.who.role) { snapshot } else { snapshot.wordless() };
        Ok(Leaving { text: serde_json::to_string(&snapshot)?.into(), calls })
    }
}

async fn run(
    sender: &mut Sender,
    receiver: &mut SplitStream<WebSocket>,
    hub: &Hub,
    screen: &mut Screen,
    (mut changed, questions): (broadcast::Receiver<String>, Option<mpsc::Receiver<Question>>),
    stop: &CancellationToken,
) -> End {
    let hello = match timeout(HELLO_WITHIN, hello(receiver)).await {
        Ok(Some(hello)) => hello,
        Ok(None) => return End::Gone,
        Err(_) => return End::Code(1002, "send {\"resume\":null} first"),
    };
    // Subscribed before the beginning is read: what happens meanwhile waits, and what the beginning
    // already holds is passed over.
    let mut frames = hub.subscribe(screen.visitor.who.role);
    let beginning = match begin(hub, screen, hello).await {
        Ok(begun) => begun,
        Err(error) => {
            tracing::error!(event = "live_begin_failed", %error);
            return End::Code(1011, "the store cannot be read; come back");
        }
    };
    for leaving in beginning {
        if !screen.tell(sender, hub, leaving).await {
            return End::Code(TOO_SLOW, "too slow; resume");
        }
    }
    let mut session = tokio::time::interval(SESSION_EVERY);
    session.tick().await;
    let mut ask = not_made_up_for(Duration::ZERO, ASKED_EVERY);
    let (mut unanswered, mut duty) = (0, hub.duty());
    let mut tests = Tests::new(questions);
    let mut on_record = not_made_up_for(FIRST_ON_RECORD, ON_RECORD_EVERY);
    loop {
        duty.set(screen.is_on_duty(unanswered));
        tokio::select! {
            () = stop.cancelled() => return End::Code(1001, "the platform is restarting; come back"),
            frame = frames.recv() => match frame {
                Ok(frame) if frame.is_gap() => return End::Code(TOO_SLOW, "too much at once; resume"),
                Ok(frame) => {
                    if !screen.pass_on(sender, hub, &frame).await {
                        return End::Code(TOO_SLOW, "too slow; resume");
                    }
                    // With a task of its own a station sees somebody more, or nobody any more.
                    if frame.is_task_of(&screen.visitor.who)
                        && let Some(end) = look_again(sender, hub, screen).await
                    {
                        return end;
                    }
                }
                Err(RecvError::Lagged(_)) => return End::Code(TOO_SLOW, "too slow; resume"),
                Err(RecvError::Closed) => return End::Gone,
            },
            heard = receiver.next() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return End::Gone,
                // Pings are answered by the library; what else a client says means that it is there.
                Some(Ok(said)) => {
                    unanswered = 0;
                    tests.hear(&said);
                    screen.hear(hub, &said);
                }
            },
            () = tests.next() => {
                if !send(sender, Message::Ping(Bytes::from_static(TEST))).await {
                    return End::Code(TOO_SLOW, "too slow; resume");
                }
            }
            _ = ask.tick() => {
                if unanswered == UNANSWERED {
                    return End::Code(TOO_SLOW, "nothing was heard; resume");
                }
                unanswered += 1;
                screen.duty.asked();
                if !send(sender, Message::Ping(Bytes::new())).await {
                    return End::Code(TOO_SLOW, "too slow; resume");
                }
            }
            whose = changed.recv() => {
                // Whoever fell behind looks in any case.
                if whose.is_ok_and(|whose| whose != screen.visitor.who.username) {
                    continue;
                }
                if let Some(end) = look_again(sender, hub, screen).await {
                    return end;
                }
            }
            _ = on_record.tick() => screen.put_on_record().await,
            _ = session.tick() => {
                if let Some(end) = look_again(sender, hub, screen).await {
                    return end;
                }
                timeout(LOOKED_AT_WITHIN, screen.visitor.stay(Use::Screen)).await.unwrap_or_default();
            }
        }
    }
}

/// After a pause what was missed, as questions to the other end, does not come all at once.
fn not_made_up_for(first: Duration, every: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + first, every);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Looks at what the account may see now. If that has changed the screen begins anew, so that what it may see no more
/// goes away; not where something is kept from it, or was, that never stood there: to begin anew would tell of it.
async fn look_again(sender: &mut Sender, hub: &Hub, screen: &mut Screen) -> Option<End> {
    let Ok(found) = timeout(LOOKED_AT_WITHIN, screen.visitor.anew()).await else { return None };
    let Some(now) = found else {
        return Some(End::Code(SESSION_ENDED, "the session has ended; log in again"));
    };
    let is_as_before = now.who == screen.visitor.who && now.is_locked == screen.visitor.is_locked;
    let is_untold = is_as_before || screen.has_the_same_on_it(hub, &now);
    screen.visitor = now;
    if is_untold {
        return None;
    }
    let Ok(leaving) = screen.snapshot(hub) else { return Some(End::Code(1011, "come back")) };
    (!screen.tell(sender, hub, leaving).await).then_some(End::Code(TOO_SLOW, "too slow; resume"))
}

async fn begin(
    hub: &Hub,
    screen: &mut Screen,
    hello: Hello,
) -> Result<Vec<Leaving>, Box<dyn std::error::Error + Send + Sync>> {
    // What a relative or a station may see, and what a locked screen was not shown, may have changed while the link was down.
    let may_resume =
        !matches!(screen.visitor.who.role, Role::Relative | Role::Station) && !screen.visitor.is_locked;
    if let Some(resume) = hello.resume.as_ref().filter(|_| may_resume)
        && let Some((frames, row)) = hub.missed(resume, screen.visitor.who.role).await?
    {
        screen.row = row;
        return Ok(frames.iter().filter_map(|frame| screen.leaving(frame)).collect());
    }
    Ok(vec![screen.snapshot(hub)?])
}

/// The client's first word; one that is no JSON counts as "from the beginning".
async fn hello(receiver: &mut SplitStream<WebSocket>) -> Option<Hello> {
    loop {
        match receiver.next().await? {
            Ok(Message::Text(text)) => {
                return Some(serde_json::from_str(&text).unwrap_or(Hello { resume: None }));
            }
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_) | Message::Close(_)) | Err(_) => return None,
        }
    }
}

async fn send(sender: &mut Sender, message: Message) -> bool {
    matches!(timeout(SENT_WITHIN, sender.send(message)).await, Ok(Ok(())))
}
