//! Currencies with no, two and three decimals, to the minor unit; and her language.

use plaudit::{
    entities::{account, author, outbox, tier},
    membership::tiers::{self, NewTier},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    membership::world::{World, month},
    support::TestApp,
};

#[tokio::test]
async fn s107_renewals_and_partial_refunds_to_the_minor_unit() {
    for (currency, monthly, back, paid, returned) in [
        ("jpy", 700, 250, "¥700", "¥250"),
        ("kwd", 1_250, 500, "KWD 1.250", "KWD 0.500"),
        ("isk", 70_000, 10_000, "kr 700", "kr 100"),
        ("ugx", 1_000_000, 200_000, "USh 10,000", "USh 2,000"),
    ] {
        let world = World::new().await;
        let tier = put_on_sale_in(&world.app, &world.matthew, currency, monthly).await;
        let session = world.begin(&world.browser, &tier).await;
        world.pay(&session, Card::Good);
        world.all_arrive().await;
        world.app.stripe.advance(month());
        world.all_arrive().await;
        let subscription = world.subscription_of(&session);
        let intent = world.app.stripe.last_payment(&subscription).expect("paid");
        world
            .app
            .stripe
            .refund(&intent, Some(back))
            .expect("refunded");
        world.all_arrive().await;
        assert_eq!(world.mails().await, "R R RF W", "{currency}");
        let payments = plaudit::entities::payment::Entity::find()
            .all(&world.app.app.db)
            .await
            .expect("payments");
        let sums: Vec<(i64, i64)> = payments
            .iter()
            .map(|row| (row.amount, row.refunded))
            .collect();
        assert_eq!(sums, [(monthly, 0), (monthly, back)], "{currency}");
        let ledger = world.ledger().await;
        let expected = format!("payment {}, refund -{back}", 2 * monthly);
        assert!(ledger.starts_with(&expected), "{currency}: {ledger}");
        let subjects: Vec<String> = outbox::Entity::find()
            .all(&world.app.app.db)
            .await
            .expect("mails")
            .into_iter()
            .map(|mail| plain(&mail.subject))
            .collect();
        for words in [paid, returned] {
            let said = subjects.iter().any(|subject| subject.contains(words));
            assert!(said, "{words}: {subjects:?}");
        }
    }
}

/// Without the spaces that hold a line together.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[tokio::test]
async fn s108_her_letters_are_in_her_language() {
    let world = World::new().await;
    account::Entity::update_many()
        .col_expr(account::Column::Language, Expr::value("de"))
        .filter(account::Column::Id.eq(world.ann.id))
        .exec(&world.app.app.db)
        .await
        .expect("changed");
    let subscription = world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world.app.stripe.refund(&intent, None).expect("refunded");
    world.all_arrive().await;
    assert_eq!(world.mails().await, "PF R RF W");
    let mails = outbox::Entity::find()
        .filter(outbox::Column::AccountId.eq(world.ann.id))
        // A day after it went a letter is emptied.
        .filter(outbox::Column::BodyText.ne(""))
        .all(&world.app.app.db)
        .await
        .expect("mails");
    assert!(!mails.is_empty());
    for mail in mails {
        assert_eq!(mail.language, "de", "{}", mail.kind);
        assert!(mail.body_text.contains("Guten Tag"), "{}", mail.body_text);
        assert!(mail.body_html.contains("lang=\"de\""), "{}", mail.kind);
    }
}

/// A tier in another currency, by the month alone.
async fn put_on_sale_in(
    app: &TestApp,
    author: &author::Model,
    currency: &str,
    monthly: i64,
) -> tier::Model {
    let new = NewTier {
        name: "Abroad".to_owned(),
        description: String::new(),
        currency: currency.to_owned(),
        monthly: Some(monthly),
        yearly: None,
        trial_days: None,
        ..Default::default()
    };
    tiers::create(&app.app, author.id, new)
        .await
        .expect("on sale")
}
