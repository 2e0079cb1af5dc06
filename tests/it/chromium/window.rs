//! A person at a browser: goes by visible words and labels, and looks over every page she meets.

mod axe;

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};
use serde_json::Value;

use super::driver::{Driver, capabilities};

/// How wide a phone is, in CSS pixels.
pub const PHONE: u32 = 390;

pub struct Window {
    client: Client,
    base: String,
    width: Option<u32>,
    driver: Driver,
}

impl Window {
    /// At a desk.
    pub async fn new(base: &str) -> Self {
        Self::of_width(base, None).await
    }

    /// On a phone.
    pub async fn on_a_phone(base: &str) -> Self {
        Self::of_width(base, Some(PHONE)).await
    }

    async fn of_width(base: &str, width: Option<u32>) -> Self {
        let driver = Driver::start();
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities(width))
            .connect(&driver.url)
            .await
            .expect("chromium, which tests/run installs");
        Self {
            client,
            base: base.to_owned(),
            width,
            driver,
        }
    }

    /// Types an address, whole or a path of this service.
    pub async fn open(&self, address: &str) -> &Self {
        let address = if address.starts_with("http") {
            address.to_owned()
        } else {
            format!("{}{address}", self.base)
        };
        self.client.goto(&address).await.expect(&address);
        self.look_over().await;
        self
    }

    /// Follows the link with these words.
    pub async fn follow(&self, words: &str) -> &Self {
        let link = self.named("a", words).await;
        link.click().await.expect(words);
        self.look_over().await;
        self
    }

    /// Presses the button with these words.
    pub async fn press(&self, words: &str) -> &Self {
        let button = self.named("button", words).await;
        button.click().await.expect(words);
        self.look_over().await;
        self
    }

    /// Types into the field with this label.
    pub async fn fill(&self, label: &str, text: &str) -> &Self {
        let field = self.field(label).await;
        field.clear().await.expect(label);
        field.send_keys(text).await.expect(label);
        self
    }

    /// The field whose label starts with these words.
    pub async fn field(&self, label: &str) -> Element {
        let label = self
            .find(&format!(
                "//label[starts-with(normalize-space(), {})]",
                quoted(label)
            ))
            .await;
        let field = label.attr("for").await.expect("a label");
        let field = field.expect("a label names its field");
        self.find(&format!("//*[@id={}]", quoted(&field))).await
    }

    /// Presses keys where the focus is.
    pub async fn keys(&self, keys: &str) -> &Self {
        let focus = self.client.active_element().await.expect("a focus");
        focus.send_keys(keys).await.expect("keys");
        self
    }

    /// Goes from one place to the next with the Tab key until the focus is on what `wanted` says:
    /// its visible words, or its label.
    pub async fn tab_to(&self, wanted: &str) -> &Self {
        for _ in 0..120 {
            self.tab().await;
            let here = self.script(FOCUS).await;
            if here.as_str().is_some_and(|words| words == wanted) {
                return self;
            }
        }
        panic!(
            "“{wanted}” cannot be reached by keyboard on {}",
            self.place().await
        );
    }

    /// The key itself: typed into a field for a file it would name one.
    async fn tab(&self) {
        let value = char::from(Key::Tab);
        let press = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(press).await.expect("a key");
    }

    /// Fails unless the focus is on something with these words in it, at once or when the page that a key has asked
    /// for is there.
    pub async fn focus_is_in(&self, words: &str) -> &Self {
        let script = "return document.activeElement.matches('[data-queue] > *') ? document.activeElement.innerText : ''";
        let mut here = String::new();
        for _ in 0..100 {
            let found = self.script(script).await;
            here = found.as_str().unwrap_or_default().to_owned();
            if here.contains(words) {
                return self;
            }
            tokio::task::yield_now().await;
        }
        panic!("the focus is in “{here}”, not in “{words}”")
    }

    /// Looks over the page that keys or time have led to.
    pub async fn arrived(&self) -> &Self {
        self.look_over().await;
        self
    }

    /// Fails, showing the page, unless its visible words have these among them.
    pub async fn says(&self, words: &str) -> &Self {
        let seen = self.seen().await;
        assert!(
            seen.contains(words),
            "no “{words}” on {}:\n{seen}",
            self.place().await
        );
        self
    }

    pub async fn does_not_say(&self, words: &str) -> &Self {
        let seen = self.seen().await;
        assert!(
            !seen.contains(words),
            "“{words}” on {}:\n{seen}",
            self.place().await
        );
        self
    }

    /// The path of the page.
    pub async fn place(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.as_str().replace(&self.base, "")
    }

    pub async fn close(self) {
        self.client.close().await.expect("closed");
        drop(self.driver);
    }

    /// Should the page be replaced between finding and reading, the new one is read.
    async fn seen(&self) -> String {
        loop {
            match self.find("//body").await.text().await {
                Ok(text) => return text,
                Err(error) if error.is_stale_element_reference() => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// By what it says, or the name it bears for those who hear it.
    async fn named(&self, tag: &str, words: &str) -> Element {
        let words = quoted(words);
        self.find(&format!(
            "//{tag}[normalize-space()={words} or @aria-label={words}]"
        ))
        .await
    }

    async fn find(&self, path: &str) -> Element {
        match self.client.find(Locator::XPath(path)).await {
            Ok(found) => found,
            Err(error) => {
                let page = self.client.source().await.unwrap_or_default();
                panic!("{path} on {}: {error}\n{page}", self.place().await)
            }
        }
    }

    async fn script(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("an answer")
    }

    /// What holds for every page.
    async fn look_over(&self) {
        let place = self.place().await;
        let faults = self.script(FAULTS).await;
        let faults = faults.as_array().expect("a list");
        assert!(faults.is_empty(), "{place}: {faults:?}");
        let width = self
            .script("return document.documentElement.scrollWidth")
            .await;
        if let (Some(wanted), Some(width)) = (self.width, width.as_u64()) {
            assert!(width <= u64::from(wanted), "{place} is {width} px wide");
        }
        let complaints = self.console(&place).await;
        assert!(complaints.is_empty(), "{place}: {complaints:?}");
    }

    /// What the browser complains of. That the page itself is a refusal is none.
    async fn console(&self, place: &str) -> Vec<String> {
        let session = self.client.session_id().await.expect("a session");
        let session = session.expect("a session");
        let address = format!("{}/session/{session}/se/log", self.driver.url);
        let request = reqwest::Client::new()
            .post(address)
            .body(r#"{"type":"browser"}"#);
        let answer = request.send().await.expect("the log");
        let answer: Value =
            serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
        let entries = answer["value"].as_array().cloned().unwrap_or_default();
        let messages = entries
            .iter()
            .filter_map(|entry| entry["message"].as_str())
            .filter(|message| {
                let (about, _) = message.split_once(' ').unwrap_or((message, ""));
                let is_refusal = message.contains("the server responded with a status of 4");
                !(is_refusal && about.ends_with(place))
            });
        messages.map(str::to_owned).collect()
    }
}

/// XPath has no escapes: words with both kinds of quotes are put together from pieces.
fn quoted(words: &str) -> String {
    if words.contains('"') {
        let pieces: Vec<String> = words
            .split('"')
            .map(|piece| format!("\"{piece}\""))
            .collect();
        format!("concat({})", pieces.join(", '\"', "))
    } else {
        format!("\"{words}\"")
    }
}

/// The words of what has the focus, or its label's.
const FOCUS: &str = "
    const here = document.activeElement;
    const label = here.labels && here.labels[0];
    return (here.getAttribute('aria-label') || (label || here).innerText || '').trim();";

/// What is wrong with the page as it stands.
const FAULTS: &str = r#"
    const faults = [];
    const count = selector => document.querySelectorAll(selector).length;
    if (count('h1') !== 1) faults.push(count('h1') + ' h1');
    if (count('main') !== 1) faults.push(count('main') + ' main');
    if (count('script:not([type="application/ld+json"], [src^="/assets/"][src$="/talk.js"], [src^="/assets/"][src$="/editor.js"])')) faults.push('a script');
    if (count('[style], style')) faults.push('an inline style');
    if (!document.documentElement.lang) faults.push('no language');
    for (const field of document.querySelectorAll('input:not([type=hidden]), textarea, select'))
        if (!field.labels.length && !field.ariaLabel) faults.push('no label: ' + field.name);
    for (const control of document.querySelectorAll('button, a[href]'))
        if (!(control.innerText.trim() || control.ariaLabel || control.title || control.querySelector('img[alt]:not([alt=""]), svg title')) && control.checkVisibility())
            faults.push('no name: ' + control.outerHTML);
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
    ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => faults.push('twice: #' + id));
    for (const picture of document.querySelectorAll('img'))
        if (picture.complete && !picture.naturalWidth) faults.push('no picture: ' + picture.src);
    return faults;"#;
