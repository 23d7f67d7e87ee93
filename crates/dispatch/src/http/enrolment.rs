//! Entering residents and putting their records right.

use super::{
    App, fresh,
    problem::Problem,
    session::Visitor,
    words::{self, LONG, SHORT, hides_what_it_holds, unprocessable},
};
use crate::view::{Place, ResidentCard};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use model::{Division, ResidentId, Wgs84};
use serde::Deserialize;
use store::{AddResident, ChangeResident, Contact, JobError, Resident};
use utoipa::ToSchema;

/// Conditions, allergies and contacts of one person at most.
const SOME: usize = 20;
const SEXES: [&str; 2] = ["female", "male"];
const SELF_CARE: [&str; 3] = ["full", "partial", "none"];

/// Somebody to ring.
#[derive(Deserialize, ToSchema)]
pub struct ContactRecord {
    /// Who.
    name: String,
    /// What they are to the resident.
    relation: String,
    /// Their telephone.
    telephone: String,
}

/// A resident's record.
#[derive(Deserialize, ToSchema)]
pub struct ResidentRecord {
    /// The resident's id where it is given elsewhere; one is made up otherwise. Only for a new record.
    id: Option<String>,
    /// Full name.
    name: String,
    /// `female` or `male`.
    sex: String,
    /// `YYYY-MM-DD`.
    birth_date: String,
    /// Nobody else at home.
    lives_alone: bool,
    /// May not know the way or what happened.
    cognitive_impairment: bool,
    /// `full`, `partial` or `none`.
    self_care: String,
    /// What a helper must know.
    #[serde(default)]
    conditions: Vec<String>,
    /// What a helper must not give.
    #[serde(default)]
    allergies: Vec<String>,
    /// Where home is (WGS-84). Of a record that is there: null leaves it as it is.
    home: Option<Place>,
    /// The code of the community, township or district they live in.
    #[schema(value_type = Option<String>)]
    division: Option<Division>,
    /// The citizen's number. Of a record that is there: null leaves it as it is, the empty text removes it.
    identity_number: Option<String>,
    /// The resident's own telephone; likewise.
    telephone: Option<String>,
    /// Where to send help when the position is unknown; likewise.
    address: Option<String>,
    /// Whom to ring, in order. Of a record that is there: null leaves them as they are.
    contacts: Option<Vec<ContactRecord>>,
}

hides_what_it_holds!(ContactRecord ResidentRecord);

/// Enters a resident.
#[utoipa::path(post, path = "/api/residents", operation_id = "add_resident", request_body = ResidentRecord, responses(
    (status = 201, body = ResidentCard),
    (status = 409, body = super::problem::ProblemView, description = "There is a resident of this id."),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Json(record): Json<ResidentRecord>,
) -> Result<impl IntoResponse, Problem> {
    visitor.may(Action::ManageResidents, &Subject::Nothing, None)?;
    let id = record.id.clone().map_or_else(|| fresh::id("r"), Ok)?;
    let id = ResidentId::new(id).map_err(|error| unprocessable(format!("id: {error}")))?;
    if app.shared.store.resident_name(&id).await?.is_some() {
        let detail = "there is a resident of this id; change that record with PUT";
        return Err(Problem::new(StatusCode::CONFLICT, "id_taken", detail));
    }
    let resident = record.taken(id, None)?;
    is_own(&visitor, &resident)?;
    let audit = vec![visitor.audit("add_resident", resident.id.as_str(), "")];
    let keys = app.shared.store.keys().clone();
    app.shared.store.write(AddResident { resident: resident.clone(), keys, audit }).await?;
    let card = ResidentCard::new(resident, None, None, visitor.now()).masked();
    Ok((StatusCode::CREATED, Json(card)))
}

/// Puts a resident's record right: all of it, but for what is left null.
#[utoipa::path(put, path = "/api/residents/{id}", operation_id = "change_resident", params(("id" = String, Path)),
    request_body = ResidentRecord, responses(
    (status = 200, body = ResidentCard), (status = 404, body = super::problem::ProblemView),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(record): Json<ResidentRecord>,
) -> Result<Json<ResidentCard>, Problem> {
    visitor.may(Action::ManageResidents, &Subject::Nothing, None)?;
    let no_such = || Problem::not_found("resident");
    let id = ResidentId::new(id).map_err(|_shape| no_such())?;
    visitor.may_about(Action::ManageResidents, &id, None).await?;
    let before = app.shared.store.resident(&id).await?.ok_or_else(no_such)?;
    let resident = record.taken(id, Some(before))?;
    is_own(&visitor, &resident)?;
    let audit = vec![visitor.audit("change_resident", resident.id.as_str(), "")];
    let keys = app.shared.store.keys().clone();
    let job = ChangeResident { resident: resident.clone(), keys, audit };
    app.shared.store.write(job).await.map_err(|error| match error {
        JobError::Conflict => no_such(),
        error => error.into(),
    })?;
    let handset = app.shared.store.handset_of(&resident.id).await?;
    Ok(Json(ResidentCard::new(resident, handset, None, visitor.now()).masked()))
}

/// Whoever keeps a part of the district enters nobody elsewhere.
fn is_own(visitor: &Visitor, resident: &Resident) -> Result<(), Problem> {
    if visitor.who.may_give(resident.division.as_ref()) {
        return Ok(());
    }
    let own = visitor.who.scope.as_ref().map_or("", Division::as_str);
    Err(unprocessable(format!("your account is for {own}; division must lie in that")))
}

