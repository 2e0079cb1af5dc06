//! What stands under an article: a page of the conversation, and the form or the way in.

use std::collections::{HashMap, HashSet};

use sea_orm::{DbErr, EntityTrait};
use serde::Serialize;
use uuid::Uuid;

use super::{
    bans,
    conversation::{self, Badges, Row, Shown, Thread},
    fields::Fields,
    outline::{self, Eyes, Line, Order, Slice, Spot},
    place::Place,
    standing::Rank,
    way_in::WayIn,
};
use crate::{
    app::App,
    entities::{account, article, author, ban, comment},
    membership::{Standing, visibility::badges_among},
    web::{Error, Result},
};

/// What `comments/section.html` shows, as `comments`.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// How many comments everybody sees.
    count: usize,
    /// How many wait to be looked over; for those who do so.
    held: usize,
    moderates: bool,
    is_signed_in: bool,
    /// The path of the article.
    path: String,
    /// `oldest` or `newest`.
    order: &'static str,
    /// The addresses of the pages around this one.
    before: Option<String>,
    after: Option<String>,
    /// The pinned comment, on the first page.
    pinned: Option<Shown>,
    /// The threads, as HTML; empty if there are none.
    threads: String,
    /// Where she may comment.
    form: Option<Fields>,
    /// Where she may not.
    way_in: Option<WayIn>,
    /// Who sees it otherwise than others do: who wrote or liked any of it, or may not take part.
    #[serde(skip)]
    writers: HashSet<Uuid>,
    #[serde(skip)]
    article: Uuid,
}

/// Which page of a conversation is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub order: Order,
    /// The comment it begins with.
    pub first: Option<Uuid>,
}

/// Who asks for it.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    pub account: Option<&'a account::Model>,
    pub rank: Rank,
    pub standing: &'a Standing,
}

#[derive(Serialize)]
struct Threads {
    threads: Vec<Thread>,
    /// The path of the article.
    path: String,
}

impl Section {
    /// The accounts that see the section otherwise than others do, because they took part in it.
    pub fn into_writers(self) -> HashSet<Uuid> {
        self.writers
    }

    /// Makes the form answer the comment of this id, if it is one that can be answered.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replying_to(mut self, app: &App, comment: Option<&str>) -> Result<Self, DbErr> {
        let wanted = comment.and_then(|id| Uuid::parse_str(id).ok());
        if let (Some(wanted), Some(form)) = (wanted, &mut self.form) {
            let found = answerable(app, self.article, wanted).await?;
            if let Some((id, name)) = found {
                form.parent = Some(id);
                form.reply_to = name;
            }
        }
        Ok(self)
    }
}

/// The comment of this id, if it can be answered under this article, and who wrote it.
pub(super) async fn answerable(
    app: &App,
    article: Uuid,
    id: Uuid,
) -> Result<Option<(Uuid, Option<String>)>, DbErr> {
    let found = comment::Entity::find_by_id(id).find_also_related(account::Entity);
    let found = found.one(&app.db).await?;
    Ok(found.and_then(|(comment, writer)| {
        let fits = comment.article_id == article && comment.is_public();
        let writer = writer.filter(|_| fits)?;
        let name = writer.deleted_at.is_none().then_some(writer.name);
        Some((comment.id, name.or(comment.guest_name)))
    }))
}

/// A page of the comments under `article` as `viewer` sees them.
///
/// # Errors
/// `NotFound` where no page begins so; if the database fails, or a template misses a value.
pub async fn section(
    app: &App,
    viewer: Viewer<'_>,
    article: &article::Model,
    author: &author::Model,
    wanted: Wanted,
) -> Result<Section> {
    let place = Place {
        article: article.clone(),
        author: author.clone(),
        rank: viewer.rank,
    };
    let now = app.clock.now();
    let bans = bans::in_force(&app.db, author.id, now).await?;
    let admitted = place.admits(viewer.account.is_some(), viewer.standing, now);
    let ban = ban_of(&bans, &viewer);
    let eyes = Eyes {
        account: viewer.account.map(|viewer| viewer.id),
        rank: viewer.rank,
        may_comment: admitted.is_ok() && ban.is_none(),
        now,
    };
    let lines = outline::lines(app, article.id).await?;
    let spots = outline::spots(&lines, wanted.order, eyes);
    let slice = outline::slice(&spots, &lines, wanted.first).ok_or(Error::NotFound)?;
    let pinned = pinned(&lines).filter(|_| slice.before.is_none());
    let drawn = draw(app, &viewer, &place, eyes, slice.spots, pinned).await?;
    let (before, after) = around(&place, wanted.order, &slice);
    let way_in = match (admitted, ban) {
        (_, Some(ban)) => Some(WayIn::banned(app, ban, &place).await?),
        (Err(refusal), None) => Some(WayIn::new(app, refusal, &place, viewer.standing).await?),
        (Ok(()), None) => None,
    };
    let mut writers: HashSet<Uuid> = lines.iter().map(|line| line.account_id).collect();
    writers.extend(drawn.likers);
    writers.extend(bans.iter().map(|ban| ban.account_id));
    Ok(Section {
        count: lines.iter().filter(|line| line.is_public()).count(),
        held: held(&lines, viewer.rank),
        moderates: viewer.rank.moderates(),
        is_signed_in: viewer.account.is_some(),
        path: place.path(),
        order: match wanted.order {
            Order::Oldest => "oldest",
            Order::Newest => "newest",
        },
        before,
        after,
        pinned: drawn.pinned,
        threads: drawn.threads,
        form: way_in.is_none().then(|| Fields::new(&place)),
        way_in,
        writers,
        article: article.id,
    })
}

