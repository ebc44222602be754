"""The payload of a report: content (hashed, signed) and envelope (version, dates, signature, reason)."""

from .build import build_content
from .reading import read
from .schema import SCHEMA_VERSION, TEMPLATES_VERSION, Content, canonical, content_hash

__all__ = ["SCHEMA_VERSION", "TEMPLATES_VERSION", "Content", "build_content", "canonical", "content_hash", "read"]
