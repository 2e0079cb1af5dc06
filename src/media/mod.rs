//! Pictures: examined, made anew in three widths, and kept in a folder or an S3-compatible store.

mod hyper;
mod picture;
mod shape;
mod shrinking;
mod store;
mod taking;

pub use picture::{Picture, Shown, quoted};
pub use shape::Shape;
pub use shrinking::Flaw;
pub use store::Store;
pub use taking::{HEAVIEST, Refused};
