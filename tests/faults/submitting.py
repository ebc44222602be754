"""Many people submit reviews while something breaks."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.processes import wait_until

from .count import Count
from .stage import REVIEWING, Stage
from .visitor import NOBODY_ANSWERED, Answer, OpenForm, Visitor, at_once

ROWS = """SELECT count(*) FROM grading_review r JOIN people_user u ON u.id = r.reviewer_id
WHERE r.reason = %s AND u.email = %s"""
UNAVAILABLE = 503
PROXY_WAITS = frozenset({502, 504})


def review_form(stage: Stage, who: Visitor, words: str, year: str = REVIEWING) -> OpenForm:
    """Open the review page as that person, and type."""
    page = stage.panel_page(year, "4.1", "community", "review")
    return who.form(page, "reason").filled(grade="developing", reason=words)


def is_saved(answer: Answer) -> bool:
    """Say whether the page says that the review is submitted."""
    return answer.status == 200 and "is submitted" in answer.words


def not_told(form: OpenForm, answer: Answer, words: str) -> str:
    """Give what is wrong with the answer to somebody whose review may not be saved, or ""."""
    if answer.status == NOBODY_ANSWERED:
        return ""  # the browser keeps its page behind the proxy's
    if answer.status != UNAVAILABLE:
        return f"answered {answer.status}: {answer.words[:200]}"
    if answer.path == form.path and not answer.holds(words):
        return f"the text is not on the page: {answer.words[:200]}"
    return ""


def submit_during(stage: Stage, fault: str, break_it: Callable[[], None], people: int = 50, first: int = 8) -> Count:
    """Let people submit; when the `first` have their answer, break it. Whoever was not told "saved" sends again.

    `break_it` comes back when it is mended again.
    """
    count, answered, enough = Count(fault), [0], threading.Event()
    words = stage.words(fault)
    visitors = stage.reviewers(people)
    forms = [review_form(stage, who, words) for who in visitors]

    def send(who: Visitor, form: OpenForm) -> Answer:
        answer = who.send(form)
        answered[0] += 1
        if answered[0] >= first:
            enough.set()
        return answer

    def break_when_busy() -> None:
        enough.wait(timeout=60)
        break_it()

    answers = at_once(
        [lambda who=who, form=form: send(who, form) for who, form in zip(visitors, forms, strict=True)],
        break_when_busy,
    )
    for who, form, answer in zip(visitors, forms, answers, strict=True):
        count.tries += 1
        there = stage.house.number(ROWS, words, who.email)
        well = True
        if is_saved(answer):
            well = count.check(there, f"{who.email}, told that it is saved")
        else:
            count.told += 1
            if wrong := not_told(form, answer, words):
                count.amiss.append(wrong)
                well = False
            again = wait_until(lambda who=who, form=form: _again(who, form), "the second try", stage.house.logs)
            if not is_saved(again):
                count.amiss.append(f"the second try was answered {again.status}: {again.words[:300]}")
                well = False
            well &= count.check(stage.house.number(ROWS, words, who.email), f"{who.email}, sent again")
        count.survived += well
    return count


def _again(who: Visitor, form: OpenForm) -> Answer | None:
    """Send again what was typed, as whoever copies it into the page opened afresh; None while nobody answers."""
    if who.get("/healthz").status != 200:
        return None
    answer = who.send(form)
    return None if answer.status in {NOBODY_ANSWERED, UNAVAILABLE} else answer
