"""What must hold of every page we send, whatever is on it."""

from itertools import pairwise

from lxml import etree, html


def parse(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def texts(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.xpath(path)]


def assert_sound(tree: html.HtmlElement) -> None:
    """Ids are unique and what points to them finds them; one h1; headings skip no level; no inline style or script."""
    ids = tree.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        for value in tree.xpath(f"//@{attribute}"):
            assert set(value.split()) <= set(ids), (attribute, value)
    assert {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")} <= set(ids)
    assert len(tree.xpath("//h1")) == 1
    levels = [int(element.tag[1]) for element in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not tree.xpath("//@style | //style")
    assert not [script for script in tree.xpath("//script") if not script.get("src") or script.text]
    handlers = {name for element in tree.iter(etree.Element) for name in element.attrib if name.startswith("on")}
    assert handlers == set()
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert control.xpath("ancestor::label") or tree.xpath(f"//label[@for='{control.get('id')}']"), control.get(
            "name"
        )
    for group in tree.xpath("//fieldset"):
        assert len(group.xpath("legend")) == 1
    for header in tree.xpath("//th"):
        assert header.get("scope") in {"row", "col"}
