//! Pictures: examined, made anew in three widths, and kept in a folder or an S3-compatible store.

mod hyper;
mod picture;
mod shrinking;
mod store;

pub use picture::{Picture, Shown, quoted};
pub use shrinking::{Flaw, Made, make};
pub use store::Store;
