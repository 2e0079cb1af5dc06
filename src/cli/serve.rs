//! `plaudit serve` and `plaudit work`.

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::watch};

use super::Failure;
use crate::{app::App, router, server, worker};

/// Serves until the process is asked to stop.
pub(super) async fn serve(app: &App, no_worker: bool) -> Result<(), Failure> {
    let address = &app.config.server.listen;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("could not listen on {address}"))?;
    announce(&listener)?;
    let (stop, stopped) = watch::channel(false);
    let worker = (!no_worker).then(|| tokio::spawn(worker::run(app.clone(), wait(stopped))));
    let router = router::router(app, None);
    let connections = app.config.server.max_connections;
    server::serve(listener, router, connections, server::stop_signal()).await;
    stop.send_replace(true);
    if let Some(worker) = worker {
        worker.await.context("the worker broke off")?;
    }
    Ok(())
}

/// Works until the process is asked to stop.
pub(super) async fn work(app: &App) -> Result<(), Failure> {
    worker::run(app.clone(), server::stop_signal()).await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "scripts wait for this line")]
fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    println!("listening on http://{}", listener.local_addr()?);
    Ok(())
}

/// Resolves when the channel says so.
pub(super) async fn wait(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        tracing::debug!("the web side is gone");
    }
}
