//! Forms that ask somebody to write here, and say something unknown.

use reqwest::StatusCode;

use crate::support::TestApp;

#[tokio::test]
async fn an_invitation_to_be_something_unknown_comes_back_with_a_sentence() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    for role in ["king", "reader", ""] {
        let form = [
            ("email", "nora@example.org"),
            ("name", "Nora"),
            ("role", role),
        ];
        let page = owner.post("/admin/invitations", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{role}");
        page.says("Please choose what somebody is to be")
            .says("value=\"nora@example.org\"");
    }
    assert!(app.letters("nora@example.org").await.is_empty());
}
