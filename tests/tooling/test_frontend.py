"""The prepared front-end files ask no other host for anything, and every file they name is there."""

import re

import prepare_frontend
import pytest

TARGET = prepare_frontend.TARGET
CSS = TARGET / "nhsuk-frontend.min.css"
SCRIPT = TARGET / "nhsuk-frontend.min.js"
# XML namespaces are names, not addresses that anything fetches
HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/(?:2000/svg|1999/xlink)\b)[\w-]+(?:\.[\w-]+)+")


def test_the_stylesheet_has_no_font_rule_and_no_source_map() -> None:
    css = CSS.read_text()
    assert re.findall(r"@font-face|@import|sourceMappingURL", css) == []


def test_no_file_names_another_host() -> None:
    named = {path.name: HOST.findall(path.read_text()) for path in TARGET.rglob("*") if path.is_file()}
    assert {name: hosts for name, hosts in named.items() if hosts} == {}


def test_every_address_in_the_stylesheet_is_a_file_that_is_there() -> None:
    addresses = set(re.findall(r"url\(([^)]*)\)", CSS.read_text()))
    assert addresses, "the stylesheet is expected to use icons"
    assert {address for address in addresses if not (TARGET / address).is_file()} == set()


def test_nothing_but_stylesheet_script_and_used_icons_is_served() -> None:
    used = set(re.findall(r"url\(([^)]*)\)", CSS.read_text()))
    served = {str(path.relative_to(TARGET)) for path in TARGET.rglob("*") if path.is_file()}
    assert served == used | {CSS.name, SCRIPT.name}
    assert not any("logo" in name or name.endswith((".woff", ".woff2", ".ttf")) for name in served)


def test_an_address_that_is_not_known_is_refused() -> None:
    with pytest.raises(prepare_frontend.FrontendError):
        prepare_frontend.prepared_css("a{background:url(https://elsewhere.example/x.png)}")
    with pytest.raises(prepare_frontend.FrontendError):
        prepare_frontend.prepared_css('@import "https://elsewhere.example/x.css";')
    with pytest.raises(prepare_frontend.FrontendError):
        prepare_frontend.prepared_script('fetch("https://elsewhere.example/x")')


def test_data_addresses_and_icons_are_kept() -> None:
    css, icons = prepare_frontend.prepared_css(
        "@font-face{src:url(https://elsewhere.example/f.woff)}"
        'a{background:url("/assets/images/x.svg")}b{background:url(data:image/gif;base64,AA)}'
        "/*# sourceMappingURL=x.css.map */"
    )
    assert css == "a{background:url(images/x.svg)}b{background:url(data:image/gif;base64,AA)}\n"
    assert icons == ["images/x.svg"]
