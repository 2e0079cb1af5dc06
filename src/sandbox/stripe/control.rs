//! What tests and the control room see and do, past the API.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Call, Card, Settings, Stripe, WhenUnpaid, billing,
    checkout::{self, Payer},
    objects::payment_methods,
    state::text,
};

impl Stripe {
    /// The object of this id, as the API would show it.
    pub fn object(&self, id: &str) -> Option<Value> {
        let object = self.state().get(id);
        (!object.is_null()).then_some(object)
    }

    /// Every object of a kind (`subscription`, `event`, …), oldest first.
    pub fn objects(&self, kind: &str) -> Vec<Value> {
        self.state().of_kind(kind).cloned().collect()
    }

    /// The latest objects of a kind, newest first.
    pub fn latest(&self, kind: &str, count: usize) -> Vec<Value> {
        let state = self.state();
        state.of_kind(kind).rev().take(count).cloned().collect()
    }

    /// Every subscription, oldest first.
    pub fn subscriptions(&self) -> Vec<Value> {
        self.objects("subscription")
    }

    /// The latest API calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls()
    }

    /// The next `count` API calls are answered with this status.
    pub fn fail_requests(&self, count: u32, status: u16) {
        self.state().failing = Some((count, status));
    }

    /// Every API call is answered after this time.
    pub fn answer_after(&self, pause: Duration) {
        self.state().answer_after = pause;
    }

    /// Changes an object in place, as if it had come to be that way. No event is sent.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Value)) {
        self.act(|state| state.change(id, change));
    }

    /// Puts an object there that nobody made through the API.
    pub fn put(&self, object: Value) {
        self.act(|state| state.put(object));
    }

    /// Puts a card on a customer and her subscriptions, which later payments use.
    pub fn set_card(&self, customer: &str, card: Card) {
        self.act(|state| {
            let method = payment_methods::attach(state, customer, card);
            let before = state.get(customer);
            state.change(customer, |object| {
                object["invoice_settings"]["default_payment_method"] = json!(method);
            });
            state.emit_changed("customer.updated", customer, &before);
            let own: Vec<String> = state
                .of_kind("subscription")
                .filter(|object| object["customer"] == customer && billing::is_running(object))
                .map(|object| text(&object["id"]).to_owned())
                .collect();
            for id in own {
                state.set(&id, json!({ "default_payment_method": method }));
            }
        });
    }

    /// What becomes of a subscription whose renewal was never paid, from now on.
    pub fn when_unpaid(&self, then: WhenUnpaid) {
        self.act(|state| state.when_unpaid = then);
    }

    /// Does what the hosted page does when somebody pays. Returns where she is sent.
    ///
    /// # Errors
    /// With Stripe's words, if the card is declined or the session is not open.
    pub fn complete_checkout(
        &self,
        session: &str,
        card: Card,
        email: &str,
        name: &str,
    ) -> Result<String, String> {
        let payer = Payer { email, name, card };
        self.act(|state| checkout::complete(state, session, payer))
    }

    /// Tries an unpaid invoice again, as a payer who has mended her card does.
    pub fn pay_open_invoice(&self, subscription: &str) {
        self.act(|state| {
            let invoice = state.text(subscription, "latest_invoice");
            billing::attempt(state, &invoice, true);
        });
    }

    /// Tries an open invoice, the payer being there.
    pub fn pay_invoice(&self, invoice: &str) {
        self.act(|state| billing::attempt(state, invoice, true));
    }

    pub fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    /// Sets where it lives and sends, once that is known, and writes its file if it has one.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.state().settings);
        self.keep_now();
    }
}
