//! One supporter, what is noted of her, and who may know of her at all.

use plaudit::{mail::Letter, sandbox::stripe::Card};
use reqwest::StatusCode;

use crate::{
    mail::an_end,
    membership::{World, month},
};

#[tokio::test]
async fn an_author_reads_a_supporters_life_and_notes_what_he_wants_to_remember() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    let session = world.begin_tip(&world.browser, "1000").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let path = format!("/studio/supporters/{}", world.ann.id);
    let page = world.studio.get(&path).await;
    page.says("Became a patron")
        .says("€3.00")
        .says("€10.00")
        .says("An e-mail went out: Receipt</span>")
        .says("An e-mail went out: Welcome</span>")
        .does_not_say("Receipt: ");
    // Her letters are in her language, his studio is in his.
    world
        .studio
        .post("/account", &[("name", "Matthew Smith"), ("language", "de")])
        .await;
    let page = world.studio.get(&path).await;
    page.says("Eine E-Mail ging hinaus: Quittung</span>")
        .does_not_say("Receipt");
    world
        .studio
        .post("/account", &[("name", "Matthew Smith"), ("language", "en")])
        .await;
    let note = [("body", "Met her at the pier.\n<b>Tea</b>, no milk.")];
    let kept = world.studio.submit(&format!("{path}/notes"), &note).await;
    kept.says("The note is kept.")
        .says("Met her at the pier.")
        .does_not_say("<b>Tea</b>");
    let long = "x".repeat(2_001);
    let refused = world
        .studio
        .post(&format!("{path}/notes"), &[("body", &long)])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says(&long);
    let label = [("label", "Harbour choir")];
    let labelled = world.studio.submit(&format!("{path}/labels"), &label).await;
    labelled.says("Harbour choir");
    // Whatever its case, a label is one, as it was first typed; a comma is a part of it.
    for typed in ["HARBOUR CHOIR", "harbour choir", "Press, local"] {
        let label = [("label", typed)];
        world.studio.submit(&format!("{path}/labels"), &label).await;
    }
    let labelled = world.studio.get("/studio/supporters").await;
    labelled.says("Press, local");
    assert_eq!(labelled.body.matches("<option>Harbour choir").count(), 1);
    labelled.does_not_say("HARBOUR CHOIR");
    let found = world
        .studio
        .get("/studio/supporters?label=Harbour+choir")
        .await;
    found.says("One person").says("ann@example.org");
    let others = world.studio.get("/studio/supporters?label=Quay").await;
    others.says("Nobody is like that");
    // A part of a label is found as a part of a name is, and the file has what the page has.
    let found = world.studio.get("/studio/supporters?q=CHOIR").await;
    found
        .says("ann@example.org")
        .says("href=\"/studio/supporters.csv?show=all&amp;q=CHOIR\"");
    let file = async |query: &str| {
        let path = format!("/studio/supporters.csv?{query}");
        world.studio.get(&path).await.body
    };
    let bytes = world.studio.bytes("/studio/payments.csv").await;
    let mark = "\u{feff}number,".as_bytes();
    assert!(bytes.starts_with(mark), "a spreadsheet reads it as UTF-8");
    let all = file("").await;
    assert!(
        all.starts_with("\u{feff}name,email,") && all.contains(",until,labels\n"),
        "{all}"
    );
    assert!(
        all.contains("ann@example.org") && all.contains("\"Harbour choir, \"\"Press, local\"\"\""),
        "{all}"
    );
    for (query, is_in) in [
        ("show=all&q=choir", true),
        ("show=patrons&label=Harbour+choir", true),
        ("show=former", false),
        ("q=quay", false),
        ("label=Quay", false),
        ("since=2999-01-01", false),
    ] {
        let rows = file(query).await;
        assert_eq!(rows.contains("ann@example.org"), is_in, "{query}: {rows}");
    }
    world
        .studio
        .submit(&format!("{path}/labels/delete"), &label)
        .await
        .says("The label is removed.");
    let csv = world.studio.get("/studio/supporters.csv").await;
    csv.does_not_say("pier");
    // Nobody else's supporters, and no strangers.
    let (olga, _) = world.app.author("Olga").await;
    assert_eq!(olga.get(&path).await.status, StatusCode::NOT_FOUND);
    let post = olga.post(&format!("{path}/notes"), &note).await;
    assert_eq!(post.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_payment_that_fails_stands_in_her_life_though_nothing_was_paid() {
    let world = World::new().await;
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let path = format!("/studio/supporters/{}", world.ann.id);
    let page = world.studio.get(&path).await;
    page.says("An e-mail went out: A payment failed</span>");
    // What she hears of others is no business of his.
    let letter = Letter {
        key: "ended:of_another".to_owned(),
        kind: "ended",
        to: &world.ann,
        values: an_end(),
    };
    let tx = plaudit::db::begin(&world.app.app.db).await.expect("begun");
    let now = world.app.app.clock.now();
    let written = world.app.app.outbox.enqueue(&tx, now, letter).await;
    assert!(written.expect("written"));
    tx.commit().await.expect("committed");
    world.app.work().await;
    let page = world.studio.get(&path).await;
    page.says("An e-mail went out: A payment failed</span>")
        .does_not_say("An e-mail went out: The support has ended</span>");
    // Not in the life she has with somebody else.
    let (olga, _) = world.app.author("Olga").await;
    assert_eq!(olga.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_know_that_she_supports_is_hers_to_choose() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let choose = async |choice: &str| {
        let path = format!("/account/visibility/{}", world.matthew.slug);
        world.browser.submit(&path, &[("choice", choice)]).await
    };
    let wall = async || {
        let path = format!("/authors/{}", world.matthew.slug);
        world.app.browser().get(&path).await
    };
    let rooms = [
        "/studio",
        "/studio/supporters",
        "/studio/payments",
        "/studio/supporters.csv",
        "/studio/payments.csv",
    ];
    let own = format!("/studio/supporters/{}", world.ann.id);
    // The author alone, unless she says more.
    wall().await.does_not_say("Carried by");
    for room in rooms {
        world.studio.get(room).await.says("Ann");
    }
    choose("public").await.says("Kept. It holds from now on.");
    wall().await.says("Carried by").says("<bdi>Ann</bdi>");
    let support = format!("/authors/{}/support", world.matthew.slug);
    world
        .app
        .browser()
        .get(&support)
        .await
        .says("<bdi>Ann</bdi>");
    choose("secret").await;
    wall().await.does_not_say("Carried by");
    for room in rooms {
        world
            .studio
            .get(room)
            .await
            .does_not_say("Ann")
            .does_not_say("ann@example.org");
    }
    world
        .studio
        .get("/studio")
        .await
        .says("<dd class=\"number\">1 ");
    let found = world.studio.get("/studio/supporters?q=ann").await;
    found.says("Nobody is like that");
    assert_eq!(world.studio.get(&own).await.status, StatusCode::NOT_FOUND);
    let nonsense = world
        .browser
        .post(
            &format!("/account/visibility/{}", world.matthew.slug),
            &[("choice", "loud")],
        )
        .await;
    assert!(nonsense.status.is_client_error());
    // Who leaves is thanked no longer.
    choose("public").await;
    let subscription = world.memberships().await[0].stripe_subscription_id.clone();
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    wall().await.does_not_say("Carried by");
}
