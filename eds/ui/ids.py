"""Random public identifiers: an address must not count other people's rows."""

import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12


def new_public_id() -> str:
    """Give a random identifier of 12 characters (59 bits) without letters that are easily misread."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def public_id_field() -> models.CharField:
    """Give the field that a model shows outside instead of its primary key."""
    return models.CharField(max_length=LENGTH, unique=True, default=new_public_id, editable=False)
