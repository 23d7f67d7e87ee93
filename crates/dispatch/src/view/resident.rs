//! A resident's card: what an operator must know to help, and nothing of income or money.

use super::PositionView;
use crate::http::AbsenceView;
use model::{Division, HandsetId, MASK, ResidentId, Timestamp, mask};
use serde::{Deserialize, Serialize};
use store::Resident;
use utoipa::ToSchema;

/// A resident in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResidentItem {
    /// The resident's id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// The handset carried now.
    pub handset: Option<String>,
}

/// Somebody to ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardContact {
    /// Who.
    pub name: String,
    /// What they are to the resident.
    pub relation: String,
    /// Their telephone.
    pub telephone: String,
    /// Whom to ring first, counted from 1.
    pub order: usize,
}

/// A place without age or uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// WGS-84 latitude.
    pub lat: f64,
    /// WGS-84 longitude.
    pub lon: f64,
}

/// Who somebody is, for those who help.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ResidentCard {
    /// The resident's id.
    #[schema(value_type = String)]
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// `female` or `male`.
    pub sex: String,
    /// `YYYY-MM-DD`; empty: the family is not told.
    pub birth_date: String,
    /// Whole years today; the family is not told.
    pub age: Option<i16>,
    /// Where to send help when the position is unknown.
    pub address: Option<String>,
    /// The resident's own telephone.
    pub telephone: Option<String>,
    /// Nobody else at home.
    pub lives_alone: bool,
    /// May not know the way or what happened; null: the family is not told.
    pub cognitive_impairment: Option<bool>,
    /// `full`, `partial` or `none`; empty: the family is not told.
    pub self_care: String,
    /// What a helper must know; the family is not told.
    pub conditions: Vec<String>,
    /// What a helper must not give; the family is not told.
    pub allergies: Vec<String>,
    /// Whom to ring, in order; the family is not told.
    pub contacts: Vec<CardContact>,
    /// When the last drill of their button began that was gone through to its end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_drill_at: Option<Timestamp>,
    /// Planned absences that have not ended, the next first.
    pub absences: Vec<AbsenceView>,
    /// The handset carried now.
    #[schema(value_type = Option<String>)]
    pub handset: Option<HandsetId>,
    /// Where home is.
    pub home: Option<Place>,
    /// The code of the community, township or district they live in.
    #[schema(value_type = Option<String>)]
    pub division: Option<Division>,
    /// Where the resident was last.
    pub position: Option<PositionView>,
}

impl ResidentCard {
    /// The card as it looks now.
    pub fn new(
        resident: Resident,
        handset: Option<HandsetId>,
        position: Option<PositionView>,
        now: Timestamp,
    ) -> Self {
        let contacts = resident.contacts.into_iter().enumerate().map(|(place, contact)| CardContact {
            name: contact.name,
            relation: contact.relation,
            telephone: contact.telephone,
            order: place + 1,
        });
        Self {
            age: age(&resident.birth_date, now),
            id: resident.id,
            name: resident.name,
            sex: resident.sex,
            birth_date: resident.birth_date,
            address: resident.address,
            telephone: resident.telephone,
            lives_alone: resident.lives_alone,
            cognitive_impairment: Some(resident.cognitive_impairment),
            self_care: resident.self_care,
            conditions: resident.conditions,
            allergies: resident.allergies,
            contacts: contacts.collect(),
            last_drill_at: None,
            absences: Vec::new(),
            handset,
            home: resident.home.map(|home| Place { lat: home.lat(), lon: home.lon() }),
            division: resident.division,
            position,
        }
    }
}

impl ResidentCard {
    /// The same for those who do not help now: of telephones only the last signs, of the address nothing.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.telephone = self.telephone.map(|telephone| mask(&telephone));
        self.address = self.address.map(|_| MASK.to_owned());
        for contact in &mut self.contacts {
            contact.telephone = mask(&contact.telephone);
        }
        self.home = None;
        self
    }

    /// The same for those who are not to know what is on record for helpers: no illness, no birth date, nobody to ring.
    #[must_use]
    pub fn without_record(self) -> Self {
        Self {
            birth_date: String::new(),
            age: None,
            cognitive_impairment: None,
            self_care: String::new(),
            conditions: Vec::new(),
            allergies: Vec::new(),
            contacts: Vec::new(),
            ..self
        }
    }

    /// The same for the family: it is not told which of the staff entered something.
    #[must_use]
    pub fn without_staff(mut self) -> Self {
        self.absences = self.absences.into_iter().map(AbsenceView::without_staff).collect();
        self
    }
}

/// Whole years between a `YYYY-MM-DD` and now, both as text: the date of a person's day is enough.
fn age(birth_date: &str, now: Timestamp) -> Option<i16> {
    let today = now.to_string();
    let (year, birth_year) =
        (today.get(..4)?.parse::<i16>().ok()?, birth_date.get(..4)?.parse::<i16>().ok()?);
    let had_birthday = today.get(5..10)? >= birth_date.get(5..10)?;
    Some(year - birth_year - i16::from(!had_birthday))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_counts_whole_years() {
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        assert_eq!(age("1940-11-23", now), Some(86));
        assert_eq!(age("1940-11-24", now), Some(85));
        assert_eq!(age("unknown", now), None);
    }
}
