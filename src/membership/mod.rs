//! Tiers, patrons, what a membership permits; checkout, webhook, sync.

mod account_page;
pub mod author_news;
mod away;
mod cards;
mod changing;
pub mod checkout;
mod doubling;
pub mod duplicates;
pub mod errands;
mod fees;
pub mod gifts;
mod in_force;
mod inbox;
pub mod ledger;
mod mine;
mod misdirected;
mod offer;
pub mod on_its_way;
mod owed;
mod owners;
mod paid_late;
pub mod payouts;
mod receipt;
pub mod reconcile;
pub mod refunds;
pub mod roll;
mod sent_on;
mod skew;
mod standing;
pub mod statements;
mod stay;
mod support;
pub mod sync;
mod thanks;
pub mod tiers;
mod tipped;
pub mod visibility;
mod webhook;

pub use changing::REASONS;
pub use in_force::{grant_in_force, in_force, patrons_among, tip_in_force};
pub use inbox::Inbox;
pub use mine::{Mine, Paid, memberships, payments};
pub use standing::{Standing, Support, known_standing, standing, standing_of};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        account_page::account,
        changing::{ask as confirm, cancel, choose, keep, lead, pause, resume, show as tier},
        gifts::{claim as claim_gift, open as gift, send_again as send_gift, show as choose_gift},
        owed::{card, end, pay},
        receipt::receipt,
        support::{begin, show},
        thanks::{cancelled, thanks},
        visibility::choose as choose_visibility,
        webhook::receive,
    };
}
