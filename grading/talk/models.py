"""Questions with their answers, and a panel's discussion. Rows are only ever added; `reason` is what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.assessments.models import AssessedOutcome, Panel
from eds.history.models import AppendOnly, seq_constraint
from eds.ui.ids import public_id_field
from evidence.models import EvidenceVersion


class Question(AppendOnly):
    """A question about an outcome's evidence (R3). Who asked (`actor`) and for which panel is for the record alone."""

    seq_within = ("assessed_outcome",)

    public_id = public_id_field()
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="questions")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            seq_constraint("question", "assessed_outcome"),
            models.CheckConstraint(condition=~Q(reason=""), name="question_says_something"),
        ]


class Answer(AppendOnly):
    """What the organisation answers. It may point to the version of an evidence item that holds the answer."""

    seq_within = ("question",)

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            seq_constraint("answer", "question"),
            models.CheckConstraint(condition=~Q(reason=""), name="answer_says_something"),
        ]


class Remark(AppendOnly):
    """What a member says to their own panel after the reveal. `by_chair`: the writer chaired the panel then."""

    seq_within = ("assessed_outcome", "panel")

    public_id = public_id_field()
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="remarks")
    by_chair = models.BooleanField()

    class Meta:
        constraints = [
            seq_constraint("remark", "assessed_outcome", "panel"),
            models.CheckConstraint(condition=~Q(reason=""), name="remark_says_something"),
        ]


class RemarkTakenBack(AppendOnly):
    """That its author took a remark back. The remark stays in the record and is no longer shown."""

    seq_within = ("remark",)

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="taken_back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remark"], name="remark_taken_back_once"),
        ]
