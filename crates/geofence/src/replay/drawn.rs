//! Fences and zones as a file has them: what the platform keeps of one, and what only a file says of it.

use crate::fence::FenceEntry;
use crate::shape::{Datum, Shape, ShapeError};
use crate::zone::ZoneEntry;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A fence or zone of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnEntry<E> {
    /// What is kept of it.
    #[serde(flatten)]
    pub entry: E,
    /// In what its shape is drawn, as over HTTP: `wgs84`, `gcj02` or `bd09`, of which the latter two are converted. WGS-84, if nothing is
    /// said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datum: Option<String>,
    /// Keys that nobody knows; they are named, lest a slip change what is watched in silence.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl<E> From<E> for DrawnEntry<E> {
    fn from(entry: E) -> Self {
        Self { entry, datum: None, unknown: Map::new() }
    }
}

impl<E> DrawnEntry<E> {
    /// The shape in WGS-84, if it is drawn in something else.
    fn converted(&self, shape: &Value) -> Result<Option<Value>, ShapeError> {
        let Some(said) = self.datum.as_deref().or_else(|| own_datum(shape)) else { return Ok(None) };
        let from = match (said, Datum::named(said)) {
            ("wgs84", _) => None,
            (_, Some(datum)) => Some(datum),
            (_, None) => return Err(ShapeError::Datum { named: said.to_owned() }),
        };
        let drawn = Shape::from_geojson(shape)?;
        // What a shape says of itself must not be something else: nobody knows which of the two is true.
        let own = own_datum(shape).and_then(Datum::named);
        if own.is_some_and(|own| from != Some(own)) || (from.is_some() && names_wgs84(shape)) {
            return Err(ShapeError::Datum { named: format!("{said} beside a shape that says otherwise") });
        }
        let Some(from) = from else { return Ok(None) };
        let written = serde_json::to_value(drawn.converted(from)?);
        written.map(Some).map_err(|source| ShapeError::NotAShape { problem: source.to_string() })
    }
}

impl DrawnEntry<FenceEntry> {
    /// The fence in WGS-84.
    pub fn in_wgs84(&self) -> Result<Cow<'_, FenceEntry>, ShapeError> {
        let Some(shape) = self.converted(&self.entry.shape)? else { return Ok(Cow::Borrowed(&self.entry)) };
        Ok(Cow::Owned(FenceEntry { shape, ..self.entry.clone() }))
    }
}

impl DrawnEntry<ZoneEntry> {
    /// The zone in WGS-84.
    pub fn in_wgs84(&self) -> Result<Cow<'_, ZoneEntry>, ShapeError> {
        let Some(shape) = self.converted(&self.entry.shape)? else { return Ok(Cow::Borrowed(&self.entry)) };
        Ok(Cow::Owned(ZoneEntry { shape, ..self.entry.clone() }))
    }
}

/// What the properties of a Feature say that it is drawn in, if that is no WGS-84.
fn own_datum(shape: &Value) -> Option<&str> {
    let said = shape.get("properties")?.get("datum")?.as_str()?;
    Datum::named(said).map(|_shifted| said)
}

/// Whether a shape says in itself that it is WGS-84; that it is in something else is refused where it is read.
fn names_wgs84(shape: &Value) -> bool {
    ["crs", "datum", "coordinate_system"].iter().any(|key| shape.get(key).is_some_and(|said| !said.is_null()))
}
