//! How two records of the same thing are held against each other.

use sea_orm::{EntityTrait, Iden as _, Iterable as _, ModelTrait, Value};

use crate::{entities::difference::Class, money::Money};

/// Columns that hold an amount of money.
const MONEY: [&str; 2] = ["amount", "tax"];

/// A difference that was found. How it stands here and there is kept as a line for each thing that differs: the name
/// of what it is, a space, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub class: Class,
    pub subject: String,
    pub ours: String,
    pub theirs: String,
}

impl Found {
    pub fn new(class: Class, subject: &str, ours: impl ToString, theirs: impl ToString) -> Self {
        Self {
            class,
            subject: subject.to_owned(),
            ours: ours.to_string(),
            theirs: theirs.to_string(),
        }
    }
}

/// What differs, thing by thing: here, and there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    ours: Vec<String>,
    theirs: Vec<String>,
}

impl Sides {
    /// Every column in which a row differs from what it should be. `currency`: of what stands here, and there.
    pub fn of<M: ModelTrait>(here: &M, due: &M, currency: (&str, &str)) -> Self {
        let mut sides = Self::default();
        for column in <M::Entity as EntityTrait>::Column::iter() {
            let name = column.to_string();
            let told = |row: &M, currency: &str| match row.get(column) {
                Value::BigInt(Some(amount)) if MONEY.contains(&name.as_str()) => {
                    Money::new(amount, currency).coded()
                }
                value => told(value),
            };
            sides.hold(&name, told(here, currency.0), told(due, currency.1));
        }
        sides
    }

    /// Keeps both where they are not the same.
    pub fn hold(&mut self, name: &str, here: String, there: String) {
        if here != there {
            let line = |told: String| format!("{name} {}", told.replace(['\n', '\r'], " "));
            self.ours.push(line(here));
            self.theirs.push(line(there));
        }
    }

    /// The same, said to be of something that a payment has beside it: `refund.state`.
    pub fn about(self, thing: &str) -> Self {
        let say = |lines: Vec<String>| -> Vec<String> {
            let lines = lines.iter();
            lines.map(|line| format!("{thing}.{line}")).collect()
        };
        Self {
            ours: say(self.ours),
            theirs: say(self.theirs),
        }
    }

    /// Whether any of these differs.
    pub fn name_any(&self, names: &[&str]) -> bool {
        let name = |line: &String| names.contains(&line.split(' ').next().unwrap_or_default());
        self.ours.iter().any(name)
    }

    /// Both sides in words, if anything differs.
    pub fn told(self) -> Option<(String, String)> {
        (!self.ours.is_empty()).then(|| (self.ours.join("\n"), self.theirs.join("\n")))
    }

    /// The same as a difference.
    pub fn found(self, class: Class, subject: &str) -> Option<Found> {
        self.told()
            .map(|(ours, theirs)| Found::new(class, subject, ours, theirs))
    }
}

/// A value as it is kept: a moment as RFC 3339, an id as it is written, nothing as `none`.
fn told(value: Value) -> String {
    match value {
        Value::Bool(Some(is)) => is.to_string(),
        Value::Int(Some(number)) => number.to_string(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::String(Some(text)) => text,
        Value::Uuid(Some(id)) => id.to_string(),
        Value::Json(Some(json)) => json.to_string(),
        Value::ChronoDateTimeUtc(Some(at)) => at.to_rfc3339(),
        _ => NONE.to_owned(),
    }
}

/// What stands where nothing does.
pub(super) const NONE: &str = "none";
