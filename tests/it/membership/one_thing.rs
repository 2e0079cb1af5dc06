//! The account page and the letters say one thing: who is a patron by a gift, though her own membership is over,
//! reads that she is; and who has lost one without her doing reads why, and what she can do.

use chrono::Duration;
use plaudit::{
    entities::{Recurrence, outbox},
    sandbox::stripe::{Card, WhenUnpaid},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    changing_tier::{confirm, press},
    world::{World, month},
};
use crate::support::Page;

impl World {
    /// Ann's own page, however long ago she signed in.
    async fn account_page(&self) -> Page {
        let browser = self.app.signed_in(self.ann.id).await;
        let mut page = browser.get("/account").await;
        page.body = page.body.replace('\n', " ");
        page
    }

    async fn endings(&self) -> Vec<outbox::Model> {
        let ended = outbox::Entity::find().filter(outbox::Column::Kind.eq("ended"));
        ended.all(&self.app.app.db).await.expect("letters")
    }

    /// Matthew gives Ann a membership for so many days.
    async fn gives(&self, days: i64) {
        let until = self.app.app.clock.now() + Duration::days(days);
        let (tier, until) = (self.friend.id.to_string(), until.date_naive().to_string());
        let form = [
            ("email", "ann@example.org"),
            ("tier", tier.as_str()),
            ("until", until.as_str()),
        ];
        self.studio.submit("/studio/grants", &form).await;
    }
}

#[tokio::test]
async fn who_is_a_patron_by_a_gift_after_her_membership_has_ended_reads_just_that() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let (ben, _) = world.app.reader("Ben").await;
    world.buys(&ben, &[]).await;
    world.all_arrive().await;
    world.app.stripe.book_end(&subscription, true);
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    world.browser.post(&link, &[]).await;
    world.app.stripe.advance(month() + Duration::days(1));
    world.all_arrive().await;
    let until = world.standing().await.until.expect("an end");
    let until = until.format("%-d %B %Y").to_string();
    let page = world.account_page().await;
    page.says("Ended <strong>")
        .says(&format!(
            "You stay a patron until {until} all the same, by a gift."
        ))
        .says(&format!("In force until {until}"))
        .says("Support Matthew Smith yourself")
        .does_not_say("Become a patron");
    let letters = world.endings().await;
    assert_eq!(letters.len(), 1);
    let (subject, text) = (&letters[0].subject, &letters[0].body_text);
    assert!(subject.contains("you stay a patron"), "{subject}");
    assert!(text.contains(&until), "{text}");
    assert!(!text.contains("has ended. Nothing more"), "{text}");
    // When the gift is over too, that is said as ever, and once.
    world.app.stripe.advance(Duration::days(190));
    world.all_arrive().await;
    world.account_page().await.says("Become a patron");
    let letters = world.endings().await;
    assert_eq!(letters.len(), 2);
    let last = letters.iter().find(|letter| letter.key.contains("gift"));
    let last = last.expect("of the gift");
    assert!(last.subject.ends_with("has ended"), "{}", last.subject);
}

#[tokio::test]
async fn who_was_given_a_membership_or_gave_once_stays_by_that_though_her_own_is_over() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.gives(90).await;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    world
        .account_page()
        .await
        .says("by the membership you were given.")
        .does_not_say("Become a patron");
    let text = &world.endings().await[0].body_text;
    assert!(text.contains("by the membership you were given"), "{text}");
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let tip = world.begin_tip(&world.browser, "1500").await;
    world.pay(&tip, Card::Good);
    world.all_arrive().await;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    world
        .account_page()
        .await
        .says("all the same, by what you gave once.")
        .does_not_say("Become a patron");
}

#[tokio::test]
async fn whose_payment_fails_while_a_gift_is_in_force_reads_no_end_of_access() {
    let world = World::new().await;
    world.app.stripe.when_unpaid(WhenUnpaid::MarkUnpaid);
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    world.gives(200).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let stays = "all the same, by the membership you were given.";
    world
        .account_page()
        .await
        .says("Your last payment did not go through.")
        .says(stays)
        .does_not_say("You keep access at most until");
    world.app.stripe.advance(Duration::days(20));
    world.all_arrive().await;
    world
        .account_page()
        .await
        .says(stays)
        .says("Pay or confirm now")
        .does_not_say("access has ended");
}

#[tokio::test]
async fn who_has_come_back_is_not_asked_to_come_back() {
    let world = World::new().await;
    let first = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.cancel_now(&first);
    world.all_arrive().await;
    world.account_page().await.says("Become a patron");
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world
        .account_page()
        .await
        .says("You are a patron. Thank you.")
        .says("Ended <strong>")
        .does_not_say("Become a patron");
}

