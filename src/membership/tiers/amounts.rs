//! What a tier may be called and cost, in which currencies, and how many can have it.

use super::Refusal;
use crate::{
    entities::Recurrence,
    money::{self, Money},
    tidying,
};

/// The longest name and the longest description, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 2000;
/// The most places a tier can be limited to.
const MOST_SEATS: i32 = 100_000;

/// The most a tier may cost, in minor units; Stripe's own ceiling for most currencies.
const HIGHEST: i64 = 99_999_999;
/// About Stripe's lowest charge, in minor units of a currency with two decimals.
/// Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
const LOWEST: i64 = 50;
/// The most a reader can choose to give at once, in minor units.
pub const HIGHEST_CHOSEN: i64 = 1_000_000;

/// What a tier costs in one currency. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// ISO 4217, in any case.
    pub currency: String,
    pub monthly: Option<i64>,
    pub yearly: Option<i64>,
}

pub(super) fn own(currency: &str, monthly: Option<i64>, yearly: Option<i64>) -> Amounts {
    Amounts {
        currency: currency.to_owned(),
        monthly,
        yearly,
    }
}

/// Name and description as they are kept, if they can be.
pub(super) fn words(name: &str, description: &str) -> Result<(String, String), Refusal> {
    let (name, description) = (tidying::line(name), tidying::body(description));
    if name.is_empty() {
        return Err(Refusal::NameMissing);
    }
    if name.chars().count() > LONGEST_NAME || description.chars().count() > LONGEST_DESCRIPTION {
        return Err(Refusal::WordsTooLong);
    }
    Ok((name, description))
}

/// The prices a tier is to have, if it can be like that.
pub(super) fn check(
    own: Amounts,
    others: Vec<Amounts>,
    (trial_days, seats): (Option<i32>, Option<i32>),
) -> Result<Vec<(Recurrence, Money)>, Refusal> {
    if seats.is_some_and(|seats| !(1..=MOST_SEATS).contains(&seats)) {
        return Err(Refusal::SeatsOutOfRange);
    }
    if trial_days.is_some_and(|days| !(1..=365).contains(&days)) {
        return Err(Refusal::TrialOutOfRange);
    }
    let mut prices: Vec<(Recurrence, Money)> = Vec::new();
    for amounts in std::iter::once(own).chain(others) {
        let currency = money::parse_currency(&amounts.currency);
        let currency = currency.map_err(|_| Refusal::UnknownCurrency)?;
        if prices.iter().any(|(_, known)| known.currency == currency) {
            return Err(Refusal::CurrencyTwice);
        }
        let month = amounts.monthly.map(|amount| (Recurrence::Month, amount));
        let year = amounts.yearly.map(|amount| (Recurrence::Year, amount));
        if month.is_none() && year.is_none() {
            return Err(Refusal::NoAmount);
        }
        for (every, amount) in month.into_iter().chain(year) {
            if !is_chargeable(amount, &currency) {
                return Err(Refusal::AmountOutOfRange);
            }
            prices.push((every, Money::new(amount, &currency)));
        }
    }
    Ok(prices)
}

/// Whether Stripe would take this amount, as far as can be told without asking.
pub fn is_chargeable(amount: i64, currency: &str) -> bool {
    let lowest = match money::decimals(currency) {
        3 => LOWEST * 10,
        _ => LOWEST,
    };
    (lowest..=HIGHEST).contains(&amount) && money::is_of_coins(amount, currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stay_within_what_stripe_takes() {
        for (amount, currency, expected) in [
            (50, "eur", true),
            (49, "eur", false),
            (-300, "eur", false),
            (100_000_000, "eur", false),
            (500, "jpy", true),
            (1_250, "kwd", true),
            (1_255, "kwd", false),
            (50_000, "isk", true),
            (50_050, "isk", false),
            (500_025, "UGX", false),
        ] {
            assert_eq!(
                is_chargeable(amount, currency),
                expected,
                "{amount} {currency}"
            );
        }
    }
}
