//! Writing, publishing, who may read; feeds.

mod audience;
mod excerpt;
mod markdown;
mod meta;
mod pages;
mod publishing;
mod reading;
mod relation;

pub use audience::{Access, Asking, access};
pub use publishing::{
    Draft, Publication, PublishError, SaveError, create, publish, unpublish, update,
};

/// The handlers behind this room's addresses.
pub mod routes {
    pub use super::pages::{article, author, front};
}
