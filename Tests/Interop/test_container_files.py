"""The files in the guide "In containers and CI" are valid by their schemas, and for the program.

Each file is a `yaml` block that begins with its name. The schemas come with Python packages; no test needs
the network, a container engine or a cluster.
"""

from __future__ import annotations

import copy
import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from jsonschema.validators import validator_for
from ruamel.yaml import YAML

from daemon import REPOSITORY, SANITIZER, Daemon, free_port, run_to_its_end
from footprint import MIB
from peer import PATIENCE

TEXT = (REPOSITORY / "packaging/docs/in-containers-and-ci.md").read_text()
FILES: dict[str, str] = dict(
    re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
)
COMPOSE, KUBERNETES, SERVICE, PACKAGE, GITLAB = (
    "compose.yaml",
    "echoscpd.yaml",
    ".github/workflows/dicom.yml",
    ".github/workflows/dicom-package.yml",
    ".gitlab-ci.yml",
)
SCHEMAS = {
    COMPOSE: "compose-spec",
    SERVICE: "github-workflows",
    PACKAGE: "github-workflows",
    GITLAB: "gitlab-ci",
}
"""The schema of each file except that for Kubernetes, which has one for each kind of object."""

RELEASES = ("1.30", kubernetes_validate.latest_version())
"""The oldest release of Kubernetes that the guide supports, and the newest one with schemas here."""

NAMES = {
    COMPOSE: {"services.dicom"},
    KUBERNETES: {
        "data.echoscp.conf",
        "spec.selector.app",
        "spec.selector.matchLabels.app",
        "spec.template.metadata.labels.app",
        "spec.template.spec.containers.0.resources.limits.memory",
        "spec.template.spec.containers.0.resources.requests.cpu",
        "spec.template.spec.containers.0.resources.requests.memory",
    },
    SERVICE: {"jobs.echo", "jobs.echo.services.dicom"},
    PACKAGE: {"jobs.echo"},
    GITLAB: {"echo", "echo.variables.CI_DEBUG_SERVICES"},
}
"""The keys that any other word could replace, by file: names that the author of a file chooses."""

