"""A world with a word planted in everything that somebody must not see, and the table of who may see which word when.

The table is written by hand from the rules. Every word that exists in a phase has a line for it; "x" sees it, somewhere, and
must; "." must not see it anywhere. A word without a line for a phase is not there yet, and nobody sees it.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from eds.assessments import domain as assessments
from eds.assessments.models import PanelKind, PanelMember, Phase, Round
from eds.frameworks.models import Characteristic
from eds.history.models import today
from eds.jobs.models import OutboxMail
from eds.people.domain import leave
from eds.people.invitations import invite
from eds.people.models import Membership
from eds.ui.models import UnsavedText
from evidence import domain as evidence
from evidence.figures.writing import FigureText, RowText
from evidence.findings.domain import settle_finding
from evidence.findings.writing import FindingText
from evidence.models import EvidenceFile, EvidenceItem, OfferDecision, Sharing
from evidence.privacy.domain import answer_question, mark_story
from evidence.privacy.sharing import found_in
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import ProposedGrade
from grading.talk import domain as talk
from objectives.equality import domain as goals
from objectives.equality.queries import known
from objectives.libraries.domain import answer_items
from objectives.plan import domain as plan
from reports import domain as reports
from reports.models import SignOff
from tests.matrix.scene import publish_objectives, upload
from tests.world import A, D, E, World, build_world, member, person

ROLES = {
    "anon": "",
    "out": "outsider",
    "lead": "lead",
    "dep": "deputy",
    "cont": "contributor",
    "chair": "community_chair",
    "rev": "reviewer",
    "sec": "second",
    "org": "organiser",
    "staff": "staff_chair",
    "spon": "sponsor",
    "board": "board",
    "adm": "admin",
}

TABLE = """
#                anon out  lead dep  cont chair rev  sec  org  staff spon board adm

# A draft is its author's own, and nobody else's for ever
draft
  RB             .    .    .    .    .    .     .    x    .    .     .    .     .

# A review: its author's own until the reveal, then its panel's, and never anybody else's
review
  R              .    .    .    .    .    .     .    x    .    .     .    .     .
  BADX           .    .    .    .    .    x     x    x    x    .     .    .     .
review-of-staff
  R              .    .    .    .    .    .     .    .    .    x     .    .     .
  BADX           .    .    .    .    .    .     .    .    .    x     .    .     .
# Written after the move back: hidden until the next reveal
review-after-back
  B              .    .    .    .    .    .     .    x    .    .     .    .     .

# A dissent: the panel's own until its chair passes it on, since few reviewed (R21). What was passed on is published
dissent-passed summary-passed
  AD             .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
dissent-kept
  ADX            .    .    .    .    .    x     x    x    x    .     .    .     .

# Why somebody stepped aside: they themselves, after the reveal the panel's chair and organiser, and nobody else (R4)
interest
  R              .    .    .    .    .    .     .    x    .    .     .    .     .
  BADX           .    .    .    .    .    x     .    x    x    .     .    .     .

# A question and its answer: the outcome's panels and those who answer, without a name
question answer
  RBADX          .    .    x    x    x    x     x    x    x    x     .    .     .
# What a panel says among itself: its own, and nobody else's; taken back, nobody's
remark
  ADX            .    .    .    .    .    x     x    x    x    .     .    .     .
remark-taken-back
  ADX            .    .    .    .    .    .     .    .    .    .     .    .     .
# The proposal: the organisation's lead alone until the reveal
proposal-reason proposal-conclusion
  PR             .    .    x    x    .    .     .    .    .    .     .    .     .
  B              .    .    .    .    x    x     x    x    x    x     x    x     .
# Written after the move back: the lead alone until the next reveal, and all others see the one that was revealed (R18)
back-reason back-conclusion why-back
  B              .    .    x    x    .    .     .    .    .    .     .    .     .
# In agreeing it was changed: the first one's texts give way to these, with why. Published, they are everybody's
changed-reason changed-conclusion
  AD             .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
why-changed
  AD             .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x

# Who reviews: the panel's chair and organiser, and themselves in the page's head. The administrator keeps all accounts.
# Addresses stand on no page but the administrator's and one's own account.
name
  PRBADX         .    .    .    .    .    x     .    x    x    .     .    .     x
