"""The lists of what is in the package and in the image are valid CycloneDX, complete and right."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from archive import PROGRAM, Image
from artifacts import SWIFT, Artifacts, released
from daemon import REPOSITORY
from packages import field

Document = dict[str, Any]
CONTROL = "usr/bin/echoscpctl"
OF_CONTROL = "swift-argument-parser", "swift-foundation", "swift-corelibs-libdispatch"
"""What only echoscpctl is linked to, by the repositories."""
LISTS = pytest.mark.parametrize("which", ["package", "image"])
_VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)


def document(artifacts: Artifacts, which: str) -> Document:
    listed: Document = json.loads(getattr(artifacts, f"{which}_list").read_text())
    return listed


def problem(listed: Document) -> str | None:
    """What is wrong with a list by the schema of CycloneDX 1.6, or None."""
    error = _VALIDATOR.validate_str(json.dumps(listed))
    return None if error is None else str(error.data)


def sha256(octets: bytes) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": hashlib.sha256(octets).hexdigest()}]


def component(listed: Document, reference: str) -> Document:
    parts: list[Document] = listed["components"]
    (found,) = [x for x in parts if x["bom-ref"] == reference]
    return found


def properties(part: Document) -> dict[str, str]:
    return {x["name"].removeprefix("echoscpd:"): x["value"] for x in part["properties"]}


def shared_libraries(listed: Document) -> dict[str, Document]:
    """The Debian packages with shared libraries."""
    libraries = [x for x in listed["components"] if x["type"] == "library"]
    return {x["name"]: x for x in libraries if properties(x)["linkage"] == "shared"}


@LISTS
def test_a_list_is_valid(which: str, artifacts: Artifacts) -> None:
    listed = document(artifacts, which)
    assert problem(listed) is None
    for part in listed["components"]:
        print(f"{part['name']} {part.get('version') or properties(part)['depends']}")


MUTILATIONS: Sequence[Callable[[Document], object]] = (
    lambda x: x.pop("bomFormat"),
    lambda x: x.pop("specVersion"),
    lambda x: x.update(serialNumber="urn:uuid:1"),
    lambda x: x["metadata"].update(timestamp="yesterday"),
    lambda x: x["components"].append(x["components"][0]),
    lambda x: x["components"][0].pop("type"),
    lambda x: x["components"][0].update(type="program"),
    lambda x: x["components"][0].update(color="red"),
    lambda x: x["components"][0]["hashes"][0].update(content="abcd"),
    lambda x: x["components"][0]["licenses"][0]["license"].update(id="Mine"),
    lambda x: x["components"][-1].pop("name"),
)


@LISTS
def test_a_mutilated_list_is_refused(which: str, artifacts: Artifacts) -> None:
    """The validator sees what it should."""
    listed = document(artifacts, which)
    for mutilate in MUTILATIONS:
        changed = copy.deepcopy(listed)
        mutilate(changed)
        found = problem(changed)
        assert found is not None
        print(found.splitlines()[0][:100])


def test_two_lists_are_identical(made: Sequence[Artifacts]) -> None:
    once, again = made
    assert once.package_list.read_bytes() == again.package_list.read_bytes()
    assert once.image_list.read_bytes() == again.image_list.read_bytes()


def test_every_library_in_the_image_is_listed(artifacts: Artifacts, image: Image) -> None:
    listed = document(artifacts, "image")
    libraries = shared_libraries(listed)
    versions = image.versions
    versions.pop("echoscpd")
    assert {name: part["version"] for name, part in libraries.items()} == versions
    files = [x for part in libraries.values() for x in properties(part)["files"].split()]
    assert sorted(files) == sorted(f"/{name}" for name in image.libraries)
    print(f"{len(files)} libraries of {len(libraries)} packages")


@LISTS
def test_openssl_is_listed(which: str, artifacts: Artifacts, image: Image) -> None:
    """By the name and version of its Debian package, by which scanners for vulnerabilities know it."""
    listed = shared_libraries(document(artifacts, which))["libssl3"]
    version = listed.get("version") or properties(listed)["built-with"]
    print(f"{listed['purl']}, {version}, {listed['licenses'][0]['expression']}")
    assert listed["licenses"] == [{"expression": "Apache-2.0"}]
    if which == "image":
        assert version == image.versions["libssl3"]
        names = {x.rpartition("/")[2] for x in properties(listed)["files"].split()}
        assert names == {"libssl.so.3", "libcrypto.so.3"}


@LISTS
def test_every_library_has_a_license(which: str, artifacts: Artifacts) -> None:
    for name, part in shared_libraries(document(artifacts, which)).items():
        (license_,) = part["licenses"]
        print(f"{name} {license_['expression']}")
        assert license_["expression"]


def test_the_list_of_the_package_has_its_dependencies(artifacts: Artifacts) -> None:
    depends = {
        name: allowed.strip("()")
        for name, _, allowed in (
            x.strip().partition(" ") for x in field(artifacts.package, "Depends").split(",")
        )
    }
    libraries = shared_libraries(document(artifacts, "package"))
    print(", ".join(f"{name} {allowed}" for name, allowed in depends.items()))
    assert {name: properties(part)["depends"] for name, part in libraries.items()} == depends
    # Which version the program finds depends on the system that it is installed on.
    assert not any("version" in part for part in libraries.values())


@LISTS
def test_the_hashes_are_right(
    which: str, artifacts: Artifacts, image: Image, package_files: Path
) -> None:
    listed = document(artifacts, which)
    main = listed["metadata"]["component"]
    file: Path = getattr(artifacts, which)
    assert main["hashes"] == sha256(file.read_bytes())
    assert properties(main)["file"] == file.name
    program = (package_files / PROGRAM).read_bytes()
    assert program == image.files[PROGRAM]
    assert component(listed, "program")["hashes"] == sha256(program)
    assert component(listed, "program")["name"] == f"/{PROGRAM}"
    version = field(artifacts.package, "Version")
    assert main["version"] == component(listed, "program")["version"] == version
    assert listed["metadata"]["timestamp"] == image.configuration["created"]
    print(f"{file.name} {main['hashes'][0]['content']}")


@pytest.fixture(scope="session")
def swift(artifacts: Artifacts) -> str:
    """The version of the toolchain: that of the release, or the one that is installed."""
    if found := list(artifacts.package.parent.glob("*.buildinfo")) if released() else []:
        text = found[0].read_text()
    else:
        command = [SWIFT, "-print-target-info"]
        text = subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=True
        ).stdout
    version = re.search(r"Swift version (\S+)", text)
    assert version, text
    return version[1]


@LISTS
def test_the_swift_runtime_is_that_of_the_toolchain(
    which: str, artifacts: Artifacts, swift: str
) -> None:
    part = component(document(artifacts, which), "swift-runtime")
    print(f"{part['purl']}, {part['licenses'][0]['expression']}")
    assert part["version"] == swift
    assert swift in part["purl"] and swift in part["cpe"]
    assert properties(part)["linkage"] == "static"


def test_what_only_echoscpctl_has_is_in_the_list_of_the_package(
    artifacts: Artifacts, package_files: Path, swift: str
) -> None:
    """With the version of swift-argument-parser that its own package requires."""
    listed = document(artifacts, "package")
    control = component(listed, "control")
    assert control["name"] == f"/{CONTROL}"
    assert control["hashes"] == sha256((package_files / CONTROL).read_bytes())
    needs = {x["ref"]: x.get("dependsOn", []) for x in listed["dependencies"]}
    own = [component(listed, x) for x in needs["control"] if x not in needs["program"]]
    versions = {PackageURL.from_string(x["purl"]).name: x["version"] for x in own}
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    manifest = (REPOSITORY / "Sources/echoscpctl/Package.swift").read_text()
    required = re.search(r'/swift-argument-parser", exact: "(.*)"', manifest)
    assert required
    assert versions == dict(zip(OF_CONTROL, (required[1], swift, swift), strict=True))
    assert all(properties(x)["linkage"] == "static" for x in own)
    names = {x["name"] for x in document(artifacts, "image")["components"]}
    assert not names & {control["name"], *(x["name"] for x in own)}


@LISTS
def test_the_package_urls_are_canonical(which: str, artifacts: Artifacts) -> None:
    listed = document(artifacts, which)
    parts = [listed["metadata"]["component"], *listed["components"]]
    urls = [PackageURL.from_string(x["purl"]) for x in parts if "purl" in x]
    assert [x.to_string() for x in urls] == [x["purl"] for x in parts if "purl" in x]
    # Without a namespace, the type `deb` is not valid.
    assert all(x.namespace == "debian" for x in urls if x.type == "deb")
    assert {x.name for x in urls} == {
        "echoscpd", "swift", *shared_libraries(listed), *(OF_CONTROL if which == "package" else ()),
    }  # fmt: skip


@LISTS
def test_everything_listed_is_in_the_tree_of_dependencies(which: str, artifacts: Artifacts) -> None:
    listed = document(artifacts, which)
    needs = {x["ref"]: x.get("dependsOn", []) for x in listed["dependencies"]}
    reached, left = set(), [listed["metadata"]["component"]["bom-ref"]]
    while left:
        reached.add(reference := left.pop())
        left += needs[reference]
    assert reached == needs.keys()
    assert reached == {"artifact", *(x["bom-ref"] for x in listed["components"])}
