//! What comments are made of, and what attackers would like them to be made of.

use proptest::prelude::*;

use super::*;

#[test]
fn what_people_write_is_set_as_they_mean_it() {
    for (markdown, expected) in [
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("*so* **much**", "<p><em>so</em> <strong>much</strong></p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        (
            "```rust\nhttps://x.example\n```",
            "<pre><code>https://x.example\n</code></pre>",
        ),
        ("# Loud", "<p>Loud</p>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<p>* * *</p>\n<p>b</p>"),
        ("| a |\n|---|\n| 1 |", "<p>| a |<br>\n|---|<br>\n| 1 |</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
    ] {
        assert_eq!(render(markdown), expected, "{markdown}");
    }
}

#[test]
fn links_lead_out_and_carry_no_weight() {
    let rel = "rel=\"nofollow ugc noopener\"";
    for (markdown, expected) in [
        (
            "[a](https://x.example/ \"t\")",
            format!("<p><a href=\"https://x.example/\" {rel}>a</a></p>"),
        ),
        (
            "see https://x.example/a_b?c=1&d=(2). Or not",
            format!(
                "<p>see <a href=\"https://x.example/a_b?c=1&amp;d=(2)\" {rel}>\
                 https://x.example/a_b?c=1&amp;d=(2)</a>. Or not</p>"
            ),
        ),
        (
            "(http://x.example)",
            format!("<p>(<a href=\"http://x.example\" {rel}>http://x.example</a>)</p>"),
        ),
        (
            "<ann@x.example>",
            format!("<p><a href=\"mailto:ann@x.example\" {rel}>ann@x.example</a></p>"),
        ),
        (
            "![a cat](https://x.example/cat.png)",
            format!("<p><a href=\"https://x.example/cat.png\" {rel}>a cat</a></p>"),
        ),
        (
            "![](https://x.example/cat.png)",
            format!(
                "<p><a href=\"https://x.example/cat.png\" {rel}>https://x.example/cat.png</a></p>"
            ),
        ),
        (
            "[![b](https://x.example/b)](https://x.example/a)",
            format!("<p><a href=\"https://x.example/a\" {rel}>b</a></p>"),
        ),
        ("[a](/sign-out)", "<p>a</p>".to_owned()),
        ("[a](ftp://x.example)", "<p>a</p>".to_owned()),
        (
            "https:// and xhttp://y",
            "<p>https:// and xhttp://y</p>".to_owned(),
        ),
    ] {
        assert_eq!(render(markdown), expected, "{markdown}");
    }
}

#[test]
fn nothing_typed_becomes_part_of_the_page() {
    for markdown in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](&#x1;javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[a](https://x.example/\"onmouseover=alert(1))",
        "[a](https://x.example \"\\\" onclick=alert(1)\")",
        "https://x.example/\"onclick=\"alert(1)",
        "```\"><script>alert(1)</script>\nx\n```",
        "<div>\n<script>\nalert(1)\n</script>\n</div>",
        "<!-- --><style>p{}</style><svg onload=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[a]: javascript:alert(1)\n\n[a]",
        "</li></ol></section><h1>x</h1>",
    ] {
        only_ours(markdown);
    }
}

