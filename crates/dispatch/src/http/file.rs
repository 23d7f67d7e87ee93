//! An incident on paper: its whole file, and the one page that 120 or 110 is handed.

use super::{
    App, case_looks, handover::handover, incidents::subject, problem::Problem, residents::Reason,
    session::Visitor, whom, words::unprocessable,
};
use crate::view::{
    ResidentCard, chinese, mask_numbers,
    paper::{CONTENT_SECURITY, Paper, clock, clock_or},
};
use access::{Action, sight};
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use incident::{CAUSES, Code, Incident, OUTCOMES, figures};
use model::{Signal, SignalId, Timestamp};
use protocol::{Progress, Receipt};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{AuditSearch, CommandState, NoticeLine, SaidWord, Told};
use utoipa::IntoParams;

/// Commands that people gave, on paper; the newest.
const COMMANDS: u32 = 500;
/// Rows of the audit log that are read at once.
const LOOKS_AT_ONCE: u32 = 500;

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    /// `file` (the default): everything; `handover`: the one page for 120 or 110.
    part: Option<String>,
}

/// An incident's file as a page to be printed: signals, receipts, calls, tasks, looks and times; or the page that is handed to
/// 120 or 110, with the place in WGS-84 and GCJ-02.
#[utoipa::path(get, path = "/api/incidents/{id}/file", operation_id = "incident_file", params(("id" = String, Path), PaperQuery, Reason),
    responses((status = 200, body = String, content_type = "text/html"),
        (status = 403, body = super::problem::ProblemView, description = "It is closed, and a reason is needed."),
        (status = 404, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(PaperQuery { part }): Query<PaperQuery>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Response, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    let incident = &glance.incident;
    visitor.may(Action::ReadFile, &subject(incident), None)?;
    let is_whole = match part.as_deref() {
        None | Some("file") => true,
        Some("handover") => false,
        Some(_) => return Err(unprocessable("part is file or handover")),
    };
    let card = card(&app, &visitor, incident).await?;
    let text = if is_whole {
        whole(&app, &visitor, incident, card.as_ref()).await?
    } else {
        handover(&app, &visitor, incident, card.as_ref()).await?
    };
    let audited = if is_whole { "print_incident" } else { "print_handover" };
    case_looks::looked(&visitor, audited, &glance, "").await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
    ];
    Ok((headers, text).into_response())
}

/// Who it is about; telephones and the address whole only while an incident about them is open.
async fn card(app: &App, visitor: &Visitor, incident: &Incident) -> Result<Option<ResidentCard>, Problem> {
    let Some(id) = &incident.resident else { return Ok(None) };
    let Some(resident) = app.shared.store.resident(id).await? else { return Ok(None) };
    let is_open = app.shared.store.has_open_incident(id).await?;
    let now = visitor.now();
    let card = ResidentCard::new(resident, incident.handset.clone(), None, now);
    Ok(Some(if sight(&visitor.who, id, is_open, now).contact { card } else { card.masked() }))
}

fn title(incident: &Incident, card: Option<&ResidentCard>, what: &str) -> String {
    let name = card.map_or("身份未知", |card| card.name.as_str());
    format!("{what}：{name}（{}）", clock(incident.opened_at))
}

/// A page about an incident, made by one of [`Paper`]'s beginnings.
pub(super) fn begun(
    incident: &Incident,
    card: Option<&ResidentCard>,
    what: &str,
    page: fn(&str) -> Paper,
) -> Paper {
    let mut paper = page(&title(incident, card, what));
    if incident.drill {
        paper.say("drill", "演练，非真实警情");
    }
    paper
}

pub(super) fn who(card: Option<&ResidentCard>) -> Vec<(&'static str, String)> {
    let Some(card) = card else { return vec![("姓名", "身份未知".to_owned())] };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let sex = if card.sex == "female" { "女" } else { "男" };
    vec![
        ("姓名", card.name.clone()),
        ("性别、年龄", format!("{sex}，{}", card.age.map(|age| format!("{age} 岁")).unwrap_or_default())),
        ("住址", text(&card.address)),
        ("电话", text(&card.telephone)),
        ("病史", card.conditions.join("、")),
        ("过敏", card.allergies.join("、")),
        (
            "认知障碍",
            if card.cognitive_impairment == Some(true) { "有，可能不认路、说不清" } else { "" }.to_owned(),
        ),
        ("独居", if card.lives_alone { "是" } else { "" }.to_owned()),
    ]
}

