//! The columns of a tip and of a gift.

use plaudit::{
    entities::{grant, payment, tip},
    sandbox::stripe::Card,
};
use sea_orm::{EntityTrait, Value, sea_query::Expr};
use uuid::Uuid;

use super::{Ours, before, wrong};
use crate::membership::World;

#[tokio::test]
async fn a_tip_is_put_back_column_by_column() {
    let world = World::new().await;
    let session = world.begin_tip(&world.browser, "450").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let others = world.others().await;
    let row = tip::Entity::find().one(&world.app.app.db).await;
    let row = row.expect("rows").expect("a tip");
    let paid = row.paid_at;
    use tip::Column;
    world
        .proves::<tip::Entity, _>(row, |column| match column {
            Column::Id => Ours("our own name for it"),
            Column::AccountId => wrong(others.bob.id),
            Column::AuthorId => wrong(others.nora.id),
            Column::CheckoutId => wrong(Uuid::now_v7()),
            Column::ArticleId => Ours("which article moved her is asked here"),
            Column::Amount => wrong(449_i64),
            Column::Currency => wrong("usd"),
            Column::State => wrong("refunded"),
            Column::PaidAt => wrong(before(paid)),
            Column::PatronUntil => Ours("reckoned by the tiers of that day when it was booked"),
            Column::Message => Ours("what she said is kept here alone"),
        })
        .await;
}

#[tokio::test]
async fn a_gift_is_put_back_column_by_column() {
    let world = World::new().await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let others = world.others().await;
    let db = &world.app.app.db;
    let paid = payment::Entity::find().one(db).await.expect("rows");
    // We hear of it a moment later than it is paid.
    grant::Entity::update_many()
        .col_expr(
            grant::Column::ReadyAt,
            Expr::value(paid.expect("one").paid_at),
        )
        .exec(db)
        .await
        .expect("written");
    let row = grant::Entity::find().one(db).await;
    let row = row.expect("rows").expect("a gift");
    let ready = row.ready_at.expect("ready");
    let patron = plaudit::entities::tier::Entity::find()
        .all(&world.app.app.db)
        .await;
    let patron = patron
        .expect("tiers")
        .into_iter()
        .find(|tier| tier.id != row.tier_id);
    let patron = patron.expect("another tier").id;
    use grant::Column;
    world
        .proves::<grant::Entity, _>(row, |column| match column {
            Column::Id => Ours("our own name for it"),
            Column::AccountId => Ours("who has claimed it, claimed it here"),
            Column::AuthorId => wrong(others.nora.id),
            Column::TierId => wrong(patron),
            Column::Origin => wrong("given"),
            Column::BuyerId => wrong(others.bob.id),
            Column::CheckoutId => wrong(Uuid::now_v7()),
            Column::Months => Ours("how long it lasts was chosen here"),
            Column::RecipientName | Column::RecipientEmail | Column::Message => {
                Ours("for whom it is, and what is said with it, was typed here")
            }
            Column::Language => Ours("in which she is written to is chosen here"),
            Column::SendAt | Column::Sends | Column::Stage | Column::DueAt => {
                Ours("what we have sent and will")
            }
            Column::TokenHash => Ours("the link is ours"),
            Column::CreatedAt => Ours("when we wrote it first"),
            Column::ReadyAt => wrong(Value::ChronoDateTimeUtc(None)),
            Column::ClaimedAt | Column::StartsAt | Column::EndsAt => {
                Ours("who has claimed it, claimed it here")
            }
            Column::RevokedAt => wrong(ready),
            Column::RevokedWhy => wrong("refunded"),
        })
        .await;
}
