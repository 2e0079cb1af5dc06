//! `plaudit backup` and `plaudit restore`: a site that runs, copied; a copy, brought back. Always SQLite.

use std::path::{Path, PathBuf};

use plaudit::entities::{MembershipState, account, membership};
use sea_orm::{Database, EntityTrait as _, PaginatorTrait as _};
use tempfile::TempDir;

use crate::support::{Running, Said, TestApp};

/// Another site's folder, and the settings that name it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("site/plaudit.db")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("site/secret.key")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.database().display())
    }

    /// Runs the program on this site, which made its secret key itself.
    async fn plaudit(&self, app: &TestApp, arguments: &[&str]) -> Said {
        let url = self.url();
        let settings = [
            ("PLAUDIT__DATABASE__URL", &*url),
            ("PLAUDIT__SECRETS__KEY", ""),
        ];
        app.plaudit_with(arguments, &settings, "").await
    }

    async fn people(&self) -> u64 {
        let db = Database::connect(self.url()).await.expect("a database");
        let people = account::Entity::find().count(&db).await.expect("people");
        db.close().await.expect("closed");
        people
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[tokio::test]
async fn a_running_site_is_copied_and_comes_back_whole_elsewhere() {
    let site = Place::new();
    site.plaudit(&TestApp::start().await, &["migrate"])
        .await
        .done();
    let app = TestApp::start_with(|config| config.database.url = site.url()).await;
    let (_, author) = app.author("Matthew Smith").await;
    let (_, ann) = app.reader("Ann").await;
    let written = app.patron(ann.id, &author).await;
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.db");
    let done = app.plaudit(&["backup", text(&copy)]).await.done();
    assert!(done.contains("holds the whole site"), "{done}");
    let again = app.plaudit(&["backup", text(&copy)]).await.refused();
    assert!(
        again.ends_with("is there already; nothing was written"),
        "{again}"
    );

    let place = Place::new();
    place.plaudit(&app, &["restore", text(&copy)]).await.done();
    let db = Database::connect(place.url()).await.expect("a database");
    let found = membership::Entity::find_by_id(written.id).one(&db).await;
    let found = found.expect("memberships").expect("hers");
    assert_eq!((found.state, found.amount), (MembershipState::Active, 500));
}

#[tokio::test]
async fn the_key_a_site_made_itself_travels_with_it_and_what_was_there_is_kept() {
    let app = TestApp::start().await;
    let (first, second) = (Place::new(), Place::new());
    let add = |email| {
        let who = ["--email", email, "--name", "Ann", "--role", "reader"];
        [&["account", "add"][..], &who].concat()
    };
    first.plaudit(&app, &add("ann@example.org")).await.done();
    let copy = first.folder.path().join("copy.db");
    first.plaudit(&app, &["backup", text(&copy)]).await.done();
    for email in ["bea@example.org", "cid@example.org"] {
        second.plaudit(&app, &add(email)).await.done();
    }
    let done = second.plaudit(&app, &["restore", text(&copy)]).await.done();
    assert!(done.contains("plaudit.db.before-1"), "{done}");
    assert_eq!(second.people().await, 1);
    let key = |place: &Place| std::fs::read(place.key()).expect("a key");
    assert_eq!(key(&second), key(&first));
    let old = second.folder.path().join("site/plaudit.db.before-1");
    std::fs::copy(old, second.database()).expect("taken back");
    assert_eq!(second.people().await, 2);
}

#[tokio::test]
async fn what_is_no_backup_or_would_be_lost_is_refused() {
    let app = TestApp::start().await;
    let place = Place::new();
    let copy = place.folder.path().join("copy.db");
    place.plaudit(&app, &["migrate"]).await.done();
    place.plaudit(&app, &["backup", text(&copy)]).await;

    let mut command = app.command(&["serve"]);
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__DATABASE__URL", place.url())
        .env("PLAUDIT__MAIL__TRANSPORT", "memory");
    let mut service = Running::start(&mut command);
    service.says("listening on ").await;
    let refused = place
        .plaudit(&app, &["restore", text(&copy)])
        .await
        .refused();
    assert!(refused.contains("stop the service first"), "{refused}");
    service.stop().await;
    assert_eq!(place.people().await, 0, "nothing was harmed");

    let other = place.folder.path().join("notes.txt");
    std::fs::write(&other, "these are notes").expect("written");
    let refused = place
        .plaudit(&app, &["restore", text(&other)])
        .await
        .refused();
    assert!(refused.contains("is not a backup of Plaudit"), "{refused}");
    let refused = place
        .plaudit(&app, &["restore", "nowhere.db"])
        .await
        .refused();
    assert!(refused.contains("could not read nowhere.db"), "{refused}");
    let nowhere = Place::new();
    let refused = nowhere
        .plaudit(&app, &["backup", "copy.db"])
        .await
        .refused();
    assert!(refused.contains("there is no database at"), "{refused}");
}

#[tokio::test]
async fn postgresql_has_tools_of_its_own() {
    let app = TestApp::start().await;
    let settings = [("PLAUDIT__DATABASE__URL", "postgres://localhost/plaudit")];
    for command in ["backup", "restore"] {
        let refused = app
            .plaudit_with(&[command, "copy.db"], &settings, "")
            .await
            .refused();
        assert!(refused.contains("use pg_dump and pg_restore"), "{refused}");
    }
}