/// Of a caller's number only the end is printed, but for whoever takes over an open incident.
pub(super) fn signal_line(signal: &Signal, callers: &BTreeMap<SignalId, String>) -> [String; 3] {
    let masked = || signal.caller.as_deref().map(mask_numbers);
    let caller = callers.get(&signal.id).cloned().or_else(masked);
    let mut words: Vec<String> = caller.into_iter().chain(signal.words.iter().cloned()).collect();
    words.extend(signal.remarks.iter().map(|remark| chinese::remark(*remark).to_owned()));
    if signal.cancel {
        words.insert(0, "取消".to_owned());
    }
    [clock(signal.at), crate::outside::in_words(signal.kind).to_owned(), words.join("；")]
}

fn label(codes: &[Code], code: &str) -> String {
    codes.iter().find(|known| known.code == code).map_or(code, |known| known.label).to_owned()
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    incident: &Incident,
    card: Option<&ResidentCard>,
) -> Result<String, Problem> {
    let (now, store) = (visitor.now(), &app.shared.store);
    let mut paper = begun(incident, card, "警情档案", Paper::new);
    let closing = incident.closing();
    paper.facts(&[
        ("警情", incident.id.to_string()),
        ("状态", chinese::state(incident.state_name()).to_owned()),
        ("打印", format!("{}，{}", clock(now), visitor.who.username)),
        ("原因", closing.map(|closing| label(CAUSES, &closing.cause)).unwrap_or_default()),
        ("结果", closing.map(|closing| label(OUTCOMES, &closing.outcome)).unwrap_or_default()),
        ("结案说明", closing.map(|closing| closing.note.clone()).unwrap_or_default()),
    ]);
    paper.part("当事人");
    paper.facts(&who(card));
    let events = store.incident_events(&incident.id).await?;
    paper.part("用时（自第一个信号到达起，秒）");
    if let Some(case) = figures::case(&events) {
        let seconds = |time: Option<u32>| time.map_or_else(|| "—".to_owned(), |time| time.to_string());
        let times = [case.answered_s, case.sent_s, case.acknowledged_s, case.arrived_s, case.closed_s];
        paper.table(["接警", "派单", "服务站接单", "到达", "结案"], [times.map(seconds)]);
    }
    paper.part("信号与回执");
    let told = store.told(&incident.id, &incident.listeners()).await?;
    paper.table(
        ["发生", "收到", "信号", "说明", "回执送达"],
        incident.signals.iter().map(|signal| {
            let [at, what, words] = signal_line(signal, &BTreeMap::new());
            [at, clock(signal.received_at), what, words, receipt(signal, &told)]
        }),
    );
    paper.part("终端播报");
    let said = store.said(&incident.id, &incident.listeners()).await?;
    paper.table(["时间", "终端", "进展", "内容", "送达"], said.into_iter().map(said_line));
    paper.part("经过");
    let events = whom::told(app, visitor, &events).await?;
    paper.table(
        ["时间", "事件", "人员", "内容"],
        events.into_iter().map(|view| {
            let state = view.task_state.map(|state| chinese::task(state).to_owned());
            let contact = view.contact.map(|contact| chinese::contact(contact).to_owned());
            let said: Vec<String> = state.into_iter().chain(contact).chain(view.text).collect();
            [
                clock(view.at),
                chinese::event(view.kind).to_owned(),
                view.by.unwrap_or_default(),
                said.join("："),
            ]
        }),
    );
    paper.part("服务站任务");
    paper.table(
        ["服务站", "派单", "状态", "自", "站员", "说明"],
        incident.tasks.iter().map(|task| {
            let words = [task.note.as_str(), task.words.as_str()];
            let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
            let responder = task.responder.clone().unwrap_or_default();
            let state = chinese::task(task.state).to_owned();
            [task.name.clone(), clock(task.offered_at), state, clock(task.since), responder, words.join("；")]
        }),
    );
    outside(app, incident, now, &mut paper).await?;
    if visitor.may(Action::ReadAudit, &subject(incident), None).is_ok() {
        looks(app, incident, &mut paper).await?;
    }
    Ok(paper.into_text())
}

