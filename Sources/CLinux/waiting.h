/// Waiting with a deadline, for this target only.
#pragma once

#include <stdint.h>

/// The moment `timeout_ms` from now, in nanoseconds of CLOCK_MONOTONIC; one that never comes
/// if `timeout_ms` is negative.
uint64_t cl_moment_in(int timeout_ms);
/// Waits for `events` of poll(2) at `fd`: 1 if there are any, 0 once `moment` has come, or -errno. Signals
/// do not postpone `moment`.
int cl_wait_until(int fd, short events, uint64_t moment);
