//! Addresses that name what cannot be: the house's page says that there is nothing, whoever asks.

use reqwest::StatusCode;

use crate::support::TestApp;

/// Every address of the house in which something is named by an id or a number.
fn addresses() -> Vec<String> {
    let routers = [
        include_str!("../../../src/router.rs"),
        include_str!("../../../src/router/desk.rs"),
        include_str!("../../../src/router/owner.rs"),
    ];
    let quoted = routers
        .iter()
        .flat_map(|text| text.split('"').skip(1).step_by(2));
    let named = quoted.filter(|path| path.starts_with('/'));
    let named = named.filter(|path| path.contains("{id}") || path.contains("{number}"));
    named.map(str::to_owned).collect()
}

#[tokio::test]
async fn an_id_that_is_none_gets_the_houses_page() {
    let app = TestApp::start().await;
    let (studio, matthew) = app.author("Matthew Smith").await;
    let (owner, _) = app.owner().await;
    let all = addresses();
    assert!(all.len() > 40, "{all:?}");
    for pattern in all {
        for wrong in ["nope", "%ff", "-1", "99999999999999999999"] {
            let path = pattern
                .replace("{slug}", &matthew.slug)
                .replace("{note}", wrong)
                .replace("{act}", "hide")
                .replace("{version}", wrong)
                .replace("{id}", wrong)
                .replace("{number}", wrong);
            let browser = match path.starts_with("/admin") {
                true => &owner,
                false => &studio,
            };
            for page in [browser.get(&path).await, browser.post(&path, &[]).await] {
                let is_house = page.body.contains("Nothing here");
                match page.status {
                    StatusCode::NOT_FOUND => assert!(is_house, "{path}: {}", page.body),
                    // A number that could be, and a form that is not ours.
                    StatusCode::UNPROCESSABLE_ENTITY if wrong == "-1" => {
                        page.says("site-header");
                    }
                    // Events and mails may be called anything, and a press says that there was nothing to do.
                    StatusCode::SEE_OTHER | StatusCode::METHOD_NOT_ALLOWED => {}
                    other => panic!("{path}: {other} {}", page.body),
                }
            }
        }
    }
    for path in ["/account/memberships/nope/tier", "/account/receipts/nope"] {
        let page = studio.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.says("Nothing here");
    }
}
