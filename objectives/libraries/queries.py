"""Which items of the libraries are answered, by what, in an organisation or over several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import Assessment
from eds.people.models import Organisation
from objectives.equality.models import EqualityObjective
from objectives.plan.models import ImprovementAction

from .catalogue import ItemGroup, Library, NationalItem, libraries
from .models import NationalLink


@dataclass(frozen=True)
class Answering:
    """Something that answers an item: of which organisation, its words, and whether it is an objective or an action."""

    organisation: str
    kind: str
    words: str
    public_id: str


@dataclass(frozen=True)
class ItemRow:
    """An item, and what answers it. `without` names the organisations in which nothing does."""

    item: NationalItem
    answering: list[Answering]
    without: list[str]


@dataclass(frozen=True)
class GroupRows:
    """A group of items with what answers each."""

    group: ItemGroup
    rows: list[ItemRow]

    @property
    def says_who(self) -> bool:
        """Say whether the library names who answers for any of them, or until when."""
        return any(row.item.role or row.item.due for row in self.rows)

    @property
    def unanswered(self) -> list[ItemRow]:
        """Give those that nothing answers somewhere."""
        return [row for row in self.rows if row.without]


def answered_by(subject: EqualityObjective | ImprovementAction) -> list[tuple[Library, NationalItem]]:
    """Give the items that an objective or an action answers, in the libraries' order (one query)."""
    of = {"objective": subject} if isinstance(subject, EqualityObjective) else {"action": subject}
    keys = set(NationalLink.objects.filter(removed=False, **of).values_list("item", flat=True))
    return [
        (library, item)
        for library in libraries()
        for group in library.groups
        for item in group.items
        if item.key in keys
    ]


def overview(
    organisations: Iterable[Organisation], *, public: bool = False, access: Access | None = None
) -> list[tuple[Library, list[GroupRows]]]:
    """Give every library with what answers its items (one query, or four for a reader).

    `public` keeps to what everybody may read: adopted objectives, and actions of published assessments. With `access` it
    keeps to the actions that the reader may see: the board none before the reveal (R3).
    """
    organisations = list(organisations)
    links = (
        NationalLink.objects.filter(removed=False)
        .filter(
            Q(objective__organisation__in=organisations, objective__withdrawn=False)
            | Q(action__assessed_outcome__assessment__organisation__in=organisations, action__removed=False)
        )
        .select_related(
            "objective__organisation",
            "action__assessed_outcome__assessment__organisation",
            "action__assessed_outcome__round",
        )
        .order_by("item", "pk")
    )
    if public:
        links = links.filter(
            Q(objective__decisions__kind="adopted") | Q(action__assessed_outcome__assessment__state="published")
        ).distinct()
    if access is not None:
        access.remember(Assessment.objects.filter(organisation__in=organisations))
    by_item: dict[str, list[Answering]] = {}
    for link in links:
        if access and link.action and not access.may(Deed.SEE_ACTIONS, link.action.assessed_outcome):
            continue
        by_item.setdefault(link.item, []).append(_answering(link))
    names = [organisation.name for organisation in organisations]
    return [(library, [_group(group, by_item, names) for group in library.groups]) for library in libraries()]


def _group(group: ItemGroup, by_item: dict[str, list[Answering]], names: list[str]) -> GroupRows:
    rows = []
    for item in group.items:
        answering = by_item.get(item.key, [])
        have = {each.organisation for each in answering}
        rows.append(ItemRow(item, answering, [name for name in names if name not in have]))
    return GroupRows(group, rows)


def _answering(link: NationalLink) -> Answering:
    if link.objective is not None:
        return Answering(
            link.objective.organisation.name, "objective", link.objective.headline, link.objective.public_id
        )
    assert link.action is not None
    organisation = link.action.assessed_outcome.assessment.organisation
    return Answering(organisation.name, "action", link.action.text, link.action.public_id)


def members_of(care_board: Organisation) -> list[Organisation]:
    """Give the other organisations of a care board's system (one query); none for a trust."""
    if care_board.kind != Organisation.Kind.CARE_BOARD or not care_board.integrated_care_system:
        return []
    system = Organisation.objects.filter(integrated_care_system=care_board.integrated_care_system)
    return list(system.exclude(pk=care_board.pk).order_by("name"))
