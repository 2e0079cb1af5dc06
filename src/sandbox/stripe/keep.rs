//! Kept between starts: one file, written whole a moment after the last change.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{Shared, Stripe, state::State};

/// Changes within this time are written together.
const MOMENT: Duration = Duration::from_millis(500);

impl Stripe {
    /// After any change: written soon, and events sent.
    pub(super) fn changed(&self) {
        self.keep();
        self.shared.queued.notify_one();
    }

    /// Writes what has changed in a moment, or at once where nothing runs that could do it later.
    pub(super) fn keep(&self) {
        if self.state().settings.file.is_none() || self.shared.unkept.swap(true, Ordering::SeqCst) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            self.shared.write();
            return;
        };
        let shared = Arc::clone(&self.shared);
        runtime.spawn(async move {
            tokio::time::sleep(MOMENT).await;
            shared.write();
        });
    }
}

impl Stripe {
    /// Writes everything at once.
    pub(super) fn keep_now(&self) {
        self.shared.unkept.store(true, Ordering::SeqCst);
        self.shared.write();
    }
}

impl Shared {
    fn write(&self) {
        if !self.unkept.swap(false, Ordering::SeqCst) {
            return;
        }
        let mut state = self.lock();
        let Some(file) = state.settings.file.clone() else {
            return;
        };
        state.ahead_seconds = self.clock.ahead_seconds();
        let text = serde_json::to_vec(&*state).map_err(std::io::Error::other);
        drop(state);
        if let Err(error) = text.and_then(|text| replace(&file, &text)) {
            tracing::error!(%error, "the simulated Stripe could not be kept");
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.write();
    }
}

fn replace(file: &Path, text: &[u8]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, file)
}

/// What the file holds, if there is one.
pub(super) fn read(file: Option<&Path>) -> anyhow::Result<State> {
    match file {
        Some(file) if file.exists() => Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?),
        _ => Ok(State::default()),
    }
}
