//! The JSON side keeps to its own description.

use plaudit::entities::Audience;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Page, TestApp};

#[tokio::test]
async fn everything_described_is_there_and_as_described() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article(&matthew, "The Tide").await;
    let description = json(&app.browser().get("/api/v1/openapi.json").await);
    let paths = description["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 4);
    for (path, methods) in paths {
        let slug = if path.contains("authors") {
            "matthew-smith"
        } else {
            "the-tide"
        };
        let page = app.browser().get(&path.replace("{slug}", slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.header("content-type"), "application/json");
        assert!(page.header("etag").starts_with('"'), "{path}");
        let schema = &methods["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        fits(&description, schema, &json(&page), path);
        if path.contains("{slug}") {
            let missing = app.browser().get(&path.replace("{slug}", "nothing")).await;
            assert_eq!(missing.status, StatusCode::NOT_FOUND);
            assert_eq!(missing.header("content-type"), "application/problem+json");
            let problem = &description["components"]["schemas"]["Problem"];
            fits(&description, problem, &json(&missing), path);
        }
    }
}

#[tokio::test]
async fn the_list_goes_on_where_it_says() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for number in 0..25 {
        app.article(&matthew, &format!("Number {number:02}")).await;
    }
    let first = json(&app.browser().get("/api/v1/articles").await);
    assert_eq!(first["articles"].as_array().map(Vec::len), Some(20));
    let next = first["older"].as_str().expect("more");
    let second = json(&app.browser().get(next).await);
    assert_eq!(second["articles"].as_array().map(Vec::len), Some(5));
    assert_eq!(second["articles"][0]["title"], "Number 04");
    assert_eq!(second["older"], Value::Null);
    let nowhere = app.browser().get("/api/v1/articles?before=nothing").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let twice = app
        .browser()
        .get("/api/v1/articles?before=a&before=b")
        .await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert_eq!(twice.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn text_that_is_not_for_everybody_is_null() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    app.article_with(&matthew, "Closed", |draft| {
        draft.audience = Audience::Patrons
    })
    .await;
    let closed = json(&app.browser().get("/api/v1/articles/closed").await);
    assert_eq!(closed["audience"], "patrons");
    assert_eq!(closed["body_html"], Value::Null);
    assert_eq!(closed["excerpt"], "Closed, in one sentence.");
}

fn json(page: &Page) -> Value {
    serde_json::from_str(&page.body).expect("JSON")
}

/// Checks `value` against the parts of JSON Schema the description uses.
fn fits(description: &Value, schema: &Value, value: &Value, path: &str) {
    let properties = properties(description, schema);
    let Some(object) = value.as_object().filter(|_| !properties.is_empty()) else {
        return;
    };
    for (name, _) in object {
        assert!(
            properties.iter().any(|(known, _)| known == name),
            "{path}: {name} is not described"
        );
    }
    for (name, schema) in &properties {
        let value = object
            .get(name)
            .unwrap_or_else(|| panic!("{path}: no {name}"));
        let kind = kind(value);
        let schema = resolved(description, schema);
        let is_described = match &schema["type"] {
            Value::String(described) => described == kind,
            Value::Array(described) => described.iter().any(|described| described == kind),
            _ => true,
        };
        assert!(is_described, "{path}: {name} is {kind}");
        if let Some(values) = schema["enum"].as_array() {
            assert!(values.contains(value), "{path}: {name} is {value}");
        }
        for item in value.as_array().into_iter().flatten() {
            fits(description, &schema["items"], item, path);
        }
        fits(description, schema, value, path);
    }
}

fn properties(description: &Value, schema: &Value) -> Vec<(String, Value)> {
    let schema = resolved(description, schema);
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let inherited = parts.flat_map(|part| properties(description, part));
    let own = schema["properties"].as_object().into_iter().flatten();
    inherited
        .chain(own.map(|(name, schema)| (name.clone(), schema.clone())))
        .collect()
}

fn resolved<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(pointer) => description
            .pointer(pointer.trim_start_matches('#'))
            .expect("what is referred to"),
        None => schema,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
