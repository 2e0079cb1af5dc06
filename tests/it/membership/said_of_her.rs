//! What somebody is told she is to an author: by a tip, a small one, a gift, or a membership that was given.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;

use super::World;

#[tokio::test]
async fn each_reads_under_an_article_what_is_true_of_her() {
    let world = World::new().await;
    let article = world.app.article(&world.matthew, "The Tide").await;
    let path = format!("/articles/{}", article.slug);
    let session = world.begin_tip(&world.browser, "1000").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let page = world.browser.get(&path).await;
    page.says("You gave Matthew Smith a hand and are a patron until");
    let (ben, _) = world.app.reader("Ben").await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    ben.submit(&world.link("gift_bought").await, &[]).await;
    let page = ben.get(&path).await;
    page.says("by a gift that somebody bought for you")
        .does_not_say("You gave");
    let (mia, account) = world.app.reader("Mia").await;
    let until = world.app.app.clock.now().date_naive() + Duration::days(300);
    let form = [
        ("email", account.email.clone().expect("an address")),
        ("tier", world.friend.id.to_string()),
        ("until", until.to_string()),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, &**value)).collect();
    world.studio.submit("/studio/grants", &form).await;
    let page = mia.get(&path).await;
    page.says("the membership was given to you")
        .does_not_say("You gave")
        .does_not_say("bought for you");
    // One who ended is asked again, and one who is new is not.
    world.app.app.clock.advance(Duration::days(320));
    world.app.work().await;
    let mia = world.app.signed_in(account.id).await;
    mia.get(&path).await.says("You were a patron before.");
}

#[tokio::test]
async fn a_tip_too_small_for_a_patron_promises_nothing_and_says_she_was_none() {
    let world = World::new().await;
    let article = world.app.article(&world.matthew, "The Tide").await;
    let path = format!("/articles/{}", article.slug);
    for (amount, may) in [("200", false), ("1000", true)] {
        let session = world.begin_tip(&world.browser, amount).await;
        world.pay(&session, Card::Good);
        world.all_arrive().await;
        let thanks = format!("/support/thanks?session_id={session}");
        let page = world.browser.get(&thanks).await;
        page.says("Your gift has reached")
            .says("The receipt is in your mailbox.");
        let conversation = world.browser.get(&path).await;
        conversation.does_not_say("You were a patron before.");
        match may {
            true => {
                page.says("You can comment right away.");
                conversation.says("Leave a comment");
            }
            false => {
                page.does_not_say("You can comment");
                conversation.says("Comments here are for Matthew Smith’s patrons");
            }
        }
    }
}
