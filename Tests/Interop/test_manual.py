"""The manual pages and the completions, tested with the programs that display them."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon import OK, REPOSITORY, run_to_its_end, wait_until
from peer import PATIENCE
from recipes import GUIDES, lines_of, recipes_of

PAGES = sorted((REPOSITORY / "packaging/man").iterdir())
COMPLETIONS = REPOSITORY / "packaging/completions"
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")

QUESTIONS: dict[str, tuple[str, set[str]]] = {
    # the text before Tab, and the offers; DIR is a folder with two files
    "short options": ("-x", {"-x=", "-xe", "-xb", "-xi"}),
    "long options": ("--prefer-", {"--prefer-uncompr", "--prefer-little", "--prefer-big"}),
    "one option": ("--workers", {"--workers"}),
    "an action": ("-v 104 --check", {"--check-config"}),
    "behind an equals sign": ("-x= --work", {"--workers"}),
    "a value": ("--log-level d", {"debug"}),
    "a value of a short option": ("-ll w", {"warning"}),
    "an attached value": ("--log-level=d", {"debug"}),
    "an attached value of a short option": ("-ll=d", {"debug"}),
    "a value that may be missing": ("--require-called-ae-title=", {"yes", "no"}),
    "no value where one may be missing": ("--require-called-ae-title ", set()),
    "auto": ("--workers ", {"auto"}),
    "a value that nobody knows": ("-aet ", set()),
    "a port": ("", set()),
    "a file": ("--config DIR/", {"one.conf", "two.conf"}),
    "an attached file": ("--config=DIR/o", {"one.conf"}),
    "the end of options": ("-- --work", set()),
}

Offers = Callable[[str], set[str]]


def _needed(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed (Debian package {package})")
    return path


def _output(*command: str, **environment: str) -> str:
    """The output of a program, which must succeed and write nothing to standard error."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        check=False,
    )
    assert (done.returncode, done.stderr) == (OK, "")
    return done.stdout


def _usual_names() -> set[str]:
    """Every option name in `--help`."""
    text = run_to_its_end("--help").stdout
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*(?:=(?=,))?(?=[ ,\n[])", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_man(page: Path) -> None:
    man = _needed("man", "man-db")
    text = _output(man, "--warnings", "-E", "UTF-8", "-l", str(page), MANWIDTH="80")
    assert all(len(line) <= 80 for line in text.splitlines())
    assert page.stem in text
    if page.suffix == ".8":
        assert len(_usual_names()) > 30
        for name in _usual_names():
            head = rf"^ +(?:-.*, )?{re.escape(name)}(?![\w-])"
            assert re.search(head, text, re.MULTILINE), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_man_displays_lines_as_they_are_typed(page: Path) -> None:
    """No line of an example is broken, and no hyphen or quotation mark becomes another character."""
    text = _output(_needed("man", "man-db"), "-E", "UTF-8", "-l", str(page), MANWIDTH="80")
    shown = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines_of(page.read_text()) if line]
    assert len(lines) > 4
    for line in lines:
        assert line in shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_mandoc(page: Path) -> None:
    mandoc = _needed("mandoc", "mandoc")
    assert _output(mandoc, "-T", "lint", "-W", "warning", str(page)) == ""


@pytest.mark.parametrize("guide", GUIDES)
def test_recipes_can_be_typed_and_pasted(guide: str) -> None:
    """Each line fits into a terminal, has only characters of any keyboard, and no prompt."""
    recipes = recipes_of((REPOSITORY / "packaging/docs" / guide).read_text())
    print(f"{len(recipes)} recipes")
    assert len(recipes) > 5
    for commands in recipes.values():
        for line in commands.splitlines():
            assert len(line) <= 80 and line.isascii(), line
            assert not line.lstrip().startswith(("$ ", "# ")), line


def test_the_pages_point_to_each_other() -> None:
    for page in PAGES:
        others = page.read_text().partition(".Sh SEE ALSO")[2]
        for other in PAGES:
            reference = f".Xr {other.stem} {other.suffix[1:]}"
            assert other == page or reference in others, f"{page.name}: no {other.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_groff(page: Path) -> None:
    assert _output(_needed("groff", "groff-base"), "-mdoc", "-Tutf8", "-ww", "-z", str(page)) == ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whatis(page: Path) -> None:
    """The index of manual pages finds the name and the description."""
    line = _output(_needed("lexgrog", "man-db"), str(page))
    assert line.startswith(f'{page}: "{page.stem} - ')


def _bash(line: str, *sources: Path) -> set[str]:
    """The completion function's COMPREPLY for a line, split into words as bash does."""
    words = re.findall(r"=|[^ =]+", line) + ([""] if line.endswith(" ") else [])
    script = """
      for file in $SOURCES; do source "$file" || exit; done
      COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _echoscpd
      ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
    """
    files = [*sources, COMPLETIONS / "echoscpd.bash"]
    command = [_needed("bash", "bash"), "--norc", "--noprofile", "-c", script, "bash", *words]
    return set(_output(*command, LINE=line, SOURCES=" ".join(map(str, files))).splitlines())