#[tokio::test]
async fn who_has_lost_a_membership_reads_why_and_the_way_on() {
    for (what, why) in [
        ("refund", "What you had paid for it was given back"),
        ("dispute", "Your bank has taken the payment back"),
        ("unpaid", "Its renewal could not be charged"),
        ("ended", "It was ended by whoever runs this publication"),
    ] {
        let world = World::new().await;
        let card = match what {
            "unpaid" => Card::FailsLater,
            _ => Card::Good,
        };
        let subscription = world.subscribe(card).await;
        world.all_arrive().await;
        let stripe = &world.app.stripe;
        let intent = stripe.last_payment(&subscription).expect("paid");
        match what {
            "refund" => drop(stripe.refund(&intent, None)),
            "dispute" => {
                let dispute = stripe.dispute(&intent, "fraudulent").expect("open");
                stripe.close_dispute(&dispute, false);
            }
            "unpaid" => stripe.advance(month() + Duration::days(30)),
            _ => stripe.cancel_now(&subscription),
        }
        world.all_arrive().await;
        let page = world.account_page().await;
        page.says("Ended <strong>")
            .says(why)
            .says("Become a patron");
    }
    // Who leaves by herself is told nothing about why.
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.book_end(&subscription, true);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world
        .account_page()
        .await
        .says("Ended <strong>")
        .does_not_say("whoever runs this publication");
}

#[tokio::test]
async fn whose_membership_was_paused_for_her_reads_that_and_can_go_on() {
    const WHY: &str = "It was paused by whoever runs this publication";
    for (press, form) in [
        ("", [("pause_collection[behavior]", "void")].as_slice()),
        ("", &[("pause_collection[behavior]", "keep_as_draft")]),
        (
            "/pause",
            &[
                ("type", "subscription"),
                ("bill_for[unused_time_from][type]", "none"),
            ],
        ),
    ] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        world.all_arrive().await;
        let path = format!("subscriptions/{subscription}{press}");
        world.at_stripe(&path, form).await;
        world.all_arrive().await;
        let page = world.account_page().await;
        page.says(WHY).says("Resume</button>");
        let id = world.memberships().await[0].id;
        let resume = format!("/account/memberships/{id}/resume");
        world.browser.submit(&resume, &[]).await;
        world.all_arrive().await;
        world.account_page().await.does_not_say(WHY);
    }
    // Her own pause needs no such words.
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let id = world.memberships().await[0].id;
    let pause = format!("/account/memberships/{id}/pause");
    world.browser.submit(&pause, &[]).await;
    world
        .account_page()
        .await
        .says("Paused: nothing is charged.")
        .does_not_say(WHY);
}

#[tokio::test]
async fn whose_trial_is_over_without_a_card_reads_that_a_card_is_missing() {
    let mut world = World::new().await;
    world.trial(14).await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.advance(Duration::days(13));
    let now = world.app.app.clock.now().timestamp();
    world.app.stripe.edit(&subscription, |object| {
        object["status"] = "paused".into();
        object["trial_end"] = now.into();
    });
    let event = world.event("customer.subscription.paused", &subscription);
    world.arrive(&event).await;
    world
        .account_page()
        .await
        .says("Your free trial is over, and there is no card")
        .says("Update your card")
        .does_not_say("whoever runs this publication");
}

#[tokio::test]
async fn a_booked_change_of_the_interval_alone_is_undone_by_its_name() {
    let world = World::new().await;
    let session = world
        .begin_by(&world.browser, &world.friend, Recurrence::Year)
        .await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let hers = format!("/account/memberships/{}", world.memberships().await[0].id);
    let shown = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &shown).await;
    world
        .account_page()
        .await
        .says("You change to €3.00 a month on")
        .says("Stay with yearly payment")
        .does_not_say("Keep Friend")
        .does_not_say("Next tier");
    let kept = world.browser.submit(&format!("{hers}/keep"), &[]).await;
    kept.says("Everything stays as it is")
        .does_not_say("Stay with yearly payment");
    // In the other language; and where the tier changes too, it is named.
    let form = [("name", "Ann"), ("language", "de")];
    world.browser.submit("/account", &form).await;
    let shown = world
        .browser
        .get(&format!("{hers}/tier?tier={}&every=month", world.friend.id))
        .await;
    press(&world.browser, &hers, &shown).await;
    world
        .account_page()
        .await
        .says("Bei jährlicher Zahlung bleiben");
}
