//! Why, as a sentence for an operator (zh-Hans). It is made of the evidence and nothing else, so it can never say more.

use super::tell::{HOUR, SEEN_BEFORE, SEEN_OUT_AFTER, UNSUPPORTED};
use crate::moment::Moment;
use crate::number;
use crate::signal::{Evidence, Finding, Kind, Signal};
use crate::silence::battery::{EMPTY_IN, MORNING};
use model::Method;

/// The reason for a signal; `place` is what people call the fence or zone.
pub(super) fn why(signal: &Signal, name: &str, place: &str, is_safe: bool) -> String {
    let evidence = &signal.evidence;
    let since = Moment::from(signal.since).clock();
    let what = match signal.kind {
        Kind::FenceExit => exit(evidence, name, place, &since),
        Kind::FenceReturn if is_safe => format!("{name}自{since}起已回到「{place}」"),
        Kind::FenceReturn => format!("{name}自{since}起已离开「{place}」"),
        Kind::ZoneEntry if evidence.rule == "fence/cross" => {
            format!("{name}在{since}之后的两次定位之间穿过「{place}」，步行绕行来不及")
        }
        Kind::ZoneEntry if evidence.rule == "zone/first_heard" => {
            format!("{name}的终端开始报位置时（{since}）就在禁入区域「{place}」内，请确认是否住在那里")
        }
        Kind::ZoneEntry => format!("{name}自{since}起在禁入区域「{place}」内"),
        Kind::Overdue => overdue(evidence, name, place, &since),
        Kind::Wandering => format!("{name}自{since}起{}", wandering(&evidence.rule)),
        Kind::Inactivity if evidence.rule == "body/still_after_fall" => {
            format!("{name}自{since}跌倒后没有发现移动")
        }
        Kind::Inactivity => match evidence.again.unwrap_or(0) {
            0 => format!("{name}自{since}起没有活动，比平时久"),
            again => format!("{name}自{since}起仍没有活动（第{again}次重复）"),
        },
        Kind::Silence => silence(evidence, name, &since),
        Kind::LowBattery => battery(signal, name),
        Kind::TakenOff => format!("{name}的终端自{since}起未佩戴"),
    };
    format!(
        "{what}{}{}{}。（规则 {} {}）",
        unclear(evidence),
        fixes(signal),
        measures(evidence),
        evidence.rule,
        evidence.version
    )
}

fn exit(evidence: &Evidence, name: &str, place: &str, since: &str) -> String {
    match (evidence.step_m, evidence.again.unwrap_or(0)) {
        (Some(step_m), _) => format!("{name}已离「{place}」超过{step_m:.0}米，自{since}起在外"),
        // What nobody saw is not said.
        (None, 0) if found(evidence, SEEN_BEFORE).is_some() => {
            format!("{name}自{since}起在「{place}」之外，此前没有见其在内")
        }
        (None, 0) => format!("{name}自{since}起离开「{place}」"),
        (None, again) => {
            // What nobody knows any more is not said to be so still.
            let still = if found(evidence, UNSUPPORTED).is_some() { "" } else { "仍" };
            format!("{name}自{since}起{still}在「{place}」之外（第{again}次重复）")
        }
    }
}

/// Of an hour that was missed: what nobody saw of it is not said.
fn overdue(evidence: &Evidence, name: &str, place: &str, since: &str) -> String {
    let is_seen = [UNSUPPORTED, SEEN_OUT_AFTER].iter().all(|doubt| found(evidence, doubt).is_none());
    let what = if is_seen { "仍未回到" } else { "仍未见回到" };
    format!("{name}{}{what}「{place}」，自{since}起在外", hour(evidence))
}

/// That it is not known any more on which side they are, and since when.
fn unclear(evidence: &Evidence) -> String {
    let said = |age_s: f64| format!("，最后一次明确的定位在{}前，现在不清楚", age(age_s));
    found(evidence, UNSUPPORTED).map_or_else(String::new, said)
}

fn age(age_s: f64) -> String {
    let (minutes, hours) = ((age_s / 60.0).floor(), (age_s / 3_600.0).floor());
    if hours < 2.0 {
        format!("{minutes:.0}分钟")
    } else if hours < 48.0 {
        format!("{hours:.0}小时")
    } else {
        format!("{:.0}天", (hours / 24.0).floor())
    }
}

fn wandering(rule: &str) -> &'static str {
    match rule {
        "wandering/pacing" => "来回踱步",
        "wandering/lapping" => "反复绕圈",
        "wandering/night" => "夜间外出",
        "wandering/unusual" => "离开平时常走的地方",
        _ => "无目的地游走",
    }
}

fn silence(evidence: &Evidence, name: &str, since: &str) -> String {
    let tail = match evidence.rule.as_str() {
        "silence/after_press" => "，此前曾呼救",
        "silence/outside" => "，失联前在围栏之外",
        _ => "",
    };
    format!("{name}的终端自{since}起无消息{tail}")
}

/// By when they should have been back, or when the hours began.
fn hour(evidence: &Evidence) -> String {
    let minute = found(evidence, HOUR).and_then(|minute| u16::try_from(number::whole(minute)).ok());
    let clock = |minute: u16| format!("到{}", Moment::of_local(0, minute).clock());
    minute.map_or_else(|| "到时".to_owned(), clock)
}

fn battery(signal: &Signal, name: &str) -> String {
    let evidence = &signal.evidence;
    let pct = found(evidence, "battery_pct").map_or_else(String::new, |pct| format!("{pct:.0}%"));
    let told_on = Moment::from(signal.at).local().day;
    let at = |left_s: f64| when(Moment::from(signal.since).plus_s(left_s), told_on);
    let left = found(evidence, EMPTY_IN);
    let empty = left.map_or_else(String::new, |left_s| format!("，约{}耗尽", at(left_s)));
    if evidence.rule == "battery/charger_forgotten" {
        let morning = Moment::of_local(0, MORNING).clock();
        return format!("{name}的终端晚上没有充电，电量{pct}{empty}，用不到早上{morning}，请放上充电器");
    }
    format!("{name}的终端电量{pct}{empty}")
}

