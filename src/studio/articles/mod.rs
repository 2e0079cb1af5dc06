//! `/studio/articles`: an author's desk: the list, the editor, versions, publishing.

mod editor;
mod form;
mod list;
mod page;
mod publication;
mod together;
mod versions;

pub use editor::{autosave, autosave_new, open, preview, save, save_new, start};
pub use list::list;
pub use publication::{publication, test_notice};
pub use together::leave;
pub use versions::{compare, restore, versions};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::{
    accounts::Author,
    app::App,
    entities::{article, article_author, tier},
    web::{Error, Result},
};

/// Every tier this author ever had on sale.
async fn tiers_of(app: &App, author: &Author) -> Result<Vec<tier::Model>> {
    let tiers = tier::Entity::find()
        .filter(tier::Column::AuthorId.eq(author.author.id))
        .order_by_asc(tier::Column::CreatedAt);
    Ok(tiers.all(&app.db).await?)
}

/// An article this author may write, alone or with others; to everybody else it is not there.
pub(super) async fn own(app: &App, author: &Author, id: Uuid) -> Result<article::Model> {
    article::Entity::find_by_id(id)
        .filter(article_author::Entity::written_by(author.author.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)
}

/// One whose lead author this is: the others write it too, but do not decide whom it is for and when.
async fn led(app: &App, author: &Author, id: Uuid) -> Result<article::Model> {
    let row = own(app, author, id).await?;
    match is_lead(author, &row) {
        true => Ok(row),
        false => Err(Error::Forbidden),
    }
}

fn is_lead(author: &Author, row: &article::Model) -> bool {
    row.author_id == author.author.id
}