name-of-staff
  PRBADX         .    .    .    .    .    .     .    .    .    x     .    .     x
address
  PRBADX         .    .    .    .    .    .     .    x    .    .     .    .     x
address-of-staff
  PRBADX         .    .    .    .    .    .     .    .    .    x     .    .     x
# Whom a panel has invited: its chair and organiser, while the list can change; never the employer
invited
  PRBA           .    .    .    .    .    x     .    .    x    .     .    .     .

# Another organisation
other-title other-text other-file other-file-name other-proposal
  PRBADX         .    x    .    .    .    .     .    .    .    .     .    .     .

# Evidence that stays inside the organisation
inside-title inside-text inside-file inside-file-name
  PR             .    .    x    x    x    .     .    .    .    .     .    .     .
  BADX           .    .    x    x    x    .     .    .    .    .     x    x     .
# What an item of the organisation says of people: as hidden as the item
inside-finding
  PR             .    .    x    x    x    .     .    .    .    .     .    .     .
  BADX           .    .    x    x    x    .     .    .    .    .     x    x     .
# A number of few people in evidence that everybody may see: the organisation's own (R15)
small-number
  PR             .    .    x    x    x    .     .    .    .    .     .    .     .
  BADX           .    .    x    x    x    .     .    .    .    .     x    x     .
# What somebody typed and did not send: theirs alone
unsaved-version
  PRBADX         .    .    .    .    x    .     .    .    .    .     .    .     .
unsaved-question
  RBA            .    .    .    .    .    .     .    x    .    .     .    .     .
# Evidence for panels: never published
panels-title panels-text panels-file panels-file-name
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BADX           .    .    x    x    x    x     x    x    x    x     x    x     .
# Evidence for everybody, in the version that was pinned; the file behind it is not published
pinned-title pinned-text
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BAD            .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
pinned-file pinned-file-name
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BADX           .    .    x    x    x    x     x    x    x    x     x    x     .
# The version before it: the library only
earlier-title earlier-text earlier-file earlier-file-name
  PRBADX         .    .    x    x    x    .     .    .    .    .     .    .     .
# The correction after pinning: panels are told what changed and why (R13); its file stays in the library
correction-title correction-text correction-reason
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BADX           .    .    x    x    x    x     x    x    x    x     x    x     .
correction-file correction-file-name
  RBADX          .    .    x    x    x    .     .    .    .    .     .    .     .
# In the library, by the lead, cited nowhere: a contributor sees what they wrote and what is cited for their outcomes
uncited-title uncited-text uncited-file uncited-file-name
  PRBADX         .    .    x    x    .    .     .    .    .    .     .    .     .
summary
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BAD            .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x

# A panel's grade and reasons, once recorded: all who are part of it, then everybody
panel-grade
  BAD            .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
panel-grade-of-staff statement
  D              .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x

# What the lead writes for the report: the lead's alone while it is open, then the board's, then everybody's
details event
  PRBA           .    .    x    x    .    .     .    .    .    .     .    .     .
  D              .    .    x    x    .    .     .    .    .    .     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# What was published of an earlier year stands on the outcome's page
earlier-source
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  R              .    .    x    x    x    x     x    x    x    x     .    .     .
  BAD            .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
wording-then
  P              .    .    x    x    .    .     .    .    .    .     .    .     .
  D              .    .    x    x    .    .     .    .    .    .     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
approval
  D              .    .    x    x    .    .     .    .    .    .     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# An event that was taken out again, and the answers to the checks: never printed
event-taken-out
check-answer
  D              .    .    x    x    .    .     .    .    .    .     x    x     .

# Why a chair keeps a dissent in the panel: its chair and organiser
kept-back
  ADX            .    .    .    .    .    x     .    .    x    .     .    .     .
# Why a panel's grade is not the median: printed
why-not-median
  AD             .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# A joint grade's reasons are the chairs' own until it counts; what a chair says against it stays theirs
joint-reason
  A              .    .    .    .    .    x     .    .    .    x     .    .     .
  D              .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
joint-declined
  A              .    .    .    .    .    x     .    .    .    x     .    .     .