impl ResidentRecord {
    /// As it will stand, over what stood before.
    fn taken(self, id: ResidentId, before: Option<Resident>) -> Result<Resident, Problem> {
        let (mut number, mut telephone, mut address, mut home, mut contacts) = Default::default();
        if let Some(before) = before {
            (number, telephone, address) = (before.identity_number, before.telephone, before.address);
            (home, contacts) = (before.home, before.contacts);
        }
        if let Some(place) = self.home {
            let told =
                Wgs84::new(place.lat, place.lon).map_err(|error| unprocessable(format!("home: {error}")))?;
            home = Some(told);
        }
        if let Some(told) = self.contacts {
            contacts = told.into_iter().map(ContactRecord::taken).collect::<Result<_, _>>()?;
        }
        if contacts.len() > SOME {
            return Err(unprocessable(format!("contacts: at most {SOME}")));
        }
        Ok(Resident {
            id,
            name: words::needed("name", &self.name, SHORT)?,
            sex: words::one_of("sex", &self.sex, &SEXES)?,
            birth_date: birth_date(&self.birth_date)?,
            lives_alone: self.lives_alone,
            cognitive_impairment: self.cognitive_impairment,
            self_care: words::one_of("self_care", &self.self_care, &SELF_CARE)?,
            conditions: list("conditions", &self.conditions)?,
            allergies: list("allergies", &self.allergies)?,
            home,
            division: self.division,
            identity_number: kept("identity_number", self.identity_number, number, SHORT)?,
            telephone: kept("telephone", self.telephone, telephone, SHORT)?,
            address: kept("address", self.address, address, LONG)?,
            contacts,
        })
    }
}

impl ContactRecord {
    fn taken(self) -> Result<Contact, Problem> {
        Ok(Contact {
            name: words::needed("contacts.name", &self.name, SHORT)?,
            relation: words::needed("contacts.relation", &self.relation, SHORT)?,
            telephone: words::needed("contacts.telephone", &self.telephone, SHORT)?,
        })
    }
}

/// What was there unless something else is told; the empty text is nothing.
fn kept(
    field: &str,
    told: Option<String>,
    before: Option<String>,
    at_most: usize,
) -> Result<Option<String>, Problem> {
    let Some(told) = told else { return Ok(before) };
    let told = words::optional(field, &told, at_most)?;
    Ok(Some(told).filter(|told| !told.is_empty()))
}

fn list(field: &str, told: &[String]) -> Result<Vec<String>, Problem> {
    if told.len() > SOME {
        return Err(unprocessable(format!("{field}: at most {SOME}")));
    }
    told.iter().map(|words| words::needed(field, words, SHORT)).collect()
}

fn birth_date(text: &str) -> Result<String, Problem> {
    let midnight = format!("{text}T00:00:00Z");
    let is_date = text.len() == 10 && midnight.parse::<model::Timestamp>().is_ok();
    if is_date { Ok(text.to_owned()) } else { Err(unprocessable("birth_date is YYYY-MM-DD")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn record(change: &Value) -> ResidentRecord {
        let mut whole = json!({"name": " 王秀英 ", "sex": "female", "birth_date": "1941-03-02", "lives_alone": true,
            "cognitive_impairment": false, "self_care": "partial", "telephone": "0527-88556266",
            "contacts": [{"name": "李敏", "relation": "女儿", "telephone": "13912345678"}]});
        for (key, value) in change.as_object().expect("an object") {
            whole[key] = value.clone();
        }
        serde_json::from_value(whole).expect("a record")
    }

    fn id() -> ResidentId {
        ResidentId::new("r1").expect("an id")
    }

    #[test]
    fn what_is_left_null_stays_and_what_is_empty_goes() {
        let before = record(&json!({"address": "幸福路1号"})).taken(id(), None).expect("taken");
        assert_eq!((before.name.as_str(), before.contacts.len()), ("王秀英", 1));
        let null = json!({"telephone": null, "contacts": null, "conditions": ["高血压"]});
        let after = record(&null).taken(id(), Some(before.clone())).expect("taken");
        assert_eq!((&after.telephone, &after.address), (&before.telephone, &before.address));
        assert_eq!((after.contacts.len(), after.conditions.len()), (1, 1));
        let empty =
            record(&json!({"telephone": "", "contacts": []})).taken(id(), Some(before)).expect("taken");
        assert_eq!((empty.telephone, empty.contacts.len()), (None, 0));
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_field() {
        for (change, field) in [
            (json!({"name": "  "}), "name"),
            (json!({"sex": "女"}), "sex"),
            (json!({"birth_date": "1941-02-30"}), "birth_date"),
            (json!({"birth_date": "1941-3-2"}), "birth_date"),
            (json!({"self_care": "some"}), "self_care"),
            (json!({"home": {"lat": 91.0, "lon": 0.0}}), "home"),
            (json!({"conditions": vec!["x"; 21]}), "conditions"),
            (json!({"contacts": [{"name": "", "relation": "x", "telephone": "1"}]}), "contacts.name"),
            (json!({"telephone": "1\u{0}2"}), "telephone"),
        ] {
            let refused = format!("{:?}", record(&change).taken(id(), None).expect_err(field));
            assert!(refused.contains(field), "{refused}");
        }
    }
}
