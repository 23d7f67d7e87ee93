//! Shapes as other programs read them: a geometry of GeoJSON, with a property for what GeoJSON has no word for. A circle is a Point
//! with `radius_m`, a corridor a LineString with `width_m`.

use super::Shape;
use serde_json::{Map, Value, json};

/// The members of a Feature that say where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// A geometry as in RFC 7946.
    pub geometry: Value,
    /// What its properties say besides: a name, and metres.
    pub property: Option<(&'static str, f64)>,
}

impl Feature {
    /// The whole of it, with these properties too.
    pub fn with(self, id: &str, properties: Value) -> Value {
        let mut members = if let Value::Object(members) = properties { members } else { Map::new() };
        members.extend(self.property.map(|(name, metres)| (name.to_owned(), json!(metres))));
        json!({ "type": "Feature", "id": id, "properties": members, "geometry": self.geometry })
    }
}

impl Shape {
    /// As other programs read it; [`Shape::from_geojson`] reads it back.
    pub fn feature(&self) -> Feature {
        match self {
            Self::Circle { center, radius_m } => Feature {
                geometry: json!({ "type": "Point", "coordinates": center }),
                property: Some(("radius_m", *radius_m)),
            },
            Self::Corridor { line, width_m } => Feature {
                geometry: json!({ "type": "LineString", "coordinates": line }),
                property: Some(("width_m", *width_m)),
            },
            Self::Polygon { .. } | Self::MultiPolygon { .. } => {
                Feature { geometry: json!(self), property: None }
            }
        }
    }
}

/// The geometry of a Feature in the form of a [`Shape`]: points and lines that say how wide they are become what they stand for.
pub(super) fn geometry(feature: &Value) -> Value {
    let said = feature.get("geometry").cloned().unwrap_or_default();
    let (coordinates, properties) = (said.get("coordinates"), feature.get("properties"));
    let metres = |name: &str| properties.and_then(|properties| properties.get(name)).and_then(Value::as_f64);
    match (said.get("type").and_then(Value::as_str), metres("radius_m"), metres("width_m")) {
        (Some("Point"), Some(radius_m), _) => {
            json!({ "type": "Circle", "center": coordinates, "radius_m": radius_m })
        }
        (Some("LineString"), _, Some(width_m)) => {
            json!({ "type": "Corridor", "line": coordinates, "width_m": width_m })
        }
        _ => said,
    }
}
