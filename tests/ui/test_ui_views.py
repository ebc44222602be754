"""Answers: 422 for a form with errors, and the pages for what went wrong."""

import errno

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as RedisConnectionError

from eds.ui import views
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.ui.sample import SampleForm


def broken():
    raise AssertionError("asked who is signed in")


class Nobody:
    """A person whom asking costs the page its life, as when the database is away."""

    @property
    def is_authenticated(self):
        return broken()


@pytest.mark.parametrize(("data", "status"), [(None, 200), ({}, 422)])
def test_answer(page_request, settings, data, status):
    settings.ROOT_URLCONF = "tests.ui.urls"
    response = views.answer(page_request, "account/login.html", {}, SampleForm(data))
    assert response.status_code == status


def test_answer_without_a_form(page_request):
    assert views.answer(page_request, "404.html", {}).status_code == 200


def test_denied_says_its_sentence(page_request):
    response = views.permission_denied(page_request, PermissionDenied("The panel has not met <yet>."))
    tree = parse(response.content.decode())
    assert_sound(tree)
    assert response.status_code == 403
    assert texts(tree, "//main/p")[0] == "The panel has not met <yet>."
    assert b"Your role" in views.permission_denied(page_request, PermissionDenied()).content


def test_not_found_says_nothing_of_why(page_request):
    response = views.page_not_found(page_request, Exception("hidden review"))
    assert_sound(parse(response.content.decode()))
    assert response.status_code == 404
    assert b"hidden" not in response.content


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (lambda request: views.bad_request(request, RequestDataTooBig()), 413),
        (views.server_error, 500),
        (views.csrf_failure, 403),
    ],
)
def test_pages_that_need_no_person_and_no_database(rf, view, status):
    request = rf.post("/x/", {"reason": "words"})
    request.user = Nobody()
    response = view(request)
    assert response.status_code == status
    assert_sound(parse(response.content.decode()))


def test_server_error_gives_the_number_in_the_logs(rf):
    request = rf.get("/")
    request.META["eds.request_id"] = "00ff00ff"
    assert texts(parse(views.server_error(request).content.decode()), "//main//strong") == ["00ff00ff"]


def test_csrf_failure_keeps_what_was_typed_and_no_secret(rf):
    data = {
        "reason": "Long\nwords <b>",
        "row-0-note": "More",
        "password": "s3cret",
        "new_password1": "s3cret",
        "csrfmiddlewaretoken": "s3cret",
        "one_time_token": "s3cret",
        "version": "s3cret",
        "empty": " ",
        "paper": SimpleUploadedFile("a.txt", b"x"),
    }
    response = views.csrf_failure(rf.post("/x/?a=1", data))
    tree = parse(response.content.decode())
    assert_sound(tree)
    assert [area.text_content().removeprefix("\n") for area in tree.xpath("//textarea")] == ["Long\nwords <b>", "More"]
    assert texts(tree, "//label/text()[1]/..")[0].startswith("Reason")
    assert b"s3cret" not in response.content
    assert "Files were not kept. You will need to choose them again." in texts(tree, "//main/p")
    assert tree.xpath("//main//a/@href") == ["/x/?a=1"]


def test_csrf_failure_with_a_body_that_is_too_large(rf, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = views.csrf_failure(rf.post("/x/", "a=" + "x" * 100, content_type="application/x-www-form-urlencoded"))
    assert response.status_code == 403
    assert b"We could not read what you typed" in response.content


@pytest.mark.parametrize(
    "name",
    [
        "login",
        "logout",
        "account_inactive",
    ],
)
@pytest.mark.parametrize("token_fail", [False, True])
def test_log_in_pages(page_request, settings, name, token_fail):
    settings.ROOT_URLCONF = "tests.ui.urls"
    context = {"form": SampleForm({}), "redirect_field": "", "action_url": "/a", "token_fail": token_fail}
    assert_sound(parse(render_to_string(f"account/{name}.html", context, page_request)))


AWAY = [
    OperationalError("server closed the connection unexpectedly"),
    InterfaceError("connection already closed"),
    RedisConnectionError("Connection refused"),
    ConnectionRefusedError(),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EFBIG, "File too large"),
]
OURS = [OperationalError("no such table: x"), ValueError("x"), OSError(errno.EACCES, "Permission denied")]


def answer_to(request, error):
    try:
        raise error
    except type(error):
        return views.server_error(request)


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_what_is_away_is_no_fault_of_ours_and_is_sent_again(rf, error):
    data = {"reason": "Long\nwords <b>", "csrfmiddlewaretoken": "t0ken", "version": "3"}
    request = rf.post("/x/?a=1", data)
    request.user = Nobody()
    response = answer_to(request, error)
    tree = parse(response.content.decode())
    assert_sound(tree)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert [area.text_content().removeprefix("\n") for area in tree.xpath("//textarea")] == ["Long\nwords <b>"]
    assert {field.get("name"): field.get("value") for field in tree.xpath("//form//input")} == data
    assert tree.xpath("//form/@action") == ["/x/?a=1"]


@pytest.mark.parametrize("error", OURS, ids=str)
def test_other_errors_are_ours_and_what_was_typed_is_shown_too(rf, error):
    response = answer_to(rf.post("/x/", {"reason": "words"}), error)
    tree = parse(response.content.decode())
    assert response.status_code == 500
    assert [area.text_content().strip() for area in tree.xpath("//textarea")] == ["words"]
    assert not tree.xpath("//form")


@pytest.mark.parametrize(
    "data", [{"password": "s3cret", "login": "a"}, {"otp": "s3cret"}, {"code": "s3cret"}, {"new_password1": "s3cret"}]
)
def test_no_password_comes_back(rf, data):
    page = answer_to(rf.post("/x/", data), AWAY[0]).content.decode()
    assert "s3cret" not in page
    assert "<form" not in page


def test_a_file_has_to_be_chosen_again(rf):
    page = answer_to(rf.post("/x/", {"paper": SimpleUploadedFile("a.txt", b"x"), "title": "words"}), AWAY[0])
    assert b"Files have to be chosen again" in page.content
    assert b"<form" not in page.content


def test_a_page_that_was_only_opened_is_opened_again(rf):
    tree = parse(answer_to(rf.get("/x/?a=1"), AWAY[0]).content.decode())
    assert "/x/?a=1" in tree.xpath("//main//a/@href")
    assert not tree.xpath("//form")
