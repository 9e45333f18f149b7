"""What a release page offers: that of the commit in dist/, if it is the one that is checked out, or made here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packages import RELEASE, REPOSITORY, origin, release_time

SWIFT = os.environ.get("SWIFT", "swift")
ELSEWHERE = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
"""An environment that must not change what is made."""
LONGEST = 60
"""The seconds after which making an image or a list has failed."""


@dataclass(frozen=True)
class Artifacts:
    """A package, the image made of it, and the lists of what is in them."""

    package: Path
    image: Path
    package_list: Path
    image_list: Path


def released() -> Artifacts | None:
    """What `.ci/release` has made of the commit that is checked out, or None if that or a file has changed."""
    if origin() != RELEASE:
        return None
    (package,) = RELEASE.glob("echoscpd_*.deb")
    stem = package.with_suffix("")
    image, lists = f"{stem}.image.tar", (f"{stem}.cdx.json", f"{stem}.image.cdx.json")
    return Artifacts(package, Path(image), *map(Path, lists))


class Making:
    """A run of .ci/image or .ci/sbom."""

    def __init__(
        self,
        script: str,
        *words: str | Path,
        folder: Path = REPOSITORY,
        umask: int = 0o022,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        given = {"SOURCE_DATE_EPOCH": str(release_time()), "SWIFT": SWIFT}
        self._process = subprocess.Popen(
            [REPOSITORY / ".ci" / script, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            umask=umask,
            env={**os.environ, **given, **(environment or {})},
        )

    def finish(self) -> None:
        """Waits for its end. It must succeed."""
        try:
            output, _ = self._process.communicate(timeout=LONGEST)
        finally:
            self._process.kill()
        assert self._process.returncode == 0, output


def make_twice(root: Path, package: Path, folder: Path) -> Sequence[Artifacts]:
    """Makes everything in two ways: as a release does, and from another folder in another environment."""
    places = [folder / "once", folder / "another/folder/that-is-deeper-and-has-a-longer-name"]
    for place in places:
        (place / "temporary").mkdir(parents=True)
    (places[1] / "root").symlink_to(root)
    made = [
        Artifacts(package, *(place / name for name in ("image.tar", "package.json", "image.json")))
        for place in places
    ]

    def make(script: str, *names: str) -> None:
        """Makes one file of each, both at the same time."""
        once = Making(script, root, *(getattr(made[0], name) for name in names))
        again = Making(
            script, "root", *(os.path.relpath(getattr(made[1], name), places[1]) for name in names),
            folder=places[1], umask=0o077,
            environment={**ELSEWHERE, "TMPDIR": str(places[1] / "temporary")},
        )  # fmt: skip
        once.finish()
        again.finish()

    make("image", "package", "image")
    make("sbom", "package", "package", "package_list")
    make("sbom", "package", "image", "image_list")
    return made
