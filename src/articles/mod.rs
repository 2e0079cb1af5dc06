//! Writing, publishing, who may read; feeds.

mod audience;
mod excerpt;
mod front_matter;
mod import;
mod markdown;
mod meta;
mod pages;
mod publishing;
mod reading;
mod relation;

pub use audience::{Access, Asking, access};
pub use front_matter::Fault;
pub use import::{Import, ImportError, Imported, import};
pub use publishing::{
    Draft, Publication, PublishError, SaveError, create, publish, unpublish, update,
};

pub use reading::{Written, written};

/// The handlers behind this room's addresses.
pub mod routes {
    pub use super::pages::{article, author, front};
}
