//! Writing, publishing, who may read; feeds.

mod api;
mod article_page;
mod audience;
mod conversation_page;
mod excerpt;
mod feeds;
mod front_matter;
mod import;
mod markdown;
mod meta;
mod pages;
mod publishing;
mod reading;
mod relation;
mod saving;
mod shelf;
mod sitemap;
mod together;

pub use audience::{Access, Asking, access};
pub use feeds::own_path as feed_path;
pub use front_matter::Fault;
pub use import::{Import, ImportError, Imported, import};
pub use publishing::{Publication, PublishError, publish, unpublish};

pub use reading::{Written, written};
pub use saving::{Draft, SaveError, create, update};
pub use together::write_together;

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
        sitemap::{robots, sitemap},
    };
}
