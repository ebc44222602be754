"""Addresses of the grading room."""

from django.urls import path

from . import views
from .agreement.views import agreement
from .talk import views as talk

_PANEL = "outcomes/<str:outcome_id>/panels/<str:panel_id>"

urlpatterns = [
    path("assessments/<str:assessment_id>/my-reviews/", views.run, name="review-run"),
    path("assessments/<str:assessment_id>/agreement/", agreement, name="agreement"),
    path("outcomes/<str:outcome_id>/proposal/", views.propose, name="propose"),
    path("outcomes/<str:outcome_id>/statement/", views.statement, name="statement"),
    path("outcomes/<str:outcome_id>/not-graded/", views.not_graded, name="not-graded"),
    path("outcomes/<str:outcome_id>/questions/ask/", talk.ask, name="question-ask"),
    path("outcomes/<str:outcome_id>/questions/<str:question_id>/answer/", talk.answer, name="question-answer"),
    path(f"{_PANEL}/discussion/", talk.remark, name="remark"),
    path(f"{_PANEL}/discussion/<str:remark_id>/take-back/", talk.take_back, name="remark-take-back"),
    path(f"{_PANEL}/review/", views.review, name="review"),
    path(f"{_PANEL}/reviews/", views.panel_reviews, name="panel-reviews"),
    path(f"{_PANEL}/reviews/names/", views.panel_names, name="panel-names"),
    path(f"{_PANEL}/grade/", views.panel_grade, name="panel-grade"),
    path(f"{_PANEL}/statement/", views.local_statement, name="local-statement"),
]
