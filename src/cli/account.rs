//! `plaudit account add`, `account list` and `account reset-link`.

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand, ValueEnum};

use super::{Failure, out::say};
use crate::{
    accounts::{self, Address, NewPerson, NotAdded, Refusal},
    app::App,
    entities::{self, author},
    slugs,
};

#[derive(Subcommand)]
pub(super) enum Account {
    /// Add somebody; the address counts as proven.
    Add(AddArguments),
    /// List everybody, oldest first.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a link with which somebody chooses a new password; good for a day, once.
    ResetLink {
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
}

#[derive(Args)]
pub(super) struct AddArguments {
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    role: Role,
    /// The author page's address; made from the name if not given.
    #[arg(long)]
    slug: Option<String>,
    /// Read a password from the first line of standard input; without one, sign in by mail.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Owner,
    Author,
    Reader,
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Account) -> Result<(), Failure> {
    match command {
        Account::Add(arguments) => add(app, arguments).await,
        Account::List { json } => list(app, json).await,
        Account::ResetLink { email } => reset_link(app, &email).await,
    }
}

async fn add(app: &App, arguments: AddArguments) -> Result<(), Failure> {
    if arguments.slug.is_some() && arguments.role == Role::Reader {
        let words = "--slug names an author page, and a reader has none";
        return Err(Failure::Usage(words.to_owned()));
    }
    if let Some(slug) = &arguments.slug
        && !slugs::is_valid(slug)
    {
        return Err(Failure::Usage(format!(
            "“{slug}” cannot stand in an address; small letters, digits and single dashes can"
        )));
    }
    let new = NewPerson {
        address: address(&arguments.email)?,
        password: match arguments.password_stdin {
            true => Some(first_line()?),
            false => None,
        },
        name: arguments.name,
        role: arguments.role.into(),
        slug: arguments.slug,
    };
    let address = new.address.clone();
    let (_, author) = accounts::add(app, new)
        .await
        .map_err(|error| failure(app, error))?;
    report(&address, author.as_ref())?;
    Ok(())
}

fn address(typed: &str) -> Result<Address, Failure> {
    Address::parse(typed).map_err(|why| Failure::Usage(format!("“{typed}”: {why}")))
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .context("could not read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The sentence people are told, in English.
fn failure(app: &App, error: NotAdded) -> Failure {
    Failure::Failed(match error {
        NotAdded::Refused(Refusal::Failed(error)) => {
            anyhow::Error::from(error).context("could not add the account")
        }
        NotAdded::Refused(refusal) => anyhow!(app.templates.words().plain("en", refusal.key())),
        taken => taken.into(),
    })
}

fn report(address: &Address, author: Option<&author::Model>) -> anyhow::Result<()> {
    match author {
        Some(author) => say!("added {}, /authors/{}", address.as_str(), author.slug),
        None => say!("added {}", address.as_str()),
    }
}

async fn list(app: &App, json: bool) -> Result<(), Failure> {
    let people = accounts::list(&app.db).await;
    let people = people.context("could not read the accounts")?;
    if json {
        let text = serde_json::to_string_pretty(&people).context("JSON")?;
        say!("{text}")?;
        return Ok(());
    }
    for person in people {
        let address = match (&person.email, &person.contact_email) {
            (Some(email), _) => email.clone(),
            (None, Some(contact)) => format!("({contact})"),
            (None, None) => "-".to_owned(),
        };
        let page = person.slug.as_deref().unwrap_or("-");
        let added = person.created_at.format("%Y-%m-%d");
        let (role, name) = (&person.role, &person.name);
        say!("{added}  {role:<6}  {address:<32}  {page:<24}  {name}")?;
    }
    Ok(())
}

async fn reset_link(app: &App, email: &str) -> Result<(), Failure> {
    let address = address(email)?;
    let link = accounts::reset_link(app, &address).await;
    match link.context("could not make a link")? {
        Some(link) => {
            say!("{link}")?;
            Ok(())
        }
        None => Err(Failure::Failed(anyhow!(
            "there is no account with the address {}",
            address.as_str()
        ))),
    }
}

impl From<Role> for entities::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Author => Self::Author,
            Role::Reader => Self::Reader,
        }
    }
}
