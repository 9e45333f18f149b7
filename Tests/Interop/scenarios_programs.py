"""Scenarios of the differential test: third-party programs as requestors."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from scenario import Command

ECHOSCU = shutil.which("echoscu") or "echoscu"
STORESCU = shutil.which("storescu") or "storescu"
FINDSCU = shutil.which("findscu") or "findscu"
PYNETDICOM = (sys.executable, str(Path(__file__).with_name("pynetdicom_program.py")))

DCMTK = {
    "nothing else": (),
    "its names": ("-aet", "MODALITY1", "-aec", "ECHOSCP"),
    "two transfer syntaxes": ("-pts", "2"),
    "three transfer syntaxes": ("-pts", "3"),
    "128 presentation contexts": ("-ppc", "128"),
    "several presentation contexts": ("-ppc", "5", "-pts", "3"),
    "ten echoes": ("--repeat", "10"),
    "an abort instead of a release": ("--abort",),
    "a small maximum length": ("-pdu", "4096"),
    "the largest maximum length": ("-pdu", "131072"),
}

OTHERS = {
    "echoscu": ("echoscu", "HOST", "PORT"),
    "echoscu, its names": ("echoscu", "-aet", "MODALITY1", "-aec", "ECHOSCP", "HOST", "PORT"),
    "echoscu, five echoes": ("echoscu", "--repeat", "5", "HOST", "PORT"),
    "echoscu, an abort": ("echoscu", "--abort", "HOST", "PORT"),
    "echoscu, no limit": ("echoscu", "-pdu", "0", "HOST", "PORT"),
    "findscu": ("findscu", "-P", "-k", "PatientName=X", "HOST", "PORT"),
    "getscu": ("getscu", "-P", "-k", "PatientName=X", "HOST", "PORT"),
}

SCENARIOS = (
    [
        Command(f"echoscu: {name}", (ECHOSCU, *options, "HOST", "PORT"))
        for name, options in DCMTK.items()
    ]
    + [Command(f"pynetdicom: {name}", (*PYNETDICOM, *words)) for name, words in OTHERS.items()]
    + [
        Command("findscu", (FINDSCU, "-P", "-k", "0010,0010=X", "HOST", "PORT")),
        # Proposes storage and not Verification, whatever the file is.
        Command("storescu", (STORESCU, "HOST", "PORT", sys.executable)),
    ]
)