# Why nobody graded an outcome, which is in no panel's remit: until it is published, the organisation's own
not-graded
  D              .    .    x    x    x    .     .    .    .    .     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# Why an outcome is left out: whoever sees the assessment, then everybody
left-out
  PRBAD          .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# Why a round went back
moved-back
  B              .    .    x    x    x    x     x    x    x    x     x    x     .
# Why a panel changed after its round had opened: the panel and the lead, the board with the report, then everybody
panel-changed
  RBA            .    .    x    x    .    x     x    x    x    .     .    .     .
  D              .    .    x    x    .    x     x    x    x    .     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# How the lead settled what evidence disagrees on: the organisation's own until the reveal (R7)
settled
  PR             .    .    x    x    .    .     .    .    .    .     .    .     .
  BADX           .    .    x    x    x    x     x    x    x    x     x    x     .
# What was answered about privacy, and what somebody consented to: those who write the evidence
privacy-why story-consent
  PRBADX         .    .    x    x    x    .     .    .    .    .     .    .     .
# What last year cited, before it is kept: those who write evidence; why one was dropped
offered-title
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
  RBADX          .    .    x    x    .    .     .    .    .    .     .    .     .
dropped-why
  P              .    .    x    x    x    .     .    .    .    .     .    .     .
# Last year's chair, whom the lead named, is offered to be asked again; its organiser is the panel's own business (R21)
last-chair
  PRBA           .    .    x    x    .    .     .    .    .    .     .    .     x
  DX             .    .    .    .    .    .     .    .    .    .     .    .     x
last-organiser
  PRBADX         .    .    .    .    .    .     .    .    .    .     .    .     x
# The address of a mail that failed: whoever runs the site, and who keeps that list
failed-address
  PRBA           .    .    .    .    .    x     .    .    x    .     .    .     x
  DX             .    .    .    .    .    .     .    .    .    .     .    .     x
# Equality objectives: a draft stays in the organisation; what is put to local people its panels read, and who commented
# nobody; what the board decided on is everybody's once it is published
objective-draft commitment-draft check-of-objective
  PRBADX         .    .    x    x    x    .     .    .    .    .     x    x     .
objective-asked objective-comment objective-answer
  PRBADX         .    .    x    x    x    x     x    x    x    x     x    x     .
objective-public
  PRBADX         x    x    x    x    x    x     x    x    x    x     x    x     x

# The plan: the organisation's until the reveal, then its panels' and its board's; published, everybody's
action-words action-measure plan-objective
  PR             .    .    x    x    x    .     .    .    .    .     .    .     .
  BAD            .    .    x    x    x    x     x    x    x    x     x    x     .
  X              x    x    x    x    x    x     x    x    x    x     x    x     x
# How it goes, in the owner's words, is not printed
action-progress
  PR             .    .    x    x    x    .     .    .    .    .     .    .     .
  BADX           .    .    x    x    x    x     x    x    x    x     x    x     .
# Who owns it by name: the lead, who keeps the organisation's people, and from the reveal on the board; printed is the role
owner-name
  PR             .    .    x    x    .    .     .    .    .    .     .    .     x
  BADX           .    .    x    x    .    .     .    .    .    .     x    x     x

# The report before it is public, and that the sponsor first refused it
refusal
  D              .    .    x    x    .    .     .    .    .    .     x    x     .
