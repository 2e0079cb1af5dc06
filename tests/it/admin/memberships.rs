//! `/admin/memberships`: whom a person should look at, and why.

use plaudit::entities::MembershipState as State;
use sea_orm::Set;

use crate::support::TestApp;

#[tokio::test]
async fn flagged_memberships_stand_with_reader_author_amount_and_reason() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    owner
        .get("/admin/memberships")
        .await
        .says("No membership needs attention");
    let (_, matthew) = app.author("Matthew Smith").await;
    for (name, flag, why) in [
        ("Ann", Some("duplicate"), "pays the same author twice"),
        ("Bo", Some("disputed"), "bank disputes a payment"),
        (
            "Cy",
            Some("collection_paused"),
            "paused at Stripe, so nothing",
        ),
        (
            "Di",
            Some("levitating"),
            "Something about it was not expected",
        ),
        ("Ed", None, ""),
    ] {
        let (_, reader) = app.reader(name).await;
        let flagged = |row: &mut plaudit::entities::membership::ActiveModel| {
            row.flag = Set(flag.map(str::to_owned));
        };
        app.member(reader.id, &matthew, State::Active, flagged)
            .await;
        let page = owner.get("/admin/memberships").await;
        match flag {
            Some(_) => page.says(&format!("<b>{name}</b>")).says(why),
            None => page.does_not_say(&format!("<b>{name}</b>")),
        };
        page.says("€5.00 a month")
            .says("Matthew Smith")
            .says("Friend");
    }
}
