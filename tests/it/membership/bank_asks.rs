//! What a bank only asks about can be given back, whole; what it has taken back cannot.

use plaudit::{entities::MembershipState as State, sandbox::stripe::Card};
use reqwest::StatusCode;

use super::{changing_tier::held, giving_back::gives_back, world::World};

#[tokio::test]
async fn what_a_bank_only_asks_about_is_given_back_whole_and_then_it_asks_no_more() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    let intent = stripe.last_payment(&subscription).expect("paid");
    let asked = stripe.inquire(&intent, "general").expect("asked");
    world.all_arrive().await;
    let alert = world.app.letters("olivia@example.org").await.pop();
    let alert = alert.expect("a letter").body_text;
    assert!(alert.contains("/studio/payments/1"), "{alert}");
    let matthew = world.matthew().await;
    let page = matthew.get("/studio/payments/1").await;
    page.says("bank asks about this payment")
        .says("Give €3.00 back")
        .does_not_say("of €3.00 at most");
    // A part, by the form of a page that stood open.
    let page = gives_back(&matthew, 1, "1.00", 1).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("only giving back all that is left settles that");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    let answer = gives_back(&matthew, 1, "3.00", 1).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    world.all_arrive().await;
    let object = stripe.object(&asked).expect("the question");
    assert_eq!(object["status"], "warning_closed");
    assert_eq!(world.ledger().await, "payment 300, refund -300, fee -30");
    let row = world.memberships().await.remove(0);
    assert_eq!((row.state, row.flag), (State::Suspended, None));
    let letters = world.app.letters("olivia@example.org").await;
    let last = letters.last().map(|letter| letter.body_text.as_str());
    let last = last.unwrap_or_default();
    assert!(last.contains("The payment was given back"), "{last}");
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn what_a_bank_has_taken_back_is_not_given_back_beside_until_it_is_won() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    let intent = stripe.last_payment(&subscription).expect("paid");
    stripe.inquire(&intent, "general").expect("asked");
    world.all_arrive().await;
    let matthew = world.matthew().await;
    let open = matthew.get("/studio/payments/1").await;
    let dispute = stripe.dispute(&intent, "fraudulent").expect("disputed");
    world.all_arrive().await;
    let page = matthew.get("/studio/payments/1").await;
    page.says("taken this payment back, or keeps it until it has decided")
        .does_not_say("name=\"nonce\"");
    // The page from before, when the bank only asked.
    let calls = stripe.calls().len();
    let nonce = held(&open, "nonce");
    let form = [
        ("nonce", nonce.as_str()),
        ("amount", "3.00"),
        ("reason", "duplicate"),
    ];
    let page = matthew.post("/studio/payments/1/refund", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("taken this payment back, or keeps it until it has decided");
    assert_eq!(stripe.calls().len(), calls, "Stripe is not even asked");
    stripe.close_dispute(&dispute, true);
    world.all_arrive().await;
    matthew
        .get("/studio/payments/1")
        .await
        .says("of €3.00 at most");
}
