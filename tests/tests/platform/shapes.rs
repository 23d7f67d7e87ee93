//! Shapes as other programs send and read them: too large to be read, and read back as they were written.

use crate::fences::{fence, fences, home};
use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Platform};

/// A ring of so many corners round a place.
fn ring((lat, lon): (f64, f64), corners: i32) -> Value {
    let angle = |corner: i32| f64::from(corner % corners) / f64::from(corners) * std::f64::consts::TAU;
    let at = |corner| json!([lon + 0.01 * angle(corner).cos(), lat + 0.01 * angle(corner).sin()]);
    let ring: Vec<Value> = (0..=corners).map(at).collect();
    json!({ "type": "Polygon", "coordinates": [ring] })
}

#[tokio::test]
async fn what_is_too_large_to_be_read_is_told_how_much_is_allowed() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let shape = ring(home(&supervisor).await?, 100_000);
    let zone = json!({ "name": "湖", "shape": shape });
    for (path, body, allowed) in [
        (fences(), fence(&shape), "a fence has at most 5000 positions in 524288 bytes"),
        ("/api/zones".to_owned(), zone, "a zone has at most 20000 positions in 2097152 bytes"),
    ] {
        let refused = supervisor.post(&path, &body).await?;
        ensure!(refused.is_problem(413) && refused.body["code"] == "too_large", "{path}: {refused:?}");
        let says = format!("{allowed}; simplify its shape");
        ensure!(refused.body["detail"] == says && refused.body["pointer"] == "/shape", "{refused:?}");
    }
    // What is no JSON is still no fault of its size.
    let text = supervisor.request(Method::POST, &fences()).header("Content-Type", "application/json");
    ensure!(Answer::of(text.body("{")).await?.is_problem(400));
    Ok(())
}

#[tokio::test]
async fn a_fence_that_was_read_as_geojson_is_sent_back_as_it_was() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let way = json!({ "type": "Corridor", "line": [[118.3, 33.95], [118.31, 33.95]], "width_m": 60.0 });
    let mut drawn = fence(&way);
    drawn["home_by"] = json!(["18:00"]);
    drawn["dwell_s"] = json!(30.0);
    drawn["schedule"] = json!([{ "days": ["mon"], "from": "22:00", "to": "06:00" }]);
    let drawn = supervisor.post(&fences(), &drawn).await?.ok()?;
    let path = format!("{}?reason=fences", fences());
    let list = supervisor.request(Method::GET, &path).header("Accept", "application/geo+json");
    let list = Answer::of(list).await?.ok()?;
    let features = list["features"].as_array().context("features")?;
    let feature = features.iter().find(|feature| feature["id"] == drawn["id"]).context("the corridor")?;
    let mut again = feature["properties"].clone();
    again["id"] = json!("f-again");
    again["shape"] = feature.clone();
    let again = supervisor.post(&fences(), &again).await?.ok()?;
    for part in ["name", "kind", "armed", "shape", "schedule", "home_by", "dwell_s"] {
        ensure!(again[part] == drawn[part], "{part}: {again:#} for {drawn:#}");
    }
    Ok(())
}
