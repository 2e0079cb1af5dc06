//! What the simulated Stripe knows: objects by id in order of creation, cards, events on their way.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Everything, as it is kept on disk.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct State {
    pub objects: BTreeMap<String, Value>,
    pub order: Vec<String>,
    pub cards: HashMap<String, Card>,
    pub queue: VecDeque<Delivery>,
    pub chaos: super::Chaos,
    pub ahead_seconds: i64,
    made: u64,
    #[serde(skip)]
    pub replies: HashMap<String, Reply>,
    #[serde(skip)]
    pub calls: Vec<Call>,
    #[serde(skip)]
    pub failing: Option<(u32, u16)>,
}

/// The test cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Card {
    /// 4242…: always pays.
    #[default]
    Good,
    /// …0341: pays now, fails at the renewal.
    FailsLater,
    /// …0002: declined at once.
    Declined,
    /// …3155: asks the payer to confirm, then pays.
    Confirms,
}

impl Card {
    /// By its number, spaces or not.
    pub fn by_number(number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        match digits.as_str() {
            "4242424242424242" => Some(Self::Good),
            "4000000000000341" => Some(Self::FailsLater),
            "4000000000000002" => Some(Self::Declined),
            "4000002500003155" => Some(Self::Confirms),
            _ => None,
        }
    }
}

/// An API call that was made.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub params: Value,
    pub idempotency_key: Option<String>,
}

/// An answer given under an idempotency key.
pub(super) struct Reply {
    pub path: String,
    pub params: Value,
    pub answer: Value,
}

/// An event on its way to the webhook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Delivery {
    pub event: String,
    pub attempts: u32,
    /// Seconds since 1970; not before.
    pub due: i64,
    pub held: bool,
}

impl State {
    /// A fresh id such as `cus_00000000000001`.
    pub fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}_{:014}", self.made)
    }

    /// Adds or replaces an object. Returns its id.
    pub fn put(&mut self, object: Value) -> String {
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        if self.objects.insert(id.clone(), object).is_none() {
            self.order.push(id.clone());
        }
        id
    }

    /// The object, `null` if there is none.
    pub fn get(&self, id: &str) -> Value {
        self.objects.get(id).cloned().unwrap_or_default()
    }

    /// A text field of an object, empty if there is none.
    pub fn text(&self, id: &str, field: &str) -> String {
        let value = self.objects.get(id).map(|object| &object[field]);
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Merges `fields` into an object.
    pub fn set(&mut self, id: &str, fields: Value) {
        let object = self.objects.get_mut(id).and_then(Value::as_object_mut);
        if let (Some(object), Value::Object(fields)) = (object, fields) {
            object.extend(fields);
        }
    }

    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl DoubleEndedIterator<Item = &'a Value> {
        let objects = self.order.iter().filter_map(|id| self.objects.get(id));
        objects.filter(move |object| object["object"] == kind)
    }

    /// Records an event about the object as it is now, and queues it for the webhook.
    pub fn emit(&mut self, now: i64, kind: &str, object_id: &str) {
        let id = self.id("evt");
        let event = json!({
            "id": id,
            "object": "event",
            "api_version": "2026-09-30.endive",
            "created": now,
            "data": { "object": self.get(object_id) },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null },
            "type": kind,
        });
        self.put(event);
        self.enqueue(now, &id);
    }

    /// Queues an event, or loses, repeats or holds it as the chaos wants.
    pub fn enqueue(&mut self, now: i64, event: &str) {
        if self.chaos.drop_next > 0 {
            self.chaos.drop_next -= 1;
            return;
        }
        for _ in 0..=self.chaos.repeats {
            self.queue.push_back(Delivery {
                event: event.to_owned(),
                attempts: 0,
                due: now,
                held: self.chaos.hold,
            });
        }
    }
}
