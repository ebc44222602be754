"""The plan as people read it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from eds.assessments.models import Assessment
from eds.ui.components import Column
from objectives.months import Month
from objectives.plan import chart, domain, exports, ical, queries, rules, table
from objectives.plan.models import CalendarAddress


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What somebody owns, and the plans that they may read."""
    access = access_of(request)
    assessments = list(access.assessments().select_related("organisation", "framework", "revision"))
    access.remember(assessments)
    owned = queries.owned_by(access)
    organisations = list(access.organisations())
    access.remember_organisations(organisations)
    context = {
        "owned": [each for each in owned if each.is_open],
        "ended": [each for each in owned if not each.is_open],
        "plans": [each for each in assessments if access.may(Deed.SEE_PLAN, each)],
        "with_objectives": [each for each in organisations if access.may(Deed.SEE_OBJECTIVES, each)],
        "follows": [each for each in organisations if access.may(Deed.FOLLOW_PLANS, each)],
    }
    return render(request, "objectives/plan/plans.html", context)


def _wanted(request: HttpRequest) -> table.Wanted:
    names = ("by", "domain", "outcome", "objective", "owner", "month", "group", "state")
    asked = {name: request.GET.get(name, "") for name in names}
    return table.Wanted(**asked | {"by": asked["by"] if asked["by"] in table.GROUPINGS else "domain"})


def _plan(request: HttpRequest, assessment_id: str) -> tuple[Assessment, table.PlanShown]:
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PLAN, assessment_id)
    return assessment, queries.plan_of(assessment, access)


@login_required
@require_safe
def plan(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan of an assessment: what is late, what is due this month, then all by domain and outcome or otherwise."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PLAN, assessment_id)
    found = queries.plan_of(assessment, access)
    wanted = _wanted(request)
    lines = table.kept(found.lines, wanted)
    keeps = bool(access.may(Deed.KEEP_PLAN, assessment))
    outcomes = [each for each in queries.outcomes_of(assessment) if each.scope == "in_scope"] if keeps else []
    planned = {line.outcome_id for line in found.lines}
    everywhere = {line.code for line in found.lines if not line.service}
    context = {
        "assessment": assessment,
        "plan": found,
        "wanted": wanted,
        "filtered": bool(wanted.filters),
        "sections": table.sections(lines, wanted.by),
        "shown": len(lines),
        "query": urlencode({"by": wanted.by, **wanted.filters}),
        "choices": table.choices(found.lines),
        "groupings": table.GROUPINGS.items(),
        "outcomes": outcomes,
        "unplanned": [
            each for each in outcomes if each.public_id not in planned and each.outcome.code not in everywhere
        ],
        "waiting": len(domain.offers(assessment)) if keeps else 0,
        "may": access.on(assessment),
    }
    return render(request, "objectives/plan/plan.html", context)


@login_required
@require_safe
def calendar(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan by month, and what has no month."""
    assessment, found = _plan(request, assessment_id)
    months, unknown = table.calendar_of(found.lines)
    context = {"assessment": assessment, "months": months, "unknown": unknown, "now": Month.of(found.on)}
    return render(request, "objectives/plan/calendar.html", context)


@login_required
@require_safe
def summary(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan on one page for the board: how many stand where, what is late, what is at risk, what panels felt."""
    assessment, found = _plan(request, assessment_id)
    by_domain = [
        (section.heading, table.PlanShown("", "", "", found.on, tuple(section.lines)).counts)
        for section in table.sections(found.actions, "domain")
    ]
    context = {
        "assessment": assessment,
        "plan": found,
        "states": [(key, rules.WORDS[key]) for key in rules.ORDER],
        "head": [found.goal_word.capitalize(), *(Column(rules.WORDS[key], True) for key in rules.ORDER)],
        "rows": [
            [words, *(counts.get(key, 0) for key in rules.ORDER)]
            for words, counts in [*by_domain, ("All", found.counts)]
        ],
        "at_risk": [line for line in found.actions if line.is_open and line.state == "at_risk"],
        "not_felt": [
            line for line in found.actions if line.status == "done" and any(said.answer != "done" for said in line.felt)
        ],
        "ownerless": sum(not line.owners for line in found.actions if line.is_open),
        "dateless": sum(line.due is None for line in found.actions if line.is_open),
    }
    return render(request, "objectives/plan/summary.html", context)


@login_required
@require_safe
def over_time(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """How many actions stood where at the end of each month, as a table and a chart."""
    assessment, found = _plan(request, assessment_id)
    months = queries.progress_over_time(found)
    context = {
        "assessment": assessment,
        "months": months,
        "chart": chart.draw(months) if months else "",
        "letters": chart.key_in_words(),
        "head": ["Month", *(Column(rules.WORDS[key], True) for key in rules.ORDER)],
        "rows": [[each.month, *(each.counts[key] for key in rules.ORDER)] for each in months],
    }
    return render(request, "objectives/plan/over_time.html", context)


@login_required
@require_safe
def spreadsheet(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan as a spreadsheet; the filters of the page count."""
    assessment, found = _plan(request, assessment_id)
    content = exports.spreadsheet(found, table.kept(found.lines, _wanted(request)))
    return _file(assessment, content, exports.XLSX, "xlsx")


@login_required
@require_safe
def document(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan as a Word document; the filters of the page count."""
    assessment, found = _plan(request, assessment_id)
    content = exports.document(found, table.kept(found.lines, _wanted(request)))
    return _file(assessment, content, exports.DOCX, "docx")


def _file(assessment: Assessment, content: bytes, content_type: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    name = f"plan-{assessment.organisation.slug}-{assessment.year_words}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def own_calendar(request: HttpRequest) -> HttpResponse:
    """Get a secret address of one's own calendar of actions. It is shown once; a new one ends the old."""
    address = ical.new_address(request.user) if request.method == "POST" else ""  # type: ignore[arg-type]
    has_one = CalendarAddress.objects.filter(user=request.user.pk or 0).exists()
    return render(request, "objectives/plan/own_calendar.html", {"address": address, "has_one": has_one})


@never_cache
@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The calendar behind a secret address, for calendar programs."""
    user = ical.owner_of(request.GET.get("key", ""))
    if user is None:
        raise Http404
    return HttpResponse(ical.calendar_for(user), content_type="text/calendar; charset=utf-8")
