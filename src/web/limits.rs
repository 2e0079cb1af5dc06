//! How often one network or account may do one thing. Counted in memory, a process for itself.

use std::{num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use super::Error;

/// What is counted, each with its own quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Signing in by password, counted by network: an office, a school or a telephone company is one.
    SignIn,
    /// The same, counted by the address or account it is tried for.
    SignInBy,
    /// Becoming a reader, by network; by address it is [`Self::MailFormBy`].
    Join,
    /// Asking for a mail, by network: sign-in links, forgotten passwords.
    MailForm,
    /// The same, by the address it goes to or the account that asks.
    MailFormBy,
    Comment,
    /// A heart, a report.
    React,
    /// Seeing how a comment will look.
    Preview,
    /// Going to Stripe, by network.
    Checkout,
    /// The same, by whoever goes: an account, or the address a gift is for.
    CheckoutBy,
}

impl Action {
    const ALL: [Self; 10] = [
        Self::SignIn,
        Self::SignInBy,
        Self::Join,
        Self::MailForm,
        Self::MailFormBy,
        Self::Comment,
        Self::React,
        Self::Preview,
        Self::Checkout,
        Self::CheckoutBy,
    ];

    /// How many at once, and how long until one more is allowed.
    fn quota(self) -> (u32, Duration) {
        match self {
            Self::SignIn => (100, Duration::from_secs(3)),
            Self::SignInBy => (10, Duration::from_secs(30)),
            Self::Join | Self::MailForm => (100, Duration::from_secs(6)),
            Self::MailFormBy => (5, Duration::from_secs(60)),
            Self::Comment => (10, Duration::from_secs(10)),
            Self::React => (60, Duration::from_secs(2)),
            Self::Preview => (60, Duration::from_secs(1)),
            Self::Checkout => (300, Duration::from_secs(1)),
            Self::CheckoutBy => (10, Duration::from_secs(60)),
        }
    }
}

/// The counters.
pub struct Limits {
    limiters: Vec<(Action, DefaultKeyedRateLimiter<String>)>,
    /// Benchmarks and tests of other things may act as often as they like.
    off: bool,
}

impl Limits {
    /// `off` counts nothing.
    pub fn new(off: bool) -> Self {
        let limiters = Action::ALL
            .into_iter()
            .filter_map(|action| {
                let (burst, every) = action.quota();
                let quota = Quota::with_period(every)?.allow_burst(NonZeroU32::new(burst)?);
                Some((action, RateLimiter::keyed(quota)))
            })
            .collect();
        Self { limiters, off }
    }

    /// Counts one `action` against `key` (a network, an account, an address).
    ///
    /// # Errors
    /// `TooMany`, with the time to wait, when the quota is spent.
    pub fn check(&self, action: Action, key: &str) -> Result<(), Error> {
        let Some((_, limiter)) = self.limiters.iter().find(|(counted, _)| *counted == action)
        else {
            return Ok(());
        };
        if self.off {
            return Ok(());
        }
        limiter.check_key(&key.to_owned()).map_err(|refused| {
            let now = governor::clock::DefaultClock::default().now();
            Error::TooMany {
                retry_after: refused.wait_time_from(now),
            }
        })
    }

    /// Forgets keys that have been quiet; called now and then so that memory stays flat.
    pub fn sweep(&self) {
        for (_, limiter) in &self.limiters {
            limiter.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quota_is_counted_for_each_key() {
        let limits = Limits::new(false);
        for _ in 0..10 {
            assert!(limits.check(Action::SignInBy, "ann@example.org").is_ok());
        }
        assert!(matches!(
            limits.check(Action::SignInBy, "ann@example.org"),
            Err(Error::TooMany { .. })
        ));
        assert!(limits.check(Action::SignInBy, "bob@example.org").is_ok());
        assert!(limits.check(Action::Join, "192.0.2.1").is_ok());
    }

    #[test]
    fn a_network_acts_often_and_one_person_seldom() {
        for (action, most) in [
            (Action::Checkout, 300),
            (Action::CheckoutBy, 10),
            (Action::SignIn, 100),
            (Action::SignInBy, 10),
            (Action::Join, 100),
            (Action::MailForm, 100),
            (Action::MailFormBy, 5),
        ] {
            let limits = Limits::new(false);
            let allowed = (0..400).take_while(|_| limits.check(action, "192.0.2.1").is_ok());
            // What is spent comes back as time goes by, be it while this counts.
            assert!((most..most + 5).contains(&allowed.count()), "{action:?}");
        }
    }
}
