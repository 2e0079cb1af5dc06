//! The objects of the API, a file each: their addresses, what can be done, their shapes.

mod account;
pub(super) mod accounts;
mod balance;
pub(super) mod changes;
mod coupons;
pub(super) mod customers;
pub(super) mod disputes;
mod events;
pub(super) mod fees;
mod intents;
mod invoices;
mod pausing;
pub(super) mod payment_methods;
pub(super) mod payments;
mod portal;
mod previews;
mod prices;
mod products;
mod promotion_codes;
pub(super) mod refunds;
mod schedule_phases;
pub(super) mod schedules;
pub(super) mod session_discounts;
mod session_lines;
pub(super) mod sessions;
mod subscription_items;
mod subscriptions;
pub(super) mod test_clocks;
pub(super) mod transfers;
pub(super) mod warnings;

use super::door::Endpoint;
pub(super) use {prices::price, products::product};

/// Every address.
pub(super) const ENDPOINTS: &[&[Endpoint]] = &[
    account::ENDPOINTS,
    accounts::ENDPOINTS,
    balance::ENDPOINTS,
    payment_methods::ENDPOINTS,
    coupons::ENDPOINTS,
    customers::ENDPOINTS,
    disputes::ENDPOINTS,
    events::ENDPOINTS,
    fees::ENDPOINTS,
    intents::ENDPOINTS,
    invoices::ENDPOINTS,
    payments::ENDPOINTS,
    portal::ENDPOINTS,
    prices::ENDPOINTS,
    products::ENDPOINTS,
    promotion_codes::ENDPOINTS,
    refunds::ENDPOINTS,
    schedules::ENDPOINTS,
    sessions::ENDPOINTS,
    subscription_items::ENDPOINTS,
    subscriptions::ENDPOINTS,
    test_clocks::ENDPOINTS,
    transfers::ENDPOINTS,
    warnings::ENDPOINTS,
];
