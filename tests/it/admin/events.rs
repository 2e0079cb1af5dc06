//! `/admin/events` and `plaudit events`: found by state and id, in pages that stay; tried again, set aside.

use chrono::TimeDelta;
use plaudit::entities::{
    audit_entry,
    stripe_event::{self, State},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use serde_json::Value;

use super::{event, state};
use crate::support::{Page, TestApp};

/// The ids of the events a page lists, in its order.
fn ids(page: &Page) -> Vec<String> {
    let links = page.body.split("href=\"/admin/events/evt_").skip(1);
    let ids = links.filter_map(|rest| rest.split('"').next());
    ids.map(|id| format!("evt_{id}")).collect()
}

/// Where the link with this `rel` leads.
fn link(page: &Page, rel: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("rel=\"{rel}\" href=\""))?;
    let (href, _) = rest.split_once('"')?;
    Some(href.replace("&amp;", "&"))
}

#[tokio::test]
async fn every_tab_shows_its_states_in_the_owners_words() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let empty = owner.get("/admin/events").await;
    empty.says("Here you will see what Stripe has told");
    for (id, state) in [
        ("evt_done", State::Done),
        ("evt_waiting", State::Waiting),
        ("evt_ignored", State::Ignored),
        ("evt_discarded", State::Discarded),
        ("evt_parked", State::Parked),
        ("evt_failed", State::Failed),
    ] {
        event(&app, id, state).await;
    }
    for (tab, expected) in [
        ("attention", vec!["evt_parked", "evt_failed"]),
        ("waiting", vec!["evt_waiting"]),
        ("done", vec!["evt_done"]),
        ("ignored", vec!["evt_discarded", "evt_ignored"]),
    ] {
        let page = owner.get(&format!("/admin/events?state={tab}")).await;
        assert_eq!(ids(&page), expected, "{tab}");
    }
    let all = owner.get("/admin/events").await;
    all.says("Payment received")
        .says("<code class=\"quiet\">invoice.paid</code>")
        .says("Need attention 2")
        .says("this version of Plaudit cannot read")
        .says("unknown word");
    let order = ids(&all);
    assert_eq!(
        order[..2],
        ["evt_parked", "evt_failed"],
        "these stand on top"
    );
    assert_eq!(order.len(), 6);
    let none = owner.get("/admin/events?state=waiting&q=evt_done").await;
    none.says("There is no event with the id “evt_done”");
}

#[tokio::test]
async fn an_event_is_found_by_its_id_and_by_what_it_is_about() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    event(&app, "evt_a", State::Done).await;
    event(&app, "evt_b", State::Parked).await;
    for (search, expected) in [
        ("evt_a", vec!["evt_a"]),
        ("%20in_evt_b%20", vec!["evt_b"]),
        ("evt_", vec![]),
        ("%25", vec![]),
        ("%27%22%3Cb%3E", vec![]),
    ] {
        let page = owner.get(&format!("/admin/events?q={search}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(ids(&page), expected, "{search}");
        page.does_not_say("<b>");
    }
}

#[tokio::test]
async fn pages_stay_as_they_are_while_events_arrive() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let id = |number: i64| format!("evt_{number:03}");
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    for number in 0..120_i64 {
        let state = if number % 2 == 0 {
            State::Done
        } else {
            State::Ignored
        };
        let row = event(&app, &id(number), state).await;
        let mut row = row.into_active_model();
        // Some arrive at the same moment.
        row.received_at = Set(yesterday + TimeDelta::seconds(number / 3));
        row.update(&app.app.db).await.expect("updated");
    }
    let expected = |range: std::ops::Range<i64>| range.rev().map(id).collect::<Vec<_>>();
    let first = owner.get("/admin/events").await;
    assert_eq!(ids(&first), expected(70..120));
    assert_eq!(link(&first, "prev"), None);
    event(&app, "evt_late", State::Done).await;
    let second = owner.get(&link(&first, "next").expect("older")).await;
    assert_eq!(ids(&second), expected(20..70));
    let third = owner.get(&link(&second, "next").expect("older")).await;
    assert_eq!(ids(&third), expected(0..20));
    assert_eq!(link(&third, "next"), None);
    let back = owner.get(&link(&third, "prev").expect("newer")).await;
    assert_eq!(ids(&back), expected(20..70));
    let front = owner.get(&link(&back, "prev").expect("newer")).await;
    assert_eq!(ids(&front), expected(70..120));
    let newest = owner.get(&link(&front, "prev").expect("newer")).await;
    assert_eq!(ids(&newest), ["evt_late"]);
    let done = owner.get("/admin/events?state=done").await;
    let next = link(&done, "next").expect("older");
    assert!(next.contains("state=done"), "{next}");
    let unknown = owner.get("/admin/events?before=evt_nowhere").await;
    assert_eq!(ids(&unknown).len(), 50);
}

