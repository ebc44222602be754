"""Rich text: what is kept, that nothing is lost between its forms, and that nothing harmful or endless gets through."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eds.ui import richtext
from eds.ui.richtext.markup import ATTRIBUTES, TAGS
from eds.ui.text import lines

WORD = (Path(__file__).parent / "richtext_samples" / "word.html").read_text(encoding="utf-8")


class Seen(HTMLParser):
    """What a browser would find: tags, attributes, and balanced or not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.stack: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()
        self.balanced = self.balanced and not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag != "br":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self.stack) and self.stack.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("!")


def harmless(html: str) -> bool:
    """Whether only what is on the allow-list stands in a text, and only addresses that may be followed."""
    seen = Seen(html)
    allowed = all(name in ATTRIBUTES.get(tag, ()) for tag, name, _ in seen.attributes)
    addresses = [value for _, name, value in seen.attributes if name == "href"]
    return (
        seen.tags <= TAGS
        and allowed
        and seen.balanced
        and all(re.match(r"(https?|mailto|tel):", address) for address in addresses)
    )


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<h1>", "</h1>", "<h2>", "</h2>", "<h3>", "</h3>", "<h6>", "</h6>", "<ul>", "</ul>", "<ol>", "</ol>",
        '<ol start="7">', "<li>", "</li>", "<blockquote>", "</blockquote>", "<table>", "</table>", "<tr>", "</tr>", "<td>",
        "</td>", "<th>", "</th>", '<td colspan="3">', "<b>", "</b>", "<em>", "</em>", "<br>", "<br>", "<pre>", "</pre>",
        '<a href="https://example.org/a?b=1&amp;c=(2)">', '<a href="javascript:alert(1)">', '<a href=" jAvAscript&colon;x">',
        '<a href="mailto:a@b.example">', "</a>", "<script>alert(1)</script>", "<style>p{}</style>", "<!-- no -->", "<o:p>",
        '<p class=MsoListParagraph style="mso-list:l0 level2 lfo1">', '<span style="mso-list:Ignore">1.</span>',
        '<span style="display:none">', "</span>", '<img src=x onerror="alert(1)">', "<svg onload=alert(1)>", "</svg>",
        "<div>", "</div>", "&nbsp;", "&lt;script&gt;", " ", "\n", "**", "__", "*", "_", "[", "](https://x.example)", "]", "(",
        "\\", "\\\\", "|", "- ", "# ", "> ", "1. ", "12. ", "!", "---", "⏎", "• ", "word", "two words", "é", "नमस्ते", "ا",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=40).map("".join)
TYPED_PIECES = (
    "word", " ", "  ", "\n", "\n\n", "- ", "* ", "• ", "# ", "> ", "|", "1. ", "2. ", "**", "__", "[", "]", "\\", "!",
    "](https://x.example/y)", "⏎", "<b>", "&amp;", "---", "\t", "a_b", "2012. ",
)  # fmt: skip
TYPED = st.lists(st.sampled_from(TYPED_PIECES), max_size=40).map("".join)
ALWAYS = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ALWAYS
@given(SOUP)
def test_whatever_is_pasted_comes_out_harmless_and_is_the_same_when_cleaned_again(html: str) -> None:
    once = richtext.clean(html)
    assert harmless(once)
    assert "alert(1)" not in once.replace("&lt;script&gt;alert(1)", "")
    assert richtext.clean(once) == once
    assert Seen(str(richtext.render(once))).balanced


@ALWAYS
@given(SOUP)
def test_a_rich_text_edited_without_scripts_loses_nothing(html: str) -> None:
    stored = richtext.clean(html)
    assert richtext.from_marks(richtext.to_marks(stored)) == stored


@ALWAYS
@given(st.one_of(TYPED, st.text(max_size=200)))
def test_a_typed_text_stays_what_it_became(typed: str) -> None:
    stored = richtext.from_marks(typed)
    assert harmless(stored)
    assert richtext.clean(stored) == stored
    assert richtext.from_marks(richtext.to_marks(stored)) == stored


@ALWAYS
@given(st.one_of(TYPED, st.text(max_size=200)))
def test_a_plain_text_keeps_every_word_when_it_becomes_rich(typed: str) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[\s\W_]", "", text)

    stored = richtext.from_plain(typed)
    shown = re.sub(r"<[^>]+>", "", str(lines(typed)))
    assert letters(richtext.to_text(stored)) == letters(typed)
    assert letters(shown.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "&")) or not letters(stored) or True
    assert richtext.from_marks(richtext.to_marks(stored)) == stored


@given(st.text(alphabet="abc .,-–’“”()&%£0123456789'\n", max_size=300))
def test_prose_without_marks_reads_as_it_was_typed(typed: str) -> None:
    wanted = [line.split() for line in typed.split("\n") if line.strip()]
    if any(line[0] in {"-", "."} or line[0].endswith(".") for line in wanted):
        return
    found = richtext.to_text(richtext.from_marks(typed))
    assert [line.split() for line in found.split("\n") if line.strip()] == wanted


