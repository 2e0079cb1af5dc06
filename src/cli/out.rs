//! What a command answers, on stdout.

use std::{
    fmt::Arguments,
    io::{ErrorKind, Write as _},
};

use anyhow::Context as _;

/// Writes a line of the answer. Whoever reads may have heard enough, as in `… | head -1`: then the rest
/// goes unsaid and the work goes on.
///
/// # Errors
/// If the answer cannot be written, as when the disk of a file is full.
pub(super) fn line(words: Arguments<'_>) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{words}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the answer could not be written"),
    }
}

/// [`line()`] with a format string, as `println!` has.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::out::line(format_args!($($words)*)) };
}

pub(super) use say;