/// When the handset had the receipt of a press.
fn receipt(signal: &Signal, told: &[Told]) -> String {
    let Some(press_id) = &signal.press_id else { return "—".to_owned() };
    let kind = if signal.cancel { "receipt-of-cancel" } else { "receipt" };
    let (key, of_before) = (format!("{kind}:{}", signal.id), format!("{kind}:{press_id}"));
    // Receipts of before stand under the press's id, which may be another press's too: the words say which one it is about.
    let is_its = |told: &&Told| {
        Some(&told.handset) == signal.handset.as_ref()
            && (told.key == key || (told.key == of_before && is_about(signal, &told.payload)))
    };
    told.iter().find(is_its).map_or_else(|| "—".to_owned(), |told| clock_or(told.settled_at, "未确认"))
}

/// Whether a receipt tells when this press reached us, as exactly as that is kept.
fn is_about(signal: &Signal, receipt: &str) -> bool {
    let receipt: Option<Receipt> = serde_json::from_str(receipt).ok();
    receipt.is_some_and(|receipt| receipt.received_at.as_microsecond() == signal.received_at.as_microsecond())
}

/// What a handset was to say to the person, and when it had it; a newer word may have taken the place of one that never came.
fn said_line(word: SaidWord) -> [String; 5] {
    let (stage, say) = match serde_json::from_str::<Progress>(&word.payload) {
        Ok(progress) => (chinese::stage(progress.stage).to_owned(), progress.say),
        Err(_old) => (String::new(), word.payload),
    };
    [clock(word.said_at), word.handset.to_string(), stage, say, clock_or(word.heard_at, "未送达")]
}

/// How far a message has come, with the times of what came after it was sent.
fn notice_state(notice: &NoticeLine) -> String {
    let [delivered, seen, acknowledged] = chinese::after_sending(notice);
    let later = [
        (delivered, notice.delivered_at_us),
        (seen, notice.seen_at_us),
        (acknowledged, notice.acknowledged_at_us),
    ];
    let later = later.into_iter().filter_map(|(what, at)| Some(format!("{what} {}", clock(moment(at?)?))));
    let all: Vec<String> = std::iter::once(chinese::notice(notice).to_owned()).chain(later).collect();
    all.join("；")
}

fn moment(at_us: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(at_us).ok()
}

/// Who was called, told and asked beyond the desk.
async fn outside(app: &App, incident: &Incident, now: Timestamp, paper: &mut Paper) -> Result<(), Problem> {
    let store = &app.shared.store;
    paper.part("升级呼叫");
    let calls = store.calls_about(&incident.id).await?;
    paper.table(
        ["时间", "级", "对象", "办理", "结果"],
        calls.into_iter().map(|call| {
            let done = clock_or(call.done_at, "未办理");
            let callee = chinese::word(&call.callee).to_owned();
            [clock(call.at), call.step.to_string(), callee, done, call.result.unwrap_or_default()]
        }),
    );
    paper.part("通知");
    let notices = store.notices_about(&incident.id).await?;
    paper.table(
        ["应发", "对象", "方式", "尾号", "次数", "送出", "状态", "说明"],
        notices.into_iter().map(|notice| {
            let state = notice_state(&notice);
            let way = chinese::way(&notice).to_owned();
            let due = clock_or(moment(notice.due_at_us), "");
            let sent = clock_or(notice.sent_at_us.and_then(moment), "未送出");
            let why = notice.why.as_deref().map(chinese::word).unwrap_or_default().to_owned();
            let attempts = notice.attempts.to_string();
            [due, notice.recipient, way, notice.address_last4, attempts, sent, state, why]
        }),
    );
    commands(app, incident, now, paper).await
}

