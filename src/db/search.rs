//! Looking for words.

use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _,
    sea_query::{Expr, Func, LikeExpr},
};

/// What has `text` in this column, whatever the case of its letters.
///
/// SQLite knows both cases of ASCII's letters alone, so a text with others is looked for as it was typed, in small
/// letters, in capitals, and with a capital before each word. Source: <https://sqlite.org/lang_corefunc.html#lower>
pub fn contains(column: impl ColumnTrait, text: &str) -> Condition {
    let column = Expr::col(column.as_column_ref());
    let small = text.to_lowercase();
    let folded = Expr::expr(Func::lower(column.clone())).like(containing(&small));
    let mut any = Condition::any().add(folded);
    if !text.is_ascii() {
        for written in [text, &small, &text.to_uppercase(), &with_capitals(&small)] {
            any = any.add(column.clone().like(containing(written)));
        }
    }
    any
}

/// For `LIKE`: the text's own signs mean themselves.
fn containing(text: &str) -> LikeExpr {
    let escaped: String = text
        .chars()
        .flat_map(|sign| {
            let escape = matches!(sign, '%' | '_' | '\\').then_some('\\');
            escape.into_iter().chain([sign])
        })
        .collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// Small letters with a capital wherever a word begins.
fn with_capitals(small: &str) -> String {
    let mut begins = true;
    let mut written = String::with_capacity(small.len());
    for sign in small.chars() {
        match begins {
            true => written.extend(sign.to_uppercase()),
            false => written.push(sign),
        }
        begins = !sign.is_alphanumeric();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_begins_with_a_capital() {
        for (small, written) in [
            ("josé ángel", "José Ángel"),
            ("öz-gür 2ä", "Öz-Gür 2ä"),
            ("", ""),
        ] {
            assert_eq!(with_capitals(small), written);
        }
    }
}
