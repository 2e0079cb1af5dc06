//! A renewal that failed and that a bank account pays: while the money is on its way nobody is asked to pay a second time.

use chrono::Duration;
use plaudit::{
    entities::{Audience, membership::State, outbox},
    membership::Support,
    sandbox::stripe::{Card, WhenUnpaid},
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    changing_tier::{paid, row},
    world::{World, month},
};

/// Ann's renewal has failed. Returns where she looks after her membership.
async fn owing() -> (World, String) {
    let world = World::new().await;
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let row = row(&world).await;
    assert_eq!(row.state, State::Grace);
    assert_eq!(world.mails().await, "PF R W");
    (world, format!("/account/memberships/{}", row.id))
}

/// She goes to Stripe's page of the invoice and gives this account there.
async fn pays(world: &World, hers: &str, account: Card) {
    world.app.stripe.advance(Duration::hours(5));
    let to = world.browser.post(&format!("{hers}/pay"), &[]).await;
    let invoice = to.location().to_owned();
    assert!(invoice.contains("/stripe/invoice/in_"), "{invoice}");
    let form = [("card", account.number())];
    let done = world.browser.post(&invoice, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    // Stripe takes it once.
    let page = world.browser.get(&invoice).await;
    page.says("processing").does_not_say("Pay now");
}

/// A bank has had its time.
async fn bank_answers(world: &World) {
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
}

/// What Ann was told of payments that failed, oldest first.
async fn failures(world: &World) -> Vec<outbox::Model> {
    let told = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("payment_failed"))
        .order_by_asc(outbox::Column::CreatedAt);
    told.all(&world.app.app.db).await.expect("letters")
}

const ON_ITS_WAY: &str = "Your payment of €3.00 has been on its way from your bank since";
const FAILED: &str = "Your last payment did not go through";

#[tokio::test]
async fn a_late_renewal_by_debit_is_on_its_way_everywhere_until_the_bank_has_paid() {
    let (world, hers) = owing().await;
    let account = world.browser.get("/account").await;
    account.says(FAILED).says("Pay or confirm now");
    pays(&world, &hers, Card::BankPays).await;
    let since = world.app.app.clock.now();
    world.all_arrive().await;
    let waits = row(&world).await;
    assert_eq!(
        (waits.state, waits.paying_amount),
        (State::Grace, Some(300))
    );
    let known = waits.paying_since.expect("on its way");
    let seconds = (since - known).num_seconds();
    assert!((0..60).contains(&seconds), "{seconds}");
    // She reads it wherever she looks, and nothing asks her to pay.
    let account = world.browser.get("/account").await;
    account
        .says(ON_ITS_WAY)
        .says("You keep access at most until")
        .does_not_say(FAILED)
        .does_not_say("We try again on")
        .does_not_say("Pay or confirm now");
    let author = world.browser.get("/authors/matthew-smith").await;
    author
        .says("Your payment to Matthew Smith is on its way")
        .does_not_say(FAILED)
        .does_not_say("Update your card");
    let support = world.browser.get("/authors/matthew-smith/support").await;
    support.says("Your payment to Matthew Smith is on its way");
    let tiers = world.browser.get(&format!("{hers}/tier")).await;
    tiers
        .says("Your payment is on its way")
        .does_not_say(FAILED);
    let again = world.browser.post(&format!("{hers}/pay"), &[]).await;
    assert_eq!(
        again.location(),
        "/account",
        "it leads to no second payment"
    );
    let account = world.browser.get("/account").await;
    account.says("Nothing is to be paid a second time");
    // So does the author.
    let payments = world.studio.get("/studio/payments").await;
    payments
        .says("On its way")
        .says("€3.00 for a renewal that had failed")
        .says("Ann");
    let risk = world.studio.get("/studio/supporters?show=risk").await;
    risk.says("Ann").says("on its way from the bank since");
    let supporter = format!("/studio/supporters/{}", world.ann.id);
    let supporter = world.studio.get(&supporter).await;
    supporter.says("€3.00 for the renewal that had failed has been on its way from the bank since");
    assert_eq!(world.mails().await, "PF R W");
    assert_eq!(world.compare(false).await, "");
    // The money is there.
    bank_answers(&world).await;
    let after = row(&world).await;
    assert_eq!(
        (after.state, after.paying_since, after.paying_amount),
        (State::Active, None, None)
    );
    assert_eq!(paid(&world).await, [300, 300]);
    assert_eq!(world.mails().await, "PF R R W");
    let account = world.browser.get("/account").await;
    account.says("You are a patron").does_not_say("on its way");
    let payments = world.studio.get("/studio/payments").await;
    payments.does_not_say("for a renewal");
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn a_late_renewal_whose_debit_is_refused_has_failed_again_and_each_debit_is_told_of_once() {
    let (world, hers) = owing().await;
    pays(&world, &hers, Card::BankRefuses).await;
    world.all_arrive().await;
    world.browser.get("/account").await.says(ON_ITS_WAY);
    let next = row(&world).await;
    bank_answers(&world).await;
    let after = row(&world).await;
    assert_eq!((after.state, after.paying_since), (State::Grace, None));
    assert_eq!(after.past_due_since, next.past_due_since);
    let account = world.browser.get("/account").await;
    account
        .says(FAILED)
        .says("We try again on")
        .says("Pay or confirm now")
        .does_not_say(ON_ITS_WAY);
    assert_eq!(failures(&world).await.len(), 2);
    // However often it is looked at.
    let subscription = &after.stripe_subscription_id;
    for _ in 0..2 {
        let event = world.event("invoice.payment_failed", subscription);
        world.arrive(&event).await;
    }
    assert_eq!(failures(&world).await.len(), 2);
    // A second debit of hers is another try.
    pays(&world, &hers, Card::BankRefuses).await;
    world.all_arrive().await;
    bank_answers(&world).await;
    assert_eq!(failures(&world).await.len(), 3);
    assert_eq!(world.compare(false).await, "");
    assert_eq!(world.mails().await, "PF PF PF R W");
}

#[tokio::test]
async fn what_stripe_debits_itself_is_on_its_way_too_and_is_not_told_as_failed_before_it_has() {
    let (world, _) = owing().await;
    let customer = row(&world).await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::BankRefuses);
    let next = row(&world).await.next_attempt_at.expect("a next try");
    let left = next - world.app.app.clock.now() + Duration::minutes(1);
    world.app.stripe.advance(left);
    world.all_arrive().await;
    world.browser.get("/account").await.says(ON_ITS_WAY);
    assert_eq!(failures(&world).await.len(), 1);
    bank_answers(&world).await;
    world.browser.get("/account").await.says(FAILED);
    let told = failures(&world).await;
    assert_eq!(told.len(), 2);
    assert!(told[1].key.ends_with(":2"), "{}", told[1].key);
    // It is one try, seen once or twice.
    let event = world.event(
        "invoice.payment_failed",
        &row(&world).await.stripe_subscription_id,
    );
    world.arrive(&event).await;
    assert_eq!(failures(&world).await.len(), 2);
}

