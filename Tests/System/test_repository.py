"""The project's apt repository, used as README says: apt installs and upgrades the package, and refuses what the
project's key has not signed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon import echo
from load import upgraded_under_load
from machine import Machine
from packages import (
    CURRENT, HERE, LATER, RELEASE, REPOSITORY, Archive, Key, field, origin, release_time,
)  # fmt: skip
from test_upgrade import install

ADDRESS = "https://echoscpd.example.org/apt"
SOURCES = "/etc/apt/sources.list.d/echoscpd.sources"
ASIDE = "/var/tmp/sources"
"""Where the tests put Debian's own sources, which the machine cannot reach."""
WGET = 'wget() { test $# = 3 && cp "${3#file:}" "$2"; }\n'
"""What the machine has in place of wget: it copies for `wget -O FILE file:PATH`."""
UPGRADE = ("apt-get update", "apt-get upgrade --yes")
REFUSALS = {
    "unsigned": rf"The repository '{HERE} stable \w*Release' is (not|no longer) signed",
    "of-another-key": "NO_PUBKEY|Missing key",
    "changed-after-signing": "Hash Sum mismatch",
}
"""How apt refuses each kind of repository."""


class Repositories(Archive):
    """The repositories that the tests publish."""

    def __init__(self, debs: Path, scratch: Path, key: Key, other: Key) -> None:
        super().__init__(debs, scratch)
        self.keys = {"newer-key": key, "older-key": other}
        self.released = sorted(origin().glob("*.deb"))
        both = [*self.released, debs / LATER]
        self.first = self.make("first", self.released, key)
        self.second = self.make("second", both, key)
        self.bad = {
            "unsigned": self.make("unsigned", both, None),
            "of-another-key": self.make("other", both, other),
            "changed-after-signing": self.make("changed", self.released, key),
        }
        package = package_in(self.bad["changed-after-signing"])
        octets = bytearray(package.read_bytes())
        octets[-1] ^= 1
        package.write_bytes(octets)
        self.publish(self.first)


@pytest.fixture(scope="module")
def repositories(debs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repositories]:
    with Key(tmp_path_factory.mktemp("gnupg")) as key:
        before = release_time() - 86400
        with Key(tmp_path_factory.mktemp("gnupg"), created=before) as other:
            yield Repositories(debs, tmp_path_factory.mktemp("repositories"), key, other)


@pytest.fixture(scope="module")
def offline(installed: Machine) -> Iterator[Machine]:
    """The machine without Debian's own sources. Afterwards, it has them and the package as just installed."""
    installed.shell(
        f"mkdir {ASIDE} && mv /etc/apt/sources.list* {ASIDE} && mkdir /etc/apt/sources.list.d"
    )
    try:
        yield installed
    finally:
        purge(installed)
        installed.shell(f"rm -r /etc/apt/sources.list*; mv {ASIDE}/* /etc/apt; rmdir {ASIDE}")
        install(installed, CURRENT)


@pytest.fixture(scope="module")
def commands() -> list[str]:
    """The three commands of README that add the repository and install the package, with the address of the
    repository that is published."""
    readme = (REPOSITORY / "README.md").read_text()
    blocks = re.findall(r"^```console\n([\s\S]*?)^```$", readme, re.MULTILINE)
    (block,) = [block for block in blocks if SOURCES in block]
    assert block.count(ADDRESS) == 1
    found = re.findall(r"^# (.*)$", block.replace(ADDRESS, HERE), re.MULTILINE)
    assert [command.split()[0] for command in found] == ["wget", "apt", "apt"]
    return found


@pytest.fixture(scope="module")
def subscribed(offline: Machine, repositories: Repositories, commands: list[str]) -> Machine:
    """The machine after README's commands, with the package from the repository."""
    purge(offline)
    repositories.publish(repositories.first)
    type_in(offline, *commands)
    return offline


def package_in(repository: Path) -> Path:
    """The package of the version under test."""
    (current,) = origin().glob("echoscpd_*.deb")
    (package,) = repository.glob(f"pool/**/{current.name}")
    return package


def purge(machine: Machine) -> None:
    """Removes the package, and what README's commands leave behind."""
    machine.shell(
        f"dpkg --purge echoscpd; rm -rf {SOURCES} /var/lib/apt/lists/*"
    )


def version(machine: Machine) -> str:
    """The installed version of the package, or an empty string."""
    return machine.shell("dpkg-query -W -f '${Version}' echoscpd 2>/dev/null", check=False)


