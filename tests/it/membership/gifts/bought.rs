//! Bought, handed over, claimed once, over.

use chrono::Duration;
use plaudit::{entities::supporter, membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::membership::world::{World, month};

#[tokio::test]
async fn a_gift_is_bought_handed_over_and_claimed_once() {
    let world = World::new().await;
    let support = format!("/authors/{}/support", world.matthew.slug);
    world
        .browser
        .get(&support)
        .await
        .says("Give it to somebody");
    let page = format!("/authors/{}/gift", world.matthew.slug);
    world.browser.get(&page).await.says("€18").says("€30");
    let session = world
        .buys(
            &world.browser,
            &[("recipient_name", "Ben"), ("message", "For <you>\u{7}")],
        )
        .await;
    assert_eq!(world.mails().await, "", "the money has not arrived");
    world.all_arrive().await;
    assert_eq!(world.mails().await, "GB R");
    assert_eq!(world.ledger().await, "payment 1800, fee -52");
    let link = world.link("gift_bought").await;
    let thanks = format!("/support/thanks?session_id={session}");
    world.browser.get(&thanks).await.says(&link);
    world.browser.get("/account").await.says(&link).says("Ben");
    let receipt = world.browser.get("/account/receipts/1").await;
    receipt.says("A gift for Ben: 6 months as Friend");
    // The buyer cannot spend it, by looking or by pressing.
    world.browser.get(&link).await.says("hand the link over");
    let own = world.browser.post(&link, &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    // A stranger sees who gives what, and is brought back after signing in.
    let stranger = world.app.browser();
    stranger
        .get(&link)
        .await
        .says("Ann")
        .says("For &lt;you&gt;")
        .says("Friend");
    let away = stranger.post(&link, &[]).await;
    assert!(
        away.location().starts_with("/sign-in?return_to="),
        "{}",
        away.location()
    );
    let (ben, account) = world.app.reader("Ben").await;
    ben.get(&link).await.says("6 months");
    assert!(
        world.grants().await[0].account_id.is_none(),
        "looking spends nothing"
    );
    assert_eq!(ben.post(&link, &[]).await.location(), "/account");
    world.all_arrive().await;
    let his = world.standing_of(account.id).await;
    assert_eq!(
        (his.support, his.tier_id),
        (Support::Granted, Some(world.friend.id))
    );
    assert_eq!(world.mails().await, "GB R W");
    ben.get("/account")
        .await
        .says("In force until")
        .says("from Ann");
    world.browser.get("/account").await.says("Ben has taken it");
    let told = world.letter("author_gift").await;
    assert_eq!(told.account_id, Some(world.matthew.account_id));
    world.letter("gift_claimed").await;
    // He presses again, and somebody else comes by the link.
    assert_eq!(ben.post(&link, &[]).await.location(), "/account");
    let (cora, _) = world.app.reader("Cora").await;
    for page in [cora.post(&link, &[]).await, cora.get(&link).await] {
        assert_eq!(page.status, StatusCode::GONE);
        assert!(
            !page.body.contains("Ann") && !page.body.contains("Ben"),
            "{}",
            page.body
        );
    }
    assert_eq!(world.mails().await, "GB R W");
    world
        .studio
        .get("/studio/supporters")
        .await
        .says("Patron by a gift")
        .says("Ben");
    world
        .studio
        .get("/studio/supporters.csv")
        .await
        .says(",granted,true,Friend,");
    world
        .studio
        .get("/studio/payments.csv")
        .await
        .says(",gift,1800,");
    let roll = supporter::Entity::find()
        .one(&world.app.app.db)
        .await
        .expect("asked");
    assert_eq!(
        roll.expect("on the roll").yearly,
        0,
        "it brings nothing each month"
    );
}

#[tokio::test]
async fn a_gift_ends_by_itself_after_a_word_before() {
    let world = World::new().await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let (ben, account) = world.app.reader("Ben").await;
    ben.post(&world.link("gift_bought").await, &[]).await;
    let end = world.grants().await[0].ends_at.expect("an end");
    let left = end - world.app.app.clock.now();
    world.app.stripe.advance(left - Duration::days(6));
    world.app.settle().await;
    assert_eq!(world.mails().await, "GB GE R W");
    assert!(world.standing_of(account.id).await.is_patron());
    world
        .app
        .stripe
        .advance(Duration::days(6) + Duration::minutes(1));
    world.app.settle().await;
    assert_eq!(world.mails().await, "END GB GE R W");
    assert_eq!(world.standing_of(account.id).await.support, Support::Former);
    let roll = supporter::Entity::find()
        .one(&world.app.app.db)
        .await
        .expect("asked");
    assert!(!roll.expect("on the roll").is_patron);
    world.app.stripe.advance(Duration::days(40));
    world.app.settle().await;
    assert_eq!(world.mails().await, "END GB GE R W");
}

#[tokio::test]
async fn the_recipient_hears_on_her_day_and_once_more_if_the_buyer_says_so() {
    let world = World::new().await;
    let day = (world.app.app.clock.now() + Duration::days(20))
        .date_naive()
        .to_string();
    let to = [
        ("recipient_email", "Ben@Example.org"),
        ("send_on", day.as_str()),
    ];
    world.buys(&world.browser, &to).await;
    world.all_arrive().await;
    assert_eq!(world.letters("gift").await.len(), 0);
    world.browser.get("/account").await.says("We write on");
    world.app.stripe.advance(Duration::days(21));
    world.app.settle().await;
    assert_eq!(world.letter("gift").await.to_address, "ben@example.org");
    let id = world.grants().await[0].id;
    let path = format!("/account/gifts/{id}/send");
    let (cora, _) = world.app.reader("Cora").await;
    let form = [("email", "cora@example.org")];
    assert_eq!(cora.post(&path, &form).await.status, StatusCode::NOT_FOUND);
    world.browser.post(&path, &[("email", "nobody")]).await;
    assert_eq!(world.letters("gift").await.len(), 1);
    world
        .browser
        .post(&path, &[("email", "ben2@example.org")])
        .await;
    assert_eq!(world.letters("gift").await.len(), 2);
    for _ in 0..2 {
        let form = [("email", "ben2@example.org")];
        let sent = world.browser.submit(&path, &form).await;
        sent.says("The link is on its way");
    }
    let form = [("email", "ben2@example.org")];
    let page = world.browser.submit(&path, &form).await;
    page.says("three e-mails today");
    assert_eq!(world.letters("gift").await.len(), 4, "three to one address");
}

#[tokio::test]
async fn a_stranger_can_give() {
    let world = World::new().await;
    let browser = world.app.browser();
    world.buys(&browser, &[]).await;
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    let (ben, account) = world.app.reader("Ben").await;
    ben.post(&link, &[]).await;
    assert!(world.standing_of(account.id).await.is_patron());
}

#[tokio::test]
async fn who_pays_herself_keeps_the_link_for_later() {
    let world = World::new().await;
    let (giver, _) = world.app.reader("Ben").await;
    world.buys(&giver, &[]).await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    world.browser.get(&link).await.says("stays good");
    let page = world.browser.post(&link, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    world.app.stripe.book_end(&subscription, true);
    world.all_arrive().await;
    world.browser.get(&link).await.says("begins on");
    world.browser.post(&link, &[]).await;
    let hers = world.standing().await;
    assert_eq!(hers.support, Support::Leaving);
    assert_eq!(world.grants().await[0].starts_at, hers.until);
    world.app.stripe.advance(month() + Duration::days(1));
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Granted);
}

#[tokio::test]
async fn a_patron_by_a_gift_can_begin_to_pay_herself() {
    let world = World::new().await;
    let (giver, _) = world.app.reader("Ben").await;
    world.buys(&giver, &[]).await;
    world.all_arrive().await;
    world
        .browser
        .post(&world.link("gift_bought").await, &[])
        .await;
    assert_eq!(world.standing().await.support, Support::Granted);
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
}
