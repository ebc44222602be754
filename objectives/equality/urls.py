"""Addresses of equality objectives."""

from django.urls import path

from .views import consulting, deciding, pages, writing

_OF = "organisations/<str:organisation_id>/objectives"
_ONE = "objectives/<str:objective_id>"

urlpatterns = [
    path(f"{_OF}/", pages.of_organisation, name="objectives"),
    path(f"{_OF}/new/", writing.new, name="objective-new"),
    path(f"{_ONE}/", pages.one, name="objective"),
    path(f"{_ONE}/edit/", writing.edit, name="objective-edit"),
    path(f"{_ONE}/withdraw/", writing.withdraw, name="objective-withdraw"),
    path(f"{_ONE}/next/", writing.following, name="objective-next"),
    path(f"{_ONE}/commitments/new/", writing.commitment, name="commitment-new"),
    path(f"{_ONE}/commitments/<str:commitment_id>/", writing.commitment, name="commitment-edit"),
    path(f"{_ONE}/measures/new/", writing.measure, name="measure-new"),
    path(f"{_ONE}/measures/<str:measure_id>/", writing.measure, name="measure-edit"),
    path(f"{_ONE}/measures/<str:measure_id>/value/", writing.value, name="measure-value"),
    path(f"{_ONE}/consult/", consulting.consult, name="objective-consult"),
    path(f"{_ONE}/comment/", consulting.comment, name="objective-comment"),
    path(f"{_ONE}/comments/<str:comment_id>/answer/", consulting.answer_comment, name="comment-answer"),
    path(f"{_ONE}/check/", deciding.check, name="objective-check"),
    path(f"{_ONE}/decide/", deciding.decide, name="objective-decide"),
    path(f"{_ONE}/review/", deciding.review, name="objective-review"),
    path(f"{_ONE}/close/", deciding.close, name="objective-close"),
]
