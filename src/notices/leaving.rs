//! What the links in letters about new articles do, each within what its letter was about.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use super::{choosing, digests, fan_out, rearranging::rearrange, wishes::Known};
use crate::{
    app::App,
    authors, db,
    entities::{
        Frequency, account, article, author, following, notice, outbox, suppression::Reason,
    },
    mail::{
        suppression::{self, Fingerprint, Purpose},
        unsubscribe::{self as link, Scope},
    },
};

/// How many notices back a link of an account that is gone is looked for.
const LOOKED_BACK: u64 = 1000;

/// A link, and whom it is for now.
pub(super) struct Opened {
    pub token: String,
    pub scope: Scope,
    /// `None` where nobody is left to write to.
    account: Option<Uuid>,
    /// Whom the letter was about; empty for a letter of the day or the week.
    authors: Vec<author::Model>,
}

impl Opened {
    pub fn names(&self) -> Vec<&str> {
        let names = self.authors.iter().map(|author| author.name.as_str());
        names.collect()
    }

    /// What rows are marked with that were left by this link.
    fn mark(&self) -> Option<Uuid> {
        match self.scope {
            Scope::Author(_) => None,
            Scope::Article(article) => Some(article),
            Scope::Daily | Scope::Weekly => Some(Uuid::nil()),
        }
    }
}

/// The link of this token; `None` if it is not one of ours, or what it was about is gone.
pub(super) async fn open(app: &App, token: &str) -> Result<Option<Opened>, DbErr> {
    let Some((named, scope)) = link::open(&app.key, token) else {
        return Ok(None);
    };
    let authors = match scope {
        Scope::Author(id) => {
            let found = author::Entity::find_by_id(id).one(&app.db).await?;
            found.into_iter().collect()
        }
        Scope::Article(id) => match article::Entity::find_by_id(id).one(&app.db).await? {
            Some(article) => authors::writers(&app.db, &article).await?,
            None => Vec::new(),
        },
        Scope::Daily | Scope::Weekly => Vec::new(),
    };
    let is_digest = matches!(scope, Scope::Daily | Scope::Weekly);
    if authors.is_empty() && !is_digest {
        return Ok(None);
    }
    Ok(Some(Opened {
        token: token.to_owned(),
        scope,
        account: now_belonging_to(&app.db, named, scope).await?,
        authors,
    }))
}

/// Stops what the letter was about.
pub(super) async fn leave(app: &App, opened: &Opened) -> Result<(), DbErr> {
    change_to(app, opened, Frequency::None).await
}

/// The same for a mail to the list's own address.
pub(super) async fn leave_by_mail(app: &App, account: Uuid, scope: Scope) -> Result<(), DbErr> {
    let token = link::token(&app.key, account, scope);
    match open(app, &token).await? {
        Some(opened) => leave(app, &opened).await,
        None => Ok(()),
    }
}

/// Takes back what this link has stopped.
pub(super) async fn come_back(app: &App, opened: &Opened) -> Result<(), DbErr> {
    use following::Column;
    let Some(account) = opened.account else {
        return Ok(());
    };
    let of = match opened.scope {
        Scope::Author(author) => Condition::all().add(Column::AuthorId.eq(author)),
        Scope::Article(article) => Condition::all().add(Column::LeftArticleId.eq(article)),
        Scope::Daily | Scope::Weekly => Condition::all()
            .add(Column::LeftArticleId.eq(Uuid::nil()))
            .add(Column::Previous.eq(often(opened.scope))),
    };
    let tx = db::begin(&app.db).await?;
    choosing::come_back(app, &tx, account, of).await?;
    tx.commit().await
}

/// What the page behind the link says: `frequency` for what the letter was about, or `all=off`. Returns
/// which sentence answers it.
pub(super) async fn change(app: &App, opened: &Opened, body: &[u8]) -> Result<&'static str, DbErr> {
    let said: Vec<_> = url::form_urlencoded::parse(body).collect();
    if said
        .iter()
        .any(|(name, value)| name == "all" && value == "off")
    {
        if let Some(account) = opened.account {
            all_off(app, account).await?;
        }
        return Ok("notices-all-off-done");
    }
    let wanted = said.iter().find(|(name, _)| name == "frequency");
    let wanted = match wanted.map(|(_, value)| value.as_ref()) {
        Some("at_once") => Frequency::AtOnce,
        Some("daily") => Frequency::Daily,
        Some("weekly") => Frequency::Weekly,
        Some("none") => Frequency::None,
        _ => return Ok(""),
    };
    change_to(app, opened, wanted).await?;
    Ok(super::following::said(wanted))
}

