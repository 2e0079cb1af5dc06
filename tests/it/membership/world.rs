//! A small world for stories about money: Matthew sells two tiers, Ann reads, and Stripe holds its
//! events back until the story lets them arrive.

use plaudit::{
    entities::{Recurrence, account, author, membership, price, tier},
    membership::{
        Standing, standing,
        tiers::{self, NewTier, TierChange},
    },
    sandbox::stripe::{Card, Chaos},
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, QueryOrder};

pub use crate::support::calendar::month;
use crate::support::{Browser, Page, TestApp, calendar};

pub struct World {
    pub app: TestApp,
    pub matthew: author::Model,
    pub friend: tier::Model,
    pub browser: Browser,
    /// Where Matthew is signed in.
    pub studio: Browser,
    pub ann: account::Model,
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        calendar::begin(&app.app.clock);
        Self::around(app).await
    }

    pub async fn around(app: TestApp) -> Self {
        let (studio, matthew) = app.author("Matthew Smith").await;
        app.owner().await;
        let (browser, ann) = app.reader("Ann").await;
        let friend = put_on_sale(&app, &matthew, "Friend", 300).await;
        put_on_sale(&app, &matthew, "Patron", 1500).await;
        app.stripe.set_chaos(Chaos {
            hold: true,
            ..Chaos::default()
        });
        Self {
            app,
            matthew,
            friend,
            browser,
            studio,
            ann,
        }
    }

    /// Presses *Become a patron* as somebody. Returns the session she is sent to.
    pub async fn begin(&self, browser: &Browser, tier: &tier::Model) -> String {
        self.begin_by(browser, tier, Recurrence::Month).await
    }

    /// The same, by the month or by the year.
    pub async fn begin_by(
        &self,
        browser: &Browser,
        tier: &tier::Model,
        every: Recurrence,
    ) -> String {
        let id = tier.id.to_string();
        let interval = match every {
            Recurrence::Month => "month",
            Recurrence::Year => "year",
        };
        let form = [("tier", id.as_str()), ("interval", interval)];
        self.session(browser, &form).await
    }

    /// Gives once. Returns the session she is sent to.
    pub async fn begin_tip(&self, browser: &Browser, amount: &str) -> String {
        self.session(browser, &[("tip", "once"), ("amount", amount)])
            .await
    }

    pub async fn session(&self, browser: &Browser, form: &[(&str, &str)]) -> String {
        let path = format!("/authors/{}/support", self.matthew.slug);
        let answer = browser.post(&path, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let (_, session) = answer.location().rsplit_once('/').expect("a session");
        session.to_owned()
    }

    /// Presses *Become a patron* again, wherever that leads.
    pub async fn begin_again(&self) -> Page {
        let id = self.friend.id.to_string();
        let form = [("tier", id.as_str()), ("interval", "month")];
        let path = format!("/authors/{}/support", self.matthew.slug);
        self.browser.post(&path, &form).await
    }

    /// Pays on Stripe's page; nothing has been told to the service yet.
    pub fn pay(&self, session: &str, card: Card) -> String {
        self.app
            .stripe
            .complete_checkout(session, card, "ann@example.org", "Ann")
            .expect("paid")
    }

    /// Ann begins and pays.
    pub async fn subscribe(&self, card: Card) -> String {
        let session = self.begin(&self.browser, &self.friend).await;
        self.pay(&session, card);
        self.subscription_of(&session)
    }

    /// A stranger with an address of her own begins and pays. Returns the subscription.
    pub async fn stranger_subscribes(&self, number: usize, card: Card) -> String {
        let every = Recurrence::Month;
        self.stranger_subscribes_by(number, card, every).await
    }

    /// The same, by the month or by the year.
    pub async fn stranger_subscribes_by(
        &self,
        number: usize,
        card: Card,
        every: Recurrence,
    ) -> String {
        let browser = self.app.browser();
        let session = self.begin_by(&browser, &self.friend, every).await;
        let address = format!("patron{number}@example.org");
        let paid = self
            .app
            .stripe
            .complete_checkout(&session, card, &address, "Pat");
        paid.expect("paid");
        self.subscription_of(&session)
    }

    /// The subscription a paid session began.
    pub fn subscription_of(&self, session: &str) -> String {
        let object = self.app.stripe.object(session).expect("the session");
        object["subscription"].as_str().expect("an id").to_owned()
    }

    /// Sells the first tier with a trial.
    pub async fn trial(&mut self, days: i32) {
        let change = TierChange {
            name: self.friend.name.clone(),
            description: self.friend.description.clone(),
            monthly: Some(300),
            yearly: Some(3000),
            trial_days: Some(days),
            ..Default::default()
        };
        tiers::change(&self.app.app, self.matthew.id, self.friend.id, change)
            .await
            .expect("changed");
    }

    /// The price of the dearer tier at Stripe, by the month.
    pub async fn price_of_patron(&self) -> String {
        let prices = price::Entity::find().all(&self.app.app.db).await;
        let prices = prices.expect("prices");
        let found = prices.into_iter().find(|price| price.amount == 1500);
        found
            .and_then(|price| price.stripe_price_id)
            .expect("at Stripe")
    }

    /// Somebody does something at Stripe, through its API.
    pub async fn at_stripe(&self, path: &str, form: &[(&str, &str)]) {
        let browser = self.app.browser();
        let request = browser
            .raw()
            .post(browser.address(&format!("/sandbox/stripe/v1/{path}")))
            .bearer_auth("sk_test_sandbox")
            .form(form);
        let page = Page::of(request).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    }

    /// What an event of this type about a subscription is about.
    fn object_of(&self, kind: &str, subscription: &str) -> String {
        let object = self.app.stripe.object(subscription).unwrap_or_default();
        match kind.split('.').next() {
            Some("invoice") if kind != "invoice.upcoming" => {
                let invoice = object["latest_invoice"].as_str();
                invoice.unwrap_or(subscription).to_owned()
            }
            _ => subscription.to_owned(),
        }
    }

    /// The oldest held event of this type, or a new one about `subscription`, or about its invoice.
    pub fn event(&self, kind: &str, subscription: &str) -> String {
        let held = self.app.stripe.held();
        let is_wanted = |id: &&String| {
            let event = self.app.stripe.object(id).expect("held");
            event["type"] == kind
        };
        match held.iter().find(is_wanted) {
            Some(id) => id.clone(),
            None => {
                let object = self.object_of(kind, subscription);
                self.app.stripe.emit(kind, &object)
            }
        }
    }

    /// Posts one event as Stripe would and lets the worker work.
    pub async fn arrive(&self, event: &str) {
        assert_eq!(self.post(event).await.status, StatusCode::OK);
        self.app.work().await;
    }

    /// Stripe sends a status nobody knows. Returns the event, which is parked.
    pub async fn stumble(&self, subscription: &str) -> String {
        let stripe = &self.app.stripe;
        stripe.edit(subscription, |object| {
            object["status"] = "levitating".into()
        });
        let event = stripe.emit("customer.subscription.updated", subscription);
        self.arrive(&event).await;
        event
    }

    /// Posts one event as Stripe would.
    pub async fn post(&self, event: &str) -> Page {
        let (body, signature) = self.app.stripe.signed(event).expect("an event");
        self.post_raw(body, &signature).await
    }

    pub async fn post_raw(&self, body: String, signature: &str) -> Page {
        let browser = self.app.browser();
        let request = browser
            .raw()
            .post(browser.address("/webhooks/stripe"))
            .header("stripe-signature", signature)
            .body(body);
        Page::of(request).await
    }

    /// Everything that is held arrives, in order.
    pub async fn all_arrive(&self) {
        self.app.stripe.release(|_| {});
        self.app.settle().await;
        // What our own calls to Stripe have set off.
        self.app.stripe.release(|_| {});
        self.app.settle().await;
    }

    pub async fn memberships(&self) -> Vec<membership::Model> {
        membership::Entity::find()
            .order_by_asc(membership::Column::CreatedAt)
            .order_by_asc(membership::Column::Id)
            .all(&self.app.app.db)
            .await
            .expect("memberships")
    }

    /// Ann's membership; others arrive beside hers in any order.
    pub async fn anns(&self) -> membership::Model {
        let mut all = self.memberships().await.into_iter();
        all.find(|row| row.account_id == self.ann.id)
            .expect("Ann's membership")
    }

    /// Where Ann stands with Matthew now.
    pub async fn standing(&self) -> Standing {
        let app = &self.app.app;
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        standing(&app.db, self.ann.id, self.matthew.id, now, grace)
            .await
            .expect("a standing")
    }
}

pub async fn put_on_sale(
    app: &TestApp,
    author: &author::Model,
    name: &str,
    monthly: i64,
) -> tier::Model {
    let new = NewTier {
        name: name.to_owned(),
        description: "Comments\nThanks".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(monthly),
        yearly: Some(monthly * 10),
        ..Default::default()
    };
    tiers::create(&app.app, author.id, new)
        .await
        .expect("on sale")
}

/// The recurrence most stories use.
pub const MONTHLY: Recurrence = Recurrence::Month;
