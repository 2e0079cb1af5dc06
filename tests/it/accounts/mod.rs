//! Accounts: joining, signing in and out, proving an address, the reader's own pages.

mod commands;
mod joining;
mod links;
mod moving;
mod names;
mod own_pages;
mod passwords;
mod proving;
mod sessions;
mod strangers;

use plaudit::entities::{account, outbox};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::TestApp;

impl TestApp {
    /// The letters written to an address, oldest first.
    pub async fn letters(&self, address: &str) -> Vec<outbox::Model> {
        outbox::Entity::find()
            .filter(outbox::Column::ToAddress.eq(address))
            .order_by_asc(outbox::Column::Id)
            .all(&self.app.db)
            .await
            .expect("letters")
    }

    /// The path of the link in the last letter to an address.
    pub async fn mailed_link(&self, address: &str) -> String {
        let letters = self.letters(address).await;
        let body = &letters.last().expect("a letter").body_text;
        let start = body.find(&self.url).expect("a link") + self.url.len();
        let link = body[start..].lines().next().expect("a line");
        link.to_owned()
    }

    /// The account that has proven an address.
    pub async fn account_of(&self, address: &str) -> Option<account::Model> {
        account::Entity::by_email(address)
            .one(&self.app.db)
            .await
            .expect("an answer")
    }
}
