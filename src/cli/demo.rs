//! `plaudit demo`: a complete publication at once, with nothing to set up.

use std::{io::ErrorKind, path::Path};

use anyhow::Context as _;
use rand::RngCore as _;
use tokio::{net::TcpListener, sync::watch};

use super::{Failure, open, out::say, serve};
use crate::{
    app::App,
    clock::Clock,
    config::{self, Config, MailTransport},
    db, router,
    sandbox::{
        demo::{self, PASSWORD, PUBLICATION, sign_ins},
        stripe::{Settings, Stripe},
    },
    server, telemetry, worker,
};

/// Tells a folder that is complete from one whose making broke off.
const COMPLETE: &str = "demo.complete";
/// What a broken-off start may leave behind.
const REMAINS: [&str; 5] = [
    "demo.db",
    "demo.db-wal",
    "demo.db-shm",
    "demo.stripe.json",
    "demo.key",
];

/// Where its mails land.
const MAIL: &str = "demo.mail";

/// Where its pictures are.
const MEDIA: &str = "demo.media";

/// Serves the demo from `folder` until the process is asked to stop.
pub(super) async fn demo(listen: &str, folder: &Path) -> Result<(), Failure> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("could not listen on {listen}"))?;
    let address = listener.local_addr().context("address")?;
    let url = match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{}", address.port()),
        _ => format!("http://{address}"),
    };
    clear_remains(folder)?;
    let config = configured(&url, folder)?;
    telemetry::init(&config.log);
    let (app, stripe) = parts(config, &url, folder).await?;
    let router = router::router(&app, Some(&stripe));
    let connections = app.config.server.max_connections;
    let (stop, stopped) = watch::channel(false);
    let service = tokio::spawn(server::serve(
        listener,
        router,
        connections,
        serve::wait(stopped.clone()),
    ));
    let work = async || {
        while !worker::round(&app).await?.is_idle() {}
        Ok(())
    };
    demo::populate(&app, &stripe, work).await?;
    std::fs::write(folder.join(COMPLETE), "").context("the demo's folder")?;
    welcome(&url)?;
    tokio::spawn(stripe.deliver_always());
    let worker = tokio::spawn(worker::run(app.clone(), serve::wait(stopped)));
    server::stop_signal().await;
    stop.send_replace(true);
    service.await.context("the service broke off")?;
    worker.await.context("the worker broke off")?;
    Ok(())
}

/// Removes what a start that broke off has left, so that this one begins anew.
fn clear_remains(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    if folder.join(COMPLETE).exists() {
        return Ok(());
    }
    for name in REMAINS {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).context(name);
            }
            _ => {}
        }
    }
    for name in [MAIL, MEDIA] {
        match std::fs::remove_dir_all(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).context(name);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The configuration, made here: nothing is read from a file or the environment.
fn configured(url: &str, folder: &Path) -> anyhow::Result<Config> {
    let mut config = config::load_from(None, [])?;
    let (name, tagline) = PUBLICATION;
    config.publication.name = name.to_owned();
    config.publication.tagline = tagline.to_owned();
    config.publication.address = "1 Fish Quay, Tarrow".to_owned();
    config.server.public_url = url.to_owned();
    config.database.url = format!("sqlite://{}", folder.join("demo.db").display());
    config.secrets.key = open::kept_key(&folder.join("demo.key"))?;
    config.stripe.secret_key = "sk_test_demo".to_owned();
    config.stripe.api_base = format!("{url}/sandbox/stripe/");
    config.stripe.webhook_secrets = vec![webhook_secret()];
    config.mail.transport = MailTransport::File;
    config.mail.folder = folder.join(MAIL);
    config.mail.from = format!("{name} <hello@harbour.example>");
    config.media.folder = folder.join(MEDIA);
    config.log.filter = "plaudit=warn,error".to_owned();
    Ok(config)
}

fn webhook_secret() -> String {
    let mut bytes = [0; 24];
    rand::rng().fill_bytes(&mut bytes);
    format!("whsec_{}", hex::encode(bytes))
}

async fn parts(config: Config, url: &str, folder: &Path) -> anyhow::Result<(App, Stripe)> {
    let clock = Clock::default();
    let settings = Settings {
        base_url: format!("{url}/sandbox/stripe"),
        webhook_url: format!("{url}/webhooks/stripe"),
        webhook_secret: config.stripe.webhook_secrets.concat(),
        secret_key: config.stripe.secret_key.clone(),
        file: Some(folder.join("demo.stripe.json")),
    };
    let stripe = Stripe::open(clock.clone(), settings)?;
    let db = open::database(&config).await?;
    db::migrate(&db).await.context("could not migrate")?;
    telemetry::handle();
    let app = App::build(config, db, clock, |parts| parts.is_demo = true)?;
    Ok((app, stripe))
}

fn welcome(url: &str) -> anyhow::Result<()> {
    say!("listening on {url}\n")?;
    say!("The Harbour Review is open. To be somebody, press a button at {url}/sandbox")?;
    say!("or sign in at {url}/sign-in with one of these and the password “{PASSWORD}”:\n")?;
    for (name, email) in sign_ins() {
        say!("  {email:<28} {name}")?;
    }
    say!("\nEvery mail is at {url}/sandbox/inbox. Ctrl-C stops; the same command goes on.")
}
