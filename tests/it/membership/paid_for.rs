//! What a payment was for: it stays so, whatever the membership becomes.

use plaudit::entities::{outbox, payment};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{
    changing::patron,
    changing_tier::{confirm, press},
    world::month,
};

#[tokio::test]
async fn a_receipt_says_for_ever_what_was_paid_for_and_so_does_a_late_one() {
    let (world, hers) = patron().await;
    for tier in ["Patron", "Friend"] {
        let page = confirm(&world.browser, &hers, tier, "month").await;
        press(&world.browser, &hers, &page).await;
        world.all_arrive().await;
    }
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let ann = world.app.signed_in(world.ann.id).await;
    for (number, tier) in [(1, "Friend"), (2, "Patron"), (3, "Friend")] {
        let receipt = ann.get(&format!("/account/receipts/{number}")).await;
        receipt.says(&format!("{tier}, support for Matthew Smith"));
    }
    let db = &world.app.app.db;
    let bought = payment::Entity::find().filter(payment::Column::Number.eq(2));
    let bought = bought.one(db).await.expect("payments").expect("the second");
    let key = format!("receipt:{}", bought.stripe_invoice_id.expect("an invoice"));
    let of_second = || outbox::Entity::find().filter(outbox::Column::Key.eq(&key));
    let told = of_second().one(db).await.expect("letters").expect("hers");
    outbox::Entity::delete_by_id(told.id)
        .exec(db)
        .await
        .expect("lost");
    assert_eq!(world.compare(true).await, "payment_without_receipt 1/1");
    let again = of_second().one(db).await.expect("letters").expect("anew");
    let what = "Patron, support for Matthew Smith";
    assert!(again.body_text.contains(what), "{}", again.body_text);
}
