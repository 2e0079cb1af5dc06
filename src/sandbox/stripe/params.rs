//! Form-encoded parameters with brackets (`line_items[0][price]=…`) as a tree.

use serde_json::{Map, Value};

/// The tree of a query or body: maps, lists (where all names are numbers or empty) and text.
pub(super) fn parse(encoded: &str) -> Value {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(encoded).unwrap_or_default();
    let mut root = Value::Object(Map::new());
    for (name, text) in pairs {
        let name = name.replace(']', "");
        insert(&mut root, &mut name.split('['), text);
    }
    listed(root)
}

fn insert<'a>(place: &mut Value, names: &mut impl Iterator<Item = &'a str>, text: String) {
    let Some(name) = names.next() else {
        *place = Value::String(text);
        return;
    };
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Some(map) = place.as_object_mut() {
        let name = match name {
            "" => map.len().to_string(),
            name => name.to_owned(),
        };
        insert(map.entry(name).or_insert(Value::Null), names, text);
    }
}

/// Maps whose names are all numbers become lists.
fn listed(value: Value) -> Value {
    let Value::Object(map) = value else {
        return value;
    };
    let is_list = !map.is_empty() && map.keys().all(|key| key.parse::<usize>().is_ok());
    if is_list {
        let mut items: Vec<_> = map.into_iter().collect();
        items.sort_by_key(|(key, _)| key.parse::<usize>().unwrap_or_default());
        return Value::Array(items.into_iter().map(|(_, item)| listed(item)).collect());
    }
    Value::Object(
        map.into_iter()
            .map(|(key, item)| (key, listed(item)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn brackets_become_a_tree() {
        let text = "mode=subscription&line_items[0][price]=price_1&line_items[0][quantity]=1\
                    &expand[]=a&expand[]=b&metadata[x%20y]=1%262&empty=";
        assert_eq!(
            parse(text),
            json!({
                "mode": "subscription",
                "line_items": [{"price": "price_1", "quantity": "1"}],
                "expand": ["a", "b"],
                "metadata": {"x y": "1&2"},
                "empty": "",
            })
        );
    }
}
