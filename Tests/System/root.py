"""The root folder of a fresh Debian, made once a week and kept outside the checkout."""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = (
    "systemd,systemd-sysv,dbus,libstdc++6,libsystemd0,libssl3,iproute2,nftables,tcpdump,systemd-journal-remote"
    ",haproxy,socat,procps"
)
"""The packages needed to boot, those that the package depends on, and those that its guides use: the machine
has no network to download them. Debian 13 has libssl3t64 in place of libssl3."""

REQUESTORS = {"trixie": ",dcmtk,openssl"}
"""What tests run in the machine because the host may have it only in an older version, by suite."""

ASLEEP = ("haproxy.service",)
"""The services among them that Debian starts, and that only some tests need."""

LONGEST = 500
"""The seconds after which making a root has failed."""


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "echoscpd" / "system"


@contextmanager
def debian(suite: str) -> Iterator[Path]:
    """The folder with a Debian of this suite, to be booted with an overlay.

    Users hold the lock shared; a process that holds it exclusively makes the folder and removes that of last
    week.
    """
    year, week, _ = datetime.date.today().isocalendar()
    # A checkout with other packages has its own root.
    wanted = hashlib.sha256(" ".join((_packages(suite), *ASLEEP)).encode()).hexdigest()[:8]
    place = cache() / f"{suite}-{year}-{week:02}-{wanted}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{suite}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not place.is_dir():
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.is_dir():
                place = _make(suite, place)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield place


def _packages(suite: str) -> str:
    return PACKAGES + REQUESTORS.get(suite, "")


def _make(suite: str, place: Path) -> Path:
    """Makes the root, completely or not at all; if that fails, returns an older one."""
    draft = place.parent / f"{suite}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    made = subprocess.run(
        ["mmdebstrap", "--mode=root", "--variant=minbase", f"--include={_packages(suite)}"]
        + [f'--customize-hook=chroot "$1" systemctl --quiet disable {" ".join(ASLEEP)}']
        + [suite, str(draft)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    others = sorted(place.parent.glob(f"{suite}-[0-9]*-[0-9]*"))
    if made.returncode != 0:
        assert others, f"mmdebstrap: {made.stderr[-2000:]}"
        print(f"no new Debian ({made.stderr.strip().splitlines()[-1]}): using {others[-1].name}")
        return others[-1]
    draft.rename(place)
    this_week = place.name.rpartition("-")[0]
    for one in others:
        if not one.name.startswith(this_week):
            shutil.rmtree(one)
    return place
