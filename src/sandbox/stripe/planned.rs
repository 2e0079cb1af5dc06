//! What has been set going and takes its time: it happens by itself a moment or days later, or at once
//! when somebody presses a button.

use serde::{Deserialize, Serialize};

use super::{
    billing::bank,
    objects::{disputes, refunds, warnings},
    state::State,
};

/// How long what banks do takes here, in seconds.
pub(super) const MOMENT: i64 = 10;
/// How long a debit from a bank account is on its way here, in seconds, as in Stripe's test mode.
pub(super) const DEBIT: i64 = 3 * 60;

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Plan {
    /// The holder of the card disputes a charge.
    Dispute,
    /// The bank warns of fraud.
    Warn,
    RefundSucceeds,
    RefundFails,
    /// A debit from a bank account is paid, or refused.
    BankPays,
    BankRefuses,
    /// Nobody has answered a dispute in time.
    DisputeLost,
    /// A bank that only asked has let it be.
    InquiryOver,
}

impl State {
    /// Lets something happen to an object so many seconds from now.
    pub fn plan(&mut self, after: i64, plan: Plan, id: &str) {
        self.planned.insert((self.now + after, plan, id.to_owned()));
    }

    /// Whatever is planned for this object will not happen by itself any more.
    pub fn unplan(&mut self, id: &str) {
        self.planned.retain(|(.., planned)| planned != id);
    }

    /// When the next planned thing happens, in seconds since 1970.
    pub fn next_planned(&self) -> Option<i64> {
        self.planned.first().map(|(at, ..)| *at)
    }

    /// Lets the next planned thing happen.
    pub fn happen_planned(&mut self) {
        let Some((_, plan, id)) = self.planned.pop_first() else {
            return;
        };
        match plan {
            Plan::Dispute => drop(disputes::open(self, &id, "fraudulent")),
            Plan::Warn => drop(warnings::warn(self, &id)),
            Plan::RefundSucceeds => refunds::succeed(self, &id),
            Plan::RefundFails => refunds::fail(self, &id),
            Plan::BankPays => bank::decide(self, &id, true),
            Plan::BankRefuses => bank::decide(self, &id, false),
            Plan::DisputeLost | Plan::InquiryOver => disputes::close(self, &id, false),
        }
    }
}
