"""The verbs of evidence: write, correct, cite, summarise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery

from eds.assessments.domain import require_preparing
from eds.assessments.models import AssessedOutcome, Phase, PhaseChange, Round, State
from eds.files.checks import check_upload
from eds.files.domain import store
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from eds.people.models import Organisation, User
from eds.ui import richtext

from .figures.writing import FigureText, add_figures, figures_of
from .findings.writing import FindingText, add_findings, findings_of
from .models import (
    SUMMARY_WORDS,
    EvidenceFile,
    EvidenceItem,
    EvidenceLink,
    EvidenceVersion,
    Format,
    OfferDecision,
    Sharing,
    Summary,
)
from .privacy.files import look_through_file, to_stored
from .rules import word_count

FIRST = "First version"


@dataclass(frozen=True)
class _Checked:
    """An uploaded file that may be stored, with what was found in it."""

    upload: UploadedFile
    name: str
    content_type: str
    found: list[dict[str, str]]


def _checked(files: Sequence[UploadedFile]) -> list[_Checked]:
    """Check uploaded files and look through them (R16); before the transaction, since that takes time.

    Raises UploadRefused for a file that is not taken.
    """
    checked = []
    for upload in files:
        taken = check_upload(upload)
        found = to_stored(look_through_file(taken.name, upload))
        checked.append(_Checked(upload, taken.name, taken.content_type, found))
    return checked


@dataclass(frozen=True)
class EvidenceText:
    """What a version says: its title and text, where it comes from, the period and the people that it covers.

    A text of the format "html" is cleaned when it is written, whoever hands it in.
    """

    title: str
    text: str
    source: str = ""
    period: str = ""
    who_it_covers: str = ""
    format: str = Format.PLAIN


def write_item(
    *,
    actor: User,
    organisation: Organisation,
    content: EvidenceText,
    files: Sequence[UploadedFile] = (),
    sharing: str = Sharing.PUBLIC,
    reason: str = FIRST,
    findings: Sequence[FindingText] = (),
    figures: Sequence[FigureText] = (),
) -> EvidenceItem:
    """Write a new item with its first version, files, findings and figures.

    Raises UploadRefused for a file that is not taken, DomainError for an empty text or a figure that cannot be.
    """
    checked = _checked(files)
    with transaction.atomic():
        return _write_item(actor, organisation, content, checked, sharing, reason, findings, figures)


def _write_item(
    actor: User,
    organisation: Organisation,
    content: EvidenceText,
    files: Sequence[_Checked],
    sharing: str,
    reason: str,
    findings: Sequence[FindingText],
    figures: Sequence[FigureText],
) -> EvidenceItem:
    item = EvidenceItem(organisation=organisation, sharing=sharing, created_by=actor).record(actor=actor, reason=reason)
    _append_version(
        actor=actor,
        item=item,
        content=content,
        files=files,
        kept=(),
        reason=reason,
        findings=findings,
        figures=figures,
    )
    return item


def correct_item(
    *,
    actor: User,
    item: EvidenceItem,
    content: EvidenceText,
    sharing: str,
    reason: str,
    files: Sequence[UploadedFile] = (),
    kept_files: Sequence[EvidenceFile] = (),
    expected_version: int,
) -> EvidenceVersion:
    """Write the next version of an item.

    Rounds that have opened keep the version they pinned (R13). Raises Stale where the item has a newer version than the
    form was opened with, DomainError without a reason.
    """
    if not reason.strip():
        raise DomainError("Say what you changed and why.", field="reason")
    checked = _checked(files)
    with transaction.atomic():
        waiting = _lock_renewing(item)
        locked = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        latest = latest_version(locked)
        if latest.seq != expected_version:
            raise Stale("Somebody else changed this evidence since you opened it.")
        if sharing != locked.sharing:
            locked.sharing = sharing
            locked.record(actor=actor, reason=reason)
        version = _append_version(
            actor=actor, item=locked, content=content, files=checked, kept=kept_files, reason=reason
        )
        _cite_renewed(actor, locked, waiting)
    return version


def change_details(
    *,
    actor: User,
    item: EvidenceItem,
    reason: str,
    expected_version: int,
    findings: Sequence[FindingText] | None = None,
    figures: Sequence[FigureText] | None = None,
) -> EvidenceVersion:
    """Write the next version of an item with other findings or figures (R14); text and files stay, and so does None.

    Raises Stale where the item has a newer version, DomainError without a reason once a round shows the item.
    """
    with transaction.atomic():
        waiting = _lock_renewing(item)
        locked = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        latest = latest_version(locked)
        if latest.seq != expected_version:
            raise Stale("Somebody else changed this evidence since you opened it.")
        if not reason.strip() and is_pinned(locked):
            raise DomainError(
                "A round that has opened shows this evidence. Say what you changed and why.", field="reason"
            )
        version = _append_version(
            actor=actor,
            item=locked,
            content=EvidenceText(**{each.name: getattr(latest, each.name) for each in fields(EvidenceText)}),
            files=(),
            kept=list(latest.files.all()),
            reason=reason.strip() or ("Changed who it covers" if figures is None else "Changed the figures"),
            findings=findings,
            figures=figures,
        )
        _cite_renewed(actor, locked, waiting)
    return version


def _lock_renewing(item: EvidenceItem) -> list[AssessedOutcome]:
    """Lock the outcomes in preparing that decided to renew an item from last year (R19); they come before the item."""
    newest = OfferDecision.objects.filter(assessed_outcome=OuterRef("assessed_outcome"), item=item).order_by("-seq")
    decided = OfferDecision.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), item=item, choice=OfferDecision.Choice.RENEW
    )
    waiting = AssessedOutcome.objects.filter(
        Q(round__isnull=True) | Q(round__phase=Phase.PREPARING),
        pk__in=decided.values("assessed_outcome"),
        assessment__state=State.OPEN,
    )
    return list(waiting.select_for_update(of=("self",)).order_by("pk"))


def _cite_renewed(actor: User, item: EvidenceItem, waiting: Sequence[AssessedOutcome]) -> None:
    """Cite an item, now that it has a new version, for the outcomes that waited for it."""
    cited = set(
        EvidenceLink.objects.filter(assessed_outcome__in=waiting, item=item, removed_on__isnull=True).values_list(
            "assessed_outcome_id", flat=True
        )
    )
    for outcome in waiting:
        if outcome.pk not in cited:
            cite(actor=actor, assessed_outcome=outcome, item=item, reason="Renewed from last year")


def is_pinned(item: EvidenceItem) -> bool:
    """Say whether a round that has opened shows the item, so that people may have read it."""
    return EvidenceLink.objects.filter(item=item, removed_on__isnull=True, pinned_version__isnull=False).exists()


def _append_version(
    *,
    actor: User,
    item: EvidenceItem,
    content: EvidenceText,
    files: Sequence[_Checked],
    kept: Sequence[EvidenceFile],
    reason: str,
    findings: Sequence[FindingText] | None = None,
    figures: Sequence[FigureText] | None = None,
) -> EvidenceVersion:
    """Add a version; findings and figures that are None are those of the version before."""
    before = item.versions.order_by("-seq").first()
    text = _stored(content.text, content.format)
    if not content.title.strip() or not text:
        raise DomainError("Evidence needs a title and a text.", field="text")
    version = EvidenceVersion.append(
        actor=actor,
        reason=reason,
        item=item,
        title=content.title.strip(),
        text=text,
        format=content.format,
        source=content.source.strip(),
        period=content.period.strip(),
        who_it_covers=content.who_it_covers.strip(),
    )
    add_findings(version, findings if findings is not None else findings_of(before) if before else ())
    add_figures(version, figures if figures is not None else figures_of(before) if before else ())
    position = 0
    for old in kept:
        position += 1
        EvidenceFile.objects.create(
            version=version, stored=old.stored, name=old.name, position=position, found=old.found
        )
    for each in files:
        position += 1
        stored = store(each.upload, content_type=each.content_type, kind="evidence")
        EvidenceFile.objects.create(version=version, stored=stored, name=each.name, position=position, found=each.found)
    return version


def _stored(text: str, format: str) -> str:
    """Give a text as it is stored. Raises DomainError for rich text that is too long or cannot be read."""
    if format != Format.HTML:
        return text.strip()
    try:
        html = richtext.clean(text)
    except richtext.Unreadable as error:
        raise DomainError("This text is too long or cannot be read. Add the rest as a file.", field="text") from error
    if len(html) > richtext.LONGEST:
        raise DomainError("This text is too long. Shorten it, or add the rest as a file.", field="text")
    return html


def latest_version(item: EvidenceItem) -> EvidenceVersion:
    """Give an item's newest version."""
    return item.versions.order_by("-seq")[0]


