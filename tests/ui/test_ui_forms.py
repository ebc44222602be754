"""Forms: markup, sentences, dates, and the version that notices somebody else's change."""

import datetime as dt

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines

from eds.ui.forms import CONFLICT, DateField, Form, GradeField, TextField, choice
from tests.ui.checks_of_pages import parse, texts
from tests.ui.sample import GRADES, SampleForm, SampleVersioned


def draw(form: forms.BaseForm, source: str = "{% error_summary form %}{% form_fields form %}"):
    return parse("<body><h1>x</h1>" + engines["django"].from_string(source).render({"form": form}))


GOOD = {
    "grade": "achieving",
    "reason": "Because\r\nof this",
    "title": "Short",
    "decided_on": "28 Feb 2027",
    "email": "a@example.org",
    "number": "3",
    "group": "a",
    "groups": ["a", "d"],
    "public": "yes",
    "agree": "on",
    "password": "secret",
}


def test_valid_form_gives_plain_values():
    form = SampleForm(GOOD, {"paper": SimpleUploadedFile("a.txt", b"x")})
    assert form.errors == {}
    assert form.cleaned_data["grade"] is GRADES[2]
    assert form.cleaned_data["reason"] == "Because\nof this"
    assert form.cleaned_data["decided_on"] == dt.date(2027, 2, 28)


def test_empty_form_says_what_to_do_with_each_field():
    form = SampleForm({})
    expected = {
        "grade": "Choose your grade",
        "reason": "Enter a reason for your grade",
        "title": "Enter the title",
        "decided_on": "Enter the date of the decision",
        "email": "Enter your e-mail address",
        "number": "Enter the people at the meeting",
        "group": "Choose the group",
        "groups": "Choose the groups covered",
        "public": "Answer: May it be published?",
        "paper": "Choose the file",
        "agree": "Tick the box: I have read the guide",
        "password": "Enter the password",
    }
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        name: [sentence] for name, sentence in expected.items()
    }
    tree = draw(form)
    assert texts(tree, "//ul[contains(@class, 'error-summary__list')]//a") == list(expected.values())
    targets = tree.xpath("//ul[contains(@class, 'error-summary__list')]//a/@href")
    assert targets[0] == "#id_grade_0"
    assert all(tree.xpath(f"//*[@id='{target[1:]}']") for target in targets)


def test_wrong_values_get_sentences_with_the_field_and_the_figures():
    data = GOOD | {"reason": "x" * 41, "title": "x" * 11, "email": "nobody", "number": "0", "grade": "best"}
    form = SampleForm(data | {"decided_on": "31/4/2027", "group": "z"}, {"paper": SimpleUploadedFile("a.txt", b"")})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "grade": ["My grade: choose one of the answers on the page"],
        "reason": ["Reason must be 40 characters or fewer. It has 41 now"],
        "title": ["Title must be 10 characters or fewer. It has 11 now"],
        "decided_on": ["Date of the decision must be a date that exists"],
        "email": ["Your e-mail address must be an e-mail address, like name@example.org"],
        "number": ["People at the meeting must be 1 or more"],
        "group": ["Group: choose one of the answers on the page"],
        "paper": ["File: the file is empty. Choose another"],
    }


def test_messages_of_the_fields_own_stay_and_a_per_cent_sign_does_no_harm():
    class Own(Form):
        share = forms.IntegerField(label="Share in %", max_value=100)
        name = forms.CharField(error_messages={"required": "Who is it?", "max_length": "Shorter!"}, max_length=3)

    assert [list(errors) for errors in Own({"share": "101", "name": "long"}).errors.values()] == [
        ["Share in % must be 100 or less"],
        ["Shorter!"],
    ]
    assert [list(errors) for errors in Own({"share": "x"}).errors.values()] == [
        ["Share in % must be a whole number, like 12"],
        ["Who is it?"],
    ]


def test_hint_and_error_describe_their_control():
    tree = draw(SampleForm({}))
    area = tree.xpath("//textarea")[0]
    assert area.get("aria-describedby") == "id_reason_helptext id_reason_error id_reason-info"
    assert area.get("aria-invalid") == "true"
    assert texts(tree, "//*[@id='id_reason_helptext']") == ["A few <sentences>"]
    assert texts(tree, "//*[@id='id_reason_error']") == ["Error: Enter a reason for your grade"]
    group = tree.xpath("//fieldset[@role='radiogroup']")[0]
    assert group.get("aria-describedby") == "id_grade_helptext id_grade_error"
    assert group.get("aria-invalid") == "true"
    assert tree.xpath("//fieldset[2]//input/@type | //input[@name='groups']/@type") == ["checkbox", "checkbox"]


def test_browsers_are_told_to_check_and_cut_nothing():
    tree = draw(SampleForm())
    assert not tree.xpath("//@required | //@maxlength | //@aria-invalid")
    assert tree.xpath("//input[@type='email']/@class") == ["nhsuk-input"]


def test_only_optional_fields_are_marked():
    tree = draw(SampleForm())
    assert [label for label in texts(tree, "//label | //legend") if "optional" in label] == ["Note (optional)"]
    tree = draw(SampleForm(), "{% form_fields form mark_optional=False %}")
    assert not [label for label in texts(tree, "//label") if "optional" in label]


