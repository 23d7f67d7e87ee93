//! The words by which printed pages call states, events and ways, as the console does. Every variant has its own: a new one
//! does not compile until it has a word.

use incident::{Contact, EventKind, StateName, TaskState};
use model::Remark;
use protocol::Stage;
use store::{NoticeLine, NoticeState};

/// How far an incident has come.
pub(crate) fn state(state: StateName) -> &'static str {
    match state {
        StateName::Raised => "待接警",
        StateName::Claimed => "已接警",
        StateName::Dispatched => "已派单",
        StateName::OnScene => "已到场",
        StateName::Resolved => "已解除",
        StateName::Closed => "已结案",
    }
}

/// How far a task has come.
pub(crate) fn task(state: TaskState) -> &'static str {
    match state {
        TaskState::Offered => "等待接单",
        TaskState::Acknowledged => "已接单",
        TaskState::Declined => "婉拒",
        TaskState::EnRoute => "已出发",
        TaskState::OnScene => "已到场",
        TaskState::Finished => "已完成",
        TaskState::Failed => "没去成",
        TaskState::Withdrawn => "已撤回",
    }
}

/// What happened to an incident.
pub(crate) fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "警情发生",
        EventKind::SignalJoined => "又来一个信号",
        EventKind::Claimed => "接警",
        EventKind::Released => "退回队列",
        EventKind::Noted => "记录",
        EventKind::Confirmed => "已知悉",
        EventKind::StepMarked => "记下步骤",
        EventKind::Answered => "家属答复",
        EventKind::Returned => "回到围栏内",
        EventKind::HolderLost => "接线员失联",
        EventKind::HolderBack => "接线员重新上线",
        EventKind::Dispatched => "派服务站",
        EventKind::TaskMoved => "任务进展",
        EventKind::TaskOverdue => "任务没有按时回音",
        EventKind::TaskUndone => "任务撤销上一步",
        EventKind::SaidOnScene => "现场告知",
        EventKind::MergedFrom => "并进另一起",
        EventKind::MergedInto => "并入另一起",
        EventKind::SplitOff => "拆出另一起",
        EventKind::Transferred => "转交",
        EventKind::HandedOver => "移交",
        EventKind::Identified => "确认身份",
        EventKind::Resolved => "险情已解除",
        EventKind::Reopened => "重新受理",
        EventKind::Closed => "结案",
        EventKind::LadderStepped => "升级呼叫",
        EventKind::AnswerOverdue => "再次求助无人应答",
        EventKind::ClockWentBack => "时钟倒退，期限重新核定",
    }
}

/// Who was spoken to.
pub(crate) fn contact(contact: Contact) -> &'static str {
    match contact {
        Contact::Resident => "已与老人本人通话",
        Contact::Witness => "已与目击者通话",
        Contact::Ambulance => "120 已答复",
        Contact::Police => "110 已答复",
    }
}

/// How far help has come, as the handset shows it.
pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => "已收到",
        Stage::Claimed => "已接警",
        Stage::OnTheWay => "在路上",
        Stage::OnScene => "已到达",
        Stage::Closed => "已结束",
    }
}

/// What is to be known about how a signal came in.
pub(crate) fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::Late => "迟到",
        Remark::Clock => "终端时钟不准，时间已校正",
        Remark::IdReused => "编号与以往重复，但这是新的一次求助",
        Remark::NoFix => "没有随求助送来定位",
        Remark::LastKnown => "位置是此前最后一次定位",
        Remark::NoPosition => "从未有过定位",
        Remark::Unbound => "终端没有绑定老人",
        Remark::Empty => "内容为空",
        Remark::Unreadable => "内容无法识读，原文已保存",
        Remark::PartlyReadable => "内容只有一部分能识读，原文已保存",
        Remark::Oversized => "内容过大，只保存了开头",
        Remark::Cancel => "这是一次取消",
        Remark::CancelBeforePress => "取消比求助先到",
        Remark::CancelledEarlier => "此前已收到对它的取消",
        Remark::Unsaved => "未存盘",
        Remark::Unjudged => "终端自行判断，平台尚未核验",
        Remark::UnknownCaller => "来电号码不认识",
        Remark::SharedNumber => "这个号码有几位老人共用",
    }
}

/// The channel of live screens.
const SCREENS: &str = "websocket";

/// At the desk whoever takes it has answered; a relative and a station say something.
fn is_at_desk(line: &NoticeLine) -> bool {
    line.recipient_kind == "desk"
}

/// By which way somebody was told; of a screen whose it is, since an account's name does not say it.
pub(crate) fn way(line: &NoticeLine) -> &str {
    match (line.channel == SCREENS, line.recipient_kind.as_str()) {
        (true, "station") => "服务站屏幕",
        (true, "relative") => "家属屏幕",
        _ => word(&line.channel),
    }
}

