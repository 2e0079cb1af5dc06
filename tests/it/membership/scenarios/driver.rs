//! Plays the rows of the table.

use chrono::Duration;
use plaudit::{
    entities::Recurrence,
    sandbox::stripe::{Card, WhenUnpaid},
};

use serde_json::{Value, json};

use crate::membership::world::{World, month};

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The tier is sold with a trial of fourteen days.
    OnTrial,
    /// Matthew gets so many percent, directly to an account of his own.
    Links(&'static str),
    /// So many cents of the last invoice are tax.
    Taxed(i64),
    /// His account comes loose at Stripe.
    ComesLoose,
    /// Ann pays in Checkout with this card; the events are held back.
    Pays(Card),
    /// The same by the year.
    PaysYearly,
    /// Ann gives this once, in cents.
    Tips(&'static str),
    /// Ann pays for half a year for somebody else, with this card or account.
    Gives(Card),
    /// A tip from a bank account, which takes its time.
    TipsBy(Card, &'static str),
    /// This many minutes pass: after three a bank has decided.
    MinutesPass(i64),
    /// Her card is replaced by one that is declined.
    CardFails,
    /// The trial is over, and there is no card: Stripe pauses.
    TrialEndsWithoutCard,
    /// An end is booked for so many days from now, amid the period.
    EndsIn(i64),
    /// Stripe shows the subscription like this, in JSON.
    Shows(&'static str),
    /// The endpoint speaks a version from before the period stood on the items.
    OldShape,
    /// Ann stands in the Checkout and does not pay.
    Begins,
    /// The session she stands in is expired at Stripe.
    SessionExpires,
    /// An event of this type arrives: the oldest held one, or a new one.
    Arrives(&'static str),
    /// Everything held arrives in order.
    AllArrive,
    /// A month passes at Stripe.
    MonthPasses,
    /// This many days pass.
    DaysPass(i64),
    /// What Stripe does with a renewal that is never paid.
    IfUnpaid(WhenUnpaid),
    /// Ann's card is good again and the open invoice is paid.
    MendsCard,
    /// Ann books the end of the period, or takes that back.
    Cancels,
    Uncancels,
    /// Somebody changes the subscription at Stripe in this way.
    Changes(&'static [(&'static str, &'static str)]),
    /// Ann changes to the dearer tier, and pays the difference now or with the next invoice.
    Upgrades(&'static str),
    /// Her bank wants her word for every payment from now on.
    BankAsks,
    /// Ann changes to the dearer tier if her payment comes in, and pays the difference now.
    UpgradesOncePaid,
    /// She confirms the open invoice to her bank.
    Confirms,
    /// A press on the subscription at Stripe, such as `pause`.
    Presses(&'static str, &'static [(&'static str, &'static str)]),
    /// The subscription is ended at once at Stripe.
    EndedAtStripe,
    /// The last payment is given back from Stripe's dashboard: so much, or whole.
    Refunded(Option<i64>),
    /// That refund fails.
    RefundFails,
    /// Her bank asks about the last payment, and takes nothing yet.
    Asked,
    Disputed,
    DisputeClosed {
        is_won: bool,
    },
    WarnedOfFraud,
}

use Step::*;

pub struct Row {
    pub steps: &'static [Step],
    /// Of her memberships, oldest first.
    pub states: &'static str,
    pub is_patron: bool,
    /// In total, sorted.
    pub mails: &'static str,
    /// The sums of what moved at Stripe, by kind.
    pub ledger: &'static str,
}

/// What a story remembers as it goes on.
#[derive(Default)]
struct Told {
    session: String,
    subscription: String,
    refund: String,
    dispute: String,
    account: String,
}

pub async fn holds(row: Row) {
    let mut world = World::new().await;
    let mut told = Told::default();
    for step in row.steps {
        play(&mut world, *step, &mut told).await;
    }
    let memberships = world.memberships().await;
    let states: Vec<String> = memberships
        .iter()
        .map(|row| format!("{:?}", row.state))
        .collect();
    assert_eq!(states.join(" "), row.states);
    assert_eq!(world.standing().await.is_patron(), row.is_patron);
    assert_eq!(world.mails().await, row.mails);
    assert_eq!(world.ledger().await, row.ledger);
}

async fn play(world: &mut World, step: Step, told: &mut Told) {
    let stripe = &world.app.stripe;
    let last_payment = || match told.subscription.as_str() {
        "" => stripe.object(&told.session).expect("given")["payment_intent"]
            .as_str()
            .expect("an intent")
            .to_owned(),
        subscription => stripe.last_payment(subscription).expect("paid"),
    };
    let path = format!("subscriptions/{}", told.subscription);
    match step {
        OnTrial => world.trial(14).await,
        Links(percent) => {
            world.shared(percent).await;
            told.account = world.linked().await;
        }
        Taxed(tax) => {
            let object = stripe.object(&told.subscription).expect("hers");
            let invoice = object["latest_invoice"].as_str().expect("an invoice");
            stripe.edit(invoice, |object| {
                object["total_taxes"] = json!([{ "amount": tax, "tax_behavior": "inclusive" }]);
            });
        }
        ComesLoose => stripe.deauthorize(&told.account),
        Pays(card) => told.subscription = world.subscribe(card).await,
        PaysYearly => {
            let session = world
                .begin_by(&world.browser, &world.friend, Recurrence::Year)
                .await;
            world.pay(&session, Card::Good);
            told.subscription = world.subscription_of(&session);
        }
        Tips(amount) => {
            told.session = world.begin_tip(&world.browser, amount).await;
            world.pay(&told.session, Card::Good);
        }
        TipsBy(card, amount) => {
            told.session = world.begin_tip(&world.browser, amount).await;
            world.pay(&told.session, card);
        }
        Gives(card) => {
            told.session = world.begin_gift(&world.browser).await;
            world.pay(&told.session, card);
        }
        MinutesPass(minutes) => stripe.advance(Duration::minutes(minutes)),
        CardFails => {
            let object = stripe.object(&told.subscription).expect("hers");
            stripe.set_card(object["customer"].as_str().expect("an id"), Card::Declined);
        }
        TrialEndsWithoutCard => {
            stripe.advance(Duration::days(13));
            let now = world.app.app.clock.now().timestamp();
            stripe.edit(&told.subscription, |object| {
                object["status"] = json!("paused");
                object["trial_end"] = json!(now);
            });
        }
        EndsIn(days) => {
            let end = world.app.app.clock.now() + Duration::days(days);
            stripe.edit(&told.subscription, |object| {
                object["cancel_at"] = json!(end.timestamp());
            });
        }
        Shows(like) => {
            let like: Value = serde_json::from_str(like).expect("JSON");
            stripe.edit(&told.subscription, |object| {
                for (key, value) in like.as_object().expect("an object") {
                    object[key] = value.clone();
                }
            });
        }
        OldShape => old_shape(world, &told.subscription),
        Begins => told.session = world.begin(&world.browser, &world.friend).await,
        SessionExpires => {
            let path = format!("checkout/sessions/{}/expire", told.session);
            world.at_stripe(&path, &[]).await;
        }
        Arrives("invoice.upcoming") => world.renewal_is_near(&told.subscription).await,
        Arrives(kind) => {
            let event = world.event(kind, &told.subscription);
            world.arrive(&event).await;
            stripe.release(|held| held.retain(|id| *id != event));
            stripe.release(|held| held.clear());
        }
        AllArrive => world.all_arrive().await,
        MonthPasses => stripe.advance(month()),
        DaysPass(days) => stripe.advance(Duration::days(days)),
        IfUnpaid(then) => stripe.when_unpaid(then),
        MendsCard => {
            let object = stripe.object(&told.subscription).expect("hers");
            stripe.set_card(object["customer"].as_str().expect("an id"), Card::Good);
            stripe.pay_open_invoice(&told.subscription);
        }
        Cancels => stripe.book_end(&told.subscription, true),
        Uncancels => stripe.book_end(&told.subscription, false),
        Changes(form) => world.at_stripe(&path, form).await,
        Upgrades(proration) => {
            upgrade(
                world,
                &told.subscription,
                &[("proration_behavior", proration)],
            )
            .await;
        }
        BankAsks => {
            let object = stripe.object(&told.subscription).expect("hers");
            let customer = object["customer"].as_str().expect("an id");
            stripe.set_card(customer, Card::AlwaysConfirms);
        }
        UpgradesOncePaid => {
            let terms = [
                ("proration_behavior", "always_invoice"),
                ("payment_behavior", "pending_if_incomplete"),
            ];
            upgrade(world, &told.subscription, &terms).await;
        }
        Confirms => stripe.pay_open_invoice(&told.subscription),
        Presses(press, form) => world.at_stripe(&format!("{path}/{press}"), form).await,
        EndedAtStripe => stripe.cancel_now(&told.subscription),
        Refunded(amount) => {
            told.refund = stripe.refund(&last_payment(), amount).expect("refunded");
        }
        RefundFails => stripe.fail_refund(&told.refund),
        Asked => {
            let asked = stripe.inquire(&last_payment(), "fraudulent");
            told.dispute = asked.expect("asked");
        }
        Disputed => {
            let dispute = stripe.dispute(&last_payment(), "fraudulent");
            told.dispute = dispute.expect("disputed");
        }
        DisputeClosed { is_won } => stripe.close_dispute(&told.dispute, is_won),
        WarnedOfFraud => drop(stripe.warn_of_fraud(&last_payment())),
    }
}

/// Puts the dearer tier's price on the subscription, on these terms.
async fn upgrade(world: &World, subscription: &str, terms: &[(&str, &str)]) {
    let object = world.app.stripe.object(subscription).expect("hers");
    let item = object["items"]["data"][0]["id"].as_str().expect("an item");
    let price = world.price_of_patron().await;
    let form = [("items[0][id]", item), ("items[0][price]", &price)];
    let form = [&form[..], terms].concat();
    let path = format!("subscriptions/{subscription}");
    world.at_stripe(&path, &form).await;
}

/// As it was before 2025-03-31.
fn old_shape(world: &World, subscription: &str) {
    let stripe = &world.app.stripe;
    let invoice = stripe.object(subscription).expect("hers")["latest_invoice"].clone();
    stripe.edit(subscription, |object| {
        for field in ["current_period_start", "current_period_end"] {
            object[field] = object["items"]["data"][0][field].take();
            let item = object["items"]["data"][0].as_object_mut();
            item.expect("an item").remove(field);
        }
    });
    stripe.edit(invoice.as_str().expect("an id"), |object| {
        object["subscription"] = json!(subscription);
        object.as_object_mut().expect("an object").remove("parent");
    });
}
