"""The root of a fresh Debian, made once a week and kept outside the checkout."""

from __future__ import annotations

import datetime
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = "systemd,systemd-sysv,dbus,libstdc++6,libsystemd0"
"""What boots, and what the package depends on: inside there is no network to fetch it by."""


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "echoscpd" / "system"


def debian(suite: str) -> Path:
    """The folder with a Debian of this suite, to be booted with an overlay over it."""
    year, week, _ = datetime.date.today().isocalendar()
    place = cache() / f"{suite}-{year}-{week:02}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{suite}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            for old in place.parent.glob(f"{suite}-*"):
                shutil.rmtree(old)
            draft = place.parent / f"{suite}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            made = subprocess.run(
                ["mmdebstrap", "--mode=root", "--variant=minbase", f"--include={PACKAGES}"]
                + [suite, str(draft)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=500,
                check=False,
            )
            assert made.returncode == 0, f"mmdebstrap: {made.stderr[-2000:]}"
            draft.rename(place)
    return place
