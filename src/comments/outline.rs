//! The order of a conversation: which comments stand where and on which page, as one pair of eyes sees it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{deleting::can_come_back, standing::Rank};
use crate::{app::App, entities::comment};

/// How many comments a page has.
pub(super) const PAGE: usize = 50;

/// What decides where a comment stands and who sees it.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(super) struct Line {
    pub id: Uuid,
    pub account_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub thread_id: Option<Uuid>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// Who else than its writer deleted it.
    pub deleted_by: Option<Uuid>,
    pub hidden_at: Option<DateTime<Utc>>,
    pub held_at: Option<DateTime<Utc>>,
    pub pinned_at: Option<DateTime<Utc>>,
}

/// Who looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eyes {
    pub account: Option<Uuid>,
    pub rank: Rank,
    pub may_comment: bool,
    pub now: DateTime<Utc>,
}

/// Which threads come first. Replies stand in the order they were written, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Oldest,
    Newest,
}

/// A comment in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub line: Line,
    /// Whether its words are seen, or only its place is kept for the replies.
    pub is_seen: bool,
}

/// Fifty comments in a row.
pub(super) struct Slice<'a> {
    pub spots: &'a [Spot],
    /// The first comment of the page before; `Some(None)` is the very first page.
    pub before: Option<Option<Uuid>>,
    pub after: Option<Uuid>,
}

impl Line {
    /// Whether everybody sees it.
    pub fn is_public(&self) -> bool {
        self.deleted_at.is_none() && self.hidden_at.is_none() && self.held_at.is_none()
    }

    fn is_seen(&self, eyes: Eyes) -> bool {
        let concerns = eyes.account == Some(self.account_id) || eyes.rank >= Rank::Moderator;
        self.deleted_at.is_none() && (self.is_public() || concerns)
    }

    /// Whether whoever looks has deleted it a moment ago, and can take that back.
    fn can_come_back(&self, eyes: Eyes) -> bool {
        let is_hers = eyes.account == Some(self.account_id) && self.deleted_by.is_none();
        is_hers
            && self
                .deleted_at
                .is_some_and(|at| can_come_back(at, eyes.now))
    }
}

/// Every comment ever posted under an article, oldest first; kept until the site changes.
pub(super) async fn lines(app: &App, article: Uuid) -> Result<Arc<Vec<Line>>, DbErr> {
    use comment::Column;
    let (now, key) = (app.clock.now(), format!("lines {article}"));
    if let Some(lines) = app.pages.find::<Vec<Line>>(&key, now) {
        return Ok(lines);
    }
    let generation = app.pages.generation();
    let lines: Vec<Line> = comment::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::AccountId,
            Column::ParentId,
            Column::ThreadId,
            Column::DeletedAt,
            Column::DeletedBy,
            Column::HiddenAt,
            Column::HeldAt,
            Column::PinnedAt,
        ])
        .filter(Column::ArticleId.eq(article))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(&app.db)
        .await?;
    let (weight, lines) = (lines.len() * size_of::<Line>(), Arc::new(lines));
    app.pages
        .keep(&key, (lines.clone(), weight), generation, now);
    Ok(lines)
}

/// All that these eyes see, one after the other: each thread's head, then its replies.
pub(super) fn spots(lines: &[Line], order: Order, eyes: Eyes) -> Vec<Spot> {
    let answered: HashSet<Uuid> = lines
        .iter()
        .filter(|line| line.is_seen(eyes) || line.can_come_back(eyes))
        .flat_map(|line| [line.parent_id, line.thread_id])
        .flatten()
        .collect();
    let spot = |line: &Line| {
        let is_seen = line.is_seen(eyes);
        let is_kept = is_seen || answered.contains(&line.id) || line.can_come_back(eyes);
        is_kept.then_some(Spot {
            line: *line,
            is_seen,
        })
    };
    let mut replies: HashMap<Uuid, Vec<Spot>> = HashMap::new();
    for line in lines {
        if let (Some(thread), Some(spot)) = (line.thread_id, spot(line)) {
            replies.entry(thread).or_default().push(spot);
        }
    }
    let mut heads: Vec<Spot> = lines
        .iter()
        .filter(|line| line.thread_id.is_none())
        .filter_map(spot)
        .collect();
    if order == Order::Newest {
        heads.reverse();
    }
    let mut all = Vec::with_capacity(lines.len());
    for head in heads {
        all.push(head);
        all.extend(replies.remove(&head.line.id).unwrap_or_default());
    }
    all
}

/// The page that begins with `first`, or the first one. A comment that is gone leaves its page to what
/// comes after it.
pub(super) fn slice<'a>(
    spots: &'a [Spot],
    lines: &[Line],
    first: Option<Uuid>,
) -> Option<Slice<'a>> {
    let at = match first {
        Some(first) => position(spots, first).or_else(|| successor(spots, lines, first))?,
        None => 0,
    };
    let end = spots.len().min(at + PAGE);
    let back = at.saturating_sub(PAGE);
    Some(Slice {
        spots: &spots[at..end],
        before: (at > 0).then(|| (back > 0).then(|| spots[back].line.id)),
        after: spots.get(end).map(|spot| spot.line.id),
    })
}

/// The first comment of the page on which `wanted` stands; `Some(None)` is the first page.
pub(super) fn page_of(spots: &[Spot], wanted: Uuid) -> Option<Option<Uuid>> {
    let at = position(spots, wanted)? / PAGE * PAGE;
    Some((at > 0).then(|| spots[at].line.id))
}

fn position(spots: &[Spot], wanted: Uuid) -> Option<usize> {
    spots.iter().position(|spot| spot.line.id == wanted)
}

/// Where the next comment stands that was written after one that is no longer seen.
fn successor(spots: &[Spot], lines: &[Line], gone: Uuid) -> Option<usize> {
    let at = lines.iter().position(|line| line.id == gone)?;
    let next = lines[at..].iter().find_map(|line| position(spots, line.id));
    next.or_else(|| spots.len().checked_sub(1))
}

#[cfg(test)]
mod tests;
