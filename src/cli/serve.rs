//! `plaudit serve` and `plaudit work`.

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::watch};

use super::{Failure, out::say};
use crate::{app::App, router, server, worker};

/// The most connections for metrics held open at once.
const SCRAPERS: usize = 64;

/// Serves until the process is asked to stop.
pub(super) async fn serve(app: &App, no_worker: bool) -> Result<(), Failure> {
    let config = &app.config.server;
    let listener = listen(&config.listen).await?;
    let (stop, stopped) = watch::channel(false);
    if !config.metrics_listen.is_empty() {
        let listener = listen(&config.metrics_listen).await?;
        announce("metrics", &listener)?;
        let numbers = server::serve(
            listener,
            router::metrics(app),
            SCRAPERS,
            wait(stopped.clone()),
        );
        tokio::spawn(numbers);
    }
    keep_house(app);
    announce("listening", &listener)?;
    let worker =
        (!no_worker).then(|| tokio::spawn(worker::run(app.clone(), server::stop_signal())));
    let router = router::router(app, None);
    server::serve(
        listener,
        router,
        config.max_connections,
        server::stop_signal(),
    )
    .await;
    stop.send_replace(true);
    if let Some(worker) = worker {
        worker.await.context("the worker broke off")?;
    }
    Ok(())
}

/// What the owner types at another process is seen by this one too.
fn keep_house(app: &App) {
    let app = app.clone();
    tokio::spawn(async move { app.house.keep(&app.db).await });
}

/// Works until the process is asked to stop.
pub(super) async fn work(app: &App) -> Result<(), Failure> {
    keep_house(app);
    worker::run(app.clone(), server::stop_signal()).await;
    Ok(())
}

async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("could not listen on {address}"))
}

/// The line scripts wait for.
fn announce(what: &str, listener: &TcpListener) -> anyhow::Result<()> {
    say!("{what} on http://{}", listener.local_addr()?)
}

/// Resolves when the channel says so.
pub(super) async fn wait(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        tracing::debug!("the web side is gone");
    }
}
