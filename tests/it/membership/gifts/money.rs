//! What money and bad input do to a gift.

use chrono::Duration;
use plaudit::entities::{grant, ledger_entry, payment};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use crate::membership::world::World;

#[tokio::test]
async fn a_refund_takes_the_gift_back_claimed_or_not() {
    for is_claimed in [false, true] {
        let world = World::new().await;
        let session = world.buys(&world.browser, &[]).await;
        world.all_arrive().await;
        let link = world.link("gift_bought").await;
        let (ben, account) = world.app.reader("Ben").await;
        if is_claimed {
            ben.post(&link, &[]).await;
        }
        world.refunded(&session, Some(500)).await;
        assert_eq!(world.standing_of(account.id).await.is_patron(), is_claimed);
        assert!(
            world.grants().await[0].revoked_at.is_none(),
            "a part keeps it"
        );
        let refund = world.refunded(&session, None).await;
        assert!(!world.standing_of(account.id).await.is_patron());
        let page = ben.get(&link).await;
        assert_eq!(page.status, StatusCode::GONE);
        let ended = world.letters("ended").await.len();
        assert_eq!(ended, usize::from(is_claimed));
        world.app.stripe.fail_refund(&refund);
        world.all_arrive().await;
        assert_eq!(world.standing_of(account.id).await.is_patron(), is_claimed);
        assert!(
            world.grants().await[0].revoked_at.is_none(),
            "the refund failed"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_given_comes_back_as_it_was_typed() {
    let world = World::new().await;
    let friend = world.friend.id;
    let long = "x".repeat(501);
    let yesterday = (world.app.app.clock.now() - Duration::days(1))
        .date_naive()
        .to_string();
    let tomorrow = world.app.app.clock.now() + Duration::days(1);
    let tomorrow = tomorrow.date_naive().to_string();
    let choices = [
        format!("{friend}:7:2100"),
        format!("{friend}:6:1"),
        format!("{}:6:1800", Uuid::now_v7()),
        format!("{friend}:-6:1800"),
        "six".to_owned(),
    ];
    let mut wrong: Vec<[(&str, &str); 2]> = choices
        .iter()
        .map(|choice| [("gift", choice.as_str()), ("recipient_name", "Ben")])
        .collect();
    wrong.extend([
        [
            ("recipient_email", "ben@@example"),
            ("recipient_name", "Ben"),
        ],
        [("message", long.as_str()), ("recipient_name", "Ben")],
        [("send_on", yesterday.as_str()), ("recipient_name", "Ben")],
        [("send_on", "2199-01-01"), ("recipient_name", "Ben")],
        [("send_on", tomorrow.as_str()), ("recipient_name", "Ben")],
        [("currency", "jpy"), ("recipient_name", "Ben")],
    ]);
    for form in wrong {
        let page = world.asks(&world.browser, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        page.says("Ben");
    }
    // A day without an address would be told to nobody.
    let form = [("send_on", tomorrow.as_str()), ("recipient_name", "Ben")];
    let page = world.asks(&world.browser, &form).await;
    page.says("needs the address to send it to")
        .says(&format!("value=\"{tomorrow}\""));
    assert_eq!(world.grants().await.len(), 0, "nothing was written");
    for token in ["0", &"0".repeat(64), "%00"] {
        let page = world.browser.get(&format!("/gifts/{token}")).await;
        assert_eq!(page.status, StatusCode::GONE, "{token}");
    }
}

#[tokio::test]
async fn replays_and_reorderings_of_a_gift_give_the_same() {
    let world = World::new().await;
    let session = world.buys(&world.browser, &[]).await;
    let object = world.app.stripe.object(&session).expect("paid");
    let intent = object["payment_intent"]
        .as_str()
        .expect("an intent")
        .to_owned();
    world.app.stripe.refund(&intent, None).expect("refunded");
    let mut held = world.app.stripe.held();
    held.reverse();
    for event in held.iter().chain(held.clone().iter()) {
        world.arrive(event).await;
    }
    world.app.settle().await;
    let grants = world.grants().await;
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].revoked_why, Some(grant::Why::Refunded));
    assert_eq!(world.mails().await, "GB R RF");
    let db = &world.app.app.db;
    assert_eq!(
        payment::Entity::find().count(db).await.expect("payments"),
        1
    );
    let entries = ledger_entry::Entity::find().all(db).await.expect("entries");
    let sum: i64 = entries.iter().map(|entry| entry.amount).sum();
    assert_eq!(sum, 0);
}

#[tokio::test]
async fn a_gift_given_back_before_its_day_is_never_sent() {
    for is_back in [true, false] {
        let world = World::new().await;
        let day = world.app.app.clock.now() + Duration::days(20);
        let on = day.date_naive().to_string();
        let to = [("recipient_email", "ben@example.org"), ("send_on", &on)];
        let session = world.buys(&world.browser, &to).await;
        world.all_arrive().await;
        // The giver reads when, in her letter and on her page.
        let day = day.format("%-d %B %Y").to_string();
        let said = format!("We write to ben@example.org on {day}.");
        let bought = world.letter("gift_bought").await.body_text;
        assert!(bought.contains(&said), "{bought}");
        let page = world.browser.get("/account").await;
        page.says(&format!("We write on {day}."));
        world.app.stripe.advance(Duration::days(10));
        if is_back {
            world.refunded(&session, None).await;
            let page = world.browser.get("/account").await;
            page.does_not_say("We write on")
                .says("The payment was given back");
        }
        world.app.settle().await;
        assert_eq!(world.letters("gift").await.len(), 0, "not before its day");
        for _ in 0..3 {
            world.app.stripe.advance(Duration::days(11));
            world.app.settle().await;
        }
        let sent = world.letters("gift").await.len();
        assert_eq!(sent, usize::from(!is_back), "once, or never");
    }
}

#[tokio::test]
async fn a_gift_that_waits_and_is_given_back_is_not_said_to_have_been_a_membership() {
    let world = World::new().await;
    let (ben, account) = world.app.reader("Ben").await;
    // A running gift, and one that waits for its end.
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let session = world.buys(&world.browser, &[]).await;
        world.all_arrive().await;
        let bought = world.letters("gift_bought").await;
        let links = bought.iter().map(|letter| {
            let (_, rest) = letter.body_text.split_once("/gifts/").expect("a link");
            let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            format!("/gifts/{token}")
        });
        for link in links.collect::<Vec<_>>() {
            ben.post(&link, &[]).await;
        }
        sessions.push(session);
    }
    let begins: Vec<_> = world
        .grants()
        .await
        .iter()
        .map(|row| row.starts_at)
        .collect();
    assert!(begins.iter().all(Option::is_some), "{begins:?}");
    world.refunded(&sessions[1], None).await;
    assert!(world.standing_of(account.id).await.is_patron());
    let told = world.letter("ended").await;
    assert_eq!(told.subject, "A gift that waited for you was taken back");
    let text = &told.body_text;
    assert!(text.contains("It had not begun"), "{text}");
    assert!(text.contains("What you have now stays as it is"), "{text}");
    assert!(text.contains("You stay a patron until"), "{text}");
    assert!(!text.contains("Your own membership"), "{text}");
}
