"""peer: the story of one device."""

from journals import HOUR, SECOND, Journal, echoed, peer, rejected, started

# The body of an A-ASSOCIATE-RQ to MYPAC from CT1, whose only transfer syntax is longer than the item around it.
BODY = (
    "00010000" + b"MYPAC".ljust(16).hex() + b"CT1".ljust(16).hex() + "00" * 32
    + "10000015" + b"1.2.840.10008.3.1.1.1".hex()
    + "2000001d" "01000000" "30000011" + b"1.2.840.10008.1.1".hex() + "40000011"
)
REQUEST = f"0100{len(BODY) // 2:08x}{BODY}"


def test_the_story(control, now):
    journal = Journal()
    journal.add(now - 60 * HOUR, started())
    journal.add(now - 50 * HOUR, echoed("CT1", "192.0.2.6"))
    journal.add(now - 2 * HOUR, echoed("CT1", "192.0.2.7", echoes=3))
    journal.add(now - HOUR, {**peer("", "192.0.2.7"), "DICOM_CALLING_AE": [],
        "MESSAGE": "192.0.2.7:40112: TLS handshake failed: sent no certificate", "PRIORITY": 4,
        "MESSAGE_ID": "d9722de071d24a48a80d4e505cb690c4", "ECHOSCP_CAUSE": "certificate-missing"})
    journal.add(now - 60 * SECOND, rejected("CT1", "192.0.2.7"))
    read = control(journal)
    lines = read("peer", "CT1", status=2)
    print(*lines, sep="\n")
    text = " ".join(line.strip() for line in lines)
    assert lines[0].startswith("CRITICAL: CT1: its last attempt failed, ")
    assert "3 echoes, 1 failure" in text and "CT1 at 192.0.2.7" in text and "CT1 at 192.0.2.6" not in text
    assert "certificate-missing: 192.0.2.7:40112: TLS handshake failed" in text
    assert "on the device: Install a certificate for clients" in text
    assert lines[-1] == f"more: journalctl -D {read.folder} -u echoscpd.service -x DICOM_CALLING_AE=CT1"
    story = read.json("peer", "CT1", status=2)
    assert [failure["cause"] for failure in story["last_failures"]] == ["called-ae-title", "certificate-missing"]
    assert sum(hour["echoes"] for hour in story["hours"]) == 3 and story["hours"][23]["failures"] == 1
    assert story["first_seen"] < story["last_echo"] < story["last_seen"]
    assert story["request"] is None
    # The address has the story of every title that came from it.
    assert read.json("peer", "192.0.2.7", status=2)["failures"] == 2


def test_a_device_that_did_not_come_lately(control, now):
    journal = Journal()
    journal.add(now - 50 * HOUR, echoed("CT1", "192.0.2.7"))
    for minute in range(3):
        journal.add(now - 40 * HOUR + minute * SECOND, rejected("CT1", "192.0.2.7"))
    read = control(journal)
    lines = read("peer", "CT1", status=1)
    assert lines[0].startswith("WARNING: CT1: it did not come in the last 24 h; its last record is of ")
    story = read.json("peer", "CT1", status=1)
    assert story["echoes"] == story["failures"] == 0 and story["last_echo"] == story["first_seen"]
    assert len(story["last_failures"]) == 3


def test_an_unknown_device(control, now):
    journal = Journal()
    journal.add(now - HOUR, echoed("CT1", "192.0.2.7"))
    read = control(journal)
    lines = read("peer", "CT9", status=3)
    assert lines[0].startswith("UNKNOWN: CT9: the journal, kept since ") and "echoscpctl watch" in " ".join(lines)
    assert read.json("peer", "CT9", status=3)["state"] is None


def test_the_bytes_of_a_refused_request(control, now):
    journal = Journal()
    journal.add(now - HOUR, {**rejected("CT1", "192.0.2.7"), "DICOM_PDU": REQUEST})
    read = control(journal)
    lines = read("peer", "CT1", "--request")
    print(*lines, sep="\n")
    assert " called-ae-title: CT1 at 192.0.2.7:40112 called MYPAC" in lines[0]
    assert lines[1] == f"A-ASSOCIATE-RQ, {len(REQUEST) // 2} bytes"
    assert any(line.startswith("   10  4d 59 50 41 43 20") and line.endswith('called AE title "MYPAC"') for line in lines)
    assert any("1.2.840.10008.1.1, Verification SOP Class" in line for line in lines)
    assert any(line.startswith("  128  40 00 00 11") and "<-- item 40H at byte 128 is longer than" in line for line in lines)
    parts = read.json("peer", "CT1", "--request")["request"]["parts"]
    assert "".join(part["bytes"] for part in parts) == REQUEST
    # Each part begins where the one before ends.
    ends = [part["offset"] + len(part["bytes"]) // 2 for part in parts]
    assert [part["offset"] for part in parts] == [0, *ends[:-1]]


def test_no_bytes_of_a_refused_request(control, now):
    journal = Journal()
    journal.add(now - HOUR, rejected("CT1", "192.0.2.7"))
    assert "the journal has no refused request of it" in control(journal)("peer", "CT1", "--request")[0]


def test_a_title_with_a_space_and_a_quotation_mark(control, now):
    journal = Journal()
    journal.add(now - HOUR, echoed("CT 1's", "192.0.2.7"))
    lines = control(journal)("peer", "CT 1's", status=0)
    assert lines[-1].endswith("-x 'DICOM_CALLING_AE=CT 1'\\''s'")
