//! Form-encoded parameters with brackets (`line_items[0][price]=…`) as a tree.

use serde_json::{Map, Value};

use super::Refusal;

/// How many brackets a name may have.
const DEEPEST: usize = 12;

/// The tree of a query or body: maps, lists (where all names are numbers or empty) and text.
/// Metadata stays a map, whatever its names are.
pub(super) fn parse(encoded: &str) -> Result<Value, Refusal> {
    let pairs: Result<Vec<(String, String)>, _> = serde_urlencoded::from_str(encoded);
    let Ok(pairs) = pairs else {
        return Err(Refusal::unfit("Invalid request body"));
    };
    let mut root = Value::Object(Map::new());
    for (name, text) in pairs {
        let names: Vec<&str> = name
            .split('[')
            .map(|part| part.strip_suffix(']').unwrap_or(part))
            .collect();
        if names.len() > DEEPEST {
            return Err(Refusal::unknown(&name));
        }
        insert(&mut root, &names, text);
    }
    Ok(listed(root))
}

fn insert(place: &mut Value, names: &[&str], text: String) {
    let [name, rest @ ..] = names else {
        *place = Value::String(text);
        return;
    };
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Some(map) = place.as_object_mut() {
        let name = match *name {
            "" => map.len().to_string(),
            name => name.to_owned(),
        };
        insert(map.entry(name).or_insert(Value::Null), rest, text);
    }
}

/// Maps whose names are all numbers become lists.
fn listed(value: Value) -> Value {
    let Value::Object(map) = value else {
        return value;
    };
    let numbers: Option<Vec<usize>> = map.keys().map(|key| key.parse().ok()).collect();
    match numbers {
        Some(numbers) if !map.is_empty() => {
            let mut items: Vec<(usize, Value)> =
                numbers.into_iter().zip(map.into_values()).collect();
            items.sort_by_key(|(number, _)| *number);
            Value::Array(items.into_iter().map(|(_, item)| listed(item)).collect())
        }
        _ => {
            let items = map.into_iter().map(|(key, item)| match key.as_str() {
                "metadata" => (key, item),
                _ => (key, listed(item)),
            });
            Value::Object(items.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn brackets_become_a_tree() {
        let text = "mode=subscription&line_items[0][price]=price_1&line_items[0][quantity]=1\
                    &expand[]=a&expand[]=b&metadata[x%20y]=1%262&metadata[7]=seven&empty=";
        assert_eq!(
            parse(text),
            Ok(json!({
                "mode": "subscription",
                "line_items": [{"price": "price_1", "quantity": "1"}],
                "expand": ["a", "b"],
                "metadata": {"x y": "1&2", "7": "seven"},
                "empty": "",
            }))
        );
    }

    #[test]
    fn brackets_without_end_do_no_harm() {
        let deep = format!("a{}=1", "[b]".repeat(100_000));
        assert!(parse(&deep).is_err());
    }
}
