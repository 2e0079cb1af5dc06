//! Bans that are refused: each says why, keeps what was typed, and is not offered where it would be.

use reqwest::StatusCode;

use super::{Tide, act, rules::QUEUE};

#[tokio::test]
async fn a_ban_that_is_not_sound_comes_back_as_typed_and_says_what_is_wrong() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let id = tide.comment(&ann, "Rude").await;
    let long = "x".repeat(501);
    for (reason, days, said) in [
        ("Be kind", "a week", "from 1 to 3,650"),
        ("Be kind", "abc", "from 1 to 3,650"),
        ("Be kind", "-1", "from 1 to 3,650"),
        ("Be kind", "0", "from 1 to 3,650"),
        ("Be kind", "400000", "from 1 to 3,650"),
        ("Be kind", "999999999999", "from 1 to 3,650"),
        ("", "7", "please give a reason"),
        ("  ", "7", "please give a reason"),
        (&long, "7", "can have 500 characters"),
    ] {
        let form = [("reason", reason), ("days", days), ("back", QUEUE)];
        let page = tide.matthew.post(&act(id, "ban"), &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
        page.says(said)
            .says("Rude")
            .says(&format!("value=\"{reason}\""))
            .says(&format!("value=\"{days}\""))
            .says(&format!("name=\"back\" value=\"{QUEUE}\""));
    }
    assert!(tide.acts(account.id).await.is_empty());
}

#[tokio::test]
async fn whoever_looks_after_the_conversation_is_not_offered_to_be_banned() {
    let tide = Tide::start().await;
    let (mia, helper) = tide.app.reader("Mia").await;
    let email = helper.email.clone().expect("an address");
    let form = [("email", email.as_str())];
    tide.matthew
        .submit("/studio/comments/moderators", &form)
        .await;
    let (olivia, _) = tide.app.owner().await;
    let ann = tide.reader("Ann").await;
    let mut ids = Vec::new();
    for browser in [&ann, &mia, &tide.matthew, &olivia] {
        ids.push(tide.comment(browser, "Hello").await);
    }
    let queue = format!("{QUEUE}?state=all");
    for (browser, bans) in [
        (&mia, [true, false, false, false]),
        (&tide.matthew, [true, true, false, false]),
        (&olivia, [true, true, false, false]),
    ] {
        let page = browser.get(&queue).await;
        for (id, bans) in ids.iter().zip(bans) {
            let form = format!("action=\"{}\"", act(*id, "ban"));
            match bans {
                true => page
                    .says(&form)
                    .says("type=\"number\" min=\"1\" max=\"3650\""),
                false => page.does_not_say(&form),
            };
            if !bans {
                let form = [("reason", "Enough"), ("back", &*queue)];
                let page = browser.submit(&act(*id, "ban"), &form).await;
                page.says("Nobody was banned").says("id=\"comment-");
            }
        }
    }
}