def type_in(machine: Machine, *commands: str, check: bool = True) -> str:
    """Runs commands as a person does, and returns what they print."""
    done = [machine.run("bash", "-c", WGET + command, check=check) for command in commands]
    return "".join(one.stdout + one.stderr for one in done)


def files_in(repository: Path) -> dict[str, tuple[int, bytes]]:
    """The mode and the contents of each file."""
    files = [path for path in repository.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(repository)): (path.stat().st_mode, path.read_bytes())
        for path in files
    }


@pytest.mark.parametrize("kind", ["newer-key", "older-key"])
def test_the_same_packages_and_key_make_the_same_bytes(repositories: Repositories, kind: str) -> None:
    """Also with a key that was created after SOURCE_DATE_EPOCH, whose signatures have its own time."""
    key = repositories.keys[kind]
    packages = repositories.released
    made = repositories.make(f"{kind}-once", packages, key)
    again = repositories.make(f"{kind}-again", packages[::-1], key, 0o077, {"TZ": "Asia/Kathmandu"})
    files = files_in(made)
    signature = subprocess.run(
        ["gpg", "--verify", made / "dists/stable/InRelease"],
        env={**os.environ, **key.environment, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(f"the same twice: {' '.join(sorted(Path(name).name for name in files))}")
    print(signature.stderr.splitlines()[0])
    assert files == files_in(again) and "dists/stable/InRelease" in files
    assert signature.returncode == 0 and "Good signature" in signature.stderr


def test_it_lists_the_packages_that_the_release_lists(repositories: Repositories) -> None:
    """The repository of a release is unsigned, or signed by a key that this machine does not have, so the other
    tests use one with the same packages and another signature."""
    if origin() != RELEASE:
        pytest.skip("dist/ is not of this commit: run make release first")
    released, tested = files_in(RELEASE / "apt"), files_in(repositories.first)
    differing = {name for name in tested if tested[name] != released.get(name)}
    print(f"{len(tested)} files, of which differ: {' '.join(sorted(differing)) or 'none'}")
    assert differing <= {"dists/stable/InRelease", "echoscpd.sources"}
    assert not released.keys() - tested.keys()


@pytest.mark.parametrize("kind", REFUSALS)
def test_apt_refuses_a_repository(
    offline: Machine, repositories: Repositories, commands: list[str], kind: str
) -> None:
    purge(offline)
    repositories.publish(repositories.first)
    type_in(offline, *commands[:1])
    repositories.publish(repositories.bad[kind])
    printed = type_in(offline, *commands[1:], check=False)
    complaints = [line for line in printed.splitlines() if re.search(REFUSALS[kind], line)]
    assert complaints, printed
    print(complaints[0].strip())
    assert version(offline) == ""


def test_the_readme_installs_it(
    subscribed: Machine, repositories: Repositories, commands: list[str]
) -> None:
    found = version(subscribed)
    assert found == field(package_in(repositories.first), "Version")
    assert subscribed.systemctl("is-enabled", "echoscpd.socket") == "enabled"
    echo(11112)
    policy = subscribed.run("apt-cache", "policy", "echoscpd").stdout
    assert re.search(rf"\*\*\* {re.escape(found)} 500\n +500 {HERE} stable/main", policy), policy
    policy = subscribed.run("apt-cache", "policy").stdout
    told = re.search(rf"{HERE} .*\n +release (.*)", policy)[1]
    print(" · ".join(commands))
    print(f"{found} answers C-ECHO; apt-cache policy: {told}")
    assert told.startswith("o=echoscpd,a=stable,n=stable,l=echoscpd,c=main,")


def test_an_upgrade_under_load(subscribed: Machine, repositories: Repositories) -> None:
    """A repository that is unsigned or signed with another key does not bring the later version; the right one
    does."""
    installed = version(subscribed)
    for kind in "unsigned", "of-another-key":
        repositories.publish(repositories.bad[kind])
        printed = type_in(subscribed, *UPGRADE, check=False)
        assert re.search(REFUSALS[kind], printed), printed
        assert version(subscribed) == installed

    def upgrade() -> str:
        repositories.publish(repositories.second)
        type_in(subscribed, *UPGRADE)
        return version(subscribed)

    upgraded_under_load(subscribed, upgrade)
    assert version(subscribed) == f"{installed}+later"
