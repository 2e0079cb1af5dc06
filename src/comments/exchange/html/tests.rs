//! HTML of other programs, and what becomes of it.

use super::*;

#[test]
fn marks_there_are_become_ours() {
    for (html, expected) in [
        ("<b>Bold</b> and <i>slanted</i>", "**Bold** and *slanted*"),
        ("<strong>a</strong><em> b </em>c", "**a** *b* c"),
        ("<b><i>both</i></b>", "***both***"),
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        (
            "<ul><li>One</li><li>Two<ul><li>Deep</li></ul></li></ul>",
            "- One\n- Two\n\n  - Deep",
        ),
        (
            "<ol start=\"3\"><li>Three</li><li>Four</li></ol>",
            "3. Three\n4. Four",
        ),
        (
            "<blockquote><p>Said</p><p>again</p></blockquote>Yes",
            "> Said\n>\n> again\n\nYes",
        ),
        (
            "<a href=\"https://x.example/a_(b)\">here</a>",
            "[here](<https://x.example/a_(b)>)",
        ),
        (
            "<a href=\"https://x.example/\">https://x.example/</a>",
            "https://x.example/",
        ),
        ("<a href=\"javascript:alert(1)\">here</a>", "here"),
        ("Use <code>a `b`</code>", "Use `` a `b` ``"),
        (
            "<pre><code>let a = 1;\n\n  b();</code></pre>",
            "```\nlet a = 1;\n\n  b();\n```",
        ),
        ("<script>alert(1)</script>x", "x"),
        (
            "2 * 3 * 4 and snake_case, _so_",
            "2 \\* 3 \\* 4 and snake_case, \\_so\\_",
        ),
        (
            "1. not a list<br># no title<br>- no item",
            "1\\. not a list\n\\# no title\n\\- no item",
        ),
        ("&lt;b&gt; &amp;amp; [x](y)", "\\<b> \\&amp; \\[x\\](y)"),
        ("<b> </b><i></i>", ""),
    ] {
        assert_eq!(markdown(html).0, expected, "{html}");
    }
}

#[test]
fn what_is_shown_says_what_it_said() {
    for (html, shown) in [
        (
            "<b>Bold</b>, <i>slanted</i>",
            "<p><strong>Bold</strong>, <em>slanted</em></p>",
        ),
        (
            "<ul><li>One</li><li>Two</li></ul>",
            "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>",
        ),
        ("2 * 3 * 4 &lt;b&gt;", "<p>2 * 3 * 4 &lt;b&gt;</p>"),
        ("# <i>x</i>", "<p># <em>x</em></p>"),
    ] {
        assert_eq!(marked::render(&markdown(html).0), shown, "{html}");
    }
}

#[test]
fn what_has_no_mark_here_is_told() {
    for (html, text, is_less) in [
        ("<b>Bold</b>", "**Bold**", false),
        ("<h2>Title</h2><div>Text</div>", "Title\n\nText", false),
        ("Was <del>this</del> <u>that</u>", "Was this that", true),
        ("See <img src=\"x.png\" alt=\"a boat\">", "See", true),
        ("a<b>\"b\"</b>c", "a\"b\"c", true),
        (
            "<a href=\"https://x.example/?a>b\">here</a>",
            "[here](<https://x.example/?a%20b>)",
            false,
        ),
        ("<b>twice <b>bold</b></b>", "**twice **bold****", false),
        ("<span class=\"x\">Plain</span>", "Plain", false),
    ] {
        assert_eq!(markdown(html), (text.to_owned(), is_less), "{html}");
    }
}

#[test]
fn nothing_is_too_deep_or_too_odd() {
    for html in [
        "<blockquote>".repeat(400) + "x",
        "<ul><li>".repeat(400) + "x",
        "<b><i>".repeat(400) + "x",
        "</p></b>x<".to_owned(),
    ] {
        let (text, _) = markdown(&html);
        assert!(text.contains('x'), "{}", &text[..text.len().min(200)]);
        assert!(text.len() < 1_000, "{}", text.len());
    }
}

#[test]
fn a_hundred_levels_lose_no_word_and_what_stands_behind_them_is_as_it_was() {
    let deep: String = (0..100).map(|n| format!("<blockquote>in{n} ")).collect();
    let back: String = (0..100).map(|n| format!("</blockquote>out{n} ")).collect();
    let (text, _) = markdown(&format!("{deep}{back}<p>And <b>so</b></p>"));
    let words: HashSet<&str> = text.split_whitespace().collect();
    for n in 0..100 {
        let all = [format!("in{n}"), format!("out{n}")];
        assert!(
            all.iter().all(|word| words.contains(word.as_str())),
            "{n}: {text}"
        );
    }
    assert!(text.ends_with("\n\nAnd **so**"), "{text}");
}

#[test]
fn marks_within_marks_take_no_longer_to_read_than_marks_beside_marks() {
    // As people write them, so many bytes.
    let beside = |length: usize| "<p>x <b>y</b></p>".repeat(length / 17 + 1);
    let numbered = (0..2_000).map(|n| format!("<p><b id={n}>x"));
    for nested in [
        "<blockquote>".repeat(5_000) + "x" + &"</blockquote>".repeat(5_000),
        "<ul><li>".repeat(5_000) + "x",
        "<blockquote></b>".repeat(5_000),
        "<li><dd>".repeat(5_000),
        "<svg><title><blockquote>".repeat(5_000),
        numbered.collect(),
    ] {
        let took = |html: &str| {
            let begun = std::time::Instant::now();
            markdown(html);
            begun.elapsed()
        };
        let beside = took(&beside(nested.len()));
        let within = took(&nested);
        assert!(
            within < beside * 5,
            "{within:?} for {}…, else {beside:?}",
            &nested[..40]
        );
    }
}

#[test]
fn what_is_no_mark_or_says_nothing_leaves_the_rest_alone() {
    for (html, text) in [
        ("a < b and <b>c</b>", "a \\< b and **c**"),
        ("<!-- <a title=\" --> seen <b>too</b>", "seen **too**"),
        ("<!-->seen<!--->too<!-- x --!>", "seentoo"),
        ("<script>if (a<b) \"x\"</script>seen", "seen"),
        ("<STYLE>p > a {}</Style>seen", "seen"),
        ("<b title=\"a > b\" class='x>y'>c</b>", "**c**"),
        ("<b '>c</b> it's", "**c** it's"),
        ("<?php x ?><!DOCTYPE html></ >seen", "seen"),
        ("<textarea><b>typed</b></textarea>", "\\<b>typed\\</b>"),
        ("<svg><b>drawn</b></svg> <i>seen</i>", "**drawn** *seen*"),
        (
            "<a class=x href='https://x.example/'>y</a>",
            "[y](<https://x.example/>)",
        ),
        ("one <b>two<b", "one **two**"),
    ] {
        assert_eq!(markdown(html).0, text, "{html}");
    }
}
