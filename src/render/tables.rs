//! Tables that are wider than a small screen scroll sideways: whoever goes by keys must be able to reach them.

/// Sanitised HTML whose tables can be focused, called by `label` where they have no caption of their own.
pub(super) fn within_reach(html: &str, label: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        let (tag, after) = from.split_at(length_of_tag(from));
        out.push_str(before);
        let attributes = tag.strip_prefix("<table");
        match attributes.filter(|rest| rest.starts_with(['>', ' '])) {
            Some(attributes) => {
                out.push_str("<table tabindex=\"0\"");
                if !after.trim_start().starts_with("<caption") {
                    out.push_str(" aria-label=\"");
                    out.push_str(&label.replace('&', "&amp;").replace('"', "&quot;"));
                    out.push('"');
                }
                out.push_str(attributes);
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How long the tag is at the beginning; what was sanitised has all values in double quotes.
pub fn length_of_tag(from: &str) -> usize {
    let mut is_value = false;
    let end = from.find(|c: char| {
        is_value ^= c == '"';
        !is_value && c == '>'
    });
    end.map_or(from.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::within_reach;

    #[test]
    fn a_table_is_reached_by_keys_and_has_a_name() {
        for (html, expected) in [
            ("<p>a</p>", "<p>a</p>"),
            (
                "<table><tr></tr></table>",
                "<table tabindex=\"0\" aria-label=\"A table\"><tr></tr></table>",
            ),
            (
                "<table class=\"num\">\n<caption>Tides</caption></table>",
                "<table tabindex=\"0\" class=\"num\">\n<caption>Tides</caption></table>",
            ),
            (
                "<b title=\"<table onclick=x>\">a</b> &lt;table>",
                "<b title=\"<table onclick=x>\">a</b> &lt;table>",
            ),
        ] {
            assert_eq!(within_reach(html, "A table"), expected);
        }
    }
}
