//! The lists an operator chooses from. A code is stored for ever: labels may be bettered, a code may be
//! added, none may be taken out or given another meaning.

use serde::{Deserialize, Serialize};

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Code {
    /// What is stored and sent.
    pub code: &'static str,
    /// What a screen in simplified Chinese shows.
    pub label: &'static str,
    /// What a screen in English shows.
    pub label_en: &'static str,
}

const fn code(code: &'static str, label: &'static str, label_en: &'static str) -> Code {
    Code { code, label, label_en }
}

/// What was behind the incident.
pub const CAUSES: &[Code] = &[
    code("fall", "跌倒", "Fall"),
    code("illness", "突发疾病", "Sudden illness"),
    code("injury", "受伤", "Injury"),
    code("lost", "走失", "Lost"),
    code("danger", "遇险", "In danger"),
    code("emotional_need", "情绪困扰", "Distress or loneliness"),
    code("care_needed", "需要照料", "Care needed"),
    code("test_press", "测试按键", "Test press"),
    code("accidental_press", "误按", "Accidental press"),
    code("handset_fault", "终端故障", "Handset fault"),
    code("unknown", "原因不明", "Unknown"),
    code("other", "其他", "Other"),
];

/// How it ended.
pub const OUTCOMES: &[Code] = &[
    code("resolved_by_phone", "电话解决", "Resolved by telephone"),
    code("family_attended", "家属到场", "Family attended"),
    code("station_attended", "服务站到场", "Station attended"),
    code("grid_attended", "网格员到场", "Grid member attended"),
    code("handed_to_120", "移交120急救", "Handed to ambulance (120)"),
    code("handed_to_110", "移交110警方", "Handed to police (110)"),
    code("handed_to_119", "移交119消防", "Handed to fire brigade (119)"),
    code("found_safe", "已找到，平安", "Found safe"),
    code("false_alarm", "误报", "False alarm"),
    code("unreachable", "无法联系", "Could not be reached"),
    code("other", "其他", "Other"),
];

/// Who was spoken to.
pub const CONTACTS: &[Code] = &[
    code("resident", "老人本人", "Resident"),
    code("witness", "目击者", "Witness"),
    code("120", "120急救", "Ambulance (120)"),
    code("110", "110报警", "Police (110)"),
];

/// Who takes a case over whom the call centre cannot send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Service {
    /// The ambulance.
    #[serde(rename = "120")]
    Ambulance,
    /// The police.
    #[serde(rename = "110")]
    Police,
    /// The fire brigade.
    #[serde(rename = "119")]
    Fire,
}

impl Service {
    /// Its telephone number, which is its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ambulance => "120",
            Self::Police => "110",
            Self::Fire => "119",
        }
    }

    /// Whether its answer is a contact, as that of those whom [`CONTACTS`] names. The fire brigade opens a door; how the person
    /// behind it is it cannot say.
    pub fn is_contact(self) -> bool {
        match self {
            Self::Ambulance | Self::Police => true,
            Self::Fire => false,
        }
    }
}

/// Whether a list has this code.
pub(crate) fn has(list: &[Code], code: &str) -> bool {
    list.iter().any(|entry| entry.code == code)
}

/// Who was spoken to when a note was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Contact {
    /// The person in need.
    #[serde(rename = "resident")]
    Resident,
    /// Somebody on the spot.
    #[serde(rename = "witness")]
    Witness,
    /// The ambulance.
    #[serde(rename = "120")]
    Ambulance,
    /// The police.
    #[serde(rename = "110")]
    Police,
}

impl Contact {
    /// The contact's code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Witness => "witness",
            Self::Ambulance => "120",
            Self::Police => "110",
        }
    }

    /// The contact of that code, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Resident, Self::Witness, Self::Ambulance, Self::Police]
            .into_iter()
            .find(|contact| contact.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_has_both_labels() {
        for list in [CAUSES, OUTCOMES, CONTACTS] {
            for entry in list {
                assert_eq!(list.iter().filter(|other| other.code == entry.code).count(), 1, "{entry:?}");
                assert!(!entry.label.is_empty() && !entry.label_en.is_empty(), "{entry:?}");
            }
        }
    }

    #[test]
    fn contacts_are_written_as_their_codes() {
        for entry in CONTACTS {
            let contact = Contact::from_name(entry.code).unwrap();
            assert_eq!(serde_json::to_value(contact).unwrap(), entry.code);
            assert_eq!(serde_json::from_value::<Contact>(entry.code.into()).unwrap(), contact);
        }
        assert_eq!(Contact::from_name("119"), None);
        for service in [Service::Ambulance, Service::Police, Service::Fire] {
            assert_eq!(service.is_contact(), Contact::from_name(service.as_str()).is_some(), "{service:?}");
            let outcome = format!("handed_to_{}", service.as_str());
            assert!(has(OUTCOMES, &outcome), "{outcome}");
        }
    }
}
