"""People who do things at the same moment, over HTTP on several web workers."""

from __future__ import annotations

import threading

from tests.processes import wait_until

from .cast import FEW
from .count import Count
from .rendering import before_publishing, job, made_once, pdf_page, versions
from .stage import AGREEING, CLOSING, CORRECTING, Stage
from .submitting import ROWS, is_saved, review_form
from .visitor import Answer, OpenForm, Visitor, at_once

PANEL_GRADES = "SELECT count(*) FROM grading_panelgrade WHERE reason = %s"
WAITING = "SELECT count(*) FROM jobs_job WHERE kind = 'reports.render' AND state = 'queued'"
FEW_WAIT = 2
"""With more reports waiting than that nobody publishes yet: else those would stand in the queue of every other fault."""
OK, SEE_OTHER, GONE = 200, 302, 410
GRADES = ("undeveloped", "developing", "achieving")
ANSWERS = {"why_not_median": "We weighed it again.", "question_factors": "We do not know."}
"""What the form asks of a chair beside grade and reasons."""


def twenty_submit_the_same(stage: Stage) -> Count:
    """One person's review is sent twenty times at once: it is there once, and every answer says so."""
    count = Count("twenty submit the same review at once", tries=1)
    [who] = stage.reviewers(1)
    words = stage.words("Sent twenty times")
    form = review_form(stage, who, words)
    answers = at_once([lambda: who.post(form)] * 20)
    for leads_to in {each.path for each in answers if each.status == SEE_OTHER}:
        shown = who.get(leads_to)
        count.expect(is_saved(shown), f"{leads_to} answered {shown.status}: {shown.words[:200]}")
    count.amiss += [f"answered {each.status}: {each.words[:200]}" for each in answers if each.status != SEE_OTHER]
    count.survived += count.check(stage.house.number(ROWS, words, who.email), "the review") and not count.amiss
    return count


def two_windows_of_a_chair(stage: Stage) -> Count:
    """A chair records from two windows at once: one is recorded, the other is told and keeps its text."""
    count = Count("two windows of a chair record a panel's grade", tries=1)
    chair = stage.person("community_chair")
    page = stage.panel_page(AGREEING, "4.1", "community", "grade")
    form = chair.form(page, "reason")
    words = [stage.words("The panel says") for _ in range(2)]
    forms = [
        form.filled(grade=grade, reason=text, **ANSWERS)
        for grade, text in zip(_two_grades(stage, "4.1"), words, strict=True)
    ]
    answers = at_once([lambda form=form: chair.send(form) for form in forms])
    recorded = ["is recorded" in each.words for each in answers]
    for text, answer, was_recorded in zip(words, answers, recorded, strict=True):
        count.check(stage.house.number(PANEL_GRADES, text), f"the grade of {text}", expected=int(was_recorded))
        if not was_recorded:
            count.told += 1
            _is_told(count, answer, text, "Somebody changed this")
    if sum(recorded) != 1:
        count.amiss.append(f"{sum(recorded)} of two windows were told that it is recorded")
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def two_panels_record(stage: Stage) -> Count:
    """The chairs of both panels record at once: both are there, and one grade of the local interests follows both."""
    count = Count("two panels' chairs record at once", tries=1)
    community, staff = stage.people("community_chair", "staff_chair")
    words = stage.words("Our panel")
    deeds = []
    for chair, panel, grade in zip((community, staff), ("community", "staff"), _two_grades(stage, "4.2"), strict=True):
        page = stage.panel_page(AGREEING, "4.2", panel, "grade")
        filled = chair.form(page, "reason").filled(grade=grade, reason=words, **ANSWERS)
        deeds.append(lambda chair=chair, filled=filled: chair.send(filled))
    answers = at_once(deeds)
    count.amiss += [f"{each.status}: {each.words[:300]}" for each in answers if "is recorded" not in each.words]
    count.check(stage.house.number(PANEL_GRADES, words), "the panels' grades", expected=2)
    newest = stage.house.rows(
        """SELECT max(p.id) FROM grading_panelgrade p JOIN assessments_assessedoutcome o ON o.id = p.assessed_outcome_id
        WHERE p.reason = %s""",
        words,
    )[0][0]
    made = stage.house.number("SELECT count(*) FROM grading_localinterestsgrade WHERE made_by_id = %s", newest)
    count.check(made, "the local interests' grade made by the later of two")
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def _two_grades(stage: Stage, code: str) -> tuple[str, str]:
    """Give two grades that no window would find recorded already, another pair each time."""
    number = stage.house.number("SELECT count(*) FROM grading_panelgrade")
    return GRADES[number % 3], GRADES[(number + 1) % 3]


def _is_told(count: Count, answer: Answer, text: str, sentence: str) -> None:
    if answer.status != 422 or sentence not in answer.words:
        count.amiss.append(f"answered {answer.status} without “{sentence}”: {answer.words[:300]}")
    elif not answer.holds(text):
        count.amiss.append("the text is not on the page")


def move_there_and_back(stage: Stage) -> None:
    """Close reviewing and open it again, which writes to everybody each time."""
    lead = stage.person("lead")
    move = f"/rounds/{stage.years[CLOSING]['round']}/move/"
    assert lead.send(lead.form(move, "to_phase")).status == OK
    assert lead.send(lead.form(f"{move}?to=reviewing", "reason").filled(reason="Once more.")).status == OK


