"""DCMTK's `storescu`, which wants storage: it must learn that there is none here, and go.

The association is accepted with every context refused, because the standard has no rejection for
it; whoever looks at the log must find out what was proposed and by whom.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from daemon import ACCEPTING, Daemon, one_echo

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
    for warning in scp.warnings():
        assert "127.0.0.1" in warning and "STORESCU" in warning

    # And it goes on.
    subprocess.run([echoscu_path, scp.host, str(scp.port)], timeout=30, check=True)
    assert scp.stop()[-3:] == one_echo()


def test_all_storage_classes_together(
    echoscpd: Start, storescu_path: str, echoscu_path: str, image: Path
) -> None:
    scp = echoscpd("-v")
    status, output = storescu(storescu_path, scp, image, "-aet", "ARCHIVE USER", "+C")
    assert status != 0
    assert "No Acceptable Presentation Contexts" in output
    assert "ARCHIVE USER" in scp.wait_for_line("W: ")
    subprocess.run([echoscu_path, scp.host, str(scp.port)], timeout=30, check=True)
    assert scp.stop()[-3:] == one_echo()
