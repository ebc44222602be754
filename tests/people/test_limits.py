"""What counts tries is shared by the processes that answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eds.people.models import User

PASSWORD = "a long enough pass phrase"
ROOT = Path(__file__).resolve().parent.parent.parent


def test_what_one_process_counts_another_knows(tmp_path: Path) -> None:
    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\nfrom django.core.cache import cache\n{code}"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "eds.project.settings", "EDS_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    run("cache.set('tries', 4)")
    assert run("print(cache.get('tries'))") == "4"


@pytest.mark.django_db
def test_a_hall_full_of_people_behind_one_address_logs_in(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for number in range(60):
        somebody = User.objects.create_user(f"reviewer{number}@example.org", PASSWORD, name="Some Body")
        answer = Client().post(reverse("account_login"), {"login": somebody.email, "password": PASSWORD})
        assert answer.status_code == 302, number


@pytest.mark.django_db
def test_who_tries_passwords_is_stopped_long_before(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_user("reviewer@example.org", PASSWORD, name="Some Body")
    client = Client()
    for number in range(10):
        client.post(reverse("account_login"), {"login": "reviewer@example.org", "password": f"{PASSWORD}{number}"})
    client.post(reverse("account_login"), {"login": "reviewer@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
