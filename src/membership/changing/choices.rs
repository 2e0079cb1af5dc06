//! What a patron can change to, when that takes effect, and what has to be done first.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use uuid::Uuid;

use super::{
    by_bank::on_their_way,
    timing::{When, due, in_proportion},
};
use crate::{
    accounts::Reader,
    app::App,
    entities::{Recurrence, author, membership, price, tier},
    membership::{
        doubling::{has_waiting_gift, is_doubled},
        mine::own,
        standing::{Support, standing_of},
        tiers,
    },
    web::{Error, Result},
};

/// What stands before any change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hurdle {
    /// A payment failed: the card comes first.
    Card,
    Paused,
    /// It is paused, and another with the author is in force: nothing is resumed here.
    Other,
    /// It is one too many beside another with the author: it is to end, not to become something else.
    Second,
    /// The first payment is on its way.
    Pending,
    /// A change is paid, and its money on its way.
    Bank,
    /// It ends, or rests, and a gift was taken to begin then: a change would go on beside it.
    Gift,
}

/// Something on sale that she could have.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub price_id: Uuid,
    pub tier_id: Uuid,
    pub tier_name: String,
    lines: Vec<String>,
    /// Minor units a recurrence.
    pub amount: i64,
    /// What the same costs by the month, in minor units.
    by_month: i64,
    pub currency: String,
    pub every: Recurrence,
    pub when: When,
    pub is_present: bool,
    /// By the year where she has it by the month, or the other way round.
    pub is_other_span: bool,
    /// Whether it is what she has, be it for another amount.
    is_her_tier: bool,
    /// Whether she may give more than it asks.
    pub is_open_ended: bool,
    /// Whether it is booked already.
    is_next: bool,
    /// Where they are few, or none is left; `None` for a tier in which she has one.
    places: Option<tiers::Places>,
}

impl Choice {
    /// Whether there are places, and she has none of them yet.
    pub fn needs_place(&self) -> bool {
        self.places.is_some()
    }

    /// Whether others have all its places.
    pub fn is_full(&self) -> bool {
        self.places.is_some_and(tiers::Places::are_gone)
    }
}

/// Her membership and all that can be chosen in its place.
pub(super) struct Hers {
    pub row: membership::Model,
    pub author: author::Model,
    pub tier: tier::Model,
    support: Support,
    /// Whether resuming it would make two.
    is_doubled: bool,
    /// Whether a gift was taken that begins later.
    gift_waits: bool,
    pub choices: Vec<Choice>,
    /// Whether a change of hers waits for her bank.
    pub waits: bool,
    /// Whether the money for one is on its way.
    is_on_its_way: bool,
}

impl Hers {
    /// Her own membership; that of another is not there.
    pub async fn find(app: &App, reader: &Reader, id: Uuid) -> Result<Self> {
        let row = own(app, reader, id).await?;
        let author = author::Entity::find_by_id(row.author_id);
        let author = author.one(&app.db).await?.ok_or(Error::NotFound)?;
        let tier = tier::Entity::find_by_id(row.tier_id).one(&app.db).await?;
        let tier = tier.ok_or(Error::NotFound)?;
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        let standing = standing_of(std::slice::from_ref(&row), &[], &[], now, grace);
        let is_doubled = is_doubled(&app.db, &row, now, grace).await?.is_some();
        let gift_waits = has_waiting_gift(&app.db, &row, now).await?;
        let sold = tiers::on_sale(&app.db, author.id).await?;
        let waits = row.unconfirmed_until.is_some_and(|until| until > now);
        let promised = [
            row.next_price_id,
            row.unconfirmed_price_id.filter(|_| waits),
        ];
        let promised = price::Entity::find()
            .filter(price::Column::Id.is_in(promised.into_iter().flatten()))
            .all(&app.db)
            .await?;
        let is_on_its_way = !on_their_way(&app.db, [row.id]).await?.is_empty();
        let has_place = |tier: &tier::Model| {
            let mut promised = promised.iter();
            tier.id == row.tier_id || promised.any(|price| price.tier_id == tier.id)
        };
        let others = sold.iter().map(|sold| &sold.tier);
        let others = others.filter(|tier| !has_place(tier));
        let places = tiers::seats(app, &app.db, others, Some(row.account_id)).await?;
        let choices = sold.into_iter().flat_map(|sold| {
            let fitting = || sold.prices().filter(|price| price.currency == row.currency);
            let month = fitting().find(|price| price.recurrence == Recurrence::Month);
            let month = month.map(|price| price.amount);
            let places = places.get(&sold.tier.id).copied().map(tiers::Places::of);
            let choices = fitting().map(|price| Choice {
                places,
                ..choice(&row, &sold.tier, price.clone(), month)
            });
            choices.collect::<Vec<_>>()
        });
        Ok(Self {
            choices: choices.collect(),
            row,
            author,
            tier,
            support: standing.support,
            is_doubled,
            gift_waits,
            waits,
            is_on_its_way,
        })
    }