"""

_ANIMALS = """
addax akita bongo bison camel civet coati dhole dingo eland gaur gecko genet goral hyrax hyena ibex impala jackal kudu
lemur llama loris lynx manul margay marten moose narwhal nilgai numbat ocelot okapi oribi oryx otter panda potoroo quagga
quokka rhebok saiga serow serval skunk sloth stoat takin tapir tarsier tenrec urial vicuna viscacha wapiti wombat yapok
zebra zorilla agouti alpaca babirusa badger bilby binturong blesbok bobcat caracal chital colugo cougar coypu duiker
aardvark bharal capybara dugong echidna fossa galago hippo indri jerboa kiang lorikeet macaw nutria ostrich pangolin quetzal
raccoon shrew tamarin umbrellabird vole weasel xerus yak zebu anoa binturang caiman dormouse ermine
fisher
"""


def _labels() -> list[str]:
    """Give every label that the table has, in its order."""
    lines = [line for line in TABLE.splitlines() if line.strip() and not line.startswith(("#", " "))]
    return [label for line in lines for label in line.split()]


WORDS = {label: f"{animal}47" for label, animal in zip(_labels(), _ANIMALS.split(), strict=False)}
assert len(WORDS) == len(_labels())
_OF_PEOPLE = ("name", "name-of-staff", "last-chair", "last-organiser")
NAMES = {label: WORDS[label].removesuffix("47").capitalize() for label in _OF_PEOPLE}
WORDS |= NAMES
# A number has no words: this rate stands nowhere else.
WORDS["small-number"] = "43.71"


def may_see(phase: str) -> dict[str, set[str]]:
    """Read the table: by label who sees its word in a phase."""
    seen: dict[str, set[str]] = {}
    heading: list[str] = []
    for line in TABLE.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            heading = line.split()
            continue
        phases, *marks = line.split()
        if phase in phases:
            roles = {role for role, mark in zip(ROLES, marks, strict=True) if mark == "x"}
            seen |= dict.fromkeys(heading, roles)
    return seen


def _text(label: str) -> evidence.EvidenceText:
    text = f"They said {WORDS[f'{label}-text']} to us."
    if label in {"pinned", "correction"}:
        text += " Write to team@example.org."
    return evidence.EvidenceText(f"About {WORDS[f'{label}-title']}", text, "HR", "2026")


def _file(label: str) -> list[object]:
    return [upload(f"{WORDS[f'{label}-file-name']}.txt", f"Figures: {WORDS[f'{label}-file']}\n")]


def _correct(world: World, label: str, reason: str) -> None:
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    evidence.correct_item(
        actor=world.contributor,
        item=item,
        content=_text(label),
        sharing=Sharing.PUBLIC,
        reason=reason,
        files=_file(label),  # type: ignore[arg-type]
        expected_version=evidence.latest_version(item).seq,
    )


def _propose(world: World, code: str, grade: str, labels: str, reason: str = "") -> None:
    grading.propose_grade(
        actor=world.lead,
        assessed_outcome=world.outcome(code),
        grade=world.grade(grade),
        reasons=[FactorReason("outcome", "Outcome", f"Look: {WORDS[f'{labels}-reason']}.")],
        conclusion=f"It is {WORDS[f'{labels}-conclusion']}.",
        reason=reason,
    )


def _other_trust(world: World) -> None:
    """Another trust with an assessment of its own in reviewing."""
    lead = world.outsider
    assessment = assessments.open_assessment(
        actor=lead, organisation=world.other_trust, revision=world.revision, year=2026
    )
    rows = list(assessment.outcomes.select_related("outcome").in_order())
    kept = next(row for row in rows if row.outcome.code == "4.1")
    assessments.leave_out(actor=lead, outcomes=[row for row in rows if row != kept], reason="One only.")
    round_ = assessments.plan_round(
        actor=lead,
        assessment=assessment,
        plan=assessments.RoundPlan("Only", [kept], agree_by=today() + datetime.timedelta(days=20)),
    )
    panel = assessments.add_panel(
        actor=lead,
        assessment=assessment,
        plan=assessments.PanelPlan("Patients", PanelKind.objects.get(code="staff-side"), [kept], quorum=1),
    )
    assessments.add_panel_member(actor=lead, panel=panel, user=person("Petra Patient"), role=PanelMember.Role.CHAIR)
    kept.assessment, kept.round = assessment, round_
    world.made["other item"] = evidence.write_and_cite(
        actor=lead,
        assessed_outcome=kept,
        content=_text("other"),
        files=_file("other"),  # type: ignore[arg-type]
    )
    grading.propose_grade(
        actor=lead,
        assessed_outcome=kept,
        grade=world.grade(A),
        reasons=[FactorReason("outcome", "Outcome", WORDS["other-proposal"])],
    )
    world.made |= {"other outcome": kept, "other assessment": assessment, "other panel": panel, "other round": round_}
    assessments.move_phase(actor=lead, round=round_, to_phase=Phase.REVIEWING)


def _plan(world: World) -> None:
    owner = world.people["owner"] = person(f"Nora {WORDS['owner-name']}")
    member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
    objective = world.plan_objective(text=f"We want {WORDS['plan-objective']}.")
    action = plan.add_action(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        content=plan.ActionText(
            f"We do {WORDS['action-words']}.", f"Seen by {WORDS['action-measure']}.", objective=objective
        ),
        owners=[plan.OwnerText("person", "Head of training", owner)],
    )
    answer_items(actor=world.lead, subject=action, keys=["edi-plan-2023/hia-3"])
    plan.say_progress(actor=owner, action=action, status="on_track", words=f"It is {WORDS['action-progress']}.")


def planted_world() -> World:
    """Build the planted world, still preparing."""
    world = build_world()
    for who, label in (("second", "name"), ("staff_chair", "name-of-staff")):
        user = world.people.get(who) or person("Second")
        user.name = f"Pat {NAMES[label]}"
        user.email = f"{WORDS[label.replace('name', 'address')]}@example.org"
        user.save()
        world.people[who] = user
    assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=world.second)
    _plan(world)
    # The lead keeps the list of the organisation's people: whoever stands there is known to work for it, and no more.
    for membership in world.staff_chair.memberships.all():
        leave(actor=world.admin, membership=membership, reason="Works for the union")
    _other_trust(world)
    _set_up_more(world)
    _last_year(world)
    invite(
        actor=world.community_chair,
        kind="panel",
        subject=world.community.public_id,
        email=f"{WORDS['invited']}@example.net",
        role="reviewer",
    )
    for label, sharing in (("inside", Sharing.ORGANISATION), ("panels", Sharing.PANELS), ("earlier", Sharing.PUBLIC)):
        item = evidence.write_and_cite(
            actor=world.contributor,
            assessed_outcome=world.outcome("4.1"),
            content=_text(label),
            files=_file(label),  # type: ignore[arg-type]
            sharing=sharing,
        )
        world.made["pinned" if label == "earlier" else label] = item
    _correct(world, "pinned", "Made shorter.")
    _details(world)
    _answer_privacy(world)
    _type_and_leave(world)
    world.made["uncited"] = evidence.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=_text("uncited"),
        files=_file("uncited"),  # type: ignore[arg-type]
    )
    # New for the objective that is adopted: its page tells the lead of it, as far as the library goes.
    evidence.change_details(
        actor=world.lead,
        item=world.made["uncited"],
        reason="Added",
        expected_version=1,
        findings=[FindingText("race", "Race", "", "worse", f"They said {WORDS['uncited-text']}.")],
    )
    for code in ("4.1", "4.2", "4.3"):
        evidence.write_summary(
            actor=world.lead, assessed_outcome=world.outcome(code), text=f"In short: {WORDS['summary']}."
        )
    _propose(world, "4.1", A, "proposal")
    for code in ("4.2", "4.3"):
        world.propose(code, D)
    _write_for_the_report(world)
    _set_objectives(world)
    return world


def _set_up_more(world: World) -> None:
    """Chairs write joint grades; 4.3 is graded by no panel; 3.1 is left out for a reason; a mail cannot be sent."""
    rows = {row.outcome.code: row for row in world.assessment.outcomes.select_related("outcome", "round").in_order()}
    decide = {"actor": world.lead, "reason": f"Not now: {WORDS['left-out']}."}
    assessments.decide_scope(assessed_outcome=rows["3.1"], scope="not_applicable", **decide)
    assessments.decide_scope(actor=world.lead, assessed_outcome=rows["4.3"], scope="in_scope", reason="")
    rows["4.3"].round = world.round
    rows["4.3"].record(actor=world.lead, reason="Into the round")
    world.outcomes["4.3"] = rows["4.3"]
    joint = Round.objects.get(pk=world.round.pk)
    joint.differ_rule = Round.DifferRule.JOINT
    world.round = joint.record(actor=world.lead, reason="The chairs agree")
    failed = invite(
        actor=world.community_chair,
        kind="panel",
        subject=world.community.public_id,
        email=f"{WORDS['failed-address']}@example.net",
        role="reviewer",
    )
    OutboxMail.objects.filter(subject=failed.public_id).update(
        state=OutboxMail.State.FAILED, words="The mail server does not take mails for this address."
    )


def _last_year(world: World) -> None:
    """Last year, opened: its chair was named by the lead, its organiser by the chair; it cited what waits for a decision."""
    lead = world.lead
    last = assessments.open_assessment(
        actor=lead, organisation=world.trust, revision=world.revision, year=world.assessment.year - 1
    )
    rows = list(last.outcomes.select_related("outcome").in_order())
    kept = next(row for row in rows if row.outcome.code == "4.1")
    assessments.leave_out(actor=lead, outcomes=[row for row in rows if row != kept], reason="One only.")
    plan = assessments.RoundPlan("Last year", [kept], agree_by=today() + datetime.timedelta(days=20))
    round_ = assessments.plan_round(actor=lead, assessment=last, plan=plan)
    panel = assessments.add_panel(
        actor=lead,
        assessment=last,
        plan=assessments.PanelPlan("Last panel", PanelKind.objects.get(code="staff-side"), [kept], quorum=1),
    )
    chair, organiser = (person(f"Pat {NAMES[label]}") for label in ("last-chair", "last-organiser"))
    assessments.add_panel_member(actor=lead, panel=panel, user=chair, role=PanelMember.Role.CHAIR)
    assessments.add_panel_member(actor=chair, panel=panel, user=organiser, role=PanelMember.Role.ORGANISER)
    kept.assessment, kept.round = last, round_
    texts = [f"About {WORDS['offered-title']}", "Once more"]
    items = [
        evidence.write_and_cite(actor=lead, assessed_outcome=kept, content=evidence.EvidenceText(title, "Words."))
        for title in texts
    ]
    evidence.write_summary(actor=lead, assessed_outcome=kept, text="In short.")
    grading.propose_grade(
        actor=lead,
        assessed_outcome=kept,
        grade=world.grade(D),
        reasons=[FactorReason("outcome", "Outcome", "As it was.")],
    )
    assessments.move_phase(actor=lead, round=round_, to_phase=Phase.REVIEWING)
    OfferDecision.append(
        actor=lead,
        assessed_outcome=world.outcomes["4.1"],
        item=items[1],
        choice="drop",
        reason=f"Dropped for {WORDS['dropped-why']}.",
    )


def _answer_privacy(world: World) -> None:
    """An address in what everybody may see is answered for, and a story's consent is kept."""
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    settle_finding(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        characteristic=Characteristic.objects.get(revision=world.revision, code="age"),
        fares="worse",
        reason=f"Set because of {WORDS['settled']}.",
    )
    mark_story(
        actor=world.contributor,
        item=item,
        kind="consent",
        scope="public",
        consent_for=f"A report on {WORDS['story-consent']}",
    )
    for found in found_in(evidence.latest_version(item)):
        answer_question(
            actor=world.contributor,
            item=item,
            found=found,
            answer="not_a_person",
            reason=f"It is the {WORDS['privacy-why']} team.",
        )


