"""Migrations that hold a table for longer than test_no_long_locks.py allows, each with why that harms nobody."""

_SECOND_HALF = "the second half of an app's first tables: it runs right after them, when they have no rows"
_EARLY = "older than the first installation: it only ever ran where there was next to nothing"

ACCEPTED = {
    "access.0002_initial": _SECOND_HALF,
    "access.0003_initial": _SECOND_HALF,
    "assessments.0002_initial": _SECOND_HALF,
    "assessments.0005_services_rules": _EARLY,
    "assessments.0007_opening_criteria": _EARLY,
    "assessments.0008_dates_of_the_year": _EARLY,
    "assessments.0009_panel_removed": _EARLY,
    "evidence.0002_initial": _SECOND_HALF,
    "evidence.0003_format": _EARLY,
    "evidence.0007_searched": _EARLY,
    "grading.0002_initial": _SECOND_HALF,
    "grading.0006_proposal_reveals_before": _EARLY,
    "grading.0007_consensus_and_dissents": _EARLY,
    "grading.0008_joint_grade": _EARLY,
}
