"""The image is one small file with the same bytes each time, which says how to run what is in it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from archive import PROGRAM, Image
from artifacts import Artifacts
from container import PORT, USER
from daemon import REPOSITORY
from peer import PATIENCE
from sandbox import tool

LARGEST = 40_000_000
GUIDE = (REPOSITORY / "packaging/docs/in-containers-and-ci.md").read_text()
PROBE = [f"/{PROGRAM}", "--probe", "--acse-timeout", "2"]
DIGEST = "sha256:{}"
OF_DOCKER = "application/vnd.docker."
"""The beginning of docker's media types: podman ignores the health check of an image with other types."""


def digest(octets: bytes) -> str:
    return DIGEST.format(hashlib.sha256(octets).hexdigest())


def test_two_builds_are_identical(made: Sequence[Artifacts]) -> None:
    """The second one in another folder, time zone and language, and with umask 077."""
    once, again = (one.image.read_bytes() for one in made)
    print(f"{digest(once)}, twice")
    assert once == again


def test_it_is_small(image: Image) -> None:
    size = image.path.stat().st_size
    print(f"{size / 1e6:.1f} MB, {len(image.layer) / 1e6:.1f} MB unpacked: "
          f"program {len(image.files[PROGRAM]) / 1e6:.1f} MB, {len(image.libraries)} libraries "
          f"{sum(map(len, image.libraries.values())) / 1e6:.1f} MB")  # fmt: skip
    assert size < LARGEST and len(image.layer) < LARGEST


def test_both_layouts_lead_to_the_same_parts(image: Image) -> None:
    """OCI's index.json, and docker's manifest.json."""
    assert image.read("oci-layout") == {"imageLayoutVersion": "1.0.0"}
    blobs = {
        f"sha256:{name.rpartition('/')[2]}": part.content
        for name, part in image.parts.items()
        if name.startswith("blobs/") and part.info.isreg()
    }
    for name, content in blobs.items():
        assert digest(content) == name
    (described,) = image.read("index.json")["manifests"]
    manifest = json.loads(blobs[described["digest"]])
    descriptors = [described, manifest["config"], *manifest["layers"]]
    assert {one["digest"]: one["size"] for one in descriptors} == {
        name: len(content) for name, content in blobs.items()
    }
    assert all(one["mediaType"].startswith(OF_DOCKER) for one in descriptors)
    assert manifest["mediaType"] == described["mediaType"]
    names = [f"blobs/{one['digest'].replace(':', '/')}" for one in descriptors[1:]]
    assert [image.entry["Config"], *image.entry["Layers"]] == names
    version = image.configuration["config"]["Labels"]["org.opencontainers.image.version"]
    assert image.entry["RepoTags"] == [f"echoscpd:{version}"]
    assert image.configuration["rootfs"]["diff_ids"] == [digest(image.layer)]


def test_its_configuration(image: Image, artifacts: Artifacts) -> None:
    configuration = image.configuration["config"]
    assert configuration["User"] == f"{USER}:{USER}"
    assert configuration["ExposedPorts"] == {f"{PORT}/tcp": {}}
    assert configuration["Entrypoint"] == [f"/{PROGRAM}"]
    assert configuration["StopSignal"] == "SIGTERM"
    # The arguments of a container are options of the program, and it has no others.
    assert "Cmd" not in configuration
    check = configuration["Healthcheck"]
    assert check["Test"] == ["CMD", *PROBE]
    seconds = {
        name: value / 1e9 for name, value in check.items() if name not in ("Test", "Retries")
    }
    print(f"{' '.join(PROBE)}: {seconds}, {check['Retries']} retries")
    assert all(value >= 1 for value in seconds.values())
    for key in "Version", "Architecture":
        shown = subprocess.run(
            ["dpkg-deb", "--field", artifacts.package, key],
            capture_output=True, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
        labels = {"Version": configuration["Labels"]["org.opencontainers.image.version"]}
        labels["Architecture"] = image.configuration["architecture"]
        assert shown.stdout.strip() == labels[key]
    names = {"title", "description", "version", "licenses", "created"}
    assert configuration["Labels"].keys() == {f"org.opencontainers.image.{x}" for x in names}
    assert configuration["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_every_time_in_it_is_that_of_its_source(image: Image) -> None:
    created = image.configuration["created"]
    seconds = int(datetime.fromisoformat(created).timestamp())
    members = [*image.parts.values(), *image.members.values()]
    assert {member.info.mtime for member in members} == {seconds}
    (history,) = image.configuration["history"]
    label = image.configuration["config"]["Labels"]["org.opencontainers.image.created"]
    assert history["created"] == label == created
    # The header of gzip has neither a time nor a name (RFC 1952).
    assert image.packed[3:8] == bytes(5)
    print(f"{len(members)} files and folders of {datetime.fromtimestamp(seconds, UTC)}")


def of_guide(file: str) -> list[dict[str, Any]]:
    """The documents of a file in the guide."""
    (text,) = re.findall(rf"^```yaml\n# {re.escape(file)}\n(.*?)^```$", GUIDE, re.M | re.S)
    return list(YAML(typ="safe", pure=True).load_all(text))


def test_the_files_in_the_guide_are_for_this_image(image: Image) -> None:
    """Kubernetes ignores the health check of an image, so the file for it repeats it."""
    (deployment,) = [x for x in of_guide("echoscpd.yaml") if x["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    configuration = image.configuration["config"]
    probe = container["readinessProbe"]
    assert probe["exec"]["command"] == configuration["Healthcheck"]["Test"][1:]
    user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
    (compose,) = of_guide("compose.yaml")
    assert user == compose["services"]["dicom"]["user"] == configuration["User"]
    ports = {f"{port['containerPort']}/tcp" for port in container["ports"]}
    assert ports == configuration["ExposedPorts"].keys()
    for one in container, compose["services"]["dicom"]:
        assert one["image"].rpartition("/")[2] == image.entry["RepoTags"][0]


@pytest.mark.parametrize("kind", ["docker-archive", "oci-archive"])
def test_skopeo_reads_it(kind: str, image: Image, tmp_path: Path) -> None:
    skopeo = tool("skopeo", "skopeo")

    def run(*words: str) -> str:
        done = subprocess.run(
            [skopeo, "--insecure-policy", "--tmpdir", tmp_path, *words],
            capture_output=True, text=True, timeout=6 * PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done
        return done.stdout

    source = f"{kind}:{image.path}"
    shown = json.loads(run("inspect", source))
    labels = image.configuration["config"]["Labels"]
    assert (shown["Os"], shown["Labels"]) == ("linux", labels)
    assert json.loads(run("inspect", "--config", "--raw", source)) == image.configuration
    run("copy", "--quiet", source, f"dir:{tmp_path}/copy")
    (layer,) = json.loads((tmp_path / "copy/manifest.json").read_text())["layers"]
    copied = (tmp_path / "copy" / layer["digest"].partition(":")[2]).read_bytes()
    print(f"{kind}: {shown['Architecture']}, layer {layer['digest']}")
    assert digest(copied) in (digest(image.packed), digest(image.layer))