def _set_objectives(world: World) -> None:
    """A draft, one that is with local people and was commented on by a member of a panel, and one that is published."""
    draft = world.objective(f"Halve {WORDS['objective-draft']}", expected=None)
    answer_items(actor=world.lead, subject=draft, keys=["edi-plan-2023/hia-3"])
    goals.keep_commitment(actor=world.lead, objective=draft, text=f"Meet {WORDS['commitment-draft']}")
    [waiting] = known(draft).open
    goals.answer_check(
        actor=world.lead,
        objective=draft,
        seen={(waiting.id, waiting.about): waiting.fingerprint},
        text=f"Not before {WORDS['check-of-objective']}.",
    )
    asked = world.objective(f"Halve {WORDS['objective-asked']}")
    world.consult(asked)
    said = world.comment(asked, f"We think of {WORDS['objective-comment']}.", "second")
    goals.answer_comment(actor=world.lead, comment=said, text=f"It names {WORDS['objective-answer']} now.")
    world.adopt(world.objective(f"Halve {WORDS['objective-public']}"))
    publish_objectives(world)


def _details(world: World) -> None:
    """A figure of few people in the item that everybody may see, and a finding in one that stays inside."""
    rows = (RowText("Disabled staff", Decimal(WORDS["small-number"]), 3, 7), RowText("Others", Decimal(60), 60, 100))
    figure = FigureText("Trained", "percent", rows, source="HR", period="2026", about_code="sex", about_name="Sex")
    finding = FindingText("disability", "Disability", "", "worse", f"Because of {WORDS['inside-finding']}.")
    for made, details in (("pinned", {"figures": [figure]}), ("inside", {"findings": [finding]})):
        item = world.made[made]
        assert isinstance(item, EvidenceItem)
        evidence.change_details(
            actor=world.contributor,
            item=item,
            reason="Added",
            expected_version=evidence.latest_version(item).seq,
            **details,  # type: ignore[arg-type]
        )


