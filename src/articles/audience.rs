//! Who may read an article: one pure rule.

use crate::entities::Audience;

/// What whoever asks is to the author of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    pub signed_in: bool,
    /// A patron of the article's author now.
    pub patron: bool,
    /// The author, or the publication's owner.
    pub own: bool,
}

/// How much of an article someone gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Whole,
    /// The excerpt, until she signs in.
    SignIn,
    /// The excerpt, until she is a patron.
    Join,
}

/// What `asking` may read of an article for this audience.
pub fn access(audience: Audience, asking: Asking) -> Access {
    match audience {
        _ if asking.own => Access::Whole,
        Audience::Public => Access::Whole,
        Audience::Readers if asking.signed_in => Access::Whole,
        Audience::Patrons if asking.patron => Access::Whole,
        Audience::Readers => Access::SignIn,
        Audience::Patrons => Access::Join,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_what_is_meant_for_them() {
        let stranger = Asking::default();
        let reader = Asking {
            signed_in: true,
            ..stranger
        };
        let patron = Asking {
            patron: true,
            ..reader
        };
        let own = Asking {
            own: true,
            ..reader
        };
        for (audience, expected) in [
            (Audience::Public, [Access::Whole; 4]),
            (
                Audience::Readers,
                [Access::SignIn, Access::Whole, Access::Whole, Access::Whole],
            ),
            (
                Audience::Patrons,
                [Access::Join, Access::Join, Access::Whole, Access::Whole],
            ),
        ] {
            let given = [stranger, reader, patron, own].map(|asking| access(audience, asking));
            assert_eq!(given, expected, "{audience:?}");
        }
    }
}
