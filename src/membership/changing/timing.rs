//! When a change of tier takes effect: at once, or when the paid time ends.

use serde::Serialize;

use crate::entities::{Recurrence, membership, price};

/// When a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    Now,
    /// When the paid time ends, so that nothing paid is lost and no credit hides anywhere.
    Later,
}

/// Who gives more than a year asks gives more than a month asks in the same proportion.
pub(super) fn in_proportion(amount: i64, by_month: i64, floor: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(by_month) / i128::from(floor.max(1));
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// When `row` may become `price`; `by_month`: what a month of that costs.
pub(super) fn due(row: &membership::Model, price: &price::Model, by_month: i64) -> When {
    let to = (price.amount, price.recurrence, by_month);
    match row.stripe_status == "trialing" {
        true => When::Now,
        false => when((row.amount, row.recurrence), to),
    }
}

/// What is worth more than what she has happens now, the rest when the paid time ends. A year for a month is
/// compared by what a month of it would cost, so that a lower tier is lower by the year too.
fn when(from: (i64, Recurrence), to: (i64, Recurrence, i64)) -> When {
    match (from, to) {
        ((_, Recurrence::Year), (_, Recurrence::Month, _)) => When::Later,
        ((paid, Recurrence::Month), (_, Recurrence::Year, by_month)) if by_month < paid => {
            When::Later
        }
        // Less than is paid already would leave a credit.
        ((paid, _), (amount, _, _)) if amount < paid => When::Later,
        _ => When::Now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Recurrence::{Month, Year};

    #[test]
    fn what_is_worth_more_happens_now_and_the_rest_when_the_paid_time_ends() {
        for (from, to, expected) in [
            ((300, Month), (1500, Month, 1500), When::Now),
            ((1500, Month), (300, Month, 300), When::Later),
            // The same by the year, or more.
            ((300, Month), (3000, Year, 300), When::Now),
            ((300, Month), (15000, Year, 1500), When::Now),
            // A lower tier by the year, though the year costs more than the month that is paid.
            ((1500, Month), (3000, Year, 300), When::Later),
            // So it is for whoever gives more than the tier asks.
            ((2000, Month), (7000, Year, 700), When::Later),
            ((2000, Month), (20000, Year, 2000), When::Now),
            ((3000, Year), (300, Month, 300), When::Later),
            ((3000, Year), (1500, Month, 1500), When::Later),
            ((3000, Year), (15000, Year, 1500), When::Now),
            ((15000, Year), (3000, Year, 300), When::Later),
            ((300, Month), (300, Month, 300), When::Now),
            // A month that costs more than the whole year would leave a credit.
            ((5000, Month), (3000, Year, 5000), When::Later),
        ] {
            assert_eq!(when(from, to), expected, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_year_of_her_own_is_worth_a_month_in_proportion() {
        for (amount, by_month, floor, expected) in [
            (7000, 700, 7000, 700),
            (20000, 700, 7000, 2000),
            (700, 700, 700, 700),
            (i64::MAX, i64::MAX, 1, i64::MAX),
        ] {
            assert_eq!(in_proportion(amount, by_month, floor), expected);
        }
    }
}
