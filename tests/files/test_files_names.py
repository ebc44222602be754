"""Names of files, for any name that anybody sends."""

from __future__ import annotations

import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eds.files.names import MAX_BYTES, MAX_CHARACTERS, clean_name, content_disposition, extension_of

names = st.one_of(
    st.text(),
    st.text(alphabet="ab. /\\\u202e\u200d\u0301\x00\n:é😀", max_size=300),
    st.builds(lambda stem, ending: f"{stem}.{ending}", st.text(min_size=1), st.sampled_from(["pdf", "DOCX", "csv"])),
)


@given(names)
def test_any_name_becomes_harmless(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned == clean_name(cleaned)
    assert 0 < len(cleaned) <= MAX_CHARACTERS
    assert len(cleaned.encode()) <= MAX_BYTES
    assert not set(cleaned) & set('/\\<>:"|?*')
    assert not cleaned.startswith((".", " "))
    assert not cleaned.endswith((".", " "))
    categories = {unicodedata.category(character) for character in cleaned if character not in "\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(min_size=1, max_size=400), st.sampled_from(sorted({"pdf", "docx", "xlsx", "csv", "jpeg"})))
def test_the_ending_stays(stem: str, ending: str) -> None:
    assert extension_of(clean_name(f"{stem}.{ending}")) in {ending} | ({""} if clean_name(stem) == "file" else set())


@given(names, st.booleans())
def test_header_is_one_line_of_ascii_that_says_the_name(name: str, inline: bool) -> None:
    header = content_disposition(name, inline=inline)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == ("inline" if inline else "attachment")
    told = header.partition("filename*=UTF-8''")[2]
    if told:
        assert unquote(told) == clean_name(name)
    else:
        assert message.get_filename() == clean_name(name)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Report 2026.pdf", "Report 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\Minutes.DOCX", "Minutes.DOCX"),
        ("annual\u202efdp.exe", "annualfdp.exe"),
        ("two\r\nlines.txt", "two lines.txt"),
        ("what?.csv", "what_.csv"),
        (".htaccess", "htaccess"),
        ("\u200b.pdf", "pdf"),
        ("", "file"),
        ("...", "file"),
        ("समानता रिपोर्ट.pdf", "समानता रिपोर्ट.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_header_has_both_names() -> None:
    assert (
        content_disposition("Zoë.pdf", inline=False)
        == "attachment; filename=\"Zoe.pdf\"; filename*=UTF-8''Zo%C3%AB.pdf"
    )
    assert content_disposition("a.pdf", inline=True) == 'inline; filename="a.pdf"'
    assert content_disposition("报告.pdf", inline=False).startswith('attachment; filename="file.pdf"; filename*=')