/// What handsets were asked. What the platform asks every half a minute is one line.
async fn commands(app: &App, incident: &Incident, now: Timestamp, paper: &mut Paper) -> Result<(), Problem> {
    let store = &app.shared.store;
    paper.part("终端指令");
    if let Some(all) = store.locates_about(&incident.id).await? {
        let (first, last) = (clock(all.first_at), clock(all.last_at));
        paper.say("note", &format!("平台自动询问定位 {} 次：{first} 至 {last}", all.count));
    }
    let mut commands = store.commands_about(&incident.id, COMMANDS).await?;
    commands.retain(|line| !line.is_locate_of_platform());
    if commands.len() >= usize::try_from(COMMANDS).unwrap_or(usize::MAX) {
        paper.say("note", &format!("人工指令只列最新的 {} 条，更早的不在内", commands.len()));
    }
    paper.table(
        ["时间", "终端", "指令", "状态", "答复"],
        commands.into_iter().rev().map(|line| {
            let state = match line.state(now) {
                CommandState::Queued => "待送达",
                CommandState::Sent => "已送达",
                CommandState::Answered => "已答复",
                CommandState::Expired => "已过期",
            };
            let command = line.command;
            let answer = line.detail.unwrap_or_default();
            let kind = chinese::word(&command.kind).to_owned();
            [clock(command.at), command.handset.to_string(), kind, state.to_owned(), answer]
        }),
    );
    Ok(())
}

/// Who looked at it and did something with it, until today and whomever it was taken to be about; and who looked at the person while
/// it was open. For those who may read that.
async fn looks(app: &App, incident: &Incident, paper: &mut Paper) -> Result<(), Problem> {
    let search = AuditSearch {
        incident: Some(incident.id.clone()),
        subject: incident.resident.is_none().then(|| incident.id.to_string()),
        resident: incident.resident.clone(),
        from: Some(incident.opened_at),
        to: incident.closing().map(|closing| closing.at),
        ..AuditSearch::default()
    };
    let mut looks = Vec::new();
    let mut before = i64::MAX;
    loop {
        let some = app.shared.store.audited(&search, before, LOOKS_AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        before = last.row;
        looks.extend(some);
    }
    paper.part("查阅与操作记录");
    paper.table(
        ["时间", "账号", "操作", "对象"],
        looks.into_iter().rev().map(|look| {
            let row = look.audit;
            [clock(row.at), row.username, chinese::word(&row.action).to_owned(), row.subject]
        }),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{HandsetId, SignalKind};

    #[test]
    fn the_receipt_of_a_press_is_not_that_of_another_with_its_id() {
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let handset = HandsetId::new("h1").unwrap();
        let press = |boot: &str, second: i64| Signal {
            id: SignalId::from_cause("press", &[boot]),
            kind: SignalKind::Press,
            handset: Some(handset.clone()),
            resident: None,
            press_id: Some("p-1".to_owned()),
            cancel: false,
            at: at(second),
            received_at: at(second),
            late_by_s: 0,
            remarks: Vec::new(),
            fix: None,
            caller: None,
            words: None,
            graver: None,
            evidence: None,
        };
        let (first, second) = (press("a", 0), press("b", 600));
        let told = |key: String, about: &Signal, settled_s: i64| Told {
            handset: handset.clone(),
            key,
            payload: serde_json::json!({ "press_id": "p-1", "received_at": about.received_at }).to_string(),
            settled_at: Some(at(settled_s)),
        };
        let each = [(&first, 1), (&second, 601)]
            .map(|(press, settled_s)| told(format!("receipt:{}", press.id), press, settled_s));
        assert_eq!((receipt(&first, &each), receipt(&second, &each)), (clock(at(1)), clock(at(601))));
        let of_before = [told("receipt:p-1".to_owned(), &second, 601)];
        let found = (receipt(&first, &of_before), receipt(&second, &of_before));
        assert_eq!(found, ("—".to_owned(), clock(at(601))));
    }
}
