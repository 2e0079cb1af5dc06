//! People who are already here: rows and a session written directly, so that a test starts at its story.

use plaudit::{
    accounts::{SESSION_COOKIE, begin_session},
    entities::{Role, account, author},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::{Browser, TestApp};

impl TestApp {
    /// A signed-in reader. Ann's address is `ann@example.org`.
    pub async fn reader(&self, name: &str) -> (Browser, account::Model) {
        self.person(name, Role::Reader).await
    }

    /// A signed-in author with a page. Matthew Smith's slug is `matthew-smith`.
    pub async fn author(&self, name: &str) -> (Browser, author::Model) {
        let (browser, account) = self.person(name, Role::Author).await;
        let author = self.page_of(&account).await;
        (browser, author)
    }

    /// Somebody who is here becomes an author, and goes by this name from then on.
    pub async fn author_of(&self, mut account: account::Model, name: &str) -> Browser {
        name.clone_into(&mut account.name);
        account.role = Role::Author;
        let row: account::ActiveModel = account.clone().into();
        row.reset_all()
            .update(&self.app.db)
            .await
            .expect("an author");
        self.page_of(&account).await;
        self.signed_in(account.id).await
    }

    /// The signed-in owner, Olivia, who has an author's page too.
    pub async fn owner(&self) -> (Browser, account::Model) {
        let (browser, account) = self.person("Olivia", Role::Owner).await;
        self.page_of(&account).await;
        (browser, account)
    }

    /// A browser of the owner who is here already.
    pub async fn the_owner(&self) -> Browser {
        let owner = account::Entity::by_email("olivia@example.org");
        let owner = owner.one(&self.app.db).await.expect("accounts");
        self.signed_in(owner.expect("an owner").id).await
    }

    /// A browser with a new session of this account.
    pub async fn signed_in(&self, account: Uuid) -> Browser {
        let now = self.app.clock.now();
        let secret = begin_session(&self.app.db, now, account, "test")
            .await
            .expect("a session");
        let browser = self.browser();
        browser.hold(&self.app.cookies.name(SESSION_COOKIE), &secret);
        browser
    }

    async fn person(&self, name: &str, role: Role) -> (Browser, account::Model) {
        let account = account::ActiveModel {
            id: Set(Uuid::now_v7()),
            email: Set(Some(format!("{}@example.org", slug::slugify(name)))),
            contact_email: Set(None),
            billing_email: Set(None),
            name: Set(name.to_owned()),
            role: Set(role),
            language: Set("en".to_owned()),
            password_hash: Set(None),
            stripe_customer_id: Set(None),
            created_at: Set(self.app.clock.now()),
            deleted_at: Set(None),
        };
        let account = account.insert(&self.app.db).await.expect("an account");
        (self.signed_in(account.id).await, account)
    }

    async fn page_of(&self, account: &account::Model) -> author::Model {
        let author = author::ActiveModel {
            hears: Set(author::Hears::AtOnce),
            id: Set(Uuid::now_v7()),
            account_id: Set(account.id),
            slug: Set(slug::slugify(&account.name)),
            name: Set(account.name.clone()),
            bio: Set(String::new()),
            portrait: Set(None),
            portrait_alt: Set(String::new()),
            support_words: Set(None),
            welcome: Set(None),
            created_at: Set(account.created_at),
        };
        author.insert(&self.app.db).await.expect("an author")
    }
}
