//! Which parameters an endpoint takes, written as in `mode line_items[price quantity] metadata[*]`.

use serde_json::Value;

use super::Refusal;

/// Refuses the first parameter of `tree` that `spec` does not name. Lists are looked into.
pub(super) fn check(spec: &str, tree: &Value) -> Result<(), Refusal> {
    within(spec, tree, "")
}

fn within(spec: &str, tree: &Value, path: &str) -> Result<(), Refusal> {
    match tree {
        Value::Object(map) => {
            for (name, value) in map {
                let path = inside(path, name);
                let inner = inner_of(spec, name).ok_or_else(|| Refusal::unknown(&path))?;
                within(inner, value, &path)?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(spec, item, &inside(path, &index.to_string()))?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// `name` at the top, `path[name]` below it.
pub(super) fn inside(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}[{name}]"),
    }
}

/// What may stand inside `name`, if `spec` names it.
fn inner_of<'a>(spec: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = spec.trim_start();
    while !rest.is_empty() {
        let end = rest.find([' ', '[', '\n']).unwrap_or(rest.len());
        let (known, after) = rest.split_at(end);
        let (inner, after) = match after.strip_prefix('[') {
            Some(group) => closed(group),
            None => ("", after),
        };
        if known == name || known == "*" {
            return Some(inner);
        }
        rest = after.trim_start();
    }
    None
}

/// Splits behind the bracket that closes a group whose opening one has been read.
fn closed(group: &str) -> (&str, &str) {
    let mut depth = 1;
    for (at, sign) in group.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&group[..at], &group[at + 1..]);
        }
    }
    (group, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stranger_is_named_with_its_whole_path() {
        let spec = "mode line_items[price price_data[currency] quantity] metadata[*] expand";
        let refused = |tree: Value| check(spec, &tree).err();
        assert_eq!(
            refused(json!({
                "mode": "payment",
                "line_items": [{"price": "p", "quantity": "1"}, {"price_data": {"currency": "eur"}}],
                "metadata": {"any": "thing"},
                "expand": ["a"],
            })),
            None
        );
        for (tree, stranger) in [
            (json!({"mod": "payment"}), "mod"),
            (
                json!({"line_items": [{"prise": "p"}]}),
                "line_items[0][prise]",
            ),
            (json!({"mode": {"x": "1"}}), "mode[x]"),
            (
                json!({"line_items": [{"price_data": {"price": "1"}}]}),
                "line_items[0][price_data][price]",
            ),
        ] {
            assert_eq!(refused(tree), Some(Refusal::unknown(stranger)));
        }
    }
}
