"""DCMTK's `storescu`, which proposes storage: it must learn that there is none here, and end.

The association is accepted with every context refused, because the standard has no rejection for this case;
the log must show what was proposed and by whom.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from daemon import ACCEPTING, Daemon, one_echo
from journal import Journal

Start = Callable[..., Daemon]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The smallest CT image that `storescu` agrees to send."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data_set = FileDataset(str(tmp_path / "image.dcm"), {}, file_meta=meta, preamble=bytes(128))
    data_set.SOPClassUID = CTImageStorage
    data_set.SOPInstanceUID = "1.2.3.4.5"
    data_set.PatientName = "Nobody"
    data_set.PatientID = "1"
    path = tmp_path / "image.dcm"
    data_set.save_as(path, enforce_file_format=True)
    return path


def storescu(program: str, scp: Daemon, image: Path, *options: str) -> tuple[int, str]:
    done = subprocess.run(
        [program, "-v", *options, scp.host, str(scp.port), str(image)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_storage_alone_finds_no_acceptable_context(
    echoscpd: Start, storescu_path: str, echoscu_path: str, image: Path
) -> None:
    scp = echoscpd("-v")
    status, output = storescu(storescu_path, scp, image)
    assert status != 0
    assert "No Acceptable Presentation Contexts" in output

    scp.wait_for_line("W: ")
    assert scp.lines()[0] == ACCEPTING

    # The program keeps serving.
    subprocess.run([echoscu_path, scp.host, str(scp.port)], timeout=30, check=True)
    assert scp.stop()[-3:] == one_echo()


@pytest.mark.parametrize(
    ("title", "options"), [("STORESCU", ()), ("ARCHIVE USER", ("-aet", "ARCHIVE USER", "+C"))],
    ids=["one storage class", "all storage classes together"],
)  # fmt: skip
def test_the_journal_has_the_cause_and_the_peer(
    echoscpd: Start, journal: Journal, storescu_path: str, echoscu_path: str, image: Path,
    title: str, options: tuple[str, ...],
) -> None:  # fmt: skip
    scp = echoscpd("--log-target", "journal", wrapper=journal.wrapper)
    status, output = storescu(storescu_path, scp, image, *options)
    assert status != 0
    assert "No Acceptable Presentation Contexts" in output
    entry = journal.wait_for(ECHOSCP_CAUSE="no-verification-context", PRIORITY="4")
    assert entry["DICOM_CALLING_AE"] == [title] and entry["DICOM_PEER_ADDRESS"] == ["127.0.0.1"]
    subprocess.run([echoscu_path, scp.host, str(scp.port)], timeout=30, check=True)
    journal.wait_for(DICOM_CALLING_AE="ECHOSCU", DICOM_ECHOES="1")
    assert len(journal.find(DICOM_PEER_ADDRESS="127.0.0.1", PRIORITY="4")) == 1
