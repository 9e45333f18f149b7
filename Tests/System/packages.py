"""The package under test, a later version of it with the same content and another number, and apt repositories of
both."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT, RELEASE = REPOSITORY / ".build-deb", REPOSITORY / "dist"
CURRENT, LATER = "echoscpd.deb", "later.deb"
HERE = "file:/debs/apt"
"""The address of the apt repository in the machine."""
CONFIGURATION = "etc/echoscp.conf"
ADDITION = "# Something new in a later version.\n"
"""An addition to the configuration of the later version, so that dpkg must choose between it and an edit."""


def _output(*words: str | Path) -> str:
    done = subprocess.run(words, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@functools.cache
def origin() -> Path:
    """The folder with the package under test: dist/ if it is the release of the commit that is checked out, and
    no file has changed since; otherwise .build-deb."""
    commit = RELEASE / "COMMIT"
    if not commit.is_file() or commit.read_text().strip() != _output("git", "rev-parse", "HEAD"):
        return BUILT
    return BUILT if _output("git", "status", "--porcelain") else RELEASE


def provide(place: Path, scratch: Path) -> None:
    """Puts both packages into `place`."""
    (built,) = origin().glob("echoscpd_*.deb")
    shutil.copy(built, place / CURRENT)
    contents = scratch / "contents"
    subprocess.run(["dpkg-deb", "--raw-extract", built, contents], check=True)
    control = contents / "DEBIAN/control"
    lines = control.read_text().splitlines(keepends=True)
    control.write_text(
        "".join(
            f"{line.rstrip()}+later\n" if line.startswith("Version: ") else line for line in lines
        )
    )
    with (contents / CONFIGURATION).open("a") as file:
        file.write(ADDITION)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", "-Znone", contents, place / LATER],
        check=True,
        capture_output=True,
    )


def field(package: Path, name: str) -> str:
    """A field of the control file of a package."""
    return _output("dpkg-deb", "--field", package, name)


def release_time() -> int:
    """SOURCE_DATE_EPOCH, which everything in a release has as its time: by default that of the changelog."""
    changelog = REPOSITORY / "packaging/debian/changelog"
    told = _output("dpkg-parsechangelog", "--file", changelog, "--show-field", "Timestamp")
    return int(os.environ.get("SOURCE_DATE_EPOCH", told))


class Key:
    """An Ed25519 key that signs a repository, in a GnuPG folder of its own and without a passphrase."""

    def __init__(self, home: Path, created: int | None = None) -> None:
        """Makes a key whose creation time is `created`, or the present."""
        self.environment = {"GNUPGHOME": str(home), "KEY": "test@example.org"}
        home.chmod(0o700)
        time = [] if created is None else [f"--faked-system-time={created}!"]
        self._run(
            *("gpg", "--batch", "--pinentry-mode=loopback", "--passphrase=", *time),
            *("--quick-generate-key", "Test <test@example.org>", "ed25519", "sign", "never"),
        )

    def __enter__(self) -> Key:
        return self

    def __exit__(self, *_: object) -> None:
        # gpg has started the agent, which would outlive the tests.
        self._run("gpgconf", "--kill", "gpg-agent")

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            words, env=os.environ | self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr)


class Archive:
    """Apt repositories in the folder that the machine has as /debs; the published one is also at /debs/apt."""

    def __init__(self, place: Path, scratch: Path) -> None:
        self._place, self._scratch = place, scratch
        self._time = release_time()
        # apt reads the repository as a user of its own.
        place.chmod(0o755)

    def make(
        self,
        name: str,
        packages: Iterable[Path],
        key: Key | None,
        umask: int = 0o022,
        environment: Mapping[str, str] | None = None,
    ) -> Path:
        """Makes a repository of these packages with `.ci/apt-repository`; without a key, it is unsigned."""
        folder, made = self._scratch / name, self._place / name
        folder.mkdir()
        files = []
        for package in packages:
            parts = [field(package, part) for part in ("Package", "Version", "Architecture")]
            files.append(shutil.copy(package, folder / f"{'_'.join(parts)}.deb"))
        signing = key.environment if key else {"KEY": ""}
        done = subprocess.run(
            [REPOSITORY / ".ci/apt-repository", made, *files],
            env={**os.environ, **signing, "ADDRESS": HERE, "SOURCE_DATE_EPOCH": str(release_time())}
            | dict(environment or {}),
            umask=umask, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        # To apt, a file whose time has not changed is the one that it has already read.
        self._time += 1
        for file in made.glob("dists/stable/*Release"):
            os.utime(file, (self._time, self._time))
        return made

    def publish(self, made: Path) -> None:
        """Replaces the repository at /debs/apt by this one."""
        draft = self._place / "apt.new"
        draft.symlink_to(made.name)
        draft.replace(self._place / "apt")
