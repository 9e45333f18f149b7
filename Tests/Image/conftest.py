"""The image that the tests share, and containers of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from archive import Image
from artifacts import LONGEST, Artifacts, make_twice, released
from container import Bundle, Container
from daemon import REPOSITORY
from narrator import Narrator
from packages import origin
from pki import PKI
from root import debian
from sandbox import Sandbox, obstacle, tool

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Narrator(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if problem := obstacle():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=problem))


def pytest_report_header() -> str:
    source = "that of" if released() else "made from the package in"
    return f"image: {source} {origin().name}"


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    """A Debian with the shared libraries."""
    with debian("bookworm") as folder:
        yield folder


@pytest.fixture(scope="session")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Artifacts]:
    """The image and the lists, made here in two ways."""
    (package,) = origin().glob("echoscpd_*.deb")
    return make_twice(root, package, tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def artifacts(made: Sequence[Artifacts]) -> Artifacts:
    """What a release page offers."""
    return released() or made[0]


@pytest.fixture(scope="session")
def image(artifacts: Artifacts) -> Image:
    return Image(artifacts.image)


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> PKI:
    return PKI(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def package_files(artifacts: Artifacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of the package."""
    folder = tmp_path_factory.mktemp("package")
    subprocess.run(
        ["dpkg-deb", "--extract", artifacts.package, folder], check=True, timeout=LONGEST
    )
    return folder


@pytest.fixture(scope="session")
def bundle(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The image, unpacked for a runtime."""
    skopeo, umoci = tool("skopeo", "skopeo"), tool("umoci", "umoci")
    folder = tmp_path_factory.mktemp("bundle")
    layout = f"{folder}/layout:image"
    for command in (
        [skopeo, "copy", "--quiet", f"docker-archive:{image.path}", f"oci:{layout}"],
        [umoci, "unpack", "--image", layout, f"{folder}/unpacked"],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)
    return Bundle(folder / "unpacked")


@pytest.fixture(scope="session")
def docker_path(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The folder with Docker's programs, or None if they are installed or cannot be downloaded. They are unpacked
    from Debian's packages: installing those would start an engine, or remove another one."""
    if shutil.which("dockerd"):
        return None
    folder = tmp_path_factory.mktemp("docker")
    download = ["apt-get", "--quiet", "download", "docker.io", "tini"]
    done = subprocess.run(
        download, cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    if done.returncode != 0:
        print(f"no Docker: {done.stderr.strip()}")
        return None
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", package, folder], check=True, timeout=LONGEST)
    return folder


@pytest.fixture(scope="session")
def sandbox(
    root: Path, docker_path: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """The namespaces that containers run in. The tests are in their network: it has no other programs, so
    each port is free. What they download, they have downloaded before."""
    assert root
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    try:
        with sandbox.network():
            yield sandbox
    finally:
        sandbox.close()


@pytest.fixture
def container(
    sandbox: Sandbox, bundle: Bundle, tmp_path: Path
) -> Iterator[Callable[..., Container]]:
    """Starts containers: `container("-aet", "X", user=0)`. See `Container` for the arguments.

    At the end of the test, each must still run, unless the test has waited for its end, and stop with success.
    """
    tool("runc", "runc")
    started: list[Container] = []

    def start(*options: str, **how: object) -> Container:
        one = Container(sandbox, bundle, tmp_path, *options, **how)  # type: ignore[arg-type]
        started.append(one)
        return one

    yield start
    try:
        for one in started:
            one.stop()
    finally:
        for one in started:
            one.destroy()


def compiled(source: Path, folder: Path, *options: str) -> Path:
    """The program or library made of a C file."""
    compiler = shutil.which("clang") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (clang, gcc or cc)")
    output = folder / source.stem
    subprocess.run(
        [compiler, "-std=gnu11", "-O2", "-Wall", "-Werror", *options, "-o", output, source],
        check=True,
        timeout=LONGEST,
    )
    # Any user of the container may use it.
    folder.chmod(0o755)
    return output


@pytest.fixture(scope="session")
def init(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first process for containers, like that of `docker run --init`."""
    return compiled(HERE / "init.c", tmp_path_factory.mktemp("init"), "-static")


@pytest.fixture(scope="session")
def descriptor_limit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library to preload: the program then sees a limit of 1,073,741,816 descriptors."""
    source = REPOSITORY / "Tests/Interop/descriptor_limit.c"
    folder = tmp_path_factory.mktemp("preloaded")
    return compiled(source, folder, "-fPIC", "-shared")
