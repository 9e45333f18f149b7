"""peers: a row for each device, problems first."""

import re

from journals import HEALTH_CHECK, HOUR, SECOND, Journal, echoed, peer, rejected, started


def rows(lines):
    """The cells of the rows, without what stands below them."""
    found = [line for line in lines if re.match(r"(failing|absent|no-echo|check|ok) ", line)]
    return [re.split(r"  +", line) for line in found]


def small(now):
    """A journal with one device of each state."""
    journal = Journal()
    journal.add(now - 20 * HOUR, started())
    journal.add(now - 3 * HOUR, echoed("CT1", "192.0.2.7"))
    journal.add(now - 2 * HOUR, echoed("US 3", "192.0.2.10", echoes=4))
    journal.add(now - HOUR, {**echoed("MR1", "192.0.2.9", echoes=0), "MESSAGE": "MR1: no C-ECHO-RQ"})
    journal.add(now - HOUR, {
        "MESSAGE": "192.0.2.50: health check", "PRIORITY": 6, "MESSAGE_ID": HEALTH_CHECK,
        "SYSLOG_IDENTIFIER": "echoscpd", "DICOM_PEER_ADDRESS": "192.0.2.50", "ECHOSCP_CAUSE": "health-check",
        "ECHOSCP_REPEATED": 360,
    })
    journal.add(now - 180 * SECOND, rejected("CT1", "192.0.2.7"))
    journal.add(now - 120 * SECOND, {
        **rejected("CT1", "192.0.2.7"), "ECHOSCP_REPEATED": 41,
    })
    return journal


def test_problems_come_first_with_their_remedy(control, now):
    lines = control(small(now))("peers", status=2)
    found = rows(lines)
    print(*lines, sep="\n")
    assert [row[:3] for row in found] == [
        ["failing", "CT1", "192.0.2.7"], ["no-echo", "MR1", "192.0.2.9"],
        ["check", "-", "192.0.2.50"], ["ok", '"US 3"', "192.0.2.10"],
    ]
    assert [row[-2:] for row in found] == [["1", "42"], ["0", "0"], ["0", "0"], ["4", "0"]]
    assert found[0][4:6] == ["3 h ago", "1"] and found[1][4] == "never"
    below = " ".join(line.strip() for line in lines[3:9])
    assert "called-ae-title, 41 times: CT1 at 192.0.2.7:40112 called MYPAC" in below
    assert "on the device: Enter this host's AE title" in below
    assert lines[0] == "CRITICAL: 4 devices in the last 24 h: 1 failing, 1 no-echo, 1 check, 1 ok"


def test_a_device_section_that_never_came_is_a_row(control, now, tmp_path):
    journal = small(now)
    config = tmp_path / "echoscp.conf"
    config.write_text("[device US 3]\naddress = 192.0.2.10\n[device XA1]\naddress = 192.0.2.99\n")
    read = control(journal)
    lines = read("peers", "--config", config, status=1)
    assert rows(lines)[1][:2] == ["absent", "XA1"]
    assert [row["state"] for row in read.json("peers", "--config", config)["peers"] if row["is_configured"]] == [
        "absent", "ok"
    ]
    config.write_text("[device US 3]\naddress = nonsense\n")
    assert "echoscp.conf:2: address: " in read.refusal("peers", "--config", config)


def test_an_absent_device_has_its_last_echo_before_the_period(control, now, tmp_path):
    journal = Journal()
    journal.add(now - 80 * HOUR, echoed("XA1", "192.0.2.99"))
    journal.add(now - HOUR, echoed("CT1", "192.0.2.7"))
    config = tmp_path / "echoscp.conf"
    config.write_text("[device XA1]\naddress = 192.0.2.99\n")
    read = control(journal)
    assert rows(read("peers", "--config", config, status=1))[0][:5] == ["absent", "XA1", "192.0.2.99", "-", "3 d ago"]
    assert rows(read("peers", "--config", config, "--since", "7d", status=0))[0][:2] == ["ok", "CT1"]


def test_failing_shows_only_what_needs_attention(control, now):
    found = rows(control(small(now))("peers", "--failing", status=2))
    assert [row[1] for row in found] == ["CT1"]