fn ban_of<'a>(bans: &'a [ban::Model], viewer: &Viewer<'_>) -> Option<&'a ban::Model> {
    let account = viewer.account.filter(|_| !viewer.rank.moderates())?;
    bans.iter().find(|ban| ban.account_id == account.id)
}

fn held(lines: &[Line], rank: Rank) -> usize {
    let waits = |line: &&Line| line.held_at.is_some() && line.deleted_at.is_none();
    match rank.moderates() {
        true => lines.iter().filter(waits).count(),
        false => 0,
    }
}

fn pinned(lines: &[Line]) -> Option<Uuid> {
    let pinned = lines.iter().filter(|line| line.pinned_at.is_some());
    pinned
        .filter(|line| line.is_public())
        .map(|line| line.id)
        .next()
}

/// The addresses of the pages before and after this one.
fn around(place: &Place, order: Order, slice: &Slice<'_>) -> (Option<String>, Option<String>) {
    let path = place.path();
    let (start, base) = match order {
        Order::Oldest => (format!("{path}#comments"), format!("{path}/comments")),
        Order::Newest => {
            let base = format!("{path}/comments/newest");
            (format!("{base}#comments"), base)
        }
    };
    let from = |id: Uuid| format!("{base}/from/{id}#comments");
    let before = slice.before.map(|first| first.map_or(start, from));
    (before, slice.after.map(from))
}

struct Drawn {
    threads: String,
    pinned: Option<Shown>,
    likers: Vec<Uuid>,
}

async fn draw(
    app: &App,
    viewer: &Viewer<'_>,
    place: &Place,
    eyes: Eyes,
    spots: &[Spot],
    pinned: Option<Uuid>,
) -> Result<Drawn> {
    let own = spots.iter().map(|spot| spot.line.id).chain(pinned);
    let parents = spots.iter().filter_map(|spot| spot.line.parent_id);
    let ids: HashSet<Uuid> = own.chain(parents).collect();
    let rows = conversation::rows(&app.db, ids.iter().copied()).await?;
    let hearts = conversation::hearts(&app.db, ids).await?;
    let liked = hearts
        .iter()
        .filter(|heart| eyes.account == Some(heart.account_id));
    let badges = Badges {
        author: place.author.account_id,
        patrons: patrons(app, place, &rows, eyes).await?,
        liked: liked.map(|heart| heart.comment_id).collect(),
    };
    let pinned = pinned.and_then(|id| rows.get(&id));
    let threads = Threads {
        threads: conversation::threads(spots, &rows, &badges, eyes),
        path: place.path(),
    };
    Ok(Drawn {
        threads: render(app, viewer.account, &threads)?,
        pinned: pinned.map(|row| conversation::shown(row, &badges, eyes)),
        likers: hearts.iter().map(|heart| heart.account_id).collect(),
    })
}

async fn patrons(
    app: &App,
    place: &Place,
    rows: &HashMap<Uuid, Row>,
    eyes: Eyes,
) -> Result<HashSet<Uuid>, DbErr> {
    let writers: HashSet<Uuid> = rows.values().map(|row| row.account_id).collect();
    let writers: Vec<Uuid> = writers.into_iter().collect();
    let at = (eyes.now, app.config.membership.grace_days);
    match writers.is_empty() {
        true => Ok(HashSet::new()),
        false => badges_among(&app.db, &place.author, &writers, eyes.account, at).await,
    }
}

fn render(app: &App, viewer: Option<&account::Model>, threads: &Threads) -> Result<String> {
    if threads.threads.is_empty() {
        return Ok(String::new());
    }
    let language = match viewer {
        Some(viewer) => &viewer.language,
        None => &app.config.publication.language,
    };
    Ok(app
        .templates
        .render("comments/threads.html", language, threads)?)
}
