"""The public page's share of a published version, laid out once and kept: a publication never changes (R20)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from reports.payload.reading import read

from .v1 import Data, report_context

KEPT = 64
"""How many versions a process keeps laid out: some ten megabytes."""


@dataclass(frozen=True)
class Shown:
    """What the page of a version takes from its content: what names it, and the body as HTML."""

    organisation: str
    framework: str
    year: str
    version: int
    has_plan: bool
    templates_version: str
    body: SafeString


def shown(content: str, envelope: Data) -> Shown:
    """Give what the page shows of a canonical JSON content and its envelope, laid out anew only where it is not kept.

    Whether somebody may see it is asked before: a closed version is never asked for.
    """
    return _laid_out(content, json.dumps(envelope, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _laid_out(text: str, envelope: str) -> Shown:
    context: dict[str, Any] = report_context({"content": read(text), "envelope": json.loads(envelope)})
    content = context["content"]
    return Shown(
        organisation=content["organisation"]["name"],
        framework=content["framework"],
        year=content["year"],
        version=context["envelope"]["version"],
        has_plan=bool(content["plan"]),
        templates_version=content["templates_version"],
        body=SafeString(render_to_string(f"reports/{content['templates_version']}/body.html", context)),
    )
