//! All comments out as one JSON document, and in again: our own, or those of other programs.

mod arriving;
mod disqus;
mod foreign;
mod house;
mod html;
mod isso;
mod own;
mod remark42;
mod restoring;
mod told;
mod wxr;
mod xml;

use std::path::Path;

use anyhow::Context as _;

use crate::app::App;

pub use own::export;
pub use told::{Imported, Lost, Reason};

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own, as [`export`] writes it.
    Plaudit,
    /// What WordPress exports (WXR 1.2).
    Wxr,
    /// The XML that Disqus sends by mail, gzipped or not.
    Disqus,
    /// Isso's SQLite database.
    Isso,
    /// Remark42's backup: JSON lines, gzipped or not.
    Remark42,
}

/// Brings the comments of a file in. What was brought in before is not brought in again.
///
/// # Errors
/// If the file cannot be read or is not of this format, or the database fails; then nothing is brought in.
pub async fn import(app: &App, file: &Path, format: Format) -> anyhow::Result<Imported> {
    let read = match format {
        Format::Plaudit => {
            let text = text(file)?;
            return restoring::restore(app, &text).await;
        }
        Format::Wxr => wxr::read(&text(file)?)?,
        Format::Disqus => disqus::read(&text(file)?)?,
        Format::Remark42 => remark42::read(&text(file)?)?,
        Format::Isso => isso::read(file).await?,
    };
    foreign::bring_in(app, read).await
}

/// The text of a file (`-`: of stdin), unpacked where it is gzipped.
fn text(file: &Path) -> anyhow::Result<String> {
    use std::io::Read as _;
    /// More than any publication has, in bytes.
    const LARGEST: u64 = 2 * 1024 * 1024 * 1024;
    let bytes = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(LARGEST)
                .read_to_end(&mut bytes)?;
            bytes
        }
        false => std::fs::read(file).with_context(|| file.display().to_string())?,
    };
    let bytes = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice())
                .take(LARGEST)
                .read_to_end(&mut unpacked)
                .context("the file is not whole")?;
            unpacked
        }
        false => bytes,
    };
    let text = String::from_utf8(bytes).context("the file is not UTF-8")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
