"""What the reports need of the machine, told when the server or the worker starts."""

from __future__ import annotations

from ctypes.util import find_library
from typing import Any

from django.core.checks import CheckMessage, Warning, register


@register()
def harfbuzz_subset(app_configs: object = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where PDFs would take many times as long, for want of the library that cuts fonts down."""
    if find_library("harfbuzz-subset"):
        return []
    return [
        Warning(
            "The library harfbuzz-subset is missing: making a PDF takes many times as long.",
            hint="Install it; on Debian the package is called libharfbuzz-subset0.",
            id="reports.W001",
        )
    ]
