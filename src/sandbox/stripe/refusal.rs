//! Refusals in Stripe's shape.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A refusal in Stripe's shape. <https://docs.stripe.com/api/errors>
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub param: Option<String>,
}

impl Refusal {
    pub fn invalid(code: &'static str, message: impl Into<String>, param: &str) -> Self {
        Self {
            status: 400,
            code,
            message: message.into(),
            param: Some(param.to_owned()),
        }
    }

    pub fn missing(kind: &str, id: &str) -> Self {
        Self {
            status: 404,
            code: "resource_missing",
            message: format!("No such {kind}: '{id}'"),
            param: Some("id".to_owned()),
        }
    }

    pub fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = match self.status {
            402 => "card_error",
            500.. => "api_error",
            _ if self.code == "idempotency_key_in_use" => "idempotency_error",
            _ => "invalid_request_error",
        };
        let error = json!({
            "type": kind,
            "code": self.code,
            "message": self.message,
            "param": self.param,
        });
        (status, Json(json!({ "error": error }))).into_response()
    }
}
