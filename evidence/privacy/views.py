"""Pages about people's privacy in evidence: questions to answer, and stories."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.http import attempt
from eds.ui.views import answer
from evidence.domain import latest_version
from evidence.fetching import item_with_right

from .domain import answer_question, mark_story
from .forms import QuestionsForm, StoryForm
from .models import TextAnswer
from .sharing import found_in, latest_answers, latest_marks


@login_required
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, item_id: str) -> HttpResponse:
    """What was found in an item's newest version, and the answers given."""
    item = item_with_right(request, item_id)
    newest = latest_version(item)
    answered = latest_answers([item.pk]).get(item.pk, {})
    found = found_in(newest)
    settled = [(each, row) for each in found if (row := answered.get(each.key))]
    done = {each.key for each, row in settled if row.answer != TextAnswer.Answer.WILL_REMOVE}
    waiting = [each for each in found if each.key not in done]
    form = QuestionsForm(request.POST if request.method == "POST" else None, questions=waiting)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            with transaction.atomic():
                for each, said, why in form.answers():
                    answer_question(actor=request.user, item=item, found=each, answer=said, reason=why)  # type: ignore[arg-type]
            return True

        if attempt(form, save):
            messages.success(request, "Your answers are kept.")
            return redirect("evidence-item", item.public_id)
    context = {"item": item, "newest": newest, "settled": settled, "waiting": waiting}
    return answer(request, "evidence/privacy.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def story(request: HttpRequest, item_id: str) -> HttpResponse:
    """Say whether an item tells somebody's story, and on what ground it may be shown."""
    item = item_with_right(request, item_id)
    last = latest_marks([item.pk]).get(item.pk)
    initial = {}
    if last:
        initial = {name: getattr(last, name) for name in ("kind", "scope", "consent_for", "consent_until")}
    form = StoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: mark_story(
                actor=request.user,  # type: ignore[arg-type]
                item=item,
                kind=data["kind"],
                scope=data["scope"],
                consent_for=data["consent_for"],
                consent_until=data["consent_until"],
            ),
        )
        if made:
            messages.success(request, "Saved.")
            return redirect("evidence-item", item.public_id)
    return answer(request, "evidence/story.html", {"item": item, "newest": latest_version(item), "last": last}, form)