def closing_against_submitting(stage: Stage) -> Count:
    """Reviewing closes while reviews arrive: each is in before the reveal, or its writer is told and keeps the text."""
    count = Count("reviewing closes while reviews arrive", tries=1)
    lead = stage.person("lead")
    words = stage.words("In time or not")
    visitors = [*stage.people("community_chair", "reviewer"), *stage.reviewers(FEW)]
    forms = [review_form(stage, who, words, year=CLOSING) for who in visitors]
    move = f"/rounds/{stage.years[CLOSING]['round']}/move/"
    closing = lead.form(move, "to_phase")
    assert closing.fields["to_phase"] == "agreeing", closing
    # Moving is quick: else it would come first every time. So now and then it waits for somebody's answer.
    first, answered = threading.Event(), stage.house.number("SELECT count(*) FROM assessments_phasechange") % 3

    def close() -> Answer:
        if answered:
            first.wait(timeout=30)
        return lead.send(closing)

    def submit(who: Visitor, form: OpenForm) -> Answer:
        answer = who.send(form)
        first.set()
        return answer

    closed, *answers = at_once(
        [close, *[lambda who=who, form=form: submit(who, form) for who, form in zip(visitors, forms, strict=True)]]
    )
    if closed.status != 200:
        count.amiss.append(f"closing answered {closed.status}: {closed.words[:300]}")
    phase = stage.house.rows("SELECT phase FROM assessments_round WHERE public_id = %s", stage.years[CLOSING]["round"])
    if phase != [("agreeing",)]:
        count.amiss.append(f"the round is in {phase}")
    for who, answer in zip(visitors, answers, strict=True):
        # Whoever was quicker may be led on to a page that has closed meanwhile: the row says what is true.
        there = stage.house.number(ROWS, words, who.email)
        if is_saved(answer):
            count.check(there, f"{who.email}, told that it is saved")
        elif there == 0:
            count.told += 1
            _is_told(count, answer, words, "closed")
    late = stage.house.number(
        """SELECT count(*) FROM grading_review r WHERE r.reason = %s AND r.recorded_at >
        (SELECT max(c.recorded_at) FROM assessments_phasechange c WHERE c.to_phase = 'agreeing'
         AND c.round_id = (SELECT id FROM assessments_round WHERE public_id = %s))""",
        words,
        stage.years[CLOSING]["round"],
    )
    count.check(late, "reviews after the reveal", expected=0)
    back = lead.form(f"{move}?to=reviewing", "reason").filled(reason="Once more.")
    opened = lead.send(back)
    assert opened.status == 200, opened.words[:500]
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def publishing_against_closing(stage: Stage, *, waits: bool = True) -> Count:
    """A version is closed while the next one is published, and while its own PDF may still be being made.

    Without waiting for the PDFs, `formats_of_versions` looks at them in the end.
    """
    count = Count("a version is published while the last is closed", tries=1)
    wait_until(
        lambda: stage.house.number(WAITING) <= FEW_WAIT, "reports of earlier versions to be made", stage.house.logs
    )
    before_publishing(stage, CORRECTING)
    lead = stage.person("lead")
    last = versions(stage, CORRECTING)
    form = lead.form(stage.assessment_page(CORRECTING, "publish/"))
    first = lead.send(form.filled(reason="A line was missing.") if last else form)
    count.expect(
        f"Version {last + 1} is published." in first.words, f"publishing answered {first.status}: {first.words[:300]}"
    )
    before_publishing(stage, CORRECTING)
    publishing = lead.form(stage.assessment_page(CORRECTING, "publish/"), "reason").filled(reason="Once more.")
    page = stage.assessment_page(CORRECTING, f"publishing/v{last + 1}/close/")
    closing = lead.form(page, "reason").filled(reason="It named a person.")
    published, closed = at_once([lambda: lead.send(publishing), lambda: lead.send(closing)])
    both = published.words + closed.words
    count.expect(
        f"Version {last + 2} is published." in both, f"publishing answered {published.status}: {published.words[:300]}"
    )
    count.expect(f"Version {last + 1} is closed." in both, f"closing answered {closed.status}: {closed.words[:300]}")
    count.check(versions(stage, CORRECTING) - last, "versions", expected=2)
    if waits:
        _look_at_formats(stage, count, last + 1)
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def formats_of_versions(stage: Stage) -> Count:
    """Wait until every version of the corrected report has what it is to have, however it was published and closed."""
    count = Count("formats of all these versions", tries=1)
    for version in range(1, versions(stage, CORRECTING), 2):
        _look_at_formats(stage, count, version)
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def _look_at_formats(stage: Stage, count: Count, closed: int) -> None:
    """Check a closed version, whose file nobody gets, and the open one after it, which has its PDF once."""
    made_once(stage, count, closed + 1, CORRECTING)
    wait_until(
        lambda: job(stage, closed, CORRECTING)[0] in {"done", "failed"},
        f"the job of version {closed} to end",
        stage.house.logs,
    )
    shown = stage.person("outsider").get(pdf_page(closed, CORRECTING))
    count.expect(shown.status == GONE, f"the file of the closed version {closed} answered {shown.status}")


RACES = [
    twenty_submit_the_same,
    two_windows_of_a_chair,
    two_panels_record,
    closing_against_submitting,
    publishing_against_closing,
]
