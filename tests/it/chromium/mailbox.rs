//! Coming in by a link from the mailbox.

use super::Window;
use crate::support::TestApp;
pub use crate::support::mailbox::{letter, link};

/// Signs in by the link in her mailbox.
pub async fn sign_in(app: &TestApp, window: &Window, email: &str) {
    window.open("/sign-in").await;
    window.fill("E-mail address", email).await;
    window.press("Send me a link").await;
    app.work().await;
    let text = letter(app, email, "sign in");
    window.open(&link(&text, "/sign-in/")).await;
    window.press("Sign in").await;
}