/// How far a message to somebody has come.
pub(crate) fn notice(line: &NoticeLine) -> &'static str {
    match (line.state(), line.channel == SCREENS) {
        (NoticeState::Waiting, _) => "等待发送",
        (NoticeState::Sent, _) => "已送出",
        (NoticeState::Delivered, false) => "已送达",
        (NoticeState::Delivered, true) => "页面已收到",
        (NoticeState::Seen, false) => "已接听或已读",
        (NoticeState::Seen, true) => "已显示",
        (NoticeState::Acknowledged, true) if is_at_desk(line) => "已接警或确认",
        (NoticeState::Acknowledged, _) => "已答复",
        (NoticeState::Failed, _) => "没有送到",
        (NoticeState::Ended, _) => "不再发送",
    }
}

/// What comes after it was sent: that it arrived, was seen, and was answered.
pub(crate) fn after_sending(line: &NoticeLine) -> [&'static str; 3] {
    if line.channel == SCREENS {
        return ["页面收到", "显示", if is_at_desk(line) { "接警或确认" } else { "答复" }];
    }
    ["送达", "接听或已读", "答复"]
}

/// What is stored as a word of ours: whom the ladder calls, by which way, what a handset is asked, what was done. A word
/// that has none here, as an old one, stands as it is.
pub(crate) fn word(stored: &str) -> &str {
    WORDS.iter().find(|(word, _)| *word == stored).map_or(stored, |(_, chinese)| chinese)
}

const WORDS: &[(&str, &str)] = &[
    // Whom the ladder calls.
    ("operators", "值班接线员"),
    ("everyone", "全体接线员和班长"),
    ("station", "最近的服务站"),
    ("relatives", "家属"),
    ("roster", "值班表上的人"),
    // By which way.
    ("sms", "短信"),
    ("voice", "电话"),
    ("email", "邮件"),
    ("webhook", "其他平台"),
    ("websocket", "屏幕"),
    ("no_screen", "值班，但没有打开屏幕"),
    // What a handset is asked.
    ("locate", "报告位置"),
    ("interval", "改定位间隔"),
    ("call", "拨打号码"),
    ("ring", "响铃"),
    ("say", "播报"),
    ("ask", "询问"),
    // What was done and looked at.
    ("claim", "接警"),
    ("release", "退回队列"),
    ("note", "记录"),
    ("close", "结案"),
    ("open_call", "登记来电"),
    ("announce_call", "交换机报来电"),
    ("confirm", "已知悉信号"),
    ("mark_step", "记下处置步骤"),
    ("answer", "家属答复"),
    ("merge", "并入警情"),
    ("split", "拆分警情"),
    ("dispatch", "派服务站"),
    ("transfer", "转交"),
    ("hand_over", "移交 120 / 110 / 119"),
    ("identify", "确认身份"),
    ("resolve", "险情解除"),
    ("reopen", "重新受理"),
    ("link_task", "给服务站发任务链接"),
    ("read_linked_task", "凭链接看任务"),
    ("acknowledge_task", "接单"),
    ("decline_task", "婉拒任务"),
    ("task_en_route", "任务：已出发"),
    ("task_on_scene", "任务：已到场"),
    ("finish_task", "任务：已完成"),
    ("fail_task", "任务：没去成"),
    ("withdraw_task", "撤回任务"),
    ("undo_task", "撤销任务一步"),
    ("nobody_opens", "任务：无人应门"),
    ("ambulance_needed", "任务：需要 120"),
    ("help_needed", "任务：站员需要帮助"),
    ("still_at_it", "任务：还在路上或还在处理，一切正常"),
    ("read_incident", "看警情"),
    ("read_incident_events", "看警情经过"),
    ("list_incidents", "看警情列表"),
    ("list_candidates", "看可派的服务站"),
    ("list_notices", "看通知"),
    ("list_responders", "看站员位置"),
    ("put_position", "站员共享位置"),
    ("look_refused", "查阅被拒"),
    ("access_refused", "越权被拒"),
    ("list_tasks", "看服务站任务"),
    ("list_commands", "看终端指令"),
    ("put_command", "下发终端指令"),
    ("locate_handset", "查询终端位置"),
    ("read_resident", "看老人资料"),
    ("read_track", "看轨迹"),
    ("list_residents", "查找老人"),
    ("live_begun", "打开实时画面"),
    ("live_shown", "实时画面显示"),
    ("live_ended", "关闭实时画面"),
    ("print_incident", "打印警情档案"),
    ("print_handover", "打印移交单"),
    ("withhold", "对家属保密"),
    ("end_withholding", "恢复家属查看"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once_and_in_chinese() {
        for (stored, chinese) in WORDS {
            assert_eq!(WORDS.iter().filter(|(other, _)| other == stored).count(), 1, "{stored}");
            assert!(chinese.chars().any(|sign| sign >= '\u{4e00}'), "{stored}");
        }
        for command in protocol::CommandKind::ALL {
            assert_ne!(word(command.as_str()), command.as_str());
        }
        for channel in notify::Channel::ALL {
            assert_ne!(word(channel.as_str()), channel.as_str());
        }
        assert_eq!(word("something older"), "something older");
    }
}
