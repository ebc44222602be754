"""The table of who may see which planted word when, written by hand from the rules, and the words.

Every word that exists in a phase has a line for it; "x" sees it, somewhere, and must; "." must not see it anywhere. A word
without a line for a phase is not there yet, and nobody sees it.
"""

from __future__ import annotations

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
