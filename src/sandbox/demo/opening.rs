//! Before the first day: the people, the authors' pages, what is on sale.

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};

use super::cast::{PAGES, PASSWORD, PEOPLE, Person, TIERS};
use crate::{
    accounts::{self, Address, NewPerson},
    app::App,
    entities::author,
    membership::tiers::{self, Amounts, NewTier},
};

pub(super) async fn open(app: &App) -> anyhow::Result<()> {
    for person in &PEOPLE {
        enter(app, person).await.context(person.key)?;
    }
    for (slug, name, description, monthly, yearly) in TIERS {
        let author = author::Entity::by_slug(slug).one(&app.db).await?;
        let new = NewTier {
            name: name.to_owned(),
            description: description.to_owned(),
            currency: "eur".to_owned(),
            monthly: Some(monthly),
            yearly: Some(yearly),
            others: vec![Amounts {
                currency: "usd".to_owned(),
                monthly: Some(monthly),
                yearly: Some(yearly),
            }],
            is_open_ended: name == "Friend",
            trial_days: None,
        };
        tiers::create(app, author.context(slug)?.id, new).await?;
    }
    Ok(())
}

async fn enter(app: &App, person: &Person) -> anyhow::Result<()> {
    let new = NewPerson {
        address: Address::parse(&person.email())?,
        name: person.name.to_owned(),
        role: person.role,
        slug: None,
        password: Some(PASSWORD.to_owned()),
    };
    let (account, author) = accounts::add(app, new).await?;
    let mut row = account.into_active_model();
    row.language = Set(person.language.to_owned());
    row.update(&app.db).await?;
    let page = PAGES.iter().find(|page| page.key == person.key);
    if let (Some(author), Some(page)) = (author, page) {
        let mut row = author.into_active_model();
        row.bio = Set(page.bio.to_owned());
        row.portrait = Set(Some(page.portrait.to_owned()));
        row.support_words = Set(page.support_words.map(str::to_owned));
        row.update(&app.db).await?;
    }
    Ok(())
}
