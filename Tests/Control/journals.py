"""Journals with made-up records at chosen times, written by systemd-journal-remote from the export format."""

import subprocess
from pathlib import Path

JOURNAL_REMOTE = "/lib/systemd/systemd-journal-remote"
SECOND = 1_000_000
HOUR = 3600 * SECOND

# The numbers of the kinds of records, as in the message catalog.
STARTED = "d590f812779e4a8eb65627c91ffbde7d"
RELEASED = "37a819ae0d4c43d09f6a34a01359900b"
STOPPED = "fe097c27351048a78b7e3d071a1427aa"
HEALTH_CHECK = "2291530eabf14acba88683de03f45174"
RECORDS_DROPPED = "5776e0e37b3648f5b915f3c2e3e1991e"

# What journald itself adds to each record of the service.
TRUSTED = {
    "_TRANSPORT": "journal", "_UID": "997", "_GID": "997", "_PID": "1234", "_COMM": "echoscpd",
    "_EXE": "/usr/sbin/echoscpd", "_CMDLINE": "/usr/sbin/echoscpd", "_CAP_EFFECTIVE": "0",
    "_SYSTEMD_CGROUP": "/system.slice/echoscpd.service", "_SYSTEMD_UNIT": "echoscpd.service",
    "_SYSTEMD_SLICE": "system.slice", "_SYSTEMD_INVOCATION_ID": "5c0e3f8f8b3a4a6f9d3e1c2b4a596877",
    "_BOOT_ID": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "_MACHINE_ID": "00112233445566778899aabbccddeeff",
    "_HOSTNAME": "pacs",
}


class Journal:
    """Records in the order of their times, written to a folder of journal files."""

    def __init__(self):
        self.parts = []
        self.count = 0

    def add(self, time, fields, **trusted):
        """Adds a record at `time`, in microseconds since 1970. A value that is a list becomes several fields."""
        self.count += 1
        lines = [
            f"__CURSOR=s=0;i={self.count:x}", f"__REALTIME_TIMESTAMP={time}",
            f"__MONOTONIC_TIMESTAMP={self.count * 1000}",
        ]
        for name, value in {**TRUSTED, **trusted, "_SOURCE_REALTIME_TIMESTAMP": time, **fields}.items():
            for one in value if isinstance(value, list) else [value]:
                lines.append(f"{name}={one}")
        self.parts.append("\n".join(lines) + "\n\n")

    def write(self, folder):
        """Writes the records into a new folder, and returns it."""
        folder = Path(folder)
        folder.mkdir(parents=True)
        subprocess.run(
            [JOURNAL_REMOTE, "--split-mode=none", "-o", folder / "remote-pacs.journal", "-"],
            input="".join(self.parts).encode(), check=True, capture_output=True, timeout=300,
        )
        return folder


def started(level="info", title="MYPACS", **more):
    """The fields of the record of a start."""
    return {
        "MESSAGE": f"echoscpd 0.1.0 started as {title}", "PRIORITY": 6, "MESSAGE_ID": STARTED,
        "SYSLOG_IDENTIFIER": "echoscpd", "ECHOSCP_VERSION": "0.1.0", "ECHOSCP_LOG_LEVEL": level,
        "ECHOSCP_AE_TITLE": title, "ECHOSCP_LISTENERS": ["[::]:11112"], "ECHOSCP_SOCKETS": "passed", **more,
    }


def peer(title, address, called="MYPACS", association="798e498c6d407a14-1"):
    """The fields about a device that has requested an association."""
    return {
        "SYSLOG_IDENTIFIER": "echoscpd", "DICOM_CALLING_AE": title, "DICOM_CALLED_AE": called,
        "DICOM_PEER_ADDRESS": address, "DICOM_PEER_PORT": 40112,
        "DICOM_PEER_IMPLEMENTATION": "1.2.276.0.7230010.3.0.3.6.7 OFFIS_DCMTK_367",
        "DICOM_PEER_PRODUCT": "DCMTK", "DICOM_ASSOCIATION": association,
    }


def echoed(title, address, echoes=1, **more):
    """The fields of the record of an association with echoes."""
    return {
        "MESSAGE": f"{title} at {address}:40112 called MYPACS: {echoes} echo answered in 0.004 s, released",
        "PRIORITY": 6, "MESSAGE_ID": RELEASED, **peer(title, address), "DICOM_ECHOES": echoes,
        "DICOM_DURATION_MSEC": 4, **more,
    }


def rejected(title, address, called="MYPAC", **more):
    """The fields of the record of a rejected association."""
    return {
        "MESSAGE": f'{title} at {address}:40112 called {called}, but this is MYPACS ("S" is missing): '
        "association rejected (called AE title not recognized)",
        "PRIORITY": 4, "MESSAGE_ID": "a39dee3adabf4b05a81027039019ae86", **peer(title, address, called),
        "DICOM_REASON": "A-ASSOCIATE-RJ 1/1/7", "ECHOSCP_CAUSE": "called-ae-title", **more,
    }
