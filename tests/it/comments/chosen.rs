//! What an author chooses in the editor: patrons of certain tiers, and a number of days.

use chrono::Duration;
use plaudit::entities::{MembershipState as State, tier};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use super::{COMMENTS, TIDE, Tide};
use crate::support::Page;

impl Tide {
    /// The author gives a tier another name.
    async fn calls(&self, tier: Uuid, name: &str) {
        let named = tier::Entity::update_many()
            .col_expr(tier::Column::Name, Expr::value(name))
            .filter(tier::Column::Id.eq(tier));
        named.exec(&self.app.app.db).await.expect("named");
    }

    /// The author saves the editor's form with these fields.
    async fn saves(&self, more: &[(&str, &str)]) -> Page {
        let path = format!("/studio/articles/{}", self.article.id);
        let page = self.matthew.get(&path).await;
        let (_, version) = page
            .body
            .split_once("name=\"version\" value=\"")
            .expect("a version");
        let version = version.split('"').next().unwrap_or_default();
        let mut form = vec![
            ("version", version),
            ("title", "The Tide"),
            ("slug", "the-tide"),
            ("body", "It comes and goes."),
            ("audience", "public"),
        ];
        form.extend(more);
        self.matthew.post(&path, &form).await
    }
}

#[tokio::test]
async fn an_article_whose_comments_are_for_certain_tiers_tells_the_others_which_way_to_go() {
    let tide = Tide::start().await;
    let (gold, ann) = tide.app.reader("Ann").await;
    let (tin, bob) = tide.app.reader("Bob").await;
    let hers = tide.app.patron(ann.id, &tide.author).await;
    let his = tide.app.patron(bob.id, &tide.author).await;
    tide.calls(hers.tier_id, "Gold").await;
    tide.calls(his.tier_id, "Tin").await;
    let saved = tide.saves(&[("comments", "tiers")]).await;
    assert_eq!(
        saved.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no tier is chosen"
    );
    let chosen = hers.tier_id.to_string();
    let saved = tide
        .saves(&[("comments", "tiers"), ("tiers", &chosen)])
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let path = format!("/studio/articles/{}", tide.article.id);
    tide.matthew
        .get(&path)
        .await
        .says(&format!("value=\"{chosen}\" checked"));
    gold.get(TIDE).await.says("name=\"body\"");
    tide.comment(&gold, "From a tier that may.").await;
    let sentence = "Comments here are for Matthew Smith’s patrons in the tier Gold.";
    let way = format!("href=\"/authors/matthew-smith/tier?tier={chosen}\">Change to Gold</a>");
    tin.get(TIDE)
        .await
        .says(sentence)
        .says("Yours is Tin.")
        .says(&way)
        .does_not_say("name=\"body\"");
    let path = format!("/authors/matthew-smith/tier?tier={chosen}");
    let to = tin.get(&path).await;
    let change = format!("/account/memberships/{}/tier?tier={chosen}", his.id);
    assert_eq!(to.location(), change);
    let refused = tin.post(COMMENTS, &[("body", "My word.")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.says(sentence).says("My word.");
    // Who is no patron is asked to become one, and the author always may.
    let reader = tide.reader("Cleo").await;
    reader.get(TIDE).await.says("Become a patron");
    tide.comment(&tide.matthew, "An answer.").await;
    assert_eq!(tide.rows().await.len(), 2);
}

#[tokio::test]
async fn a_tier_that_is_off_sale_still_opens_its_gate_to_those_who_have_it() {
    let tide = Tide::start().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let hers = tide
        .app
        .member(account.id, &tide.author, State::Grace, |_| {})
        .await;
    let chosen = hers.tier_id.to_string();
    tide.saves(&[("comments", "tiers"), ("tiers", &chosen)])
        .await;
    let archive = format!("/studio/tiers/{chosen}/archive");
    tide.matthew.submit(&archive, &[]).await;
    let kept = tier::Entity::find().filter(tier::Column::ArchivedAt.is_null());
    let kept = kept.one(&tide.app.app.db).await.expect("tiers");
    assert!(kept.is_none());
    tide.comment(&ann, "Still here.").await;
}

#[tokio::test]
async fn after_the_days_an_author_chose_a_conversation_is_read_only() {
    let tide = Tide::start().await;
    for days in ["0", "-1", "3651", "soon"] {
        let refused = tide.saves(&[("comments", "readers"), ("days", days)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
        refused.says(&format!("value=\"{days}\""));
    }
    let saved = tide.saves(&[("comments", "readers"), ("days", "30")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let ann = tide.reader("Ann").await;
    tide.app.app.clock.advance(Duration::days(29));
    let early = tide.comment(&ann, "Just in time.").await;
    tide.app.app.clock.advance(Duration::days(2));
    let page = ann.get(TIDE).await;
    page.says("It was closed for new comments on")
        .says("Just in time.")
        .does_not_say("name=\"body\"");
    tide.seen().await.says("It was closed for new comments on");
    let refused = ann.post(COMMENTS, &[("body", "Too late.")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused
        .says("It was closed for new comments on")
        .says("Too late.");
    let parent = early.to_string();
    let answer = [("body", "Too late, too."), ("parent", parent.as_str())];
    assert_eq!(
        ann.post(COMMENTS, &answer).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(tide.rows().await.len(), 1);
    // The author may still answer, and may open it again.
    tide.comment(&tide.matthew, "A last word.").await;
    tide.saves(&[("comments", "readers"), ("days", "")]).await;
    tide.comment(&ann, "Open again.").await;
}

#[tokio::test]
async fn a_gate_by_tier_is_of_its_authors_tiers_and_open_to_whoever_wrote_it_too() {
    let tide = Tide::start().await;
    let (_, ann) = tide.app.reader("Ann").await;
    let hers = tide.app.patron(ann.id, &tide.author).await;
    tide.calls(hers.tier_id, "Gold").await;
    let (ada, wrote) = tide.app.author("Ada").await;
    let chosen = hers.tier_id.to_string();
    let saved = tide
        .saves(&[
            ("comments", "tiers"),
            ("tiers", &chosen),
            ("co_authors", "Ada"),
        ])
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    // Another author as well, who is shown the same menu as Ada.
    let (bea, account) = tide.app.author("Bea").await;
    tide.app.patron(account.account_id, &wrote).await;
    let (bob, account) = tide.app.reader("Bob").await;
    tide.app.patron(account.id, &wrote).await;
    let sentence = "Comments here are for Matthew Smith’s patrons in the tier Gold.";
    for (writer, reader) in [(&ada, &bea), (&ada, &bob)] {
        writer.get(TIDE).await.says("name=\"body\"");
        // What a patron of Ada has is no tier of Matthew’s, and there is nothing to change to from it.
        let page = reader.get(TIDE).await;
        page.says(sentence)
            .says("Become one</a>")
            .says("href=\"/authors/matthew-smith/support?article=the-tide")
            .does_not_say("Yours is")
            .does_not_say("Change to Gold")
            .does_not_say("name=\"body\"");
        let refused = reader.post(COMMENTS, &[("body", "My word.")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says(sentence).does_not_say("Yours is");
        tide.comment(writer, "An answer.").await;
    }
}
