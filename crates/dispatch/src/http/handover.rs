//! The one page that 120 or 110 is handed: who and where it is, what happened, and what is known by now.

use super::{
    App,
    file::{begun, signal_line, who},
    incidents::callers,
    problem::Problem,
    session::Visitor,
};
use crate::view::{
    EventView, PositionView, ResidentCard, chinese,
    paper::{Paper, clock},
};
use incident::{Event, Incident, OnScene, TaskState, What};
use model::{Signal, Timestamp};

/// What whoever takes over is told of signals, beside the first one: so many of the newest, each in so many characters.
const NEWEST_ON_ONE_PAGE: usize = 3;
const WORDS_ON_ONE_PAGE: usize = 100;
/// What was learnt since, of each source so many of the newest, each in so many characters: a sentence with an address fits.
const NOTES_ON_ONE_PAGE: usize = 3;
const FROM_THE_SCENE_ON_ONE_PAGE: usize = 2;
const ANSWERS_ON_ONE_PAGE: usize = 1;
const LEARNT_ON_ONE_PAGE: usize = 60;

/// One page for whoever takes over.
pub(super) async fn handover(
    app: &App,
    visitor: &Visitor,
    incident: &Incident,
    card: Option<&ResidentCard>,
) -> Result<String, Problem> {
    let now = visitor.now();
    let mut paper = begun(incident, card, "移交单", Paper::tight);
    paper.say("big", &format!("打印时间 {}　警情 {}", clock(now), incident.id));
    paper.part("谁");
    paper.facts(&who(card));
    paper.part("在哪里");
    let view = app.hub.view(incident).await?;
    paper.facts(&place(view.position.as_ref(), now));
    paper.part("联系人");
    let contacts = card.map(|card| card.contacts.as_slice()).unwrap_or_default();
    paper.table(
        ["顺序", "姓名", "关系", "电话"],
        contacts.iter().map(|contact| {
            [
                contact.order.to_string(),
                contact.name.clone(),
                contact.relation.clone(),
                contact.telephone.clone(),
            ]
        }),
    );
    paper.part("发生了什么");
    let callers = callers(app, visitor, incident).await?;
    let (first, left_out, newest) = in_short(&incident.signals);
    let line = |signal| signal_line(signal, &callers).map(|text| cut(&text, WORDS_ON_ONE_PAGE));
    let left_out = (left_out > 0).then(|| [String::new(), format!("另有 {left_out} 条"), String::new()]);
    let events = app.shared.store.incident_events(&incident.id).await?;
    paper.table(
        ["时间", "事件", "说明"],
        first
            .iter()
            .map(line)
            .chain(left_out)
            .chain(newest.iter().map(line))
            .chain(learnt(&events).into_iter().map(learnt_line)),
    );
    paper.part("谁在处理");
    let holder = incident.holder().map(|holder| format!("{}（{} 起）", holder.username, clock(holder.since)));
    let comes = incident.tasks.iter().filter(|task| task.state.is_live());
    let comes: Vec<String> =
        comes.map(|task| format!("{}（{}）", task.name, chinese::task(task.state))).collect();
    paper.facts(&[("接线员", holder.unwrap_or_else(|| "无".to_owned())), ("服务站", comes.join("、"))]);
    Ok(paper.into_text())
}

/// What it began with, how much came then, and the newest of it: all of it would not stand on one page.
fn in_short(signals: &[Signal]) -> (&[Signal], usize, &[Signal]) {
    let (first, others) = signals.split_at(signals.len().min(1));
    let left_out = others.len().saturating_sub(NEWEST_ON_ONE_PAGE);
    (first, left_out, others.get(left_out..).unwrap_or_default())
}

/// What the desk wrote down or told others.
fn is_of_the_desk(what: &What) -> bool {
    matches!(what, What::Noted { .. } | What::HandedOver { .. })
        // A step that went as its code says tells nothing new.
        || matches!(what, What::StepMarked { text, .. } if !text.is_empty())
}

/// What whoever is there said. That all goes on as it did is no news.
fn is_of_the_scene(what: &What) -> bool {
    let is_there =
        |to: &TaskState| matches!(to, TaskState::OnScene | TaskState::Finished | TaskState::Failed);
    matches!(what, What::SaidOnScene { said, words, .. } if *said != OnScene::StillAtIt || !words.is_empty())
        || matches!(what, What::TaskMoved { to, words, .. } if is_there(to) && !words.is_empty())
}

