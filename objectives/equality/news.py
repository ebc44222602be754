"""What the organisation's evidence says since an objective was looked at: that a group fares worse (R24, R14).

It is for those inside the organisation alone, and for each of them only what they may read (R3): the lead all of it,
others what they wrote and what stands under outcomes whose evidence is open to them. Panels and the public see nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from eds.access.decide import Access
from eds.access.table import Deed
from eds.history.prepared import prepared
from eds.history.reading import fill
from eds.people.models import Organisation
from evidence.fetching import writer_filter
from evidence.models import EvidenceLink, EvidenceVersion, Fares, Finding
from evidence.queries import library

from .queries import Known
from .rules import Moment, NewWorse, Stage, Version, new_inequalities

ON_THE_WAY = frozenset({Stage.DRAFT, Stage.CONSULTING, Stage.DECIDING})
OutcomeKey = tuple[int, str]
"""An outcome whatever the year: its edition, and its code."""


@dataclass(frozen=True)
class News:
    """Evidence that says since the last look that a group fares worse. `opens` where it is in the reader's library.

    `on_the_way` where an objective about the group is not adopted yet.
    """

    item: int
    item_id: str
    title: str
    group: str
    code: str
    explanation: str
    on: datetime.date
    opens: bool = False
    on_the_way: bool = False


@dataclass
class Says:
    """What an organisation's evidence says: the versions of what ever said that a group fares worse."""

    versions: list[Version] = field(default_factory=list)
    rows: dict[int, tuple[str, datetime.date]] = field(default_factory=dict)
    findings: dict[tuple[int, tuple[str, str]], Finding] = field(default_factory=dict)
    outcomes: dict[int, set[OutcomeKey]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    def news(self, found: Iterable[NewWorse]) -> list[News]:
        """Put new findings into words, the newest first."""
        made = []
        for each in found:
            (item_id, on), finding = self.rows[each.version], self.findings[each.version, each.group]
            made.append(
                News(
                    item=each.item,
                    item_id=item_id,
                    title=self.titles[each.item],
                    group=finding.group,
                    code=finding.about_code,
                    explanation=finding.explanation,
                    on=on,
                )
            )
        return sorted(made, key=lambda each: (-each.on.toordinal(), each.group, each.title, each.item))


def _group(finding: Finding) -> tuple[str, str]:
    return finding.about_code, " ".join(finding.category.split()).casefold()


@prepared
def _said(organisations: Sequence[int]) -> QuerySet[Finding]:
    said = Finding.objects.filter(fares=Fares.WORSE, version__item__organisation__in=organisations)
    return said.order_by("version", "position")


@prepared
def _versions(organisations: Sequence[int]) -> QuerySet[EvidenceVersion, Any]:
    versions = EvidenceVersion.objects.filter(
        item__organisation__in=organisations, item__versions__findings__fares=Fares.WORSE
    )
    return (
        versions.distinct()
        .order_by("item", "seq")
        .values("pk", "item", "decided_on", "recorded_at", "title", "item__public_id", "item__organisation")
    )


@prepared
def _cited(organisations: Sequence[int]) -> QuerySet[EvidenceLink, Any]:
    # Those of the items in question alone: else the database goes through all that every organisation cited.
    links = EvidenceLink.objects.filter(
        item__organisation__in=organisations, item__versions__findings__fares=Fares.WORSE, removed_on__isnull=True
    )
    return (
        links.order_by()
        .distinct()
        .values_list(
            "item__organisation",
            "item",
            "assessed_outcome__outcome__goal__revision__framework",
            "assessed_outcome__outcome__code",
        )
    )


def says_of(organisations: Iterable[Organisation]) -> dict[int, Says]:
    """Read what the evidence of organisations says of groups that fare worse (one query, however many)."""
    of = [each.pk for each in organisations]
    said, versions, cited = _said(of), _versions(of), _cited(of)
    fill([said, versions, cited])
    worse: dict[int, list[Finding]] = {}
    for finding in said:
        worse.setdefault(finding.version_id, []).append(finding)
    found = {pk: Says() for pk in of}
    for row in versions:
        says = found[row["item__organisation"]]
        groups = {_group(finding): finding for finding in worse.get(row["pk"], ())}
        at: Moment = row["decided_on"], row["recorded_at"]
        says.versions.append(Version(row["item"], row["pk"], at, frozenset(groups)))
        says.rows[row["pk"]] = row["item__public_id"], row["decided_on"]
        says.titles[row["item"]] = row["title"]
        says.findings |= {(row["pk"], group): finding for group, finding in groups.items()}
    for organisation, item, framework, code in cited:
        found[organisation].outcomes.setdefault(item, set()).add((framework, code))
    return found


def _about(each: Known) -> tuple[set[str], set[OutcomeKey]]:
    """Give the codes of the groups that an objective is about, and the outcomes that it answers."""
    answers = [row.outcome for row in each.objective.answers.all()]
    return (
        {row.code for row in each.objective.characteristics.all()},
        {(outcome.goal.revision.framework_id, outcome.code) for outcome in answers},
    )


def news_for(each: Known, says: Says) -> list[News]:
    """Give what is new for an adopted objective since the board adopted it or it was last reviewed; else nothing.

    It concerns the objective where it is about one of its groups, or stands under an outcome that it answers.
    """
    if each.stage is not Stage.ADOPTED or each.looked_at is None:
        return []
    codes, answered = _about(each)
    concerned = []
    for version in says.versions:
        if not answered & says.outcomes.get(version.item, set()):
            version = replace(version, worse=frozenset(group for group in version.worse if group[0] in codes))
        concerned.append(version)
    return says.news(new_inequalities(concerned, each.looked_at))


def uncovered(objectives: Iterable[Known], says: Says) -> list[News]:
    """Give what is new since the board last adopted an objective, and concerns no objective that is adopted."""
    objectives = list(objectives)
    adopted = [_about(each) for each in objectives if each.stage is Stage.ADOPTED]
    begun = {code for each in objectives if each.stage in ON_THE_WAY for code in _about(each)[0]}
    last = max((each.adopted_at for each in objectives if each.adopted_at), default=None)
    return [
        replace(each, on_the_way=each.code in begun)
        for each in says.news(new_inequalities(says.versions, last))
        if not any(each.code in codes or answered & says.outcomes.get(each.item, set()) for codes, answered in adopted)
    ]


@dataclass(frozen=True)
class Reader:
    """What an organisation's evidence says to somebody: `opens` are items of their library (None: all), `sees` others."""

    opens: frozenset[int] | None
    sees: frozenset[int]

    says: Says

    def about(self, each: Known) -> list[News]:
        """Give what is new for an objective, as far as the person may read it."""
        return self._kept(news_for(each, self.says))

    def uncovered(self, objectives: Iterable[Known]) -> list[News]:
        """Give what is new and concerns none of the adopted objectives, as far as the person may read it."""
        return self._kept(uncovered(objectives, self.says))

    def _kept(self, news: Iterable[News]) -> list[News]:
        return [
            replace(each, opens=self.opens is None or each.item in self.opens)
            for each in news
            if self.opens is None or each.item in self.opens | self.sees
        ]


def reader_of(access: Access, organisation: Organisation) -> Reader:
    """Read what is new for somebody; nothing, without a query, for those who may not see drafts either."""
    nothing: frozenset[int] = frozenset()
    if not access.may(Deed.SEE_DRAFT_OBJECTIVES, organisation):
        return Reader(nothing, nothing, Says())
    says = says_of([organisation])[organisation.pk]
    opens = nothing
    if access.may(Deed.SEE_LIBRARY, organisation):
        own = writer_filter(access, organisation)
        if not own:
            return Reader(None, nothing, says)
        opens = frozenset(library(organisation, **own).order_by().values_list("pk", flat=True))
    assessments = list(access.assessments().filter(organisation=organisation))
    access.remember(assessments)
    links = EvidenceLink.objects.filter(
        assessed_outcome__assessment__organisation=organisation, removed_on__isnull=True
    ).select_related("assessed_outcome__assessment", "assessed_outcome__round")
    may_open = {each.pk for each in assessments}
    sees = {
        link.item_id
        for link in links
        if link.assessed_outcome.assessment_id in may_open
        and access.may(Deed.SEE_WORKING_EVIDENCE, link.assessed_outcome)
    }
    return Reader(opens, frozenset(sees), says)