/// An hour, with its day unless that is the day on which it is told.
fn when(moment: Moment, told_on: i64) -> String {
    let (day, clock) = (moment.local().day, moment.clock());
    match day.saturating_sub(told_on) {
        0 => clock,
        1 => format!("明天{clock}"),
        2 => format!("后天{clock}"),
        _ => format!("{}{clock}", moment.date()),
    }
}

fn found(evidence: &Evidence, name: &str) -> Option<f64> {
    evidence.findings.iter().find(|finding| finding.name == name).map(|finding| finding.value)
}

/// The fixes that spoke about an edge, from the first to the last; how old the last is where it is not known any more what it says.
fn fixes(signal: &Signal) -> String {
    let evidence = &signal.evidence;
    let inside: Vec<f64> = evidence.fixes.iter().filter_map(|fix| fix.inside).collect();
    let (Some(first), Some(last), Some(newest)) = (inside.first(), inside.last(), evidence.fixes.last())
    else {
        return String::new();
    };
    let method = match newest.method {
        Method::Gps => "卫星",
        Method::Aflt => "基站三边",
        Method::Wifi => "无线网络",
        Method::Cell => "基站",
    };
    let old = found(evidence, UNSUPPORTED).map_or_else(String::new, |_| {
        let age_s = Moment::from(signal.at).seconds_since(newest.fix_time.into());
        format!("，最新一次在{}前", age(age_s.max(0.0)))
    });
    let distance_m = newest.distance_m.unwrap_or(0.0);
    let side = if distance_m < 0.0 { "界内" } else { "界外" };
    format!(
        "：最近{}次定位（{method}，±{:.0}米{old}）在{side}{:.0}米，界内概率由{first:.2}到{last:.2}",
        inside.len(),
        newest.accuracy_m,
        distance_m.abs(),
    )
}

/// What was measured of a way, in words. What nobody has a word for stays in the evidence: it is none for an operator.
fn measures(evidence: &Evidence) -> String {
    if !evidence.rule.starts_with("wandering/") {
        return String::new();
    }
    let told: Vec<String> = evidence.findings.iter().filter_map(in_words).collect();
    if told.is_empty() { String::new() } else { format!("：{}", told.join("，")) }
}

fn in_words(finding: &Finding) -> Option<String> {
    let value = finding.value;
    Some(match finding.name.as_str() {
        "legs" => format!("往返走了{value:.0}个单程"),
        "laps" => format!("绕了{value:.1}圈"),
        "turns_100m" => format!("每百米转{value:.1}圈"),
        "minutes" => format!("历时{value:.0}分钟"),
        "length_m" => format!("共走{value:.0}米"),
        "reach_m" => format!("活动范围{value:.0}米"),
        "length_of_reach" => format!("路程是范围的{value:.1}倍"),
        "moving_share" => format!("{:.0}%的时间在走动", value * 100.0),
        "probability" => format!("可能性{}", chance(value)),
        "from_start_m" => format!("离开起点{value:.0}米"),
        "pace_mps" => format!("步速每秒{value:.1}米"),
        "off_usual_m" => format!("离常走的地方{value:.0}米"),
        "usual_days" => format!("那里有{value:.0}天走过"),
        "learned_days" => format!("已学习{value:.0}天"),
        "at_home_share" => format!("平时这个钟点{:.0}%在家", value * 100.0),
        _ => return None,
    })
}

/// Of nothing it is said that it is certain.
fn chance(of_one: f64) -> String {
    let percent = of_one * 100.0;
    if percent > 99.0 {
        "99%以上".to_owned()
    } else if percent < 1.0 {
        "不到1%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::finding;

    fn why(rule: &str, findings: Vec<Finding>) -> String {
        measures(&Evidence { rule: rule.to_owned(), findings, ..Evidence::default() })
    }

    #[test]
    fn an_hour_of_another_day_is_told_with_its_day() {
        let moment = Moment::of_local(20_000, 21 * 60 + 40);
        let days =
            [(20_000, "21:40"), (19_999, "明天21:40"), (19_998, "后天21:40"), (19_997, "10月4日21:40")];
        for (told_on, words) in days {
            assert_eq!(when(moment, told_on), words);
        }
    }

    #[test]
    fn what_was_measured_is_told_in_words_with_its_unit() {
        let pacing = [
            ("legs", 3.0),
            ("minutes", 6.0),
            ("length_m", 219.4),
            ("length_of_reach", 2.6),
            ("probability", 0.999),
        ];
        let told = pacing.map(|(name, value)| finding(name, value, None)).into();
        assert_eq!(
            why("wandering/pacing", told),
            "：往返走了3个单程，历时6分钟，共走219米，路程是范围的2.6倍，可能性99%以上"
        );
        let unusual = [
            ("off_usual_m", 463.1),
            ("usual_days", 35.0),
            ("usual_lat", 33.96),
            ("usual_lon", 118.3),
            ("at_home_share", 0.95),
        ];
        let told = unusual.map(|(name, value)| finding(name, value, None)).into();
        assert_eq!(
            why("wandering/unusual", told),
            "：离常走的地方463米，那里有35天走过，平时这个钟点95%在家"
        );
        assert_eq!(why("wandering/random", vec![finding("a_new_measure", 2.0, None)]), "");
        assert_eq!(why("fence/exit", vec![finding("legs", 3.0, None)]), "");
    }
}