async fn change_to(app: &App, opened: &Opened, wanted: Frequency) -> Result<(), DbErr> {
    let Some(account) = opened.account else {
        return Ok(());
    };
    let left = opened.mark().filter(|_| wanted == Frequency::None);
    let tx = db::begin(&app.db).await?;
    for author in hears_of(app, &tx, account, opened).await? {
        choosing::write(app, &tx, account, (author, wanted), left).await?;
    }
    rearrange(app, &tx, account).await?;
    tx.commit().await
}

/// The authors of the letter whom its reader hears of, or has left.
async fn hears_of(
    app: &App,
    db: &impl ConnectionTrait,
    account: Uuid,
    opened: &Opened,
) -> Result<Vec<Uuid>, DbErr> {
    use following::Column;
    if opened.authors.is_empty() {
        let of_it = Column::Frequency.eq(often(opened.scope));
        let left = Condition::all()
            .add(Column::Frequency.eq(Frequency::None))
            .add(Column::LeftArticleId.eq(Uuid::nil()))
            .add(Column::Previous.eq(often(opened.scope)));
        return following::Entity::find()
            .select_only()
            .column(Column::AuthorId)
            .filter(Column::AccountId.eq(account))
            .filter(Condition::any().add(of_it).add(left))
            .into_tuple()
            .all(db)
            .await;
    }
    if let [only] = opened.authors.as_slice() {
        return Ok(vec![only.id]);
    }
    let ids: Vec<Uuid> = opened.authors.iter().map(|author| author.id).collect();
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(db, &ids, &[account], time).await?;
    let concerns = |id: &Uuid| {
        let wish = known.wish(account, &[*id]);
        wish.frequency != Frequency::None || wish.has_said
    };
    Ok(ids.into_iter().filter(concerns).collect())
}

/// How often the letter's reader hears of its authors now; `None` where she hears of several differently.
pub(super) async fn frequency(app: &App, opened: &Opened) -> Result<Option<Frequency>, DbErr> {
    let Some(account) = opened.account else {
        return Ok(Some(Frequency::None));
    };
    let ids = hears_of(app, &app.db, account, opened).await?;
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(&app.db, &ids, &[account], time).await?;
    let mut each = ids.iter().map(|id| known.wish(account, &[*id]).frequency);
    let Some(first) = each.next() else {
        return Ok(Some(Frequency::None));
    };
    Ok(each.all(|other| other == first).then_some(first))
}

/// No letters about new articles any more, of anybody: what she follows and supports says so, and her
/// address does, whatever account it is used with.
pub(super) async fn all_off(app: &App, account: Uuid) -> Result<(), DbErr> {
    let Some(reader) = account::Entity::find_by_id(account).one(&app.db).await? else {
        return Ok(());
    };
    let now = app.clock.now();
    let authors = super::preferences::heard_of(app, account).await?;
    let tx = db::begin(&app.db).await?;
    for author in authors {
        choosing::write(app, &tx, account, (author, Frequency::None), None).await?;
    }
    if let Some(address) = reader.address() {
        let whom = Fingerprint::of(&app.key, address);
        let why = (Reason::Unsubscribed, "");
        suppression::suppress(&tx, now, &whom, Purpose::Notices, why).await?;
    }
    rearrange(app, &tx, account).await?;
    tx.commit().await
}

fn often(scope: Scope) -> Frequency {
    match scope {
        Scope::Weekly => Frequency::Weekly,
        _ => Frequency::Daily,
    }
}

/// The account a link is for: the one it names or, where that has become part of another, the one that
/// has its mails now.
async fn now_belonging_to(
    db: &impl ConnectionTrait,
    account: Uuid,
    scope: Scope,
) -> Result<Option<Uuid>, DbErr> {
    let named = account::Entity::find_by_id(account).one(db).await?;
    if let Some(named) = named {
        return Ok(Some(named.id).filter(|_| named.deleted_at.is_none()));
    }
    let mails = outbox::Entity::find();
    let mails = match scope {
        Scope::Article(article) => {
            mails.filter(outbox::Column::Key.eq(fan_out::key(article, account)))
        }
        Scope::Daily | Scope::Weekly => {
            let begins = digests::begins(often(scope), account);
            mails.filter(outbox::Column::Key.starts_with(begins))
        }
        Scope::Author(author) => {
            let articles = latest(db, author).await?;
            let keys = articles
                .into_iter()
                .map(|article| fan_out::key(article, account));
            mails.filter(outbox::Column::Key.is_in(keys))
        }
    };
    let mail = mails.one(db).await?;
    Ok(mail.and_then(|mail| mail.account_id))
}

/// What an author's latest notices were about.
async fn latest(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<Uuid>, DbErr> {
    use sea_orm::QueryOrder as _;
    notice::Entity::find()
        .select_only()
        .column(notice::Column::ArticleId)
        .filter(notice::Column::AuthorId.eq(author))
        .order_by_desc(notice::Column::CreatedAt)
        .limit(LOOKED_BACK)
        .into_tuple()
        .all(db)
        .await
}
