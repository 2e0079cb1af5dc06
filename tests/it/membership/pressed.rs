//! What is pressed about money is written down once, as hers who pressed it; and what happens to somebody by her own
//! act is not told to her as if it had been done to her.

use plaudit::{
    entities::{audit_entry, membership, outbox, payment},
    membership::reconcile,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{giving_back::gives_back, world::World};
use crate::support::Page;

impl World {
    async fn acts_of(&self, verb: &str) -> Vec<audit_entry::Model> {
        let acts = audit_entry::Entity::find().filter(audit_entry::Column::Act.eq(verb));
        acts.all(&self.app.app.db).await.expect("acts")
    }
}

#[tokio::test]
async fn a_refund_from_the_studio_stands_in_the_log_once_a_press() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    gives_back(&world.studio, 1, "1.00", 2).await;
    gives_back(&world.studio, 1, "0.50", 1).await;
    let acts = world.acts_of("refund").await;
    assert_eq!(acts.len(), 2);
    let by_him = |act: &audit_entry::Model| act.account_id == Some(world.matthew.account_id);
    assert!(acts.iter().all(by_him));
    let owner = world.app.the_owner().await;
    let log = owner.get("/admin/audit").await;
    log.says("Gave money back")
        .says("paid by: Ann")
        .says("given back: €1.00")
        .says("reason: asked for");
}

#[tokio::test]
async fn three_presses_at_once_are_one_entry() {
    let world = World::new().await;
    let duplicate = world.pays_twice().await;
    let owner = world.app.the_owner().await;
    let path = format!("/admin/memberships/{}/mend", duplicate.id);
    let press = || owner.post(&path, &[]);
    let all: [Page; 3] = tokio::join!(press(), press(), press()).into();
    for page in all {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    }
    world.all_arrive().await;
    assert_eq!(world.acts_of("mend").await.len(), 1);
    assert_eq!(world.acts_of("refund").await.len(), 1);
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
}

#[tokio::test]
async fn what_was_mended_of_a_payment_leads_to_it_by_its_number() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    payment::Entity::update_many()
        .col_expr(payment::Column::Refunded, Expr::value(100))
        .exec(&world.app.app.db)
        .await
        .expect("written");
    world.compare(true).await;
    let owner = world.app.the_owner().await;
    let log = owner.get("/admin/audit").await;
    log.says("Mended a difference to Stripe")
        .says("href=\"/studio/payments/1\">")
        .says("Payment 1");
}

#[tokio::test]
async fn what_the_owner_has_mended_is_hers_and_what_the_night_mends_is_nobodys() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let owner = world.app.the_owner().await;
    let olivia = plaudit::entities::account::Entity::by_email("olivia@example.org")
        .one(&world.app.app.db)
        .await;
    let olivia = olivia.expect("rows").expect("the owner").id;
    let break_it = async || {
        membership::Entity::update_many()
            .col_expr(membership::Column::State, Expr::value("paused"))
            .exec(&world.app.app.db)
            .await
            .expect("written");
    };
    break_it().await;
    owner.post("/admin/reconcile", &[("mend", "true")]).await;
    reconcile::work(&world.app.app).await.expect("worked");
    break_it().await;
    world.compare(true).await;
    let acts = world.acts_of("reconcile").await;
    let whose: Vec<_> = acts.iter().map(|act| act.account_id).collect();
    assert_eq!(whose.len(), 2);
    assert!(whose.contains(&Some(olivia)) && whose.contains(&None));
    // In words, there and in the comparison.
    let log = owner.get("/admin/audit").await;
    log.says("kind: state differs")
        .says("here: State paused")
        .does_not_say("state_differs");
}

#[tokio::test]
async fn the_comparison_speaks_of_people_and_days() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let row = world.anns().await;
    let end = row.current_period_end.expect("a period");
    let (_, bob) = world.app.reader("Bob").await;
    membership::Entity::update_many()
        .col_expr(membership::Column::State, Expr::value("paused"))
        .col_expr(membership::Column::AccountId, Expr::value(bob.id))
        .col_expr(
            membership::Column::CurrentPeriodEnd,
            Expr::value(end - chrono::Duration::days(1)),
        )
        .exec(&world.app.app.db)
        .await
        .expect("written");
    world.compare(false).await;
    let owner = world.app.the_owner().await;
    let page = owner.get("/admin/reconcile").await;
    let day = (end - chrono::Duration::days(1))
        .format("%-d %B %Y")
        .to_string();
    page.says("Bob → Matthew Smith, Friend")
        .says("State: paused")
        .says("State: active")
        .says("Reader: Bob <small")
        .says("Reader: Ann <small")
        .says(&day)
        .says("Paid until: <time datetime=")
        .does_not_say("current_period_end")
        .does_not_say("account_id");
    let text = world.app.plaudit(&["reconcile"]).await.done();
    assert!(text.contains("Paid until"), "{text}");
    assert!(text.contains("State paused"), "{text}");
}

#[tokio::test]
async fn a_disputed_tip_and_gift_stand_where_the_owner_looks_until_they_are_decided() {
    let world = World::new().await;
    let tip = world.begin_tip(&world.browser, "450").await;
    world.pay(&tip, Card::Good);
    let gift = world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let owner = world.app.the_owner().await;
    owner
        .get("/admin/memberships")
        .await
        .says("No membership needs attention");
    let stripe = &world.app.stripe;
    let mut disputes = Vec::new();
    for session in [tip, gift] {
        let intent = stripe.object(&session).expect("a session")["payment_intent"].clone();
        let intent = intent.as_str().expect("an intent").to_owned();
        disputes.push(stripe.dispute(&intent, "fraudulent").expect("disputed"));
    }
    world.all_arrive().await;
    let page = owner.get("/admin/memberships").await;
    page.says("<b>Ann</b>")
        .says("Given once")
        .says("A gift")
        .says("€4.50")
        .says("bank disputes a payment");
    owner.get("/admin").await.says("/admin/memberships");
    // What is won can be given back, there and here.
    for dispute in &disputes {
        stripe.close_dispute(dispute, true);
    }
    world.all_arrive().await;
    owner
        .get("/admin/memberships")
        .await
        .says("No membership needs attention");
    let answer = gives_back(&world.studio, 1, "4.50", 1).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let event = owner.get("/admin/events").await;
    assert_eq!(event.status, StatusCode::OK);
}

#[tokio::test]
async fn who_unlinks_and_links_again_gets_a_new_account_where_hers_is_gone_and_no_letter() {
    let world = World::new().await;
    let first = world.linked().await;
    world.studio.submit("/studio/payouts/unlink", &[]).await;
    world.app.stripe.deauthorize(&first);
    let address = world.links().await;
    assert!(address.contains("/connect/"), "{address}");
    world.all_arrive().await;
    let second = world.linked().await;
    assert_ne!(first, second);
    let letters = outbox::Entity::find().filter(outbox::Column::Kind.eq("payout_stopped"));
    let letters = letters.all(&world.app.app.db).await.expect("letters");
    assert!(letters.is_empty(), "it was her own act");
    // Gone while she was linked, and nothing has been heard of it: that is said, and she can begin anew.
    world.app.stripe.deauthorize(&second);
    let answer = world.studio.post("/studio/payouts", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), "/studio/payouts");
    world
        .studio
        .get("/studio/payouts")
        .await
        .says("The account that was linked is gone");
    assert_ne!(world.linked().await, second);
}
