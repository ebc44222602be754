"""Repeats the faults on an installation under load, and prints what became of each. `make soak` runs it.

    python -m tests.faults.soak [SECONDS]

It ends after so many seconds (570 unless told), taking down included within ten minutes; a fault that did not get all
its tries says how many it had. Exit status 1 when anything was lost, doubled or not told in words.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))

from . import deadline, filling, racing, rendering, scheduling
from .count import Count, table
from .load import Load
from .stage import Stage
from .stage import stage as set_stage
from .submitting import submit_during
from .taking_away import database_restarted, web_killed

BEGAN = time.monotonic()
SECONDS = 570
LAST_SECONDS = 50
"""How long what comes last may take: the clock, and looking at every version that was published."""
Round = Callable[[Stage], Count | list[Count]]


def people_submit(fault: str, break_it: Callable[[Stage], None]) -> Round:
    """Make a round in which fifty people submit while something breaks."""

    def people(stage: Stage) -> Count:
        return submit_during(stage, fault, lambda: break_it(stage))

    people.__name__ = fault
    return people


def worker_killed_twice(stage: Stage) -> Count:
    """Kill the worker twice over one report, which has three attempts."""
    return rendering.worker_killed(stage, times=2)


def publishing_against_closing(stage: Stage) -> Count:
    """Do not wait for the worker, which is being killed meanwhile: its work is looked at in the end."""
    return racing.publishing_against_closing(stage, waits=False)


ALONE: list[tuple[int, Round]] = [
    (1, people_submit("PostgreSQL restarted (fast)", lambda stage: database_restarted(stage, "fast"))),
    (1, people_submit("PostgreSQL restarted (immediate)", lambda stage: database_restarted(stage, "immediate"))),
    (1, people_submit("gunicorn killed and started", web_killed)),
    (2, filling.disk_full_on_upload),
    (1, filling.disk_full_while_writing),
    (1, filling.store_away),
    (1, scheduling.scheduled_twice_at_once),
    (1, scheduling.second_scheduler),
]
"""How often each fault is to be tried: those that disturb everybody. Where fifty people submit, fifty tries count."""
TOGETHER: list[list[tuple[int, Round]]] = [
    [
        (10, worker_killed_twice),
        (2, rendering.broker_away_at_commit),
        (2, rendering.broker_stopped_while_publishing),
        (2, rendering.broker_emptied),
        (2, rendering.broker_restarted),
    ],
    [(100, race) for race in racing.RACES if race is not racing.publishing_against_closing],
    [(100, publishing_against_closing)],
]
"""Then all at the same time: the worker and the broker die, while people race each other for the same rows."""
LAST: list[tuple[int, Round]] = [(1, racing.formats_of_versions), (1, deadline.clock_stepped_over_a_deadline)]


@dataclass
class Soaked:
    """What became of each fault, and which were not tried as often as they should be."""

    counts: dict[str, Count] = field(default_factory=dict)
    short: list[str] = field(default_factory=list)

    def add(self, found: Count | list[Count], seconds: float) -> None:
        """Take what came of a round, and how long it took."""
        several = found if isinstance(found, list) else [found]
        for each in several:
            each.seconds = seconds / len(several)
            if each.fault in self.counts:
                self.counts[each.fault] += each
            else:
                self.counts[each.fault] = each


def in_turn(stage: Stage, plan: list[tuple[int, Round]], until: float, *, mends: bool) -> Soaked:
    """Try the faults of a plan in turn, a tenth of each at a time, until all is done or time is up."""
    soaked = Soaked()
    left = [number for number, _ in plan]
    while any(left):
        for number, (wanted, round_) in enumerate(plan):
            for _ in range(min(left[number], max(1, wanted // 10))):
                if time.monotonic() > until:
                    soaked.short += [
                        f"{name_of(each)}: {wanted - left[place]} of {wanted} rounds"
                        for place, (wanted, each) in enumerate(plan)
                        if left[place]
                    ]
                    return soaked
                if mends:
                    stage.all_up()
                began = time.monotonic()
                soaked.add(tried(round_, stage), time.monotonic() - began)
                left[number] -= 1
    return soaked


def tried(round_: Round, stage: Stage) -> Count | list[Count]:
    """Do a round; one that waits in vain is a try that nobody survived, and the others go on."""
    try:
        return round_(stage)
    except AssertionError as error:
        say(f"{name_of(round_)} did not come to its end:\n{error}")
        return Count(f"{name_of(round_)}: not ended", tries=1, amiss=[str(error).partition("\n")[0]])


def name_of(round_: Round) -> str:
    """Give a round's name in words."""
    return round_.__name__.replace("_", " ")


def soak(stage: Stage, until: float) -> list[Soaked]:
    """Try all faults, with somebody who reads all the while."""
    with Load(stage) as load, ThreadPoolExecutor(len(TOGETHER)) as lanes:
        alone = in_turn(stage, ALONE, until, mends=True)
        stage.all_up()
        say("each by itself is done")
        going = [
            # Only the lane that breaks things mends them.
            lanes.submit(in_turn, stage, plan, until - LAST_SECONDS, mends=place == 0)
            for place, plan in enumerate(TOGETHER)
        ]
        together = [each.result() for each in going]
        say("all together is done")
        last = in_turn(stage, LAST, until, mends=True)
    return [alone, *together, last, Soaked({load.count.fault: load.count})]


def say(words: str) -> None:
    """Tell how far it is."""
    print(f"{time.monotonic() - BEGAN:4.0f} s: {words}", flush=True)


def main() -> int:
    """The command line."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that what was started is ended
    until = BEGAN + (float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
    print("Setting up an installation (a minute or two) …", flush=True)
    with set_stage() as stage:
        say("the installation is up, and is broken from now on")
        soaked = soak(stage, until)
    counts = [count for each in soaked for count in each.counts.values()]
    short = [words for each in soaked for words in each.short]
    print(f"\n{table(counts)}\n")
    for each in counts:
        for what in each.amiss[:5]:
            print(f"{each.fault}: {what}")
    if short:
        print("Time was up before every fault had all its tries:", *short, sep="\n  ")
    print(f"{time.monotonic() - BEGAN:.0f} s")
    return 0 if all(each.is_well for each in counts) else 1


if __name__ == "__main__":
    sys.exit(main())
