//! What an account is there for.

use serde::{Deserialize, Serialize};

/// An account's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers calls and presses.
    Operator,
    /// Leads the desk, and may act in an operator's place.
    Supervisor,
    /// Staff of a home-care service station.
    Station,
    /// Family, with a grant for a resident.
    Relative,
    /// Keeps the platform, not the incidents.
    Admin,
    /// Reads who did and looked at what, and nothing else.
    Auditor,
    /// Another program, such as a telephone exchange.
    Service,
}

impl Role {
    /// Every role, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Operator,
        Self::Supervisor,
        Self::Station,
        Self::Relative,
        Self::Admin,
        Self::Auditor,
        Self::Service,
    ];

    /// The role's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Supervisor => "supervisor",
            Self::Station => "station",
            Self::Relative => "relative",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::Service => "service",
        }
    }

    /// The role of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.as_str()), Some(role));
        }
        assert_eq!(Role::from_name("Operator"), None);
        assert_eq!(Role::from_name(""), None);
    }
}
