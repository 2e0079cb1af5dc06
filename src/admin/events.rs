//! `/admin/events`: what Stripe has told, and a second try or a discard for what is stuck.

use axum::{
    extract::{Query, State},
    response::Response,
};
use sea_orm::{DbErr, EntityTrait};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    inbox::{Filter, Place, Summary, counts, discard, listed, retry},
    page::{history, known_word, room},
};
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::stripe_event::{self, State as Stage},
    web::{Error, Path, Result},
};

/// How many events one page shows.
const PAGE: u64 = 50;
/// How many that need a person stand above the others.
const ON_TOP: u64 = 10;
/// The tabs.
const TABS: [&str; 5] = ["all", "attention", "waiting", "done", "ignored"];

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A tab.
    state: Option<String>,
    /// The id of an event or of the object it is about.
    q: Option<String>,
    /// The event after which this page begins.
    before: Option<String>,
    /// The event before which this page ends.
    after: Option<String>,
}

impl Asked {
    fn tab(&self) -> &'static str {
        let state = self.state.as_deref().unwrap_or_default();
        TABS.into_iter().find(|tab| *tab == state).unwrap_or("all")
    }

    fn search(&self) -> Option<&str> {
        let text = self.q.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty())
    }

    fn place(&self) -> Place {
        match (&self.before, &self.after) {
            (Some(id), _) => Place::Before(id.clone()),
            (None, Some(id)) => Place::After(id.clone()),
            (None, None) => Place::Newest,
        }
    }

    /// The address of a tab or of another page, with the search that is on.
    fn link(&self, tab: &str, cursor: Option<(&str, &str)>) -> String {
        let mut query = Vec::from([("state", tab)]);
        query.extend(self.search().map(|text| ("q", text)));
        query.extend(cursor);
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/admin/events?{query}")
    }
}

/// `GET /admin/events`
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (tab, place, search) = (asked.tab(), asked.place(), asked.search());
    let is_front = tab == "all" && search.is_none();
    let mut states = tab.parse().unwrap_or(Filter::All).states();
    if is_front {
        states.retain(|state| !Filter::Attention.states().contains(state));
    }
    let found = listed(&app.db, &states, search, &place, PAGE).await?;
    let stuck = match is_front && place == Place::Newest {
        true => {
            let states = Filter::Attention.states();
            listed(&app.db, &states, None, &Place::Newest, ON_TOP).await?
        }
        false => listed(&app.db, &[], None, &Place::Newest, 0).await?,
    };
    let (on_top, events) = match tab == "attention" && search.is_none() {
        true => (found.events.as_slice(), [].as_slice()),
        false => (stuck.events.as_slice(), found.events.as_slice()),
    };
    let cursor = |event: Option<&Summary>, name| {
        event.map(|event| asked.link(tab, Some((name, event.id.as_str()))))
    };
    let newer = cursor(found.events.first(), "after");
    let older = cursor(found.events.last(), "before");
    let page = json!({
        "tabs": tabs(&app, &asked).await?,
        "tab": tab,
        "search": search,
        "groups": groups(&app, on_top),
        "all_stuck": stuck.has_older.then(|| asked.link("attention", None)),
        "events": rows(&app, events),
        "newer": newer.filter(|_| found.has_newer),
        "older": older.filter(|_| found.has_older),
    });
    room(&app, &owner, "admin/events.html", page).await
}

/// The tabs, with how many events each holds; a search finds too few to count.
async fn tabs(app: &App, asked: &Asked) -> Result<Vec<Value>, DbErr> {
    let counts = match asked.search() {
        Some(_) => None,
        None => Some(counts(&app.db).await?),
    };
    let tab = |name: &'static str| {
        let states = name.parse().unwrap_or(Filter::All).states();
        let count = counts.as_ref().map(|counts| {
            let own = counts.iter().filter(|(state, _)| states.contains(state));
            own.map(|(_, count)| count).sum::<i64>()
        });
        json!({
            "name": name,
            "count": count,
            "href": asked.link(name, None),
            "is_current": name == asked.tab(),
        })
    };
    Ok(TABS.into_iter().map(tab).collect())
}

/// Those that need a person, by what is the matter.
fn groups(app: &App, events: &[Summary]) -> Vec<Value> {
    let of = |state: Stage| {
        let events = events.iter().filter(move |event| event.state == state);
        let events: Vec<Summary> = events.cloned().collect();
        json!({ "state": state, "events": rows(app, &events) })
    };
    let mut groups = vec![of(Stage::Parked), of(Stage::Failed)];
    groups.retain(|group| group["events"] != json!([]));
    groups
}

fn rows(app: &App, events: &[Summary]) -> Vec<Value> {
    events.iter().map(|event| row(app, event)).collect()
}

/// An event as pages show it: with the catalogue's key for its kind.
fn row(app: &App, event: &Summary) -> Value {
    let kind = event.kind.replace(['.', '_'], "-");
    let words = known_word(app, format!("admin-kind-{kind}"), "admin-kind-other");
    json!({ "words": words, "row": event })
}

/// `GET /admin/events/{id}`
pub async fn show(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<String>,
) -> Result<Response> {
    let found = stripe_event::Entity::find_by_id(&id).one(&app.db).await?;
    let event = found.ok_or(Error::NotFound)?;
    let page = json!({
        "body": readable(&event.body),
        "livemode": event.livemode,
        "account": event.account,
        "api_version": event.api_version,
        "created_at": event.created_at,
        "done_at": event.done_at,
        "history": history(&app, &id).await?,
        "event": row(&app, &event.into()),
    });
    room(&app, &owner, "admin/event.html", page).await
}

/// The body with a line a value, where it is JSON.
fn readable(body: &str) -> String {
    let value: Result<Value, _> = serde_json::from_str(body);
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
    pretty.unwrap_or_else(|_| body.to_owned())
}

/// `POST /admin/events/{id}/retry`
pub async fn again(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<String>,
) -> Result<Response> {
    let key = match retry(&app, Some(owner.account.id), &id).await? {
        true => "flash-event-retried",
        false => "flash-event-not-retried",
    };
    app.work.notify_one();
    Ok(flash(&app, &format!("/admin/events/{id}"), key))
}

/// `POST /admin/events/{id}/discard`
pub async fn aside(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<String>,
) -> Result<Response> {
    let key = match discard(&app, Some(owner.account.id), &id).await? {
        true => "flash-event-discarded",
        false => "flash-event-not-discarded",
    };
    Ok(flash(&app, &format!("/admin/events/{id}"), key))
}
