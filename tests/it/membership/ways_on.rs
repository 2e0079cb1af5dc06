//! Nobody stands before a wall: whoever pays twice, whose card fails or whose bank wants to be asked reads
//! what is true and finds a way on.

use chrono::Duration;
use plaudit::{membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;

use super::{
    changing::patron,
    changing_tier::{confirm, held, paid, press, row},
    world::{World, month},
};
use crate::support::mailbox::letter;

/// What was last written to this address under such a subject, without line ends.
fn read(world: &World, to: &str, subject: &str) -> String {
    let text = letter(&world.app, to, subject);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn whoever_pays_twice_reads_so_and_keeps_the_one_that_goes_on() {
    let world = World::new().await;
    let owner = world.app.the_owner().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    world.pay(&first, Card::Good);
    world.app.stripe.advance(Duration::seconds(5));
    world.pay(&second, Card::Good);
    world.all_arrive().await;
    let hers = world.ann.address().expect("an address").to_owned();
    let mails = world.app.mails();
    let told = mails.iter().filter(|mail| {
        let raw = String::from_utf8_lossy(&mail.raw);
        mail.to == hers
            && raw
                .replace("=\r\n", "")
                .contains("second membership that you do not need")
    });
    assert_eq!(told.count(), 1, "the later receipt says so");
    let account = world.browser.get("/account").await;
    account.says("You support Matthew Smith twice");
    let alert = read(&world, "olivia@example.org", "twice");
    assert!(alert.contains("/admin/memberships"), "{alert}");
    let rows = world.memberships().await;
    let duplicate = rows.iter().find(|row| row.flag.is_some()).expect("flagged");
    let path = format!("/admin/memberships/{}/mend", duplicate.id);
    owner.post(&path, &[]).await;
    world.all_arrive().await;
    let letter = read(&world, &hers, "has ended");
    assert!(letter.contains("The other goes on"), "{letter}");
    assert!(!letter.contains("Nothing more is charged"), "{letter}");
    let account = world.browser.get("/account").await;
    account.does_not_say("twice").says("You are a patron.");
    // The one that is left ends as every one does.
    let left = world.memberships().await;
    let left = left.iter().find(|row| row.is_current).expect("one");
    world.app.stripe.cancel_now(&left.stripe_subscription_id);
    world.all_arrive().await;
    let letter = read(&world, &hers, "Your support for Matthew Smith has ended");
    assert!(letter.contains("Nothing more is charged"), "{letter}");
}

#[tokio::test]
async fn a_bank_that_wants_her_word_is_answered_from_the_account_page() {
    let (world, hers) = patron().await;
    let account = world.browser.get("/account").await;
    account.does_not_say("Pay or confirm now");
    let before = row(&world).await;
    let customer = &before.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::AlwaysConfirms);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Grace);
    let account = world.browser.get("/account").await;
    account
        .says("You keep access at most until")
        .says("We try again on")
        .says(&format!("action=\"{hers}/pay\""));
    let to = world.browser.post(&format!("{hers}/pay"), &[]).await;
    assert_eq!(to.status, StatusCode::SEE_OTHER);
    let subscription = world.app.stripe.object(&before.stripe_subscription_id);
    let invoice = subscription.expect("there")["latest_invoice"].clone();
    let invoice = world.app.stripe.object(invoice.as_str().expect("an id"));
    assert_eq!(to.location(), invoice.expect("there")["hosted_invoice_url"]);
    // Where nothing is owed any more the same way leads to the card; that of another leads nowhere.
    world.app.stripe.set_card(customer, Card::Good);
    world.app.stripe.advance(Duration::days(3));
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    let to = world.browser.post(&format!("{hers}/pay"), &[]).await;
    assert!(to.location().contains("/portal"), "{}", to.location());
    let (other, _) = world.app.reader("Bo").await;
    let page = other.post(&format!("{hers}/pay"), &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_declined_upgrade_can_wait_for_the_end_of_the_paid_time() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let before = row(&world).await;
    let customer = &before.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::Declined);
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    page.does_not_say("name=\"later\"");
    let declined = press(&world.browser, &hers, &page).await;
    assert_eq!(declined.status, StatusCode::UNPROCESSABLE_ENTITY);
    declined.says("name=\"later\" value=\"true\"");
    let names = ["price", "at", "nonce"];
    let kept = names.map(|name| (name, held(&declined, name)));
    let mut form: Vec<_> = kept
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    form.extend([("amount", "0"), ("later", "true")]);
    let account = world.browser.submit(&format!("{hers}/tier"), &form).await;
    account.says("Next tier: Patron").says("Keep Friend");
    assert_eq!(paid(&world).await, [300]);
    world.app.stripe.set_card(customer, Card::Good);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, 1500]);
}

#[tokio::test]
async fn a_trial_says_that_it_is_one_and_a_patron_is_offered_a_change() {
    let mut world = World::new().await;
    world.trial(14).await;
    let session = world.begin(&world.browser, &world.friend).await;
    let thanks = world.pay(&session, Card::Good);
    let thanks = thanks.replace(&world.app.url, "");
    let thanks = world.browser.get(&thanks).await;
    thanks
        .says("Nothing is charged today")
        .does_not_say("The receipt is in your mailbox");
    world.all_arrive().await;
    let account = world.browser.get("/account").await;
    account.says("on a free trial").says("Next payment on");
    let support = world.browser.get("/authors/matthew-smith/support").await;
    support
        .says("Change to Patron")
        .does_not_say("Become a patron</button>");
}

#[tokio::test]
async fn what_the_bank_has_taken_back_or_still_decides_on_is_not_offered_to_be_given_back() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let page = world.studio.get("/studio/payments/1").await;
    page.says("name=\"amount\"");
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    let dispute = world.app.stripe.dispute(&intent, "fraudulent");
    world.all_arrive().await;
    let page = world.studio.get("/studio/payments/1").await;
    page.says("cannot be given back here")
        .does_not_say("name=\"amount\"");
    let dispute = dispute.expect("disputed");
    world.app.stripe.close_dispute(&dispute, true);
    world.all_arrive().await;
    let page = world.studio.get("/studio/payments/1").await;
    page.says("name=\"amount\"")
        .does_not_say("cannot be given back here");
}

#[tokio::test]
async fn who_leaves_or_pauses_what_stripe_has_ended_already_reads_that_it_is_over() {
    for press in ["cancel", "pause", "resume"] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        world.all_arrive().await;
        world.app.stripe.cancel_now(&subscription);
        world.app.stripe.release(|held| held.clear());
        let id = world.memberships().await[0].id;
        let path = format!("/account/memberships/{id}/{press}");
        let page = world.browser.post(&path, &[]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{press}");
        page.says("This membership has ended");
        assert_eq!(world.standing().await.support, Support::Former);
    }
}
