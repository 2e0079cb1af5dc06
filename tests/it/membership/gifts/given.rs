//! Memberships the house gives.

use chrono::Duration;
use plaudit::{
    entities::payment,
    membership::{Support, gifts},
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use crate::membership::world::World;

#[tokio::test]
async fn the_author_gives_a_membership_with_an_end() {
    let world = World::new().await;
    let until = (world.app.app.clock.now() + Duration::days(90))
        .date_naive()
        .to_string();
    let tier = world.friend.id.to_string();
    let give = |email: &'static str| {
        [
            ("email", email),
            ("tier", tier.as_str()),
            ("until", until.as_str()),
        ]
    };
    let known = world
        .studio
        .post("/studio/grants", &give("ann@example.org"))
        .await;
    let unknown = world
        .studio
        .post("/studio/grants", &give("eve@example.org"))
        .await;
    assert_eq!(
        known.location(),
        unknown.location(),
        "nobody learns who is known"
    );
    assert_eq!(world.standing().await.support, Support::Granted);
    let letters = world.letters("membership_given").await;
    assert_eq!(letters.len(), 2);
    world
        .studio
        .get("/studio/supporters")
        .await
        .says("eve@example.org");
    // The log names whose they are: by name, or where the letter went.
    let owner = world.app.the_owner().await;
    for (asked, whose) in [("ann", "Ann"), ("eve", "eve@example.org")] {
        owner
            .get(&format!("/admin/audit?q={asked}"))
            .await
            .says("Gave a membership")
            .says(">author: Matthew Smith<")
            .says(">tier: Friend<")
            .says(&format!(">{whose}</"));
    }
    let twice = world
        .studio
        .post("/studio/grants", &give("eve@example.org"))
        .await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..3 {
        let form = [("email", "gus@example.org")];
        world.app.browser().post("/sign-in/link", &form).await;
    }
    let form = give("gus@example.org");
    let often = world.studio.post("/studio/grants", &form).await;
    assert_eq!(often.status, StatusCode::UNPROCESSABLE_ENTITY);
    often.says("three e-mails from us today");
    for (name, value) in [
        ("email", "eve"),
        ("until", "2020-01-01"),
        ("until", "2199-01-01"),
        ("tier", &Uuid::now_v7().to_string()),
    ] {
        let mut form = give("fay@example.org");
        form.iter_mut()
            .filter(|(known, _)| *known == name)
            .for_each(|field| field.1 = value);
        let page = world.studio.post("/studio/grants", &form).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name} {value}"
        );
    }
    // The unknown one claims hers by the link.
    let eve = letters
        .iter()
        .find(|row| row.to_address == "eve@example.org")
        .expect("hers");
    let (_, rest) = eve.body_text.split_once("/gifts/").expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let (browser, account) = world.app.reader("Eve Other").await;
    browser.post(&format!("/gifts/{token}"), &[]).await;
    assert!(world.standing_of(account.id).await.is_patron());
    // Ended early and back; by nobody but her own author and the owner.
    let id = world
        .grants()
        .await
        .iter()
        .find(|row| row.account_id == Some(world.ann.id))
        .expect("hers")
        .id;
    let (other, _) = world.app.author("Ada Merrow").await;
    let end = format!("/studio/grants/{id}/end");
    assert_eq!(other.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.letters("ended").await.len(), 0);
    for _ in 0..2 {
        world.studio.post(&end, &[]).await;
        assert!(!world.standing().await.is_patron());
        let told = world.letters("ended").await;
        assert_eq!(told.len(), 1, "told once");
        assert_eq!(told[0].to_address, "ann@example.org");
    }
    world
        .studio
        .post(&format!("/studio/grants/{id}/keep"), &[])
        .await;
    assert!(world.standing().await.is_patron());
    let payments = payment::Entity::find().count(&world.app.app.db).await;
    assert_eq!(payments.expect("payments"), 0);
    assert_eq!(gifts::work(&world.app.app).await.expect("work"), 0);
}

#[tokio::test]
async fn the_owner_gives_for_any_author() {
    let world = World::new().await;
    let owner = world.app.the_owner().await;
    let until = (world.app.app.clock.now() + Duration::days(90))
        .date_naive()
        .to_string();
    let tier = world.friend.id.to_string();
    let form = [
        ("email", "ann@example.org"),
        ("tier", tier.as_str()),
        ("until", until.as_str()),
    ];
    let reader = world.browser.post("/admin/grants", &form).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    assert_eq!(
        owner.post("/admin/grants", &form).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(world.standing().await.is_patron());
    owner
        .get("/admin/memberships")
        .await
        .says("ann@example.org")
        .says("Matthew Smith: Friend");
    let again = owner.post("/admin/grants", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}
