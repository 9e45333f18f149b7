"""Runs pynetdicom's `echoscp` like `python -m pynetdicom echoscp`, but for more than ten associations.

The original rejects the eleventh association and has a backlog of five; a comparison with servers that hold
thousands would only show these two limits.
"""

from __future__ import annotations

from pynetdicom import AE
from pynetdicom.apps.echoscp import echoscp
from pynetdicom.transport import AssociationServer

MOST = 20_000
BACKLOG = 4096


class Hospitable(AE):
    """An application entity without the limit of associations."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        self.maximum_associations = MOST


if __name__ == "__main__":
    AssociationServer.request_queue_size = BACKLOG
    echoscp.AE = Hospitable
    echoscp.main()
