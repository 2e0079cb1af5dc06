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
    /// On a port of its own, which it tells us. One that is free on the one family of addresses may be taken on
    /// the other, and then it ends: another is tried.
    pub fn start() -> Self {
        let started = (0..5).find_map(|_| Self::try_start());
        started.expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
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
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.to_owned()));
        let Some(port) = port else {
            process.wait().ok();
            return None;
        };
        let port = port.trim_end_matches('.');
        Some(Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        })
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