#[tokio::test]
async fn a_discarded_event_is_kept_with_who_did_it_and_can_be_tried_again() {
    let app = TestApp::start().await;
    let (owner, olivia) = app.owner().await;
    event(&app, "evt_odd", State::Parked).await;
    let path = "/admin/events/evt_odd";
    let page = owner.get(path).await;
    page.says("Payment received").says("unknown word");
    page.says("&lt;b&gt;Ann&lt;/b&gt;").does_not_say("<b>Ann");
    let page = owner.submit(&format!("{path}/discard"), &[]).await;
    page.says("The event is set aside")
        .says("Discarded by Olivia");
    assert_eq!(state(&app, "evt_odd").await, State::Discarded);
    let again = owner.submit(&format!("{path}/discard"), &[]).await;
    again.says("There was nothing to discard");
    let page = owner.submit(&format!("{path}/retry"), &[]).await;
    page.says("Tried again by Olivia");
    assert_eq!(state(&app, "evt_odd").await, State::Waiting);
    let entries = audit_entry::Entity::find().all(&app.app.db).await;
    let entries = entries.expect("the log");
    let acts: Vec<&str> = entries.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["discard", "retry"]);
    for entry in &entries {
        assert_eq!(
            (entry.account_id, &*entry.subject),
            (Some(olivia.id), "evt_odd")
        );
    }
    let detail: Value = serde_json::from_str(&entries[0].detail).expect("JSON");
    assert_eq!(detail["was"], "parked");
    let missing = owner.get("/admin/events/evt_nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_done_or_in_hand_is_left_alone() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    event(&app, "evt_done", State::Done).await;
    let row = event(&app, "evt_held", State::Waiting).await;
    let mut row: stripe_event::ActiveModel = row.into();
    row.locked_until = Set(Some(app.app.clock.now() + TimeDelta::seconds(60)));
    row.update(&app.app.db).await.expect("held");
    for id in ["evt_done", "evt_held", "evt_nowhere"] {
        for act in ["retry", "discard"] {
            let before = stripe_event::Entity::find().all(&app.app.db).await;
            owner.post(&format!("/admin/events/{id}/{act}"), &[]).await;
            let after = stripe_event::Entity::find().all(&app.app.db).await;
            assert_eq!(
                before.expect("events"),
                after.expect("events"),
                "{act} {id}"
            );
        }
    }
    let (author, _) = app.author("Matthew Smith").await;
    let answer = author.post("/admin/events/evt_held/discard", &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_command_line_lists_by_state_and_discards() {
    let app = TestApp::start().await;
    event(&app, "evt_done", State::Done).await;
    event(&app, "evt_odd", State::Parked).await;
    let listed = async |state: &str| {
        let words = ["events", "list", "--state", state, "--json"];
        let answer = app.plaudit(&words).await.done();
        let rows: Vec<Value> = serde_json::from_str(&answer).expect("JSON");
        let ids = rows
            .into_iter()
            .map(|row| row["id"].as_str().unwrap_or_default().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(listed("all").await, ["evt_odd", "evt_done"]);
    assert_eq!(listed("attention").await, ["evt_odd"]);
    assert_eq!(listed("done").await, ["evt_done"]);
    app.plaudit(&["events", "discard", "evt_odd"]).await.done();
    assert_eq!(listed("discarded").await, ["evt_odd"]);
    assert_eq!(listed("attention").await, [] as [&str; 0]);
    let refused = app
        .plaudit(&["events", "discard", "evt_done"])
        .await
        .refused();
    assert_eq!(refused, "plaudit: there is no event evt_done that is stuck");
    let wrong = app.plaudit(&["events", "list", "--state", "lost"]).await;
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    let retried = app.plaudit(&["events", "retry", "evt_odd", "--json"]).await;
    let retried: Value = serde_json::from_str(&retried.done()).expect("JSON");
    assert_eq!(retried["state"], "waiting");
    let (owner, _) = app.owner().await;
    let page = owner.get("/admin/events/evt_odd").await;
    page.says("Discarded by the command line");
    let entries = audit_entry::Entity::find().all(&app.app.db).await;
    assert!(
        entries
            .expect("the log")
            .iter()
            .all(|entry| entry.account_id.is_none())
    );
}
