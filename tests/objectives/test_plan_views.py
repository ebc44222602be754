"""Views of the plan: groupings and filters, calendar, board's page, over time, calendar file, XLSX and DOCX."""

from __future__ import annotations

import datetime
import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from objectives.months import Month
from objectives.plan import domain, exports, table
from objectives.plan.models import CalendarAddress
from objectives.plan.table import GROUPINGS, Line, OwnerShown, PlanShown, Wanted
from tests.leaks.walk import sign_in
from tests.world import World

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
OWNERS = st.lists(st.sampled_from(["Head of care", "Race network", "Board"]), unique=True, max_size=3)
LINES = st.lists(
    st.builds(
        Line,
        domain=st.sampled_from(["1", "2"]),
        domain_title=st.just("Title"),
        outcome=st.sampled_from(["1A", "2B"]),
        outcome_text=st.just("Text"),
        outcome_id=st.just("x"),
        objective=st.sampled_from(["", "First", "Second"]),
        action=WORDS,
        action_id=st.sampled_from(["a", "b"]),
        owners=OWNERS.map(lambda names: tuple(OwnerShown("role", name) for name in names)),
        due=st.none() | st.builds(Month, st.integers(2026, 2027), st.integers(1, 12)),
        status=st.just("on_track"),
        state=st.sampled_from(["on_track", "late"]),
        characteristics=st.lists(st.sampled_from([("age", "Age"), ("sex", "Sex")]), unique=True, max_size=2).map(tuple),
    ),
    max_size=8,
)


@given(LINES, st.sampled_from(list(GROUPINGS)))
def test_every_grouping_shows_every_line(lines: list[Line], by: str) -> None:
    sections = table.sections(lines, by)
    assert all(section.lines for section in sections)
    shown = [line for section in sections for line in section.lines]
    assert all(line in shown for line in lines)
    if by in {"domain", "month", "objective"}:
        assert len(shown) == len(lines)
    if by == "month":
        months = [section.lines[0].due for section in sections]
        known = [month for month in months if month]
        assert known == sorted(known)
        assert None not in months[:-1]


@given(LINES)
def test_each_offered_choice_keeps_something_and_nonsense_nothing(lines: list[Line]) -> None:
    for name, pairs in table.choices(lines).items():
        for value, _ in pairs:
            assert table.kept(lines, Wanted(**{name: value}))  # type: ignore[arg-type]
        assert table.kept(lines, Wanted(**{name: "no such thing"})) == []  # type: ignore[arg-type]


@given(LINES)
def test_the_calendar_holds_every_action_once(lines: list[Line]) -> None:
    months, unknown = table.calendar_of(lines)
    assert sum(len(each.lines) for each in months) + len(unknown) == len(lines)


def _plan(*lines: Line) -> PlanShown:
    return PlanShown("Hollin Vale Trust", "EDS 2022 2026-27", "domain", datetime.date(2026, 11, 22), lines)


def _line(**values: object) -> Line:
    return Line("1", "Services", "1A", "People are treated well", "x", **values)  # type: ignore[arg-type]


PLAN = _plan(
    _line(objective="Better access", action="=cmd()", action_id="a", owners=(OwnerShown("role", "Head of care"),),
          due=Month(2027, 1), status="on_track", state="on_track", measure="Fewer waits"),
    _line(objective="An objective alone", objective_id="o"),
)  # fmt: skip
HEAD = ["Domain", "Outcome", "Objective", "Action", "Owner", "Completion date", "Status", "Measure"]
FIRST = ["1 Services", "1A People are treated well", "Better access", "=cmd()", "Head of care", "January 2027", "On track",
         "Fewer waits"]  # fmt: skip


def test_the_spreadsheet_has_the_columns_of_trusts_and_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(exports.spreadsheet(PLAN))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == HEAD
    assert rows[1] == [*FIRST[:3], "'=cmd()", *FIRST[4:]]
    assert rows[2][2:4] == ["An objective alone", None]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_the_document_has_the_same_table_with_a_repeated_head() -> None:
    made = Document(io.BytesIO(exports.document(PLAN)))
    (found,) = made.tables
    rows = [[cell.text for cell in row.cells] for row in found.rows]
    assert rows[:2] == [HEAD, FIRST]
    assert "tblHeader" in found.rows[0]._tr.xml
    assert made.core_properties.language == "en-GB"


