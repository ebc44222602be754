"""What an earlier release published is read by this one: parts that came later are as if nothing had been entered."""

from __future__ import annotations

import json
from typing import Any

from reports.payload import canonical, read
from tests.reports.samples import small_content

LATER = {"compares_groups", "details", "plan", "completed", "score_card", "engagement", "approval"}
LATER_OF_OUTCOMES = {"groups", "contacts", "last_year", "summary_html", "indicated", "first_local", "wording_then"}


def older() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(canonical(small_content()))
    content = {name: value for name, value in content.items() if name not in LATER}
    for goal in content["goals"]:
        goal["outcomes"] = [
            {name: value for name, value in outcome.items() if name not in LATER_OF_OUTCOMES}
            for outcome in goal["outcomes"]
        ]
    return content


def test_what_is_missing_gets_its_default() -> None:
    found = read(canonical(older()))
    assert found["compares_groups"] is False
    assert found["details"]["bodies"] == []
    assert found["plan"] == found["completed"] == []
    outcome = found["goals"][0]["outcomes"][0]
    assert (outcome["groups"], outcome["last_year"], outcome["summary_html"]) == ([], None, "")


def test_what_is_there_stays_as_it_is() -> None:
    text = canonical(small_content())
    assert read(text) == json.loads(text)
    content = older() | {"of another release": [1]}
    found = read(canonical(content))
    assert found["of another release"] == [1]
    assert {name: found[name] for name in content if name != "goals"} == {
        name: content[name] for name in content if name != "goals"
    }


def test_two_readings_share_nothing() -> None:
    text = canonical(older())
    read(text)["plan"].append("something")
    assert read(text)["plan"] == []
