//! A comment under an article, or a reply to one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub article_id: Uuid,
    pub account_id: Uuid,
    /// What it answers, at any depth.
    pub parent_id: Option<Uuid>,
    /// The comment at the head of the thread; `None` for that one itself.
    pub thread_id: Option<Uuid>,
    pub body_markdown: String,
    /// Sanitised.
    pub body_html: String,
    pub created_at: ChronoDateTimeUtc,
    pub edited_at: Option<ChronoDateTimeUtc>,
    pub deleted_at: Option<ChronoDateTimeUtc>,
    pub hidden_at: Option<ChronoDateTimeUtc>,
    pub hidden_by: Option<Uuid>,
    /// Hidden by the owner: the author cannot show it again.
    pub hidden_above: bool,
    /// Who else than its writer deleted it.
    pub deleted_by: Option<Uuid>,
    /// While nobody has looked it over.
    pub held_at: Option<ChronoDateTimeUtc>,
    /// Why it was held: `all`, `first`, `links`, `words`, `imported`.
    pub held_for: Option<String>,
    pub approved_at: Option<ChronoDateTimeUtc>,
    /// How many hearts it has.
    pub hearts: i32,
    pub picked_at: Option<ChronoDateTimeUtc>,
    pub pinned_at: Option<ChronoDateTimeUtc>,
    /// Who wrote it elsewhere; the account is [`GUESTS`] then.
    pub guest_name: Option<String>,
    /// What it was where it came from: `disqus:…`.
    #[sea_orm(unique)]
    pub origin: Option<String>,
    /// When the worker looks at it: somebody may have to hear of it, or it is deleted and its words go.
    pub telling_at: Option<ChronoDateTimeUtc>,
    #[sea_orm(belongs_to, from = "article_id", to = "id")]
    pub article: BelongsTo<super::article::Entity>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The account that comments from elsewhere belong to, where nobody here has proven the address. It is made
/// with the first of them, can do nothing and gets no mail.
pub const GUESTS: Uuid = Uuid::from_u128(1);

impl Entity {
    /// What everybody sees.
    pub fn public() -> Select<Self> {
        Self::find()
            .filter(Column::DeletedAt.is_null())
            .filter(Column::HiddenAt.is_null())
            .filter(Column::HeldAt.is_null())
    }
}

impl Model {
    /// Whether everybody sees it.
    pub fn is_public(&self) -> bool {
        self.deleted_at.is_none() && self.hidden_at.is_none() && self.held_at.is_none()
    }

    /// The comment at the head of the thread it stands in.
    pub fn thread(&self) -> Uuid {
        self.thread_id.unwrap_or(self.id)
    }
}
