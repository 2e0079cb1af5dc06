//! Acting out a beat of the story by the same ways a person goes.

use anyhow::{Context as _, anyhow};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{cast, story::Beat};
use crate::{
    app::App,
    articles::{self, Import},
    comments::{self, Body, NewComment},
    entities::{
        Frequency, account, article, author, checkout, comment, grant, membership, tier,
        visibility::Choice,
    },
    membership::{
        checkout::{Giver, Wish, begin},
        gifts::{self, NewGift, NewGiven},
        sync, tiers, visibility,
    },
    money::Money,
    notices,
    sandbox::stripe::{Card, Stripe},
};

/// Where the story is played.
pub(super) struct Stage<'a> {
    pub(super) app: &'a App,
    pub(super) stripe: &'a Stripe,
}

impl Stage<'_> {
    pub(super) async fn perform(&self, beat: &Beat) -> anyhow::Result<()> {
        match *beat {
            Beat::Publishes(file) => self.publish(file).await,
            Beat::Joins(who, whose, tier, every, after) => {
                let author = self.author(whose).await?;
                let tier = self.tier(&author, tier).await?;
                self.give(
                    who,
                    &author,
                    Wish::Tier {
                        tier,
                        every,
                        currency: None,
                        amount: None,
                    },
                    after,
                )
                .await
            }
            Beat::Tips(who, whom, amount, after) => {
                let author = self.author(whom).await?;
                let wish = Wish::Tip {
                    amount: Money::new(amount, "eur"),
                    message: None,
                };
                self.give(who, &author, wish, after).await
            }
            Beat::Gifts(who, whose, tier, whom, after) => {
                self.gift(who, whose, tier, whom, after).await
            }
            Beat::Given(whose, tier, whom) => self.given(whose, tier, whom).await,
            Beat::Card(who, card) => {
                let customer = self.account(who).await?.stripe_customer_id;
                self.stripe
                    .set_card(&customer.context("no customer")?, card);
                Ok(())
            }
            Beat::Leaves(who) => self.leave(who).await,
            Beat::Follows(who, whom) => {
                let (account, author) = (self.account(who).await?.id, self.author(whom).await?.id);
                Ok(notices::choose(self.app, account, author, Frequency::AtOnce).await?)
            }
            Beat::Shows(who, whose) => {
                let (account, author) = (self.account(who).await?.id, self.author(whose).await?.id);
                Ok(visibility::keep(self.app, account, author, Choice::Public).await?)
            }
            Beat::Says(who, under, words) => self.comment(who, under, words, false).await,
            Beat::Answers(who, under, words) => self.comment(who, under, words, true).await,
        }
    }

    /// Bought through the Checkout, and taken by whom it was for.
    async fn gift(
        &self,
        who: &str,
        whose: &str,
        tier: &str,
        whom: &str,
        after: &str,
    ) -> anyhow::Result<()> {
        let author = self.author(whose).await?;
        let tier = self.tier(&author, tier).await?;
        let sold = tiers::on_sale(&self.app.db, author.id).await?;
        let sold = sold.iter().find(|sold| sold.tier.id == tier);
        let sold = sold.context("not on sale")?;
        let cost = gifts::cost(sold, 6, &sold.tier.currency);
        let reader = self.account(whom).await?;
        let wish = Wish::Gift(NewGift {
            tier,
            months: 6,
            cost: cost.context("no price")?,
            name: Some(reader.name.clone()),
            email: None,
            message: None,
            send_at: None,
        });
        self.give(who, &author, wish, after).await?;
        let buyer = self.account(who).await?;
        let bought = grant::Entity::bought_by(buyer.id).one(&self.app.db).await?;
        gifts::accept(self.app, &reader, &bought.context("no gift")?).await?;
        Ok(())
    }

    async fn given(&self, whose: &str, tier: &str, whom: &str) -> anyhow::Result<()> {
        let author = self.author(whose).await?;
        let until = self.app.clock.now().date_naive() + chrono::Duration::days(365);
        let new = NewGiven {
            email: cast::email(whom),
            tier: self.tier(&author, tier).await?,
            until: until.to_string(),
        };
        gifts::give(self.app, Some(author.account_id), &author, &new).await?;
        Ok(())
    }

    async fn tier(&self, author: &author::Model, name: &str) -> anyhow::Result<uuid::Uuid> {
        let found = tier::Entity::on_sale(author.id)
            .filter(tier::Column::Name.eq(name))
            .one(&self.app.db)
            .await?;
        Ok(found.context("no such tier")?.id)
    }

    async fn publish(&self, text: &str) -> anyhow::Result<()> {
        let how = Import {
            author: None,
            publish: true,
            quiet: false,
            folder: None,
        };
        articles::import(self.app, text, &how).await?;
        Ok(())
    }

    /// Through the Checkout, as from the button under an article.
    async fn give(
        &self,
        who: &str,
        author: &author::Model,
        wish: Wish,
        after: &str,
    ) -> anyhow::Result<()> {
        let db = &self.app.db;
        let account = self.account(who).await?;
        let giver = Giver {
            account: Some(&account),
            network: None,
            language: &account.language,
            article_id: Some(self.article(after).await?.id),
        };
        let begun = begin(self.app, author, giver, wish).await?;
        let row = checkout::Entity::find_by_id(begun.checkout_id)
            .one(db)
            .await?;
        let row = row.context("no checkout")?;
        let session = row.stripe_session_id.clone().context("no session")?;
        let email = account.address().unwrap_or_default();
        self.stripe
            .complete_checkout(&session, Card::Good, email, &account.name)
            .map_err(|problem| anyhow!(problem))?;
        sync::checkout(self.app, &row).await?;
        Ok(())
    }

    /// Cancels in the Billing Portal.
    async fn leave(&self, who: &str) -> anyhow::Result<()> {
        let account = self.account(who).await?;
        let membership = membership::Entity::find()
            .filter(membership::Column::AccountId.eq(account.id))
            .one(&self.app.db)
            .await?;
        let membership = membership.context("no membership")?;
        self.stripe
            .book_end(&membership.stripe_subscription_id, true);
        Ok(())
    }

    /// Posts a comment, or an answer to the newest one that is no answer itself.
    async fn comment(
        &self,
        who: &str,
        under: &str,
        words: &str,
        answers: bool,
    ) -> anyhow::Result<()> {
        let article_id = self.article(under).await?.id;
        let newest = comment::Entity::find()
            .filter(comment::Column::ArticleId.eq(article_id))
            .filter(comment::Column::ParentId.is_null())
            .order_by_desc(comment::Column::CreatedAt)
            .one(&self.app.db)
            .await?;
        let new = NewComment {
            article_id,
            account_id: self.account(who).await?.id,
            parent: newest.filter(|_| answers).map(|newest| newest.id),
            body: Body::parse(words).map_err(|flaw| anyhow!("{flaw:?}"))?,
        };
        comments::post(self.app, new).await?;
        Ok(())
    }

    async fn account(&self, who: &str) -> anyhow::Result<account::Model> {
        let found = account::Entity::by_email(&cast::email(who));
        let found = found.one(&self.app.db).await?;
        found.with_context(|| format!("nobody called {who}"))
    }

    async fn author(&self, slug: &str) -> anyhow::Result<author::Model> {
        let found = author::Entity::by_slug(slug).one(&self.app.db).await?;
        found.with_context(|| format!("no author {slug}"))
    }

    async fn article(&self, slug: &str) -> anyhow::Result<article::Model> {
        let found = article::Entity::find()
            .filter(article::Column::Slug.eq(slug))
            .one(&self.app.db)
            .await?;
        found.with_context(|| format!("no article {slug}"))
    }
}
