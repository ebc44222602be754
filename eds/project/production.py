"""What production refuses: whatever lets anybody in, tells strangers how the site works, or can be guessed."""

from __future__ import annotations

TRIAL_KEY = "only-for-the-demo-and-development-" + "x" * 30
SHORTEST_KEY = 50
_DIFFERENT = 10


def refusals(*, demo: bool, debug: bool, key: str, mails_kept: bool, hosts: list[str]) -> dict[str, str]:
    """Give, by setting, why production does not start with it."""
    found = {}
    if demo:
        found["EDS_DEMO"] = "lets anybody log in as anybody. Set it to 0, or EDS_PURPOSE to trial."
    if debug:
        found["EDS_DEBUG"] = "shows strangers how the site works. Set it to 0, or EDS_PURPOSE to trial."
    if mails_kept:
        found["EDS_MAILS_KEPT"] = "keeps the links of mails where others can read them. Set it to 0."
    if "*" in hosts:
        found["EDS_HOSTS"] = "answers to any name. Name the hosts that people type."
    if why := _why_not_key(key):
        found["EDS_SECRET_KEY"] = why
    return found


def _why_not_key(key: str) -> str:
    how = 'For example: python3 -c "import secrets; print(secrets.token_hex(32))"'
    if not key:
        return f"is not set. Set it to a long random text that is kept secret. {how}"
    if key == TRIAL_KEY or key.startswith("django-insecure-"):
        return f"is one that everybody knows. {how}"
    if len(key) < SHORTEST_KEY or len(set(key)) < _DIFFERENT:
        return f"is too easy to guess: it needs {SHORTEST_KEY} random characters. {how}"
    return ""
