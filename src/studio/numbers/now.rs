//! How things stand now: patrons, recurring revenue, tiers, and who may be lost.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QuerySelect as _, sea_query::Expr};
use serde::Serialize;
use uuid::Uuid;

use super::monthly;
use crate::{
    entities::{supporter, tier},
    money::Money,
};

/// How things stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Now {
    /// Accounts whose support is in force.
    pub patrons: i64,
    /// Monthly recurring revenue: what memberships in force bring in twelve months, added up and
    /// divided once. Trials, gifts and tips bring nothing.
    pub recurring: Vec<Money>,
    pub tiers: Vec<OfTier>,
    /// Patrons whose last payment failed.
    pub failing: i64,
    /// Whose access is over because no payment went through, and who can mend it.
    pub lapsed: i64,
    /// Patrons who have booked an end.
    pub leaving: i64,
}

/// The patrons of one tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct OfTier {
    pub name: String,
    pub patrons: i64,
    pub recurring: Vec<Money>,
}

type Row = (String, bool, Option<Uuid>, Option<String>, i64, i64);

pub(super) async fn read(db: &impl ConnectionTrait, author: Uuid) -> Result<Now, DbErr> {
    use supporter::Column;
    let rows: Vec<Row> = supporter::Entity::of(author)
        .select_only()
        .columns([
            Column::Standing,
            Column::IsPatron,
            Column::TierId,
            Column::Currency,
        ])
        .column_as(Expr::cust("COUNT(*)"), "people")
        .column_as(Expr::cust("CAST(SUM(yearly) AS BIGINT)"), "yearly")
        .group_by(Column::Standing)
        .group_by(Column::IsPatron)
        .group_by(Column::TierId)
        .group_by(Column::Currency)
        .into_tuple()
        .all(db)
        .await?;
    let tiers = tier::Entity::of(author).all(db).await?;
    Ok(of(&rows, tiers))
}

fn of(rows: &[Row], mut tiers: Vec<tier::Model>) -> Now {
    let people = |wanted: &dyn Fn(&Row) -> bool| -> i64 {
        let some = rows.iter().filter(|row| wanted(row));
        some.map(|row| row.4).sum()
    };
    tiers.sort_by_key(|tier| (tier.archived_at.is_some(), tier.position, tier.id));
    let of_tier = |tier: tier::Model| OfTier {
        patrons: people(&|row| row.1 && row.2 == Some(tier.id)),
        recurring: recurring(rows.iter().filter(|row| row.2 == Some(tier.id))),
        name: tier.name,
    };
    Now {
        patrons: people(&|row| row.1),
        recurring: recurring(rows.iter()),
        failing: people(&|row| row.0 == "grace"),
        lapsed: people(&|row| row.0 == "lapsed"),
        leaving: people(&|row| row.0 == "leaving"),
        tiers: tiers
            .into_iter()
            .map(of_tier)
            .filter(|tier| tier.patrons > 0)
            .collect(),
    }
}

fn recurring<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Money> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (.., currency, _, yearly) in rows {
        if let Some(currency) = currency.as_deref().filter(|_| *yearly > 0) {
            *sums.entry(currency).or_default() += yearly;
        }
    }
    sums.into_iter()
        .map(|(currency, yearly)| Money::new(monthly(yearly), currency))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revenue_is_right_to_the_cent_in_each_currency() {
        let row = |standing: &str, is_patron, currency: &str, people, yearly| -> Row {
            let currency = Some(currency.to_owned());
            (
                standing.to_owned(),
                is_patron,
                None,
                currency,
                people,
                yearly,
            )
        };
        let rows = [
            row("patron", true, "eur", 3, 3600 + 2 * 1000),
            row("patron", true, "jpy", 1, 6000),
            row("grace", true, "eur", 1, 0),
            row("lapsed", false, "eur", 2, 0),
        ];
        let now = of(&rows, Vec::new());
        // 2000 / 12 = 166.67, not twice 83.33.
        let expected = [Money::new(467, "eur"), Money::new(500, "jpy")];
        assert_eq!(now.recurring, expected);
        assert_eq!((now.patrons, now.failing, now.lapsed), (5, 1, 2));
    }
}
