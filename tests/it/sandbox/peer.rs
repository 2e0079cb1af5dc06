//! The simulated Stripe alone, with an endpoint that notes what it is sent.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use plaudit::{
    clock::Clock,
    payments,
    sandbox::stripe::{Card, Settings, Stripe},
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::{Browser, WEBHOOK_SECRET, calendar};

/// A running Stripe.
pub struct Peer {
    pub stripe: Stripe,
    pub clock: Clock,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    endpoint: Arc<Endpoint>,
    http: reqwest::Client,
}

/// What the webhook was sent, and what it answers.
#[derive(Default)]
struct Endpoint {
    received: Mutex<Vec<Value>>,
    answers: Mutex<StatusCode>,
}

/// What the API said.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Peer {
    pub async fn start() -> Self {
        Self::kept_in(None).await
    }

    /// Starts with what this file holds.
    pub async fn kept_in(file: Option<PathBuf>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let clock = Clock::default();
        let settings = Settings {
            base_url: url.clone(),
            webhook_url: format!("{url}/webhook"),
            webhook_secret: WEBHOOK_SECRET.to_owned(),
            secret_key: "sk_test_sandbox".to_owned(),
            file,
        };
        let stripe = Stripe::open(clock.clone(), settings).expect("opened");
        if clock.ahead_seconds() == 0 {
            calendar::begin(&clock);
        }
        let endpoint = Arc::<Endpoint>::default();
        let router = Router::new()
            .route("/webhook", post(receive))
            .with_state(Arc::clone(&endpoint))
            .merge(stripe.router());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            stripe,
            clock,
            url,
            endpoint,
            http: reqwest::Client::new(),
        }
    }

    /// Asks as Stripe's clients do, but sees refusals.
    pub async fn ask(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        self.ask_with(method, path, form, None).await
    }

    /// Asks with an idempotency key.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        key: Option<&str>,
    ) -> Answer {
        let mut request = self
            .http
            .request(method, format!("{}/v1/{path}", self.url))
            .bearer_auth("sk_test_sandbox");
        if !form.is_empty() {
            request = request.form(form);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Answer::of(request).await
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> impl Future<Output = Value> {
        let asked = self.ask(Method::GET, path, &[]);
        async move { asked.await.done() }
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        self.ask(Method::POST, path, form).await.done()
    }

    /// The refusal that a POST must meet.
    pub async fn refused(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.ask(Method::POST, path, form).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        answer.body["error"].clone()
    }

    /// A new customer who pays with this card.
    pub async fn customer(&self, card: Card) -> String {
        let form = [("email", "ann@example.org"), ("name", "Ann")];
        let customer = id(&self.post("customers", &form).await);
        self.stripe.set_card(&customer, card);
        customer
    }

    /// A recurring price in euro cents, of a product of its own.
    pub async fn price(&self, amount: i64, interval: &str) -> String {
        let amount = amount.to_string();
        let form = [
            ("currency", "eur"),
            ("unit_amount", amount.as_str()),
            ("recurring[interval]", interval),
            ("product_data[name]", "Friend"),
        ];
        id(&self.post("prices", &form).await)
    }

    /// A new subscription to this price. Returns it.
    pub async fn subscribe(&self, customer: &str, price: &str) -> Value {
        let form = [("customer", customer), ("items[0][price]", price)];
        self.post("subscriptions", &form).await
    }

    /// The object as it is now.
    pub fn object(&self, id: &str) -> Value {
        self.stripe.object(id).expect(id)
    }

    /// The types of the events about an object, oldest first.
    pub fn told_of(&self, object: &str) -> Vec<String> {
        let events = self.stripe.objects("event").into_iter();
        let about = events.filter(|event| event["data"]["object"]["id"] == object);
        about.map(|event| text(&event["type"])).collect()
    }

    /// Lets what is due arrive. Returns the types of what came, in order.
    pub async fn arrivals(&self) -> Vec<String> {
        self.stripe.deliver().await;
        let received = std::mem::take(&mut *self.endpoint.received.lock().expect("alone"));
        received.iter().map(|event| text(&event["type"])).collect()
    }

    /// What the endpoint answers from now on.
    pub fn endpoint_answers(&self, status: StatusCode) {
        *self.endpoint.answers.lock().expect("alone") = status;
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// The service's own client, speaking with this Stripe.
    pub fn client(&self) -> payments::Client {
        let mut config = plaudit::config::load_from(None, []).expect("defaults");
        config.stripe.secret_key = "sk_test_sandbox".to_owned();
        config.stripe.api_base.clone_from(&self.url);
        payments::Client::new(&config.stripe).expect("a client")
    }
}

impl Answer {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("text");
        let body = serde_json::from_str(&text).expect("JSON");
        Self {
            status,
            headers,
            body,
        }
    }

    /// The object, if it was not refused.
    pub fn done(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{:#}", self.body);
        self.body
    }
}

async fn receive(
    State(endpoint): State<Arc<Endpoint>>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    assert!(headers.contains_key("stripe-signature"));
    let event = serde_json::from_str(&body).expect("JSON");
    endpoint.received.lock().expect("alone").push(event);
    *endpoint.answers.lock().expect("alone")
}

pub fn id(object: &Value) -> String {
    text(&object["id"])
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
