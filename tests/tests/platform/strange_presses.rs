//! A press is never filtered: whatever is strange about it, an incident says so and a receipt is sent.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tests::{
    Handset, Live, PATIENCE, Platform,
    clock::ago,
    handset::{fix, press},
    live::{has_remark, shows, signal, signals},
    wire::{Version, Wire},
};

/// One strange press: whose, what, and what the incident must say.
struct Case {
    name: &'static str,
    handset: &'static str,
    payload: Vec<u8>,
    remarks: &'static [&'static str],
}

fn case(
    name: &'static str,
    handset: &'static str,
    payload: impl Into<Vec<u8>>,
    remarks: &'static [&'static str],
) -> Case {
    Case { name, handset, payload: payload.into(), remarks }
}

fn pressed_at(time: &str) -> String {
    let mut payload = press("p", "b", 1);
    payload["pressed_at"] = time.into();
    payload.to_string()
}

fn cases() -> Vec<Case> {
    let whole = press("p", "b", 1).to_string();
    let (beginning, _) = whole.split_at(whole.len() / 2);
    vec![
        case("forty minutes late", "demo-0010", pressed_at(&ago(2400)), &["late"]),
        case("without a fix", "demo-0011", whole.clone(), &["no_fix", "no_position"]),
        case("bound to nobody", "demo-unbound", whole.clone(), &["unbound"]),
        case("dated next year", "demo-0012", pressed_at(&ago(-366 * 86_400)), &["clock"]),
        case("dated 1970", "demo-0013", pressed_at("1970-01-01T00:00:12Z"), &["clock"]),
        case("empty", "demo-0014", "", &["empty"]),
        case("not JSON", "demo-0015", "救命 help!", &["unreadable"]),
        case("not even text", "demo-0016", [0xff, 0xfe, 0x00, 0x80], &["unreadable"]),
        case("cut off", "demo-0017", beginning, &["partly_readable"]),
        case("a list", "demo-0018", "[1,2,3]", &["unreadable"]),
        case("a fix that cannot be", "demo-0019", impossible_fix(), &["no_fix", "partly_readable"]),
        case("ten megabytes", "demo-0020", vec![b'x'; 10 << 20], &["unreadable"]),
    ]
}

fn impossible_fix() -> String {
    let mut payload = press("p", "b", 1);
    payload["fix"] = json!({ "lat": 99.0, "lon": 118.27, "fix_time": ago(0) });
    payload.to_string()
}

#[tokio::test]
async fn each_opens_an_incident_that_says_so_and_is_receipted() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let mut failures = Vec::new();
    for case in cases() {
        let handset = platform.handset(case.handset).await?;
        if let Err(error) = takes(&case, &handset, &screen).await {
            failures.push(format!("{}: {error:#}", case.name));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    let open = operator.incidents("open").await?;
    ensure!(open.len() == cases().len(), "{} incidents", open.len());
    Ok(())
}

async fn takes(case: &Case, handset: &Handset, screen: &Live) -> Result<()> {
    handset.publish("press", case.payload.clone()).await?;
    let of_this = |shown: &Value| shown["handset"] == case.handset;
    let (incident, _) = screen.next_incident("its incident", PATIENCE, of_this).await?;
    ensure!((case.handset == "demo-unbound") == incident["resident"].is_null(), "{incident}");
    let signal = signals(&incident).first().context("a signal")?;
    for remark in case.remarks {
        ensure!(has_remark(signal, remark), "{remark} is not said: {signal}");
    }
    let receipted = handset.down.find("its receipt", PATIENCE, |down| down.kind == "receipt").await?;
    ensure!(receipted.payload["received_at"].is_string(), "{receipted:?}");
    Ok(())
}

#[tokio::test]
async fn a_press_too_large_to_read_opens_an_incident_by_its_beginning() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let mut wire = Wire::connect(platform.mqtt_port()?, Version::V3, "demo-0021").await?;
    let payload = vec![b'x'; 20 << 20];
    wire.publish("jjl/demo-0021/press", 1, 7, &payload).await?;
    let of_this = |shown: &Value| shown["handset"] == "demo-0021";
    let (incident, _) = screen.next_incident("its incident", PATIENCE, of_this).await?;
    let signal = signals(&incident).first().context("a signal")?;
    ensure!(has_remark(signal, "oversized"), "{signal}");
    // The same connection goes on.
    let second = press("second", "b", 2).to_string();
    wire.publish("jjl/demo-0021/press", 1, 8, second.as_bytes()).await?;
    screen.press("second").await?;
    let handset = platform.handset("demo-0021").await?;
    handset.down.find("its receipt", PATIENCE, |down| down.kind == "receipt").await?;
    Ok(())
}

