"""Runs pynetdicom's `echoscp` as `python -m pynetdicom echoscp` does, for more than ten at once.

It rejects the eleventh association, and its backlog has five places: beside servers that hold
thousands, a comparison would show no more than these two numbers.
"""

from __future__ import annotations

from pynetdicom import AE
from pynetdicom.apps.echoscp import echoscp
from pynetdicom.transport import AssociationServer

MOST = 20_000
BACKLOG = 4096


class Hospitable(AE):
    """An application entity that turns nobody away."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        self.maximum_associations = MOST


if __name__ == "__main__":
    AssociationServer.request_queue_size = BACKLOG
    echoscp.AE = Hospitable
    echoscp.main()
