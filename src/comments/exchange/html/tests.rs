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
