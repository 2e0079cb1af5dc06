//! Writing: the desk, the editor, versions, opening by the clock, pictures.

mod bombs;
mod desk;
mod editor;
mod heavy;
mod markup;
mod opening;
mod opening_order;
mod pictures;
mod places;
mod publishing;
mod together;

use plaudit::entities::author;

use crate::support::{Browser, TestApp};

/// An author at his desk.
struct Desk {
    app: TestApp,
    matthew: Browser,
    author: author::Model,
}

impl Desk {
    async fn start() -> Self {
        Self::of(TestApp::start().await).await
    }

    /// Where the day begins elsewhere.
    async fn in_berlin() -> Self {
        let zone = |config: &mut plaudit::config::Config| {
            config.publication.time_zone = "Europe/Berlin".to_owned();
        };
        Self::of(TestApp::start_with(zone).await).await
    }

    async fn of(app: TestApp) -> Self {
        let (matthew, author) = app.author("Matthew Smith").await;
        Self {
            app,
            matthew,
            author,
        }
    }

    /// Writes an article in the editor. Returns its page there.
    async fn write(&self, title: &str, body: &str) -> String {
        let form = form(&[("title", title), ("body", body)]);
        let saved = self.matthew.post("/studio/articles/new", &form).await;
        assert!(saved.status.is_redirection(), "{}", saved.body);
        saved.location().to_owned()
    }

    /// So many days ahead, as a form holds it.
    fn in_days(&self, days: i64) -> String {
        let at = self.app.app.clock.now() + chrono::Duration::days(days);
        at.format("%Y-%m-%dT%H:%M").to_string()
    }

    async fn publish(&self, path: &str) {
        let publication = format!("{path}/publication");
        let done = self.matthew.submit(&publication, &[("what", "publish")]);
        done.await.says("Published.");
    }
}

/// The editor's form as it stands, with these fields filled in.
fn form<'a>(filled: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let empty = [("audience", "public"), ("comments", "patrons")];
    let rest = empty
        .iter()
        .filter(|(name, _)| !filled.iter().any(|(known, _)| known == name));
    filled.iter().chain(rest).copied().collect()
}