#[tokio::test]
async fn whose_access_is_over_reads_at_the_gate_that_her_money_is_on_its_way_and_buys_no_second() {
    let (world, hers) = owing().await;
    let for_patrons = |draft: &mut plaudit::articles::Draft| draft.audience = Audience::Patrons;
    world
        .app
        .article_with(&world.matthew, "The Tide", for_patrons)
        .await;
    world.app.stripe.when_unpaid(WhenUnpaid::MarkUnpaid);
    world.app.stripe.advance(Duration::days(8));
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Lapsed);
    let gate = world.browser.get("/articles/the-tide").await;
    gate.says("Pay or confirm now");
    pays(&world, &hers, Card::BankPays).await;
    world.all_arrive().await;
    let standing = world.standing().await;
    assert_eq!(standing.support, Support::Pending);
    let gate = world.browser.get("/articles/the-tide").await;
    gate.says(
        "Your payment is on its way: your bank still has to confirm it. Then you can read it",
    )
    .does_not_say("Pay or confirm now")
    .does_not_say("Update your card");
    let account = world.browser.get("/account").await;
    account
        .says(ON_ITS_WAY)
        .says("Once it is there everything is open again")
        .does_not_say("Pay or confirm now");
    let support = world.browser.get("/authors/matthew-smith/support").await;
    support
        .says("Your payment to Matthew Smith is on its way")
        .does_not_say(">Become a patron</button>");
    let second = world.begin_again().await;
    assert!(
        !second.location().contains("/checkout/"),
        "{}",
        second.location()
    );
    let all = world.studio.get("/studio/supporters?show=all").await;
    all.says("Payment on its way");
    assert_eq!(world.compare(false).await, "");
    bank_answers(&world).await;
    assert_eq!(row(&world).await.state, State::Active);
    assert!(world.standing().await.is_patron());
}

#[tokio::test]
async fn what_no_event_has_told_of_is_found_by_comparing_and_when_she_would_pay_again() {
    let (world, hers) = owing().await;
    pays(&world, &hers, Card::BankPays).await;
    world.app.stripe.release(|held| held.clear());
    assert_eq!(row(&world).await.paying_since, None);
    let again = world.browser.post(&format!("{hers}/pay"), &[]).await;
    assert_eq!(again.location(), "/account");
    world.browser.get("/account").await.says(ON_ITS_WAY);
    bank_answers(&world).await;
    // The next is refused, and again nobody has told.
    let (world, hers) = owing().await;
    pays(&world, &hers, Card::BankRefuses).await;
    world.app.stripe.release(|held| held.clear());
    let found = world.compare(true).await;
    assert!(found.contains("state_differs"), "{found}");
    world.browser.get("/account").await.says(ON_ITS_WAY);
    world.app.stripe.advance(Duration::minutes(4));
    world.app.stripe.release(|held| held.clear());
    let found = world.compare(true).await;
    assert!(found.contains("state_differs"), "{found}");
    world.browser.get("/account").await.says(FAILED);
    world.app.work().await;
    assert_eq!(failures(&world).await.len(), 2);
}

#[tokio::test]
async fn what_is_on_its_way_is_put_back_where_somebody_writes_over_it() {
    use plaudit::entities::membership::{self, Column};
    use sea_orm::Value;

    use super::columns::{Ours, Stripes};

    let (world, hers) = owing().await;
    pays(&world, &hers, Card::BankPays).await;
    world.all_arrive().await;
    let row = row(&world).await;
    let since = row.paying_since.expect("on its way");
    world
        .proves::<membership::Entity, _>(row, |column| match column {
            Column::PayingSince => Stripes(vec![
                Value::ChronoDateTimeUtc(None),
                (since - Duration::days(1)).into(),
            ]),
            Column::PayingAmount => Stripes(vec![Value::BigInt(None), 7_i64.into()]),
            _ => Ours("elsewhere"),
        })
        .await;
}
