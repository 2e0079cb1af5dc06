//! The scenario table as data: what is given, what arrives in which order, what must then hold.

use chrono::Duration;
use plaudit::{entities::MembershipState as State, sandbox::stripe::Card};

use super::world::{World, month};

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Ann pays in Checkout with this card; the events are held back.
    Pays(Card),
    /// An event of this type arrives: the oldest held one, or a new one.
    Arrives(&'static str),
    /// Everything held arrives in order.
    AllArrive,
    /// A month passes at Stripe.
    MonthPasses,
    /// This many days pass.
    DaysPass(i64),
    /// Ann's card is good again and the open invoice is paid.
    MendsCard,
    /// Ann books the end of the period.
    Cancels,
    /// The subscription is ended at once at Stripe.
    EndedAtStripe,
}

use Step::*;

struct Row {
    steps: &'static [Step],
    state: State,
    is_patron: bool,
    /// In total, sorted.
    mails: &'static str,
}

async fn holds(row: Row) {
    let world = World::new().await;
    let mut subscription = String::new();
    for step in row.steps {
        play(&world, *step, &mut subscription).await;
    }
    let memberships = world.memberships().await;
    let states: Vec<State> = memberships.iter().map(|row| row.state).collect();
    assert_eq!(states, [row.state]);
    assert_eq!(world.standing().await.is_patron(), row.is_patron);
    assert_eq!(world.mails().await, row.mails);
}

async fn play(world: &World, step: Step, subscription: &mut String) {
    let stripe = &world.app.stripe;
    match step {
        Pays(card) => *subscription = world.subscribe(card).await,
        Arrives(kind) => {
            let event = world.event(kind, subscription);
            world.arrive(&event).await;
            stripe.release(|held| held.retain(|id| *id != event));
            stripe.release(|held| held.clear());
        }
        AllArrive => world.all_arrive().await,
        MonthPasses => stripe.advance(month()),
        DaysPass(days) => stripe.advance(Duration::days(days)),
        MendsCard => {
            let object = stripe.object(subscription).expect("hers");
            stripe.set_card(object["customer"].as_str().expect("an id"), Card::Good);
            stripe.pay_open_invoice(subscription);
        }
        Cancels => stripe.book_end(subscription, true),
        EndedAtStripe => stripe.cancel_now(subscription),
    }
}

/// Each row is one named test.
macro_rules! scenarios {
    ($($name:ident: [$($step:expr),* $(,)?] => $state:ident, $is_patron:literal, $mails:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            holds(Row {
                steps: &[$($step),*],
                state: State::$state,
                is_patron: $is_patron,
                mails: $mails,
            })
            .await;
        })*
    };
}

scenarios! {
    s01_a_first_payment: [
        Pays(Card::Good), Arrives("checkout.session.completed"),
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
    ] => Active, true, "R W";

    s02_the_session_comes_last: [
        Pays(Card::Good), Arrives("customer.subscription.created"),
        Arrives("customer.subscription.updated"), Arrives("invoice.paid"),
        Arrives("checkout.session.completed"),
    ] => Active, true, "R W";

    s13_a_renewal: [
        Pays(Card::Good), AllArrive, MonthPasses, AllArrive,
    ] => Active, true, "R R W";

    s18_updated_before_created: [
        Pays(Card::Good), Arrives("customer.subscription.updated"),
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
    ] => Active, true, "R W";

    s19_a_late_created: [
        Pays(Card::Good), AllArrive, DaysPass(2), Arrives("customer.subscription.created"),
    ] => Active, true, "R W";

    s26_the_whole_history_again: [
        Pays(Card::Good), AllArrive, MonthPasses, AllArrive,
        Arrives("customer.subscription.created"), Arrives("invoice.paid"),
        Arrives("customer.subscription.updated"),
    ] => Active, true, "R R W";

    s31_a_failed_renewal: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive,
    ] => Grace, true, "PF R W";

    s33_a_mended_card: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, MendsCard, AllArrive,
    ] => Active, true, "PF R R W";

    s35_stripe_gave_up: [
        Pays(Card::FailsLater), AllArrive, MonthPasses, AllArrive, DaysPass(8), AllArrive,
    ] => Ended, false, "END PF R W";

    s44_a_booked_end: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive,
    ] => Cancelling, true, "CX R W";

    s47_the_end_comes_though_stripe_is_late: [
        Pays(Card::Good), AllArrive, Cancels, AllArrive, MonthPasses,
    ] => Cancelling, false, "CX R W";

    s48_ended_at_once: [
        Pays(Card::Good), AllArrive, EndedAtStripe, AllArrive,
    ] => Ended, false, "END R W";
}

#[tokio::test]
async fn s16_any_order_of_the_first_four_events() {
    let kinds = [
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "invoice.paid",
    ];
    for order in orders(&kinds) {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        let events: Vec<String> = order
            .iter()
            .map(|kind| world.event(kind, &subscription))
            .collect();
        for event in events {
            world.arrive(&event).await;
        }
        let states: Vec<State> = world
            .memberships()
            .await
            .iter()
            .map(|row| row.state)
            .collect();
        assert_eq!(states, [State::Active], "{order:?}");
        assert_eq!(world.mails().await, "R W", "{order:?}");
    }
}

/// All orders of a few things.
fn orders<'a>(kinds: &[&'a str]) -> Vec<Vec<&'a str>> {
    if kinds.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in kinds.iter().enumerate() {
        let mut rest = kinds.to_vec();
        rest.remove(index);
        for mut order in orders(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn s54_a_second_subscription_is_flagged_and_the_owner_told() {
    let world = World::new().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    world.pay(&first, Card::Good);
    world.app.stripe.advance(Duration::seconds(5));
    world.pay(&second, Card::Good);
    world.all_arrive().await;
    let rows = world.memberships().await;
    let flags: Vec<Option<&str>> = rows.iter().map(|row| row.flag.as_deref()).collect();
    let older = world.app.stripe.object(&first).expect("paid")["subscription"].clone();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let is_older = older == row.stripe_subscription_id.as_str();
        assert_eq!(row.flag.is_none(), is_older, "{flags:?}");
    }
    assert!(world.standing().await.is_patron());
    assert_eq!(world.mails().await, "ADM R R W");
}
