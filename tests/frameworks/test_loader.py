"""Loading: once, as revisions, all or nothing, and with sentences that say where a file is wrong."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from eds.frameworks.loader import DATA, Deed, load_all, load_edition
from eds.frameworks.models import Framework, FrameworkRevision, Outcome
from eds.frameworks.queries import latest_revision
from eds.frameworks.table import EditionError

pytestmark = pytest.mark.django_db

TEXT_1A = "Patients (service users) have required levels of access to the service"


def all_rows() -> dict[str, list[dict[str, Any]]]:
    models = apps.get_app_config("frameworks").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def changed(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Write the edition `name` into `folder` with each text replaced once, where it first stands."""
    content = (DATA / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    path = folder / f"{name}.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_loading_twice_changes_nothing() -> None:
    first = load_all()
    rows = all_rows()
    second = load_all()
    assert [result.deed for result in first] == [Deed.CREATED] * 3
    assert [result.deed for result in second] == [Deed.UNCHANGED] * 3
    assert all_rows() == rows
    assert len(rows["Outcome"]) == 18 + 18 + 11
    assert len(rows["Grade"]) == 12


def test_comments_and_layout_are_no_change(tmp_path: Path) -> None:
    load_all()
    path = changed(tmp_path, "eds-2022", ("# Order matters", "# A remark.\n\n# Order matters"))
    assert load_edition(path).deed is Deed.UNCHANGED


def test_an_erratum_becomes_a_new_revision_and_leaves_the_old_one(tmp_path: Path) -> None:
    load_all()
    before = latest_revision("eds-2022")
    result = load_edition(
        changed(
            tmp_path,
            "eds-2022",
            (TEXT_1A, "Corrected"),
            ('note = "First version."', 'note = "1A corrected."'),
            ('name = "Equality Delivery System 2022 (EDS 2022, EDS22)"', 'name = "Equality Delivery System 2022"'),
        )
    )
    assert result.deed is Deed.CREATED
    after = latest_revision("eds-2022")
    assert (before.number, after.number, after.note) == (1, 2, "1A corrected.")
    assert result.revision == after
    wordings = {
        revision.number: Outcome.objects.get(goal__revision=revision, code="1A").text for revision in (before, after)
    }
    assert wordings == {1: TEXT_1A, 2: "Corrected"}
    for revision in (before, after):
        assert Outcome.objects.filter(goal__revision=revision).count() == 11
    assert Framework.objects.get(code="eds-2022").name == "Equality Delivery System 2022"


def test_an_older_file_does_not_undo_an_erratum(tmp_path: Path) -> None:
    load_all()
    load_edition(changed(tmp_path, "eds-2022", (TEXT_1A, "Corrected")))
    rows = all_rows()
    result = load_edition(DATA / "eds-2022.toml")
    assert (result.deed, result.revision.number, result.latest_number) == (Deed.SUPERSEDED, 1, 2)
    assert all_rows() == rows


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("eds-2022", "year = 2022\n", "", 'eds-2022.toml, the file: "year" is missing.'),
        ("eds-2022", "year = 2022", "year = true", 'eds-2022.toml, the file: "year" must be a whole number.'),
        (
            "eds-2022",
            'goal_word = "domain"',
            'goal_word = "theme"',
            'eds-2022.toml, the file: "goal_word" is "theme"; it must be one of: goal, domain.',
        ),
        (
            "eds-2022",
            "position = 2",
            "positon = 2",
            'eds-2022.toml, the file: "position" is missing.',
        ),
        (
            "eds-2022",
            "needs_services = true",
            "needs_service = true",
            'eds-2022.toml, goal "1": "needs_service" is not a key that is known here. Is it spelt correctly?',
        ),
        (
            "eds-2022",
            'code = "1B"',
            'code = "1A"',
            'eds-2022.toml, goal "1", outcome "1A": the code "1A" stands here a second time.',
        ),
        (
            "eds-2022",
            'code = "2A"',
            'code = "1A"',
            'eds-2022.toml, goal "2", outcome "1A": the code "1A" stands here a second time.',
        ),
        (
            "eds-2022",
            'code = "1A"',
            'code = "1/A"',
            'eds-2022.toml, goal "1", outcome "1/A": "code" is "1/A"; use letters, digits and single full stops only, '
            "such as 1.1 or 1A.",
        ),
        (
            "eds-2022",
            'code = "1B"\n',
            "",
            'eds-2022.toml, goal "1", outcome number 2: "code" is missing.',
        ),
        (
            "eds-2022",
            f'text = "{TEXT_1A}"\nconfidence = "A"',
            f'text = "{TEXT_1A}"\nconfidence = "C"',
            'eds-2022.toml, goal "1", outcome "1A": "confidence" is "C"; it must be one of: A, B, R+B, R.',
        ),
        (
            "eds-2022",
            TEXT_1A,
            f"{TEXT_1A} ",
            'eds-2022.toml, goal "1", outcome "1A": "text" must not be empty, nor begin or end with a space.',
        ),
        (
            "eds-2022",
            "maximum = 12",
            "maximum = 11",
            'eds-2022.toml, goal "1": "maximum" must be 12: 3 points for each of 4 outcomes.',
        ),
        (
            "eds-2022",
            "maximum = 33",
            "maximum = 34",
            'eds-2022.toml, [total]: "maximum" must be 33, the sum of the maxima of the goals.',
        ),
        (
            "eds-2022",
            "minimum = 8",
            "minimum = 9",
            'eds-2022.toml, [total], band number 2: "minimum" is 9, which leaves a gap; it must be 8.',
        ),
        (
            "eds-2022",
            "minimum = 8",
            "minimum = 7",
            'eds-2022.toml, [total], band number 2: "minimum" is 7, which leaves an overlap; it must be 8.',
        ),
        (
            "eds-2022",
            "minimum = 33\nmaximum = 33",
            "minimum = 33\nmaximum = 34",
            'eds-2022.toml, [total], band number 4: "maximum" must be 33, the highest possible total.',
        ),
        (
            "eds-2022",
            'grade = "developing"',
            'grade = "achieving"',
            'eds-2022.toml, [total], band number 2: its grade must be "developing": bands stand in the order of the '
            "grades.",
        ),
        (
            "eds-2022",
            "points = 1",
            "points = 2",
            'eds-2022.toml, grade "developing": "points" must be 1, counted from the lowest grade.',
        ),
        (
            "eds-2011",
            'colour = "red"',
            'points = 0\ncolour = "red"',
            'eds-2011.toml, grade "undeveloped": "points" must be left out, since "has_points" is false.',
        ),
        (
            "eds-2011",
            "[colours]",
            '[[grades]]\ncode = "better"\n\n[colours]',
            "eds-2011.toml, [[grades]]: there must be exactly four grades; there are 5.",
        ),
        (
            "eds-2022",
            'publish_by = "02-28"',
            'publish_by = "02-30"',
            'eds-2022.toml, [calendar]: "publish_by" must be a month and a day such as "02-28".',
        ),
        (
            "eds-2022",
            "number = 3",
            "number = 0",
            'eds-2022.toml, goal "1": "needs_services" is true, but [services] does not say how many.',
        ),
        (
            "eds-2022",
            '1A = ["2.1"]',
            '9Z = ["2.1"]',
            'eds-2022.toml, [crosswalk.earlier.eds2-2013]: "9Z" is not a key that is known here. '
            "Is it spelt correctly?",
        ),
        (
            "eds2-2013",
            '{ code = "race", name = "Race" }',
            '{ code = "age", name = "Race" }',
            'eds2-2013.toml, [characteristics], item "age": the code "age" stands here a second time.',
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_nothing_is_written(
    tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(EditionError) as raised:
        load_edition(changed(tmp_path, name, (old, new)))
    assert raised.value.sentence == sentence
    assert raised.value.file == f"{name}.toml"
    assert not Framework.objects.exists()


def test_a_file_that_is_no_toml_or_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    with pytest.raises(EditionError, match=r"^new\.toml, the file: it cannot be read"):
        load_edition(path)
    path.write_text("code = \nname = 1", encoding="utf-8")
    with pytest.raises(EditionError, match=r"^new\.toml, the file: it is not well-formed TOML: .*line 1"):
        load_edition(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(EditionError, match=r"^new\.toml, the file: it is not text in UTF-8\."):
        load_edition(path)


def test_two_editions_cannot_share_a_name(tmp_path: Path) -> None:
    load_all()
    path = changed(tmp_path, "eds-2022", ('code = "eds-2022"', 'code = "eds-2030"'))
    with pytest.raises(EditionError) as raised:
        load_edition(path)
    assert raised.value.sentence == (
        'eds-2022.toml, the file: "short_name" is \'EDS 2022\', which "eds-2022" has already.'
    )


def test_one_wrong_file_stops_them_all(tmp_path: Path) -> None:
    changed(tmp_path, "eds-2011")
    changed(tmp_path, "eds2-2013", ("year = 2013\n", ""))
    with pytest.raises(EditionError):
        load_all(tmp_path)
    assert not Framework.objects.exists()


def test_the_command_says_what_it_did() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_frameworks", stdout=first)
    call_command("load_frameworks", stdout=second)
    assert first.getvalue().splitlines() == [
        "EDS 2011, revision 1: loaded.",
        "EDS2, revision 1: loaded.",
        "EDS 2022, revision 1: loaded.",
    ]
    assert second.getvalue().splitlines() == [
        "EDS 2011, revision 1: already there, nothing to do.",
        "EDS2, revision 1: already there, nothing to do.",
        "EDS 2022, revision 1: already there, nothing to do.",
    ]


def test_the_command_passes_on_the_sentence_of_a_wrong_file(tmp_path: Path) -> None:
    changed(tmp_path, "eds-2022", ("year = 2022\n", ""))
    with pytest.raises(CommandError) as raised:
        call_command("load_frameworks", folder=tmp_path)
    assert str(raised.value) == 'eds-2022.toml, the file: "year" is missing.'


def test_no_revision_is_a_plain_error() -> None:
    with pytest.raises(FrameworkRevision.DoesNotExist, match="eds-2022"):
        latest_revision("eds-2022")
