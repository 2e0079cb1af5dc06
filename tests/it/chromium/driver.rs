//! ChromeDriver and the Chromium it starts: one of each for a window, ended with it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// A running ChromeDriver; ends its browser with itself.
pub struct Driver {
    process: Child,
    pub url: String,
}

impl Driver {
    /// On a port of its own, which it tells us.
    pub fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, which tests/run installs");
        let said = process.stdout.take().expect("its output");
        let port = BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.to_owned()))
            .expect("chromedriver says its port");
        let port = port.trim_end_matches('.');
        Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        }
    }
}

impl Drop for Driver {
    /// Asks it to end, so that it ends its browser too; killed outright it would leave that behind.
    fn drop(&mut self) {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").arg(id).status();
        if asked.is_ok_and(|status| status.success()) {
            self.process.wait().ok();
        } else {
            self.process.kill().ok();
        }
    }
}

/// What the browser is asked to be. `width` in CSS pixels makes it a phone.
pub fn capabilities(width: Option<u32>) -> serde_json::Map<String, serde_json::Value> {
    let mut options = serde_json::json!({
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,900", "--lang=en",
        ],
        "prefs": { "intl.accept_languages": "en" },
    });
    if let Some(width) = width {
        options["mobileEmulation"] = serde_json::json!({
            "deviceMetrics": { "width": width, "height": 844, "pixelRatio": 1.0, "touch": true },
        });
    }
    let wanted = serde_json::json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    wanted.as_object().expect("an object").clone()
}
