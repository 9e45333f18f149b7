"""Tells how late this machine lets an urgent process run: `yardstick.py` sleeps a millisecond again
and again until its standard input ends, and prints how much longer that took, as a p99 in
microseconds.

It knows nothing of the program under test. What it waits for is a processor: one that other programs
have, or one that the host of this machine has given to somebody else.
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
