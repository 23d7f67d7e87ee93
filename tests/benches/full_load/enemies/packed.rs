//! Reports of telephones that are small as they come and large unpacked. They are refused as they are.

use anyhow::{Result, ensure};
use reqwest::{Client, StatusCode, header};

/// Ten mebibytes of zeros in some 64,000 bytes, as gzip: a literal, and matches of 258 bytes, of which eight fill thirteen
/// bytes.
fn bomb() -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x18];
    let eight = [0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x28, 0x18];
    [head.as_slice(), &eight.repeat(4_900)].concat()
}

pub(super) async fn post(client: Client, address: String) -> Result<()> {
    let packed = client.post(address).header(header::CONTENT_ENCODING, "gzip").body(bomb());
    let status = packed.send().await?.status();
    ensure!(status == StatusCode::UNSUPPORTED_MEDIA_TYPE, "answered {status}");
    Ok(())
}
