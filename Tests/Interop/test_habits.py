"""Habits from other programs, on the real command line and in real files.

The tables are those of `Tests/SettingsTests`; these tests check that the suggested commands work.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import OK, USAGE, Daemon, free_port, one_line, run_to_its_end

Start = Callable[..., Daemon]

UNKNOWN = 3
"""The exit status of a monitoring plugin that could not check anything."""

SUGGESTED = re.compile(r"\btype (?:echoscpd )?([^;]+);")
"""The command that a message suggests."""

LISTENING = {
    # the program or habit that the words come from, and the words
    "python -m http.server, redis": ["--port", "11499"],
    "sshd": ["-p", "11499"],
    "ssh": ["-p11499"],
    "nginx": ["--listen", "127.0.0.1:11499"],
    "socat": ["127.0.0.1:11499"],
    "go": [":11499"],
    "ss -l": ["[::]:11499"],
    "docker": ["11499/tcp"],
    "flask": ["--host", "127.0.0.1", "11499"],
    "netcat -l": ["localhost", "11499"],
    "dcm4che, title": ["-b", "ECHOSCP:11499"],
    "dcm4che, title and address": ["-b", "ECHOSCP@127.0.0.1:11499"],
    "dcm4che, long": ["--bind", "ECHOSCP@127.0.0.1:11499"],
    "DCMTK, dcmqrscp.cfg": ["--NetworkTCPPort", "11499"],
    "uvicorn": ["--port", "11499", "--host", "127.0.0.1"],
    "ip": ["bind", "127.0.0.1", "11499"],
}


@pytest.mark.parametrize("words", LISTENING.values(), ids=LISTENING)
def test_where_to_listen_as_other_programs_have_it(words: list[str]) -> None:
    """The program in the id takes the port this way; the message suggests a command that works here."""
    done = run_to_its_end(*words)
    assert (done.returncode, done.stdout) == (USAGE, "")
    right = SUGGESTED.search(one_line(done.stderr))
    assert right, done.stderr
    dump = run_to_its_end("--dump-config", *shlex.split(right[1]))
    assert dump.returncode == OK, dump
    assert re.search(r"^port = 11499 +# command line: port$", dump.stdout, re.MULTILINE)
    # The suggested command has an address only if the words have one.
    text = " ".join(words)
    is_bound = re.search(r"^bind-address = 127\.0\.0\.1 ", dump.stdout, re.MULTILINE)
    assert bool(is_bound) == ("127.0.0.1" in text or "localhost" in text)


PROBING = {
    # the program or habit that the words come from, and the words
    "echoscu of DCMTK": ["HOST", "PORT"],
    "with a title": ["ECHOSCP@HOST", "PORT"],
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("words", PROBING.values(), ids=PROBING)
def test_whom_to_ask_as_other_requestors_have_it(
    echoscpd: Start, words: list[str], host: str
) -> None:
    """DCMTK's echoscu takes the port as a word of its own; the probe asks it, and says so."""
    scp = echoscpd("--require-called-ae-title=no")
    given = [word.replace("HOST", host).replace("PORT", str(scp.port)) for word in words]
    target = f"{given[0]}:{scp.port}"
    called = "@" in target
    remark = f"echoscpd: understood as --probe {target}\n"
    done = run_to_its_end("--probe", *given)
    assert (done.returncode, done.stderr) == (OK, remark), done
    assert done.stdout.startswith(f"OK: {'ECHOSCP' if called else 'ANY-SCP'} at {host}:{scp.port}")
    # The JSON on standard output stays free of the remark.
    done = run_to_its_end("--probe", *given, "--json")
    assert (done.returncode, done.stderr) == (OK, remark)
    answer = json.loads(done.stdout)
    assert answer["ok"] and answer["port"] == scp.port
    quiet = run_to_its_end("--probe", *given, "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (OK, "", "")


ASKING = {
    # the program or habit that the words come from, and the words
    "uvicorn": ["--probe", "HOST", "--port", "PORT"],
    "uvicorn, in front": ["-p", "PORT", "--probe", "HOST"],
    "uvicorn, both": ["--probe", "--host", "HOST", "--port", "PORT"],
    "uvicorn, equals signs": ["--probe=HOST", "--port=PORT"],
    "check_tcp": ["--probe", "-H", "HOST", "-p", "PORT"],
    "dcm4che": ["--probe", "-c", "ECHOSCP@HOST:PORT"],
    "dcm4che, without --probe": ["--connect", "ECHOSCP@HOST:PORT"],
    "ping": ["echo", "HOST", "PORT"],
    "a browser": ["--probe", "dicom://ECHOSCP@HOST:PORT"],
}


@pytest.mark.parametrize("words", ASKING.values(), ids=ASKING)
def test_whom_to_ask_as_a_server_or_another_program_has_it(
    echoscpd: Start, words: list[str]
) -> None:
    """The program in the id takes the host this way; the message suggests a command that asks it."""
    scp = echoscpd("--require-called-ae-title=no")
    given = [word.replace("HOST", "127.0.0.1").replace("PORT", str(scp.port)) for word in words]
    done = run_to_its_end(*given)
    assert done.returncode in (USAGE, UNKNOWN) and done.stdout == ""
    right = SUGGESTED.search(one_line(done.stderr))
    assert right and right[1].startswith("--probe "), done.stderr
    asked = run_to_its_end(*shlex.split(right[1]))
    title = "ECHOSCP" if "ECHOSCP" in "".join(words) else "ANY-SCP"
    assert asked.returncode == OK, asked
    assert asked.stdout.startswith(f"OK: {title} at 127.0.0.1:{scp.port}")


def test_a_name_is_no_address_and_no_title() -> None:
    """NAME:PORT, as in ListenStream= of systemd, must not be read as a title and listen everywhere."""
    for name in ("pacs.hospital.example", "pacs.local", "PACS"):
        line = one_line(run_to_its_end("-ba", f"{name}:11112").stderr)
        assert f'"{name}:11112"' in line and "--bind-address" in line and not SUGGESTED.search(line)


def test_a_path_is_quoted_for_the_shell(tmp_path: Path) -> None:
    """nginx's -c and sshd's -f: the suggested command names the whole file, or no file."""
    path = tmp_path / "it's my file.conf"
    path.write_text("[network]\nport = 104\n")
    for option in ("-f", "-c"):
        line = one_line(run_to_its_end(option, str(path)).stderr)
        if len(str(path)) > 60:
            assert "--config" in line and path.name not in line
            continue
        right = SUGGESTED.search(line)
        assert right, line
        assert run_to_its_end("--check-config", *shlex.split(right[1])).returncode == OK
    line = one_line(run_to_its_end("-f", "/srv/" + "x" * 100).stderr)
    assert "--config" in line and "/srv/" not in line


@pytest.mark.parametrize("mark", ["\x1b[31m", "\u009b31m", "\u202e", "\u200b"])
def test_a_host_does_not_reach_the_terminal(mark: str) -> None:
    """Control characters in a pasted host name are escaped, and the probe asks no host."""
    done = run_to_its_end("--probe", f"T@a{mark}b:1")
    assert (done.returncode, done.stdout) == (UNKNOWN, "")
    assert "is not a host" in one_line(done.stderr) and mark not in done.stderr


NOT_ASKED = {
    "a list of ports": (["127.0.0.1:104,105"], "type --probe 127.0.0.1:104"),
    "a URL": (["dicom://127.0.0.1:104"], "type --probe 127.0.0.1:104"),
    "an en dash of a web page": (["–aec", "X", "127.0.0.1"], "type -aec, with a hyphen"),
    "two titles": (["A@127.0.0.1", "-aec", "B"], "conflicts with --called-ae-title"),
    "two ports": (["127.0.0.1", "104", "105"], "one port too many"),
    "the name of a port": (["127.0.0.1", "dicom"], "use its number, 104 or 11112"),
}


@pytest.mark.parametrize(("words", "answer"), NOT_ASKED.values(), ids=NOT_ASKED)
def test_whom_nobody_can_tell(words: list[str], answer: str) -> None:
    """The habit in the id is ambiguous: the probe asks no host, and the message names the right form."""
    done = run_to_its_end("--probe", *words)
    assert (done.returncode, done.stdout) == (UNKNOWN, "")
    assert answer in one_line(done.stderr)


def test_minus_v_in_capitals() -> None:
    """-V means --version, as in GNU programs and dcm4che."""
    assert run_to_its_end("-V").stdout == run_to_its_end("--version").stdout


def test_a_long_word_is_cut() -> None:
    """A whole document pasted as an option, a port, a host, a title and a file name."""
    paste = "x" * 5000
    for words in ([f"--{paste}"], [paste], ["--probe", f"{paste}!"], ["-aet", paste]):
        assert len(one_line(run_to_its_end(*words).stderr)) < 400
    path = "/tmp/" + "/".join(["y" * 200] * 15)
    line = one_line(run_to_its_end("--check-config", "--config", path).stderr)
    assert line.startswith("/tmp/yyy") and len(line) < 350


FILES = {
    # the program that the lines come from, and those lines
    "Orthanc": '{\n"DicomAet" : "ORTHANC",\n"DicomPort" : 4242\n}\n',
    "DCMTK": "NetworkTCPPort = 104\nMaxPDUSize = 16384\nHostTable BEGIN\n",
    "a YAML file": "network:\n  port: 11112\n  allow-calling-ae-titles: ['CT1', 'MR1']\n",
    "a word processor": "[network]\nport\u00a0= 104\nae-title = “X”\n",
    "TOML": "[access]\nallow-calling-ae-titles = ['CT1']\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_file_of_another_program(tmp_path: Path, text: str) -> None:
    """A file of the program in the id: every line gets a message, and the daemon does not start."""
    path = tmp_path / "other.conf"
    path.write_text(text, encoding="utf-8")
    done = run_to_its_end("-ba", "127.0.0.1", str(free_port()), "--config", str(path))
    assert done.returncode == 78
    for line in done.stderr.splitlines():
        assert re.match(rf"{re.escape(str(path))}:\d+: .*(; |: expected )", line) or "unknown key" in line
