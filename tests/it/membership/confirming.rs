//! A bank that wants its customer's own word for every payment: the change waits for that, and for nothing else.

use chrono::Duration;
use plaudit::{entities::membership::State, membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;

use super::{
    changing::patron,
    changing_tier::{confirm, held, paid, press, row},
    world::{World, month},
};
use crate::support::Page;

/// Ann's bank wants her word from now on.
async fn guarded() -> (World, String) {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let customer = row(&world).await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::AlwaysConfirms);
    (world, hers)
}

/// She presses *Change now* and reads what her bank wants. Returns what is to be charged, and that page.
async fn presses(world: &World, hers: &str) -> (i64, Page) {
    let page = confirm(&world.browser, hers, "Patron", "month").await;
    let amount = held(&page, "amount").parse().expect("an amount");
    let answer = press(&world.browser, hers, &page).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), format!("{hers}/confirm"));
    (amount, world.browser.get(answer.location()).await)
}

/// She goes on to Stripe's page and answers her bank there.
async fn answers(world: &World, hers: &str, word: &str) -> Page {
    let to = world.browser.post(&format!("{hers}/pay"), &[]).await;
    let invoice = to.location().to_owned();
    assert!(invoice.contains("/sandbox/stripe/invoice/in_"), "{invoice}");
    let card = ("card", Card::AlwaysConfirms.number());
    let asked = world.browser.post(&invoice, &[card]).await;
    asked.says("Your bank wants to know that it is you");
    world
        .browser
        .post(&invoice, &[card, ("confirmed", word)])
        .await
}

fn euros(amount: i64) -> String {
    format!("€{}.{:02}", amount / 100, amount % 100)
}

#[tokio::test]
async fn an_upgrade_that_her_bank_asks_about_is_made_when_she_has_confirmed_it_and_charged_once() {
    let (world, hers) = guarded().await;
    let (amount, page) = presses(&world, &hers).await;
    page.says("Your bank wants your word")
        .says(&format!("Confirm and pay {}", euros(amount)))
        .says("until you have confirmed it you keep Friend");
    world.all_arrive().await;
    let waits = row(&world).await;
    assert_eq!((waits.amount, waits.state), (300, State::Active));
    assert_eq!(world.standing().await.support, Support::Patron);
    let account = world.browser.get("/account").await;
    account
        .says("Your change to Patron, €15.00 a month, waits for your word to your bank")
        .says(&format!("href=\"{hers}/confirm\""));
    assert_eq!(paid(&world).await, [300]);
    let done = answers(&world, &hers, "yes").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    // Before Stripe has told of it she comes back, and it is so.
    let back = world.browser.get(&format!("{hers}/confirm")).await;
    assert_eq!(back.location(), "/account");
    world
        .browser
        .get("/account")
        .await
        .says("Your new tier is in force")
        .says("€15.00 a month")
        .does_not_say("waits for your word");
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    assert_eq!(
        world.mails().await,
        "R R W",
        "no letter of a failed payment"
    );
    world.app.stripe.advance(Duration::hours(30));
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.unconfirmed_price_id), (1500, None));
    assert_eq!(paid(&world).await, [300, amount]);
    let told = world.app.letters("ann@example.org").await;
    let told = told.iter().filter(|letter| letter.kind == "tier_changed");
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn told_by_stripe_alone_the_change_is_made_all_the_same() {
    let (world, hers) = guarded().await;
    let (amount, _) = presses(&world, &hers).await;
    answers(&world, &hers, "yes").await;
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(paid(&world).await, [300, amount]);
    let back = world.browser.get(&format!("{hers}/confirm")).await;
    assert_eq!(back.location(), "/account");
    world
        .browser
        .get("/account")
        .await
        .says("Nothing waits for your word");
}

#[tokio::test]
async fn who_does_not_confirm_keeps_her_tier_is_charged_nothing_and_can_press_again() {
    let (world, hers) = guarded().await;
    presses(&world, &hers).await;
    let refused = answers(&world, &hers, "no").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.all_arrive().await;
    let waits = row(&world).await;
    assert!(waits.unconfirmed_until.is_some());
    assert_eq!((waits.amount, waits.state), (300, State::Active));
    world.app.stripe.advance(Duration::hours(24));
    // Whether Stripe's word of it has arrived or not, nothing is offered any more.
    world
        .browser
        .get("/account")
        .await
        .does_not_say("waits for your word");
    let late = world.browser.get(&format!("{hers}/confirm")).await;
    assert_eq!(late.location(), "/account");
    let account = world.browser.get("/account").await;
    account.says("nothing was charged, and everything is as it was");
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.unconfirmed_price_id), (300, None));
    assert_eq!(paid(&world).await, [300]);
    let (amount, _) = presses(&world, &hers).await;
    answers(&world, &hers, "yes").await;
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    assert_eq!(row(&world).await.amount, 1500);
}