def _type_and_leave(world: World) -> None:
    """A contributor and a reviewer have each typed something that they did not send."""
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    for who, label, field, place in (
        ("contributor", "unsaved-version", "source", reverse("evidence-edit", args=[item.public_id])),
        ("second", "unsaved-question", "text", reverse("question-ask", args=[world.outcomes["4.1"].public_id])),
    ):
        fields = {field: [f"Perhaps {WORDS[label]}."]}
        UnsavedText.objects.create(user=world.people[who], place=place, fields=fields, saved_at=timezone.now())


def _write_for_the_report(world: World) -> None:
    """Details, an event and one that is taken out, an older wording, and a grade of an earlier year."""
    reports.keep_details(
        actor=world.lead,
        assessment=world.assessment,
        text=reports.DetailsText(other_text=f"Dear reader, {WORDS['details']}."),
    )
    for label in ("event", "event-taken-out"):
        event = assessments.keep_event(
            actor=world.lead,
            assessment=world.assessment,
            text=assessments.EventText("Open day", today(), f"The group {WORDS[label]}"),
        )
    assessments.remove_event(actor=world.lead, event=event, reason="It did not take place.")
    reports.keep_words(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        wording_then=f"Leaders are {WORDS['wording-then']}",
        contacts="",
    )
    grading.bring_in_results(
        actor=world.lead,
        assessment=world.assessment,
        year=world.assessment.year - 1,
        source=f"Report {WORDS['earlier-source']}",
        results=[grading.PastResult("4.1", world.grade(D))],
    )


