"""The project's settings and one more room, for tests with real worker processes."""

from eds.project.settings import *  # noqa: F403
from eds.project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.testapp"]