@pytest.fixture
def bash_alone() -> Offers:
    return _bash


@pytest.fixture
def bash_with_helpers() -> Offers:
    if not BASH_COMPLETION.exists():
        pytest.skip("bash-completion is not installed (Debian package bash-completion)")
    return lambda line: _bash(line, BASH_COMPLETION)


@pytest.fixture
def fish(tmp_path: Path) -> Offers:
    program = _needed("fish", "fish")
    script = f'source {COMPLETIONS / "echoscpd.fish"}; complete -C "$LINE"'

    def offers(line: str) -> set[str]:
        text = _output(program, "--no-config", "-c", script, LINE=line, HOME=str(tmp_path))
        return {offer.partition("\t")[0] for offer in text.splitlines()}

    return offers


ZSH = """
PROMPT= RPROMPT= ; unsetopt zle_bracketed_paste ; fpath=($COMPLETIONS $fpath)
autoload -Uz compinit ; compinit -u -C -d $DUMP
compadd() {
  local -a offers
  if [[ ${@[1,(i)(-|--)]} != *-[ADO]\\ * ]]; then
    builtin compadd -A offers "$@"
    (( $#offers )) && print -rl -- $offers >>$FOLDER/offers
  fi
  builtin compadd "$@"
}
ask() {
  BUFFER=$LINE CURSOR=$#LINE
  zle complete-word
  print -rn -- "$BUFFER" >$FOLDER/line
  BUFFER=
  : >$FOLDER/answered
}
zle -N ask ; bindkey '^X' ask ; : >$FOLDER/ready
"""
"""Makes Ctrl-X complete LINE. The offers are written to a file, since a terminal shows them in columns, and
so is the completed line."""


def _zsh(line: str, folder: Path) -> tuple[set[str], str]:
    """The offers at the end of a line, and the line after the first Tab.

    The index of all completions stays in the parent folder for the next call.
    """
    program = _needed("zsh", "zsh")
    (folder / "setup").write_text(ZSH)
    environment = {
        "LINE": line,
        "FOLDER": str(folder),
        "COMPLETIONS": str(COMPLETIONS),
        "DUMP": str(folder.parent / "zcompdump"),
    }
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [program, "-f", "-i"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment},
    )
    os.close(slave)
    try:
        os.write(master, b"source $FOLDER/setup\n")
        assert wait_until((folder / "ready").exists), os.read(master, 65536)
        os.write(master, b"\x18")
        assert wait_until((folder / "answered").exists), os.read(master, 65536)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    offers = folder / "offers"
    return (
        set(offers.read_text().splitlines()) if offers.exists() else set(),
        (folder / "line").read_text(),
    )


@pytest.fixture
def zsh(tmp_path_factory: pytest.TempPathFactory) -> Offers:
    return lambda line: _zsh(line, tmp_path_factory.mktemp("zsh"))[0]


@pytest.fixture(params=["bash_alone", "bash_with_helpers", "fish", "zsh"])
def shell(request: pytest.FixtureRequest) -> Offers:
    offers: Offers = request.getfixturevalue(request.param)
    return offers


@pytest.mark.parametrize(("typed", "expected"), QUESTIONS.values(), ids=QUESTIONS)
def test_completion(shell: Offers, tmp_path: Path, typed: str, expected: set[str]) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("one.conf", "two.conf"):
        (folder / name).touch()
    offers = shell(f"echoscpd {typed.replace('DIR', str(folder))}")
    # A shell may repeat the text before a value.
    is_option = all(offer.startswith("-") for offer in expected)
    plain = offers if is_option else {re.split("[=/]", offer)[-1] for offer in offers}
    assert plain == expected


def test_every_option_is_offered(shell: Offers) -> None:
    assert shell("echoscpd -") >= {name for name in _usual_names() if not name.startswith("--")}
    assert shell("echoscpd --") >= {name for name in _usual_names() if name.startswith("--")}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("-ae-t", {"-ae-title"}), ("--xe", {"--xe"}), ("-log-level d", {"debug"})],
)
def test_bash_takes_either_dash(bash_alone: Offers, typed: str, expected: set[str]) -> None:
    assert bash_alone(f"echoscpd {typed}") == expected


@pytest.mark.parametrize("flag", ["-x=", "-xe", "--prefer-uncompr"])
def test_zsh_offers_no_contradiction(zsh: Offers, flag: str) -> None:
    assert zsh(f"echoscpd {flag} -x") == zsh(f"echoscpd {flag} --prefer-") == set()
    assert not zsh("echoscpd -v -") & {"-d", "--debug", "-q", "--quiet"}
    assert "--log-level" in zsh(f"echoscpd {flag} -v -")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("--log-l", "--log-level="),
        ("--log-level=d", "--log-level=debug "),
        ("--prefer-u", "--prefer-uncompr "),
        ("104 --verb", "104 --verbose "),
        ("", ""),
    ],
)
def test_zsh_completes_at_once(tmp_path: Path, typed: str, completed: str) -> None:
    assert _zsh(f"echoscpd {typed}", tmp_path)[1] == f"echoscpd {completed}"
