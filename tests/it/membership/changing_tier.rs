//! Another tier: what is shown is what is charged, and nothing paid is lost.

use chrono::Duration;
use plaudit::{
    entities::{Recurrence, membership::Model, payment},
    membership::Support,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, QueryOrder as _};

use super::{
    changing::patron,
    world::{World, month},
};
use crate::support::{Browser, Page};

/// The page on which she confirms a choice, by its tier's name.
pub async fn confirm(browser: &Browser, hers: &str, tier: &str, every: &str) -> Page {
    let list = format!("{hers}/tier?every={every}");
    let page = browser.get(&list).await;
    let link = format!(">Choose {tier}</a>");
    let (before, _) = page.body.split_once(&link).expect("a choice");
    let (_, link) = before.rsplit_once("href=\"").expect("a link");
    let link = link.trim_end_matches('"').replace("&amp;", "&");
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

/// What a field of the page holds.
pub fn held(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&start).expect(name);
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Presses the button of the confirmation, as it is shown.
pub async fn press(browser: &Browser, hers: &str, page: &Page) -> Page {
    let names = ["price", "at", "amount", "nonce"];
    let form = names.map(|name| (name, held(page, name)));
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.post(&format!("{hers}/tier"), &form).await
}

pub async fn row(world: &World) -> Model {
    world.memberships().await.remove(0)
}

/// What was paid, in order.
pub async fn paid(world: &World) -> Vec<i64> {
    let all = payment::Entity::find().order_by_asc(payment::Column::Number);
    let all = all.all(&world.app.app.db).await.expect("payments");
    all.iter().map(|payment| payment.amount).collect()
}

#[tokio::test]
async fn an_upgrade_charges_exactly_what_was_shown() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let amount: i64 = held(&page, "amount").parse().expect("an amount");
    // Twenty days and some of thirty-one or so, of twelve euros.
    assert!((700..900).contains(&amount), "{amount}");
    let shown = format!("€{}.{:02}", amount / 100, amount % 100);
    page.says(&format!("Change now and pay {shown}"))
        .says("Next charge")
        .says("€15.00");
    // She takes her time; what was shown stands.
    world.app.stripe.advance(Duration::minutes(20));
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.location(), "/account");
    let account = world.browser.get("/account").await;
    account
        .says("Your new tier is in force")
        .says("€15.00 a month");
    // A second press of the same form does nothing.
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    assert_eq!(world.mails().await, "R R W");
    let mut told = world.app.letters("ann@example.org").await;
    told.retain(|letter| letter.kind == "tier_changed");
    assert_eq!(told.len(), 1, "told of once");
    for amount in ["€3.00", "€15.00"] {
        assert!(told[0].body_text.contains(amount), "{}", told[0].body_text);
    }
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount, 1500]);
}

#[tokio::test]
async fn two_presses_at_once_charge_once() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let (one, other) = tokio::join!(
        press(&world.browser, &hers, &page),
        press(&world.browser, &hers, &page)
    );
    for answer in [one, other] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    world.all_arrive().await;
    assert_eq!(paid(&world).await.len(), 2);
}

#[tokio::test]
async fn an_amount_that_is_not_right_any_more_comes_back_and_charges_nothing() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let old = held(&page, "amount");
    world.app.stripe.advance(Duration::days(2));
    let again = press(&world.browser, &hers, &page).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.says("Nothing was charged").says("Change now and pay");
    assert_ne!(held(&again, "amount"), old);
    // Nobody chooses the moment from which it is reckoned.
    let (price, nonce) = (held(&again, "price"), held(&again, "nonce"));
    let end = row(&world).await.current_period_end.expect("an end");
    let end = end.timestamp().to_string();
    for at in [end.as_str(), "0", "9999999999999999"] {
        let form = [
            ("price", price.as_str()),
            ("at", at),
            ("amount", "0"),
            ("nonce", &nonce),
        ];
        let answer = world.browser.post(&format!("{hers}/tier"), &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{at}");
    }
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300]);
    let unknown = "0190b3a0-0000-7000-8000-000000000000";
    let form = [
        ("price", unknown),
        ("at", "0"),
        ("amount", "0"),
        ("nonce", unknown),
    ];
    let answer = world.browser.post(&format!("{hers}/tier"), &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says("not on offer any more");
}

#[tokio::test]
async fn a_declined_upgrade_changes_nothing_and_says_how_to_mend_it() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let before = row(&world).await;
    let customer = &before.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::Declined);
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer
        .says("Your card was declined")
        .says("everything is as it was")
        .says(&format!("action=\"{hers}/card\""));
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!(
        (after.price_id, after.state),
        (before.price_id, before.state)
    );
    assert_eq!(paid(&world).await, [300]);
    // With a good card the very page that came back works.
    world.app.stripe.set_card(customer, Card::Good);
    let done = press(&world.browser, &hers, &answer).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    world.all_arrive().await;
    assert_eq!(paid(&world).await.len(), 2);
    assert_eq!(world.standing().await.support, Support::Patron);
}

#[tokio::test]
async fn from_month_to_year_begins_a_year_now_less_what_was_paid() {
    let (world, hers) = patron().await;
    world.app.stripe.advance(Duration::days(10));
    let page = confirm(&world.browser, &hers, "Friend", "year").await;
    let amount: i64 = held(&page, "amount").parse().expect("an amount");
    assert!((2700..2900).contains(&amount), "{amount}");
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    let row = row(&world).await;
    assert_eq!((row.amount, row.recurrence), (3000, Recurrence::Year));
    let left = row.current_period_end.expect("an end") - world.app.app.clock.now();
    assert!((364..=366).contains(&left.num_days()), "{left}");
}
