//! `cargo bench [-- MEASURE…]`: the release binary under load, beside a bare Axum server that answers
//! the same bytes from memory. Prints a table; asserts nothing.
//!
//! Measures: start, article, patron, events, sync, notices, weight, memory, month-end,
//! reconcile, memberships, dashboard, conversation. All without arguments.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark speaks to the terminal and breaks off where it cannot go on"
)]

mod bare;
mod client;
mod measures;
mod process;
mod report;
mod sink;
mod site;
mod texts;

fn main() {
    if let Some(file) = std::env::var_os(bare::VARIABLE) {
        bare::serve(&file);
        return;
    }
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("the first one");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, measures::all(&wanted));
}
