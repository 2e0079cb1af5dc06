//! Bans, reports, mutes and lists of words go out with the comments and come in with them.

use plaudit::entities::{account, mute};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::json;

use super::{COMMENTS, Tide, act, restoring::lively};
use crate::support::Browser;

impl Tide {
    /// Somebody of whom only her address is known.
    async fn again(&self, email: &str) -> (Browser, account::Model) {
        let all = account::Entity::find().all(&self.app.app.db).await;
        let mut all = all.expect("accounts").into_iter();
        let found = all.find(|one| one.address() == Some(email)).expect(email);
        (self.app.signed_in(found.id).await, found)
    }
}

#[tokio::test]
async fn what_keeps_a_conversation_civil_comes_along_with_it() {
    let old = lively().await;
    let (olivia, _) = old.again("olivia@example.org").await;
    let (dora, account) = old.again("dora@example.org").await;
    let words = [
        ("mode", "links"),
        ("hold", "casino"),
        ("refuse", "@spam.example"),
    ];
    olivia.submit("/admin/comments/rules", &words).await;
    let rude = old.saying("Rude").await;
    let ban = [("reason", "Enough"), ("scope", "all"), ("days", "")];
    olivia.submit(&act(rude.id, "ban"), &ban).await;
    let question = old.saying("mended").await;
    let why = [("reason", "Not true")];
    dora.submit(&act(question.id, "report"), &why).await;
    // One that was looked into stays so.
    let answer = old.saying("x.example").await;
    dora.submit(&act(answer.id, "report"), &[("reason", "Too short")])
        .await;
    for what in ["hide", "show"] {
        olivia.submit(&act(answer.id, what), &[]).await;
    }
    let muted = mute::ActiveModel {
        account_id: Set(account.id),
        thread_id: Set(question.id),
        created_at: Set(question.created_at),
    };
    let muted = mute::Entity::insert(muted).exec_without_returning(&old.app.app.db);
    muted.await.expect("muted");
    let document = old.export().await;
    for word in ["Enough", "Not true", "@spam.example", "\"thread\""] {
        assert!(document.contains(word), "{word}");
    }
    let new = Tide::start().await;
    for added in [old.rows().await.len(), 0] {
        let said = new.take_in(&document).await;
        assert_eq!(said["added"], added, "{said}");
        assert_eq!(said["of_the_house"], 6, "{said}");
        assert_eq!(said["not_kept"], json!({}), "{said}");
        assert_eq!(new.export().await, document);
    }
    let reported = new.matthew.get("/studio/comments?state=reported").await;
    reported.says("Not true").does_not_say("Too short");
    let (ben, _) = new.again("ben@example.org").await;
    let refused = ben.post(COMMENTS, &[("body", "Here I am")]).await;
    assert_eq!(refused.status, 403);
    refused.says("Enough");
    // What a house has already is not changed by a file, and what is about nobody here is told.
    let rules = [("mode", "off"), ("hold", ""), ("refuse", "")];
    new.matthew.submit("/studio/comments/rules", &rules).await;
    let document = document.replace("\"author\": \"matthew-smith\"", "\"author\": \"nobody\"");
    let import = ["comments", "import", "-"];
    let said = new.app.plaudit_with(&import, &[], &document).await.done();
    assert!(
        said.contains("not kept: 1 bans, reports, mutes or lists of words"),
        "{said}"
    );
}
