"""A form and a page with every component in them, for the tests of this folder."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.core.paginator import Paginator

from eds.ui.components import Column, PhaseStep, SummaryRow, TaskItem
from eds.ui.forms import DateField, Form, GradeField, RadioField, TextField, VersionedForm, choice


@dataclass(frozen=True)
class SampleGrade:
    code: str
    name: str
    colour: str
    meaning: str = ""


GRADES = (
    SampleGrade("undeveloped", "Undeveloped", "red", "People fare worse, or nothing is known"),
    SampleGrade("developing", "Developing", "amber"),
    SampleGrade("achieving", "Achieving", "green"),
    SampleGrade("excelling", "Excelling", "purple", "All nine groups fare well"),
)


class SampleForm(Form):
    grade = GradeField(label="My grade", grades=GRADES, help_text="Choose one", extra=[choice("none", "I cannot tell")])
    reason = TextField(label="Reason", max_length=40, help_text="A few <sentences>")
    title = forms.CharField(label="Title", max_length=10)
    decided_on = DateField(label="Date of the decision")
    email = forms.EmailField(label="Your e-mail address")
    number = forms.IntegerField(label="People at the meeting", min_value=1)
    group = forms.ChoiceField(label="Group", choices=[("", "Choose"), ("a", "Age"), ("d", "Disability")])
    groups = forms.MultipleChoiceField(
        label="Groups covered",
        help_text="Tick all that apply",
        choices=[("a", "Age"), ("d", "Disability")],
        widget=forms.CheckboxSelectMultiple,
    )
    public = RadioField(label="May it be published?", choices=[("yes", "Yes"), ("no", "No")], inline=True)
    paper = forms.FileField(label="File", help_text="PDF or Word")
    agree = forms.BooleanField(label="I have read the guide")
    note = forms.CharField(label="Note", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    missing = {"reason": "Enter a reason for your grade"}


class SampleVersioned(VersionedForm):
    reason = TextField(label="Reason")
    grade = GradeField(label="Grade", grades=GRADES)
    due = DateField(label="Due")


PAGE = Path(__file__).with_name("sample_page.html").read_text()


def page_context(form: forms.BaseForm) -> dict[str, object]:
    return {
        "form": form,
        "day": dt.date(2027, 2, 28),
        "steps": [
            PhaseStep("Preparing", "until 3 January 2027", "done"),
            PhaseStep("Reviewing", "until 28 February 2027", "current"),
            PhaseStep("Agreeing", "March 2027"),
            PhaseStep("Agreed"),
        ],
        "grades": GRADES,
        "payload": {"name": "Excelling", "colour": "purple"},
        "words": "One <b>line</b>\nand its next\n\n- first\n- second\n\nLast",
        "items": [
            TaskItem("Read the evidence", "/evidence/", "About ten minutes", "Done"),
            TaskItem("Give your grade", "/grade/", "", "Due 28 February 2027", "blue"),
            TaskItem("Meet the panel", None, "", "Cannot start yet"),
        ],
        "rows": [
            SummaryRow("Lead", "Amina Example", [("Change", "/lead/")]),
            SummaryRow("Panel", "Community <panel>", [("Change", "/panel/"), ("Remove", "/panel/remove/")]),
            SummaryRow("Year", None),
        ],
        "head": ["Outcome", "Grade", Column("Points", numeric=True)],
        "table_rows": [["1A", "Achieving", 2], ["1B", "<Developing>", 1]],
        "page_obj": Paginator(range(60), 20).page(2),
    }


class Person:
    """Somebody who is signed in, as far as a page's frame asks."""

    is_authenticated = True
    is_anonymous = False

    def __str__(self) -> str:
        return "Amina <Example>"
