"""The site administrator reads the framework texts here; they are corrected by loading a new revision.

Official criteria have pages of their own (eds.pages.views.criteria), where they are checked before they are loaded.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from .models import (
    Band,
    Characteristic,
    Factor,
    Framework,
    FrameworkRevision,
    Goal,
    GoalStatement,
    Grade,
    Group,
    Outcome,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and lets nobody add, change or delete them."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Framework)
class FrameworkAdmin(ReadOnlyAdmin):
    list_display = ["short_name", "name", "year", "has_points"]


@admin.register(FrameworkRevision)
class FrameworkRevisionAdmin(ReadOnlyAdmin):
    list_display = ["framework", "number", "loaded_at", "note"]
    list_filter = ["framework"]
    list_select_related = ["framework"]


@admin.register(Goal)
class GoalAdmin(ReadOnlyAdmin):
    list_display = ["code", "title", "confidence", "revision"]
    list_filter = ["revision__framework"]
    list_select_related = ["revision__framework"]


@admin.register(GoalStatement)
class GoalStatementAdmin(ReadOnlyAdmin):
    list_display = ["goal", "text", "confidence"]
    list_select_related = ["goal"]


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ["code", "text", "is_confirmed", "revision"]
    list_filter = ["goal__revision__framework", "confidence"]
    list_select_related = ["goal__revision__framework"]
    search_fields = ["code", "text"]

    @admin.display(description="wording confirmed", boolean=True)
    def is_confirmed(self, outcome: Outcome) -> bool:
        return outcome.wording_confirmed

    @admin.display(description="revision")
    def revision(self, outcome: Outcome) -> Any:
        return outcome.goal.revision


@admin.register(Grade)
class GradeAdmin(ReadOnlyAdmin):
    list_display = ["name", "label", "points", "colour", "revision"]
    list_filter = ["revision__framework"]
    list_select_related = ["revision__framework"]


@admin.register(Band)
class BandAdmin(ReadOnlyAdmin):
    list_display = ["grade", "minimum", "maximum", "revision"]
    list_select_related = ["grade", "revision__framework"]


@admin.register(Factor, Characteristic)
class NamedAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "revision"]
    list_filter = ["revision__framework"]
    list_select_related = ["revision__framework"]


@admin.register(Group)
class GroupAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "added_by_software", "revision"]
    list_filter = ["revision__framework", "added_by_software"]
    list_select_related = ["revision__framework"]
