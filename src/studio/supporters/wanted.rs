//! Whom an author wants to see of the roll, as conditions.

use chrono::{NaiveDate, NaiveTime};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, JoinType, QueryFilter, QuerySelect as _,
    QueryTrait as _, RelationTrait as _, Select,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    db::contains,
    entities::{
        account,
        supporter::{self, Column},
        supporter_label, visibility,
    },
};

/// Whom an author wants to see.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Wanted {
    /// `all`, `patrons`, `risk`, `failing`, `leaving` or `former`.
    pub show: String,
    /// A part of a name, an address or a label.
    pub text: Option<String>,
    pub tier: Option<Uuid>,
    /// Who first came on this day or after, in UTC.
    pub since: Option<NaiveDate>,
    /// A word the author has given.
    pub label: Option<String>,
}

impl Wanted {
    pub fn showing(&self, show: &str) -> Self {
        Self {
            show: show.to_owned(),
            ..self.clone()
        }
    }

    /// Whether more than a filter was asked for.
    pub fn is_narrow(&self) -> bool {
        self.text.is_some() || self.tier.is_some() || self.since.is_some() || self.label.is_some()
    }

    /// What was asked for beside the filter, as a part of an address.
    pub fn query(&self) -> String {
        let tier = self.tier.map(|tier| tier.to_string());
        let since = self.since.map(|day| day.to_string());
        let said = [
            ("q", &self.text),
            ("tier", &tier),
            ("since", &since),
            ("label", &self.label),
        ];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(said)
            .finish()
    }

    /// The words of the standings that are shown, where it goes by these alone.
    pub fn standings(&self) -> Option<&'static [&'static str]> {
        match self.show.as_str() {
            "risk" => Some(&["grace", "lapsed", "leaving"]),
            "failing" => Some(&["grace", "lapsed"]),
            "leaving" => Some(&["leaving"]),
            "former" => Some(&["former", "paused"]),
            _ => None,
        }
    }

    pub fn condition(&self, db: &impl ConnectionTrait, author: Uuid) -> Condition {
        let shown = match (self.standings(), self.show.as_str()) {
            (Some(words), _) => Column::Standing.is_in(words.iter().copied()),
            (None, "patrons") => Column::IsPatron.eq(true),
            // Who never paid supports nobody.
            (None, _) => Column::Standing.ne("none"),
        };
        let text = self.text.as_ref().map(|text| {
            let labelled = supporter_label::Entity::of(author)
                .select_only()
                .column(supporter_label::Column::AccountId)
                .filter(contains(db, supporter_label::Column::Label, text));
            let like = Condition::any()
                .add(contains(db, account::Column::Name, text))
                .add(contains(db, account::Column::Email, text))
                .add(contains(db, account::Column::ContactEmail, text))
                .add(Column::AccountId.in_subquery(labelled.into_query()));
            // Nobody is found out by being searched for.
            let secret = visibility::Entity::of(author)
                .select_only()
                .column(visibility::Column::AccountId)
                .filter(visibility::Column::Choice.eq(visibility::Choice::Secret));
            Condition::all()
                .add(like)
                .add(Column::AccountId.not_in_subquery(secret.into_query()))
        });
        let label = self.label.as_deref().map(|label| {
            let labelled = supporter_label::Entity::of(author)
                .select_only()
                .column(supporter_label::Column::AccountId)
                .filter(supporter_label::Column::Label.eq(label));
            Column::AccountId.in_subquery(labelled.into_query())
        });
        let since = self.since.map(|day| {
            let begin = day.and_time(NaiveTime::MIN).and_utc();
            Column::FirstAt.gte(begin)
        });
        Condition::all()
            .add(shown)
            .add_option(text)
            .add_option(self.tier.map(|tier| Column::TierId.eq(tier)))
            .add_option(since)
            .add_option(label)
    }

    pub fn select(&self, db: &impl ConnectionTrait, author: Uuid) -> Select<supporter::Entity> {
        supporter::Entity::of(author)
            .join(JoinType::InnerJoin, supporter::Relation::Account.def())
            .filter(self.condition(db, author))
    }
}
