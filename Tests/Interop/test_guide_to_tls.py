"""What the guide to DICOM TLS types works as printed: its six commands for certificates, then echoscpd and each client
with these certificates. `Tests/System/test_recipes.py` runs what it types on an installed system."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import GIVEN, PROGRAM, REPOSITORY, Daemon, free_port, refused, wait_until
from journal import ASSOCIATION_RELEASED, Journal
from peer import PATIENCE, SLACK
from recipes import CERTIFICATES, recipes_of

GUIDE = (REPOSITORY / "packaging/docs/dicom-tls.md").read_text()
NAME, PORT = "pacs.example", "2762"
"""The host and the port of the examples, in place of which the tests connect to a program of theirs."""
PLAIN_PORT, TLS_PORT = "11113", "11114"
"""The ports that the guide gives a program started by hand."""
LONGEST = 30
"""The seconds that a command may take: Python and Java load a lot before they do anything."""


def _commands() -> dict[str, str]:
    """Each command in a console block, its lines joined, with the output shown below it."""
    found: dict[str, str] = {}
    for block in re.findall(r"^```console\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        joined = re.sub(r"\\\n *", "", block)
        found |= re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", joined, re.MULTILINE)
    return found


COMMANDS = _commands()


def _command(begin: str) -> str:
    (found,) = [command for command in COMMANDS if command.startswith(begin)]
    return found


def _block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the six commands have made the certificates."""
    place = tmp_path_factory.mktemp("guide")
    recipes = [text for text in recipes_of(GUIDE).values() if text.startswith(CERTIFICATES)]
    assert len(recipes) == 6
    for text in recipes:
        _run(["bash", "-c", text], place)
    return place


