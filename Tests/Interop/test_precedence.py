"""The precedence of settings: the default, the file, the files of its folder, the command line.

Each overrides those before it. `--dump-config` names the one in force, and the program follows it.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from configured import STANDARD_FILE, check, dump, faults, serving, write
from daemon import CONFIGURATION, Daemon, echo, free_port, refused, run_to_its_end
from replies import AssociateAC, AssociateRJ
from wire import associate_rq

Start = Callable[..., Daemon]


def our_title(scp: Daemon, *titles: str) -> str:
    """The program's own title among `titles`, found with require-called-ae-title."""
    ours = []
    for title in titles:
        with scp.connect() as peer:
            peer.send(associate_rq(called=title))
            reply = peer.receive()
            assert isinstance(reply, AssociateAC) or reply == AssociateRJ(1, 1, 7), reply
            ours += [title] if isinstance(reply, AssociateAC) else []
    assert len(ours) == 1, ours
    return ours[0]


LAYERS = ["default", "file", "10-a.conf", "9-b.conf", "command line"]
TITLES = ["ECHOSCP", "IN-FILE", "IN-10", "IN-9", "IN-LINE"]


@pytest.mark.parametrize("missing", [(), *itertools.combinations(range(1, 5), 1),
                                     *itertools.combinations(range(1, 5), 2),
                                     *itertools.combinations(range(1, 5), 3), (1, 2, 3, 4)],
                         ids=lambda each: "without " + (" ".join(map(str, each)) or "none"))
def test_the_last_source_counts(
    echoscpd: Start, tmp_path: Path, missing: tuple[int, ...]
) -> None:  # fmt: skip
    """Every combination of sources; in bytes, 10-a.conf comes before 9-b.conf."""
    path = write(tmp_path / "file", require_called_ae_title="yes")
    origins = ["default", f"{path}:4", f"{path}.d/10-a.conf:2", f"{path}.d/9-b.conf:2",
               "command line: --ae-title"]  # fmt: skip
    # Later files are written first: the time of a file must not matter.
    for index in (3, 2):
        if index not in missing:
            write(Path(path + ".d") / LAYERS[index], ae_title=TITLES[index])
    if 1 not in missing:
        write(Path(path), require_called_ae_title="yes", ae_title=TITLES[1])
    arguments = ["--config", path]
    if 4 not in missing:
        # Before --config: the position of an option must not matter.
        arguments = ["--ae-title", TITLES[4], *arguments]
    last = max(index for index in range(5) if index not in missing)
    dumped = dump(*arguments)["ae-title"]
    assert (dumped.value, dumped.origin) == (TITLES[last], origins[last])
    assert our_title(echoscpd(*arguments), *TITLES) == TITLES[last]


def test_the_files_of_the_folder_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    """The order does not depend on the locale. The test removes each file in turn, from the last to the first."""
    names = ["-.conf", "10-a.conf", "9-b.conf", "A.conf", "Z.conf", "_.conf", "a b.conf", "a.conf",
             "aa.conf", "z.conf", "ä.conf", "ｚ.conf"]  # fmt: skip
    assert names == sorted(names, key=lambda name: name.encode())
    path = write(tmp_path / "file", workers="1")
    folder = Path(path + ".d")
    for number, name in sorted(enumerate(names), key=lambda each: each[1][::-1]):
        write(folder / name, workers=str(number + 2))
    assert check(path).split(": ", 1)[1] == ", ".join(
        [path, *(f"{folder}/{name}" for name in names)]) + "\n"  # fmt: skip
    for number, name in reversed(list(enumerate(names))):
        dumped = dump("--config", path)["workers"]
        assert (dumped.value, dumped.origin) == (str(number + 2), f"{folder}/{name}:2")
        (folder / name).unlink()
    assert dump("--config", path)["workers"].origin == f"{path}:2"


@pytest.mark.parametrize(
    "name",
    [".conf", ".hidden.conf", "a.conf~", "a.conf.bak", "a.conf.dpkg-old", "a.CONF", "conf", "a",
     "aconf", "README", "a.conf "],
)  # fmt: skip
def test_other_files_of_the_folder_are_not_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "file")
    write(Path(path + ".d") / name, "this is not a configuration")
    assert path + ".d" not in check(path)


@pytest.mark.parametrize("name", ["caf\udce9.conf", "a\nb.conf", "a #b;.conf", '"a".conf'])
def test_a_file_of_the_folder_has_any_name(tmp_path: Path, name: str) -> None:
    """Any name that Linux allows, including one that is not UTF-8; messages show it on one line."""
    path = write(tmp_path / "file")
    write(Path(path + ".d") / name, workers="3")
    assert dump("--config", path)["workers"].value == "3"
    approval = check(path)
    assert approval.count("\n") == 1, f"a file name writes lines: {approval!r}"


def test_a_named_file_has_any_name(tmp_path: Path) -> None:
    path = write(tmp_path / "caf\udce9.conf", workers="3")
    assert dump("--config", path)["workers"].value == "3"


def test_the_folder_belongs_to_the_file_that_is_named(tmp_path: Path) -> None:
    first, second = write(tmp_path / "first"), write(tmp_path / "second")
    write(Path(first + ".d") / "a.conf", workers="2")
    assert dump("--config", first)["workers"].value == "2"
    assert dump("--config", second)["workers"].origin == "default"
    # Of two files on the command line, only the last is read, and its folder.
    assert dump("--config", first, "--config", second)["workers"].origin == "default"
    relative = run_to_its_end("--config", "first", "--dump-config", cwd=tmp_path)
    assert "# first.d/a.conf:2\n" in relative.stdout


