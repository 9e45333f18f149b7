/// Waiting up to a moment, for the files of this target only.
#pragma once

#include <stdint.h>

/// The moment `timeout_ms` from now, in nanoseconds of CLOCK_MONOTONIC; one that does not come when
/// `timeout_ms` is negative.
uint64_t cl_moment_in(int timeout_ms);
/// Waits for `events` of poll(2) at `fd`: 1 when there are any, 0 when `moment` has come, -errno. A
/// signal does not put `moment` off.
int cl_wait_until(int fd, short events, uint64_t moment);
