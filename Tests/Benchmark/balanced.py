"""HAProxy in front of two servers: what the set-up costs, and how much of that is HAProxy's own."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from daemon import free_port
from figures import BALANCED, BALANCED_LIMIT
from host import Cores
from running import Running, cpu_seconds
from servers import Server

CONFIGURATION = """\
global
  maxconn 4000
  nbthread 1
defaults
  mode tcp
  timeout connect 3s
  timeout client 2m
  timeout server 2m
listen nodes
  bind 127.0.0.1:{port}
  balance leastconn
  default-server weight 1 {options}
"""
"""Of the configuration in packaging/haproxy, everything that has to do with forwarding connections; checks are off,
so that the figures are those of the load."""
NODES = 2
UNKNOWN = b"PROXY UNKNOWN\r\n"


def _node(program: Path) -> Server:
    return Server(
        "node",
        "echoscpd behind HAProxy",
        lambda port, _: [
            str(program), "--log-level", "warning", "--log-target", "stderr",
            "--config", os.devnull, "--bind-address", "127.0.0.1", "--workers", "1",
            "--proxy-port", str(port), "--proxy-trusted", "127.0.0.1", str(free_port()),
        ],
        preface=UNKNOWN,
    )  # fmt: skip


def balanced(daemon: Path, limit: Server) -> tuple[list[Server], str]:
    """HAProxy in front of two echoscpd, and in front of two limits; or the reason why there is none."""
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        return [], "haproxy: not installed (Debian package haproxy)"
    about = "HAProxy with one thread and two of them, all on the server's core"
    return [
        Server(
            BALANCED_LIMIT, "two limits behind HAProxy",
            lambda port, folder: _command(program, port, folder, ""),
            f"{about}; without a header", nodes=(limit,) * NODES,
        ),
        Server(
            BALANCED, "two echoscpd behind HAProxy",
            lambda port, folder: _command(program, port, folder, "send-proxy-v2"),
            f"{about}; each connection with a PROXY header, version 2", nodes=(_node(daemon),) * NODES,
        ),
    ], ""  # fmt: skip


def _command(program: str, port: int, folder: Path, options: str) -> list[str]:
    file = folder / "haproxy.cfg"
    ports = (folder / "nodes").read_text().split()
    nodes = "".join(f"  server node{one} 127.0.0.1:{one}\n" for one in ports)
    file.write_text(CONFIGURATION.format(port=port, options=options) + nodes)
    return [program, "-db", "-f", str(file)]


class Balanced(Running):
    """`with Balanced(server, cores) as it:` starts the nodes, then HAProxy."""

    def __init__(self, server: Server, cores: Cores) -> None:
        super().__init__(server, cores)
        self._nodes = [Running(replace(node, nodes=()), cores) for node in server.nodes]

    def __enter__(self) -> Balanced:
        try:
            for node in self._nodes:
                node.__enter__()
            (self.folder / "nodes").write_text(" ".join(str(node.port) for node in self._nodes))
            super().__enter__()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        for node in self._nodes:
            node.__exit__()

    def cpu_seconds(self) -> float:
        return self.balancer_seconds() + sum(node.cpu_seconds() for node in self._nodes)

    def balancer_seconds(self) -> float:
        return cpu_seconds(self.process.pid)


def running(server: Server, cores: Cores) -> Running:
    """The server, with its nodes if it has any."""
    return Balanced(server, cores) if server.nodes else Running(server, cores)
