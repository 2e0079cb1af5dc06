//! What a bank does afterwards, pressed in the demo's control room: on what the publication was paid, and on what
//! went to the author directly.

use plaudit::sandbox::stripe::{Card, Chaos};
use reqwest::StatusCode;

use super::{changing_tier::held, world::World};
use crate::support::Page;

/// Ann has paid, and Stripe's events arrive by themselves.
async fn paid(world: &World) -> String {
    world.app.stripe.set_chaos(Chaos::default());
    world.subscribe(Card::Good).await;
    world.app.settle().await;
    let room = world.browser.get("/sandbox").await;
    room.says("Dispute it").says("Ask about it");
    held(&room, "charge")
}

/// The bank does something with the payment; all that follows from it has happened.
async fn presses(world: &World, charge: &str, what: &str) -> Page {
    let form = [("charge", charge), ("what", what)];
    world.browser.submit("/sandbox/payment", &form).await;
    world.app.settle().await;
    world.app.settle().await;
    world.browser.get("/sandbox").await
}

#[tokio::test]
async fn a_dispute_of_what_went_to_the_author_directly_takes_his_part_back_when_it_is_lost() {
    for (word, back, said) in [("win", 0, "dispute won"), ("lose", 256, "dispute lost")] {
        let world = World::new().await;
        world.shared("85.5").await;
        world.linked().await;
        let charge = paid(&world).await;
        let room = presses(&world, &charge, "dispute").await;
        room.says("disputed · directly to the author")
            .says("Decide for the payer")
            .does_not_say("Ask about it");
        let reversed = || {
            let transfer = world.app.stripe.objects("transfer").remove(0);
            transfer["amount_reversed"].as_i64().expect("an amount")
        };
        assert_eq!(reversed(), 0, "nothing is decided");
        let room = presses(&world, &charge, word).await;
        room.says(said).does_not_say("Decide for the payer");
        assert_eq!(reversed(), back);
        assert_eq!(world.sums().await.paid_directly, 256 - back);
        assert_eq!(world.standing().await.is_patron(), word == "win");
        world.agrees_with_stripe().await;
    }
}

#[tokio::test]
async fn a_dispute_of_what_the_publication_was_paid_suspends_when_it_is_lost_and_a_question_does_not()
 {
    let world = World::new().await;
    let charge = paid(&world).await;
    presses(&world, &charge, "inquire")
        .await
        .says("the bank asks")
        .says("Let it be");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    let told = world.app.letters("olivia@example.org").await;
    let told: Vec<_> = told.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(told, ["The bank of Ann asks about a payment"]);
    presses(&world, &charge, "dispute").await.says("disputed");
    assert!(world.standing().await.is_patron());
    assert_eq!(world.ledger().await, "payment 300, dispute -300, fee -2030");
    presses(&world, &charge, "lose").await.says("dispute lost");
    assert!(!world.standing().await.is_patron());
    let again = [("charge", charge.as_str()), ("what", "win")];
    world.browser.submit("/sandbox/payment", &again).await;
    world.app.settle().await;
    assert!(!world.standing().await.is_patron(), "it is decided");
    let unknown = [("charge", "ch_none"), ("what", "win")];
    let answer = world.browser.post("/sandbox/payment", &unknown).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
