"""The package that was built, and a later version of it with the same content and another number."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CURRENT, LATER = "echoscpd.deb", "later.deb"
CONFIGURATION = "etc/echoscp.conf"
ADDITION = "# Something new in a later version.\n"
"""An addition to the configuration of the later version, so that dpkg must choose between it and an edit."""


def provide(place: Path, scratch: Path) -> None:
    """Puts both packages into `place`."""
    (built,) = (REPOSITORY / ".build-deb").glob("echoscpd_*.deb")
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
