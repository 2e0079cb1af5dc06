//! The scenario table as data: what is given, what arrives in which order, what must then hold. Each row
//! is one named test; `play` is the one driver.

mod driver;

/// Each row is one named test: steps, states of her memberships, whether she is a patron, mails in total,
/// ledger of what moved at Stripe.
macro_rules! scenarios {
    ($($name:ident: [$($step:expr),* $(,)?] => $states:literal, $is_patron:literal, $mails:literal, $ledger:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            super::driver::holds(super::driver::Row {
                steps: &[$($step),*],
                states: $states,
                is_patron: $is_patron,
                mails: $mails,
                ledger: $ledger,
            })
            .await;
        })*
    };
}

mod currencies;
mod direct;
mod ends;
mod gifts;
mod given_back;
mod joining;
mod orders;
mod pauses;
mod renewals;
