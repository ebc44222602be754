"""What docker-compose.yml and the Dockerfile name is there: no Docker is needed to see that."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import install
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "eds"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LONG_RUNNING = {"database", "broker", "web", "worker", "beat", "proxy"}
OF_THE_IMAGES = {"pg_isready", "redis-cli", "redis-server", "caddy", "wget"}


def dockerfile_command() -> list[str]:
    """What the image runs when nothing else is said."""
    found = re.search(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    assert found
    return shlex.split(found.group(1).replace(",", " "))


def commands() -> dict[str, list[str]]:
    """Every command that is run in a container, by where it stands."""
    found = {"Dockerfile": dockerfile_command()}
    for name, service in SERVICES.items():
        if "command" in service:
            found[f"{name} command"] = service["command"]
        if "healthcheck" in service:
            test = service["healthcheck"]["test"]
            assert test[0] == "CMD"
            found[f"{name} health check"] = test[1:]
    return found


@pytest.mark.parametrize("command", commands().values(), ids=commands().keys())
def test_each_command_names_things_that_exist(command: list[str]) -> None:
    program, *arguments = command
    if program == "python":
        assert (ROOT / arguments[0]).is_file()
        if arguments[0] == "manage.py":
            assert arguments[1] in get_commands()
    else:
        beside_python = shutil.which(program, path=str(Path(sys.executable).parent))
        assert program in OF_THE_IMAGES or beside_python
    for argument in arguments:
        if argument.startswith("eds.project.wsgi"):
            assert argument.split(":")[0] == settings.WSGI_APPLICATION.rpartition(".")[0]


def test_the_parts_are_all_there() -> None:
    assert set(SERVICES) == LONG_RUNNING | {"migrate", "frameworks", "demo"}
    for name in LONG_RUNNING:
        assert "healthcheck" in SERVICES[name], name
        assert set(SERVICES[name]["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert SERVICES[name]["restart"] == "unless-stopped", name


def test_it_is_what_the_specification_of_compose_files_allows() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, "docker-compose.yml"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_may_be_many_workers_and_one_scheduler_asks_them() -> None:
    assert "worker" in SERVICES["worker"]["command"]
    assert "-B" not in SERVICES["worker"]["command"]
    assert "beat" in SERVICES["beat"]["command"]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}


def test_our_containers_may_write_their_own_data_only() -> None:
    for name, service in OURS.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert [volume.split(":")[0] for volume in service["volumes"]] == ["files"], name


def test_services_wait_only_for_what_can_be_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
            else:
                assert how["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"] == "no", (name, other)


def test_volumes_and_mounted_files_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


def test_only_migrating_is_done_as_the_owner_of_the_tables() -> None:
    roles = {
        name: service["environment"]["EDS_DATABASE_URL"].split("//")[1].split(":")[0] for name, service in OURS.items()
    }
    assert roles.pop("migrate") == "eds_owner"
    assert set(roles.values()) == {"eds_app"}


def test_every_setting_handed_over_is_one_that_is_read() -> None:
    read = set(settings.ENVIRONMENT.known)
    given = {name for service in OURS.values() for name in service["environment"]}
    assert given - read == set()


def test_each_variable_is_in_the_example() -> None:
    text = "\n".join(
        line for line in (ROOT / "docker-compose.yml").read_text().splitlines() if not line.strip().startswith("#")
    )
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", text))
    named = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert used == named


def test_the_image_has_the_system_libraries_and_does_not_run_as_root() -> None:
    needed = {need.package for need in install.FOR_DEMO if need.package.startswith(("libpango", "libharf", "fonts-"))}
    final_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert needed
    assert {package for package in needed if package not in final_stage.split()} == set()
    assert re.findall(r"^USER (.*)$", final_stage, re.MULTILINE) == ["eds"]


def test_every_file_copied_into_the_image_exists() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = line.split()
        assert [source for source in sources if not (ROOT / source).exists()] == []
