//! The way to the relay: connecting, TLS, signing in.

use std::time::Duration;

use lettre::transport::smtp::{
    authentication::DEFAULT_MECHANISMS, client::AsyncSmtpConnection, extension::ClientId,
};
use tokio::net::TcpStream;

use super::{
    Line, Relay, Security,
    verdict::{Fault, Stage, within},
};
use crate::mail::mailer::SendError;

/// How long greeting, TLS and signing in may take together.
const GREETING: Duration = Duration::from_secs(30);

impl Relay {
    /// # Errors
    /// `Stopped` if the relay refuses us or cannot prove who it is, `Away` if there is no way to it now.
    pub(super) async fn connect(&self) -> Result<Line, SendError> {
        let greeting = tokio::time::timeout(GREETING, self.greet()).await;
        let connection = match greeting {
            Ok(greeted) => greeted.map_err(|fault| fault.verdict())?,
            Err(_) => return Err(Fault::silent(Stage::Greeting, GREETING).verdict()),
        };
        Ok(Line {
            connection,
            carried: 0,
        })
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Fault> {
        let own_name = ClientId::default();
        let relay = (self.host.as_str(), self.port);
        if let Security::AtOnce(tls) = &self.security {
            let (time, tls) = (Some(GREETING), Some(tls.clone()));
            let connection = AsyncSmtpConnection::connect_tokio1(relay, time, &own_name, tls, None);
            let connection = within(Stage::Greeting, GREETING, connection).await?;
            return self.signed_in(connection).await;
        }
        let unreachable =
            |error: std::io::Error| Fault::unreachable(format!("{}: {error}", self.host));
        let stream = TcpStream::connect(relay).await.map_err(unreachable)?;
        // A message goes out in two pieces; the second must not wait until the first is acknowledged.
        stream.set_nodelay(true).map_err(unreachable)?;
        let stream = Box::new(stream);
        let connection = AsyncSmtpConnection::connect_with_transport(stream, &own_name);
        let mut connection = within(Stage::Greeting, GREETING, connection).await?;
        let tls = match &self.security {
            Security::Required(tls) => Some(tls),
            Security::IfOffered(tls) => Some(tls).filter(|_| connection.can_starttls()),
            Security::Never | Security::AtOnce(_) => None,
        };
        if let Some(tls) = tls {
            let secured = connection.starttls(tls.clone(), &own_name);
            within(Stage::Greeting, GREETING, secured).await?;
        }
        self.signed_in(connection).await
    }

    async fn signed_in(
        &self,
        mut connection: AsyncSmtpConnection,
    ) -> Result<AsyncSmtpConnection, Fault> {
        if let Some(credentials) = &self.credentials {
            let signed_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            within(Stage::Greeting, GREETING, signed_in).await?;
        }
        Ok(connection)
    }
}
