//! Where somebody lives as the administration counts it, down to the community.

use serde::{Deserialize, Serialize};

/// Why a text cannot be the code of a division.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a division's code has 6 (district), 9 (township) or 12 digits (community), not {0:?}")]
pub struct DivisionError(String);

/// The code of a division: six digits for a district (GB/T 2260), nine for a township or street (GB/T 10114), twelve
/// for a community or village. A division's code begins with the code of the one it lies in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct Division(String);

impl Division {
    /// Takes a text as a code, or says why it cannot be one.
    pub fn new(text: impl Into<String>) -> Result<Self, DivisionError> {
        let text = text.into();
        let is_code = matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|sign| sign.is_ascii_digit());
        if is_code { Ok(Self(text)) } else { Err(DivisionError(text)) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the other is this one or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl TryFrom<String> for Division {
    type Error = DivisionError;
    fn try_from(text: String) -> Result<Self, DivisionError> {
        Self::new(text)
    }
}

impl From<Division> for String {
    fn from(division: Division) -> String {
        division.0
    }
}

impl std::fmt::Display for Division {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(code: &str) -> Division {
        Division::new(code).expect("a code")
    }

    #[test]
    fn a_township_lies_in_its_district_and_in_no_other() {
        let (district, township, community) =
            (division("321302"), division("321302005"), division("321302005003"));
        assert!(
            district.contains(&community) && township.contains(&community) && township.contains(&township)
        );
        assert!(!community.contains(&township) && !division("321311").contains(&township));
    }

    #[test]
    fn what_is_not_a_code_is_refused_in_words() {
        for text in ["", "3213", "32130200", "32130200a", "３２１３０２", "321302005003001"] {
            let refused = Division::new(text).expect_err(text).to_string();
            assert!(refused.contains("6 (district)"), "{refused}");
        }
    }
}
