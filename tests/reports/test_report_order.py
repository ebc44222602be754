"""What each edition's report prints, and in which order; what is not known is left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from lxml import html

from reports.rendering import render_pdf
from reports.rendering.v1 import build_report, report_context
from reports.rendering.v1_panels import labels_in_words
from tests.reports import editions, samples
from tests.reports.editions import DETAILS

ALL = [editions.eds_2011, editions.eds_2, editions.eds_2022]
Sample = Callable[[], dict[str, Any]]


def page(payload: dict[str, Any]) -> Any:
    return html.fromstring(render_to_string("reports/v1/pdf.html", report_context(payload)))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def headings(tree: Any, level: str = "h2") -> list[str]:
    return [words(each) for each in tree.iter(level)]


def section(tree: Any, heading: str) -> str:
    [found] = tree.xpath(f"//*[@aria-labelledby='{heading}']")
    return words(found)


def test_the_order_of_eds_2022() -> None:
    assert headings(page(editions.eds_2022())) == [
        "About this report",
        "Get this report in another form",
        "Contents",
        "Meeting local people",
        "Good practice",
        "How grading was done",
        "Grades at a glance",
        "How local people changed the grades",
        "Domain 1: Commissioned or provided services",
        "Domain 2: Workforce health and well-being",
        "Domain 3: Inclusive leadership",
        "Scores and rating",
        "Approval route",
        "Version and sign-off",
    ]


def in_order(text: str, *parts: str) -> bool:
    """Say whether these words stand in a text one after the other."""
    at = -1
    return all((at := text.find(part, at + 1)) >= 0 for part in parts)


def test_the_national_template_of_eds_2022_is_followed() -> None:
    """Who it is about, the dates, the score card, per domain its table, score and who graded it, the rating last."""
    text = words(page(editions.eds_2022()))
    assert in_order(
        text,
        "Organisation: ", "Board sponsor: ", "Integrated care system: ", "Led by: ", "Level: ", "Bodies in it: ",
        "Grading completed: ", "published on ", "Authorised: ", "To be looked at again by: ",
        "Open day at the library",
        "How points are counted",
        "Score of domain 1: ", "Outcomes of domain 1 Outcome Evidence Rating Owner", "was chosen because: ",
        "Score of domain 2: ", "Score of domain 3: ", "Who graded this domain: Peer reviewers",
        "Scores and rating Overall rating: Developing 18 of 33 points",
    )  # fmt: skip


def test_the_2011_edition_tells_of_an_outcome_before_it_grades_it() -> None:
    payload = editions.eds_2011()
    text = words(page(payload))
    assert in_order(text, "About this report", "asks how well people", "Get this report in another form", "Phone: ")
    [first, _] = [words(each) for each in page(payload).xpath("//article")]
    assert in_order(
        first,
        samples.TEXTS["4.1"],
        "Wording when this report was published",
        "Organisation: Larkmoor Community NHS Trust",
        "Lead contacts: ",
        "Evidence Equality question in board papers",
        "Grade Developing",
        "Progression plans: the board asks for it",
        "The organisation's conclusion",
    )


def test_eds2_names_leads_and_involvement_then_good_practice_then_grade_groups_and_evidence() -> None:
    payload = editions.eds_2()
    assert in_order(words(page(payload)), "Led by: ", DETAILS.involvement, DETAILS.good_practice, "Outcome 4.1")
    [first, _] = [words(each) for each in page(payload).xpath("//article")]
    assert in_order(first, "Grade Developing", "How the protected groups fare", "Evidence Equality question")
    assert "Organisation: " not in first


def test_sections_without_anything_in_them_are_left_out() -> None:
    found = headings(page(samples.small()))
    assert "Meeting local people" not in found
    assert "Approval route" not in found
    assert "Good practice" not in found
    assert "Scores and rating" not in found
    assert "action" not in words(page(editions.eds_2022())).lower()


@pytest.mark.parametrize("sample", ALL)
def test_contents_name_every_section_and_pdf_has_its_bookmarks(sample: Sample) -> None:
    tree = page(sample())
    after = headings(tree)[3:]
    entries = [words(each) for each in tree.xpath("//nav//li/a")]
    assert [each for each in entries if not each.startswith("Outcome ") or each in after] == after
    assert len(entries) == len(after) + len(tree.xpath("//article"))
    ids = {each.get("id") for each in tree.xpath("//*[@id]")}
    assert {each.get("href")[1:] for each in tree.xpath("//nav//a")} <= ids


def test_the_pdf_has_bookmarks_for_every_section(tmp_path: Any) -> None:
    made = tmp_path / "report.pdf"
    made.write_bytes(render_pdf(editions.eds_2022()))
    with pikepdf.open(made) as pdf, pdf.open_outline() as outline:
        [title] = outline.root
        assert [str(each.title) for each in title.children] == headings(page(editions.eds_2022()))


@pytest.mark.parametrize("sample", [editions.eds_2, editions.eds_2022])
def test_later_editions_declare_the_rule_as_their_method(sample: Sample) -> None:
    assert "Larkmoor Community NHS Trust declares this as its method." in section(page(sample()), "method")


def test_the_first_edition_has_it_as_a_rule() -> None:
    assert "That is a rule of the Equality Delivery System" in section(page(editions.eds_2011()), "method")


def test_the_front_of_eds_2022() -> None:
    front = section(page(editions.eds_2022()), "about")
    for part in (
        "Overall rating: Developing 18 of 33 points",
        "Level: An integrated care system",
        "Bodies in it: Larkmoor Community NHS Trust; Vale Acute NHS Trust; Larkmoor Integrated Care Board",
        "Integrated care system: Larkmoor and the Vale",
        "Board sponsor: Dr Amira Holt, Medical director",
        "Led by: Equality and inclusion manager",
        "Grading completed: 29 January 2027",
        "Authorised: 19 February 2027",
        "published on 28 February 2027",
        "To be looked at again by: 28 February 2028",
    ):
        assert part in front


def test_engagement_and_approval() -> None:
    tree = page(editions.eds_2022())
    met = section(tree, "engagement")
    assert "Open day at the library, 12 June 2026" in met
    assert "How many: About 60 people" in met
    assert met.count("What was heard") == 1
    route = section(tree, "approval")
    assert "Paper QEC 27/04, minutes QEC 27/04.2" in route
    assert "It was sent to NHS England" in route


def test_the_score_card_and_the_table_of_a_domain() -> None:
    tree = page(editions.eds_2022())
    glance = section(tree, "at-a-glance")
    assert "Undeveloped counts 0 points, Developing counts 1 point, Achieving counts 2 points" in glance
    for band in ("0 to 7 points: Undeveloped", "22 to 32 points: Achieving", "33 points: Excelling"):
        assert band in glance
    third = section(tree, "goal-3")
    assert "Score of domain 3: 5 of 9 points" in third
    assert "Who graded this domain: Peer reviewers (3 people)." in third
    rows = [words(row) for row in tree.xpath("//section[@aria-labelledby='goal-2']//table[1]//tbody/tr")]
    assert rows[0] == "Outcome 2A Evidence Survey of staff Rating Developing Owner Head of workforce"
    assert len(rows) == 4


def test_how_local_people_changed_the_grades_is_counted_from_the_records() -> None:
    text = section(page(editions.eds_2022()), "changed")
    assert "In 7 of 19 graded outcomes, the grade is not the one that the organisation first proposed." in text
    assert "In 12 outcomes, the organisation and local people gave the same grade from the start." in text
    assert "In 4 outcomes, the organisation took on the grade that local people had given." in text
    assert "In 3 outcomes, the two did not agree, and the view of local people prevails." in text
    assert "their grade is lower in 3 and higher in 0." in text
    report = build_report(editions.eds_2022()["content"])
    assert len(report.moved) == 7
    assert "In every graded outcome, the grade is the one" not in text


def test_local_people_who_moved_are_shown_with_their_first_grade() -> None:
    payload = samples.big()
    for goal in payload["content"]["goals"]:
        for outcome in goal["outcomes"]:
            if outcome["agreed"]["basis"] == "The local interests moved":
                outcome["first_local"] = payload["content"]["grades"][0]
    tree = page(payload)
    assert "local people changed their grade after the grades were compared." in section(tree, "changed")
    assert "Their first grade was Undeveloped." in words(tree)
    assert re.search(r"Undeveloped ?then Excelling", section(tree, "changed"))


def test_grades_then_and_now() -> None:
    text = section(page(editions.eds_2()), "at-a-glance")
    assert "Source: Equality report 2025, page 12" in text
    assert "Higher now" in text
    later = section(page(editions.eds_2022()), "at-a-glance")
    assert "“Then” is 2025-26" in later
    assert "Its grades were not made here" not in later
    assert "Grades then and now" not in words(page(samples.small()))


def test_how_the_nine_groups_fare() -> None:
    tree = page(editions.eds_2())
    [first, second] = [words(each) for each in tree.xpath("//article")]
    assert "As well: Age, Pregnancy and maternity, Sex Mixed: Race Worse: Disability No evidence: Gender" in first
    assert "No evidence: Age, Disability," in second
    assert "How the protected groups fare" not in words(page(editions.eds_2022()))


def test_an_older_wording_stands_beside_the_official_one_with_the_lead_contacts() -> None:
    [first, second] = [words(each) for each in page(editions.eds_2011()).xpath("//article")]
    assert "Wording when this report was published: Leaders show that equality matters to them" in first
    assert samples.TEXTS["4.1"] in first
    assert "Lead contacts: Company secretary; Head of equality" in first
    assert "Wording when this report was published" not in second


def test_outcomes_are_named_in_few_words() -> None:
    assert labels_in_words([("2A", ""), ("2B", "")]) == "2A, 2B"
    pairs = [(code, service) for code in ("1A", "1B") for service in ("Maternity", "Cardiology")]
    assert labels_in_words(pairs) == "1A, 1B, each for Maternity and Cardiology"
    assert labels_in_words([("1A", "Maternity"), ("2A", "")]) == "1A for Maternity; 2A"
