//! The expected texts are what `sanitize_html` 0.8.1, which the vendor uses, makes of them.

use super::super::html::clean;

#[test]
fn names_are_cleaned_as_the_vendors_library_does() {
    for (name, cleaned) in [
        ("", ""),
        ("acme", "acme"),
        ("R&D", "R&amp;D"),
        ("R&amp;D", "R&amp;D"),
        ("A <b>x</b>", "A x"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("  acme  ", "acme  "),
        ("it's \"quoted\"", "it's \"quoted\""),
        ("a<!-- gone -->b", "ab"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<br>b", "a b"),
        ("x <a href=\"a>b\">link</a> y", "x link y"),
        ("a</b>c", "ac"),
        ("tail <b", "tail "),
        ("&lt;i&gt; &#65;&#x42; &unknown;", "&lt;i&gt; AB &amp;unknown;"),
        ("&copy; &notanentity; &amp &#169 &apos;&#xg;", "© ¬anentity; &amp; © '&amp;#xg;"),
        ("&frac12;&yuml;&Agrave;&szlig;", "½ÿÀß"),
        ("x<?php y ?>z", "xz"),
        ("Zoë & Søn", "Zoë &amp; Søn"),
        ("<p>a</p><blockquote>b</blockquote>", " a  b "),
    ] {
        assert_eq!(clean(name), cleaned, "{name:?}");
    }
}