def to_reviewing(world: World) -> None:
    """Open reviewing; everybody of the community panel and the staff side submits 4.1, the second keeps 4.2 a draft."""
    world.move(Phase.REVIEWING)
    joined = assessments.add_panel_member(
        actor=world.community_chair,
        panel=world.community,
        user=person("Paula Passing"),
        reason=f"More views on {WORDS['panel-changed']}.",
    )
    assessments.end_panel_member(actor=world.community_chair, member=joined, reason="Could not come.")
    _correct(world, "correction", f"Because of {WORDS['correction-reason']}.")
    world.review("second", "4.1", D, f"I think {WORDS['review']}.")
    world.review("staff_chair", "4.1", D, f"We think {WORDS['review-of-staff']}.")
    world.review("staff_chair", "4.2", D)
    for who in ("community_chair", "reviewer"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    grading.step_aside(
        actor=world.second,
        assessed_outcome=world.outcome("4.2"),
        panel=world.community,
        interest=f"My sister works for {WORDS['interest']}.",
    )
    world.answer(world.ask("second", "4.1", f"What about {WORDS['question']}?"), f"There were {WORDS['answer']}.")
    save_draft(world)


def save_draft(world: World) -> None:
    """The second reviewer keeps a draft for 4.2."""
    grading.save_draft(
        actor=world.second,
        assessed_outcome=world.outcome("4.2"),
        panel=world.community,
        answer="",
        text=f"Perhaps {WORDS['draft']}.",
        expected_version=None,
    )


def to(world: World, phase: str) -> World:
    """Move a planted world to a phase of tests.matrix.scene.PHASES."""
    if phase == "P":
        return world
    to_reviewing(world)
    if phase == "R":
        return world
    world.move(Phase.AGREEING)
    if phase == "B":
        world.panel_grade("community_chair", "4.1", D, f"We found {WORDS['panel-grade']}.")
        world.move(Phase.REVIEWING, f"A panel wants to read {WORDS['moved-back']} again.")
        world.review("second", "4.1", E, f"Now I think {WORDS['review-after-back']}.")
        # No verb proposes in reviewing; the row stands for one that was written while preparing again.
        ProposedGrade.append(
            actor=world.lead,
            reason=f"Because of {WORDS['why-back']}.",
            assessed_outcome=world.outcome("4.1"),
            grade=world.grade(E),
            reasons=[{"factor": "outcome", "heading": "Outcome", "text": f"Look: {WORDS['back-reason']}."}],
            conclusion=f"It is {WORDS['back-conclusion']}.",
            after_reveal=True,
            reveals_before=1,
        )
        return world
    world.panel_grade("community_chair", "4.1", D, f"We found {WORDS['panel-grade']}.")
    _dissent(world)
    _differ(world)
    _propose(world, "4.1", E, "changed", f"Because of {WORDS['why-changed']}.")
    world.remark("second", "4.1", f"To my mind {WORDS['remark']}.")
    taken = world.remark("reviewer", "4.1", f"No, {WORDS['remark-taken-back']}.")
    talk.take_back(actor=world.reviewer, remark=taken)
    if phase == "A":
        return world
    world.panel_grade("staff_chair", "4.1", D, f"We found {WORDS['panel-grade-of-staff']}.")
    grading.answer_joint_grade(
        actor=world.community_chair, assessed_outcome=world.outcome("4.2"), panel=world.community, confirmed=True
    )
    grading.record_not_graded(
        actor=world.lead, assessed_outcome=world.outcome("4.3"), reason=f"Nobody came, for {WORDS['not-graded']}."
    )
    world.say("lead", "4.1", f"The organisation says {WORDS['statement']}.")
    world.say("community_chair", "4.1", "We heard otherwise.")
    world.move(Phase.AGREED)
    reports.keep_approval_step(
        actor=world.lead,
        assessment=world.refreshed(),
        text=reports.StepText("committee", "Equality Committee", today(), f"Paper {WORDS['approval']}"),
    )
    world.answer_checks(f"We know of {WORDS['check-answer']}.")
    world.sign(SignOff.Decision.REFUSED, f"Not while {WORDS['refusal']}.")
    if phase == "X":
        world.sign()
        world.made["publication"] = world.publish()
    return world


def _dissent(world: World) -> None:
    """Two members dissent on 4.1; the chair passes one of the two on, and a summary of the comments."""
    words = {"assessed_outcome": world.outcome("4.1"), "panel": world.community}
    for who, label in (("second", "dissent-passed"), ("reviewer", "dissent-kept")):
        made = grading.add_dissent(actor=world.people[who], text=f"To me it is {WORDS[label]}.", **words)
        passed = label == "dissent-passed"
        grading.pass_words(
            actor=world.community_chair,
            summary=f"In short, {WORDS['summary-passed']}.",
            dissents={
                made.public_id: grading.DissentAnswer(passed, "" if passed else f"It points to {WORDS['kept-back']}.")
            },
            **words,
        )


def _differ(world: World) -> None:
    """On 4.2 the panels differ: staff side's chair writes a joint grade, and Healthwatch's chair says no to it at first."""
    outcome = world.outcome("4.2")
    world.panel_grade("community_chair", "4.2", D, f"We found {WORDS['panel-grade']}.")
    grading.record_panel_grade(
        actor=world.staff_chair,
        assessed_outcome=outcome,
        panel=world.staff,
        grade=world.grade(A),
        reason="Ours.",
        why_not_median=f"We weighed {WORDS['why-not-median']} again.",
    )
    grading.write_joint_grade(
        actor=world.staff_chair,
        assessed_outcome=outcome,
        panel=world.staff,
        grade=world.grade(D),
        reason=f"Together we think of {WORDS['joint-reason']}.",
    )
    grading.answer_joint_grade(
        actor=world.community_chair,
        assessed_outcome=outcome,
        panel=world.community,
        confirmed=False,
        reason=f"Not while {WORDS['joint-declined']}.",
    )


def files_of(item: object) -> list[str]:
    """Give the public ids of all files of an item."""
    assert isinstance(item, EvidenceItem)
    return list(EvidenceFile.objects.filter(version__item=item).values_list("public_id", flat=True))
