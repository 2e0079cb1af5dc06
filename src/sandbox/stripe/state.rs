//! What the simulated Stripe knows: objects by id in order of creation, what it does not show of them,
//! and the events on their way.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Chaos, Settings, WhenUnpaid, deliver::Delivery, door::Reply, planned::Plan};

/// How many API calls are remembered for `calls`.
const CALLS: usize = 10_000;

static NOTHING: Value = Value::Null;

/// Everything, as it is kept on disk.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    objects: HashMap<String, Value>,
    /// The ids of each kind, oldest first.
    kinds: BTreeMap<String, Vec<String>>,
    /// By object, what Stripe knows of it and does not show.
    notes: HashMap<String, Value>,
    pub queue: VecDeque<Delivery>,
    /// What happens by itself, by time: in seconds since 1970, what, to which object.
    pub planned: BTreeSet<(i64, Plan, String)>,
    pub chaos: Chaos,
    pub when_unpaid: WhenUnpaid,
    pub replies: HashMap<String, Reply>,
    pub ahead_seconds: i64,
    made: u64,
    /// When the act that runs now happens, in seconds since 1970.
    #[serde(skip)]
    pub now: i64,
    #[serde(skip)]
    pub settings: Settings,
    /// The API request that runs now: its id and its idempotency key.
    #[serde(skip)]
    pub request: Option<(String, Option<String>)>,
    #[serde(skip)]
    calls: VecDeque<Call>,
    /// How many of the next requests fail, and with which status.
    #[serde(skip)]
    pub failing: Option<(u32, u16)>,
    #[serde(skip)]
    pub answer_after: Duration,
    /// The test clock that was just advanced, and by how many seconds.
    #[serde(skip)]
    pub advancing: Option<(String, i64)>,
}

/// An API call that was made.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// Without `/v1/`.
    pub path: String,
    /// Query and body as a tree.
    pub params: Value,
    pub idempotency_key: Option<String>,
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
        let kind = object["object"].as_str().unwrap_or_default().to_owned();
        if self.objects.insert(id.clone(), object).is_none() {
            self.kinds.entry(kind).or_default().push(id.clone());
        }
        id
    }

    /// The object, `null` if there is none.
    pub fn peek(&self, id: &str) -> &Value {
        self.objects.get(id).unwrap_or(&NOTHING)
    }

    /// A copy of the object, `null` if there is none.
    pub fn get(&self, id: &str) -> Value {
        self.peek(id).clone()
    }

    /// A text field of an object, empty if there is none.
    pub fn text(&self, id: &str, field: &str) -> String {
        text(&self.peek(id)[field]).to_owned()
    }

    /// Merges `fields` into an object.
    pub fn set(&mut self, id: &str, fields: Value) {
        let object = self.objects.get_mut(id).and_then(Value::as_object_mut);
        if let (Some(object), Value::Object(fields)) = (object, fields) {
            object.extend(fields);
        }
    }

    /// Changes an object in place, if there is one.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Value)) {
        if let Some(object) = self.objects.get_mut(id) {
            change(object);
        }
    }

    /// Forgets objects of one kind for good.
    pub fn forget(&mut self, kind: &str, is_over: impl Fn(&Value) -> bool) {
        let Some(ids) = self.kinds.get_mut(kind) else {
            return;
        };
        let objects = &mut self.objects;
        ids.retain(|id| {
            let goes = objects.get(id).is_none_or(&is_over);
            if goes {
                objects.remove(id);
            }
            !goes
        });
    }

    /// What is noted about an object under `name`, `null` if nothing.
    pub fn note(&self, id: &str, name: &str) -> &Value {
        self.notes.get(id).map_or(&NOTHING, |notes| &notes[name])
    }

    pub fn set_note(&mut self, id: &str, name: &str, value: Value) {
        self.notes.entry(id.to_owned()).or_default()[name] = value;
    }

    /// Adds to a noted list.
    pub fn push_note(&mut self, id: &str, name: &str, value: Value) {
        let list = &mut self.notes.entry(id.to_owned()).or_default()[name];
        match list {
            Value::Array(items) => items.push(value),
            other => *other = Value::Array(vec![value]),
        }
    }

    /// The objects of a kind, oldest first.
    pub fn of_kind(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Value> {
        self.those(self.ids(kind))
    }

    /// The ids of a kind, oldest first.
    pub fn ids(&self, kind: &str) -> &[String] {
        self.kinds.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// The objects of these ids.
    pub fn those<'a>(&'a self, ids: &'a [String]) -> impl DoubleEndedIterator<Item = &'a Value> {
        ids.iter().filter_map(|id| self.objects.get(id))
    }

    /// The objects whose ids stand in a noted list.
    pub fn noted(&self, id: &str, name: &str) -> Vec<Value> {
        let ids = self.note(id, name).as_array().map(Vec::as_slice);
        let ids = ids.unwrap_or_default().iter().filter_map(Value::as_str);
        ids.map(|id| self.get(id)).collect()
    }

    pub fn remember(&mut self, call: Call) {
        if self.calls.len() == CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }
}

/// The text of a value, empty if it is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The number of a value, 0 if it is none.
pub(super) fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// The items of a list object such as `items` or `lines`.
pub(super) fn data(list: &Value) -> &[Value] {
    let items = list["data"].as_array().map(Vec::as_slice);
    items.unwrap_or_default()
}

/// A list object of one page.
pub(super) fn page(items: Vec<Value>, url: &str) -> Value {
    serde_json::json!({ "object": "list", "data": items, "has_more": false, "url": url })
}
