"""The page frame and each component, drawn and read back."""

import datetime as dt
import json

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import Context, Template, TemplateSyntaxError, engines

from eds.ui import menu
from eds.ui.context import Site
from eds.ui.menu import MenuItem, Registry
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.ui.sample import GRADES, PAGE, Person, SampleForm, page_context


def draw(source: str, request=None, **context: object) -> str:
    return engines["django"].from_string(source).render(context, request)


@pytest.fixture
def empty_frame(monkeypatch):
    """Registries as if no room had put anything in."""
    for name in ("menu", "footer", "organisations"):
        monkeypatch.setattr(menu, name, Registry())


@pytest.mark.parametrize("data", [None, {}, {"title": "much too long", "decided_on": "x", "number": "0", "email": "x"}])
def test_page_with_everything_is_sound(page_request, empty_frame, data):
    tree = parse(draw(PAGE, page_request, **page_context(SampleForm(data))))
    assert_sound(tree)
    assert texts(tree, "//h1") == ["Outcome 1A: patients have the access they need"]
    assert tree.get("lang") == "en-GB"
    prefix = "Error: " if data is not None else ""
    assert texts(tree, "//title") == [prefix + "Sample – Equality Delivery System"]


def test_scripts_carry_the_nonce_and_htmx_swaps_422(page_request, empty_frame):
    tree = parse(draw('{% extends "ui/base.html" %}{% block heading %}x{% endblock %}', page_request))
    assert {script.get("nonce") for script in tree.xpath("//script")} == {"nonce-of-this-request"}
    config = json.loads(tree.xpath("//meta[@name='htmx-config']/@content")[0])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert {"code": "422", "swap": True} in config["responseHandling"]


def test_frame_of_a_signed_in_person(page_request, empty_frame, settings):
    settings.ROOT_URLCONF = "tests.ui.urls"
    page_request.user = Person()
    page_request.path = "/plan/late/"
    menu.menu.register(lambda request: [MenuItem("Home", "/"), MenuItem("Plan", "/plan/"), MenuItem("Late", "/pl")])
    menu.footer.register(lambda request: [MenuItem("Privacy", "/privacy/")])
    menu.organisations.register(lambda request: "Trust <A>")
    tree = parse(draw('{% extends "ui/base.html" %}{% block heading %}x{% endblock %}', page_request))
    assert_sound(tree)
    assert texts(tree, "//nav[@aria-label='Menu']//a[@aria-current]") == ["Plan"]
    assert texts(tree, "//*[contains(@class, 'eds-organisation__name')]") == ["Trust <A>"]
    assert texts(tree, "//nav[@aria-label='Account']/ul/li") == ["Amina <Example>", "Sign out"]
    assert tree.xpath("//form[@action='/accounts/logout/']/@method") == ["post"]
    assert texts(tree, "//footer//a") == ["Privacy"]


def test_strangers_get_only_what_is_meant_for_them(page_request, empty_frame):
    def asks_the_database(request):
        raise AssertionError("called for somebody who is not signed in")

    menu.menu.register(asks_the_database)
    menu.organisations.register(asks_the_database)
    menu.footer.register(lambda request: [MenuItem("Privacy", "/privacy/")], anonymous=True)
    site = Site(page_request)
    assert (site.menu, site.organisation, site.person) == ([], "", "")
    assert [item.label for item in site.footer] == ["Privacy"]


def test_nothing_is_asked_before_it_is_shown(rf, empty_frame):
    calls = []
    menu.menu.register(lambda request: calls.append(request) or [], anonymous=True)
    site = Site(rf.get("/"))
    assert calls == []
    assert (site.menu, site.menu) == ([], [])
    assert len(calls) == 1


def test_registering_twice_has_no_effect_and_order_counts(rf):
    registry: Registry[str] = Registry()
    last = registry.register(lambda request: "last", anonymous=True, order=90)
    registry.register(lambda request: "first", anonymous=True, order=10)
    registry.register(last, anonymous=True)
    assert registry.results(rf.get("/")) == ["first", "last"]


def test_messages_have_a_role(page_request, empty_frame):
    page_request._messages = CookieStorage(page_request)
    messages.success(page_request, "Saved <b>")
    messages.error(page_request, "Not saved")
    messages.info(page_request, "By the way")
    tree = parse(draw('{% extends "ui/base.html" %}{% block heading %}x{% endblock %}', page_request))
    assert_sound(tree)
    assert tree.xpath("//main/div/@role") == ["alert", "alert", "status"]
    assert texts(tree, "//p[@class='nhsuk-notification-banner__heading']") == ["Saved <b>"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("A & B", "<h1 class=nhsuk-heading-l>A & B</h1>"), ("<h1>Own</h1>", "<h1>Own</h1>"), (" ", "")],
)
def test_heading(heading, expected):
    drawn = draw("{% page_heading %}" + heading + "{% endpage_heading %}")
    assert drawn.replace('"', "") == expected


