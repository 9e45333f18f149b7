"""status: one screen about the service, problems first. The units are tested with a real systemd."""

from journals import HEALTH_CHECK, HOUR, RECORDS_DROPPED, SECOND, STOPPED, Journal, echoed, rejected, started


def test_the_screen(control, now):
    journal = Journal()
    journal.add(now - 30 * HOUR, started(
        ECHOSCP_TLS_LISTENERS="[::]:2762", ECHOSCP_TLS_SUBJECT="CN=mypacs.example", ECHOSCP_TLS_DAYS=43))
    journal.add(now - 26 * HOUR, echoed("CT1", "192.0.2.7", echoes=1000))
    for hour in range(20, 0, -1):
        journal.add(now - hour * HOUR, echoed("CT1", "192.0.2.7"))
    journal.add(now - HOUR + SECOND, {**echoed("CT1", "192.0.2.7", echoes=70), "ECHOSCP_REPEATED": 35})
    journal.add(now - 600 * SECOND, rejected("CT1", "192.0.2.7"))
    journal.add(now - 540 * SECOND, {**rejected("CT1", "192.0.2.7"), "ECHOSCP_REPEATED": 9})
    journal.add(now - 500 * SECOND, {
        "MESSAGE": "192.0.2.50: health check", "PRIORITY": 6, "MESSAGE_ID": HEALTH_CHECK,
        "DICOM_PEER_ADDRESS": "192.0.2.50", "ECHOSCP_CAUSE": "health-check", "ECHOSCP_REPEATED": 360,
    })
    read = control(journal)
    lines = read("status", status=0)
    print(*lines, sep="\n")
    assert lines[0].startswith("OK: according to the journal, echoscpd answers as MYPACS since ")
    report = read.json("status", status=0)
    assert report["echoes"] == 90 and report["failures"] == 10 and report["health_checks"] == 360
    assert report["causes"] == [{"cause": "called-ae-title", "count": 10}]
    assert report["records_summed_up"] == 34 + 8 + 359 and report["records_dropped"] == 0
    assert report["tls_listeners"] == ["[::]:2762"]
    assert report["certificate"] == {"subject": "CN=mypacs.example", "days_left": 42}
    assert read.json("status", "--since", "48h")["echoes"] == 1090
    # Without a command, this is the report.
    assert read("--since", "24h")[0] == lines[0]


def test_what_needs_attention(control, now):
    journal = Journal()
    journal.add(now - 48 * HOUR, started(ECHOSCP_TLS_SUBJECT="CN=mypacs.example", ECHOSCP_TLS_DAYS=9))
    journal.add(now - HOUR, {
        "MESSAGE": "records dropped: 17, the journal is too slow or stopped", "PRIORITY": 4,
        "MESSAGE_ID": RECORDS_DROPPED, "ECHOSCP_CAUSE": "records-dropped", "ECHOSCP_REPEATED": 17,
    })
    read = control(journal)
    report = read.json("status", status=1)
    assert [finding["verdict"] for finding in report["findings"]] == ["warning", "warning", "ok"]
    assert "expires in 7 days; renew tls-certificate" in report["findings"][0]["text"]
    assert report["findings"][1]["failure"]["cause"] == "records-dropped" and report["records_dropped"] == 17
    assert "on this host: " in " ".join(read("status", status=1))


def test_a_refused_reload_is_settled_by_a_good_one(control, now):
    refused = {
        "MESSAGE": "reload refused: the configuration has errors", "PRIORITY": 3,
        "MESSAGE_ID": "206704ff772b496f8bed51555f0dbb9d", "ECHOSCP_CAUSE": "config-invalid",
    }
    journal = Journal()
    journal.add(now - 3 * HOUR, started())
    journal.add(now - 2 * HOUR, refused)
    bad = control(journal)
    assert "config-invalid" in " ".join(bad("status", status=1))
    journal.add(now - HOUR, {**started(), "MESSAGE_ID": "9ac93403862440d29d7edf4b239cb642"})
    journal.write(bad.folder.parent / "later")
    bad.folder = bad.folder.parent / "later"
    assert bad.json("status", status=0)["findings"][0]["verdict"] == "ok"


def test_a_service_that_stopped(control, now):
    journal = Journal()
    journal.add(now - 3 * HOUR, started())
    journal.add(now - HOUR, {"MESSAGE": "stopped", "PRIORITY": 6, "MESSAGE_ID": STOPPED})
    assert control(journal)("status", status=2)[0].startswith(
        "CRITICAL: according to the journal, echoscpd has not run since "
    )


def test_a_journal_without_echoscpd(control, now):
    journal = Journal()
    journal.add(now - HOUR, started(), _SYSTEMD_UNIT="other.service")
    read = control(journal)
    assert read("status", status=1)[0] == "WARNING: the journal has no start of echoscpd"
    assert read.json("status", "--unit", "other.service", status=0)["verdict"] == "ok"
    assert "expected a name such as echoscpd.service" in read.refusal("status", "--unit", "echoscpd")


def test_echoes_with_very_many_numbers(control, now):
    journal = Journal()
    for number in range(300):
        journal.add(now - HOUR + number, echoed("CT1", "192.0.2.7", echoes=number))
    assert control(journal).json("status")["echoes"] == sum(range(300))