/// What was learnt since it began, in its order: the newest of the desk, of the scene and of the family, so that none of them pushes
/// out the others.
fn learnt(events: &[Event]) -> Vec<&Event> {
    let newest = |is_its: fn(&What) -> bool, at_most: usize| {
        events.iter().rev().filter(move |event| is_its(&event.what)).take(at_most)
    };
    let mut all: Vec<&Event> = newest(is_of_the_desk, NOTES_ON_ONE_PAGE)
        .chain(newest(is_of_the_scene, FROM_THE_SCENE_ON_ONE_PAGE))
        .chain(newest(|what| matches!(what, What::Answered { .. }), ANSWERS_ON_ONE_PAGE))
        .collect();
    all.sort_by_key(|event| event.version);
    all
}

fn learnt_line(event: &Event) -> [String; 3] {
    let view = EventView::from(event);
    let state = view.task_state.map(|state| chinese::task(state).to_owned());
    let contact = view.contact.map(|contact| chinese::contact(contact).to_owned());
    let said: Vec<String> = state.into_iter().chain(contact).chain(view.text).collect();
    let by = view.by.map(|by| format!("（{by}）")).unwrap_or_default();
    let words = cut(&said.join("："), LEARNT_ON_ONE_PAGE);
    [clock(view.at), chinese::event(view.kind).to_owned(), format!("{words}{by}")]
}

/// The beginning of a text that is too long for one page.
fn cut(text: &str, at_most: usize) -> String {
    match text.char_indices().nth(at_most) {
        Some((end, _)) => format!("{}……", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// Where the person is, as well as is known, in both data that maps use.
fn place(position: Option<&PositionView>, now: Timestamp) -> Vec<(&'static str, String)> {
    let Some(position) = position else { return vec![("位置", "未知".to_owned())] };
    let wgs84 = model::Wgs84::new(position.lat, position.lon).ok();
    let gcj02 = wgs84.map(model::Wgs84::to_gcj02);
    let age_min = now.duration_since(position.fix_time).as_secs().max(0) / 60;
    vec![
        ("坐标（WGS-84，卫星定位）", format!("{:.6}, {:.6}（纬度, 经度）", position.lat, position.lon)),
        (
            "坐标（GCJ-02，高德/腾讯地图）",
            gcj02
                .map(|place| format!("{:.6}, {:.6}（纬度, 经度）", place.lat(), place.lon()))
                .unwrap_or_default(),
        ),
        ("定位精度", format!("±{:.0} 米", position.accuracy_m)),
        ("定位时间", format!("{}（{age_min} 分钟前）", clock(position.fix_time))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use incident::{Answer, Contact};
    use model::TaskId;

    #[test]
    fn what_is_too_long_for_one_page_is_cut_between_two_signs() {
        assert_eq!(cut("邻居听见呼救", WORDS_ON_ONE_PAGE), "邻居听见呼救");
        assert_eq!(cut(&"救".repeat(WORDS_ON_ONE_PAGE), WORDS_ON_ONE_PAGE), "救".repeat(WORDS_ON_ONE_PAGE));
        let long = cut(&"救".repeat(4_000), WORDS_ON_ONE_PAGE);
        assert_eq!(long, format!("{}……", "救".repeat(WORDS_ON_ONE_PAGE)));
    }

    #[test]
    fn of_each_source_the_newest_stands_there() {
        let noted = |text: &str| What::Noted {
            by: "anna".to_owned(),
            text: text.to_owned(),
            contact: Some(Contact::Resident),
            deadline_at: None,
            cry: None,
        };
        let said = |said: OnScene| What::SaidOnScene {
            task: TaskId::new("t-1").expect("an id"),
            said,
            on_the_way: false,
            by: "wang".to_owned(),
            words: String::new(),
            answer_by: Timestamp::UNIX_EPOCH,
        };
        let answered = |text: &str| What::Answered {
            by: "daughter".to_owned(),
            answer: Answer::Coming,
            text: text.to_owned(),
        };
        let all = [
            noted("旧"),
            noted("髋部疼痛"),
            said(OnScene::NoAnswer),
            answered("十分钟"),
            noted("二"),
            said(OnScene::StillAtIt),
            answered("五分钟"),
            noted(&"三".repeat(400)),
        ];
        let events: Vec<Event> = (1..)
            .zip(all)
            .map(|(version, what)| Event { version, at: Timestamp::UNIX_EPOCH, what })
            .collect();
        let lines: Vec<String> = learnt(&events)
            .into_iter()
            .map(learnt_line)
            .map(|[_, what, words]| what + " " + &words)
            .collect();
        // Who was spoken to stands before the words: nine signs.
        let long = format!("记录 已与老人本人通话：{}……（anna）", "三".repeat(LEARNT_ON_ONE_PAGE - 9));
        assert_eq!(
            lines,
            [
                "记录 已与老人本人通话：髋部疼痛（anna）",
                "现场告知 无人应门（wang）",
                "记录 已与老人本人通话：二（anna）",
                "家属答复 我在路上：五分钟（daughter）",
                long.as_str(),
            ]
        );
    }
}
