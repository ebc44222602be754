"""One person at one browser: what they do, and a book of every page that they were given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, ViewportSize, expect

from tests.processes import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((part) => { part.open = true; });
  const rules = { "color-contrast-enhanced": { enabled: true } };
  const found = await axe.run(document, { runOnly: tags, rules, resultTypes: ["violations"] });
  closed.forEach((part) => { part.open = false; });
  return found.violations.map((each) => `${each.id}: ${each.help}: ${each.nodes.map((node) => node.html).join(" | ")}`);
}"""
# A script of NHS.UK frontend lays the menu out again a moment after the width has changed.
SPILLS = """async (width) => {
  const began = performance.now();
  while (document.documentElement.scrollWidth > width && performance.now() - began < 2000) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((part) => part.getBoundingClientRect().right > width)
    .map((part) => part.outerHTML.slice(0, 80)).slice(-3);
}"""
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => window.tellViolation(
  `${event.violatedDirective} refused ${event.blockedURI} on ${event.documentURI}`));"""
NARROW: ViewportSize = {"width": 320, "height": 640}
MANY = 300
"""How often somebody presses Tab before they give up."""
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')


class Way(Enum):
    """How somebody uses their browser."""

    DESKTOP = "desktop"
    PHONE = "phone"
    KEYBOARD = "keyboard alone"
    NO_SCRIPTS = "no scripts"
    ZOOMED = "zoomed to 400 %"

    @property
    def size(self) -> ViewportSize:
        """Give the size in CSS pixels. 1280 × 1024 at 400 % are 320 × 256."""
        if self is Way.ZOOMED:
            return {"width": 320, "height": 256}
        return NARROW if self is Way.PHONE else {"width": 1280, "height": 900}

    @property
    def scripts(self) -> bool:
        """Say whether scripts run."""
        return self is not Way.NO_SCRIPTS

    @property
    def options(self) -> dict[str, Any]:
        """Give what a browser session of this way is made with."""
        touch = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if self is Way.PHONE else {}
        zoom = {"device_scale_factor": 4} if self is Way.ZOOMED else {}
        return {"viewport": self.size, "java_script_enabled": self.scripts, "locale": "en-GB", **touch, **zoom}


@dataclass(frozen=True)
class Given:
    """A page that somebody was given."""

    who: str
    url: str
    status: int
    html: str

    def __str__(self) -> str:
        return f"{self.who} at {urlsplit(self.url).path} ({self.status})"


def _parts(page: str) -> set[tuple[str, ...]]:
    """What a page is built of: each element's kind, with those of the two around it."""
    kinds = {
        element: f"{element.tag} {element.get('class', '')} {element.get('type', '')} {element.get('role', '')}"
        for element in html.document_fromstring(page.encode()).iter(etree.Element)
    }
    return {(kind, *(kinds[around] for around in list(element.iterancestors())[:2])) for element, kind in kinds.items()}


@dataclass
class Book:
    """Every different page that anybody was given, and everything that was wrong with one."""

    looked_at: set[tuple[str, ...]]
    pages: list[Given] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    def is_new(self, page: str) -> bool:
        """Say whether anything on a page is built otherwise than on the pages before."""
        return not _parts(page) <= self.looked_at

    def add(self, given: Given) -> bool:
        """Put a page in. Gives False where it is built of nothing new."""
        new = self.is_new(given.html)
        self.pages.append(given)
        self.looked_at |= _parts(given.html)
        return new

    def different(self) -> list[Given]:
        """Give every page once, however often it was given."""
        return list({TOKENS.sub("", given.html): given for given in self.pages}.values())

    def of(self, who: str) -> list[Given]:
        """Give the pages of one person."""
        return [given for given in self.pages if given.who == who]


