//! The demo's residents: made up from their number, the same every time.

use model::{Division, ResidentId, Wgs84};
use store::{Contact, Resident};

/// The middle of the made-up district.
const MIDDLE: (f64, f64) = (33.96, 118.28);

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗",
];
const FEMALE: [&str; 10] = ["秀英", "桂兰", "玉珍", "凤英", "素芳", "淑华", "桂芳", "玉兰", "兰英", "秀珍"];
const MALE: [&str; 10] = ["建国", "德明", "福生", "长庚", "志强", "文才", "国栋", "广林", "守义", "永年"];
const STREETS: [&str; 8] =
    ["幸福路", "项王路", "河滨街", "古城巷", "双庄大街", "黄河南路", "西湖路", "马陵路"];
const CONDITIONS: [&str; 8] =
    ["高血压", "冠心病", "糖尿病", "白内障", "骨质疏松", "慢阻肺", COGNITIVE, "脑梗后遗症"];
/// The condition by which a person may not know the way or what happened.
const COGNITIVE: &str = "轻度认知障碍";
const RELATIONS: [&str; 5] = ["女儿", "儿子", "侄女", "孙子", "邻居"];

/// Turns a number into an even-looking other one (the finaliser of SplitMix64).
fn mix(number: u32, salt: u64) -> u64 {
    let mut z = (u64::from(number) ^ (salt << 32)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn pick<'a>(list: &[&'a str], number: u32, salt: u64) -> &'a str {
    let length = u64::try_from(list.len()).unwrap_or(1);
    let place = usize::try_from(mix(number, salt) % length).unwrap_or_default();
    list.get(place).copied().unwrap_or_default()
}

fn between(low: u64, high: u64, number: u32, salt: u64) -> u64 {
    low + mix(number, salt) % (high - low)
}

pub(crate) fn resident_id(number: u32) -> Result<ResidentId, model::IdError> {
    ResidentId::new(format!("r-{number:04}"))
}

/// Where a resident lives: within about two kilometres of the middle.
pub(crate) fn home(number: u32) -> (f64, f64) {
    let share =
        |salt: u64| f64::from(u16::try_from(between(0, 10_000, number, salt)).unwrap_or_default()) / 10_000.0;
    (MIDDLE.0 + (share(1) - 0.5) * 0.036, MIDDLE.1 + (share(2) - 0.5) * 0.043)
}

/// The resident of that number.
pub(crate) fn resident(number: u32) -> anyhow::Result<Resident> {
    let is_female = mix(number, 3) % 5 < 3;
    let given = if is_female { pick(&FEMALE, number, 4) } else { pick(&MALE, number, 4) };
    let mut conditions = vec![pick(&CONDITIONS, number, 5).to_owned()];
    let second = pick(&CONDITIONS, number, 6).to_owned();
    if second != conditions[0] && mix(number, 7).is_multiple_of(2) {
        conditions.push(second);
    }
    let cognitive_impairment = conditions.iter().any(|condition| condition == COGNITIVE);
    let (lat, lon) = home(number);
    let year = between(1931, 1956, number, 8);
    let (month, day) = (between(1, 13, number, 9), between(1, 29, number, 10));
    Ok(Resident {
        id: resident_id(number)?,
        name: format!("{}{given}", pick(&SURNAMES, number, 11)),
        sex: if is_female { "female" } else { "male" }.to_owned(),
        birth_date: format!("{year}-{month:02}-{day:02}"),
        lives_alone: !mix(number, 12).is_multiple_of(3),
        cognitive_impairment,
        self_care: ["full", "full", "partial", "none"]
            [usize::try_from(mix(number, 13) % 4).unwrap_or_default()]
        .to_owned(),
        conditions,
        allergies: if number.is_multiple_of(6) { vec!["青霉素".to_owned()] } else { Vec::new() },
        home: Wgs84::new(lat, lon).ok(),
        division: Some(community(number)?),
        identity_number: Some(identity_number(number, year, month, day, is_female)),
        telephone: Some(format!("0527-8{:07}", between(1_000_000, 9_999_999, number, 14))),
        address: Some(format!(
            "示例区{}{}号{}单元{}室",
            pick(&STREETS, number, 15),
            between(1, 200, number, 16),
            between(1, 5, number, 17),
            between(101, 606, number, 18)
        )),
        contacts: contacts(number),
    })
}

/// One of three communities in each of four made-up streets of Sucheng district.
fn community(number: u32) -> Result<Division, model::DivisionError> {
    Division::new(format!("321302{:03}{:03}", between(901, 905, number, 40), between(1, 4, number, 41)))
}

fn contacts(number: u32) -> Vec<Contact> {
    let contact = |salt: u64| Contact {
        name: format!(
            "{}{}",
            pick(&SURNAMES, number, salt),
            pick(&["芳", "强", "敏", "伟", "静", "磊"], number, salt + 1)
        ),
        relation: pick(&RELATIONS, number, salt + 2).to_owned(),
        telephone: format!("139{:08}", between(10_000_000, 99_999_999, number, salt + 3)),
    };
    vec![contact(20), contact(30)]
}

/// A number of the area 999999, which does not exist, with the check digit of GB 11643.
fn identity_number(number: u32, year: u64, month: u64, day: u64, is_female: bool) -> String {
    let order = (number * 2 + u32::from(!is_female)) % 1000;
    let digits = format!("999999{year}{month:02}{day:02}{order:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        digits.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"]
        [usize::try_from(sum % 11).unwrap_or_default()];
    digits + check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_have_the_standards_check_digit() {
        assert_eq!(identity_number(0, 1940, 1, 1, true), "999999194001010005");
        assert!((1..=200).all(|number| resident(number).is_ok()));
    }

    #[test]
    fn the_same_number_is_the_same_person() {
        assert_eq!(resident(7).unwrap(), resident(7).unwrap());
        assert_ne!(resident(7).unwrap().home, resident(8).unwrap().home);
    }
}
