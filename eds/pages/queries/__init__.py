"""What composed pages read, each in a fixed number of queries."""

from .board import BoardGoal, BoardRow, Need, NextStep, board_rows, by_goal, next_step
from .rounds import outcomes_of, phase_steps, without_panel
from .tasks import Task, home_tasks

__all__ = [
    "BoardGoal",
    "BoardRow",
    "Need",
    "NextStep",
    "Task",
    "board_rows",
    "by_goal",
    "home_tasks",
    "next_step",
    "outcomes_of",
    "phase_steps",
    "without_panel",
]
