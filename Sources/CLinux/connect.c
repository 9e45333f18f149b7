#define _GNU_SOURCE
#include "CLinux.h"
#include "addresses.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/// Starts connecting `fd`, without waiting.
static int begin_connect(int fd, const struct cl_address *peer) {
  struct sockaddr_storage storage;
  const socklen_t size = cl_to_socket_address(peer, &storage);
  const int result = connect(fd, (struct sockaddr *)&storage, size);
  return result < 0 && errno != EINPROGRESS && errno != EINTR ? -errno : 0;
}

/// Leaves the port to connect(2), which knows the peer: one port may serve several peers.
static int bind_address(int fd, uint32_t source) {
  int on = 1;
  if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0) return -errno;
  const struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
  return bind(fd, (const struct sockaddr *)&in, sizeof in) < 0 ? -errno : 0;
}

int cl_connect(struct cl_address peer, uint32_t source) {
  int family = cl_is_ipv4(&peer) ? AF_INET : AF_INET6;
  int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return -errno;
  int on = 1;
  int result = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ? -errno : 0;
  if (result == 0 && source != 0) result = bind_address(fd, source);
  if (result == 0) result = begin_connect(fd, &peer);
  if (result < 0) {
    close(fd);
    return result;
  }
  return fd;
}

int cl_wait_connected(int fd, int timeout_ms) {
  const int ready = cl_wait_writable(fd, timeout_ms);
  if (ready < 0) return ready;
  if (ready == 0) return 1;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return -errno;
  return -error;
}

static int resolve_failure(int error) {
  switch (error) {
    case EAI_NONAME:
    case EAI_NODATA: return cl_resolve_unknown;
    case EAI_AGAIN: return cl_resolve_unanswered;
    default: return cl_resolve_failed;
  }
}

int cl_resolve(const uint8_t *name, size_t n, struct cl_address *out, int room) {
  char text[256];
  if (n == 0 || n >= sizeof text || memchr(name, 0, n) != NULL) return cl_resolve_unknown;
  memcpy(text, name, n);
  text[n] = 0;
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  const int error = getaddrinfo(text, NULL, &hints, &found);
  if (error != 0) return resolve_failure(error);
  int count = 0;
  for (const struct addrinfo *one = found; one != NULL && count < room; one = one->ai_next) {
    if (one->ai_family != AF_INET && one->ai_family != AF_INET6) continue;
    struct sockaddr_storage storage;
    memcpy(&storage, one->ai_addr, one->ai_addrlen);
    cl_from_socket_address(&storage, &out[count++]);
  }
  freeaddrinfo(found);
  return count > 0 ? count : cl_resolve_unknown;
}

uint64_t cl_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t cl_cpu_microseconds(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) < 0) return 0;
  return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
         (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int cl_is_terminal(int fd) { return isatty(fd); }

int cl_terminal_columns(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? -errno : size.ws_col;
}
