//! Slugs at the same time: never two owners, never a redirect over a page.

use futures_util::future::join_all;
use plaudit::{
    articles::{self, Draft, SaveError},
    entities::{Audience, Gate, article, slug_redirect},
};
use sea_orm::EntityTrait as _;

use crate::support::TestApp;

#[tokio::test]
async fn one_of_many_gets_the_slug_they_all_want() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let wanted = (0..6).map(|_| articles::create(&app.app, matthew.id, draft("Tide", "tide")));
    let written = join_all(wanted).await;
    let won = written.iter().filter(|written| written.is_ok()).count();
    let lost = written
        .iter()
        .filter(|written| matches!(written, Err(SaveError::SlugTaken(_))))
        .count();
    assert_eq!((won, lost), (1, 5));
}

#[tokio::test]
async fn articles_of_one_title_written_at_once_get_slugs_of_their_own() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let wanted = (0..6).map(|_| articles::create(&app.app, matthew.id, draft("Tide", "")));
    let mut slugs: Vec<String> = join_all(wanted)
        .await
        .into_iter()
        .map(|written| written.expect("written").slug)
        .collect();
    slugs.sort();
    assert_eq!(
        slugs,
        ["tide", "tide-2", "tide-3", "tide-4", "tide-5", "tide-6"]
    );
}

#[tokio::test]
async fn a_slug_that_is_left_and_wanted_at_once_has_one_meaning() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for round in 0..10 {
        let old = format!("old-{round}");
        let first = app
            .article_with(&matthew, "First", |draft| draft.slug.clone_from(&old))
            .await;
        let (moved, taken) = tokio::join!(
            articles::update(
                &app.app,
                first.id,
                draft("First", &format!("new-{round}")),
                articles::Hand::default()
            ),
            articles::create(&app.app, matthew.id, draft("Second", &old)),
        );
        moved.expect("the new slug was free");
        assert!(matches!(taken, Err(SaveError::SlugTaken(_))), "{taken:?}");
    }
    let articles = article::Entity::find()
        .all(&app.app.db)
        .await
        .expect("rows");
    let redirects = slug_redirect::Entity::find()
        .all(&app.app.db)
        .await
        .expect("rows");
    assert_eq!((articles.len(), redirects.len()), (10, 10));
}

fn draft(title: &str, slug: &str) -> Draft {
    Draft {
        title: title.to_owned(),
        slug: slug.to_owned(),
        standfirst: String::new(),
        body_markdown: "Text.".to_owned(),
        audience: Audience::Public,
        gate: Gate::Patrons,
        gate_tiers: None,
        gate_days: None,
        opening: None,
        tags: Vec::new(),
        co_authors: None,
    }
}
