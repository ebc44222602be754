"""Mails about a consultation: who gets one, once, what it must not say, and asking again when it is sent."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from eds.assessments import domain as assessments
from eds.assessments.models import PanelMember, Phase
from eds.history.models import deciding_on, today
from eds.jobs.models import KeptMail, OutboxMail
from eds.pages.mails.failed import failed_numbers
from eds.people.models import Membership
from objectives.equality import domain as goals
from objectives.equality.mails import ANSWERED, CONSULTED, ENDED, MOVED_ON, NO_PART
from tests.mailing import deliver, link_in
from tests.objectives.conftest import As
from tests.objectives.test_equality_pages import words
from tests.pages.test_home import long_ago
from tests.world import World, another_year, member, person

pytestmark = pytest.mark.django_db
PANELS = ["community_chair", "organiser", "reviewer", "staff_chair"]
TELLING = {"hollin", "healthwatch", "staff side", "panel", "objective", "promotion", "comment", "answer to your"}


def sent(kind: str) -> list[KeptMail]:
    return [mail for mail in deliver() if mail.outbox.kind == kind]


def who(world: World, mails: list[KeptMail]) -> list[str]:
    names = {user.email: name for name, user in world.people.items()}
    return sorted(names[mail.to] for mail in mails)


def skipped(kind: str) -> set[str]:
    return set(OutboxMail.objects.filter(kind=kind, state="skipped").values_list("words", flat=True))


def test_each_member_of_a_panel_gets_one_mail_that_says_nothing(world: World) -> None:
    assessments.add_panel_member(
        actor=world.staff_chair, panel=world.staff, user=world.reviewer, role=PanelMember.Role.REVIEWER
    )
    world.consult(world.objective())
    mails = sent(CONSULTED)
    assert who(world, mails) == PANELS, "once each, also who is on two panels; nobody of the organisation's own"
    assert {link_in(mail) for mail in mails} == {reverse("home")}
    assert len({(mail.heading, mail.text, mail.html) for mail in mails}) == 1
    said = (mails[0].heading + mails[0].text + mails[0].html).lower()
    assert [each for each in TELLING if each in said] == []
    assert "There is something for you to read." in mails[0].text
    assert deliver() == []


def test_more_time_is_told_again_and_an_older_mail_does_not_go_any_more(world: World) -> None:
    made = world.objective()
    world.consult(made)
    world.consult(made, days=30)
    assert who(world, sent(CONSULTED)) == PANELS
    assert skipped(CONSULTED) == {MOVED_ON}
    world.consult(made, days=40)
    assert who(world, sent(CONSULTED)) == PANELS


def test_it_goes_to_what_is_not_published_or_else_to_the_newest_year(world: World) -> None:
    later = person("Lara Later")
    world.people["later"] = later
    world.to_published()
    for name in PANELS:
        world.people[name].set_password("a long enough pass phrase")
        world.people[name].save()
    deliver()
    newer = another_year(world.trust, world.other_trust, world.people, 2027)
    for panel in (newer.community, newer.staff):
        for place in panel.members.filter(left_on__isnull=True):
            assessments.end_panel_member(actor=newer.community_chair, member=place, reason="Left")
    world.consult(world.objective("One"))
    assert who(world, sent(CONSULTED)) == PANELS, "nobody has joined for the newer year yet"
    assessments.add_panel_member(actor=newer.lead, panel=newer.staff, user=later, role=PanelMember.Role.CHAIR)
    world.consult(world.objective("Two"))
    assert who(world, sent(CONSULTED)) == ["later"], "one year is published, the other is under way"
    other = another_year(world.trust, world.other_trust, world.people, 2025)
    world.consult(world.objective("Three"))
    assert who(world, sent(CONSULTED)) == sorted([*PANELS, "later"]), "two are under way"
    assert other.assessment.year < newer.assessment.year


def test_who_left_or_leads_the_organisation_gets_nothing(world: World) -> None:
    world.consult(world.objective())
    assessments.end_panel_member(
        actor=world.community_chair, member=world.community.members.get(user=world.reviewer), reason="Left"
    )
    member(world.organiser, world.trust, Membership.Role.BOARD_MEMBER, world.admin)
    assert who(world, sent(CONSULTED)) == ["community_chair", "staff_chair"]
    assert skipped(CONSULTED) == {NO_PART}


def test_a_time_that_is_over_and_what_is_entered_late_are_no_news(world: World) -> None:
    made = world.objective()
    with deciding_on(timezone.localdate() - datetime.timedelta(days=3)):
        goals.consult(actor=world.lead, objective=made, until=today() + datetime.timedelta(days=1))
    assert sent(CONSULTED) == []
    assert skipped(CONSULTED) == {MOVED_ON}
    before = OutboxMail.objects.count()
    with deciding_on(timezone.localdate() - datetime.timedelta(days=15)):
        goals.consult(actor=world.lead, objective=world.objective(), until=timezone.localdate())
    assert OutboxMail.objects.count() == before


def test_links_that_have_ended_are_not_sent_to(world: World) -> None:
    world.to_settled()
    world.move(Phase.AGREED)
    deliver()
    world.community_chair.set_password("a long enough pass phrase")
    world.community_chair.save()
    world.consult(world.objective())
    assert who(world, sent(CONSULTED)) == ["community_chair", "staff_chair"], "a password, and a place in the trust"
    assert skipped(CONSULTED) == {ENDED}


def test_the_person_who_commented_hears_of_an_answer_and_nobody_else(world: World) -> None:
    made = world.objective()
    world.consult(made)
    comment = world.comment(made)
    deliver()
    goals.answer_comment(actor=world.lead, comment=comment, text="It does.")
    goals.answer_comment(actor=world.deputy, comment=comment, text="It does now.")
    mails = sent(ANSWERED)
    assert who(world, mails) == ["reviewer"], "once, of the last answer"
    assert skipped(ANSWERED) == {MOVED_ON}
    said = (mails[0].heading + mails[0].text + mails[0].html).lower()
    assert [each for each in {*TELLING, "it does"} if each in said] == []
    assert link_in(mails[0]) == reverse("home")


def test_an_answer_is_news_on_the_home_page_of_who_commented(world: World, as_: As) -> None:
    made = world.objective()
    world.consult(made)
    goals.answer_comment(actor=world.lead, comment=world.comment(made), text="It does now.")
    long_ago("reviewer", "community_chair", world=world)
    told = "Your comment on “Halve the gap in promotion” was answered."
    assert told in words(as_("reviewer").get(reverse("home")))
    assert told not in words(as_("community_chair").get(reverse("home")))


def test_an_answer_to_who_left_is_not_told(world: World) -> None:
    made = world.objective()
    world.consult(made)
    comment = world.comment(made)
    deliver()
    assessments.end_panel_member(
        actor=world.community_chair, member=world.community.members.get(user=world.reviewer), reason="Left"
    )
    goals.answer_comment(actor=world.lead, comment=comment, text="It does now.")
    assert sent(ANSWERED) == []
    assert skipped(ANSWERED) == {NO_PART}


def test_the_lead_learns_numbers_of_what_failed_and_no_address(world: World, as_: As) -> None:
    made = world.objective()
    world.consult(made)
    mail = OutboxMail.objects.get(kind=CONSULTED, to=world.reviewer)
    OutboxMail.objects.filter(pk=mail.pk).update(state="failed", words="The mail server does not take mails.")
    assert failed_numbers(world.trust) == [("An objective to comment on", 1)]
    assert failed_numbers(world.other_trust) == []
    page = as_("admin").get(reverse("failed-mails")).content.decode()
    assert "An objective to comment on" in page
    assert world.reviewer.email in page
