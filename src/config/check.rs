//! What values must hold, beyond their types.

use url::Url;

use super::{Config, Fault, MailTransport};

/// Every fault in the values.
pub(super) fn check(config: &Config) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut expect = |holds: bool, fault: &str| {
        if !holds {
            faults.push(Fault(fault.to_owned()));
        }
    };
    let public = Url::parse(&config.server.public_url).ok();
    let host = public.as_ref().and_then(Url::host_str).unwrap_or_default();
    let loopback = is_near(host);
    expect(
        public.is_some() && !host.is_empty(),
        "server.public_url is not a URL",
    );
    expect(
        config.is_https() || loopback,
        "server.public_url must be https unless it is localhost",
    );
    expect(
        config.server.listen.parse::<std::net::SocketAddr>().is_ok(),
        "server.listen is not ADDRESS:PORT",
    );
    expect(
        config.server.metrics_listen.is_empty()
            || config
                .server
                .metrics_listen
                .parse::<std::net::SocketAddr>()
                .is_ok(),
        "server.metrics_listen is not ADDRESS:PORT",
    );
    let database = &config.database.url;
    expect(
        database.starts_with("sqlite:") || database.starts_with("postgres"),
        "database.url must start with sqlite:// or postgres://",
    );
    let key = &config.secrets.key;
    expect(
        key.is_empty() || hex::decode(key).is_ok_and(|bytes| bytes.len() >= 32),
        "secrets.key must be 32 bytes or more as hex (64 digits)",
    );
    expect(
        Url::parse(&config.stripe.api_base).is_ok(),
        "stripe.api_base is not a URL",
    );
    expect(
        ["", "true", "false"].contains(&config.stripe.livemode.as_str()),
        "stripe.livemode is “true”, “false” or empty",
    );
    expect(
        (1..=60).contains(&config.stripe.timeout_seconds),
        "stripe.timeout_seconds is from 1 to 60",
    );
    expect(
        ["smtp", "smtps"].contains(
            &Url::parse(&config.mail.smtp_url)
                .as_ref()
                .map_or("", |url| url.scheme()),
        ),
        "mail.smtp_url must start with smtp:// or smtps://",
    );
    expect(
        !is_readable_on_the_way(&config.mail.smtp_url),
        "mail.smtp_url would send its password in the clear: add ?tls=required",
    );
    expect(
        (1..=300).contains(&config.mail.timeout_seconds),
        "mail.timeout_seconds is between 1 and 300",
    );
    expect(
        config.mail.from.parse::<lettre::message::Mailbox>().is_ok(),
        "mail.from is not an address",
    );
    expect(
        config.mail.reply_to.is_empty()
            || config
                .mail
                .reply_to
                .parse::<lettre::message::Mailbox>()
                .is_ok(),
        "mail.reply_to is not an address",
    );
    expect(
        config.mail.bounce_address.is_empty()
            || config
                .mail
                .bounce_address
                .replace('*', "x")
                .parse::<lettre::Address>()
                .is_ok(),
        "mail.bounce_address is not an address",
    );
    let dkim = &config.mail.dkim;
    let given = [&dkim.domain, &dkim.selector, &dkim.private_key].map(|part| !part.is_empty());
    expect(
        given.iter().all(|set| *set) || !given.iter().any(|set| *set),
        "mail.dkim needs domain, selector and private_key, or none of them",
    );
    expect(
        config.mail.connections > 0,
        "mail.connections must be at least 1",
    );
    expect(
        config.mail.rate_per_second > 0,
        "mail.rate_per_second must be at least 1",
    );
    expect(
        config.mail.domain_per_second > 0,
        "mail.domain_per_second must be at least 1",
    );
    expect(
        ["readers", "patrons", "closed"].contains(&config.comments.default_gate.as_str()),
        "comments.default_gate is readers, patrons or closed",
    );
    expect(
        ["en", "de"].contains(&config.publication.language.as_str()),
        "publication.language is en or de",
    );
    expect(
        config
            .publication
            .time_zone
            .parse::<chrono_tz::Tz>()
            .is_ok(),
        "publication.time_zone is no zone’s name, such as Europe/Berlin",
    );
    expect(
        config.notices.digest_hour < 24,
        "notices.digest_hour is between 0 and 23",
    );
    expect(
        config.notices.weekly_on.parse::<chrono::Weekday>().is_ok(),
        "notices.weekly_on is a day of the week, monday to sunday",
    );
    let s3 = &config.media.s3;
    expect(
        s3.bucket.is_empty() || Url::parse(&s3.endpoint).is_ok(),
        "media.s3.endpoint is not a URL",
    );
    expect(
        s3.bucket.is_empty() || !(s3.access_key.is_empty() || s3.secret_key.is_empty()),
        "media.s3 needs access_key and secret_key",
    );
    if config.production.enforce {
        expect(
            config.is_https(),
            "production needs server.public_url to be https",
        );
        expect(!key.is_empty(), "production needs secrets.key");
        expect(
            config.mail.transport == MailTransport::Smtp,
            "production takes mail.transport = \"smtp\" alone",
        );
    }
    faults
}

/// Whether a password would leave this machine unencrypted, or could be made to.
fn is_readable_on_the_way(smtp_url: &str) -> bool {
    let Ok(url) = Url::parse(smtp_url) else {
        return false;
    };
    let is_private = url.scheme() == "smtps"
        || url
            .query_pairs()
            .any(|pair| pair == ("tls".into(), "required".into()));
    let is_near = is_near(url.host_str().unwrap_or_default());
    url.password().is_some() && !is_private && !is_near
}

/// Whether a host is this machine, so that nobody is on the way to it.
pub fn is_near(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]", "::1"].contains(&host)
}
