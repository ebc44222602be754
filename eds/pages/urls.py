"""Addresses of the composed pages."""

from django.urls import path

from .views import assessments, criteria, home, mails, outcome, people, setup

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("demo/", home.demo, name="demo"),
    path("demo/mails/", mails.demo_mails, name="demo-mails"),
    path("demo/mails/<str:mail_id>/", mails.demo_mail, name="demo-mail"),
    path("demo/mails/<str:mail_id>/html/", mails.demo_mail_html, name="demo-mail-html"),
    path("demo/<str:user_id>/", home.demo_enter, name="demo-enter"),
    path("criteria/", criteria.editions, name="criteria-editions"),
    path("criteria/<slug:edition>/", criteria.criteria, name="criteria"),
    path("criteria/<slug:edition>/load/", criteria.load, name="criteria-load"),
    path("criteria/<slug:edition>/edit/", criteria.edit, name="criteria-edit"),
    path("criteria/<slug:edition>/template.csv", criteria.template, name="criteria-template"),
    path("criteria/<slug:edition>/criteria.csv", criteria.download, name="criteria-download"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("organisations/<str:organisation_id>/assessments/new/", assessments.open_assessment, name="assessment-new"),
    path("assessments/<str:assessment_id>/", assessments.board, name="assessment"),
    path("assessments/<str:assessment_id>/scope/", setup.scope, name="assessment-scope"),
    path("assessments/<str:assessment_id>/services/", setup.services, name="services"),
    path("assessments/<str:assessment_id>/rounds/new/", setup.plan_round, name="round-new"),
    path("assessments/<str:assessment_id>/people/", setup.people, name="assessment-people"),
    path("assessments/<str:assessment_id>/panels/new/", setup.add_panel, name="panel-new"),
    path("assessments/<str:assessment_id>/remind/", people.remind, name="remind"),
    path("panels/<str:panel_id>/", setup.panel, name="panel"),
    path("panels/<str:panel_id>/edit/", setup.change_panel, name="panel-edit"),
    path("panels/<str:panel_id>/people/add/", setup.add_member, name="panel-member-add"),
    path("panels/<str:panel_id>/people/<str:member_id>/end/", setup.end_member, name="panel-member-end"),
    path("organisations/<str:organisation_id>/people/", people.organisation, name="organisation-people"),
    path("invitations/<str:invitation_id>/", people.invitation, name="invitation"),
    path("rounds/<str:round_id>/edit/", setup.change_round, name="round-edit"),
    path("rounds/<str:round_id>/move/", assessments.move_round, name="round-move"),
    path("outcomes/<str:outcome_id>/", outcome.outcome, name="outcome"),
    path("outcomes/<str:outcome_id>/contributors/add/", setup.add_contributor, name="contributor-add"),
    path(
        "outcomes/<str:outcome_id>/contributors/<str:contributor_id>/end/",
        setup.end_contributor,
        name="contributor-end",
    ),
]
