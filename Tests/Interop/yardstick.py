"""Measures how late this machine lets an urgent process run: `yardstick.py` repeatedly sleeps a millisecond
until its standard input ends, and prints how much longer that took, as a p99 in microseconds.

It is independent of the program under test. The delay is the wait for a processor that other programs use, or
that the host of this machine has given to another guest.
"""

from __future__ import annotations

import select
import sys
import time

PAUSE = 0.001


def main() -> None:
    late = []
    while True:
        begun = time.monotonic()
        if select.select([sys.stdin], [], [], PAUSE)[0]:
            break
        late.append(time.monotonic() - begun - PAUSE)
    late.sort()
    print(late[len(late) * 99 // 100] * 1e6 if late else 0)


if __name__ == "__main__":
    main()
