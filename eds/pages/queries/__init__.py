"""What composed pages read, each in a fixed number of queries."""

from .board import BoardGoal, BoardRow, Need, NextStep, board_rows, by_goal, next_step
from .goals import objective_tasks
from .home import AssessmentLine, CameOf, News, assessment_lines, came_of_reviews, news
from .rounds import outcomes_of, phase_steps, rounds_of, without_panel
from .tasks import Task, home_tasks, owned_tasks, soonest_first
from .writing import ToWrite, to_write

__all__ = [
    "AssessmentLine",
    "BoardGoal",
    "BoardRow",
    "CameOf",
    "Need",
    "News",
    "NextStep",
    "Task",
    "ToWrite",
    "assessment_lines",
    "board_rows",
    "by_goal",
    "came_of_reviews",
    "home_tasks",
    "news",
    "next_step",
    "objective_tasks",
    "outcomes_of",
    "owned_tasks",
    "phase_steps",
    "rounds_of",
    "soonest_first",
    "to_write",
    "without_panel",
]
