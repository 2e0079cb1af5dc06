//! A patron's own currency leads to a change, and no figure of another is taken for hers; what is wrong with an
//! amount is said.

use plaudit::{
    membership::tiers::{self, Amounts, NewTier},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;

use super::{changing_tier::held, world::World};

/// A tier in euros and yen that leaves the amount to the reader.
async fn generous(world: &World) -> String {
    let new = NewTier {
        name: "Generous".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(500),
        others: vec![Amounts {
            currency: "jpy".to_owned(),
            monthly: Some(800),
            yearly: None,
        }],
        is_open_ended: true,
        ..NewTier::default()
    };
    let tier = tiers::create(&world.app.app, world.matthew.id, new).await;
    tier.expect("on sale").id.to_string()
}

#[tokio::test]
async fn a_patron_sees_her_own_currency_and_no_figure_of_another_becomes_hers() {
    let world = World::new().await;
    let generous = generous(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    let yen = format!("{path}?currency=jpy");
    world.browser.get(&yen).await.says("¥800");
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let page = world.browser.get(&yen).await;
    page.says("Your amount, €5 or more")
        .says("name=\"currency\" value=\"eur\"")
        .does_not_say("¥");
    // A page in yen that stood open, or an address somebody made.
    for typed in [("own", "5000"), ("amount", "5000")] {
        let form = [("tier", generous.as_str()), ("currency", "JPY"), typed];
        let answer = world.browser.post(&path, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let page = world.browser.get(answer.location()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("in another currency than the one you pay in here")
            .does_not_say("5,000")
            .does_not_say("Change now");
    }
    for (typed, amount) in [(("own", "12.50"), "€12.50"), (("amount", "1500"), "€15.00")] {
        let form = [("tier", generous.as_str()), ("currency", "eur"), typed];
        let answer = world.browser.post(&path, &form).await;
        let page = world.browser.get(answer.location()).await;
        page.says(amount).says("Change now and pay");
        assert_ne!(held(&page, "amount"), "0");
    }
}

#[tokio::test]
async fn an_amount_finer_than_its_coins_says_what_is_wrong() {
    let world = World::new().await;
    let generous = generous(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    for (currency, own, words) in [
        ("jpy", "900.5", "it has no smaller part"),
        ("eur", "7.005", "two decimals at most"),
        ("eur", "1,000", "no marks between thousands"),
        ("eur", "three", "That amount cannot be charged"),
    ] {
        for choice in [("tip", "once"), ("tier", generous.as_str())] {
            let form = [choice, ("currency", currency), ("own", own)];
            let page = world.browser.post(&path, &form).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{own}");
            page.says(words).says("Nothing was charged").says(own);
        }
    }
}