    /// Whether there is nothing left to change, only to begin again.
    pub fn is_over(&self) -> bool {
        matches!(
            self.support,
            Support::Former | Support::Helped | Support::None
        )
    }

    pub fn hurdle(&self) -> Option<Hurdle> {
        match self.support {
            _ if self.row.is_duplicate() => Some(Hurdle::Second),
            _ if self.is_on_its_way => Some(Hurdle::Bank),
            Support::Pending => Some(Hurdle::Pending),
            Support::Grace if self.row.paying_since.is_some() => Some(Hurdle::Pending),
            Support::Grace | Support::Lapsed => Some(Hurdle::Card),
            _ if self.gift_waits && (self.leaves() || self.row.collection_paused.is_some()) => {
                Some(Hurdle::Gift)
            }
            _ if self.support != Support::Paused && self.row.collection_paused.is_none() => None,
            _ if self.is_doubled => Some(Hurdle::Other),
            _ => Some(Hurdle::Paused),
        }
    }

    /// `choice` for an amount of her own.
    ///
    /// # Errors
    /// If it is less than the tier asks, or too much.
    pub async fn at_least(
        &self,
        app: &App,
        choice: &Choice,
        amount: i64,
    ) -> Result<Choice, tiers::Refusal> {
        let floor = price::Entity::find_by_id(choice.price_id).one(&app.db);
        let floor = floor.await?.ok_or(tiers::Refusal::NoSuchTier)?;
        let price = tiers::chosen(app, &floor, amount).await?;
        Ok(self.at(choice, price))
    }

    /// What stands behind a price she was shown: on sale, or an amount of her own above it.
    pub async fn shown(&self, app: &App, price: Uuid) -> Result<Option<Choice>> {
        let mut choices = self.choices.iter();
        if let Some(choice) = choices.find(|choice| choice.price_id == price) {
            return Ok(Some(choice.clone()));
        }
        let own = price::Entity::find_by_id(price).one(&app.db).await?;
        let Some(own) = own.filter(|own| own.is_chosen) else {
            return Ok(None);
        };
        let floor = self.choices.iter().find(|choice| {
            choice.is_open_ended
                && choice.tier_id == own.tier_id
                && choice.every == own.recurrence
                && choice.currency == own.currency
                && choice.amount <= own.amount
        });
        Ok(floor.map(|floor| self.at(floor, own)))
    }

    fn at(&self, choice: &Choice, price: price::Model) -> Choice {
        let by_month = in_proportion(price.amount, choice.by_month, choice.amount);
        Choice {
            is_present: price.id == self.row.price_id,
            is_next: Some(price.id) == self.row.next_price_id,
            when: due(&self.row, &price, by_month),
            by_month,
            price_id: price.id,
            amount: price.amount,
            ..choice.clone()
        }
    }

    pub fn leaves(&self) -> bool {
        self.row.cancel_at.is_some()
    }
}

/// `month`: what the tier costs by the month, where it is sold so.
fn choice(
    row: &membership::Model,
    tier: &tier::Model,
    price: price::Model,
    month: Option<i64>,
) -> Choice {
    let lines = tier.description.lines().map(str::trim);
    let by_month = match price.recurrence {
        Recurrence::Month => price.amount,
        Recurrence::Year => month.unwrap_or(price.amount / 12),
    };
    Choice {
        price_id: price.id,
        tier_id: tier.id,
        tier_name: tier.name.clone(),
        lines: lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        amount: price.amount,
        by_month,
        is_her_tier: tier.id == row.tier_id && price.recurrence == row.recurrence,
        is_open_ended: tier.is_open_ended,
        every: price.recurrence,
        when: due(row, &price, by_month),
        is_present: price.id == row.price_id,
        is_other_span: price.recurrence != row.recurrence,
        is_next: Some(price.id) == row.next_price_id,
        places: None,
        currency: price.currency,
    }
}
