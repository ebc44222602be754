"""The demo trust's equality objectives: closed, adopted, with local people, with the board. All of it is invented."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal

from eds.assessments.models import Panel
from eds.frameworks.models import Characteristic, Outcome
from eds.frameworks.queries import latest_revision
from eds.people.models import Organisation, User
from objectives.equality import domain as goals
from objectives.equality.domain import MeasureText, ObjectiveText
from objectives.equality.models import EqualityObjective, Measure
from objectives.libraries.domain import answer_items
from objectives.months import Month
from reports.objectives import domain as published
from reports.objectives.build import build
from reports.payload import canonical, content_hash

from .years import day, year_under_way

EDITION = "eds-2022"
WAITING = "Halve the share of staff whom patients or visitors abuse because of who they are"
"""The objective on which the board has to decide."""
Dated = Callable[[datetime.date | int], AbstractContextManager[None]]


@dataclass
class GoalsBuilder:
    """Builds the objectives through the verbs, each as the person whose deed it is; `on` dates what is decided."""

    people: dict[str, User]
    trust: Organisation
    on: Dated

    def build(self) -> None:
        """Build all four, and publish what the board has decided on."""
        self.year = year_under_way()
        self.revision = latest_revision(EDITION)
        letters = self._letters()
        self._answers(letters, "standards/ais")
        self._answers(self._promotion(), "edi-plan-2023/so-4", "edi-plan-2023/hia-2", "standards/wres")
        self._interpreters(letters)
        self._answers(self._abuse(), "edi-plan-2023/so-1", "edi-plan-2023/hia-6", "standards/staff-survey")
        with self.on(datetime.date(self.year, 5, 6)):
            published.publish(
                actor=self.people["lead"],
                organisation=self.trust,
                reason="The objective on letters has ended, and the one on promotion was reviewed for the second time.",
                seen_hash=content_hash(canonical(build(self.trust))),
            )

    def _day(self, years: int, month: int, of_month: int) -> datetime.date:
        return datetime.date(self.year + years, month, of_month)

    def _month(self, years: int, month: int) -> Month:
        return Month(self.year + years, month)

    def _groups(self, *codes: str) -> tuple[tuple[str, str], ...]:
        rows = Characteristic.objects.filter(revision=self.revision, code__in=codes)
        return tuple(rows.values_list("code", "name"))

    def _outcomes(self, *codes: str) -> tuple[Outcome, ...]:
        return tuple(Outcome.objects.filter(goal__revision=self.revision, code__in=codes))

    def _write(self, text: ObjectiveText, follows: EqualityObjective | None = None) -> EqualityObjective:
        return goals.write_objective(actor=self.people["lead"], organisation=self.trust, text=text, follows=follows)

    def _promise(self, objective: EqualityObjective, text: str, expected: Month | None) -> None:
        goals.keep_commitment(actor=self.people["lead"], objective=objective, text=text, expected=expected)

    def _answers(self, objective: EqualityObjective, *items: str) -> None:
        answer_items(actor=self.people["lead"], subject=objective, keys=items)

    def _measure(self, objective: EqualityObjective, text: MeasureText) -> Measure:
        return goals.keep_measure(actor=self.people["lead"], objective=objective, text=text)

    def _discuss(
        self, objective: EqualityObjective, asked: datetime.date, until: datetime.date, said: str, answer: str
    ) -> None:
        with self.on(asked):
            goals.consult(actor=self.people["lead"], objective=objective, until=until)
        with self.on(asked + datetime.timedelta(days=9)):
            self._comment(objective, "healthwatch_chair", said)
            row = objective.comments.latest("seq")
        with self.on(until):
            goals.answer_comment(actor=self.people["lead"], comment=row, text=answer)

    def _comment(self, objective: EqualityObjective, who: str, said: str) -> None:
        panel = Panel.objects.filter(
            members__user=self.people[who], assessment__organisation=self.trust, members__left_on__isnull=True
        ).latest("assessment__year", "pk")
        goals.comment(actor=self.people[who], objective=objective, panel=panel, text=said)

    def _values(self, measure: Measure, *values: str) -> None:
        """Enter the values of the last years, the last one that of the year before this."""
        for back, value in zip(range(len(values), 0, -1), values, strict=True):
            with self.on(self._day(-back + 1, 3, 12)):
                goals.record_value(
                    actor=self.people["lead"], measure=measure, year=self.year - back, value=Decimal(value)
                )

    def _letters(self) -> EqualityObjective:
        made = self._write(
            ObjectiveText(
                headline="Nine in ten patients who ask for large print, easy read or another language get it at once",
                theme="patient_experience",
                starts=self._month(-5, 4),
                ends=self._month(-1, 3),
                why="People told the trust that they had asked three times and were still sent letters they could not "
                "read. Some missed their appointment because of it.",
                advances=True,
                eliminates=True,
                expected=self._month(-1, 3),
                lead_role="Head of patient information",
                lead=self.people["contributor"],
                characteristics=self._groups("disability", "race"),
                outcomes=self._outcomes("1A", "1B"),
            )
        )
        self._promise(
            made, "Ask every patient once, and keep the answer where letters are printed.", self._month(-4, 9)
        )
        self._promise(made, "Let the printing firm send large print the same day.", self._month(-3, 6))
        self._promise(made, "Train the clerks of all clinics with people who use easy read.", None)
        measure = self._measure(
            made,
            MeasureText(
                name="Patients who got the form of letter that they had asked for",
                unit="%",
                source="Yearly look at four hundred letters",
                baseline=Decimal(41),
                baseline_year=self.year - 6,
                target=Decimal(90),
                direction="up",
            ),
        )
        self._discuss(
            made,
            self._day(-5, 1, 14),
            self._day(-5, 2, 18),
            "Do not forget those who get their letters by e-mail and use a screen reader.",
            "They are counted now: the look at letters takes a hundred e-mails as well.",
        )
        with self.on(self._day(-5, 3, 23)):
            goals.decide(
                actor=self.people["sponsor"], objective=made, decision="adopted", paper="Trust board, paper 11"
            )
        self._values(measure, "52", "67", "78", "84")
        with self.on(self._day(-1, 4, 22)):
            goals.close(
                actor=self.people["lead"],
                objective=made,
                result="partly",
                reason="Twice as many patients get the letter they asked for as at the start, but not nine in ten. Small "
                "clinics still print their own letters.",
            )
        return made

    def _promotion(self) -> EqualityObjective:
        made = self._write(
            ObjectiveText(
                headline="Halve the gap in promotion between white staff and staff from other ethnic groups",
                theme="workforce",
                starts=self._month(-3, 4),
                ends=self._month(1, 3),
                why="Staff from Black, Asian and other ethnic groups apply as often, are invited less often, and are "
                "promoted least often of all.",
                advances=True,
                fosters=True,
                expected=self._month(0, 12),
                lead_role="Director of people",
                lead=self.people["workforce"],
                characteristics=self._groups("race"),
                outcomes=self._outcomes("2A", "3A"),
            )
        )
        self._promise(made, "Have a trained member of the staff network on every panel for band 7 and above.",
                      self._month(-2, 1))  # fmt: skip
        self._promise(made, "Give everybody who was not chosen a talk about what to do for the next time.",
                      self._month(-1, 9))  # fmt: skip
        gap = self._measure(
            made,
            MeasureText(
                name="Gap between the shares of applicants who were promoted, in percentage points",
                unit="points",
                source="Staff records",
                baseline=Decimal("9.2"),
                baseline_year=self.year - 4,
                target=Decimal("4.6"),
                direction="down",
            ),
        )
        senior = self._measure(
            made,
            MeasureText(
                name="Posts of band 8 and above held by staff from Black, Asian and other ethnic groups",
                unit="%",
                source="Workforce race equality figures",
                baseline=Decimal(11),
                baseline_year=self.year - 4,
                direction="up",
            ),
        )
        self._discuss(
            made,
            self._day(-3, 1, 10),
            self._day(-3, 2, 14),
            "Say what happens with people who stop applying because they do not expect to be chosen.",
            "Exit talks and the staff survey will be read for that each spring, and the review says what was found.",
        )
        with self.on(self._day(-3, 3, 24)):
            goals.decide(actor=self.people["sponsor"], objective=made, decision="adopted", paper="Trust board, paper 6")
        self._values(gap, "8.7", "7.1", "6.4")
        self._values(senior, "11.5", "12.9", "13.1")
        with self.on(self._day(-1, 3, 20)):
            goals.review(
                actor=self.people["lead"],
                objective=made,
                text="The gap closes among nurses and not among administrators. Their panels come next.",
            )
        with self.on(self._day(0, 2, 11)):
            goals.record_value(
                actor=self.people["lead"],
                measure=senior,
                year=self.year - 2,
                value=Decimal("12.4"),
                reason="Posts shared by two people had been counted twice.",
            )
        with self.on(self._day(0, 3, 19)):
            goals.review(
                actor=self.people["lead"],
                objective=made,
                text="New figures show that disabled staff from these groups are promoted even less often. A talk for "
                "each of them has begun.",
                early=True,
            )
        return made

    def _interpreters(self, before: EqualityObjective) -> None:
        made = self._write(
            ObjectiveText(
                headline="All wards and clinics know one day ahead who needs an interpreter or help to communicate",
                theme="patient_safety",
                starts=self._month(1, 4),
                ends=self._month(5, 3),
                why="Letters reach people now, but on the day nobody knows that an interpreter is needed. Relatives, even "
                "children, still translate.",
                eliminates=True,
                advances=True,
                expected=self._month(4, 9),
                lead_role="Chief nurse",
                lead=self.people["deputy"],
                characteristics=self._groups("disability", "race"),
                outcomes=self._outcomes("1A", "1C"),
            ),
            follows=before,
        )
        self._promise(made, "Show the need on the list of each clinic, beside the name.", self._month(2, 3))
        self._promise(made, "Book sign language for all planned stays when the date is set.", None)
        self._measure(
            made,
            MeasureText(
                name="Appointments for which the need was known the day before",
                unit="%",
                source="Bookings compared with the notes of the day",
                baseline=Decimal(38),
                baseline_year=self.year - 1,
                target=Decimal(100),
                direction="up",
            ),
        )
        with self.on(-10):
            goals.consult(
                actor=self.people["lead"],
                objective=made,
                until=day(18),
                reason="Which clinics should begin? Where did somebody have to translate for you?",
            )
        with self.on(-4):
            self._comment(
                made,
                "carer_reviewer",
                "Begin with the night wards. After eight nobody could be reached, and my neighbour signed a paper she had "
                "not understood.",
            )

    def _abuse(self) -> EqualityObjective:
        made = self._write(
            ObjectiveText(
                headline=WAITING,
                theme="workforce",
                starts=self._month(1, 4),
                ends=self._month(5, 3),
                why="One in six members of staff was shouted at or worse for their race, religion or disability. Most say "
                "that they no longer report it.",
                eliminates=True,
                fosters=True,
                expected=self._month(4, 12),
                lead_role="Director of people",
                lead=self.people["workforce"],
                characteristics=self._groups("race", "religion-or-belief", "disability"),
                outcomes=self._outcomes("2B"),
            )
        )
        self._promise(
            made, "Ring everybody who reports abuse within two days, and say what was done.", self._month(1, 9)
        )
        self._promise(made, "Let wards end a visit after one warning.", self._month(2, 4))
        self._measure(
            made,
            MeasureText(
                name="Staff who were abused by patients or visitors because of who they are",
                unit="%",
                source="NHS Staff Survey",
                baseline=Decimal(17),
                baseline_year=self.year - 1,
                target=Decimal("8.5"),
                direction="down",
            ),
        )
        with self.on(-40):
            goals.consult(
                actor=self.people["lead"],
                objective=made,
                until=day(-6),
                reason="What would make you report it again?",
            )
        with self.on(-31):
            self._comment(
                made, "staff_chair", "Night porters and cleaners of the contractor are abused most. Count them."
            )
        with self.on(-5):
            goals.answer_comment(
                actor=self.people["lead"],
                comment=made.comments.get(),
                text="They are asked from the coming survey on, and the contractor signs the same promise.",
            )
        return made
