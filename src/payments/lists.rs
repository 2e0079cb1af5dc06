//! Stripe's lists, a page at a time and not too fast.

use std::time::Duration;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use tokio::{sync::Mutex, time::Interval};

use super::{client::Client, error::Error, invoice::Invoice};

/// How many objects a page has, at most.
const PAGE: u8 = 100;

/// Lets so many calls a second pass.
pub struct Pace(Mutex<Interval>);

impl Pace {
    pub fn new(per_second: u32) -> Self {
        let mut interval = tokio::time::interval(Duration::from_secs(1) / per_second.max(1));
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Self(Mutex::new(interval))
    }

    /// Waits for the next call's turn.
    pub async fn turn(&self) {
        self.0.lock().await.tick().await;
    }
}

/// A list of Stripe's, newest first.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// `/subscriptions` and so on.
    pub path: &'static str,
    /// A filter of its own, such as `status` and `all`.
    pub filter: Option<(&'static str, &'static str)>,
    pub expand: &'static [&'static str],
}

/// A page of a list. <https://docs.stripe.com/api/pagination>
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

impl Client {
    /// The invoices of a subscription: the hundred latest.
    pub async fn invoices_of(&self, subscription: &str) -> Result<Vec<Invoice>, Error> {
        #[derive(Serialize)]
        struct Asked<'a> {
            subscription: &'a str,
            limit: u8,
        }
        let asked = Asked {
            subscription,
            limit: PAGE,
        };
        let page: Page<Invoice> = self.look("/invoices", &asked).await?;
        Ok(page.data)
    }

    /// One page of a list: the objects behind `after`, made at `since` or later, in seconds since 1970.
    pub async fn page<T: DeserializeOwned>(
        &self,
        list: List,
        since: Option<i64>,
        after: Option<&str>,
    ) -> Result<Page<T>, Error> {
        let mut asked = Map::from_iter([("limit".to_owned(), json!(PAGE))]);
        let mut ask = |name: &str, value: Value| asked.insert(name.to_owned(), value);
        if let Some((name, value)) = list.filter {
            ask(name, json!(value));
        }
        if !list.expand.is_empty() {
            ask("expand", json!(list.expand));
        }
        if let Some(since) = since {
            ask("created", json!({ "gte": since }));
        }
        if let Some(after) = after {
            ask("starting_after", json!(after));
        }
        self.look(list.path, &asked).await
    }
}
