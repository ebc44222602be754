"""Mails about phases, dates and reports: who gets one, what it must never say, and asking access again at sending."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from eds.history.models import deciding_on
from eds.jobs.models import KeptMail, OutboxMail
from eds.pages.mails import telling
from tests.leaks.planted.phases import to
from tests.leaks.planted.preparing import planted_world
from tests.leaks.planted.table import NAMES, WORDS
from tests.leaks.walk import sign_in
from tests.mailing import deliver, link_in
from tests.world import World, person

pytestmark = pytest.mark.django_db
REVIEWERS = {"community_chair", "reviewer", "staff_chair"}


def who(world: World, mails: list[KeptMail]) -> list[str]:
    """Give whose mails these are, by the story's names."""
    names = {user.email: name for name, user in world.people.items()}
    return sorted(names[mail.to] for mail in mails)


def test_opening_tells_who_reviews_and_nobody_else(world: World) -> None:
    world.to_reviewing()
    assert who(world, deliver()) == sorted(REVIEWERS)
    assert deliver() == []


def test_a_person_removed_meanwhile_gets_nothing(world: World) -> None:
    world.to_reviewing()
    member = world.community.members.get(user=world.reviewer)
    assessments.end_panel_member(actor=world.community_chair, member=member, reason="Left")
    assert who(world, deliver()) == sorted(REVIEWERS - {"reviewer"})
    skipped = OutboxMail.objects.get(state="skipped")
    assert (skipped.to, skipped.words) == (world.reviewer, "The person has no part in it any more.")


def test_a_mail_of_a_phase_that_is_over_is_not_sent(world: World) -> None:
    world.to_agreeing()
    sent = deliver()
    assert who(world, sent) == sorted({*REVIEWERS, "organiser", "contributor", "sponsor", "board"})
    assert set(OutboxMail.objects.filter(state="skipped").values_list("words", flat=True)) == {"It has moved on since."}


def test_a_move_back_tells_nobody(world: World) -> None:
    world.to_agreeing()
    deliver()
    world.move(Phase.REVIEWING, "A panel wants to read again.")
    assert deliver() == []


@pytest.mark.parametrize(("days", "told"), [(14, True), (15, False)])
def test_what_was_decided_long_ago_and_is_entered_now_is_no_news(world: World, days: int, told: bool) -> None:
    world.prepare()
    with deciding_on(timezone.localdate() - datetime.timedelta(days=days)):
        world.move(Phase.REVIEWING)
    assert who(world, deliver()) == (sorted(REVIEWERS) if told else [])


def test_a_report_published_long_ago_and_entered_now_is_no_news(world: World) -> None:
    world.to_settled()
    world.move(Phase.AGREED)
    world.sign()
    deliver()
    with deciding_on(timezone.localdate() - datetime.timedelta(days=300)):
        world.publish()
    assert deliver() == []


def test_those_who_come_by_links_hear_nothing_when_links_have_ended_but_of_the_report(world: World) -> None:
    world.to_settled()
    deliver()
    world.organiser.set_password("a long enough pass phrase")
    world.organiser.save()
    world.move(Phase.AGREED)
    told = who(world, deliver())
    assert "organiser" in told
    assert not {"community_chair", "reviewer"} & set(told)
    world.sign()
    world.publish()
    mails = deliver()
    assert {"community_chair", "reviewer", "lead", "contributor", "board"} <= set(who(world, mails))
    assert {link_in(mail) for mail in mails} == {reverse("public-reports")}


def test_no_mail_to_anybody_says_what_is_planted() -> None:
    world = planted_world()
    to(world, "X")
    mails = deliver()
    world.round.refresh_from_db()
    assert len(mails) > 5
    telling.remind_before_dates()
    deliver()
    everything = "\n".join(mail.heading + mail.text + mail.html for mail in KeptMail.objects.all()).lower()
    kept = "".join(str(row) for row in OutboxMail.objects.values()).lower()
    plain = {"hollin", "healthwatch", "staff side", "panel", "undeveloped", "developing", "achieving", "excelling"}
    plain |= {"union", "4.1", "leadership", "reviewer", "chair"}
    for word in {*WORDS.values(), *NAMES.values(), *plain, *(user.name for user in world.people.values())}:
        assert word.lower() not in everything, word
    for word in {*WORDS.values(), *NAMES.values()}:
        assert word.lower() not in kept, word


def test_every_mail_to_a_panel_is_the_same_but_for_its_address(world: World) -> None:
    world.to_reviewing()
    assert len({(mail.heading, mail.text, mail.html) for mail in deliver()}) == 1


