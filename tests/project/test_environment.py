"""Settings name what cannot be used, all at once, and repeat no secret."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from eds.project.environment import Environment
from eds.project.production import TRIAL_KEY, refusals

GOOD_KEY = "".join(f"{number:02x}" for number in range(7, 255, 5))


def test_what_is_not_set_or_empty_has_its_default() -> None:
    environment = Environment({"EDS_EMPTY": "", "EDS_SPACES": "  "})
    for name in ("EDS_MISSING", "EDS_EMPTY", "EDS_SPACES"):
        assert environment.text(name, "words") == "words"
        assert environment.flag(name, True) is True
        assert environment.number(name, 7) == 7
        assert environment.names(name, "a, b,") == ["a", "b"]
        assert environment.numbers(name, "7,2") == [2, 7]
        assert environment.one_of(name, ["line", "json"], "line") == "line"
        assert environment.address(name, "redis://x", ["redis"]) == "redis://x"
    environment.finish()


@pytest.mark.parametrize(("said", "meant"), [("1", True), ("true", True), ("ON", True), ("0", False), ("No", False)])
def test_yes_and_no(said: str, meant: bool) -> None:
    assert Environment({"EDS_X": said}).flag("EDS_X", not meant) is meant


def test_everything_that_cannot_be_used_is_named_at_once_and_no_secret_is_repeated() -> None:
    environment = Environment(
        {
            "EDS_DEBUG": "maybe",
            "EDS_DAYS": "ten",
            "EDS_MANY": "99",
            "EDS_LIST": "1,x",
            "EDS_FORMAT": "xml",
            "EDS_URL": "mysql://me:s3cret@host/name",
            "EDS_PORT": "redis://:s3cret@host:port",
        }
    )
    environment.flag("EDS_DEBUG", False)
    environment.number("EDS_DAYS", 1)
    environment.number("EDS_MANY", 1, most=10)
    environment.numbers("EDS_LIST", "")
    environment.one_of("EDS_FORMAT", ["line", "json"], "line")
    environment.address("EDS_URL", "", ["postgres"])
    environment.address("EDS_PORT", "", ["redis"])
    with pytest.raises(ImproperlyConfigured) as raised:
        environment.finish()
    first, *lines = str(raised.value).splitlines()
    assert first == "Some settings cannot be used:"
    assert [line.split()[0] for line in lines] == [
        "EDS_DEBUG", "EDS_DAYS", "EDS_MANY", "EDS_LIST", "EDS_FORMAT", "EDS_URL", "EDS_PORT",
    ]  # fmt: skip
    assert lines[1] == "EDS_DAYS is “ten”. Set it to a whole number from 0 to 1000000000."
    assert "s3cret" not in str(raised.value)


def test_a_name_that_nobody_reads_is_told_with_the_one_it_looks_like() -> None:
    environment = Environment(
        {"EDS_HOST": "x", "EDS_HOSTS": "y", "EDS_UTTERLY_ELSE": "z", "OTHER": "1", "EDS_DONE": "1"}
    )
    environment.names("EDS_HOSTS")
    assert environment.misspelt({"EDS_DONE"}) == {"EDS_HOST": "EDS_HOSTS", "EDS_UTTERLY_ELSE": ""}


def refused(**changes: object) -> set[str]:
    right = {"demo": False, "debug": False, "key": GOOD_KEY, "mails_kept": False, "hosts": ["eds.example.org"]}
    return set(refusals(**right | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, set()),
        ({"demo": True}, {"EDS_DEMO"}),
        ({"debug": True}, {"EDS_DEBUG"}),
        ({"mails_kept": True}, {"EDS_MAILS_KEPT"}),
        ({"hosts": ["eds.example.org", "*"]}, {"EDS_HOSTS"}),
        ({"key": ""}, {"EDS_SECRET_KEY"}),
        ({"key": TRIAL_KEY}, {"EDS_SECRET_KEY"}),
        ({"key": "django-insecure-" + GOOD_KEY}, {"EDS_SECRET_KEY"}),
        ({"key": GOOD_KEY[:49]}, {"EDS_SECRET_KEY"}),
        ({"key": "ab" * 40}, {"EDS_SECRET_KEY"}),
        ({"demo": True, "key": ""}, {"EDS_DEMO", "EDS_SECRET_KEY"}),
    ],
)
def test_production_refuses_what_is_for_trying_out(changes: dict[str, object], named: set[str]) -> None:
    assert refused(**changes) == named
