"""What the templates `reports/v1` say of panels: what each graded, and how its members stood. Frozen with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import get_text_list

Data = dict[str, Any]
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def remit_in_words(content: Data, labels: Sequence[str]) -> str:
    """Say what a panel or a round graded: whole goals by number ("Goals 1 and 2", "Domain 1 for all three services").

    `labels` are outcomes as "4.1" or "1A Maternity". Of a goal that was graded in part stand the outcomes.
    """
    mine = {_split(label) for label in labels}
    word = content["goal_word"].capitalize()
    said: list[str] = []
    whole: list[str] = []
    place = 0
    for goal in content["goals"]:
        pairs = [(outcome["code"], outcome["service"]) for outcome in goal["outcomes"]]
        part = [pair for pair in pairs if pair in mine]
        mine -= set(part)
        services = list(dict.fromkeys(service for _, service in pairs if service))
        covered = [name for name in services if all(pair in part for pair in pairs if pair[1] == name)]
        if part and part == pairs and not services:
            place = place if whole else len(said)
            whole.append(goal["code"])
        elif part and part == pairs and len(services) > 1:
            said.append(f"{word} {goal['code']} for all {_number(len(services))} services")
        elif part and len(part) == sum(pair[1] in covered for pair in pairs):
            said.append(f"{word} {goal['code']} for {get_text_list(covered, 'and')}")
        elif part:
            said.append(labels_in_words(part))
    if whole:
        said.insert(place, f"{word}{'s' if whole[1:] else ''} {get_text_list(whole, 'and')}")
    if mine:
        said.append(labels_in_words(sorted(mine)))
    return "; ".join(said)


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def spread_in_words(row: Data) -> str:
    """Say how the members of a panel graded; nothing where it may not be told."""
    if not row.get("spread"):
        return ""
    parts = [f"{each['number']} gave {each['grade']['name']}" for each in row["spread"] if each["number"]]
    if row["not_enough"]:
        verb = "says" if row["not_enough"] == 1 else "say"
        parts.append(f"{row['not_enough']} {verb} that there is not enough evidence to judge")
    return f"Of its members, {get_text_list(parts, 'and')}." if parts else ""


def labels_in_words(pairs: Sequence[tuple[str, str]]) -> str:
    """Say which outcomes, from pairs of code and service: "2A, 2B", or "1A, 1B, each for Maternity and Cardiology"."""
    codes_of: dict[str, list[str]] = {}
    for code, service in pairs:
        codes_of.setdefault(service, []).append(code)
    services_of: dict[tuple[str, ...], list[str]] = {}
    for service, its_codes in codes_of.items():
        services_of.setdefault(tuple(its_codes), []).append(service)
    said = []
    for codes, services in services_of.items():
        words = ", ".join(codes)
        if services != [""]:
            words += f"{', each' if len(codes) > 1 else ''} for {get_text_list([*filter(None, services)], 'and')}"
        said.append(words)
    return "; ".join(said)


def _split(label: str) -> tuple[str, str]:
    code, _, service = label.partition(" ")
    return code, service
