//! Each recipient's domain at its own pace: so many mails a second, and a rest after it said that it is busy.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::claims::back_off;

/// So many mailboxes in a row that say “later” are their domain's matter.
const IN_A_ROW: u32 = 3;
/// The longest a domain is left alone.
const LONGEST: Duration = Duration::minutes(30);

/// See the module. Each process learns for itself.
pub(super) struct Domains {
    rate: DefaultKeyedRateLimiter<String>,
    per_second: usize,
    troubled: Mutex<HashMap<String, Trouble>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Trouble {
    /// How many mailboxes in a row have said “later”.
    mailboxes: u32,
    /// How often it was left alone since it last took a mail.
    rests: i32,
    until: Option<DateTime<Utc>>,
}

impl Domains {
    pub fn new(per_second: u32) -> Self {
        let per_second = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        Self {
            rate: RateLimiter::keyed(Quota::per_second(per_second)),
            per_second: per_second.get() as usize,
            troubled: Mutex::default(),
        }
    }

    /// How many mails a domain takes in this many seconds.
    pub fn most_in(&self, seconds: u32) -> usize {
        self.per_second.saturating_mul(seconds as usize)
    }

    /// Whether a mail may go to it now; if so, it counts.
    pub fn takes_one(&self, domain: &str) -> bool {
        self.rate.check_key(&domain.to_owned()).is_ok()
    }

    /// Those that are left alone now.
    pub fn resting(&self, now: DateTime<Utc>) -> Vec<String> {
        let troubled = self.troubled();
        let resting = troubled
            .iter()
            .filter(|(_, one)| one.until.is_some_and(|until| now < until));
        resting.map(|(domain, _)| domain.clone()).collect()
    }

    /// It took a mail.
    pub fn went(&self, domain: &str) {
        self.troubled().remove(domain);
    }

    /// One of its mailboxes said “later”.
    pub fn put_off(&self, domain: &str, now: DateTime<Utc>) {
        let mailboxes = {
            let mut troubled = self.troubled();
            let one = troubled.entry(domain.to_owned()).or_default();
            one.mailboxes += 1;
            one.mailboxes
        };
        if mailboxes >= IN_A_ROW {
            self.rest(domain, now);
        }
    }

    /// Leaves it alone for a while, longer each time until it takes a mail.
    pub fn rest(&self, domain: &str, now: DateTime<Utc>) {
        let mut troubled = self.troubled();
        let one = troubled.entry(domain.to_owned()).or_default();
        if one.until.is_some_and(|until| now < until) {
            return;
        }
        one.rests += 1;
        one.mailboxes = 0;
        let rest = back_off(one.rests).min(LONGEST);
        one.until = Some(now + rest);
        let seconds = rest.num_seconds();
        tracing::warn!(domain, seconds, "a domain is busy and left alone");
    }

    /// Forgets what is long past.
    pub fn sweep(&self, now: DateTime<Utc>) {
        self.rate.retain_recent();
        let is_recent = |one: &mut Trouble| {
            one.until
                .is_none_or(|until| now < until + LONGEST + LONGEST)
        };
        self.troubled().retain(|_, one| is_recent(one));
    }

    fn troubled(&self) -> MutexGuard<'_, HashMap<String, Trouble>> {
        self.troubled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_left_alone_when_it_says_so_or_three_mailboxes_do() {
        let domains = Domains::new(5);
        let now = DateTime::UNIX_EPOCH;
        domains.put_off("a.example", now);
        domains.put_off("a.example", now);
        assert!(domains.resting(now).is_empty());
        domains.put_off("a.example", now);
        domains.rest("b.example", now);
        let mut resting = domains.resting(now);
        resting.sort();
        assert_eq!(resting, ["a.example", "b.example"]);
        domains.went("b.example");
        assert_eq!(domains.resting(now), ["a.example"]);
        assert!(domains.resting(now + Duration::seconds(11)).is_empty());
    }

    #[test]
    fn each_domain_has_tokens_of_its_own() {
        let domains = Domains::new(2);
        let taken = (0..5).filter(|_| domains.takes_one("a.example"));
        assert_eq!(taken.count(), 2);
        assert!(domains.takes_one("b.example"));
    }
}
