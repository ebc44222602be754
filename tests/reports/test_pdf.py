"""The PDF and the pages of a report, from payloads alone. No database."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from lxml import etree, html

from eds.jobs.errors import JobFailed
from reports.checks import machine as checks
from reports.payload.schema import canonical
from reports.rendering import render_pdf, report_context, shown, v1
from tests.reports import samples

SMALL = samples.small()
NASTY = samples.nasty()


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="module")
def small_pdf() -> bytes:
    return render_pdf(SMALL)


@pytest.fixture(scope="module")
def nasty_pdf() -> bytes:
    return render_pdf(NASTY)


@pytest.fixture
def opened(small_pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(small_pdf)) as pdf:
        yield pdf


def words_of(pdf: bytes) -> str:
    """The text of a PDF as a reader copies it, line ends as spaces."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def body_of(payload: dict[str, Any]) -> html.HtmlElement:
    return html.fromstring(f"<main>{render_to_string('reports/v1/body.html', report_context(payload))}</main>")


def elements(node: Any) -> Iterator[Any]:
    """The structure elements of a tagged PDF, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_it_declares_what_it_is(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Larkmoor Community NHS Trust: Equality Delivery System (EDS) report, 2026-27"
        assert metadata["dc:creator"] == ["Larkmoor Community NHS Trust"]
    assert bool(opened.Root.MarkInfo.Marked) is True
    assert opened.Root.StructTreeRoot.Type == "/StructTreeRoot"
    assert str(opened.Root.Lang) == "en-GB"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle) is True
    assert opened.docinfo["/CreationDate"] == "D:20270228"


def test_headings_step_down_in_order(opened: pikepdf.Pdf) -> None:
    levels = [
        int(str(each.S)[2:]) for each in elements(opened.Root.StructTreeRoot) if re.fullmatch(r"/H\d", str(each.S))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_header_cells_with_a_scope(opened: pikepdf.Pdf) -> None:
    tables = [each for each in elements(opened.Root.StructTreeRoot) if each.S == "/Table"]
    assert len(tables) >= 4  # at a glance, changed, panels, what was set aside; one over two pages counts as two
    for table in tables:
        heads = [str(each.A.Scope) for each in elements(table) if each.S == "/TH"]
        assert set(heads) == {"/Column", "/Row"}
        assert all("/Headers" in each.A for each in elements(table) if each.S == "/TD")


def test_everything_drawn_is_tagged_or_an_artifact(opened: pikepdf.Pdf) -> None:
    owned: dict[int, set[int]] = {}
    for each in elements(opened.Root.StructTreeRoot):
        kids = {int(kid) for kid in each.K if not isinstance(kid, pikepdf.Dictionary)}
        if kids:
            owned.setdefault(each.Pg.objgen[0], set()).update(kids)
        assert each.S != "/Figure"
    for page in opened.pages:
        depth: list[str] = []
        marked = set()
        for step in pikepdf.parse_content_stream(page):
            operator, operands = str(step.operator), step.operands
            if operator in {"BMC", "BDC"}:
                depth.append(str(operands[0]))
                if operator == "BDC":
                    marked.add(int(operands[1].MCID))
            elif operator == "EMC":
                depth.pop()
            elif operator in {"Tj", "TJ", "f", "f*", "S", "Do"}:
                assert depth
        assert marked == owned[page.objgen[0]]


def test_links_say_where_they_lead(opened: pikepdf.Pdf) -> None:
    links = [link for page in opened.pages for link in page.get("/Annots", [])]
    assert [str(link.Contents) for link in links if "/A" in link] == ["E-mail to equality@larkmoor.example"]
    said = {str(link.Dest): str(link.Contents) for link in links if "/Dest" in link}
    assert said["outcome-4.1"] == "Outcome 4.1"
    assert said["set-aside"] == "Outcomes left out or not applicable"
    assert all(dest != words for dest, words in said.items())


def test_bookmarks_name_goals_and_outcomes(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        top = outline.root[0]
        goal = next(item for item in top.children if item.title.startswith("Goal 4"))
        assert [item.title for item in goal.children] == ["Outcome 4.1", "Outcome 4.2"]


@pytest.mark.parametrize("name", ["small_pdf", "nasty_pdf"])
def test_qpdf_finds_nothing(name: str, request: pytest.FixtureRequest, tmp_path: Any) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(request.getfixturevalue(name))
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_words_are_in_it(small_pdf: bytes) -> None:
    words = words_of(small_pdf)
    assert "Outcome 4.1 Boards and senior leaders" in words
    assert "The local interests' grade is Developing. It is the lower of the panels' grades." in words
    assert f"{samples.HEALTHWATCH} Developing decided on 20 January 2027 Leaders are seldom seen" in words
    assert f"{samples.STAFF_SIDE} Achieving decided on 21 January 2027 Staff networks meet" in words
    assert f"The organisation {samples.ORGANISATION_SAYS}" in words
    assert f"{samples.HEALTHWATCH} {samples.PANEL_SAYS}" in words
    assert "The view of the local interests prevails, so the grade is theirs." in words
    assert "Left out: 16 outcomes" in words
    assert words.count(samples.NOT_THIS_YEAR) == 1
    assert "Version: 1, published on 28 February 2027" in words
    assert "Signed off by: Board sponsor, on 19 February 2027" in words
    assert not re.search(r"\d{4}-\d{2}-\d{2}", words)


def test_the_same_payload_gives_the_same_bytes(small_pdf: bytes) -> None:
    assert render_pdf(SMALL) == small_pdf
    code = (
        "import sys, django; django.setup();"
        "from reports.rendering import render_pdf; from tests.reports import samples;"
        "sys.stdout.buffer.write(render_pdf(samples.small()))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "eds.project.settings", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env)
    assert done.stdout == small_pdf


def test_markup_in_texts_stays_text(nasty_pdf: bytes) -> None:
    words = words_of(nasty_pdf)
    assert "<script>alert(1)</script>" in words
    assert "{{ content }} {% now 'Y' %} &amp; &lt;" in words
    assert "Trust </title><img src=x>" in words
    assert "eslaf" in words
    assert "No statement was given by the local interests." in words
    assert "The only panel declined." in words
    assert "Undeveloped for lack of evidence, decided on 20 January 2027" in words
    assert words.count("Not graded by local interests") == 4  # two outcomes, in the table and under their heading
    assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\ufffd]", words)


def test_nothing_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        extra = (
            f'<img src="http://127.0.0.1:{port}/x"><link rel="stylesheet" href="http://127.0.0.1:{port}/y">'
            f"<style>@import url(http://127.0.0.1:{port}/z);</style><iframe src='file:///etc/hostname'></iframe>"
        )
        payload = samples.small()
        for outcome in payload["content"]["goals"][3]["outcomes"]:
            outcome.update(text=extra, summary=extra, scope_reason=extra)
        pdf = render_pdf(payload)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert f'<img src="http://127.0.0.1:{port}/x">' in words_of(pdf)


def test_templates_that_are_missing_are_named() -> None:
    unknown = {**SMALL, "content": {**SMALL["content"], "templates_version": "v0/../v1"}}
    with pytest.raises(JobFailed) as failed:
        render_pdf(unknown)
    assert failed.value.final


@pytest.mark.parametrize("payload", [SMALL, NASTY, samples.big()], ids=["small", "nasty", "big"])
def test_the_body_is_well_made(payload: dict[str, Any]) -> None:
    body = body_of(payload)
    ids = body.xpath("//@id")
    assert len(ids) == len(set(ids))
    leads = {address for address in body.xpath("//a/@href") if not address.startswith("mailto:")}
    assert {address.removeprefix("#") for address in leads} <= set(ids)
    assert all(len(table.xpath("./caption")) == 1 for table in body.xpath("//table"))
    assert all(row.xpath("./th[@scope='row']") for row in body.xpath("//tbody/tr"))
    assert all(head.get("scope") == "col" for head in body.xpath("//thead//th"))
    levels = [int(each.tag[1]) for each in body.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == min(levels) == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not body.xpath("//script|//style|//@style|//img")


def test_each_outcome_is_a_heading_with_a_link() -> None:
    body = body_of(SMALL)
    for code in ("4.1", "4.2"):
        assert body.xpath(f"//h3[@id='outcome-{code}']")
        assert body.xpath(f"//article[.//h3[@id='outcome-{code}']]//a[@href='#outcome-{code}']")
    assert len(body.xpath("//tr[starts-with(@id, 'outcome-')]")) == 16


def test_services_are_told_apart() -> None:
    ids = [view.id for view in v1.build_report(NASTY["content"]).outcomes]
    assert ids[0] == "outcome-1A-maternity-newborn-care"
    assert ids[1].startswith("outcome-1A-maternity-newborn-care-")
    assert ids[2:] == ["outcome-1B-خدمات", "outcome-1C"]


def test_grades_at_a_glance() -> None:
    rows = body_of(SMALL).xpath("//table[contains(@class, 'eds-glance')]/tbody/tr")
    found = [
        (row.xpath("string(./th/a)"), row.xpath("string(.//strong)"), row.xpath("string(./td[2]/text())"))
        for row in rows
    ]
    assert found == [("4.1", "Developing", "Local interests prevail"), ("4.2", "Developing", "Agreed from the start")]


def test_what_local_people_changed() -> None:
    assert [view.label for view in v1.build_report(SMALL["content"]).changed] == ["4.1"]
    bases = {view.basis for view in v1.build_report(samples.big()["content"]).changed}
    assert bases == {"Local interests prevail", "The organisation moved", "Both moved"}


def test_the_rule_is_called_official_only_where_it_is() -> None:
    assert "That is a rule of the Equality Delivery System (EDS)." in words_in(body_of(SMALL))
    assert "declares this as its method" in words_in(body_of(NASTY))


def test_the_method_tells_what_went_otherwise() -> None:
    words = words_in(body_of(samples.big()))
    assert "Blind: reviewers graded without seeing" in words
    assert "The round went back to reviewing on 2 December 2026. Reason: One panel had not seen the survey." in words
    assert "2 reviews were written after the grades had been shown, and so were not blind." in words
    assert "On 3 December 2026: A reviewer left: another group sent somebody in their place." in words
    assert "Proposal in view: reviewers could see" in words_in(body_of(NASTY))


def test_no_total_is_printed() -> None:
    assert "point" not in words_in(body_of(NASTY)).lower()


def words_in(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def page(template: str, request: Any, **extra: Any) -> html.HtmlElement:
    report = shown(canonical(SMALL["content"]), SMALL["envelope"])
    context = {**report_context(SMALL), "report": report}
    return html.fromstring(render_to_string(template, {**context, **extra}, request=request))


@pytest.fixture
def stranger(rf: Any) -> Any:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/reports/larkmoor/2026/eds-2011/v1")
    request.user = AnonymousUser()
    request.csp_nonce = "nonce"
    return request


def test_the_public_page(stranger: Any) -> None:
    versions = [
        {"version": 2, "published_on": "2027-03-05", "reason": "A wrong period.", "url": "/v2"},
        {"version": 1, "published_on": "2027-02-28", "reason": "", "url": "/v1"},
    ]
    found = page(
        "reports/v1/public.html", stranger, versions=versions, newest_url="/v2", pdf_url="/pdf", pdf_size=54_000
    )
    words = words_in(found)
    assert "This is an older version" in words
    assert found.xpath("//a[@href='/pdf']")[0].text_content() == "Download this report as PDF (52.7\xa0KB)"
    assert "Version 1 (this one)" in words
    assert "5 March 2027" in words
    assert len(found.xpath("//h1")) == 1
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_public_page_before_the_pdf_is_there(stranger: Any) -> None:
    found = page("reports/v1/public.html", stranger, versions=[])
    assert "The PDF is being made." in words_in(found)
    assert "older version" not in words_in(found)


def test_the_page_of_one_outcome(stranger: Any) -> None:
    goal = SMALL["content"]["goals"][3]
    found = page("reports/v1/outcome.html", stranger, goal=goal, outcomes=goal["outcomes"][:1], report_url="/report")
    assert words_in(found.xpath("//h1")[0]) == "Larkmoor Community NHS Trust, 2026-27 Outcome 4.1"
    assert found.xpath("//a[@href='/report#outcome-4.1']")
    assert samples.PANEL_SAYS in words_in(found)
    levels = [int(each.tag[1]) for each in found.xpath("//main//h1|//main//h2|//main//h3|//main//h4")]
    assert levels[:2] == [1, 2]


def test_the_page_of_an_outcome_with_services(stranger: Any) -> None:
    content = report_context(NASTY)["content"]
    outcomes = content["goals"][0]["outcomes"][:2]
    context = {"content": content, "goal": content["goals"][0], "outcomes": outcomes, "report_url": "/report"}
    found = html.fromstring(render_to_string("reports/v1/outcome.html", context, request=stranger))
    headings = found.xpath("//main//h2")
    assert [each.text for each in headings] == ["Maternity & newborn <care>", "Maternity, newborn (care)"]
    assert len({each.get("id") for each in headings}) == 2


def test_cleaning_keeps_what_can_be_read() -> None:
    assert v1.clean({"a": ["x\r\ny\x0cz\x00\ufffe\U0001fffe\u202e!"], "b": 1}) == {"a": ["x\ny\nz!"], "b": 1}
    etree.fromstring(f"<a>{v1.clean('a' + chr(1) + chr(0xFFFF))}</a>")


def test_only_endless_words_are_given_places_to_break() -> None:
    long, longer = "https://example.org/" + "a" * 279, "b" * 300
    assert v1.with_breaks([long]) == [long]
    assert [len(piece) for piece in v1.with_breaks(f"{longer} end").split("\u200b")] == [60, 60, 60, 60, 60, 4]


def test_texts_run_in_their_own_direction() -> None:
    assert [v1.direction_of(text) for text in ("", "12 ab", "12 \u0642ab", "a\u0642")] == ["ltr", "ltr", "rtl", "ltr"]


def test_the_check_looks_for_the_library() -> None:
    # The commands that set a machine up install it; where it is, the check is silent.
    assert checks.harfbuzz_subset() == []