def cite(*, actor: User, assessed_outcome: AssessedOutcome, item: EvidenceItem, reason: str = "Cited") -> EvidenceLink:
    """Cite an item under an outcome, after the citations already there.

    Raises DomainError where it is cited already, belongs to another organisation, or the round has opened.
    """
    with transaction.atomic():
        outcome = lock_preparing(assessed_outcome)
        if item.organisation_id != outcome.assessment.organisation_id:
            raise DomainError("This evidence belongs to another organisation.", field="item")
        current = EvidenceLink.objects.filter(assessed_outcome=outcome, removed_on__isnull=True)
        if current.filter(item=item).exists():
            raise DomainError("This evidence is cited for the outcome already.", field="item")
        last = EvidenceLink.objects.filter(assessed_outcome=outcome).aggregate(last=Max("position"))["last"] or 0
        return EvidenceLink(assessed_outcome=outcome, item=item, position=last + 1).record(actor=actor, reason=reason)


def write_and_cite(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    content: EvidenceText,
    files: Sequence[UploadedFile] = (),
    sharing: str = Sharing.PUBLIC,
    findings: Sequence[FindingText] = (),
    figures: Sequence[FigureText] = (),
) -> EvidenceItem:
    """Write a new item for an outcome, with what it finds and counts, and cite it there, both or neither."""
    checked = _checked(files)
    with transaction.atomic():
        organisation = assessed_outcome.assessment.organisation
        item = _write_item(actor, organisation, content, checked, sharing, FIRST, findings, figures)
        cite(actor=actor, assessed_outcome=assessed_outcome, item=item)
    return item


