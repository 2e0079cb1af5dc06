//! What a reader gives is left to her: an amount above what a tier asks, and the currency.

use plaudit::{
    entities::{price, tier},
    membership::tiers::{self, Amounts, NewTier},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::world::World;

/// A tier from three euros or four dollars on, and one that costs what it costs.
async fn open_tier(world: &World) -> tier::Model {
    let new = NewTier {
        name: "As you like".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(300),
        yearly: Some(3000),
        others: vec![Amounts {
            currency: "USD".to_owned(),
            monthly: Some(400),
            yearly: None,
        }],
        is_open_ended: true,
        ..Default::default()
    };
    let app = &world.app.app;
    let created = tiers::create(app, world.matthew.id, new).await;
    created.expect("on sale")
}

fn form<'a>(tier: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("tier", tier), ("interval", "month")];
    form.extend_from_slice(more);
    form
}

#[tokio::test]
async fn she_gives_more_than_the_tier_asks() {
    let world = World::new().await;
    let tier = open_tier(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    world.browser.get(&path).await.says("€3 or more");
    let id = tier.id.to_string();
    let fields = form(&id, &[("own", "7.50")]);
    let session = world.session(&world.browser, &fields).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let row = &world.memberships().await[0];
    assert_eq!((row.amount, row.tier_id), (750, tier.id));
    assert_eq!(world.mails().await, "R W");
    world.app.stripe.advance(super::world::month());
    world.all_arrive().await;
    let ledger = world.ledger().await;
    assert!(ledger.starts_with("payment 1500"), "{ledger}");
    // Her amount is nobody else's offer, but whoever chooses it shares its price.
    let (bob, _) = world.app.reader("Bob").await;
    assert!(!bob.get(&path).await.body.contains("7.50"));
    world.session(&bob, &fields).await;
    let chosen = price::Entity::find().filter(price::Column::IsChosen.eq(true));
    assert_eq!(chosen.count(&world.app.app.db).await.expect("counted"), 1);
}

#[tokio::test]
async fn what_is_suggested_is_one_press() {
    let world = World::new().await;
    let tier = open_tier(&world).await;
    let id = tier.id.to_string();
    let fields = form(&id, &[("own", ""), ("amount", "600")]);
    let session = world.session(&world.browser, &fields).await;
    let object = world.app.stripe.object(&session).expect("open");
    assert_eq!(object["amount_total"], 600);
    let fields = form(&id, &[("own", "")]);
    let session = world.session(&world.browser, &fields).await;
    let object = world.app.stripe.object(&session).expect("open");
    assert_eq!(object["amount_total"], 300, "without a word, what it asks");
}

#[tokio::test]
async fn less_than_it_asks_is_refused_as_typed() {
    let world = World::new().await;
    let tier = open_tier(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    let (open, fixed) = (tier.id.to_string(), world.friend.id.to_string());
    for (tier, own, says) in [
        (&open, "2.99", "less than this membership asks"),
        (&open, "0", "less than this membership asks"),
        (&open, "10000.01", "cannot be charged"),
        (&open, "7.505", "two decimals at most"),
        (&open, "-7", "cannot be charged"),
        (&open, "seven", "cannot be charged"),
        (&fixed, "7.50", "cannot be charged"),
    ] {
        let page = world
            .browser
            .post(&path, &form(tier, &[("own", own)]))
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{own}");
        page.says(says);
        if *tier == open {
            page.says(&format!("value=\"{own}\""));
        }
    }
    let chosen = price::Entity::find().filter(price::Column::IsChosen.eq(true));
    assert_eq!(chosen.count(&world.app.app.db).await.expect("counted"), 0);
}

#[tokio::test]
async fn she_pays_in_a_currency_of_her_choice() {
    let world = World::new().await;
    let tier = open_tier(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    let page = world.browser.get(&format!("{path}?currency=usd")).await;
    page.says("$4 or more");
    page.says("$4");
    let id = tier.id.to_string();
    let fields = form(&id, &[("currency", "usd"), ("own", "5.25")]);
    let session = world.session(&world.browser, &fields).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let row = world.memberships().await.remove(0);
    assert_eq!((row.amount, row.currency.as_str()), (525, "usd"));
    let receipt = world.browser.get("/account").await;
    receipt.says("$5.25");
    // What she can change to is in her currency, and the exact difference is shown first.
    let tier_page = format!("/account/memberships/{}/tier", row.id);
    let page = world.browser.get(&tier_page).await;
    page.says("$4 or more");
    assert!(!page.body.contains("€15"), "{}", page.body);
    let wanted = format!("{tier_page}?tier={id}&every=month&own=9");
    world.browser.get(&wanted).await.says("$9.00");
    let wanted = format!("{tier_page}?tier={id}&every=month&own=3.99");
    let page = world.browser.get(&wanted).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("less than this membership asks");
}

#[tokio::test]
async fn a_currency_nobody_sells_in_is_refused() {
    let world = World::new().await;
    let tier = open_tier(&world).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    let id = tier.id.to_string();
    for fields in [
        form(&id, &[("currency", "jpy"), ("amount", "500")]),
        vec![("tip", "once"), ("currency", "jpy"), ("amount", "500")],
        vec![("tip", "once"), ("currency", "'--"), ("own", "5")],
    ] {
        let page = world.browser.post(&path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    let fields = [("tip", "once"), ("currency", "usd"), ("own", "5")];
    let session = world.session(&world.browser, &fields).await;
    assert_eq!(
        world.app.stripe.object(&session).expect("open")["currency"],
        "usd"
    );
}

#[tokio::test]
async fn the_author_sets_currencies_in_the_studio() {
    let world = World::new().await;
    let author = &world.studio;
    let path = format!("/studio/tiers/{}", world.friend.id);
    let mut fields = vec![
        ("name", "Friend"),
        ("monthly", "3"),
        ("yearly", "30"),
        ("open_ended", "on"),
        ("other_currency", "usd"),
        ("other_monthly", "3,50"),
        ("other_yearly", ""),
        ("other_currency", "JPY"),
        ("other_monthly", "500"),
        ("other_yearly", "5000"),
        ("other_currency", ""),
        ("other_monthly", ""),
        ("other_yearly", ""),
    ];
    let answer = author.post(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = author.get("/studio/tiers").await;
    page.says("value=\"USD\"");
    page.says("value=\"3.50\"");
    page.says("value=\"5000\"");
    let support = format!(
        "/authors/{}/support?currency=jpy&every=year",
        world.matthew.slug
    );
    world.browser.get(&support).await.says("¥5,000");
    for (row, value, says) in [
        (7, "usd", "only once"),
        (7, "euros", "currency"),
        (8, "500.5", "no smaller part"),
    ] {
        let good = std::mem::replace(&mut fields[row].1, value);
        let page = author.post(&path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        page.says(says);
        page.says(&format!("value=\"{value}\""));
        fields[row].1 = good;
    }
    // An emptied row is off sale.
    fields.drain(7..);
    author.post(&path, &fields).await;
    let sold = tiers::on_sale(&world.app.app.db, world.matthew.id).await;
    let sold = sold.expect("tiers").remove(0);
    let others: Vec<&str> = sold
        .others
        .iter()
        .map(|price| price.currency.as_str())
        .collect();
    assert_eq!(others, ["usd"]);
}

#[tokio::test]
async fn who_pays_in_euros_is_told_that_stripe_takes_one_currency() {
    let world = World::new().await;
    let (_, other) = world.app.author("Olivia Hart").await;
    let abroad = NewTier {
        name: "Abroad".to_owned(),
        currency: "usd".to_owned(),
        monthly: Some(400),
        ..Default::default()
    };
    let abroad = tiers::create(&world.app.app, other.id, abroad).await;
    let id = abroad.expect("on sale").id.to_string();
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let path = format!("/authors/{}/support", other.slug);
    let page = world.browser.post(&path, &form(&id, &[])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("Nothing was charged").says("paid in EUR");
    let german = [("name", "Ann"), ("language", "de")];
    world.browser.submit("/account", &german).await;
    let page = world.browser.post(&path, &form(&id, &[])).await;
    page.says("Es wurde nichts abgebucht").says("in EUR");
    // Giving once is another way, and so is her own currency.
    let once = [("tip", "once"), ("own", "5")];
    let away = world.browser.post(&path, &once).await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(world.memberships().await.len(), 1);
}