#[tokio::test]
async fn pressed_twice_it_waits_once_and_what_was_taken_back_is_shown_anew() {
    let (world, hers) = guarded().await;
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let (one, other) = tokio::join!(
        press(&world.browser, &hers, &page),
        press(&world.browser, &hers, &page)
    );
    let third = press(&world.browser, &hers, &page).await;
    for answer in [one, other, third] {
        assert_eq!(
            answer.location(),
            format!("{hers}/confirm"),
            "{}",
            answer.body
        );
    }
    let open = || {
        let invoices = world.app.stripe.objects("invoice").into_iter();
        invoices
            .filter(|invoice| invoice["status"] == "open")
            .count()
    };
    assert_eq!(open(), 1);
    let kept = world.browser.submit(&format!("{hers}/keep"), &[]).await;
    kept.says("Everything stays as it is")
        .does_not_say("waits for your word");
    assert_eq!(open(), 0);
    // The old page, pressed once more, asks again instead of leading to what is void.
    let again = press(&world.browser, &hers, &page).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.says("Nothing was charged").says("Change now and pay");
    let answer = press(&world.browser, &hers, &again).await;
    assert_eq!(answer.location(), format!("{hers}/confirm"));
    answers(&world, &hers, "yes").await;
    world.all_arrive().await;
    assert_eq!(paid(&world).await.len(), 2);
}

#[tokio::test]
async fn instead_of_confirming_she_has_the_change_made_at_the_end_of_the_paid_time() {
    let (world, hers) = guarded().await;
    let (_, page) = presses(&world, &hers).await;
    let names = ["price", "at", "amount", "nonce", "later"];
    let form = names.map(|name| (name, held(&page, name)));
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let booked = world.browser.submit(&format!("{hers}/tier"), &form).await;
    booked
        .says("Next tier: Patron")
        .does_not_say("waits for your word");
    let customer = row(&world).await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Good);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, 1500]);
    assert_eq!(row(&world).await.amount, 1500);
}

#[tokio::test]
async fn a_change_that_waits_is_forgotten_by_who_pauses_or_leaves_and_costs_no_paid_time() {
    for act in ["pause", "cancel"] {
        let (world, hers) = guarded().await;
        presses(&world, &hers).await;
        let page = world.browser.submit(&format!("{hers}/{act}"), &[]).await;
        page.does_not_say("waits for your word");
        world.all_arrive().await;
        let after = row(&world).await;
        assert_eq!(after.unconfirmed_price_id, None, "{act}");
        assert!(
            after.current_period_end > Some(world.app.app.clock.now()),
            "{act}"
        );
        assert_eq!(world.standing().await.support, Support::Leaving, "{act}");
        assert_eq!(paid(&world).await, [300]);
    }
}

#[tokio::test]
async fn an_end_and_a_tier_that_were_booked_before_go_with_her_word_and_not_before() {
    // The end.
    let (world, hers) = guarded().await;
    world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    presses(&world, &hers).await;
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Cancelling);
    answers(&world, &hers, "yes").await;
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.state), (1500, State::Active));
    // The tier.
    let customer = after.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Good);
    let page = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    assert!(row(&world).await.next_price_id.is_some());
    world.app.stripe.set_card(&customer, Card::AlwaysConfirms);
    let page = confirm(&world.browser, &hers, "Patron", "year").await;
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    assert!(row(&world).await.next_price_id.is_some(), "still booked");
    answers(&world, &hers, "yes").await;
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.next_price_id), (15000, None));
    let subscription = world.app.stripe.object(&after.stripe_subscription_id);
    assert!(subscription.expect("hers")["schedule"].is_null());
}

#[tokio::test]
async fn an_end_booked_for_another_day_is_not_asked_about_and_the_page_says_why() {
    let (world, hers) = guarded().await;
    let subscription = row(&world).await.stripe_subscription_id;
    let end = world.app.app.clock.now() + Duration::days(5);
    world.app.stripe.edit(&subscription, |object| {
        object["cancel_at"] = end.timestamp().into();
    });
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer
        .says("cannot be asked for while your membership is to end")
        .says("Nothing was charged");
}

#[tokio::test]
async fn what_waits_is_hers_alone() {
    let (world, hers) = guarded().await;
    presses(&world, &hers).await;
    let (eve, _) = world.app.reader("Eve").await;
    let page = eve.get(&format!("{hers}/confirm")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.does_not_say("Patron");
}
