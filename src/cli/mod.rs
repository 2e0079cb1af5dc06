//! The commands. Exit 0 done, 1 refused or failed with one clear line, 2 bad usage.

mod account;
mod article;
mod backup;
mod bounce;
mod check;
mod comments;
mod demo;
mod events;
mod mail;
mod membership;
mod migrate;
mod open;
mod out;
mod reconcile;
mod serve;
mod tier;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Reader support and patron memberships for a publication of many authors.
#[derive(Parser)]
#[command(name = "plaudit", version)]
struct Arguments {
    /// A TOML file; config/default.toml lists every key.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A complete publication at once, with a simulated Stripe and a captured inbox.
    Demo {
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: String,
        /// Where it is kept; remove the folder to begin anew.
        #[arg(long, value_name = "DIR", default_value = "data/demo")]
        data: PathBuf,
    },
    /// The real service: web and worker in one process.
    Serve {
        /// Web alone; run `plaudit work` elsewhere.
        #[arg(long)]
        no_worker: bool,
    },
    /// A worker alone, for more than one machine.
    Work,
    /// Apply pending migrations.
    Migrate,
    /// Examine configuration, database, Stripe, webhook, mail and clock; a line each.
    Check {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// People: add one, list all, a link for somebody locked out.
    #[command(subcommand)]
    Account(account::Account),
    /// Bring articles in and list them.
    #[command(subcommand)]
    Article(article::Article),
    /// All comments out, and in again: our own, WordPress', Disqus', Isso's, Remark42's.
    #[command(subcommand)]
    Comments(comments::Comments),
    /// Put tiers on sale and list them.
    #[command(subcommand)]
    Tier(tier::Tier),
    /// Give somebody a membership with an end.
    #[command(subcommand)]
    Membership(membership::Membership),
    /// The inbox of Stripe's events.
    #[command(subcommand)]
    Events(events::Events),
    /// Compare every membership and payment with Stripe.
    Reconcile(reconcile::Reconcile),
    /// A consistent copy of a running SQLite site, in one file.
    Backup { file: PathBuf },
    /// Put such a copy in the place of the database, which is kept beside it.
    Restore { file: PathBuf },
    /// The outbox of mail.
    #[command(subcommand)]
    Mail(mail::Mail),
}

/// What a command can end in.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Bad usage or configuration: exit 2.
    #[error("{0}")]
    Usage(String),
    /// Refused or failed: exit 1.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
}

/// Runs the command the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a TLS provider was already installed");
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&Failure::Failed(error.into())),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => complain(&failure),
    }
}

#[expect(clippy::print_stderr, reason = "the command line speaks on stderr")]
fn complain(failure: &Failure) -> ExitCode {
    eprintln!("plaudit: {failure}");
    match failure {
        Failure::Usage(_) => ExitCode::from(2),
        Failure::Failed(_) => ExitCode::FAILURE,
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let config = arguments.config.as_deref();
    match arguments.command {
        Command::Demo { .. } if config.is_some() => Err(Failure::Usage(
            "the demo brings its own configuration and reads none: leave --config away, or serve the real thing with \
             `plaudit --config FILE serve`"
                .to_owned(),
        )),
        Command::Demo { listen, data } => demo::demo(&listen, &data).await,
        Command::Serve { no_worker } => serve::serve(&open::app(config).await?, no_worker).await,
        Command::Work => serve::work(&open::app(config).await?).await,
        Command::Comments(command) => comments::run(&open::app(config).await?, command).await,
        Command::Tier(command) => tier::run(&open::app(config).await?, command).await,
        Command::Membership(command) => membership::run(&open::app(config).await?, command).await,
        Command::Check { json } => check::run(config, json).await,
        Command::Backup { file } => backup::backup(config, &file).await,
        Command::Restore { file } => backup::restore(config, &file).await,
        Command::Events(command) => events::run(&open::app(config).await?, command).await,
        Command::Mail(command) => mail::run(&open::app(config).await?, command).await,
        Command::Reconcile(options) => reconcile::run(&open::app(config).await?, &options).await,
        Command::Migrate => migrate::migrate(config).await,
        Command::Account(command) => account::run(&open::app(config).await?, command).await,
        Command::Article(command) => article::run(&open::app(config).await?, command).await,
    }
}
