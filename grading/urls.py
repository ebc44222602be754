"""Addresses of the grading room."""

from django.urls import path

from .agreement.views import agreement
from .talk import views as talk
from .views import agreeing, joint, panels, proposing, reviewing

_PANEL = "outcomes/<str:outcome_id>/panels/<str:panel_id>"

urlpatterns = [
    path("assessments/<str:assessment_id>/my-reviews/", reviewing.run, name="review-run"),
    path("outcomes/<str:outcome_id>/proposal/", proposing.propose, name="propose"),
    path("outcomes/<str:outcome_id>/statement/", agreeing.statement, name="statement"),
    path("outcomes/<str:outcome_id>/not-graded/", agreeing.not_graded, name="not-graded"),
    path(f"{_PANEL}/review/", reviewing.review, name="review"),
    path(f"{_PANEL}/step-aside/", reviewing.step_aside, name="step-aside"),
    path(f"{_PANEL}/reviews/", panels.panel_reviews, name="panel-reviews"),
    path(f"{_PANEL}/reviews/names/", panels.panel_names, name="panel-names"),
    path(f"{_PANEL}/grade/", panels.panel_grade, name="panel-grade"),
    path(f"{_PANEL}/dissent/", panels.dissent, name="dissent"),
    path(f"{_PANEL}/words/", panels.panel_words, name="panel-words"),
    path(f"{_PANEL}/joint-grade/", joint.write, name="joint-grade"),
    path(f"{_PANEL}/joint-grade/answer/", joint.reply, name="joint-answer"),
    path(f"{_PANEL}/statement/", agreeing.local_statement, name="local-statement"),
    path("assessments/<str:assessment_id>/agreement/", agreement, name="agreement"),
    path("outcomes/<str:outcome_id>/questions/ask/", talk.ask, name="question-ask"),
    path("outcomes/<str:outcome_id>/questions/<str:question_id>/answer/", talk.answer, name="question-answer"),
    path(f"{_PANEL}/discussion/", talk.remark, name="remark"),
    path(f"{_PANEL}/discussion/<str:remark_id>/take-back/", talk.take_back, name="remark-take-back"),
]