def _run(words: list[str], place: Path, status: int = 0) -> str:
    """What a command prints in the folder, on both outputs."""
    done = subprocess.run(
        words, cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    assert done.returncode == status, f"{shlex.join(words)}: {done.stdout}"
    return done.stdout


class Program:
    """The program that the guide starts by hand, on other ports."""

    def __init__(self, place: Path, *options: str) -> None:
        self.place = place
        self.plain, self.port = free_port(), free_port()
        words = shlex.split(_command("echoscpd 11113"))
        words = [{PLAIN_PORT: str(self.plain), TLS_PORT: str(self.port)}.get(x, x) for x in words]
        self._process = subprocess.Popen(
            [str(PROGRAM), *GIVEN, *words[1:], *options], cwd=place, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        listens = wait_until(lambda: not refused(self.plain) and not refused(self.port))
        assert listens, self.stop()

    def stop(self) -> list[str]:
        """Ends the program, and returns the lines that it has printed."""
        self._process.terminate()
        output, _ = self._process.communicate(timeout=PATIENCE + SLACK)
        return output.splitlines()

    def here(self, command: str) -> list[str]:
        """The words of a command of the guide that asks `pacs.example`, for this program."""
        words = [
            word.replace(f"{NAME}:{PORT}", f"{NAME}:{self.port}") for word in shlex.split(command)
        ]
        return [{NAME: "127.0.0.1", PORT: str(self.port)}.get(word, word) for word in words]


@pytest.fixture
def program(folder: Path) -> Iterator[Program]:
    program = Program(folder)
    yield program
    program.stop()


def test_the_certificates_are_what_the_guide_says(folder: Path) -> None:
    check = ["openssl", "verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose"]
    _run([*check, "sslserver", "-verify_hostname", NAME, "echoscpd.pem"], folder)
    _run([*check, "sslclient", "ct1.pem"], folder)
    for purpose, name in ("sslclient", "echoscpd.pem"), ("sslserver", "ct1.pem"):
        _run([*check, purpose, name], folder, status=2)
    said = _run(["openssl", "x509", "-in", "ct1.pem", "-noout", "-subject"], folder)
    assert "CN = CT1" in said or "CN=CT1" in said
    for key in "ca.key", "echoscpd.key", "ct1.key", "ct1.p12":
        assert (folder / key).stat().st_mode & 0o077 == 0, f"others can read {key}"
    _run(["openssl", "pkcs12", "-in", "ct1.p12", "-passin", "pass:secret", "-noout"], folder)


def test_by_hand_it_prints_what_is_shown(folder: Path, echoscu_path: str) -> None:
    program = Program(folder)
    device = program.here(_command("echoscu"))
    device[0] = echoscu_path
    shown = COMMANDS[_command("echoscu")].splitlines()
    assert _run(device, folder).splitlines() == shown
    trusting = device.index("+cf")
    _run([*device[:trusting], *device[trusting + 2 :]], folder, status=1)
    _run([*device[:-2], "+pa", *device[-2:]], folder, status=1)
    printed = [re.sub(r"127\.0\.0\.1:\d+", "192.0.2.7:40112", line) for line in program.stop()]
    assert printed == COMMANDS[_command("echoscpd 11113")].splitlines()


def _plain(line: str) -> str:
    """A line of a probe without what differs from run to run: addresses, times, dates and days."""
    line = re.sub(r"(?<=at )\S+?:\d+|(?<=address: )\S+", "PLACE", line)
    return re.sub(r"\d+ days left, until [\d-]+", "DAYS", re.sub(r"\d+\.\d{3}(?=ms|\b)", "N", line))


def test_a_probe_prints_what_is_shown(program: Program) -> None:
    command = _command("echoscpd --probe")
    words = [str(PROGRAM), *program.here(command)[1:]]
    words[words.index("127.0.0.1")] += f":{program.port}"
    printed = _run([*words, "--server-name", NAME], program.place).splitlines()
    assert [_plain(x) for x in printed] == [_plain(x) for x in COMMANDS[command].splitlines()]


def test_pynetdicom(program: Program) -> None:
    text = _block("python").replace(f'"{NAME}", {PORT}', f'"127.0.0.1", {program.port}')
    assert str(program.port) in text
    assert _run([sys.executable, "-c", text], program.place) == "0000H\n"


def test_the_stores_of_java(folder: Path) -> None:
    """What `keytool` makes; the options of dcm4che name only files that are made."""
    words = shlex.split(_command("storescu"))
    made = {"ct1.p12", "ca.p12"}
    assert {words[words.index(option) + 1] for option in ("--key-store", "--trust-store")} == made
    if shutil.which("keytool") is None:
        pytest.skip("keytool is not installed")
    (folder / "ca.p12").unlink(missing_ok=True)
    _run(shlex.split(_command("keytool")), folder)
    assert (folder / "ca.p12").exists()


def test_the_configuration_of_orthanc_is_json() -> None:
    settings = json.loads(_block("json"))
    modality = settings["DicomModalities"]["echoscpd"]
    assert (modality["Host"], modality["Port"], modality["UseDicomTls"]) == (NAME, int(PORT), True)


def test_the_record_of_a_device_without_a_certificate(
    folder: Path, echoscpd: Callable[..., Daemon], journal: Journal, echoscu_path: str
) -> None:
    shown = re.search(r"compare this with .* record .*-->\n```\n(.*)\n```", GUIDE)
    assert shown
    port = free_port()
    echoscpd(
        *("--tls-port", str(port), "--tls-certificate", str(folder / "echoscpd.pem")),
        *("--tls-private-key", str(folder / "echoscpd.key")),
        *("--tls-ca-certificates", str(folder / "ca.pem"), "--log-target", "journal"),
        wrapper=journal.wrapper,
    )
    device = [echoscu_path, "-aet", "CT1", "-aec", "ECHOSCP", "+tla", "+cf", "ca.pem"]
    _run([*device, "127.0.0.1", str(port)], folder)
    entry = journal.wait_for(1, MESSAGE_ID=ASSOCIATION_RELEASED)
    assert "certificate-missing" in entry["ECHOSCP_NOTES"]
    said, expected = (
        re.sub(r"[\d.]+:\d+|\d\.\d{3} s", "N", text) for text in (entry["MESSAGE"][0], shown[1])
    )
    assert said.startswith(expected)
