//! Before the first day: the people, the authors' pages, what is on sale.

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};

use super::cast::{LOGO, PAGES, PASSWORD, PEOPLE, Page, Person, TIERS};
use crate::{
    accounts::{self, Address, NewPerson},
    app::App,
    authors::{self, Link, Profile},
    entities::{author, publication},
    media::Shape,
    membership::tiers::{self, Amounts, NewTier},
};

pub(super) async fn open(app: &App) -> anyhow::Result<()> {
    let logo = app.media.take(LOGO.to_vec(), Shape::Logo).await?;
    let logo = Some(logo.path(None));
    publication::Entity::keep_logo(&app.db, app.clock.now(), logo).await?;
    app.house.refresh(&app.db).await?;
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
            seats: (name == "Patron").then_some(5),
            by: None,
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
        furnish(app, author, page).await?;
    }
    Ok(())
}

/// An author says who they are, as the settings would.
async fn furnish(app: &App, author: author::Model, page: &Page) -> anyhow::Result<()> {
    let (portrait, alt) = page.portrait;
    authors::set_portrait(app, author.id, portrait.to_vec(), alt).await?;
    let links = page.links.iter().map(|(label, address)| Link {
        label: (*label).to_owned(),
        address: (*address).to_owned(),
    });
    let profile = Profile {
        links: links.collect(),
        name: author.name,
        slug: author.slug,
        bio: page.bio.to_owned(),
        support_words: page.support_words.to_owned(),
        welcome: page.welcome.to_owned(),
        hears: author.hears,
    };
    authors::update_profile(app, author.id, profile).await?;
    Ok(())
}
