"""What a person needs to do for equality objectives, for the home page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.people.models import Organisation
from eds.ui.components import TaskItem
from eds.ui.text import shortened, uk_date
from objectives.equality.news import Says, news_for, says_of
from objectives.equality.queries import Known, commented_on, may_comment, of_organisations
from objectives.equality.rules import Stage, reminder_from

from .tasks import Task

_HEADLINE = 80


def objective_tasks(access: Access, organisations: Iterable[Organisation]) -> list[Task]:
    """Give what leads, sponsors and panel members need to do for objectives (a fixed number of queries)."""
    mine = [each for each in organisations if access.may(Deed.SEE_OBJECTIVES, each)]
    found = of_organisations(mine)
    commented = commented_on(access, [each.objective for each in found])
    tasks: list[Task] = []
    by_pk = {each.pk: each for each in mine}
    says = says_of([each for each in mine if access.may(Deed.KEEP_OBJECTIVES, each)])
    for each in found:
        organisation = by_pk[each.objective.organisation_id]
        if access.may(Deed.KEEP_OBJECTIVES, organisation):
            tasks += _of_lead(each, says[organisation.pk])
        if access.may(Deed.ADOPT_OBJECTIVES, organisation) and each.stage is Stage.DECIDING and not each.open:
            tasks.append(_task(each, "Record what the board decided on", "objective-decide"))
        if each.stage is Stage.CONSULTING and each.objective.pk not in commented and may_comment(access, organisation):
            tasks.append(_task(each, "Comment on", "objective-comment", each.comments_until))
    return tasks


def _of_lead(found: Known, says: Says) -> Iterable[Task]:
    waiting = found.unanswered if found.stage in {Stage.CONSULTING, Stage.DECIDING} else 0
    if waiting:
        words = "Answer a comment on" if waiting == 1 else f"Answer {waiting} comments on"
        yield _task(found, words, "objective", found.comments_until, "#comments")
    if found.stage is Stage.DECIDING and any(each.id != "comment.unanswered" for each in found.open):
        yield _task(found, "Mend or answer what the check asks of", "objective-check")
    if found.is_over:
        yield _task(found, "Say how it ended, and close", "objective-close", found.objective.ends.last_day)
        return
    due = found.review_due if found.review_due and found.on >= reminder_from(found.review_due) else None
    if news_for(found, says):
        yield _task(found, "New evidence says that people fare worse: review early", "objective-review", due)
    elif due:
        yield _task(found, "Review", "objective-review", due)


def _task(found: Known, words: str, route: str, due: datetime.date | None = None, place: str = "") -> Task:
    headline = shortened(found.objective.headline, _HEADLINE)
    url = reverse(route, args=[found.objective.public_id]) + place
    item = TaskItem(
        title=f"{words} “{headline}”",
        url=url,
        hint=str(found.objective.organisation),
        status=f"by {uk_date(due)}" if due else "",
    )
    return Task(None, item, due)
