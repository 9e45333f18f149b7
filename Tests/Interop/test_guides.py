"""README and guides show exactly what the program prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from daemon import GIVEN, PROGRAM, REPOSITORY, Daemon, free_port, refused, wait_until
from peer import PATIENCE, SLACK

GUIDES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "packaging/docs").glob("*.md"))]
TEXT = "\n".join(path.read_text() for path in GUIDES)
PORT = "11113"
"""The port of the examples, which the tests replace by a free one."""

REQUESTOR = re.search(r"`(echoscu [^`]*) 127\.0\.0\.1 11113`", TEXT)
"""The requestor that the examples name."""


def _examples() -> list[tuple[str, str]]:
    """Each command in a console block that runs the program, with the output shown below it. Those with TLS are in
    `test_guide_to_tls.py`."""
    found: dict[str, str] = {}
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if command.startswith("echoscpd ") and not re.search("--(probe|tls-port)", command):
                assert found.setdefault(command, printed) == printed, command
    return list(found.items())


EXAMPLES = _examples()
SERVING = [(c, p) for c, p in EXAMPLES if not re.search(r"--(check|dump)-config", c)]
ASKING = [(c, p) for c, p in EXAMPLES if re.search(r"--(check|dump)-config", c)]


def _start(command: str, directory: Path, *given: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["bash", "-c", f'echoscpd() {{ "$ECHOSCPD" {" ".join(given)} "$@"; }}\n{command}'],
        env={**os.environ, "ECHOSCPD": str(PROGRAM)},
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _end_program(group: int) -> None:
    """Ends only the program among the processes of a command line, so that the others see its end."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            name, _, fields = (folder / "stat").read_text().partition(")")
            if int(fields.split()[2]) == group and name.endswith(f"({PROGRAM.name[:15]}"):
                os.kill(int(folder.name), signal.SIGTERM)


def _text_of(directory: Path, name: str) -> None:
    """Writes the file that an example shows with `cat`."""
    shown = re.search(rf"^\$ cat {re.escape(name)}\n((?:(?!\$ ).*\n)*)", TEXT, re.MULTILINE)
    assert shown, f"no guide shows {name}"
    (directory / name).write_text(shown[1])


def test_the_guides_have_the_examples_that_they_should() -> None:
    options = " ".join(command for command, _ in EXAMPLES)
    for option in ("-v", "-d", "-q", "-ll debug", "-xi", "-pdu 0 -aet MYAE", "--dump-config"):
        assert f" {option}" in options
    assert "--check-config --config broken.conf" in options


@pytest.mark.parametrize(("command", "printed"), SERVING, ids=[c for c, _ in SERVING])
def test_a_service_prints_what_is_shown(
    command: str, printed: str, echoscu_path: str, tmp_path: Path
) -> None:
    port = free_port()
    assert PORT in command and REQUESTOR
    process = _start(command.replace(PORT, str(port)), tmp_path, *GIVEN)
    try:
        assert wait_until(lambda: not refused(port)), f"{command} does not listen"
        call = [echoscu_path, *REQUESTOR[1].split()[1:], "127.0.0.1", str(port)]
        assert subprocess.run(call, timeout=PATIENCE, check=False).returncode == 0
    finally:
        _end_program(process.pid)
    output, _ = process.communicate(timeout=PATIENCE + SLACK)
    # Editors remove the space at the end of the second line.
    assert [line.rstrip() for line in output.splitlines()] == printed.splitlines()


@pytest.mark.parametrize(("command", "printed"), ASKING, ids=[c for c, _ in ASKING])
def test_what_is_asked_of_the_settings_is_answered_as_shown(
    command: str, printed: str, tmp_path: Path
) -> None:
    for name in re.findall(r"--config (\S+)", command):
        _text_of(tmp_path, name)
    output, _ = _start(command, tmp_path).communicate(timeout=PATIENCE)
    assert output.splitlines() == printed.splitlines()


def _plain(line: str) -> str:
    """A line of a probe without what differs from run to run: addresses, times and the SCP's software."""
    line = re.sub(r"(?<=at )\S+?:\d+|(?<=address: )\S+", "PLACE", line)
    return re.sub(r"(?<=peer: ).*(?=, max PDU)", "SOFTWARE", re.sub(r"\d+\.\d+", "N", line))


def test_a_probe_prints_what_is_shown(echoscpd: Callable[..., Daemon], tmp_path: Path) -> None:
    block = re.search(r"^```\n(\$ echoscpd --probe .*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert block
    examples = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)+)", block[1], re.MULTILINE)
    assert len(examples) == 2
    scp = echoscpd("-aet", "ARCHIVE", "--require-called-ae-title", "-pdu", "16384")
    for command, printed in examples:
        asked = command.replace("pacs.example:104", f"127.0.0.1:{scp.port}")
        output, _ = _start(asked, tmp_path).communicate(timeout=PATIENCE)
        assert [_plain(line) for line in output.splitlines()] == [
            _plain(line) for line in printed.splitlines()
        ]


def _anchors(path: Path) -> set[str]:
    """The anchors of the headings of a file in Markdown."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    plain = [re.sub(r"[^\w -]", "", heading.lower()) for heading in headings]
    return {text.replace(" ", "-") for text in plain}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_each_link_leads_somewhere(guide: Path) -> None:
    links = re.findall(r"""(?:\]\(|srcset="|src=")([^)\s"]+)""", guide.read_text())
    for link in links:
        if re.match(r"https?:", link):
            continue
        name, _, anchor = link.partition("#")
        path = guide.parent / name if name else guide
        assert path.exists(), link
        assert not anchor or anchor in _anchors(path), link
