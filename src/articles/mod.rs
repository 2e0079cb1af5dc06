//! Writing, publishing, who may read; feeds.

mod api;
mod article_page;
mod audience;
mod comparing;
mod conversation_page;
mod desk;
mod draft;
mod excerpt;
mod feeds;
mod front_matter;
mod import;
mod markdown;
mod meta;
mod pages;
mod pictures;
mod publishing;
mod reading;
mod relation;
mod saving;
mod shelf;
mod sitemap;
mod tags;
mod times;
mod together;
mod versions;
mod written;

pub use audience::{Access, Asking, access};
pub use comparing::{Piece as Difference, compare};
pub use desk::{Desk, Shown as DeskShown, desk};
pub use draft::{Draft, Opening, SaveError};
pub use feeds::own_path as feed_path;
pub use front_matter::Fault;
pub use import::{Import, ImportError, Imported, import};
pub use pictures::{Cover, PictureError, Upload, add_picture, pictures, set_cover};
pub use publishing::{Publication, PublishError, publish, schedule, send_test_notice, unpublish};

pub use saving::{Hand, create, update};
pub use tags::names as tag_names;
pub use times::{TimeFlaw, ahead, at as time_typed, typed as as_typed};
pub use together::{Known, authors_known, co_authors_named, leave};
pub use versions::{Text, Version, history, keep_unsaved, restore, unsaved, version};
pub use written::{Written, written};

/// A text as readers would see it, and how many of its pictures nothing is said of.
pub fn rendered(app: &crate::app::App, markdown: &str) -> (String, usize) {
    let rendered = markdown::render(markdown, &app.config.publication.language);
    (rendered.html, rendered.undescribed)
}

/// The handlers behind this room's addresses.
pub mod routes {
    pub use super::{
        api::{
            article as api_article, articles as api_articles, author as api_author,
            description as api_description,
        },
        article_page::article,
        conversation_page::{
            first as conversation, from as conversation_from, newest as conversation_newest,
            newest_from as conversation_newest_from, permalink as comment_permalink,
        },
        feeds::{everything as feed, of_author as author_feed, own as own_feed},
        pages::{author, front},
        pictures::serve as picture,
        sitemap::{robots, sitemap},
        tags::tag,
    };
}