def remind(world: World, left: int) -> list[str]:
    """Let the scheduler run so many days before reviews are due."""
    assert world.round.review_by
    telling.remind_before_dates(world.round.review_by - datetime.timedelta(days=left))
    return who(world, deliver())


def test_reminders_come_once_on_their_days_and_only_to_who_is_not_done(world: World) -> None:
    world.to_reviewing()
    deliver()
    for code in ("4.1", "4.2"):
        world.review("reviewer", code, "developing")
    assert remind(world, 8) == []
    first = remind(world, 7)
    assert first == ["community_chair", "deputy", "lead", "staff_chair"]
    assert remind(world, 7) == []
    assert remind(world, 5) == []
    for code in ("4.1", "4.2"):
        world.review("staff_chair", code, "developing")
    assert remind(world, 2) == ["community_chair", "deputy", "lead"]
    assert remind(world, 0) == []
    assert remind(world, -1) == []


def test_a_scheduler_that_was_away_catches_up_once(world: World) -> None:
    world.to_reviewing()
    deliver()
    assert "reviewer" in remind(world, 4)
    assert remind(world, 3) == []
    assert "reviewer" in remind(world, 1)


def test_who_finishes_between_queueing_and_sending_gets_no_reminder(world: World) -> None:
    world.to_reviewing()
    deliver()
    telling.remind_before_dates(world.round.review_by - datetime.timedelta(days=7))  # type: ignore[operator]
    for code in ("4.1", "4.2"):
        world.review("reviewer", code, "developing")
    assert "reviewer" not in who(world, deliver())


def press(world: World, by: str, **data: str) -> tuple[int, str]:
    client: Client = sign_in(world, by)
    response = client.post(reverse("remind", args=[world.assessment.public_id]), data)
    page = client.get(reverse("assessment", args=[world.assessment.public_id])).content.decode()
    return response.status_code, (
        "Those who have not finished get a reminder, at most one a day." in page and "said"
    ) or ""


def test_the_leads_button_reminds_who_has_not_finished_once_a_day_and_tells_the_lead_nothing(world: World) -> None:
    world.to_reviewing()
    deliver()
    for code in ("4.1", "4.2"):
        world.review("reviewer", code, "developing")
    panel = world.community.public_id
    before = OutboxMail.objects.count()
    assert press(world, "lead", panel=panel) == (302, "said")
    assert OutboxMail.objects.count() - before == world.community.members.count()
    assert who(world, deliver()) == ["community_chair"]
    assert press(world, "deputy", panel=panel) == (302, "said")
    assert deliver() == []
    for code in ("4.1", "4.2"):
        world.review("community_chair", code, "developing")
    assert press(world, "lead", panel=panel) == (302, "said")
    for other in ("community_chair", "contributor", "board"):
        assert press(world, other)[0] == 403


def test_contributors_are_reminded_while_evidence_is_missing(world: World) -> None:
    assert press(world, "lead") == (302, "said")
    assert who(world, deliver()) == ["contributor"]
    world.prepare()
    other = person("Wanda Writer")
    assessments.add_contributor(
        actor=world.lead, assessed_outcome=world.outcomes["4.1"], user=other, for_what="Figures"
    )
    world.people["other"] = other
    assert press(world, "lead") == (302, "said")
    assert deliver() == []


def test_a_panel_of_another_assessment_is_not_there(world: World) -> None:
    client = sign_in(world, "lead")
    url = reverse("remind", args=[world.assessment.public_id])
    assert client.post(url, {"panel": "doesnotexist"}).status_code == 404


def test_the_demos_mails_are_shown_only_in_the_demo(world: World, settings: object, client: Client) -> None:
    world.to_reviewing()
    [mail, *_] = deliver()
    pages = [
        reverse("demo-mails"),
        reverse("demo-mail", args=[mail.outbox.public_id]),
        reverse("demo-mail-html", args=[mail.outbox.public_id]),
    ]
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all(mail.heading in answer.content.decode() for answer in answers)
    policy = answers[2]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy.replace("allow-scripts", "script")
    assert "<script" not in answers[2].content.decode()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_mails_are_accessible_html_without_anything_from_outside(world: World) -> None:
    world.to_reviewing()
    [mail, *_] = deliver()
    assert '<html lang="en-GB">' in mail.html
    assert "<h1>" in mail.html
    for outside in ("<img", "src=", "@import", "url(", "<script", "<link"):
        assert outside not in mail.html
