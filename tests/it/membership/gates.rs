//! Before a gate: what it says is true of whoever stands there, and the way it shows leads through.

use plaudit::{
    entities::{Gate, MembershipState as State, tier},
    membership::tiers::{self, TierChange},
    sandbox::stripe::Card,
};
use sea_orm::ActiveValue::Set;

use super::{
    seats::limit,
    world::{World, put_on_sale},
};
use crate::support::Page;

const TIDE: &str = "/articles/the-tide";
const SUPPORT: &str = "/authors/matthew-smith/support";
const WAITS: &str = "your bank still has to confirm it";

/// Matthew sells Friend, Harbour, Patron and Lighthouse; under *The Tide* Harbour and Lighthouse comment.
struct Harbour {
    world: World,
    harbour: tier::Model,
    lighthouse: tier::Model,
}

impl Harbour {
    async fn new() -> Self {
        let world = World::new().await;
        let lighthouse = put_on_sale(&world.app, &world.matthew, "Lighthouse", 2500).await;
        let harbour = put_on_sale(&world.app, &world.matthew, "Harbour", 900).await;
        let admitted = format!("{} {}", harbour.id, lighthouse.id);
        world
            .app
            .article_with(&world.matthew, "The Tide", |draft| {
                (draft.gate, draft.gate_tiers) = (Gate::Tiers, Some(admitted));
            })
            .await;
        Self {
            world,
            harbour,
            lighthouse,
        }
    }
}

/// Where the link with these words leads.
#[track_caller]
fn link(page: &Page, words: &str) -> String {
    let end = format!("\">{words}</a>");
    let Some((before, _)) = page.body.split_once(&end) else {
        panic!("no link “{words}” in {}", page.body);
    };
    let (_, path) = before.rsplit_once("href=\"").expect("a link");
    path.replace("&amp;", "&")
}

#[tokio::test]
async fn a_gate_of_chosen_tiers_names_them_and_leads_to_the_cheapest_that_can_be_had() {
    let place = Harbour::new().await;
    let stranger = place.world.app.browser();
    let page = stranger.get(TIDE).await;
    page.says("Comments here are for Matthew Smith’s patrons in the tiers Lighthouse and Harbour.");
    let id = place.harbour.id;
    let way = format!("{SUPPORT}?article=the-tide&tier={id}&every=month#tier-{id}");
    assert_eq!(link(&page, "Become one"), way);
    let (path, _) = way.split_once('#').expect("a place on it");
    let page = stranger.get(path).await;
    page.says("are for the tiers marked below")
        .says(&format!(
            "id=\"tier-{id}\">Harbour <span class=\"badge\">can comment</span>"
        ))
        .says("Lighthouse <span class=\"badge\">can comment</span>")
        .says("<button aria-label=\"Become a patron: Harbour\">")
        .says("<button class=\"button-quiet\" aria-label=\"Become a patron: Friend\">");
    assert_eq!(page.body.matches("can comment</span>").count(), 2);
    // Its places taken, the other is the way.
    limit(&place.world, &place.harbour, "1").await;
    let session = place
        .world
        .begin(&place.world.app.browser(), &place.harbour)
        .await;
    place.world.pay(&session, Card::Good);
    place.world.all_arrive().await;
    let page = stranger.get(TIDE).await;
    let way = link(&page, "Become one");
    assert!(way.contains(&place.lighthouse.id.to_string()), "{way}");
    // And when that is sold by the year alone, it leads there.
    let yearly = TierChange {
        name: "Lighthouse".to_owned(),
        yearly: Some(25000),
        ..TierChange::default()
    };
    let app = &place.world.app.app;
    tiers::change(app, place.world.matthew.id, place.lighthouse.id, yearly)
        .await
        .expect("changed");
    let page = stranger.get(TIDE).await;
    assert!(link(&page, "Become one").contains("&every=year"));
    for tier in [place.lighthouse.id, place.harbour.id] {
        tiers::archive(app, place.world.matthew.id, tier, None)
            .await
            .expect("off sale");
    }
    let page = stranger.get(TIDE).await;
    page.says("Lighthouse and Harbour")
        .says("nothing of that on offer right now")
        .does_not_say("Become one");
}

#[tokio::test]
async fn a_patron_of_another_tier_reads_which_would_do_and_is_led_to_it() {
    let place = Harbour::new().await;
    let world = &place.world;
    world.subscribe(Card::Good).await;
    world.stranger_subscribes(1, Card::Good).await;
    world.all_arrive().await;
    let (eve, account) = world.app.reader("Eve").await;
    let friend = world.friend.id;
    world
        .app
        .member(account.id, &world.matthew, State::Active, |row| {
            row.tier_id = Set(friend);
        })
        .await;
    // Whoever of them comes first: each is led to her own.
    for (browser, account) in [(&eve, account.id), (&world.browser, world.ann.id)] {
        let page = browser.get(TIDE).await;
        page.says("in the tiers Lighthouse and Harbour")
            .says("Yours is Friend.")
            .does_not_say("name=\"body\"");
        let way = browser.get(&link(&page, "Change to Harbour")).await;
        let rows = world.memberships().await;
        let hers = rows.iter().find(|row| row.account_id == account);
        let hers = hers.expect("hers").id;
        let to = format!("/account/memberships/{hers}/tier?tier={}", place.harbour.id);
        assert_eq!(way.location(), to);
    }
    let page = world.browser.get(TIDE).await;
    let way = world.browser.get(&link(&page, "Change to Harbour")).await;
    let page = world.browser.get(way.location()).await;
    page.says("<h1>Change to Harbour</h1>");
    let answer = super::changing_tier::press(
        &world.browser,
        way.location().split_once("/tier").expect("hers").0,
        &page,
    )
    .await;
    assert_eq!(answer.location(), "/account", "{}", answer.body);
    world.browser.get(TIDE).await.says("name=\"body\"");
    // What was given once is in no tier, and has no membership to change.
    let (tom, _) = world.app.reader("Tom").await;
    let session = world.begin_tip(&tom, "900").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let page = tom.get(TIDE).await;
    page.says("What you gave once is in no tier.");
    let way = tom.get(&link(&page, "Change to Harbour")).await;
    let to = format!("{SUPPORT}?tier={}", place.harbour.id);
    assert_eq!(way.location(), to);
    tom.get(way.location())
        .await
        .says("<button class=\"button-quiet\" aria-label=\"Become a patron: Friend\">");
}

#[tokio::test]
async fn whose_tier_would_not_do_anyway_reads_what_comes_first_and_what_then() {
    let place = Harbour::new().await;
    for (state, first) in [
        (State::Pending, WAITS),
        (State::Lapsed, "did not go through"),
        (State::Paused, "is paused"),
    ] {
        for (tier, then) in [
            (
                place.world.friend.id,
                "Then you can change to a tier that comments.",
            ),
            (place.lighthouse.id, "Then you can comment."),
        ] {
            let name = format!("{state:?} {then}");
            let (browser, account) = place.world.app.reader(&name).await;
            place
                .world
                .app
                .member(account.id, &place.world.matthew, state, |row| {
                    row.tier_id = Set(tier);
                })
                .await;
            let page = browser.get(TIDE).await;
            page.says("Lighthouse and Harbour").says(first).says(then);
        }
    }
}