def test_the_order(control, now):
    journal = Journal()
    for minutes, title, address, echoes in [(3, "CT10", "192.0.2.9", 1), (2, "CT2", "192.0.2.10", 5)]:
        journal.add(now - minutes * 60 * SECOND, echoed(title, address, echoes))
    read = control(journal)
    order = {
        "state": ["CT2", "CT10"], "title": ["CT2", "CT10"], "address": ["CT10", "CT2"], "last": ["CT2", "CT10"],
        "echoes": ["CT2", "CT10"], "failures": ["CT2", "CT10"],
    }
    for name, titles in order.items():
        assert [row[1] for row in rows(read("peers", "--sort", name, status=0))] == titles, name
    assert "state, title, address" in read.refusal("peers", "--sort", "size")


def test_the_period(control, now):
    read = control(small(now))
    assert read("peers", "--since", "60s", status=0)[0].startswith("OK: no device in the time since ")
    assert len(rows(read("peers", "--since", "150s"))) == 1
    assert 'not a time: expected a time such as 24h' in read.refusal("peers", "--since", "soon")


def test_a_forged_record_of_another_program_does_not_count(control, now):
    journal = Journal()
    journal.add(now - 60 * SECOND, echoed("CT1", "192.0.2.7"))
    journal.add(now - 30 * SECOND, rejected("CT1", "192.0.2.7"), _SYSTEMD_UNIT="mallory.service")
    read = control(journal)
    assert rows(read("peers", status=0))[0][0] == "ok"
    assert read.json("status")["failures"] == 0 and read.json("peer", "CT1", status=0)["failures"] == 0


def test_no_byte_of_a_record_controls_the_terminal(control, now):
    journal = Journal()
    journal.add(now - 60 * SECOND, rejected("CT\x1b[31m1", "192.0.2.7"))
    lines = control(journal)("peers", status=2)
    assert "\x1b" not in "".join(lines) and "CT" in rows(lines)[0][1]


def test_failures_of_many_addresses_are_told(control, now):
    journal = Journal()
    journal.add(now - 60 * SECOND, {
        "MESSAGE": "called-ae-title: 900 in 60 s, from 300 addresses", "PRIORITY": 4,
        "MESSAGE_ID": "a39dee3adabf4b05a81027039019ae86", "SYSLOG_IDENTIFIER": "echoscpd",
        "ECHOSCP_CAUSE": "called-ae-title", "ECHOSCP_REPEATED": 900, "ECHOSCP_ADDRESSES": 300,
        "ECHOSCP_LARGEST": "192.0.2.1 4",
    })
    read = control(journal)
    assert "note: 900 failures of many addresses are in no row: the service sums them up" in read("peers", status=0)
    assert read.json("peers")["failures_in_no_row"] == 900
    assert read.json("status")["causes"] == [{"cause": "called-ae-title", "count": 900}]


def test_successes_that_are_not_logged_are_told(control, now):
    journal = Journal()
    journal.add(now - HOUR, started(level="warning"))
    journal.add(now - 60 * SECOND, rejected("CT1", "192.0.2.7"))
    read = control(journal)
    for command in (["peers"], ["status"], ["peer", "CT1"]):
        assert "successes are not logged at log-level warning" in " ".join(read(*command)), command
    assert read.json("peers")["journal"]["hides_successes"] is True


def test_a_record_without_a_title_has_a_row_of_its_address(control, now):
    journal = Journal()
    record = {**peer("", "192.0.2.7"), "MESSAGE": "192.0.2.7:1: aborted: HTTP on a DICOM port", "PRIORITY": 4,
              "MESSAGE_ID": "14929f5ea50546ef8011912a863f2988", "ECHOSCP_CAUSE": "http-on-dicom-port"}
    del record["DICOM_CALLING_AE"]
    journal.add(now - 60 * SECOND, record)
    # Scanners and browsers are strangers: they do not change the exit status.
    assert rows(control(journal)("peers", status=0))[0][:3] == ["failing", "-", "192.0.2.7"]
