//! What every page shares: the error page, the frame, flash words, cookies, limits, cached pages.

mod cookies;
mod error;
mod frame;
mod limits;
mod network;
mod page;
mod pages;
mod path;
mod posted;

pub use cookies::{Cookies, own_path};
pub use error::{Error, Failure, Result};
pub use frame::{Flash, Frame, Viewer, html};
pub use limits::{Action, Limits};
pub use network::Network;
pub use page::{Cacheable, Page};
pub use pages::PageCache;
pub use path::Path;
pub use posted::{Posted, posted};