#[tokio::test]
async fn the_last_known_position_is_known_after_a_restart() -> Result<()> {
    let mut platform = Platform::start().await?;
    let handset = platform.handset("demo-0023").await?;
    handset.publish("fix", fix("b", 1).to_string()).await?;
    drop(handset);
    platform.kill()?;
    platform.restart().await?;
    let (_, screen) = platform.operator().await?;
    platform.handset("demo-0023").await?.press("p", "b", 2).await?;
    let (incident, _) = screen.press("p").await?;
    let signal = signal(&incident, "p").context("the press")?;
    ensure!(has_remark(signal, "last_known"), "{signal}");
    ensure!(incident["position"]["accuracy_m"] == 18.0, "{incident}");
    Ok(())
}

#[tokio::test]
async fn the_last_known_position_stands_in_for_a_missing_one() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0022").await?;
    handset.publish("fix", fix("b", 1).to_string()).await?;
    handset.press("p", "b", 2).await?;
    let (incident, _) = screen.press("p").await?;
    ensure!(
        incident["position"]["accuracy_m"] == 18.0 && incident["position"]["age_s"].is_number(),
        "{incident}"
    );
    let signal = signal(&incident, "p").context("the press")?;
    ensure!(has_remark(signal, "no_fix") && has_remark(signal, "last_known"), "{signal}");
    Ok(())
}

#[tokio::test]
async fn an_old_id_after_a_reboot_is_a_new_press() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0023").await?;
    handset.press("1", "first-boot", 1).await?;
    let (before, _) = screen.press("1").await?;
    handset.publish("press", press("1", "second-boot", 1).to_string()).await?;
    handset.receipt("1", 2).await?;
    let is_both = |shown: &Value| shown["id"] == before["id"] && signals(shown).len() == 2;
    let (after, _) = screen.next_incident("the second press", PATIENCE, is_both).await?;
    ensure!(
        !has_remark(&signals(&after)[0], "id_reused") && has_remark(&signals(&after)[1], "id_reused"),
        "{after}"
    );
    Ok(())
}

#[tokio::test]
async fn a_cancel_is_a_signal_of_its_own_whichever_comes_first() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    for (id, first, remark) in [("demo-0024", false, "cancel"), ("demo-0025", true, "cancel_before_press")] {
        let handset = platform.handset(id).await?;
        for (nth, cancel) in [(1, first), (2, !first)] {
            let mut payload = press(id, "b", nth);
            payload["cancel"] = cancel.into();
            handset.publish("press", payload.to_string()).await?;
            // The second takes the first one's place if that was not settled yet: receipts have the press's id.
            handset.receipt(id, 1).await?;
        }
        let is_both = |shown: &Value| shows(shown, id) && signals(shown).len() == 2;
        let (incident, _) = screen.next_incident("press and cancel", PATIENCE, is_both).await?;
        let cancel = signals(&incident).iter().find(|signal| signal["cancel"] == true);
        let pressed = signals(&incident).iter().find(|signal| signal["cancel"] == false);
        let (Some(cancel), Some(pressed)) = (cancel, pressed) else { bail!("{incident}") };
        ensure!(has_remark(cancel, remark), "{remark}: {cancel}");
        ensure!(has_remark(pressed, "cancelled_earlier") == first, "{pressed}");
        ensure!(incident["state"] == "raised", "a human decides what a cancel means: {incident}");
    }
    Ok(())
}

#[tokio::test]
async fn every_version_and_quality_of_service_is_taken() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let listening = platform.handset("demo-0026").await?;
    for version in [Version::V3, Version::V5] {
        let mut wire = Wire::connect(platform.mqtt_port()?, version, "demo-0026").await?;
        for qos in 0..=2 {
            let id = format!("{version:?}-{qos}");
            let payload = press(&id, "b", 1).to_string();
            wire.publish("jjl/demo-0026/press", qos, 11, payload.as_bytes()).await.context(id.clone())?;
            screen.press(&id).await?;
            listening.receipt(&id, 1).await?;
        }
    }
    Ok(())
}
