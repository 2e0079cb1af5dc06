//! What somebody does in Stripe's dashboard, and what banks do: acts that the service learns of by
//! events alone.

use serde_json::json;

use super::{
    Stripe,
    billing::{self, Booked},
    objects::{accounts, disputes, refunds, warnings},
    state::{number, text},
};

impl Stripe {
    /// Ends a subscription at once, as the dashboard would.
    pub fn cancel_now(&self, subscription: &str) {
        self.act(|state| billing::end(state, subscription, "cancellation_requested"));
    }

    /// Books the end of a subscription at the end of its period, or takes that back.
    pub fn book_end(&self, subscription: &str, ends: bool) {
        let booked = match ends {
            true => Booked::PeriodEnd,
            false => Booked::Never,
        };
        self.act(|state| {
            let before = state.get(subscription);
            let now = state.now;
            state.change(subscription, |object| {
                billing::book_end(object, now, booked);
            });
            state.emit_changed("customer.subscription.updated", subscription, &before);
        });
    }

    /// Refunds a payment intent from the dashboard: this amount, or what is left of it. Returns the
    /// refund's id, or nothing where there is nothing to refund.
    pub fn refund(&self, intent: &str, amount: Option<i64>) -> Option<String> {
        self.act(|state| {
            let charge = state.get(&state.text(intent, "latest_charge"));
            let left = number(&charge["amount"]) - number(&charge["amount_refunded"]);
            let amount = amount.unwrap_or(left);
            (1..=left).contains(&amount).then(|| {
                let reason = Some("requested_by_customer");
                refunds::put(state, &charge, amount, reason, json!({}))
            })
        })
    }

    /// The payment intent that last paid for a subscription, if anything was paid.
    pub fn last_payment(&self, subscription: &str) -> Option<String> {
        let state = self.state();
        let mut invoices = state.of_kind("invoice").rev();
        let paid = invoices.find(|invoice| {
            billing::subscription_of(invoice) == subscription && number(&invoice["amount_paid"]) > 0
        })?;
        let intent = state.note(text(&paid["id"]), "intent").as_str();
        intent.map(str::to_owned)
    }

    /// Lets a refund fail that seemed to succeed.
    pub fn fail_refund(&self, refund: &str) {
        self.act(|state| refunds::fail(state, refund));
    }

    /// Disputes what a payment intent has paid. `reason` is Stripe's word, such as `fraudulent`.
    /// Returns the dispute's id, nothing where there is nothing to dispute.
    pub fn dispute(&self, intent: &str, reason: &str) -> Option<String> {
        self.act(|state| {
            let charge = state.text(intent, "latest_charge");
            disputes::open(state, &charge, reason)
        })
    }

    /// The bank asks about what a payment intent has paid, before it disputes it. Returns the id of what is asked,
    /// nothing where there is nothing to ask.
    pub fn inquire(&self, intent: &str, reason: &str) -> Option<String> {
        self.act(|state| {
            let charge = state.text(intent, "latest_charge");
            disputes::inquire(state, &charge, reason)
        })
    }

    /// What a bank has asked about a charge or disputes, if anything.
    pub fn dispute_of(&self, charge: &str) -> Option<serde_json::Value> {
        disputes::of(&self.state(), charge)
    }

    /// Decides a dispute; closes what was only asked.
    pub fn close_dispute(&self, dispute: &str, is_won: bool) {
        self.act(|state| disputes::close(state, dispute, is_won));
    }

    /// A connected account has said everything it was asked, as on its hosted page.
    pub fn finish_onboarding(&self, account: &str) {
        self.act(|state| accounts::finish(state, account));
    }

    /// Stripe stops paying a connected account. `reason` is its word, such as `rejected.fraud`.
    pub fn restrict(&self, account: &str, reason: &str) {
        self.act(|state| accounts::restrict(state, account, reason));
    }

    /// A connected account comes loose from the platform.
    pub fn deauthorize(&self, account: &str) {
        self.act(|state| accounts::loosen(state, account));
    }

    /// The bank warns that what a payment intent has paid may be fraud. Returns the warning's id.
    pub fn warn_of_fraud(&self, intent: &str) -> String {
        self.act(|state| {
            let charge = state.text(intent, "latest_charge");
            warnings::warn(state, &charge)
        })
    }
}
