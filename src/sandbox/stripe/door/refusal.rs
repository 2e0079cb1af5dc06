//! Refusals in Stripe's shape. Source: <https://docs.stripe.com/api/errors>

use axum::http::StatusCode;
use serde_json::{Value, json};

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Refusal {
    pub status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    pub message: String,
    param: Option<String>,
    decline: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, code: Option<&'static str>, message: String) -> Self {
        Self {
            status,
            kind: "invalid_request_error",
            code,
            message,
            param: None,
            decline: None,
        }
    }

    /// A parameter that cannot be meant: 400.
    pub fn invalid(code: &'static str, message: impl Into<String>, param: &str) -> Self {
        let param = Some(param.to_owned()).filter(|param| !param.is_empty());
        Self {
            param,
            ..Self::new(StatusCode::BAD_REQUEST, Some(code), message.into())
        }
    }

    /// A parameter that cannot be meant, for which Stripe has no code: 400.
    pub fn bad(message: impl Into<String>, param: &str) -> Self {
        Self {
            param: Some(param.to_owned()),
            ..Self::new(StatusCode::BAD_REQUEST, None, message.into())
        }
    }

    /// Something that cannot be done now, with no code and no parameter to blame: 400.
    pub fn unfit(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, None, message.into())
    }

    /// The object that the address names is not there: 404.
    pub fn missing(kind: &str, id: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::reference(kind, id, "id")
        }
    }

    /// The object that a parameter names is not there: 400.
    pub fn reference(kind: &str, id: &str, param: &str) -> Self {
        let words = kind.replace(['.', '_'], " ");
        let message = format!("No such {words}: '{id}'");
        Self::invalid("resource_missing", message, param)
    }

    /// There will be no further invoice: 404.
    pub fn nothing_upcoming(message: &str) -> Self {
        let code = Some("invoice_upcoming_none");
        Self::new(StatusCode::NOT_FOUND, code, message.to_owned())
    }

    pub fn unknown_address(method: &str, path: &str) -> Self {
        let message = format!("Unrecognized request URL ({method}: /v1/{path}).");
        Self::new(StatusCode::NOT_FOUND, None, message)
    }

    /// Stripe refuses what it does not know, so that a misspelt parameter shows.
    pub fn unknown(param: &str) -> Self {
        let message = format!("Received unknown parameter: {param}");
        Self::invalid("parameter_unknown", message, param)
    }

    pub fn required(param: &str) -> Self {
        let message = format!("Missing required param: {param}.");
        Self::invalid("parameter_missing", message, param)
    }

    pub fn empty(param: &str) -> Self {
        let message = format!(
            "You passed an empty string for '{param}'. We assume empty values are an attempt to \
             unset a parameter; however '{param}' cannot be unset."
        );
        Self::invalid("parameter_invalid_empty", message, param)
    }

    pub fn no_key() -> Self {
        let message = "You did not provide an API key. Provide it as a bearer token.";
        Self::new(StatusCode::UNAUTHORIZED, None, message.to_owned())
    }

    pub fn wrong_key(key: &str) -> Self {
        // Stripe shows what kind of key it is, and how it ends.
        let begin = [
            "sk_test_", "sk_live_", "pk_test_", "pk_live_", "rk_test_", "rk_live_",
        ];
        let begin = begin.into_iter().find(|begin| key.starts_with(begin));
        let begin = begin.unwrap_or_default();
        let rest: Vec<char> = key.chars().skip(begin.len()).collect();
        let hidden = rest.len().saturating_sub(4);
        let end: String = rest[hidden..].iter().collect();
        let message = format!(
            "Invalid API Key provided: {begin}{}{end}",
            "*".repeat(hidden)
        );
        Self::new(StatusCode::UNAUTHORIZED, None, message)
    }

    /// A key that has been used for something else.
    pub fn other_request(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were \
             first used with. Try using a key other than '{key}' if you meant to execute a \
             different request."
        );
        Self {
            kind: "idempotency_error",
            ..Self::new(StatusCode::BAD_REQUEST, None, message)
        }
    }

    /// What the simulated Stripe was told to answer.
    pub fn told_to(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = "The simulated Stripe was told to fail".to_owned();
        let code = (status == StatusCode::TOO_MANY_REQUESTS).then_some("rate_limit");
        let kind = match code {
            Some(_) => "invalid_request_error",
            None => "api_error",
        };
        Self {
            kind,
            ..Self::new(status, code, message)
        }
    }

    /// The card did not pay: 402.
    pub fn declined() -> Self {
        Self {
            kind: "card_error",
            decline: Some("generic_decline"),
            ..Self::new(
                StatusCode::PAYMENT_REQUIRED,
                Some("card_declined"),
                "Your card was declined.".to_owned(),
            )
        }
    }

    /// The payer has to confirm the payment of an `invoice` or a `subscription`: 402.
    /// Source: <https://docs.stripe.com/error-codes>
    pub fn needs_confirmation(of: &str) -> Self {
        let message = "This payment requires additional user action before it can be completed \
                       successfully.";
        Self {
            kind: "card_error",
            decline: Some("authentication_required"),
            ..Self::new(
                StatusCode::PAYMENT_REQUIRED,
                Some(match of {
                    "invoice" => "invoice_payment_intent_requires_action",
                    _ => "subscription_payment_intent_requires_action",
                }),
                message.to_owned(),
            )
        }
    }

    pub fn body(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(code) = self.code {
            error["code"] = json!(code);
            let page = code.replace('_', "-");
            error["doc_url"] = json!(format!("https://stripe.com/docs/error-codes/{page}"));
        }
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        if let Some(decline) = self.decline {
            error["decline_code"] = json!(decline);
        }
        json!({ "error": error })
    }
}
