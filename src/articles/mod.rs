//! Writing, publishing, who may read; feeds.

mod excerpt;
mod markdown;
mod publishing;

pub use publishing::{
    Draft, Publication, PublishError, SaveError, create, publish, unpublish, update,
};
