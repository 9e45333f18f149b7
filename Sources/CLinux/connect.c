#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int is_ipv4(const struct cl_address *address) {
  const struct in6_addr *in6 = (const struct in6_addr *)address->bytes;
  return IN6_IS_ADDR_V4MAPPED(in6);
}

static struct sockaddr_in ipv4(uint32_t address, uint16_t port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr.s_addr = address,
  };
}

/// Connects `fd` without waiting.
static int begin_connect(int fd, const struct cl_address *peer) {
  int result;
  if (is_ipv4(peer)) {
    uint32_t address;
    memcpy(&address, peer->bytes + 12, sizeof address);
    struct sockaddr_in in = ipv4(address, peer->port);
    result = connect(fd, (struct sockaddr *)&in, sizeof in);
  } else {
    struct sockaddr_in6 in6 = {
        .sin6_family = AF_INET6,
        .sin6_port = htons(peer->port),
        .sin6_scope_id = peer->scope,
    };
    memcpy(&in6.sin6_addr, peer->bytes, 16);
    result = connect(fd, (struct sockaddr *)&in6, sizeof in6);
  }
  return result < 0 && errno != EINPROGRESS && errno != EINTR ? -errno : 0;
}

/// The port is chosen by connect(2), which knows the peer: the same one may do for several peers.
static int bind_address(int fd, uint32_t source) {
  int on = 1;
  if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0) return -errno;
  struct sockaddr_in in = ipv4(htonl(source), 0);
  return bind(fd, (struct sockaddr *)&in, sizeof in) < 0 ? -errno : 0;
}

int cl_connect(struct cl_address peer, uint32_t source) {
  int family = is_ipv4(&peer) ? AF_INET : AF_INET6;
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

struct cl_resolution cl_resolve(const uint8_t *name, size_t n) {
  struct cl_resolution resolution = {.result = -EINVAL};
  char text[256];
  if (n == 0 || n >= sizeof text || memchr(name, 0, n) != NULL) return resolution;
  memcpy(text, name, n);
  text[n] = 0;
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  if (getaddrinfo(text, NULL, &hints, &found) != 0) return resolution;
  if (found->ai_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)found->ai_addr;
    resolution.address.bytes[10] = resolution.address.bytes[11] = 0xFF;
    memcpy(resolution.address.bytes + 12, &in->sin_addr, 4);
    resolution.result = 0;
  } else if (found->ai_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)found->ai_addr;
    memcpy(resolution.address.bytes, &in6->sin6_addr, 16);
    resolution.address.scope = in6->sin6_scope_id;
    resolution.result = 0;
  }
  freeaddrinfo(found);
  resolution.is_ipv4 = is_ipv4(&resolution.address);
  return resolution;
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