def test_heading_escapes_a_variable():
    assert "&lt;i&gt;" in draw("{% page_heading %}{{ name }}{% endpage_heading %}", name="<i>")


@pytest.mark.parametrize(
    ("grade", "words", "colour"),
    [
        *[(grade, grade.name, grade.colour) for grade in GRADES],
        (None, "Not graded", "grey"),
        ("", "Not graded", "grey"),
        ("Excelling", "Excelling", "purple"),
        ("Undeveloped for lack of evidence", "Undeveloped for lack of evidence", "red"),
        ("Splendid", "Splendid", "grey"),
        ({"name": "Developing", "code": "d", "colour": "yellow"}, "Developing", "amber"),
        ({"name": "<Achieving>", "colour": None}, "<Achieving>", "grey"),
    ],
)
def test_grade_has_word_shape_and_colour(grade, words, colour):
    tag = parse(draw("{% grade_tag grade %}", grade=grade)).xpath("//strong")[0]
    assert " ".join(tag.text_content().split()) == words
    assert tag.get("class").split()[-1] == f"eds-grade--{colour}"
    assert tag.xpath("svg/@aria-hidden") == ["true"]


def test_grades_differ_in_shape_not_only_in_colour():
    shapes = [draw("{% grade_tag grade %}", grade=grade).split("<svg")[1].split("</svg>")[0] for grade in GRADES]
    assert len(set(shapes)) == len(GRADES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (dt.date(2027, 2, 28), "28 February 2027"),
        ("2027-02-28", "28 February 2027"),
        (dt.datetime(2027, 7, 1, 16, 30, tzinfo=dt.UTC), "1 July 2027 at 5.30pm"),
        (dt.datetime(2027, 1, 1, 9, 5, tzinfo=dt.UTC), "1 January 2027 at 9.05am"),
        (dt.datetime(2027, 6, 30, 23, 0, tzinfo=dt.UTC), "1 July 2027 at midnight"),
        ("2027-01-01T12:00:00+00:00", "1 January 2027 at midday"),
    ],
)
def test_uk_date(value, expected):
    assert draw("{% uk_date value %}", value=value) == expected
    assert draw("{{ value|uk_date }}", value=value) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Halve the gap", "Halve the gap"),
        ("Halve  the\ngap now", "Halve the gap…"),
        ("Halve gaps, then rest", "Halve gaps…"),
        ("Llanfairpwllgwyngyll", "Llanfairpwllg…"),
        ("<b>Halve</b> the gap", "&lt;b&gt;Halve&lt;/b&gt;…"),
    ],
)
def test_shortened_ends_after_a_whole_word(words, expected):
    assert draw("{{ words|shortened:14 }}", words=words) == expected


def test_uk_date_refuses_other_words():
    with pytest.raises(ValueError, match="Not an ISO date"):
        Template("{{ value|uk_date }}").render(Context({"value": "soon"}))


def test_lines():
    drawn = draw("{% lines words %}", words="One <b>\r\ntwo\r\n\r\n- a & b\n- c\nafter")
    assert drawn == (
        "<p>One &lt;b&gt;<br>two</p>\n"
        '<ul class="nhsuk-list nhsuk-list--bullet"><li>a &amp; b</li><li>c</li></ul>\n'
        "<p>after</p>"
    )
    assert draw("{{ words|lines }}", words=None) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% status_tag evil 'red' %}",
        "{% breadcrumbs evil '/' %}",
        "{% inset %}{{ evil }}{% endinset %}",
        "{% warning evil %}{{ evil }}{% endwarning %}",
        "{% details evil %}{{ evil }}{% enddetails %}",
        "{% card evil %}{{ evil }}{% endcard %}",
        "{% card evil url=evil %}{{ evil }}{% endcard %}",
        "{% button_link evil evil %}",
        "{% submit evil name=evil value=evil %}",
        "{% progress 1 2 evil %}",
        "{% th evil %}",
        "{% status_tag 'x' evil %}",
    ],
)
def test_components_escape(source):
    drawn = draw(source, evil="\"><script>'")
    assert "<script" not in drawn
    assert '"">' not in drawn


def test_breadcrumbs_need_pairs():
    with pytest.raises(TemplateSyntaxError):
        draw('{% breadcrumbs "Home" %}')


def test_table_has_headers_and_names_its_cells():
    source = "{% data_table 'Grades' head rows %}"
    tree = parse(draw(source, head=["Outcome", "Grade"], rows=[["1A", "Achieving"], ["1B", None]]))
    assert texts(tree, "//th[@scope='col']") == ["Outcome", "Grade"]
    assert texts(tree, "//tbody//th[@scope='row']") == ["Outcome 1A", "Outcome 1B"]
    assert texts(tree, "//td") == ["Grade Achieving", "Grade"]


def test_pagination_keeps_the_query(rf):
    context = page_context(SampleForm())
    drawn = parse(draw("{% pagination page_obj %}", rf.get("/?q=a+b&page=2"), **context))
    assert drawn.xpath("//a/@href") == ["?q=a+b&page=1", "?q=a+b&page=3"]
