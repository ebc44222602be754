"""The product's own settings, with the addresses of the benchmark. Everything else comes from the environment."""

from eds.project.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
