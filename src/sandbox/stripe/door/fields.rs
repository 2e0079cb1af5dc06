//! Reading parameters: text, numbers, flags, instants, metadata, with Stripe's refusals.

use serde_json::{Map, Value, json};

use super::{Refusal, known::inside};

/// A part of the parameters and where it stands (`line_items[0]`), for refusals.
#[derive(Clone, Debug)]
pub(in super::super) struct Fields<'a> {
    tree: &'a Value,
    path: String,
}

impl<'a> Fields<'a> {
    pub fn of(tree: &'a Value) -> Self {
        Self {
            tree,
            path: String::new(),
        }
    }

    /// The whole name of a parameter in here.
    pub fn param(&self, name: &str) -> String {
        inside(&self.path, name)
    }

    /// Where these parameters stand.
    pub fn place(&self) -> &str {
        &self.path
    }

    pub fn has(&self, name: &str) -> bool {
        !self.tree[name].is_null()
    }

    /// Whether it is given as an empty text, which unsets.
    pub fn unsets(&self, name: &str) -> bool {
        self.tree[name] == ""
    }

    /// Whether nothing else is given than these.
    pub fn are_among(&self, names: &[&str]) -> bool {
        let given = self.tree.as_object().into_iter().flatten();
        given
            .map(|(name, _)| name.as_str())
            .all(|name| names.contains(&name))
    }

    /// The part under `name`, empty if there is none.
    pub fn at(&self, name: &str) -> Self {
        Self {
            tree: &self.tree[name],
            path: self.param(name),
        }
    }

    /// The items of a list.
    pub fn items(&self, name: &str) -> Vec<Self> {
        let items = self.tree[name].as_array().map(Vec::as_slice);
        let items = items.unwrap_or_default().iter().enumerate();
        items
            .map(|(index, tree)| Self {
                tree,
                path: inside(&self.param(name), &index.to_string()),
            })
            .collect()
    }

    /// The texts of a list, or the one text given in its place.
    pub fn texts(&self, name: &str) -> Vec<&'a str> {
        match &self.tree[name] {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect(),
        }
    }

    /// A text that is given and not empty.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.tree[name].as_str().filter(|text| !text.is_empty())
    }

    pub fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        match self.tree[name].as_str() {
            Some("") => Err(Refusal::empty(&self.param(name))),
            Some(text) => Ok(text),
            None => Err(Refusal::required(&self.param(name))),
        }
    }

    pub fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let message = format!("Invalid integer: {text}");
            Refusal::invalid("parameter_invalid_integer", message, &self.param(name))
        })
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(text) => {
                let message = format!("Invalid boolean: {text}");
                Err(Refusal::bad(message, &self.param(name)))
            }
        }
    }

    /// A text out of a few.
    pub fn one_of(&self, name: &str, allowed: &[&str]) -> Result<Option<&'a str>, Refusal> {
        match self.text(name) {
            Some(text) if !allowed.contains(&text) => {
                let message = format!("Invalid {name}: must be one of {}", allowed.join(", "));
                Err(Refusal::bad(message, &self.param(name)))
            }
            text => Ok(text),
        }
    }

    /// An absolute address.
    pub fn address(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.text(name) {
            Some(text) if !text.starts_with("https://") && !text.starts_with("http://") => {
                let message = "Not a valid URL";
                Err(Refusal::invalid("url_invalid", message, &self.param(name)))
            }
            text => Ok(text),
        }
    }

    /// ISO 4217, lower case.
    pub fn currency(&self) -> Result<String, Refusal> {
        let code = self.required("currency")?.to_lowercase();
        if iso_currency::Currency::from_code(&code.to_uppercase()).is_none() {
            let message = format!("Invalid currency: {code}.");
            let param = self.param("currency");
            return Err(Refusal::bad(message, &param));
        }
        Ok(code)
    }

    /// An amount of minor units that is not negative.
    pub fn amount(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.integer(name)? {
            Some(amount @ ..0) => {
                let message = format!("Invalid non-negative integer: {amount}");
                let param = self.param(name);
                Err(Refusal::invalid(
                    "parameter_invalid_integer",
                    message,
                    &param,
                ))
            }
            amount => Ok(amount),
        }
    }

    /// What is given under `metadata`, on top of what there is: an empty text removes a name, an
    /// empty text in place of the map removes all.
    pub fn metadata(&self, before: &Value) -> Value {
        if self.unsets("metadata") {
            return json!({});
        }
        let mut merged = before.as_object().cloned().unwrap_or_default();
        for (name, value) in self.tree["metadata"].as_object().into_iter().flatten() {
            match value.as_str() {
                Some("") => drop(merged.remove(name)),
                _ => drop(merged.insert(name.clone(), value.clone())),
            }
        }
        Value::Object(merged)
    }

    /// Copies plain text fields that are given into `object`; an empty one becomes `null`.
    pub fn copy(&self, names: &[&str], object: &mut Map<String, Value>) {
        for name in names.iter().copied().filter(|name| self.has(name)) {
            let value = match self.unsets(name) {
                true => Value::Null,
                false => self.tree[name].clone(),
            };
            object.insert(name.to_owned(), value);
        }
    }
}
