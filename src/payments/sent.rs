//! What of a charge was sent on to an author's own account, and what of that came back.
//! <https://docs.stripe.com/connect/destination-charges>

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::IgnoredAny};

use super::{charges::Charge, lists::Page, objects::instant};

/// Money sent on. Minor units. <https://docs.stripe.com/api/transfers/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Transfer {
    pub id: String,
    pub amount: i64,
    #[serde(default)]
    pub amount_reversed: i64,
    #[serde(default, deserialize_with = "instant")]
    created: Option<DateTime<Utc>>,
    /// The latest ten.
    reversals: Option<Page<Back>>,
}

/// What the publication keeps of money sent on. Minor units.
/// <https://docs.stripe.com/api/application_fees/object>
#[derive(Clone, Debug, Deserialize)]
pub struct ApplicationFee {
    pub amount: i64,
    #[serde(default)]
    pub amount_refunded: i64,
    /// The latest ten.
    refunds: Option<Page<Back>>,
}

/// What of it came back, once. Minor units.
#[derive(Clone, Debug, Deserialize)]
struct Back {
    amount: i64,
    #[serde(default, deserialize_with = "instant")]
    created: Option<DateTime<Utc>>,
}

/// An object, whole where the call expanded it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Sent<T> {
    Whole(T),
    Id(IgnoredAny),
}

impl<T> Sent<T> {
    pub fn whole(&self) -> Option<&T> {
        match self {
            Self::Whole(object) => Some(object),
            Self::Id(_) => None,
        }
    }
}

/// What was sent on of a charge.
#[derive(Clone, Copy, Debug)]
pub struct SentOn<'a> {
    pub transfer: &'a Transfer,
    fee: Option<&'a ApplicationFee>,
}

impl SentOn<'_> {
    /// What the author has of it: the transfer, less what came back and what the publication keeps.
    pub fn left(&self) -> i64 {
        let kept = self.fee.map_or(0, |fee| fee.amount) - self.given_back();
        self.transfer.amount - self.transfer.amount_reversed - kept
    }

    /// When it came to how much, in the order of time; `None` where Stripe does not show all of what came back.
    pub fn course(&self) -> Option<Vec<(DateTime<Utc>, i64)>> {
        let kept = self.fee.map_or(0, |fee| fee.amount);
        let mut moves = vec![(self.transfer.created?, self.transfer.amount - kept)];
        let reversals = self.transfer.reversals.as_ref();
        let refunds = self.fee.and_then(|fee| fee.refunds.as_ref());
        for (back, sign) in [(reversals, -1), (refunds, 1)] {
            for one in back.into_iter().flat_map(|page| &page.data) {
                moves.push((one.created?, sign * one.amount));
            }
        }
        moves.sort_by_key(|(at, _)| *at);
        let mut sum = 0;
        let course = moves.into_iter().map(|(at, amount)| {
            sum += amount;
            (at, sum)
        });
        let course: Vec<_> = course.collect();
        (sum == self.left()).then_some(course)
    }

    /// What the publication has given back of its part.
    pub fn given_back(&self) -> i64 {
        self.fee.map_or(0, |fee| fee.amount_refunded)
    }
}

impl Charge {
    /// Whether it tells what was sent on, or that nothing was.
    pub fn tells_of_transfer(&self) -> bool {
        !matches!(self.transfer, Some(Sent::Id(_)))
    }

    /// What was sent on to an author's own account, where the call has expanded it.
    pub fn sent_on(&self) -> Option<SentOn<'_>> {
        Some(SentOn {
            transfer: self.transfer.as_ref()?.whole()?,
            fee: self.application_fee.as_ref().and_then(Sent::whole),
        })
    }
}
