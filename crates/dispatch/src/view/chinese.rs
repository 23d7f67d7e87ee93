//! What is on paper in Chinese: names that the wire has in English, as the pages say them.

use incident::{EventKind, StateName, TaskState};
use model::Remark;

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

/// What a handset was asked. A kind that is not known stays as it is.
pub(crate) fn command(kind: &str) -> &str {
    match kind {
        "locate" => "定位",
        "interval" => "定位间隔",
        "call" => "拨打电话",
        "ring" => "响铃",
        "say" => "播报",
        "ask" => "询问是否安好",
        other => other,
    }
}

/// By which way somebody was told. A channel that is not known stays as it is.
pub(crate) fn channel(name: &str) -> &str {
    match name {
        "sms" => "短信",
        "voice" => "语音电话",
        "webhook" => "其他平台",
        "email" => "电子邮件",
        other => other,
    }
}