def test_password_and_file_are_not_shown_again():
    tree = draw(SampleForm({"password": "secret", "title": "kept"}))
    assert tree.xpath("//input[@type='password']/@value") == []
    assert tree.xpath("//input[@name='title']/@value") == ["kept"]


def test_any_django_form_is_drawn_the_same_way():
    class Plain(forms.Form):
        name = forms.CharField(help_text="Yours")
        when = forms.SplitDateTimeField(label="Start")

    tree = draw(Plain({}), "{% error_summary form %}{{ form.as_div }}")
    assert texts(tree, "//ul[contains(@class, 'error-summary__list')]//a") == ["Enter the name", "Enter the start"]
    assert tree.xpath("//input[@name='name']/@class") == ["nhsuk-input nhsuk-input--error"]
    assert texts(tree, "//legend") == ["Start"]
    one = draw(Plain(), "{{ form.name.as_field_group }}")
    assert texts(one, "//label") == ["Name"]


def test_hidden_fields_are_drawn_once():
    assert len(draw(SampleForm()).xpath("//input[@name='token']")) == 1
    both = draw(SampleForm(), "{% form_field form.title %}{% hidden_fields form %}")
    assert both.xpath("//input/@name") == ["title", "token"]


@pytest.mark.parametrize(
    "typed",
    [
        "28 February 2027",
        "28 feb 2027",
        " 28th  of February 2027",
        "28/2/2027",
        "28.02.2027",
        "28-2-2027",
        "2027-02-28",
    ],
)
def test_dates_are_read(typed):
    assert DateField().clean(typed) == dt.date(2027, 2, 28)


@pytest.mark.parametrize("typed", ["soon", "28/2/27", "2/2027", "28 Octember 2027", "30 ma 2027", "1 2 3 2027"])
def test_other_words_are_no_date(typed):
    with pytest.raises(forms.ValidationError) as caught:
        DateField().clean(typed)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize("typed", ["30 February 2027", "2027-13-01", "0/1/2027"])
def test_days_that_do_not_exist(typed):
    with pytest.raises(forms.ValidationError) as caught:
        DateField().clean(typed)
    assert caught.value.code == "unreal"


def test_a_date_is_shown_in_words_and_what_was_typed_as_typed():
    class When(Form):
        day = DateField()

    assert When(initial={"day": dt.date(2027, 2, 28)})["day"].value() == "28 February 2027"
    assert When({"day": "28/2"})["day"].value() == "28/2"


def test_grade_field_takes_extra_answers_and_initial_grades():
    field = GradeField(grades=GRADES, extra=[choice("none", "Not enough evidence to judge", "Say what is missing")])
    assert field.clean("none") == "none"
    assert GradeField(grades=GRADES, required=False).clean("") is None
    assert field.prepare_value(GRADES[1]) == "developing"

    class One(Form):
        grade = field

    tree = draw(One())
    assert texts(tree, "//*[@id='id_grade_4_hint']") == ["Say what is missing"]


def versioned(data=None, version=2, **text: str) -> SampleVersioned:
    return SampleVersioned(data, current_version=version, current_text=text)


def test_version_goes_out_and_comes_back():
    tree = draw(versioned())
    assert tree.xpath("//input[@name='version']/@value") == ["2"]
    form = versioned({"version": "2", "reason": "a", "grade": "achieving", "due": "1/2/2027"}, reason="b")
    assert form.is_valid()
    assert form.conflicts == {}


def test_somebody_was_quicker_and_the_second_try_goes_through():
    typed = {"version": "1", "reason": "Mine", "grade": "achieving", "due": "1/2/2027"}
    stored = {"reason": "Theirs <b>", "grade": "Achieving", "due": "1 February 2027"}
    form = versioned(typed, **stored)
    assert not form.is_valid()
    assert list(form.non_field_errors()) == [CONFLICT]
    assert form.conflicts == {"reason": "Theirs <b>"}
    tree = draw(form)
    assert texts(tree, "//textarea") == ["Mine"]
    assert texts(tree, "//*[@id='id_reason_stored']/div") == ["Theirs <b>"]
    assert "id_reason_stored" in tree.xpath("//textarea/@aria-describedby")[0]
    second = typed | {"version": tree.xpath("//input[@name='version']/@value")[0]}
    assert versioned(second, **stored).is_valid()


def test_a_third_change_is_noticed_at_the_second_try():
    typed = {"version": "2", "reason": "Mine", "grade": "achieving", "due": "1/2/2027"}
    assert not versioned(typed, version=3, reason="Theirs").is_valid()


def test_a_form_without_its_version_is_refused():
    assert not versioned({"reason": "Mine", "grade": "achieving", "due": "1/2/2027"}).is_valid()


def test_a_clean_that_forgets_its_parents_does_not_lose_the_check():
    class Forgetful(SampleVersioned):
        def clean(self):
            return self.cleaned_data

    form = Forgetful(
        {"version": "1", "reason": "a", "grade": "achieving", "due": "1/2/2027"}, current_version=2, current_text={}
    )
    assert list(form.non_field_errors()) == [CONFLICT]


def test_text_field_has_no_columns():
    class Words(Form):
        words = TextField(rows=9)

    area = draw(Words()).xpath("//textarea")[0]
    assert (area.get("rows"), area.get("cols")) == ("9", None)
