//! Promotion codes: what is paid, booked and receipted is what Stripe took, to the cent, for as long as a
//! code holds; and a code that is no good is told of on Stripe's page, before anything is charged.

use plaudit::{
    entities::{outbox, tier},
    membership::Support,
    sandbox::stripe::Card,
};
use sea_orm::EntityTrait as _;

use super::{
    changing_tier::{confirm, held, paid, press},
    world::{World, month, put_on_sale},
};

impl World {
    /// Somebody makes a coupon at Stripe, and a code of this name for it.
    pub(super) async fn code(&self, code: &str, coupon: &[(&str, &str)], limits: &[(&str, &str)]) {
        let mut form = coupon.to_vec();
        form.push(("id", code));
        self.at_stripe("coupons", &form).await;
        let mut form = limits.to_vec();
        form.extend([
            ("promotion[type]", "coupon"),
            ("promotion[coupon]", code),
            ("code", code),
        ]);
        self.at_stripe("promotion_codes", &form).await;
    }

    /// Ann types a code in the Checkout and pays.
    pub(super) async fn pays_with(&self, code: &str) -> String {
        let session = self.types(code).await;
        let subscription = self.subscription_of(&session);
        self.all_arrive().await;
        subscription
    }

    /// The same, with nothing told of it yet. Returns the session.
    async fn types(&self, code: &str) -> String {
        let session = self.begin(&self.browser, &self.friend).await;
        let stripe = &self.app.stripe;
        stripe.type_code(&session, code).expect("a good code");
        self.pay(&session, Card::Good);
        session
    }

    async fn months_pass(&self, count: usize) {
        for _ in 0..count {
            self.app.stripe.advance(month());
            self.all_arrive().await;
        }
    }
}

#[tokio::test]
async fn s08_a_code_for_all_of_it_makes_a_patron_without_a_receipt() {
    let world = World::new().await;
    world.code("GIFT", &[("percent_off", "100")], &[]).await;
    let session = world.types("gift").await;
    let thanks = format!("/support/thanks?session_id={session}");
    world
        .browser
        .get(&thanks)
        .await
        .says("Your code covers it: nothing was charged today.")
        .does_not_say("receipt");
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(world.mails().await, "W");
    assert_eq!(world.ledger().await, "");
    // It was for once: the next month is paid.
    world.months_pass(1).await;
    assert_eq!(world.mails().await, "R W");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
}

#[tokio::test]
async fn a_code_holds_for_as_long_as_it_says() {
    for (duration, sums) in [
        (&[("duration", "once")][..], [225, 300, 300]),
        (
            &[("duration", "repeating"), ("duration_in_months", "2")],
            [225, 225, 300],
        ),
        (&[("duration", "forever")], [225, 225, 225]),
    ] {
        let world = World::new().await;
        let coupon = [&[("percent_off", "25")], duration].concat();
        world.code("SPRING", &coupon, &[]).await;
        world.pays_with("SPRING").await;
        world.months_pass(2).await;
        let paid: i64 = sums.iter().sum();
        let ledger = world.ledger().await;
        assert!(ledger.starts_with(&format!("payment {paid},")), "{ledger}");
        let letters = outbox::Entity::find().all(&world.app.app.db).await;
        let letters: Vec<String> = letters
            .expect("asked")
            .into_iter()
            .map(|row| row.subject)
            .collect();
        for sum in sums {
            let receipt = format!("Receipt: €{}.{:02}", sum / 100, sum % 100);
            let is_told = letters.iter().any(|subject| subject.starts_with(&receipt));
            assert!(is_told, "{receipt} in {letters:?}");
        }
    }
}

#[tokio::test]
async fn a_code_that_is_no_good_is_told_of_and_nothing_is_charged() {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let olga = world.app.author("Olga").await.1;
    let hers: tier::Model = put_on_sale(&world.app, &olga, "Friend", 300).await;
    let hers = tier::Entity::find_by_id(hers.id)
        .one(&world.app.app.db)
        .await;
    let product = hers.expect("asked").expect("hers").stripe_product_id;
    let product = product.expect("at Stripe");
    let quarter = ("percent_off", "25");
    let foreign = [quarter, ("applies_to[products][0]", product.as_str())];
    world.code("OLGA", &foreign, &[]).await;
    world
        .code(
            "DOLLARS",
            &[("amount_off", "100"), ("currency", "usd")],
            &[],
        )
        .await;
    world
        .code("ONCE", &[quarter], &[("max_redemptions", "1")])
        .await;
    let now = world.app.app.clock.now();
    let soon = (now + chrono::Duration::hours(1)).timestamp().to_string();
    world
        .code("SOON", &[quarter], &[("expires_at", &soon)])
        .await;
    world.stranger_spends("ONCE").await;
    stripe.advance(chrono::Duration::hours(2));
    let session = world.begin(&world.browser, &world.friend).await;
    for (code, why) in [
        ("NOBODY", "invalid"),
        ("OLGA", "does not apply"),
        ("DOLLARS", "currency"),
        ("ONCE", "as often as"),
        ("SOON", "expired"),
    ] {
        let refused = stripe.type_code(&session, code).expect_err(code);
        assert!(refused.contains(why), "{code}: {refused}");
    }
    let object = stripe.object(&session).expect("a session");
    assert_eq!(object["amount_total"], 300);
    // And she pays without.
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert!(world.standing().await.is_patron());
}

impl World {
    async fn stranger_spends(&self, code: &str) {
        let browser = self.app.browser();
        let session = self.begin(&browser, &self.friend).await;
        let stripe = &self.app.stripe;
        stripe.type_code(&session, code).expect("good");
        let paid = stripe.complete_checkout(&session, Card::Good, "pat@example.org", "Pat");
        paid.expect("paid");
        self.all_arrive().await;
    }
}

#[tokio::test]
async fn what_a_lasting_code_leaves_is_said_before_it_is_charged() {
    let world = World::new().await;
    let fifth = [
        ("percent_off", "20"),
        ("duration", "repeating"),
        ("duration_in_months", "3"),
    ];
    world.code("SPRING", &fifth, &[]).await;
    world.pays_with("SPRING").await;
    let account = world.browser.get("/account").await;
    account.says("Then €2.40 is charged: the code SPRING takes 20 % off until");
    let id = world.anns().await.id;
    let hers = format!("/account/memberships/{id}");
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    page.says("€12.00,").says("the code SPRING takes 20 % off");
    let shown = held(&page, "amount").parse::<i64>().expect("an amount");
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    let account = world.browser.get("/account").await;
    account.says("Then €12.00 is charged");
    world.months_pass(1).await;
    assert_eq!(paid(&world).await, [240, shown, 1200]);
    // The last month it holds for is over: the next is charged in full, and nothing else is said.
    world.months_pass(1).await;
    let account = world.browser.get("/account").await;
    account.does_not_say("SPRING");
    world.months_pass(1).await;
    assert_eq!(paid(&world).await, [240, shown, 1200, 1200, 1500]);
}

#[tokio::test]
async fn a_code_for_good_is_said_without_an_end_and_in_german_too() {
    let world = World::new().await;
    let off = [
        ("amount_off", "50"),
        ("currency", "eur"),
        ("duration", "forever"),
    ];
    world.code("FRIENDS", &off, &[]).await;
    world.pays_with("FRIENDS").await;
    let account = world.browser.get("/account").await;
    account.says("Then €2.50 is charged: the code FRIENDS takes €0.50 off.");
}