def remove_citation(*, actor: User, citation: EvidenceLink, reason: str = "Removed") -> EvidenceLink:
    """Take a citation away; the item stays in the library. Raises DomainError once the round has opened."""
    with transaction.atomic():
        lock_preparing(citation.assessed_outcome)
        citation.removed_on = today()
        return citation.record(actor=actor, reason=reason)


def write_summary(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    text: str,
    format: str = Format.PLAIN,
    expected_version: int | None = None,
) -> Summary:
    """Write the summary of an outcome's evidence.

    Raises DomainError above 150 words or once the round has opened, Stale where the form is outdated.
    """
    text = _stored(text, format)
    words = richtext.words(text) if format == Format.HTML else word_count(text)
    if words > SUMMARY_WORDS:
        raise DomainError(f"The summary has {words} words. Shorten it to {SUMMARY_WORDS} words or fewer.", field="text")
    with transaction.atomic():
        outcome = lock_preparing(assessed_outcome)
        summary = Summary.objects.filter(assessed_outcome=outcome).first()
        if summary is None:
            if expected_version:
                raise Stale("Somebody else changed this since you opened it.")
            summary = Summary(assessed_outcome=outcome)
        elif expected_version is not None and summary.version != expected_version:
            raise Stale("Somebody else changed this since you opened it.")
        summary.text, summary.format = text, format
        return summary.record(actor=actor, reason="Wrote the summary")


def pin_citations(round_: Round, change: PhaseChange) -> None:
    """Phase effect: opening a round fixes the version that each of its citations shows (R13)."""
    if change.to_phase != Phase.REVIEWING or change.from_phase != Phase.PREPARING:
        return
    citations = EvidenceLink.objects.filter(assessed_outcome__round=round_, removed_on__isnull=True)
    for citation in citations.select_related("item"):
        citation.pinned_version = latest_version(citation.item)
        citation.record(actor=change.actor, reason="Pinned when the round opened")


def lock_preparing(assessed_outcome: AssessedOutcome) -> AssessedOutcome:
    """Lock an outcome and read it afresh. Raises DomainError once its round has opened."""
    locked = (
        AssessedOutcome.objects.select_for_update(of=("self",))
        .select_related("round", "assessment__organisation", "assessment__framework", "outcome", "service")
        .get(pk=assessed_outcome.pk)
    )
    require_preparing([locked.round])
    return locked