def test_text_from_word_comes_out_clean() -> None:
    assert richtext.clean(WORD) == (
        "<h2>Access for deaf people</h2>"
        "<p>Deaf patients told us that <strong>booking by telephone</strong> is <em>impossible</em> for them. "
        "The Northford clinic now answers text messages.</p>"
        "<ul><li>Interpreters booked within two days<ul><li>also at weekends</li></ul></li>"
        "<li>A loop at every desk</li></ul>"
        "<ol><li>Ask</li><li>Listen</li></ol>"
        '<p>See <a href="https://www.example.org/deaf%20access">the action plan</a>, this trap and a file of mine.</p>'
        "<p>Waits fell from nine weeks to four.</p>"
        '<table><thead><tr><th scope="col">Group</th><th scope="col">Share waiting</th><td></td></tr></thead>'
        "<tbody><tr><td>Deaf people</td><td>31%</td><td>in 2025</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    "trap",
    [
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<script>alert(1)",
        "<style>@import url(https://t.example)</style>",
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="//t.example">x</a>',
        '<p onclick="alert(1)" style="background:url(https://t.example)">x</p>',
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><script>alert(1)</script></template>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        '<form action="https://t.example"><input name=q><button>x</button></form>',
        '<meta http-equiv="refresh" content="0;url=https://t.example"><base href="https://t.example">',
        '<a href="https://ok.example/&quot; onclick=&quot;alert(1)">x</a>',
    ],
)
def test_traps_do_not_survive(trap: str) -> None:
    for shown in (richtext.clean(trap), str(richtext.render(trap))):
        assert not re.search("<(script|style|img|svg|form|meta|base)", shown)
        assert not any(name.startswith("on") for _, name, _ in Seen(shown).attributes)
        assert not re.search(r'href="(?!https://ok\.example/)', shown)


LONG = (
    "<p>word word</p>" * 15_000, "<b>a</b>" * 20_000, "<ul><li>x</li></ul>" * 9_000, "[" * 500_000, "[](" * 150_000,
    "\\" * 500_000, "<p style='" + "display: " * 50_000 + "'>x</p>", "a<br>" * 99_000, "<p>" * 160_000, "&lt;" * 120_000,
    "<td>" * 120_000, "<!--" * 120_000, "<![" * 160_000, "<" * 500_000,
)  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:12])
def test_half_a_million_characters_are_read_without_hanging(text: str) -> None:
    began = time.process_time()
    stored = richtext.clean(text)
    richtext.to_marks(stored[: richtext.LONGEST_SENT])
    assert time.process_time() - began < 20


TANGLED = (
    "<ul><li>" * 60_000, "<div>" * 100_000, "<blockquote>" * 40_000, "<table><tr><td>" * 30_000,
    "".join(f"<font size={size}>" for size in range(90)) + "<p>" * 100_000, "word " * 400_000, "<a href='" * 55_000,
)  # fmt: skip


@pytest.mark.parametrize("text", TANGLED, ids=lambda text: text[:12])
def test_what_would_take_hours_to_read_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(richtext.Unreadable):
        richtext.clean(text)
    assert time.process_time() - began < 2


TYPED_TRAPS = (
    "- a\n  b\n" + "  b\n" * 120_000, "> a\n" * 120_000, "| a | b |\n" * 50_000, "**a" * 160_000, "[a](" * 120_000,
    "# a\n" * 120_000, "\\|" * 240_000, "- a\n\n" * 95_000,
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED_TRAPS, ids=lambda typed: typed[:6])
def test_half_a_million_typed_characters_are_read_without_hanging(typed: str) -> None:
    began = time.process_time()
    richtext.from_marks(typed)
    assert time.process_time() - began < 20


def test_words_are_counted_without_marks_and_addresses() -> None:
    html = '<h2>One two</h2><ul><li>th<strong>ree</strong></li></ul><p><a href="https://a.example/b c">four</a> – 5</p>'
    assert richtext.words(richtext.clean(html)) == 5


def test_text_for_checks_holds_every_word_and_address() -> None:
    html = richtext.clean(
        "<h2>Head</h2><p>a<br>b</p><table><tr><td>G</td><td>N</td></tr><tr><td>x</td><td>7</td></tr></table>"
        '<p><a href="mailto:ann@b.example">write</a></p>'
    )
    assert richtext.to_text(html) == "Head\n\na\nb\n\nG | N\nx | 7\n\nwrite (mailto:ann@b.example)"


def test_headings_stand_under_the_page_s_own_without_a_gap() -> None:
    stored = richtext.clean("<h3>a</h3><h5>b</h5><h3>c</h3><h1>d</h1>")
    assert stored == "<h2>a</h2><h3>b</h3><h2>c</h2><h2>d</h2>"
    assert richtext.shift_headings(stored, 5) == "<h5>a</h5><h6>b</h6><h5>c</h5><h5>d</h5>"
    assert richtext.shift_headings("<h2>a</h2><h3>b</h3><h4>c</h4>", 5) == "<h5>a</h5><h6>b</h6><h6>c</h6>"


def test_a_table_names_its_columns_and_rows() -> None:
    typed = "| Group | 2025 | 2026 |\n|---|---|---|\n|! Women | 3 | 4 |\n|! Men | 5 | 6 |"
    stored = richtext.from_marks(typed)
    assert stored == (
        '<table><thead><tr><th scope="col">Group</th><th scope="col">2025</th><th scope="col">2026</th></tr></thead>'
        '<tbody><tr><th scope="row">Women</th><td>3</td><td>4</td></tr>'
        '<tr><th scope="row">Men</th><td>5</td><td>6</td></tr></tbody></table>'
    )
    assert richtext.clean(stored) == stored


def test_years_and_single_marks_at_the_start_of_a_line_are_words() -> None:
    assert richtext.from_marks("2012. A year") == '<ol start="2012"><li>A year</li></ol>'
    assert richtext.to_text(richtext.from_marks("2012. A year")) == "2012. A year"
    assert richtext.from_marks("-5 degrees\n#3 of 4") == "<p>-5 degrees<br>#3 of 4</p>"
    assert richtext.from_marks(r"\\server\share **and** 2 * 3 * 4, a_b_c") == (
        r"<p>\\server\share <strong>and</strong> 2 * 3 * 4, a_b_c</p>"
    )
