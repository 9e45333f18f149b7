"""Requests with as many presentation contexts as devices propose."""

from __future__ import annotations

from wire import associate_rq, context, usual_items


def proposing(contexts: int, syntaxes: int) -> bytes:
    """A request with `contexts` contexts, all but the first with `syntaxes` transfer syntaxes each."""
    names = [f"1.2.840.10008.1.2.4.{number}" for number in range(100, 100 + syntaxes)]
    others = (context(2 * number + 1, syntaxes=names) for number in range(1, contexts))
    return associate_rq(*usual_items(context(), *others))


MODALITY = proposing(15, 5)
"""A request of 2 to 3 KiB, like those of many devices."""
ARCHIVE = proposing(128, 28)
"""A request of about 100 KiB: the maximum number of contexts, each with all transfer syntaxes."""
