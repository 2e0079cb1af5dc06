//! Who may comment: one pure rule.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    entities::{Audience, Gate, article},
    membership::Support,
};

/// What whoever asks is to an article and its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    pub signed_in: bool,
    /// The support she gives the author.
    pub support: Support,
    /// The tier she supports by.
    pub tier: Option<Uuid>,
    /// Wrote it with its author: as a patron of any tier.
    pub wrote: bool,
    /// One of those who keep the conversation civil.
    pub own: bool,
}

/// Who may comment on an article, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub gate: Gate,
    /// Those the gate is open to, where it is by tier.
    pub tiers: Vec<Uuid>,
    /// When it becomes read-only.
    pub until: Option<DateTime<Utc>>,
}

/// Why somebody may not comment, which is also the way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody may.
    Closed,
    /// Anyone signed in may.
    SignIn,
    /// Patrons may: become one, or sign in.
    JoinOrSignIn,
    /// Patrons may: become one.
    Join,
    /// Patrons may, and she was one once.
    JoinAgain,
    /// Her payment is on its way.
    Pending,
    /// Her payment failed and the grace is over.
    Mend,
    /// Her membership rests.
    Paused,
    /// She is a patron, but only others' tiers may.
    OtherTier,
    /// Everybody could, until some days after publication.
    Over,
}

impl Refusal {
    /// The word templates tell it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::SignIn => "sign-in",
            Self::JoinOrSignIn => "join-or-sign-in",
            Self::Join => "join",
            Self::JoinAgain => "join-again",
            Self::Pending => "pending",
            Self::Mend => "mend",
            Self::Paused => "paused",
            Self::OtherTier => "other-tier",
            Self::Over => "over",
        }
    }
}

/// The rule that holds for an article: its own, but never wider than who may read it.
pub fn rule_of(article: &article::Model, now: DateTime<Utc>) -> Rule {
    Rule {
        gate: match (article.gate, article.audience_at(now)) {
            (Gate::Readers, Audience::Patrons) => Gate::Patrons,
            (gate, _) => gate,
        },
        tiers: article.tiers().collect(),
        until: read_only_from(article),
    }
}

/// When the conversation under an article becomes read-only.
pub fn read_only_from(article: &article::Model) -> Option<DateTime<Utc>> {
    let days = article.gate_days.map(|days| Duration::days(days.into()));
    article.published_at.zip(days).map(|(at, days)| at + days)
}

/// Whether `asking` may comment at `now`.
///
/// # Errors
/// Why not.
pub fn may_comment(rule: &Rule, asking: Asking, now: DateTime<Utc>) -> Result<(), Refusal> {
    match rule.gate {
        Gate::Closed => Err(Refusal::Closed),
        _ if asking.own => Ok(()),
        _ if rule.until.is_some_and(|until| until <= now) => Err(Refusal::Over),
        Gate::Readers if asking.signed_in => Ok(()),
        Gate::Readers => Err(Refusal::SignIn),
        Gate::Patrons | Gate::Tiers if !asking.signed_in => Err(Refusal::JoinOrSignIn),
        Gate::Patrons | Gate::Tiers => match asking.support {
            Support::Patron
            | Support::Leaving
            | Support::Grace
            | Support::Granted
            | Support::Tipped => {
                let is_admitted = rule.gate == Gate::Patrons
                    || asking.wrote
                    || asking.tier.is_some_and(|tier| rule.tiers.contains(&tier));
                is_admitted.then_some(()).ok_or(Refusal::OtherTier)
            }
            Support::Pending => Err(Refusal::Pending),
            Support::Lapsed => Err(Refusal::Mend),
            Support::Paused => Err(Refusal::Paused),
            Support::Former => Err(Refusal::JoinAgain),
            Support::Helped | Support::None => Err(Refusal::Join),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gate_lets_its_own_through_and_tells_the_others_the_way() {
        let reader = |support| Asking {
            signed_in: true,
            support,
            tier: None,
            wrote: false,
            own: false,
        };
        let stranger = Asking {
            signed_in: false,
            support: Support::None,
            tier: None,
            wrote: false,
            own: false,
        };
        let own = Asking {
            own: true,
            ..reader(Support::None)
        };
        for (asking, patrons) in [
            (stranger, Err(Refusal::JoinOrSignIn)),
            (reader(Support::None), Err(Refusal::Join)),
            (reader(Support::Former), Err(Refusal::JoinAgain)),
            (reader(Support::Helped), Err(Refusal::Join)),
            (reader(Support::Pending), Err(Refusal::Pending)),
            (reader(Support::Lapsed), Err(Refusal::Mend)),
            (reader(Support::Paused), Err(Refusal::Paused)),
            (reader(Support::Tipped), Ok(())),
            (reader(Support::Granted), Ok(())),
            (reader(Support::Grace), Ok(())),
            (reader(Support::Leaving), Ok(())),
            (reader(Support::Patron), Ok(())),
            (own, Ok(())),
        ] {
            let readers = if asking.signed_in {
                Ok(())
            } else {
                Err(Refusal::SignIn)
            };
            for (gate, expected) in [
                (Gate::Patrons, patrons),
                (Gate::Readers, readers),
                (Gate::Closed, Err(Refusal::Closed)),
            ] {
                let may = may_comment(&open(gate), asking, DateTime::UNIX_EPOCH);
                assert_eq!(may, expected, "{gate:?} {asking:?}");
            }
        }
    }

    fn open(gate: Gate) -> Rule {
        Rule {
            gate,
            tiers: Vec::new(),
            until: None,
        }
    }

    #[test]
    fn a_gate_by_tier_opens_to_its_tiers_alone() {
        let (gold, tin) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let rule = Rule {
            tiers: vec![gold],
            ..open(Gate::Tiers)
        };
        for (tier, support, expected) in [
            (Some(gold), Support::Patron, Ok(())),
            (Some(gold), Support::Grace, Ok(())),
            (Some(gold), Support::Lapsed, Err(Refusal::Mend)),
            (Some(tin), Support::Patron, Err(Refusal::OtherTier)),
            (None, Support::Tipped, Err(Refusal::OtherTier)),
            (None, Support::None, Err(Refusal::Join)),
        ] {
            let asking = Asking {
                signed_in: true,
                support,
                tier,
                wrote: false,
                own: false,
            };
            let may = may_comment(&rule, asking, DateTime::UNIX_EPOCH);
            assert_eq!(may, expected, "{tier:?} {support:?}");
        }
        let wrote = Asking {
            signed_in: true,
            support: Support::Patron,
            tier: None,
            wrote: true,
            own: false,
        };
        assert_eq!(may_comment(&rule, wrote, DateTime::UNIX_EPOCH), Ok(()));
    }

    #[test]
    fn after_its_days_a_conversation_is_read_only_but_for_those_who_keep_it() {
        let until = DateTime::UNIX_EPOCH + Duration::days(30);
        let rule = Rule {
            until: Some(until),
            ..open(Gate::Readers)
        };
        let asking = |own| Asking {
            signed_in: true,
            support: Support::Patron,
            tier: None,
            wrote: false,
            own,
        };
        let second = Duration::seconds(1);
        for (own, now, expected) in [
            (false, until - second, Ok(())),
            (false, until, Err(Refusal::Over)),
            (true, until, Ok(())),
        ] {
            assert_eq!(may_comment(&rule, asking(own), now), expected, "{now}");
        }
    }
}
