//! Who may comment: one pure rule.

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
    /// The article's author, or the publication's owner.
    pub own: bool,
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
        }
    }
}

/// The gate that holds for an article: its own, but never wider than who may read it.
pub fn gate_of(article: &article::Model) -> Gate {
    match (article.gate, article.audience) {
        (Gate::Readers, Audience::Patrons) => Gate::Patrons,
        (gate, _) => gate,
    }
}

/// Whether `asking` may comment behind `gate`.
///
/// # Errors
/// Why not.
pub fn may_comment(gate: Gate, asking: Asking) -> Result<(), Refusal> {
    match gate {
        Gate::Closed => Err(Refusal::Closed),
        _ if asking.own => Ok(()),
        Gate::Readers if asking.signed_in => Ok(()),
        Gate::Readers => Err(Refusal::SignIn),
        Gate::Patrons if !asking.signed_in => Err(Refusal::JoinOrSignIn),
        Gate::Patrons => match asking.support {
            Support::Patron | Support::Leaving | Support::Grace | Support::Tipped => Ok(()),
            Support::Pending => Err(Refusal::Pending),
            Support::Lapsed => Err(Refusal::Mend),
            Support::Paused => Err(Refusal::Paused),
            Support::Former => Err(Refusal::JoinAgain),
            Support::None => Err(Refusal::Join),
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
            own: false,
        };
        let stranger = Asking {
            signed_in: false,
            support: Support::None,
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
            (reader(Support::Pending), Err(Refusal::Pending)),
            (reader(Support::Lapsed), Err(Refusal::Mend)),
            (reader(Support::Paused), Err(Refusal::Paused)),
            (reader(Support::Tipped), Ok(())),
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
            assert_eq!(may_comment(Gate::Patrons, asking), patrons, "{asking:?}");
            assert_eq!(may_comment(Gate::Readers, asking), readers, "{asking:?}");
            let closed = may_comment(Gate::Closed, asking);
            assert_eq!(closed, Err(Refusal::Closed), "{asking:?}");
        }
    }
}
