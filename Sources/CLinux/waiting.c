#define _GNU_SOURCE
#include "waiting.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

#include "CLinux.h"

enum { nanoseconds = 1000000000, nanoseconds_of_ms = 1000000 };

static const uint64_t never = UINT64_MAX;

static struct timespec timespec_of(uint64_t time) {
  return (struct timespec){.tv_sec = (time_t)(time / nanoseconds),
                           .tv_nsec = (long)(time % nanoseconds)};
}

uint64_t cl_moment_in(int timeout_ms) {
  if (timeout_ms < 0) return never;
  return cl_monotonic_nanoseconds() + (uint64_t)timeout_ms * nanoseconds_of_ms;
}

int cl_wait_until(int fd, short events, uint64_t moment) {
  while (1) {
    const uint64_t now = cl_monotonic_nanoseconds();
    const struct timespec rest = timespec_of(moment > now ? moment - now : 0);
    struct pollfd entry = {.fd = fd, .events = events};
    const int ready = ppoll(&entry, 1, moment == never ? NULL : &rest, NULL);
    if (ready >= 0) return ready;
    if (errno != EINTR) return -errno;
  }
}

int cl_wait_writable(int fd, int timeout_ms) {
  return cl_wait_until(fd, POLLOUT, cl_moment_in(timeout_ms));
}

int cl_wait_readable(int fd, int timeout_ms) {
  return cl_wait_until(fd, POLLIN, cl_moment_in(timeout_ms));
}

int cl_has_input(int fd) { return cl_wait_readable(fd, 0); }

void cl_sleep(int milliseconds) {
  const struct timespec end = timespec_of(cl_moment_in(milliseconds < 0 ? 0 : milliseconds));
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) continue;
}
