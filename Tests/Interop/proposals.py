"""Requests with as many presentation contexts as devices propose."""

from __future__ import annotations

from wire import associate_rq, context, usual_items


def proposing(contexts: int, syntaxes: int) -> bytes:
    """So many contexts, all but the first with so many transfer syntaxes of their own."""
    names = [f"1.2.840.10008.1.2.4.{number}" for number in range(100, 100 + syntaxes)]
    others = (context(2 * number + 1, syntaxes=names) for number in range(1, contexts))
    return associate_rq(*usual_items(context(), *others))


MODALITY = proposing(15, 5)
"""Between 2 and 3 KiB, as many a device sends."""
ARCHIVE = proposing(128, 28)
"""About 100 KiB: all contexts that there may be, each with all transfer syntaxes."""