@given(WORDS | st.text(max_size=20))
def test_any_words_can_be_exported(words: str) -> None:
    words = "".join(letter for letter in words if not 0xD800 <= ord(letter) <= 0xDFFF and letter not in "\ufffe\uffff")
    plan = _plan(_line(action=words or "x", action_id="a", status="done", state="done"))
    assert load_workbook(io.BytesIO(exports.spreadsheet(plan))).active
    assert Document(io.BytesIO(exports.document(plan))).tables


@pytest.fixture
def shown(world: World) -> World:
    world.to_agreeing()
    world.plan_action(text="Train the board", due=Month(2027, 1), owner="contributor")
    other = world.plan_action("4.2", text="Ask the staff", role="Race network")
    domain.say_progress(actor=world.lead, action=other, status="at_risk", words="Two are away.")
    return world


PAGES = ("plan", "plan-summary", "plan-calendar", "plan-over-time", "plan-xlsx", "plan-docx")


def _all(client: Client, world: World) -> dict[str, bytes]:
    return {name: client.get(reverse(name, args=[world.assessment.public_id])).content for name in PAGES}


def test_pages_hold_the_plan_in_their_own_way(shown: World) -> None:
    found = _all(sign_in(shown, "lead"), shown)
    for name in ("plan", "plan-summary", "plan-calendar"):
        assert b"Ask the staff" in found[name]
    assert b"Month unknown" in found["plan-calendar"]
    assert b"Two are away." in found["plan-summary"]
    assert b"<svg" in found["plan-over-time"]
    sheet = load_workbook(io.BytesIO(found["plan-xlsx"])).active
    assert sheet is not None
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == [
        "Head of training (Carla Contributor)",
        "Race network",
    ]


def test_a_panel_reads_roles_in_every_form(shown: World) -> None:
    found = _all(sign_in(shown, "reviewer"), shown)
    sheet = load_workbook(io.BytesIO(found.pop("plan-xlsx"))).active
    assert sheet is not None
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == ["Head of training", "Race network"]
    document = Document(io.BytesIO(found.pop("plan-docx")))
    assert "Carla" not in "".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert all(b"Carla Contributor" not in page for page in found.values())


def test_filters_of_the_page_count_for_the_exports(shown: World) -> None:
    client = sign_in(shown, "lead")
    url = reverse("plan-xlsx", args=[shown.assessment.public_id])
    sheet = load_workbook(io.BytesIO(client.get(url, {"owner": "Race network"}).content)).active
    assert sheet is not None
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["Ask the staff"]
    page = client.get(reverse("plan", args=[shown.assessment.public_id]), {"by": "owner", "state": "at_risk"})
    assert b"You see 1 of 2 lines" in page.content


def test_a_secret_address_gives_ones_own_open_actions_and_a_new_one_ends_it(shown: World) -> None:
    client = sign_in(shown, "contributor")
    page = client.post(reverse("plan-own-calendar")).content.decode()
    key = page.partition("?key=")[2].partition("<")[0]
    assert key not in str(CalendarAddress.objects.get().__dict__)
    assert key not in client.get(reverse("plan-own-calendar")).content.decode()
    anonymous = Client()
    url = reverse("plan-calendar-file")
    with time_machine.travel(datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC), tick=False):
        response = anonymous.get(url, {"key": key})
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == "Due: Train the board"
    assert event["dtstart"].dt == datetime.date(2027, 1, 31)
    assert b"Ask the staff" not in response.content
    for wrong in ("", "x", CalendarAddress.objects.get().token_hash):
        assert anonymous.get(url, {"key": wrong}).status_code == 404
    client.post(reverse("plan-own-calendar"))
    assert anonymous.get(url, {"key": key}).status_code == 404
