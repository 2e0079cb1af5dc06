//! What axe-core says of a page.

use serde_json::{Value, json};

use super::Window;
use crate::support::python;

impl Window {
    /// What axe-core finds, a line each, by day and by night; what it is not sure of is left out.
    pub async fn axe(&self) -> Vec<String> {
        let axe = axe_core();
        let mut found = Vec::new();
        for scheme in ["light", "dark"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            self.emulate(json!({ "features": features })).await;
            self.script(&axe).await;
            let answer = self.client.execute_async(AXE, Vec::new()).await;
            let faults = answer.expect("an answer");
            let faults = faults.as_array().cloned().unwrap_or_default();
            let place = self.place().await;
            found.extend(
                faults
                    .iter()
                    .map(|fault| format!("{place} ({scheme}): {fault}")),
            );
        }
        self.emulate(json!({ "features": [] })).await;
        found
    }

    /// Chromium's own: <https://chromedevtools.github.io/devtools-protocol/tot/Emulation/>.
    async fn emulate(&self, media: Value) {
        let session = self.client.session_id().await.expect("a session");
        let session = session.expect("a session");
        let address = format!("{}/session/{session}/goog/cdp/execute", self.driver.url);
        let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": media });
        let request = reqwest::Client::new()
            .post(address)
            .body(command.to_string());
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{:?}", answer.text().await);
    }
}

/// axe-core as its package in tests/run's Python brings it.
fn axe_core() -> String {
    let script = "import importlib.util, pathlib\n\
        spec = importlib.util.find_spec('axe_playwright_python')\n\
        print(pathlib.Path(spec.submodule_search_locations[0], 'axe.min.js'))";
    let said = std::process::Command::new(python())
        .args(["-c", script])
        .output()
        .expect("Python");
    let path = String::from_utf8(said.stdout).expect("UTF-8");
    std::fs::read_to_string(path.trim()).expect("axe-core, which tests/run installs")
}

/// Everything that is against a rule, whatever its weight, once colours have stopped changing.
const AXE: &str = "
    const done = arguments[arguments.length - 1];
    const named = fault => fault.impact + ' ' + fault.id + ': ' + fault.nodes.map(node => node.html).join(' | ').slice(0, 400);
    const still = () => Promise.all(document.getAnimations().map(one => one.finished));
    const frame = () => new Promise(drawn => requestAnimationFrame(drawn));
    frame().then(frame).then(still).then(() => axe.run(document, { resultTypes: ['violations'] }))
        .then(found => done(found.violations.map(named)));";