def test_a_folder_in_the_folder_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "file")
    (Path(path + ".d") / "x.conf").mkdir(parents=True)
    (Path(path + ".d") / "y").mkdir()
    [fault] = faults(path)
    assert fault.startswith(f"{path}.d/x.conf: ") and "folder" in fault


def test_a_file_in_place_of_the_folder_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "file")
    Path(path + ".d").touch()
    [fault] = faults(path)
    assert fault.startswith(f"{path}.d: ")


def test_a_link_that_leads_nowhere_is_a_fault(tmp_path: Path) -> None:
    """Somebody wanted this file to be read; the message must not point to `--config`."""
    path = write(tmp_path / "file")
    write(Path(path + ".d") / "a.conf")
    (Path(path + ".d") / "b.conf").symlink_to("nowhere")
    [fault] = faults(path)
    assert fault.startswith(f"{path}.d/b.conf: no such file")
    assert "--config" not in fault


def test_faults_of_every_file_are_told_in_the_order_in_which_they_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "file", workers="x")
    for name in ("10.conf", "9.conf"):
        write(Path(path + ".d") / name, "\nport\n", workers="y")
    places = [fault.split(": ")[0] for fault in faults(path)]
    assert places == [f"{path}:2", f"{path}.d/10.conf:2", f"{path}.d/10.conf:4",
                      f"{path}.d/9.conf:2", f"{path}.d/9.conf:4"]  # fmt: skip


def test_a_fault_counts_even_where_a_later_source_is_right(tmp_path: Path) -> None:
    path = write(tmp_path / "file", workers="x")
    write(Path(path + ".d") / "a.conf", workers="2")
    done = run_to_its_end("--config", path, "--workers", "3", str(free_port()))
    assert done.returncode == CONFIGURATION, done
    assert done.stderr.startswith(f"{path}:2: workers: ")


LISTS = {
    # a list, another list, and the second as dumped
    "port": ("104, 105", "106 107", "106, 107"),
    "bind-address": ("127.0.0.1, ::1", "127.0.0.2", "127.0.0.2"),
    "allow-calling-ae-titles": ("CT1, CT2", '"MR 1"', '"MR 1"'),
    "allow-addresses": ("192.0.2.1", "192.0.2.0/24 ::1", "192.0.2.0/24, ::1"),
    "deny-addresses": ("192.0.2.1", "none", "none"),
}


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("way", ["folder", "command line"])
def test_a_later_list_replaces_an_earlier_one(tmp_path: Path, way: str, key: str) -> None:
    first, second, dumped = LISTS[key]
    name = key.replace("-", "_")
    path = write(tmp_path / "file", **{name: first})
    arguments = ["--config", path]
    if way == "folder":
        write(Path(path + ".d") / "a.conf", **{name: second})
    else:
        arguments += [second] if key == "port" else [f"--{key}", second]
    assert dump(*arguments)[key].value == dumped


def test_a_port_on_the_command_line_replaces_those_of_the_file(tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    path = write(tmp_path / "file", port=f"{ports[0]}, {ports[1]}", bind_address="127.0.0.1")
    with serving("--config", path, directory=tmp_path, port=ports[0]):
        assert [refused(port) for port in ports] == [False, False, True]
    with serving("--config", path, str(ports[2]), directory=tmp_path, port=ports[2]) as scp:
        assert [refused(port) for port in ports] == [True, True, False]
        echo(scp.port)
    origin = dump("--config", path, str(ports[2]))["port"].origin
    assert origin.startswith("command line: ") and "port" in origin


def test_a_setting_that_a_later_file_does_not_name_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "file", workers="3", drain_timeout="1")
    write(Path(path + ".d") / "a.conf", drain_timeout="2", acse_timeout="3")
    dumped = dump("--config", path, "-td", "4")
    assert [dumped[key].origin.removeprefix(path) for key in (
        "workers", "drain-timeout", "acse-timeout", "dimse-timeout", "network-timeout",
    )] == [":2", ".d/a.conf:2", ".d/a.conf:4", "command line: --dimse-timeout", "default"]  # fmt: skip


OPTIONS = {
    # the command line, the key it sets, and the option named as its origin
    "-aet X": ("ae-title", "--ae-title"),
    "--ae-title=X": ("ae-title", "--ae-title"),
    "-v": ("log-level", "--verbose"),
    "-ll info": ("log-level", "--log-level"),
    "-xe": ("prefer", "--prefer-little"),
    "--require-called-ae-title": ("require-called-ae-title", "--require-called-ae-title"),
    "-ba ::1": ("bind-address", "--bind-address"),
}


@pytest.mark.parametrize("words", OPTIONS)
def test_the_option_that_counts_is_named(tmp_path: Path, words: str) -> None:
    key, option = OPTIONS[words]
    path = write(tmp_path / "file", ae_title="F", log_level="debug", prefer="big",
                 require_called_ae_title="no", bind_address="127.0.0.1")  # fmt: skip
    assert dump("--config", path, *words.split())[key].origin == f"command line: {option}"


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    if STANDARD_FILE.exists() or Path(f"{STANDARD_FILE}.d").exists():
        pytest.skip(f"this machine has {STANDARD_FILE}")
    assert {setting.origin for setting in dump().values()} == {"default"}
    done = run_to_its_end("--check-config")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no file" in done.stdout


def test_a_folder_alone_does_not_make_up_for_a_named_file(tmp_path: Path) -> None:
    path = write(tmp_path / "file")
    write(Path(path + ".d") / "a.conf", workers="2")
    Path(path).unlink()
    [fault] = faults(path)
    assert fault.startswith(f"{path}: ")
    shutil.rmtree(path + ".d")
    assert len(faults(path)) == 1
