//! What the discounts of a subscription leave of its next charge.
//! Source: <https://docs.stripe.com/billing/subscriptions/coupons>

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::objects::{Reference, Subscription, instant};
use crate::entities::membership::Discount;

/// A discount as a subscription lists it: whole where the call expanded it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Listed {
    Whole(Box<Whole>),
    #[expect(
        dead_code,
        reason = "read, so that an answer without it whole is understood"
    )]
    Id(String),
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Whole {
    #[serde(default, deserialize_with = "instant")]
    end: Option<DateTime<Utc>>,
    promotion_code: Option<Code>,
    source: Option<Source>,
    /// On the discount itself until API version 2025-09-30.
    coupon: Option<Coupon>,
}

#[derive(Clone, Debug, Deserialize)]
struct Source {
    coupon: Option<Coupon>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Code {
    Whole {
        code: String,
    },
    #[expect(
        dead_code,
        reason = "read, so that an answer without it whole is understood"
    )]
    Id(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Coupon {
    Whole(Terms),
    #[expect(
        dead_code,
        reason = "read, so that an answer without it whole is understood"
    )]
    Id(String),
}

#[derive(Clone, Debug, Deserialize)]
struct Terms {
    percent_off: Option<f64>,
    amount_off: Option<i64>,
    applies_to: Option<AppliesTo>,
}

#[derive(Clone, Debug, Deserialize)]
struct AppliesTo {
    #[serde(default)]
    products: Vec<String>,
}

impl Whole {
    fn terms(&self) -> Option<&Terms> {
        let source = self
            .source
            .as_ref()
            .and_then(|source| source.coupon.as_ref());
        match source.or(self.coupon.as_ref())? {
            Coupon::Whole(terms) => Some(terms),
            Coupon::Id(_) => None,
        }
    }

    fn code(&self) -> Option<&str> {
        match self.promotion_code.as_ref()? {
            Code::Whole { code } => Some(code),
            Code::Id(_) => None,
        }
    }
}

impl Terms {
    fn is_for(&self, product: Option<&str>) -> bool {
        let only = self.applies_to.as_ref();
        only.is_none_or(|only| {
            only.products
                .iter()
                .any(|one| Some(one.as_str()) == product)
        })
    }

    /// Hundredths of a percent.
    fn percent(&self) -> Option<i64> {
        #[expect(clippy::cast_possible_truncation, reason = "between 1 and 10,000")]
        let hundredths = |percent: f64| (percent * 100.0).round() as i64;
        self.percent_off.map(hundredths)
    }

    /// What it takes off an amount, rounded half up.
    fn off(&self, amount: i64) -> i64 {
        let off = match self.percent() {
            Some(hundredths) => (amount * hundredths + 5_000) / 10_000,
            None => self.amount_off.unwrap_or_default(),
        };
        off.clamp(0, amount)
    }
}

impl Subscription {
    /// Whether it has any discount.
    pub fn is_discounted(&self) -> bool {
        self.discounts.iter().flatten().next().is_some()
    }

    /// What its discounts leave of `amount`, for a product, when it is charged at `at`; `None` where they leave all of
    /// it. Where there are several, the first is named.
    pub fn discounted(
        &self,
        amount: i64,
        product: Option<&str>,
        at: DateTime<Utc>,
    ) -> Option<Discount> {
        let listed = self.discounts.iter().flatten();
        let whole = listed.filter_map(|one| match one {
            Listed::Whole(whole) => Some(whole),
            Listed::Id(_) => None,
        });
        let lasts = whole.filter(|one| one.end.is_none_or(|end| at < end));
        let mut left: Option<Discount> = None;
        for (discount, terms) in lasts.filter_map(|one| Some((one, one.terms()?))) {
            let before = left.as_ref().map_or(amount, |left| left.charged);
            let off = terms.off(before);
            if off == 0 || !terms.is_for(product) {
                continue;
            }
            match &mut left {
                Some(left) => left.charged = before - off,
                None => {
                    left = Some(Discount {
                        charged: before - off,
                        code: discount.code().map(str::to_owned),
                        percent: terms.percent(),
                        off: terms.amount_off,
                        until: discount.end,
                    });
                }
            }
        }
        left
    }

    /// The product of the first item's price.
    pub fn product(&self) -> Option<&str> {
        self.price()?.product.as_ref().map(Reference::id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(discounts: &str, amount: i64, product: &str, at: i64) -> Option<i64> {
        let text = format!(
            r#"{{"id":"sub_1","status":"active","customer":"cus_1","items":{{"data":[]}},"discounts":{discounts}}}"#
        );
        let subscription: Subscription = serde_json::from_str(&text).expect("shape");
        let at = DateTime::from_timestamp(at, 0).expect("a time");
        let left = subscription.discounted(amount, Some(product), at);
        left.map(|left| left.charged)
    }

    #[test]
    fn a_discount_takes_off_what_it_says_for_as_long_as_it_lasts() {
        let fifth = r#"{"end":100,"promotion_code":{"code":"SPRING"},"source":{"coupon":{"percent_off":20.0}}}"#;
        let old = r#"{"end":null,"promotion_code":"promo_1","coupon":{"percent_off":12.5}}"#;
        let euro = r#"{"end":null,"promotion_code":null,"source":{"coupon":{"amount_off":100}}}"#;
        let hers = r#"{"end":null,"source":{"coupon":{"amount_off":100,"applies_to":{"products":["prod_1"]}}}}"#;
        let gone = r#"{"end":null,"source":{"coupon":{"id":"x","deleted":true}}}"#;
        for (discounts, amount, product, at, expected) in [
            (format!("[{fifth}]"), 300, "prod_1", 99, Some(240)),
            (format!("[{fifth}]"), 300, "prod_1", 100, None),
            (format!("[{old}]"), 333, "prod_1", 0, Some(291)),
            (format!("[{euro}]"), 60, "prod_1", 0, Some(0)),
            (format!("[{fifth},{euro}]"), 300, "prod_1", 0, Some(140)),
            (format!("[{hers}]"), 300, "prod_1", 0, Some(200)),
            (format!("[{hers}]"), 300, "prod_2", 0, None),
            (format!("[{gone}]"), 300, "prod_1", 0, None),
            ("[\"di_1\"]".to_owned(), 300, "prod_1", 0, None),
            ("null".to_owned(), 300, "prod_1", 0, None),
        ] {
            assert_eq!(
                left(&discounts, amount, product, at),
                expected,
                "{discounts}"
            );
        }
    }
}
