"""Drafts, and what was typed when the log-in had run out: private, offered again, never sent by themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eds.assessments.models import Phase
from eds.ui import unsaved
from eds.ui.models import UnsavedText
from evidence.models import EvidenceVersion, Summary
from grading.models import ProposedGrade, Review, ReviewDraft
from tests.world import World

TYPED = "Typed and not sent yet: the lift was out of order."
PASSWORD = "a-long-test-password-77"


def client_of(world: World, who: str, **options: bool) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(getattr(world, who))
    return client


def summary_url(world: World) -> str:
    return reverse("summary", args=[world.outcomes["4.1"].public_id])


def hidden(client: Client, url: str, name: str) -> str:
    page = client.get(url).content.decode()
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def auto(**more: str) -> dict[str, str]:
    return {"save_draft": "auto", "draft_revision": "0", "text": TYPED, "text__format": "marks", "version": "0"} | more


# Drafts


def test_a_page_saves_a_draft_by_itself_and_offers_it_again(world: World) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    answer = client.post(url, auto())
    assert answer.status_code == 200
    assert answer.json()["words"].startswith("Saved at ")
    assert answer.json()["draft_revision"] == 1
    assert Summary.objects.count() == 0
    page = client.get(url).content.decode()
    assert "You have unsaved text from" in page
    assert TYPED in page
    box = client.get(f"{url}?draft=use").content.decode().split("</textarea>")[0]
    assert TYPED in box


def test_without_scripts_a_button_saves_the_draft(world: World) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    response = client.post(url, auto(save_draft="1"), follow=True)
    assert response.redirect_chain == [(f"{url}?draft=use", 302)]
    assert "Your draft is saved" in response.content.decode()
    assert "This is your unsaved text from" in response.content.decode()


def test_a_draft_can_be_discarded_and_goes_when_the_form_is_sent(world: World) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    client.post(url, auto())
    assert client.post(url, {"discard_draft": "1"}).status_code == 302
    assert UnsavedText.objects.count() == 0
    client.post(url, auto())
    assert client.post(url, {"text": "Done", "version": "0"}).status_code == 302
    assert UnsavedText.objects.count() == 0
    assert "You have unsaved text" not in client.get(url).content.decode()


def test_a_draft_is_its_author_s_alone(world: World) -> None:
    url = summary_url(world)
    client_of(world, "lead").post(url, auto())
    page = client_of(world, "deputy").get(url).content.decode()
    assert TYPED not in page
    assert "unsaved text" not in page
    assert TYPED not in client_of(world, "deputy").get(f"{url}?draft=use").content.decode()


@pytest.mark.parametrize("who", ["reviewer", "sponsor", "outsider"])
def test_who_may_not_open_the_form_cannot_keep_a_draft_of_it(world: World, who: str) -> None:
    client, url = client_of(world, who), summary_url(world)
    # 422 is the refusal that gives the typed text back to copy.
    assert client.post(url, auto()).status_code in {403, 404, 422}
    assert client.get(url).status_code in {403, 404}
    assert UnsavedText.objects.count() == 0


def test_a_draft_needs_the_form_s_token(world: World) -> None:
    client = client_of(world, "lead", enforce_csrf_checks=True)
    assert client.post(summary_url(world), auto()).status_code == 403
    assert not UnsavedText.objects.filter(browser="").exists()


def test_two_windows_do_not_write_over_each_other_s_draft(world: World) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    client.post(url, auto())
    slower = client.post(url, auto(text="Another window"))
    assert slower.status_code == 409
    assert "another window of yours saved a different text" in slower.json()["words"]
    assert UnsavedText.objects.get().fields["text"] == [TYPED]
    by_button = client.post(url, auto(text="Another window", save_draft="1"))
    page = by_button.content.decode()
    assert by_button.status_code == 422
    assert "Another window" in page
    assert TYPED in page
    assert client.post(url, auto(text="Both", save_draft="1", draft_revision="1")).status_code == 302


def test_a_draft_that_is_too_long_or_too_old_is_not_kept(world: World, settings: object) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    settings.EDS_DRAFT_CHARACTERS = 20  # type: ignore[attr-defined]
    assert client.post(url, auto()).status_code == 413
    settings.EDS_DRAFT_CHARACTERS = 6000  # type: ignore[attr-defined]
    client.post(url, auto())
    UnsavedText.objects.update(saved_at=timezone.now() - dt.timedelta(days=31))
    assert "unsaved text" not in client.get(url).content.decode()
    assert unsaved.forget_old() == 1
    assert UnsavedText.objects.count() == 0


def test_a_draft_typed_upon_an_older_text_meets_the_newer_one(world: World) -> None:
    client, url = client_of(world, "lead"), summary_url(world)
    client.post(url, auto())
    assert client_of(world, "deputy").post(url, {"text": "The deputy was quicker", "version": "0"}).status_code == 302
    page = client.get(f"{url}?draft=use").content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]
    assert version == "0"
    refused = client.post(url, {"text": TYPED, "version": version})
    assert refused.status_code == 422
    assert "The deputy was quicker" in refused.content.decode()


def test_reasons_of_a_proposal_are_kept_field_by_field(world: World) -> None:
    world.prepare()
    client, url = client_of(world, "lead"), reverse("propose", args=[world.outcomes["4.1"].public_id])
    before = ProposedGrade.objects.count()
    typed = {"save_draft": "1", "draft_revision": "0", "version": "1", "conclusion": TYPED, "grade": "excelling"}
    page = client.post(url, typed, follow=True).content.decode()
    assert TYPED in page
    assert ProposedGrade.objects.count() == before


def test_a_review_saves_itself_as_its_author_s_draft(world: World) -> None:
    world.to_reviewing()
    url = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    client = client_of(world, "reviewer")
    version = hidden(client, url, "version")
    answer = client.post(url, {"save_draft": "auto", "reason": TYPED, "version": version})
    assert answer.json()["words"].startswith("Saved at ")
    assert ReviewDraft.objects.get().text == TYPED
    assert Review.objects.count() == 0
    assert answer.json()["version"] == hidden(client, url, "version")
    slower = client.post(url, {"save_draft": "auto", "reason": "In a second window", "version": version})
    assert slower.status_code == 409
    assert ReviewDraft.objects.get().text == TYPED


def test_no_draft_of_a_review_after_reviewing_closed(world: World) -> None:
    world.to_reviewing()
    url = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    client = client_of(world, "reviewer")
    world.review("community_chair", "4.1", "achieving")
    world.move(Phase.PREPARING, "A mistake")
    assert client.post(url, {"save_draft": "auto", "reason": TYPED, "version": "0.0"}).status_code in {403, 404, 422}
    assert ReviewDraft.objects.count() == 0


# The log-in ran out


def log_in(client: Client, world: World, who: str) -> None:
    user = getattr(world, who)
    client.post(reverse("account_logout"))
    user.set_password(PASSWORD)
    user.save()
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302
    assert client.session[SESSION_KEY] == str(user.pk)


def expire(client: Client) -> None:
    Session.objects.filter(session_key=client.session.session_key).delete()


def send_after_the_end(world: World, client: Client, text: str = TYPED) -> str:
    url = summary_url(world)
    log_in(client, world, "lead")
    mark = hidden(client, url, "typed_by")
    expire(client)
    response = client.post(url, {"text": text, "text__format": "marks", "version": "0", "typed_by": mark})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    return url


def test_what_was_typed_when_the_log_in_ran_out_is_there_after_it(world: World) -> None:
    client = Client()
    url = send_after_the_end(world, client)
    assert Summary.objects.count() == 0
    log_in(client, world, "lead")
    page = client.get(url).content.decode()
    assert "You were logged out. Here is what you typed" in page
    assert TYPED in page.split("</textarea>")[0]
    assert Summary.objects.count() == 0
    assert client.post(url, {"text": TYPED, "version": "0"}).status_code == 302
    assert UnsavedText.objects.count() == 0


def test_another_person_at_the_same_browser_sees_nothing_of_it(world: World) -> None:
    client = Client()
    url = send_after_the_end(world, client)
    log_in(client, world, "deputy")
    page = client.get(url).content.decode()
    assert TYPED not in page
    assert "You were logged out" not in page
    log_in(client, world, "lead")
    assert TYPED in client.get(url).content.decode()


def test_the_same_person_at_another_browser_sees_nothing_of_it(world: World) -> None:
    url = send_after_the_end(world, Client())
    other = Client()
    log_in(other, world, "lead")
    assert TYPED not in other.get(url).content.decode()


def test_nobody_can_plant_a_text_for_another_person(world: World) -> None:
    client, url = Client(), summary_url(world)
    deputy = Client()
    log_in(deputy, world, "deputy")
    of_another_form = hidden(deputy, reverse("evidence-new", args=[world.outcomes["4.1"].public_id]), "typed_by")
    for mark in ("", str(world.lead.public_id), f"{world.lead.public_id}:forged", of_another_form):
        client.post(url, {"text": TYPED, "typed_by": mark})
    assert UnsavedText.objects.count() == 0


def test_it_waits_for_a_day_only_and_never_a_text_too_long(world: World, settings: object) -> None:
    client = Client()
    url = send_after_the_end(world, client)
    UnsavedText.objects.update(saved_at=timezone.now() - dt.timedelta(hours=25))
    log_in(client, world, "lead")
    assert TYPED not in client.get(url).content.decode()
    assert unsaved.forget_old() == 1
    settings.EDS_DRAFT_CHARACTERS = 20  # type: ignore[attr-defined]
    send_after_the_end(world, Client())
    assert UnsavedText.objects.count() == 0


def test_a_token_of_an_earlier_log_in_loses_nothing(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    user, url = world.lead, summary_url(world)
    client.force_login(user)
    mark = hidden(client, url, "typed_by")
    refused = client.post(url, {"text": TYPED, "typed_by": mark, "csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert TYPED in refused.content.decode()
    assert "Your text is kept." in refused.content.decode()
    assert TYPED in client.get(url).content.decode().split("</textarea>")[0]


def test_a_form_that_somebody_else_had_opened_is_not_shown_to_who_sends_it(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    url = summary_url(world)
    client.force_login(world.lead)
    mark = hidden(client, url, "typed_by")
    client.force_login(world.deputy)
    refused = client.post(url, {"text": TYPED, "typed_by": mark})
    assert refused.status_code == 403
    assert TYPED not in refused.content.decode()
    assert TYPED not in client.get(url).content.decode()
    client.force_login(world.lead)
    assert TYPED in client.get(url).content.decode()


def test_nothing_of_a_draft_stands_where_other_people_look(world: World) -> None:
    client_of(world, "lead").post(summary_url(world), auto())
    kept = UnsavedText.objects.get()
    assert TYPED not in f"{kept!r} {kept}"
    assert EvidenceVersion.objects.filter(text__contains="lift was out").count() == 0
