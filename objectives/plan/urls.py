"""Addresses of the plan."""

from django.urls import path

from .views import following, keeping, links, pages, suggestions

urlpatterns = [
    path("plan/", pages.plans, name="plans"),
    path("assessments/<str:assessment_id>/plan/", pages.plan, name="plan"),
    path("plan/my-calendar/", pages.own_calendar, name="plan-own-calendar"),
    path("plan/calendar.ics", pages.calendar_file, name="plan-calendar-file"),
    path("assessments/<str:assessment_id>/plan/calendar/", pages.calendar, name="plan-calendar"),
    path("assessments/<str:assessment_id>/plan/summary/", pages.summary, name="plan-summary"),
    path("assessments/<str:assessment_id>/plan/over-time/", pages.over_time, name="plan-over-time"),
    path("assessments/<str:assessment_id>/plan/plan.xlsx", pages.spreadsheet, name="plan-xlsx"),
    path("assessments/<str:assessment_id>/plan/plan.docx", pages.document, name="plan-docx"),
    path("assessments/<str:assessment_id>/plan/last-year/", keeping.carry, name="plan-carry"),
    path("assessments/<str:assessment_id>/plan/settings/", keeping.settings_page, name="plan-settings"),
    path("outcomes/<str:outcome_id>/plan/objectives/new/", keeping.objective_new, name="plan-objective-new"),
    path("outcomes/<str:outcome_id>/plan/actions/new/", keeping.action_new, name="action-new"),
    path("outcomes/<str:outcome_id>/plan/order/", keeping.order, name="plan-order"),
    path("outcomes/<str:outcome_id>/plan/what-next/", suggestions.suggestions, name="plan-suggestions"),
    path("plan/objectives/<str:plan_objective_id>/", keeping.objective_edit, name="plan-objective"),
    path("plan/objectives/<str:plan_objective_id>/remove/", keeping.objective_remove, name="plan-objective-remove"),
    path("plan/actions/<str:action_id>/", following.action, name="action"),
    path("plan/actions/<str:action_id>/edit/", keeping.action_edit, name="action-edit"),
    path("plan/actions/<str:action_id>/remove/", keeping.action_remove, name="action-remove"),
    path("plan/actions/<str:action_id>/owners/", keeping.owners, name="action-owners"),
    path("plan/actions/<str:action_id>/progress/", following.progress, name="action-progress"),
    path("plan/actions/<str:action_id>/felt/<str:panel_id>/", following.felt, name="action-felt"),
    path("progress/", links.progress_link, name="progress-link"),
]
