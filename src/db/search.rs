//! Looking for words, whatever the case of their letters and whatever stands above or below them.

use std::{collections::HashMap, sync::LazyLock};

use sea_orm::{
    ColumnTrait, ConnectionTrait, ExprTrait as _,
    sea_query::{BinOper, Expr, SimpleExpr},
};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::is_postgres;

/// So many characters are looked for, the longest name or address and more; SQLite takes patterns of 50,000 bytes.
const MOST: usize = 300;
/// So many of them in all their variants, behind those in both cases.
const MOST_VARIED: usize = 120;

/// By plain letter, those that are it with something above, below or through it, in both cases: of Latin, Greek and
/// Cyrillic script.
static VARIANTS: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let mut variants: HashMap<char, String> = HashMap::new();
    for letter in ('\u{c0}'..='\u{52f}').chain('\u{1e00}'..='\u{1fff}') {
        let mut plain = plain(letter);
        if let (Some(base), None) = (plain.next(), plain.next())
            && base != letter
        {
            variants.entry(base).or_default().push(letter);
        }
    }
    variants
});

/// What has `text` in this column, whatever the case of its letters and their accents: `angstrom` finds `Ångström`, and
/// `ÅNGSTRÖM` finds `Angstrom`.
///
/// Neither database folds accents by itself, and SQLite knows both cases of ASCII's letters alone. So each letter is a
/// class of all that count as it, in the patterns each of them has: `GLOB` and POSIX' expressions.
pub fn contains(db: &impl ConnectionTrait, column: impl ColumnTrait, text: &str) -> SimpleExpr {
    let is_postgres = is_postgres(db);
    let letters: Vec<char> = folded(text).chars().take(MOST).collect();
    let classes = letters.iter().enumerate().map(|(at, letter)| {
        let variants = VARIANTS.get(letter).filter(|_| at < MOST_VARIED);
        class(*letter, variants.map_or("", String::as_str), is_postgres)
    });
    let classes: String = classes.collect();
    let (finds, pattern) = match is_postgres {
        true => ("~", classes),
        false => ("GLOB", format!("*{classes}*")),
    };
    Expr::col(column.as_column_ref()).binary(BinOper::Custom(finds), pattern)
}

/// Small letters with nothing above or below them.
pub fn folded(text: &str) -> String {
    // ASCII's letters have nothing above them, and long lists are looked through.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(plain).collect()
}

/// A letter, small and without its marks; none where it is a mark itself.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let bare = [letter].into_iter().nfd();
    let small = bare.filter(|c| !is_combining_mark(*c)).map(|c| match c {
        'Ø' | 'ø' => 'o',
        'Ł' | 'ł' => 'l',
        'Đ' | 'đ' => 'd',
        'Ħ' | 'ħ' => 'h',
        'Ŧ' | 'ŧ' => 't',
        'ı' => 'i',
        'ς' => 'σ',
        c => c,
    });
    let small: Vec<char> = small.flat_map(char::to_lowercase).collect();
    small.into_iter().filter(|c| !is_combining_mark(*c))
}

/// What matches a letter and all that count as it, or a sign and nothing else.
fn class(letter: char, variants: &str, is_postgres: bool) -> String {
    let capital = letter.to_uppercase();
    let is_other = capital.len() == 1 && !capital.clone().eq([letter]);
    if is_other || !variants.is_empty() {
        return format!("[{letter}{capital}{variants}]");
    }
    match (letter, is_postgres) {
        ('*' | '?' | '[', false) => format!("[{letter}]"),
        (sign, true) if sign.is_ascii_punctuation() => format!("\\{sign}"),
        (sign, _) => sign.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_folded_to_one() {
        for (text, expected) in [
            ("Ångström", "angstrom"),
            ("A\u{30a}ngstro\u{308}m", "angstrom"),
            ("ŁÓDŹ, Øre", "lodz, ore"),
            ("İzmir ısı", "izmir isi"),
            ("Ἀθῆναι ΣΊΣΥΦΟΣ", "αθηναι σισυφοσ"),
            ("Ёлка й", "елка и"),
            ("Straße 5%", "straße 5%"),
            ("日本 שָׁלוֹם", "日本 שלום"),
            ("", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn signs_mean_themselves_and_no_pattern_is_too_long() {
        for (sign, sqlite, postgres) in [
            ('*', "[*]", "\\*"),
            ('[', "[[]", "\\["),
            (']', "]", "\\]"),
            ('%', "%", "\\%"),
            ('^', "^", "\\^"),
            ('7', "7", "7"),
            ('日', "日", "日"),
            ('a', "[aA]", "[aA]"),
        ] {
            assert_eq!(class(sign, "", false), sqlite);
            assert_eq!(class(sign, "", true), postgres);
        }
        let longest = VARIANTS.values().map(String::len).max().unwrap_or_default();
        assert!(
            (longest + 4) * MOST_VARIED + 12 * MOST < 50_000,
            "{longest}"
        );
    }
}
