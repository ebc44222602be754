"""A person at a browser without scripts: opens pages, fills in the form that is there, and reads what comes back."""

from __future__ import annotations

import http.client
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

NOBODY_ANSWERED = 0
SECONDS = 40


@dataclass(frozen=True)
class Answer:
    """What a browser got. Status 0: the connection broke; a proxy in front shows its own page then (502)."""

    status: int
    path: str
    page: str

    @property
    def words(self) -> str:
        """Give the words on the page, one space between two."""
        return " ".join(html.fromstring(self.page).text_content().split()) if self.page.strip() else ""

    def holds(self, typed: str) -> bool:
        """Say whether a typed text stands on the page."""
        return typed in unescape(self.page)


@dataclass(frozen=True)
class OpenForm:
    """A form as it stood on a page: it can be sent as often as one likes."""

    path: str
    fields: dict[str, str]

    def filled(self, **typed: str) -> OpenForm:
        """Give the form with something typed."""
        return OpenForm(self.path, self.fields | typed)


@dataclass
class Visitor:
    """One person's browser. The proxy in front tells the web server of https and of the person's own address."""

    port: int
    email: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page, following redirects."""
        return self._follow("GET", path)

    def form(self, path: str, holding: str = "") -> OpenForm:
        """Open a page and give its form: the one with a field of that name, or the last one in the page's content."""
        shown = self.get(path)
        if shown.status != 200:
            raise AssertionError(f"{path} answered {shown.status}: {shown.words[:500]}")
        forms = html.fromstring(shown.page, base_url=path).xpath("//main//form[@method='post']")
        fitting = [each for each in forms if not holding or holding in each.fields]
        if not fitting:
            raise AssertionError(f"No such form on {path}: {shown.words[:500]}")
        chosen = fitting[-1]
        fields = {name: value for name, value in chosen.form_values() if name}
        return OpenForm(chosen.get("action") or shown.path, fields)

    def post(self, form: OpenForm) -> Answer:
        """Send a form, and do not follow: `path` of the answer is where it leads, or the form's own."""
        answer, onward = self._ask(
            "POST", form.path, urlencode(form.fields).encode(), "application/x-www-form-urlencoded", form.path
        )
        return Answer(answer.status, onward or answer.path, answer.page)

    def send(self, form: OpenForm, *, upload: tuple[str, str, bytes] | None = None) -> Answer:
        """Send a form (`upload`: field, name, bytes), and follow where it leads."""
        if upload is None:
            body = urlencode(form.fields).encode()
            return self._follow("POST", form.path, body, "application/x-www-form-urlencoded")
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form.fields.items()
        ]
        name, filename, content = upload
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        return self._follow("POST", form.path, body, f"multipart/form-data; boundary={mark}")

    def log_in(self, password: str) -> Visitor:
        """Log in with the form of the log-in page."""
        done = self.send(self.form("/account/login/", "login").filled(login=self.email, password=password))
        if done.status != 200 or "sessionid" not in self.cookies:
            raise AssertionError(f"{self.email} could not log in: {done.status} {done.words[:500]}")
        return self

    def _follow(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        came_from = path
        for _ in range(8):
            answer, onward = self._ask(method, path, body, kind, came_from)
            if not onward:
                return answer
            came_from, path, method, body = path, onward, "GET", b""
        raise AssertionError(f"{path} leads on and on")

    def _ask(self, method: str, path: str, body: bytes, kind: str, came_from: str) -> tuple[Answer, str]:
        # Addresses of the block for documentation: each person comes from one of their own, as behind a proxy.
        own = sum(self.email.encode()) % 250 + 1
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": f"198.51.100.{own}",
            "Referer": f"https://localhost{came_from}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": "https://localhost"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body if method == "POST" else None, headers)
            response = connection.getresponse()
            page = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(NOBODY_ANSWERED, path, ""), ""
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        onward = response.headers.get("Location", "") if response.status in {301, 302, 303} else ""
        if onward:
            parts = urlsplit(onward)
            onward = parts.path + (f"?{parts.query}" if parts.query else "")
        return Answer(response.status, path, page), onward


def at_once(deeds: list[Callable[[], Any]], during: Callable[[], Any] | None = None) -> list[Any]:
    """Do all the deeds at the same moment, each in a thread, and `during` beside them; give what the deeds gave."""
    barrier = threading.Barrier(len(deeds) + (during is not None), timeout=60)

    def begin(deed: Callable[[], Any]) -> Any:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds) + 1) as pool:
        waiting = [pool.submit(begin, deed) for deed in deeds]
        beside = pool.submit(begin, during) if during else None
        found = [each.result() for each in waiting]
        if beside is not None:
            beside.result()
        return found


def everybody(port: int, emails: Mapping[str, str], password: str, width: int = 4) -> dict[str, Visitor]:
    """Log people in, a few at a time; gives them by the names of the story."""
    with ThreadPoolExecutor(width) as pool:
        found = pool.map(lambda email: Visitor(port, email).log_in(password), emails.values())
        return dict(zip(emails, found, strict=True))
