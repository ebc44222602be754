"""A CSV file of criteria: what is right is read, and each thing that is wrong is named with line and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eds.frameworks.criteria import LARGEST, LONGEST, MOST_PROBLEMS, CsvProblems, difference, read_csv, write_csv
from eds.frameworks.loader import load_all
from eds.frameworks.queries import latest_revision

OUTCOMES = ["1A", "1B"]
GRADES = {"undeveloped": "Undeveloped", "developing": "Developing"}
HEAD = "outcome,grade,criteria\n"


def read(text: str | bytes) -> dict[tuple[str, str], str]:
    return read_csv(text if isinstance(text, bytes) else text.encode(), outcomes=OUTCOMES, grades=GRADES)


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(CsvProblems) as wrong:
        read(text)
    return wrong.value.problems


def test_lines_are_read_by_code_or_name_in_any_case() -> None:
    found = read(
        '\ufeffOutcome,Grade,Criteria\r\n1a,DEVELOPING,"Two lines,\nand a comma"\r\n\r\n1B,undeveloped,None\r\n'
    )
    assert found == {("1A", "developing"): "Two lines,\nand a comma", ("1B", "undeveloped"): "None"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators(delimiter: str) -> None:
    assert read(delimiter.join(["outcome", "grade", "criteria\n1A", "Developing", "Words\n"])) == {
        ("1A", "developing"): "Words"
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1 must name the columns outcome, grade and criteria. It is empty."),
        (
            "code,grade,text\n1A,Developing,x\n",
            "Line 1 must name the columns outcome, grade and criteria. It has “code”, “grade” and “text”.",
        ),
        (HEAD, "The file has no criteria. Add a line for each outcome and grade."),
        (HEAD + "1A,Developing\n", "Line 2: there are 2 columns. There must be 3: outcome, grade and criteria."),
        (HEAD + "9Z,Developing,x\n", "Line 2, column outcome: “9Z” is not an outcome of this edition."),
        (HEAD + ",Developing,x\n", "Line 2, column outcome: this is empty. Enter the code of an outcome."),
        (
            HEAD + "1A,Excellent,x\n",
            "Line 2, column grade: “Excellent” is not a grade. The grades are Undeveloped and Developing.",
        ),
        (HEAD + "1A,,x\n", "Line 2, column grade: this is empty. Enter a grade."),
        (HEAD + "1A,Developing, \n", "Line 2, column criteria: this is empty. Enter the text, or remove the line."),
        (
            HEAD + '1A,Developing,"x\ny"\n1A,developing,z\n',
            "Line 4, columns outcome and grade: 1A with Developing is in line 2 too. Keep one of the two.",
        ),
        (
            HEAD + "1A,Developing," + "x" * (LONGEST + 1),
            f"Line 2, column criteria: the text has {LONGEST + 1} characters. At most {LONGEST} fit.",
        ),
        (HEAD + '1A,Developing,"open\n', "Line 2: a quotation mark is missing or is one too many."),
        (
            HEAD.encode() + b"1A,Developing,caf\xe9\n",
            "Line 2: a letter is not in UTF-8. Save the file again and choose “CSV UTF-8”.",
        ),
        (b"PK\x03\x04...", "This is a workbook, not a CSV file. Open it and save it as “CSV UTF-8”."),
        (HEAD + "1A,Developing,a\0b\n", "This is not a text file. Save it again and choose “CSV UTF-8”."),
        (b"x" * (LARGEST + 1), "The file is too large. It must be smaller than 1 MB."),
    ],
)
def test_each_wrong_thing_is_named(text: str | bytes, sentence: str) -> None:
    assert problems(text) == [sentence]


def test_all_that_is_wrong_is_told_at_once_and_not_without_end() -> None:
    assert len(problems(HEAD + "9Z,Excellent,\n")) == 3
    many = problems(HEAD + "9Z,Developing,x\n" * 30)
    assert len(many) == MOST_PROBLEMS + 1
    assert many[-1] == "There are 10 more problems in the file."


@pytest.mark.django_db
def test_what_is_written_is_read_again_and_runs_in_no_table_program() -> None:
    load_all()
    revision = latest_revision("eds-2022")
    cells = {("1A", "undeveloped"): "=1+1", ("1A", "developing"): "- a list\n- of two", ("3C", "excelling"): 'A "word"'}
    text = write_csv(revision, cells)
    assert "'=1+1" in text
    full = {grade.code: grade.name for grade in revision.grades.all()}
    filled = "".join(line for line in text.splitlines(keepends=True) if not line.endswith(",\r\n"))
    codes = [f"{goal}{letter}" for goal in "123" for letter in "ABCD"]
    assert read_csv(filled.encode(), outcomes=codes, grades=full) == cells
    assert text.count("\r\n") == 1 + 11 * 4


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused_in_sentences(data: bytes) -> None:
    said = ["Read."]
    try:
        read(HEAD.encode() + data)
    except CsvProblems as wrong:
        said = wrong.problems
    assert said
    assert all(sentence.endswith(".") for sentence in said)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz")),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz")),
)
def test_a_difference_counts_every_place_once(before: dict, after: dict) -> None:
    found = difference(before, after)
    assert found.new + found.changed + found.same == len(after)
    assert found.gone + found.changed + found.same == len(before)
