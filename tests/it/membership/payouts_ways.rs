//! Every way money comes in goes to an author who is paid directly: memberships that change, gifts, tips; with
//! tax; and in a month in which he was not yet.

use plaudit::{
    entities::{Recurrence, payment},
    membership::statements::{Month, statement},
    sandbox::stripe::Card,
};
use sea_orm::EntityTrait;

use super::{
    changing::patron,
    changing_tier::{confirm, press, row},
    world::{World, month},
};

#[tokio::test]
async fn a_change_booked_for_later_goes_on_paying_directly_and_follows_when_he_leaves() {
    let (world, hers) = patron().await;
    world.shared("90").await;
    let account = world.linked().await;
    world.app.work().await;
    let dear = confirm(&world.browser, &hers, "Patron", "month").await;
    press(&world.browser, &hers, &dear).await;
    world.all_arrive().await;
    // The upgrade was charged to go on, too.
    let transfers = world.app.stripe.objects("transfer");
    assert_eq!(transfers.len(), 1);
    let small = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &small).await;
    world.all_arrive().await;
    let id = row(&world).await.stripe_subscription_id;
    let schedule = world.subscription(&id)["schedule"].clone();
    let schedule = schedule.as_str().expect("booked").to_owned();
    let phases = |world: &World| world.subscription(&schedule)["phases"].clone();
    for phase in [0, 1] {
        let phase = &phases(&world)[phase];
        assert_eq!(phase["transfer_data"]["destination"], account.as_str());
        assert_eq!(phase["application_fee_percent"], 10.0);
    }
    world.app.stripe.restrict(&account, "requirements.past_due");
    world.all_arrive().await;
    assert!(phases(&world)[1]["transfer_data"].is_null());
    world.app.stripe.finish_onboarding(&account);
    world.all_arrive().await;
    assert_eq!(
        phases(&world)[1]["transfer_data"]["destination"],
        account.as_str()
    );
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 300);
    let there = world.subscription(&id);
    assert_eq!(there["transfer_data"]["destination"], account.as_str());
    let last = world.app.stripe.latest("transfer", 1).remove(0);
    assert_eq!(
        (&last["amount"], &last["amount_reversed"]),
        (&300.into(), &0.into())
    );
    world.agrees_with_stripe().await;
}

#[tokio::test]
async fn a_gift_a_tip_a_year_and_a_stranger_pay_directly() {
    let world = World::new().await;
    world.shared("85.5").await;
    world.linked().await;
    world.buys(&world.browser, &[]).await;
    let tip = world.begin_tip(&world.browser, "1001").await;
    world.pay(&tip, Card::Good);
    world
        .stranger_subscribes_by(1, Card::Good, Recurrence::Year)
        .await;
    world.all_arrive().await;
    let sums = world.sums().await;
    // 18.00, 10.01 and 30.00.
    assert_eq!(sums.received, 1800 + 1001 + 3000);
    assert_eq!(
        (sums.author, sums.paid_directly, sums.owed),
        (1539 + 856 + 2565, 1539 + 856 + 2565, 0)
    );
    assert_eq!(world.app.stripe.objects("transfer").len(), 3);
    world.agrees_with_stripe().await;
    let fees = -sums.fees;
    assert_eq!(sums.publication, sums.received - sums.author - fees);
}

#[tokio::test]
async fn a_month_with_both_shows_what_was_paid_directly_and_what_is_to_be_paid() {
    let world = World::new().await;
    world.shared("85.5").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.linked().await;
    world.app.work().await;
    let tip = world.begin_tip(&world.browser, "1001").await;
    world.pay(&tip, Card::Good);
    world.all_arrive().await;
    let month = Month::of(world.app.app.clock.now());
    let read = statement(&world.app.app.db, world.matthew.id, month).await;
    let sums = read.expect("read").sums["eur"].clone();
    // 257 of the membership, less 26 of Stripe's fee, from the statement; 856 of the tip directly.
    assert_eq!(
        (sums.author, sums.paid_directly, sums.owed),
        (231 + 856, 856, 231)
    );
    assert_eq!(sums.author, sums.paid_directly + sums.owed);
    world.agrees_with_stripe().await;
    let page = world.studio.get("/studio/payments").await;
    page.says("Paid directly")
        .says("€8.56")
        .says("To be paid")
        .says("€2.31");
    let payments = payment::Entity::find().all(&world.app.app.db).await;
    let payments = payments.expect("payments");
    let direct = payments.iter().find(|row| row.amount == 1001);
    let path = format!("/studio/payments/{}", direct.expect("the tip").number);
    let page = world.studio.get(&path).await;
    page.says("To the author’s Stripe account, or back from it");
}

