//! Pages that say what is: what was earned and sent on, what a tip gives, what is on its way, what is hers already.

use plaudit::{
    entities::Recurrence,
    membership::{
        statements::Month,
        tiers::{self, NewTier},
    },
    sandbox::stripe::Card,
};
use reqwest::StatusCode;

use super::{changing::patron, changing_tier::confirm, world::World};

#[tokio::test]
async fn what_an_author_has_earned_is_the_sum_of_all_lines_but_what_was_sent_on() {
    let world = World::new().await;
    world.shared("85").await;
    world.linked().await;
    let session = world.begin_tip(&world.browser, "777").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("amount", "1.11"),
        ("reason", "requested_by_customer"),
        ("nonce", nonce.as_str()),
    ];
    let given = world.studio.post("/studio/payments/1/refund", &form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.owed), (sums.paid_directly, 0));
    let month = Month::of(world.app.app.clock.now());
    let csv = format!("/studio/statement.csv?month={month}");
    let csv = world.studio.get(&csv).await.body;
    let (mut earned, mut sent, mut rounded) = (0, 0, 0);
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let author: i64 = cells[4].parse().expect("an amount");
        match cells[1] {
            "transfer" => sent -= author,
            "rounding" => (earned, rounded) = (earned + author, rounded + author),
            _ => earned += author,
        }
    }
    assert_eq!((earned, sent), (sums.author, sums.paid_directly), "{csv}");
    assert_ne!(rounded, 0, "{csv}");
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let number = |name: &str| transfer[name].as_i64().unwrap_or_default();
    let fee = world.app.stripe.objects("application_fee").remove(0);
    let kept = fee["amount"].as_i64().zip(fee["amount_refunded"].as_i64());
    let (fee, back) = kept.expect("a fee");
    assert_eq!(
        earned,
        number("amount") - number("amount_reversed") - (fee - back)
    );
    let page = world.studio.get("/studio/payments/1").await;
    page.says("Rounded by Stripe on the way");
    world.agrees_with_stripe().await;
}

#[tokio::test]
async fn who_is_a_patron_by_a_tip_sees_it_on_her_page() {
    let world = World::new().await;
    let session = world.begin_tip(&world.browser, "500").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let page = world.browser.get("/account").await;
    page.says("You are a patron until")
        .says("by the €5.00 you gave once")
        .does_not_say("Here you will see the authors you support");
    world.app.stripe.advance(chrono::Duration::days(60));
    world.app.settle().await;
    let page = world.app.signed_in(world.ann.id).await;
    page.get("/account").await.says("You were a patron until");
}

#[tokio::test]
async fn a_first_debit_for_a_membership_is_among_what_is_on_its_way() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    let page = world.studio.get("/studio/payments").await;
    page.does_not_say("for a membership");
    world.pay(&session, Card::BankPays);
    world.all_arrive().await;
    let page = world.studio.get("/studio/payments").await;
    page.says("On its way").says("€3.00 for a membership");
    world.app.stripe.advance(chrono::Duration::minutes(4));
    world.all_arrive().await;
    let page = world.studio.get("/studio/payments").await;
    page.does_not_say("for a membership");
}

#[tokio::test]
async fn who_gives_back_what_was_given_back_a_moment_before_reads_that() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, None).expect("refunded");
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("amount", "3.00"),
        ("reason", "duplicate"),
        ("nonce", nonce.as_str()),
    ];
    let page = world.studio.post("/studio/payments/1/refund", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("It was given back already, a moment before")
        .does_not_say("it may be disputed");
}

#[tokio::test]
async fn what_she_has_and_what_her_currency_cannot_buy_is_not_offered() {
    let (world, _) = patron().await;
    let yen = NewTier {
        name: "Yen".to_owned(),
        currency: "jpy".to_owned(),
        monthly: Some(500),
        ..NewTier::default()
    };
    tiers::create(&world.app.app, world.matthew.id, yen)
        .await
        .expect("on sale");
    let path = format!("/authors/{}/support", world.matthew.slug);
    let page = world.browser.get(&path).await;
    page.says("What you have now")
        .says("You pay in EUR, and this is not sold in it.")
        .says("Change to Patron")
        .does_not_say("Change to Friend")
        .does_not_say("Change to Yen");
    let page = world.app.browser().get(&path).await;
    page.does_not_say("What you have now")
        .says("Become a patron: Yen");
}

#[tokio::test]
async fn from_the_year_to_the_month_the_span_is_what_stays() {
    let world = World::new().await;
    let year = Recurrence::Year;
    let session = world.begin_by(&world.browser, &world.friend, year).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let id = world.memberships().await[0].id;
    let hers = format!("/account/memberships/{id}");
    let page = confirm(&world.browser, &hers, "Friend", "month").await;
    page.says("The yearly payment stays for the time you have paid for")
        .does_not_say("You keep Friend");
}