IMAGE = "registry.example/echoscpd:"
PORT = "11112"
CONSOLE = "".join(re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
INI = "".join(re.findall(r"^```ini\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))

Document = dict[str, Any]
Place = tuple[str | int, ...]


def documents_in(name: str) -> list[Document]:
    """The documents of a file. A key that appears twice is an error."""
    return list(YAML(typ="safe", pure=True).load_all(FILES[name]))


def problems_of_object(document: Document, release: str) -> Iterator[str]:
    """What is wrong with an object of Kubernetes; unknown fields are, too."""
    try:
        kubernetes_validate.validate(document, release, strict=True)
    except kubernetes_validate.SchemaNotFoundError as error:
        yield error.message
    except kubernetes_validate.ValidationError as error:
        yield error.message
    except KeyError as error:
        yield f"{error} is missing"


def problems(name: str, document: Document) -> list[str]:
    """What the schema of a file finds wrong with one of its documents."""
    if name == KUBERNETES:
        return [text for release in RELEASES for text in problems_of_object(document, release)]
    folder = files("check_jsonschema.builtin_schemas.vendor")
    schema = json.loads(folder.joinpath(f"{SCHEMAS[name]}.json").read_text())
    return [error.message for error in validator_for(schema)(schema).iter_errors(document)]


def keys_in(part: object, place: Place = ()) -> Iterator[Place]:
    """The places of all keys in a document."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield (*place, key)
            yield from keys_in(value, (*place, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from keys_in(value, (*place, index))


def values_of(key: str, part: object) -> Iterator[Any]:
    """The values of a key anywhere in a document."""
    for place in keys_in(part):
        if place[-1] == key:
            yield value_at(place, part)


def value_at(place: Place, part: Any) -> Any:
    for step in place:
        part = part[step]
    return part


def misspelled(document: Document, place: Place) -> Document:
    """A document whose key at a place has one letter too many."""
    changed = copy.deepcopy(document)
    above = value_at(place[:-1], changed)
    above[f"{place[-1]}x"] = above.pop(place[-1])
    return changed


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_valid(name: str) -> None:
    for document in documents_in(name):
        assert problems(name, document) == []


@pytest.mark.parametrize("name", FILES)
def test_a_misspelled_key_is_reported(name: str) -> None:
    unnoticed = {
        ".".join(map(str, place))
        for document in documents_in(name)
        for place in keys_in(document)
        if not problems(name, misspelled(document, place))
    }
    assert unnoticed == NAMES[name]


def test_each_yaml_block_is_a_file_that_is_checked() -> None:
    assert TEXT.count("```yaml") == len(FILES)
    assert FILES.keys() == NAMES.keys() == {KUBERNETES, *SCHEMAS}


def compose_service() -> Document:
    (service,) = documents_in(COMPOSE)[0]["services"].values()
    return service


def kubernetes_object(kind: str) -> Document:
    (found,) = [one for one in documents_in(KUBERNETES) if one["kind"] == kind]
    return found["spec"] if kind != "ConfigMap" else found


def pod() -> Document:
    return kubernetes_object("Deployment")["template"]["spec"]


def container() -> Document:
    (found,) = pod()["containers"]
    return found


def job(name: str) -> Document:
    document = documents_in(name)[0]
    return document.get("jobs", document)["echo"]


def scripts(name: str) -> list[str]:
    """The shell scripts of a job."""
    return job(name).get("script") or [step["run"] for step in job(name)["steps"]]


def arguments_of_runs() -> list[list[str]]:
    """The options of echoscpd in each command of the guide that runs its image."""
    return [
        shlex.split(options)
        for options in re.findall(
            r"docker (?:run .*?echoscpd:\S+|compose run --rm dicom)((?: [^`\n]+)?)", TEXT
        )
    ]


def settings_of(name: str) -> tuple[list[str], str]:
    """The options and the configuration that a file gives to echoscpd."""
    if name == COMPOSE:
        return [], INI
    if name == KUBERNETES:
        return [], kubernetes_object("ConfigMap")["data"]["echoscp.conf"]
    if name == SERVICE:
        return shlex.split(job(name)["services"]["dicom"]["command"]), ""
    if name == GITLAB:
        return job(name)["services"][0]["command"], ""
    (shown,) = re.findall(r"<<'END'\n(.*?)^END$", "\n".join(scripts(name)), re.M | re.S)
    return [], shown


@pytest.mark.parametrize("name", FILES)
def test_the_settings_of_a_file_make_echoscpd_the_host_that_its_test_calls(
    name: str, echoscpd: Callable[..., Daemon], echoscu_path: str, tmp_path: Path
) -> None:
    options, configuration = settings_of(name)
    path = tmp_path / "echoscp.conf"
    path.write_text(configuration)
    scp = echoscpd("--config", str(path), *options)
    calls = re.findall(r"echoscu .*?-aec (\S+) \S+ (\d+)", FILES[name])
    assert len(calls) == (name not in (COMPOSE, KUBERNETES))
    assert all(call == ("MYPACS", PORT) for call in calls)
    for title, succeeds in ("MYPACS", True), ("OTHER", False):
        call = [echoscu_path, "-aet", "CT1", "-aec", title, "127.0.0.1", str(scp.port)]
        assert (subprocess.run(call, timeout=PATIENCE, check=False).returncode == 0) == succeeds
    assert len(scp.warnings()) == 1


def test_echoscpd_accepts_the_options_of_each_command(tmp_path: Path) -> None:
    path = tmp_path / "echoscp.conf"
    path.write_text(INI)
    commands = arguments_of_runs()
    assert len(commands) == 3
    for options in commands:
        check = [one for one in options if one != "--check-config"] + ["--check-config"]
        done = run_to_its_end("--config", str(path), *check)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("configuration OK")


def test_the_log_of_a_container_is_the_one_shown(
    echoscpd: Callable[..., Daemon], echoscu_path: str
) -> None:
    scp = echoscpd("--log-level", "info", *arguments_of_runs()[0])
    calls = re.findall(r"^\$ (echoscu .*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
    assert len(calls) == 2
    for command, printed in calls:
        call = command.replace(f"localhost {PORT}", f"127.0.0.1 {scp.port}").split()[1:]
        done = subprocess.run(
            [echoscu_path, *call], timeout=PATIENCE, check=False, capture_output=True, text=True
        )
        assert done.stderr + done.stdout == printed
    shown = re.search(r"^\$ docker logs dicom\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
    assert shown
    address = re.compile(r"(?<=CT1 at )\S+:\d+(?=: )")
    assert [address.sub("ADDRESS", line) for line in scp.stop()] == [
        address.sub("ADDRESS", line) for line in shown[1].splitlines()
    ]


def test_the_readiness_probe_asks_the_service(scp: Daemon) -> None:
    path, *options = container()["readinessProbe"]["exec"]["command"]
    (port,) = container()["ports"]
    assert container()["livenessProbe"]["tcpSocket"] == {"port": port["name"]}
    assert f"`echoscpd {' '.join(options)}`" in TEXT
    assert f"`docker exec dicom {path} --probe`" in TEXT
    for port, status in (scp.port, 0), (free_port(), 2):
        assert run_to_its_end(*options, f"127.0.0.1:{port}").returncode == status


def test_nobody_kills_echoscpd_while_associations_may_continue() -> None:
    defaults = run_to_its_end("--dump-config").stdout
    found = re.search(r"^drain-timeout = (\d+)", defaults, re.MULTILINE)
    assert found
    drain = int(found[1])
    assert f"`drain-timeout`, {drain} s by default" in TEXT
    assert int(compose_service()["stop_grace_period"].removesuffix("s")) > drain
    sleep = container()["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod()["terminationGracePeriodSeconds"] > sleep + drain


def test_every_file_names_the_image_of_this_version() -> None:
    version = run_to_its_end("--version").stdout.split()[1]
    images = [
        value
        for name in FILES
        for document in documents_in(name)
        for key in ("image", "name")
        for value in values_of(key, document)
        if str(value).startswith(IMAGE)
    ]
    assert images == [f"{IMAGE}{version}"] * 4
    assert set(re.findall(r"echoscpd[:_](\d+\.\d+\.\d+)", TEXT)) == {version}


def test_every_file_uses_the_default_port() -> None:
    assert f"port = {PORT}" in run_to_its_end("--dump-config").stdout
    assert compose_service()["ports"] == job(SERVICE)["services"]["dicom"]["ports"]
    assert compose_service()["ports"] == [f"{PORT}:{PORT}"]
    assert [port["containerPort"] for port in container()["ports"]] == [int(PORT)]


def test_the_objects_for_kubernetes_refer_to_each_other() -> None:
    deployment, service = kubernetes_object("Deployment"), kubernetes_object("Service")
    labels = deployment["template"]["metadata"]["labels"]
    assert labels == deployment["selector"]["matchLabels"] == service["selector"]
    assert service["ports"][0]["targetPort"] == container()["ports"][0]["name"]
    (volume,), (mount,) = pod()["volumes"], container()["volumeMounts"]
    configuration = kubernetes_object("ConfigMap")
    assert volume["name"] == mount["name"]
    assert volume["configMap"]["name"] == configuration["metadata"]["name"]
    assert mount["subPath"] in configuration["data"]
    user, group = pod()["securityContext"]["runAsUser"], pod()["securityContext"]["runAsGroup"]
    assert compose_service()["user"] == f"{user}:{group}"
    assert compose_service()["volumes"] == [f"./{mount['subPath']}:{mount['mountPath']}:ro"]


@pytest.mark.skipif(bool(SANITIZER), reason="a sanitizer takes memory of its own")
def test_the_memory_that_kubernetes_reserves_is_enough_for_echoscpd(scp: Daemon) -> None:
    resources = container()["resources"]
    status = Path(f"/proc/{scp.pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    assert int(found[1]) * 1024 < int(resources["requests"]["memory"].removesuffix("Mi")) * MIB
    print(f"resident: {int(found[1]) / 1024:.1f} MiB")


@pytest.mark.parametrize("name", [SERVICE, PACKAGE, GITLAB])
def test_the_scripts_of_a_job_parse(name: str) -> None:
    assert scripts(name)
    for script in scripts(name):
        subprocess.run(["bash", "-n", "-c", script], check=True, timeout=PATIENCE)
