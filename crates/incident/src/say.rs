//! What the old person hears. Each sentence must be true when it is said, and easy to follow when read
//! aloud by a handset: short, no blame, no promise that nobody has made.

use crate::{Incident, Stage};
use model::{Signal, SignalKind};

/// Nobody has claimed it and the ladder called more people.
pub const STILL_TRYING: &str = "仍在为您联系接线员，请稍候";
/// An operator took it.
pub const CLAIMED: &str = "接线员已接警，正在为您处理";
/// Another operator took it over.
pub const TAKEN_OVER: &str = "已由另一位接线员接警，正在为您处理";
/// The operator handed it back.
pub const RELEASED: &str = "接线员暂时放下，正在重新为您联系";
/// The holder has not acted upon a signal that joined.
pub const ANSWER_OVERDUE: &str = "接线员暂未回应，正在通知其他工作人员，请稍候";
/// The holder's link to the desk is gone.
pub const HOLDER_LOST: &str = "接线员暂时联系不上，正在为您另请接线员";
/// Nobody has claimed it; the ladder asked a station.
pub const STATION_ASKED: &str = "仍在为您联系接线员，已同时请服务站";
/// Nobody has claimed it, but a station has taken it.
pub const STATION_COMES: &str = "服务站已接到任务，仍在为您联系接线员";
/// A station that had taken a step took it back.
pub const TASK_BACK: &str = "更正：服务站还没有到这一步，请稍候";
/// Stations were asked, none has answered.
pub const DISPATCHED: &str = "接线员已请服务站上门，正在等对方确认";
/// A station has taken the task.
pub const TASK_TAKEN: &str = "服务站已接到任务，正准备出发";
/// Somebody has set out.
pub const ON_THE_WAY: &str = "站员已出发，正在赶来";
/// Somebody has arrived.
pub const ON_SCENE: &str = "站员已到达";
/// The last station that was at it is not any more.
pub const TASK_LOST: &str = "服务站暂时不能前来，接线员正在另行安排";
/// The same, while nobody at the desk has it.
pub const TASK_LOST_UNCLAIMED: &str = "服务站暂时不能前来，仍在为您联系接线员";
/// What the station came for is done.
pub const TASK_DONE: &str = "站员已处理完毕，接线员会再与您确认";
/// The same, while nobody at the desk has it.
pub const TASK_DONE_UNCLAIMED: &str = "站员已处理完毕，仍在为您联系接线员";
/// The holder gave it to somebody else.
pub const TRANSFERRED: &str = "已转由另一位接线员为您处理";
/// The ambulance was told, and has answered.
pub const AMBULANCE: &str = "已为您联系120急救";
/// The police were told, and have answered.
pub const POLICE: &str = "已为您联系110";
/// The fire brigade was told, and has answered.
pub const FIRE: &str = "已为您联系119";
/// It was closed too early.
pub const REOPENED: &str = "您的求助已重新受理，接线员正在处理";
/// It was closed.
pub const CLOSED: &str = "本次求助已结束，如仍需帮助，请再按求助键";

/// It was taken for theirs, and is somebody else's.
pub const NOT_ABOUT_YOU: &str = "更正：刚才的事与您无关，如需帮助，请按求助键";

/// The first word to somebody about whom it turns out to be: how it stands.
pub fn as_it_stands(incident: &Incident) -> &'static str {
    match incident.stage(incident.desk_stage()) {
        Stage::Received if incident.is_holder_lost() => HOLDER_LOST,
        Stage::Received => STILL_TRYING,
        Stage::Claimed => CLAIMED,
        Stage::OnTheWay => ON_THE_WAY,
        Stage::OnScene => ON_SCENE,
        Stage::Closed => CLOSED,
    }
}

/// The first word after a signal opened an incident.
pub fn opened(signal: &Signal) -> &'static str {
    match signal.kind {
        SignalKind::Press if signal.cancel => "已收到您的取消，工作人员仍会与您核实",
        SignalKind::Press => "已收到您的求助，正在通知接线员",
        SignalKind::Call => "已收到关于您的来电，正在通知接线员",
        SignalKind::Fall => "检测到您可能跌倒，正在通知接线员",
        SignalKind::Wandering
        | SignalKind::FenceExit
        | SignalKind::ZoneEntry
        | SignalKind::Overdue
        | SignalKind::Inactivity
        | SignalKind::Silence => "正在请接线员关注您的情况",
        SignalKind::LowBattery | SignalKind::TakenOff | SignalKind::LoginRefused | SignalKind::TwoPlaces => {
            "您的终端需要查看，正在通知接线员"
        }
    }
}

/// The word after a press or a fall joined an open incident; nothing is said for other signals.
pub fn joined(incident: &Incident, signal: &Signal) -> Option<&'static str> {
    let claimed = incident.desk_stage() == Stage::Claimed;
    match (signal.kind, signal.cancel, claimed) {
        (SignalKind::Press, true, _) => Some("已收到您的取消，工作人员仍会与您核实"),
        (SignalKind::Press, false, true) => Some("又收到您的求助，接线员已接警，已再次通知"),
        (SignalKind::Press, false, false) => Some("又收到您的求助，仍在为您联系接线员，请稍候"),
        (SignalKind::Fall, _, true) => Some("检测到您可能跌倒，接线员已接警，已再次通知"),
        (SignalKind::Fall, _, false) => Some("检测到您可能跌倒，仍在为您联系接线员，请稍候"),
        (
            SignalKind::Call
            | SignalKind::Wandering
            | SignalKind::FenceExit
            | SignalKind::ZoneEntry
            | SignalKind::Overdue
            | SignalKind::Inactivity
            | SignalKind::Silence
            | SignalKind::LowBattery
            | SignalKind::TakenOff
            | SignalKind::LoginRefused
            | SignalKind::TwoPlaces,
            _,
            _,
        ) => None,
    }
}
