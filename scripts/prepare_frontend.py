"""Prepares the NHS.UK front-end files for this site, from node_modules to var/frontend/vendor/nhsuk/.

Copies the ready-made stylesheet, the script and the icons that the stylesheet uses. On the way it takes out the
rules that fetch a commercial font from elsewhere, points the icons at the copies, and drops the references to
source maps that are not copied. Neither the NHS logo nor any font is copied. Standard library only.
"""

from __future__ import annotations

import re
import sys

from common import ROOT, say

SOURCE = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
TARGET = ROOT / "var" / "frontend" / "vendor" / "nhsuk"

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_SOURCE_MAP = re.compile(r"/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=.*$", re.MULTILINE)
_ICON = re.compile(r"url\(\s*([\"']?)/assets/(images/[\w.-]+\.svg)\1\s*\)")
_ELSEWHERE = re.compile(r"(?:https?:)?//[\w-]+\.[\w.-]+")
_ADDRESS = re.compile(r"url\(\s*[\"']?(?!data:|images/)[^)]*\)")


class FrontendError(Exception):
    """The package holds something that this script does not know how to make safe."""


def prepared_css(css: str) -> tuple[str, list[str]]:
    """The stylesheet made safe to serve, and the icons (relative paths) that it uses.

    Raises FrontendError when an address is left that is neither one of those icons nor data.
    """
    css = _SOURCE_MAP.sub("", _FONT_FACE.sub("", css))
    icons = sorted({found.group(2) for found in _ICON.finditer(css)})
    css = _ICON.sub(r"url(\2)", css)
    left = _ADDRESS.findall(css) + ([] if "@import" not in css else ["@import"])
    if left:
        raise FrontendError(f"nhsuk-frontend's stylesheet has addresses that are not known here: {left[:5]}")
    return css.rstrip() + "\n", icons


def prepared_script(script: str) -> str:
    """The script without its source map. Raises FrontendError when it names another host."""
    script = _SOURCE_MAP.sub("", script)
    if found := _ELSEWHERE.search(script):
        raise FrontendError(f"nhsuk-frontend's script names another host: {found.group()}")
    return script.rstrip() + "\n"


def main() -> None:
    """Writes the prepared files, leaving those alone that are already right."""
    css, icons = prepared_css((SOURCE / "nhsuk-frontend.min.css").read_text())
    script = prepared_script((SOURCE / "nhsuk-frontend.min.js").read_text())
    wanted = {"nhsuk-frontend.min.css": css, "nhsuk-frontend.min.js": script}
    wanted |= {icon: (SOURCE / "assets" / icon).read_text() for icon in icons}
    for name, text in wanted.items():
        path = TARGET / name
        if not path.is_file() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for path in TARGET.rglob("*"):
        if path.is_file() and str(path.relative_to(TARGET)) not in wanted:
            path.unlink()


if __name__ == "__main__":
    if not SOURCE.is_dir():
        say("node_modules/nhsuk-frontend is not there: run `npm ci` first.")
        sys.exit(1)
    main()