/// From the OWASP cheat sheet on filter evasion.
const OWASP: [&str; 32] = [
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "<IMG SRC=\"javascript:alert('XSS');\">",
    "<IMG SRC=javascript:alert(&quot;XSS&quot;)>",
    "<IMG SRC=`javascript:alert(\"RSnake says, 'XSS'\")`>",
    "\\<a onmouseover=\"alert(document.cookie)\"\\>xxs link\\</a\\>",
    "<IMG \"\"\"><SCRIPT>alert(\"XSS\")</SCRIPT>\"\\>",
    "<IMG SRC=# onmouseover=\"alert('xxs')\">",
    "<IMG SRC=/ onerror=\"alert(String.fromCharCode(88,83,83))\"></img>",
    "<a href=\"&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)\">x</a>",
    "<a href=\"jav\tascript:alert('XSS');\">x</a>",
    "<a href=\"jav&#x09;ascript:alert('XSS');\">x</a>",
    "<a href=\"jav&#x0A;ascript:alert('XSS');\">x</a>",
    "<a href=\" &#14;  javascript:alert('XSS');\">x</a>",
    "<SCRIPT/XSS SRC=\"http://xss.example/xss.js\"></SCRIPT>",
    "<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert(\"XSS\")>",
    "<<SCRIPT>alert(\"XSS\");//\\<</SCRIPT>",
    "<SCRIPT SRC=//xss.example/.j>",
    "<IMG SRC=\"`<javascript:alert>`('XSS')\"",
    "</TITLE><SCRIPT>alert(\"XSS\");</SCRIPT>",
    "<INPUT TYPE=\"IMAGE\" SRC=\"javascript:alert('XSS');\">",
    "<BODY BACKGROUND=\"javascript:alert('XSS')\">",
    "<STYLE>li {list-style-image: url(\"javascript:alert('XSS')\");}</STYLE><UL><LI>XSS</br>",
    "<LINK REL=\"stylesheet\" HREF=\"javascript:alert('XSS');\">",
    "<META HTTP-EQUIV=\"refresh\" CONTENT=\"0;url=javascript:alert('XSS');\">",
    "<IFRAME SRC=\"javascript:alert('XSS');\"></IFRAME>",
    "<TABLE><TD BACKGROUND=\"javascript:alert('XSS')\">",
    "<DIV STYLE=\"width: expression(alert('XSS'));\">",
    "<BASE HREF=\"javascript:alert('XSS');//\">",
    "<OBJECT TYPE=\"text/x-scriptlet\" DATA=\"http://xss.example/s.html\"></OBJECT>",
    "<EMBED SRC=\"data:image/svg+xml;base64,PHN2Zz4=\" AllowScriptAccess=\"always\"></EMBED>",
    "<svg><math><mtext><a href=\"data:text/html,<script>alert(1)</script>\">x</a></mtext></math></svg>",
];

#[test]
fn nothing_of_the_known_tricks_gets_through_typed_or_imported() {
    for attack in OWASP {
        only_ours(attack);
        is_ours(&sanitise(attack), attack);
        is_ours(&sanitise(&format!("<p>a {attack} b</p>")), attack);
    }
}

#[test]
fn html_is_shown_as_it_was_typed() {
    let html = render("<script>alert(1)</script>");
    assert_eq!(html, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    assert_eq!(render("a <b>b</b>"), "<p>a &lt;b&gt;b&lt;/b&gt;</p>");
}

#[test]
fn what_nobody_would_see_is_nothing() {
    for markdown in ["", " \n", "[a]: https://x.example"] {
        assert_eq!(render(markdown), "");
    }
}

#[test]
fn the_longest_and_deepest_comments_are_set_flat_and_small() {
    let long = 10_000;
    for piece in [
        ">",
        "> ",
        "- ",
        "1. ",
        "*",
        "**a ",
        "_a ",
        "[",
        "![",
        "](",
        "`",
        "<",
        "&",
        "\\",
        "[a](b",
        "<a ",
        "http://",
        "http://a.b ",
        "a\n",
        "a\n\n",
        "[a]: b\n",
        "*a_b",
        "<!--",
    ] {
        let markdown: String = piece.chars().cycle().take(long).collect();
        let html = only_ours(&markdown);
        assert!(html.len() < 20 * long, "{piece}: {}", html.len());
    }
    let quotes = format!("{}deep", "> ".repeat(100));
    let html = only_ours(&quotes);
    assert!(html.contains("deep"));
    assert_eq!(html.matches("<blockquote>").count(), DEEPEST);
}

/// Renders, and checks that every tag and attribute is one of ours.
fn only_ours(markdown: &str) -> String {
    let html = render(markdown);
    is_ours(&html, markdown);
    html
}

fn is_ours(html: &str, source: &str) {
    let ours = [
        "p",
        "em",
        "strong",
        "blockquote",
        "ul",
        "ol",
        "li",
        "code",
        "pre",
        "br",
    ];
    for tag in html.split('<').skip(1) {
        let tag = tag.split_once('>').expect("closed").0;
        let name = tag.trim_start_matches('/');
        let link = || {
            let href = name.strip_prefix("a href=\"")?;
            let (address, rest) = href.split_once('"')?;
            let leads_out = ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| address.starts_with(scheme));
            (leads_out && rest == " rel=\"nofollow ugc noopener\"").then_some(())
        };
        assert!(
            ours.contains(&name)
                || name == "a"
                || name == "a rel=\"nofollow ugc noopener\""
                || name.starts_with("ol start=\"")
                || link().is_some(),
            "<{tag}> of {source}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_stays_words(markdown in "[a-c<>\\[\\]()!*_`#&;:/\"' \n\\\\-]{0,80}|\\PC{0,80}") {
        only_ours(&markdown);
    }
}
