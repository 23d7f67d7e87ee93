//! Makes sure there is a page to embed, so that the crate builds where no dashboards have been built.

use std::{fs, io, path::Path};

const PAGE: &str = "<!doctype html><html lang=\"zh-Hans\"><meta charset=\"utf-8\"><title>居家樂</title>
<p>页面尚未构建。The dashboards have not been built: run <code>make run</code>, or <code>npm ci &amp;&amp; npm run build</code> in dashboards/ and build again.</p></html>
";

fn main() -> io::Result<()> {
    let folder = Path::new("../../dashboards/dist");
    if !folder.join("index.html").exists() {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("index.html"), PAGE)?;
    }
    println!("cargo:rerun-if-changed=../../dashboards/dist");
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