class Person:
    """Somebody with a browser session of their own. Every page they come to is looked at as it arrives."""

    def __init__(self, browser: Browser, url: str, book: Book, who: str = "anybody", *, way: Way = Way.DESKTOP) -> None:
        self.url, self.book, self.who, self.way = url, book, who, way
        self.context = browser.new_context(**way.options)
        self.context.set_default_timeout(10_000)
        self.context.expose_function("tellViolation", self._wrong)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("request", self._on_request)
        self.context.on("requestfailed", self._on_failed)
        self.context.on("response", self._on_response)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self._wrong(f"script error: {error.error}"))
        self.page: Page = self.context.new_page()
        self.status = 0
        self.html = ""

    # What goes wrong in the background

    def _wrong(self, words: str) -> None:
        self.book.wrongs.append(f"{self.who}: {words}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self._wrong(f"a request to another host: {request.url}")

    def _on_failed(self, request: Request) -> None:
        # A poll that is under way when somebody goes to another page is given up, as it should be.
        if "ERR_ABORTED" not in (request.failure or ""):
            self._wrong(f"{request.url} failed: {request.failure}")

    def _on_response(self, response: Response) -> None:
        bad = response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request())
        if bad:
            self._wrong(f"{response.request.method} {response.url} was answered {response.status}")

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium also complains of each page that is answered 4xx; those are looked at one by one.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self._wrong(f"console: {message.text}")

    # Going places

    def arrive(self, response: Response | None) -> None:
        """Look at the page that came: keep it, and check it as a browser shows it."""
        assert response is not None
        self.status, self.html = response.status, response.text()
        if not response.headers["content-type"].startswith("text/html"):
            return
        if self.way.scripts:
            self.page.wait_for_selector("body.js-enabled", state="attached")
            # The editors come a moment after the page: a box that is being replaced cannot be written in.
            self.page.wait_for_selector(".eds-rich:not([data-ready])", state="detached")
        given = Given(self.who, response.url, response.status, self.html)
        if self.book.add(given) and self.way.scripts:
            self._look(given)

    def _look(self, given: Given) -> None:
        self.page.evaluate(AXE)
        for words in self.page.evaluate(RUN_AXE, AXE_TAGS):
            self.book.wrongs.append(f"{given}: axe: {words}")
        if self.page.locator("h1").count() != 1:
            self.book.wrongs.append(f"{given}: not one h1")
        narrow = self.way.size["width"] == NARROW["width"]
        if not narrow:
            self.page.set_viewport_size(NARROW)
        if spills := self.page.evaluate(SPILLS, NARROW["width"]):
            self.book.wrongs.append(f"{given}: has to be scrolled sideways on a phone: {spills}")
        if not narrow:
            self.page.set_viewport_size(self.way.size)

    def go(self, address: str) -> Person:
        """Open an address."""
        self.arrive(self.page.goto(address if address.startswith("http") else self.url + address))
        return self

    def read(self, address: str) -> str:
        """Fetch a page in this session, and open it in the browser only where it is built of something new."""
        answer = self.context.request.get(self.url + address)
        page = answer.text()
        if self.book.is_new(page):
            self.go(address)
        else:
            self.book.add(Given(self.who, answer.url, answer.status, page))
        return page

    def _leave_by(self, target: Locator) -> Person:
        with self.page.expect_navigation() as going:
            self._activate(target)
        self.arrive(going.value)
        return self

    def _activate(self, target: Locator) -> None:
        """Click, tap, or go there with Tab and press Enter."""
        if self.way is Way.KEYBOARD:
            self.tab_to(target)
            self.page.keyboard.press("Enter")
        elif self.way is Way.PHONE:
            target.tap()
        else:
            target.click()

    def tab_to(self, target: Locator, *, group: bool = False) -> None:
        """Press Tab until the focus is on a control (or in its group of radios), and see that it stands in view."""
        here = "(part) => part === document.activeElement"
        if group:
            here = "(part) => part.type === document.activeElement.type && part.name === document.activeElement.name"
        for _ in range(MANY):
            if target.evaluate(here):
                top = self.page.evaluate("document.activeElement.getBoundingClientRect().top")
                assert -1 <= top < self.way.size["height"], f"{target} has the focus and is out of view"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.who} does not come to {target} with Tab")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The button, or link that looks like one, with this name; the first whose name is like this pattern."""
        found = self.page.get_by_role("button", name=name, exact=True)
        return found if isinstance(name, str) else found.first

    def press(self, name: str | re.Pattern[str]) -> Person:
        """Press a button that leads to another page."""
        self._leave_by(self.button(name))
        assert self.status < 400, f"{self.who} pressed “{name}” and was answered {self.status}: {self.main()}"
        return self

    def is_given_back(self, button: str) -> Person:
        """Send what cannot be taken: it comes back, with 422."""
        self._leave_by(self.button(button))
        assert self.status == 422, f"{self.who} was answered {self.status}"
        return self

    def is_told(self, button: str, *sentences: str) -> Person:
        """As is_given_back, and these sentences stand on top of the form."""
        self.is_given_back(button)
        assert self.page.title().startswith("Error: ")
        for sentence in sentences:
            expect(self.page.locator(".nhsuk-error-summary")).to_contain_text(sentence)
        return self

    def is_refused(self, button: str, *sentences: str) -> Person:
        """As is_told, and each sentence stands beside its field as well."""
        self.is_told(button, *sentences)
        for sentence in sentences:
            expect(self.page.locator("form .nhsuk-error-message", has_text=sentence).first).to_be_visible()
        return self

    def follow(self, name: str | re.Pattern[str], *, exact: bool = True) -> Person:
        """Follow a link of the page itself, not of its header or foot."""
        return self._leave_by(self.page.locator("main").get_by_role("link", name=name, exact=exact).first)

    def address_of(self, name: str | re.Pattern[str]) -> str:
        """Where a link or button of the page leads."""
        main = self.page.locator("main")
        found = main.get_by_role("link", name=name).or_(main.get_by_role("button", name=name)).first
        return str(found.get_attribute("href"))

    # Forms

    def fill(self, label: str, text: str) -> Person:
        """Type into a box, in place of what stands there."""
        return self.write(self.page.get_by_role("textbox", name=label).first, text)

    def write(self, box: Locator, text: str) -> Person:
        """Type into this box, in place of what stands there."""
        if self.way is Way.KEYBOARD:
            self.tab_to(box)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text)
        elif box.evaluate("(part) => part.isContentEditable"):
            box.fill("")
            box.press_sequentially(text)
        else:
            box.fill(text)
        return self

    def choose(self, *labels: str) -> Person:
        """Choose radios or tick boxes by their labels."""
        for label in labels:
            self.tick(self.page.get_by_label(label, exact=True))
        return self

    def select(self, label: str, option: str) -> Person:
        """Choose an option of a list that unfolds."""
        control = self.page.get_by_label(label)
        if self.way is Way.KEYBOARD:
            self.tab_to(control)
            self.page.keyboard.type(option)
        else:
            control.select_option(label=option)
        expect(control.locator("option:checked")).to_have_text(option)
        return self

    def tick(self, control: Locator) -> Person:
        """Choose this radio or tick this box."""
        if self.way is not Way.KEYBOARD:
            control.check()
            return self
        radio = control.get_attribute("type") == "radio"
        self.tab_to(control, group=radio)
        for _ in range(MANY if radio else 0):
            if control.evaluate("(part) => part === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        if not control.is_checked():
            self.page.keyboard.press("Space")
        expect(control).to_be_checked()
        return self

    def unfold(self, part: Locator) -> Person:
        """Open a part of the page that is folded away, by its summary."""
        self._activate(part)
        return self

    def attach(self, label: str, name: str, content_type: str, content: bytes) -> Person:
        """Choose a file."""
        with self.page.expect_file_chooser() as choosing:
            self._activate(self.page.get_by_label(label))
        choosing.value.set_files([{"name": name, "mimeType": content_type, "buffer": content}])
        return self

    # What the page says

    def sees(self, *texts: str) -> Person:
        """Fail unless all these words are shown."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def main(self) -> str:
        """Give the words of the page's main part."""
        return " ".join(self.page.locator("main").inner_text().split())

    def is_answered(self, address: str, status: int) -> None:
        """Fail unless an address of this site is answered so."""
        self.go(address)
        assert self.status == status, f"{self.who} was answered {self.status} at {address}"

    def log_in(self) -> Person:
        """Log in on the demo's page, which names its people."""
        return self.go("/demo/").press(f"Sign in as {self.who}")

    def close(self) -> None:
        """Close the browser session."""
        self.context.close()