#[tokio::test]
async fn tax_that_stripe_has_sent_on_with_the_rest_is_taken_back() {
    let world = World::new().await;
    world.shared("85.5").await;
    world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    // 19 % in 3.00 is 0.48.
    let invoice = world.subscription(&subscription)["latest_invoice"].clone();
    let invoice = invoice.as_str().expect("an invoice");
    world.app.stripe.edit(invoice, |object| {
        object["total_taxes"] = serde_json::json!([{ "amount": 48, "tax_behavior": "inclusive" }]);
    });
    world.all_arrive().await;
    // Stripe's percentage is of the whole 3.00: it has sent 2.56 on. 85.5 % of 2.52 is 2.15.
    let transfer = world.app.stripe.objects("transfer").remove(0);
    assert_eq!(transfer["amount_reversed"], 256 - 215);
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (215, 215, 0));
    world.agrees_with_stripe().await;
    // Given back, nothing is left of it anywhere but Stripe's fee.
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, None).expect("refunded");
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (0, 0, 0));
    assert_eq!(sums.publication, -30);
    world.agrees_with_stripe().await;
}

/// 3.00 of which 0.48 is tax, by a reader of an author with 85.5 %. Returns the intent that paid it.
async fn taxed() -> (World, String) {
    let world = World::new().await;
    world.shared("85.5").await;
    world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    let invoice = world.subscription(&subscription)["latest_invoice"].clone();
    let invoice = invoice.as_str().expect("an invoice");
    world.app.stripe.edit(invoice, |object| {
        object["total_taxes"] = serde_json::json!([{ "amount": 48, "tax_behavior": "inclusive" }]);
    });
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    (world, intent)
}

#[tokio::test]
async fn a_part_of_a_taxed_payment_given_back_from_the_studio_takes_each_part_to_the_cent() {
    let (world, _) = taxed().await;
    let payments = payment::Entity::find().all(&world.app.app.db).await;
    let number = payments.expect("payments")[0].number;
    let path = format!("/studio/payments/{number}/refund");
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("amount", "1.01"),
        ("reason", "requested_by_customer"),
        ("nonce", nonce.as_str()),
    ];
    world.studio.submit(&path, &form).await;
    world.all_arrive().await;
    // Of 1.01, 0.16 is tax and 85.5 % of 0.85 is 0.73: so much is taken back from the author, and no more.
    let transfer = world.app.stripe.objects("transfer").remove(0);
    assert_eq!(transfer["amount_reversed"], 256 - 215 + 73);
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (142, 142, 0));
    assert_eq!((sums.received, sums.given_back, sums.tax), (300, -101, 32));
    assert_eq!(sums.publication, 199 - 32 - 142 - 30);
    world.agrees_with_stripe().await;
    assert_eq!(
        world.ledger().await,
        "payment 300, refund -101, fee -30, transfer -142"
    );
    // The rest, and nothing is left of it but Stripe's fee.
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("amount", "1.99"),
        ("reason", ""),
        ("nonce", nonce.as_str()),
    ];
    world.studio.submit(&path, &form).await;
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (0, 0, 0));
    assert_eq!((sums.tax, sums.publication), (0, -30));
    world.agrees_with_stripe().await;
}

#[tokio::test]
async fn what_stripe_itself_takes_from_the_author_with_a_taxed_refund_is_made_good_by_the_statement()
 {
    let (world, intent) = taxed().await;
    let form = [
        ("payment_intent", intent.as_str()),
        ("amount", "101"),
        ("reverse_transfer", "true"),
        ("refund_application_fee", "true"),
    ];
    world.at_stripe("refunds", &form).await;
    world.all_arrive().await;
    // Stripe takes 101 of the 300 it has sent, and gives 14 of the 44 it has kept back to him: 0.87, of which
    // 0.73 was his to give.
    let transfer = world.app.stripe.objects("transfer").remove(0);
    assert_eq!(transfer["amount_reversed"], 256 - 215 + 101);
    let fee = world.app.stripe.objects("application_fee").remove(0);
    assert_eq!(
        (&fee["amount"], &fee["amount_refunded"]),
        (&44.into(), &14.into())
    );
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (142, 128, 14));
    assert_eq!(sums.publication, 199 - 32 - 142 - 30);
    world.agrees_with_stripe().await;
}

#[tokio::test]
async fn what_was_taken_back_during_a_dispute_is_owed_again_when_it_is_won() {
    let world = World::new().await;
    world.shared("85.5").await;
    world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    let dispute = world.app.stripe.dispute(&intent, "fraudulent");
    let dispute = dispute.expect("open");
    world.all_arrive().await;
    // Whoever runs the publication does not wait for the bank's word.
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let path = format!(
        "transfers/{}/reversals",
        transfer["id"].as_str().expect("id")
    );
    let form = [("amount", "300"), ("refund_application_fee", "true")];
    world.at_stripe(&path, &form).await;
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (0, 0, 0));
    world.agrees_with_stripe().await;
    world.app.stripe.close_dispute(&dispute, true);
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (257, 0, 257));
    assert!(world.standing().await.is_patron());
    world.agrees_with_stripe().await;
    world
        .studio
        .get("/studio/payments")
        .await
        .says("To be paid")
        .says("€2.57");
}
