"""What is inside files: words, comments, what is hidden, what pictures tell, and what could not be read (R16)."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from eds.files.checks import check_upload
from eds.files.inside import Inside, inside
from eds.files.inside.pictures import about_picture
from tests.files.built import GOOD, archive, jpeg, odf, ooxml, png

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def read(name: str, content: bytes) -> Inside:
    """Read a file as an upload is read: checked first."""
    upload = ContentFile(content, name=name)
    assert check_upload(upload).name == name
    found = inside(name, upload)
    assert upload.tell() == 0
    return found


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_every_kind_of_file_that_is_taken_is_read(extension: str) -> None:
    found = read(f"x.{extension}", GOOD[extension])
    assert (found.comments, found.hidden, found.pictures) == ([], [], [])
    assert found.unread == ("it has no words that can be read; it may be a scan" if extension == "pdf" else "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_the_usual_encodings(encoding: str) -> None:
    assert "Café 943 476 5919" in read("x.txt", "Café 943 476 5919\n".encode(encoding)).words


def test_word() -> None:
    document = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>Call 943 4</w:t></w:r><w:r><w:t>76 5919.</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Not for her</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>In sight</w:t></w:r>'
        "<w:del><w:r><w:delText>Struck out</w:delText></w:r></w:del></w:p></w:body></w:document>"
    )
    comments = (
        f"<w:comments {W}><w:comment><w:p><w:r><w:t>Ask </w:t></w:r><w:r><w:t>Joan</w:t></w:r></w:p></w:comment>"
        "</w:comments>"
    )
    footer = f"<w:ftr {W}><w:p><w:r><w:t>At the foot</w:t></w:r></w:p></w:ftr>"
    found = read(
        "x.docx",
        ooxml("docx", {"word/document.xml": document, "word/comments.xml": comments, "word/footer1.xml": footer}),
    )
    assert "Call 943 476 5919." in found.words
    assert "In sight" in found.words
    assert "At the foot" in found.words
    assert "Struck" not in found.words
    assert "Not for her" not in found.words
    assert found.hidden == ["Not for her", "Struck out"]
    assert found.comments == ["Ask Joan"]


def test_excel() -> None:
    workbook = (
        f'<workbook {S}><sheets><sheet name="Counts"/><sheet name="Names" state="veryHidden"/></sheets></workbook>'
    )
    strings = f"<sst {S}><si><r><t>ann@</t></r><r><t>example.org</t></r></si></sst>"
    sheet = (
        f'<worksheet {S}><cols><col hidden="1"/></cols><sheetData><row><c t="s"><v>0</v></c><c><v>9434765919</v></c></row>'
        '<row hidden="1"><c><v>7</v></c></row></sheetData></worksheet>'
    )
    comments = (
        f"<comments {S}><commentList><comment><text><t>Who is this?</t></text></comment></commentList></comments>"
    )
    found = read(
        "x.xlsx",
        ooxml(
            "xlsx",
            {
                "xl/workbook.xml": workbook,
                "xl/sharedStrings.xml": strings,
                "xl/worksheets/sheet1.xml": sheet,
                "xl/comments1.xml": comments,
            },
        ),
    )
    assert "ann@example.org" in found.words
    assert "9434765919" in found.words.split()
    assert set(found.hidden) == {"the sheet “Names”", "rows of a sheet", "columns of a sheet"}
    assert found.comments == ["Who is this?"]


def test_powerpoint() -> None:
    def slide(words: str, show: str = "1") -> str:
        return f'<p:sld {P} show="{show}"><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:sld>'

    found = read(
        "x.pptx",
        ooxml(
            "pptx",
            {
                "ppt/slides/slide1.xml": slide("Shown"),
                "ppt/slides/slide2.xml": slide("Kept back", "0"),
                "ppt/notesSlides/notesSlide1.xml": slide("Say her name here"),
                "ppt/comments/comment1.xml": f"<p:cmLst {P}><p:cm><p:text>Too small</p:text></p:cm></p:cmLst>",
            },
        ),
    )
    assert found.words.strip() == "Shown"
    assert set(found.hidden) == {"Kept back", "Say her name here"}
    assert found.comments == ["Too small"]


def test_opendocument() -> None:
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>"
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:text>"
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Struck out</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Call 943 4<text:span>76</text:span> 5919."
        "<office:annotation><text:p>Ask Joan</text:p></office:annotation></text:p>"
        '<text:p><text:span text:style-name="T1">Not for her</text:span></text:p>'
        '<text:p><text:hidden-text text:string-value="Nor this"/></text:p>'
        '<table:table table:style-name="ta2"><table:table-row><table:table-cell><text:p>A name</text:p></table:table-cell>'
        '</table:table-row></table:table><table:table><table:table-row table:visibility="collapse"><table:table-cell>'
        "<text:p>Folded</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text></office:body></office:document-content>"
    )
    for name, part in (("x.odt", "text"), ("x.ods", "spreadsheet")):
        found = read(name, odf(part, {"content.xml": content}))
        assert "Call 943 476 5919." in found.words
        assert found.comments == ["Ask Joan"]
        assert found.hidden == ["Struck out", "Not for her", "Nor this", "A name", "Folded"]
        for hidden in found.hidden:
            assert hidden not in found.words


@pytest.mark.parametrize(
    "content", ['<!DOCTYPE x [<!ENTITY a "b">]><w>&a;</w>', "<w", f"<w>{'<v>' * 5_000}{'</v>' * 5_000}</w>"]
)
def test_a_part_that_is_not_read_is_named(content: str) -> None:
    deep = content.startswith("<w>")
    found = read("x.odt", odf("text", {"content.xml": content.replace("w>", "body>") if deep else content}))
    assert found.unread == ("what lies too deep inside it" if deep else "content.xml inside it")


def exif(order: str = "<") -> bytes:
    """The place, the camera, and in the further directory the time; one tag that tells nothing."""
    tags = [(0x0112, 1), (0x010F, 0), (0x8769, 62), (0x8825, 0)]
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    first = struct.pack(order + "H", len(tags)) + b"".join(
        struct.pack(order + "HHII", tag, 4, 1, at) for tag, at in tags
    )
    more = struct.pack(order + "HHHII", 1, 0x9003, 4, 1, 0)
    return head + first + b"\0" * (62 - len(head) - len(first)) + more


def with_segment(marker: int, data: bytes) -> bytes:
    return jpeg()[:2] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + jpeg()[2:]


def with_chunk(kind: bytes, data: bytes) -> bytes:
    made = png()
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made[:33] + chunk + made[33:]


TOLD = ["the camera", "when it was made", "the place where it was taken"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.jpg", with_segment(0xE1, b"Exif\0\0" + exif()), TOLD),
        ("x.jpg", with_segment(0xE1, b"Exif\0\0" + exif(">")), TOLD),
        ("x.jpg", with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"), ["notes of the program that made it"]),
        ("x.jpg", with_segment(0xED, b"Photoshop 3.0\0"), ["a caption or notes"]),
        ("x.jpg", with_segment(0xFE, b"Joan at the door"), ["a comment"]),
        ("x.png", with_chunk(b"eXIf", exif()), TOLD),
        ("x.png", with_chunk(b"tEXt", b"Author\0Joan"), ["a text called “Author”"]),
        ("x.png", with_chunk(b"tEXt", b"Software\0a program"), []),
        ("x.docx", ooxml("docx", {"word/media/image1.jpeg": with_segment(0xFE, b"Joan")}), ["a comment"]),
        ("x.odt", odf("text", {"Pictures/1.png": with_chunk(b"eXIf", exif())}), TOLD),
    ],
)
def test_what_pictures_tell(name: str, content: bytes, told: list[str]) -> None:
    assert read(name, content).pictures == told


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00\x40Exif\0\0II*\0\x08\0\0\0"]))
def test_no_picture_stops_the_reading(data: bytes, before: bytes) -> None:
    assert isinstance(about_picture(before + data), list)
    assert isinstance(about_picture(png()[:8] + data), list)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="\ufffe\uffff")))
def test_any_words_are_found_again(text: str) -> None:
    part = f"<w:document {W}><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:document>"
    content = ContentFile(archive({"word/document.xml": part}), name="x.docx")
    assert text in inside("x.docx", content).words


def made_pdf(page: bytes, *, password: str = "", **more: Any) -> bytes:
    """A PDF of one page with this content stream and these annotations and files."""
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        made.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        made.pages[0].obj.Contents = made.make_stream(page)
        if "note" in more:
            notes = [
                pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=kind, Rect=[0, 0, 9, 9], Contents=more["note"])
                for kind in (pikepdf.Name.Text, pikepdf.Name.Link)
            ]
            made.pages[0].obj.Annots = pikepdf.Array(notes[: 1 + more.get("link", 0)])
        if "file" in more:
            made.attachments[more["file"]] = b"names"
        if "picture" in more:
            image = pikepdf.Stream(made, more["picture"])
            image.Type, image.Subtype, image.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
            image.Width = image.Height = 2
            image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
            made.pages[0].obj.Resources.XObject = pikepdf.Dictionary(I1=image)
        encryption = pikepdf.Encryption(user=password, owner=password) if password else None
        made.save(target, encryption=encryption)
    return target.getvalue()


SAID = b"BT /F1 12 Tf 50 50 Td (Call 943 476 5919) Tj ET"


def test_pdf() -> None:
    plain = read("x.pdf", made_pdf(SAID))
    assert "Call 943 476 5919" in plain.words
    assert plain == Inside(words=plain.words)
    full = read(
        "x.pdf",
        made_pdf(
            SAID + b" BT 3 Tr /F1 12 Tf (unseen) Tj ET",
            note="Ask Joan",
            link=1,
            file="names.csv",
            picture=with_segment(0xFE, b"Joan"),
        ),
    )
    assert full.comments == ["Ask Joan"]
    assert full.hidden == ["words on its pages that are drawn without being seen", "the file “names.csv” inside it"]
    assert full.pictures == ["a comment"]
    assert full.unread == ""


def test_a_pdf_that_is_locked_or_damaged_says_so() -> None:
    assert read("x.pdf", made_pdf(SAID, password="secret")).unread == "it is protected with a password"
    assert read("x.pdf", b"%PDF-1.4\nnothing\n%%EOF\n").unread == "it cannot be taken apart"


def test_a_site_without_the_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert read("x.pdf", made_pdf(SAID)).unread == "this site has no program that reads the words of PDFs"
