//! Articles: published, read by whom they are for, found under the names they had.

mod api;
mod feeds;
mod import;
mod reading;
mod slugs;
