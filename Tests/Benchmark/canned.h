// What the yardsticks limit.c and limit_tls.c have in common: one thread and level-triggered epoll, and fixed
// answers to the requests of an echo. They read only the PDU type, the length and the Message ID of a message, to
// know which answers are due.
//
// PS3.8 §9.3 specifies the PDUs, PS3.7 Table 9.3-13 the C-ECHO-RSP.
#pragma once

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  associate_rq = 1,
  p_data_tf = 4,
  release_rq = 5,
  header_size = 6,
  backlog = 4096,
  batch = 256,
  accepts = 16,
  // The most bytes of one receive; a longer PDU than this is not an echo.
  input_size = 64 << 10,
  // With these minimum lengths, no answer is more than three times as long as its request.
  shortest_associate_rq = 74,
  shortest_echo = 74,
  // The offset of its value in both the C-ECHO-RQ and the C-ECHO-RSP.
  message_id = 68,
};

#define IMPLICIT_LITTLE_ENDIAN "\x40\0\0\x11" "1.2.840.10008.1.2"
#define IMPLEMENTATION_CLASS "\x52\0\0\x2b" "2.25.36926363655196465725956248066685837952"
#define IMPLEMENTATION_VERSION "\x55\0\0\x05" "LIMIT"

/// Accepts presentation context 1, which every requestor of an echo proposes.
static const char associate_ac[] =
    "\2\0\0\0\0\xbe" "\0\1\0\0" "LIMIT           " "REQUESTOR       "
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\x10\0\0\x15" "1.2.840.10008.3.1.1.1"
    "\x21\0\0\x19" "\1\0\0\0" IMPLICIT_LITTLE_ENDIAN
    "\x50\0\0\x40" "\x51\0\0\4\0\0\x40\0" IMPLEMENTATION_CLASS IMPLEMENTATION_VERSION;

static const char echo_rsp[] =
    "\4\0\0\0\0\x54" "\0\0\0\x50\1\3"
    "\0\0\0\0" "\4\0\0\0" "\x42\0\0\0"
    "\0\0\2\0" "\x12\0\0\0" "1.2.840.10008.1.1\0"
    "\0\0\0\1" "\2\0\0\0" "\x30\x80"
    "\0\0\x20\1" "\2\0\0\0" "\0\0"
    "\0\0\0\x08" "\2\0\0\0" "\1\1"
    "\0\0\0\x09" "\2\0\0\0" "\0\0";

static const char release_rp[] = "\6\0\0\0\0\4\0\0\0\0";

/// The bytes of an incomplete PDU, kept until the rest arrives.
struct rest {
  size_t size;
  unsigned char bytes[];
};

static struct rest **rests; // by descriptor
static unsigned char input[input_size], output[4 * input_size];

static inline void fail(const char *what) {
  perror(what);
  exit(1);
}

static inline size_t append(size_t size, const char *answer, size_t answer_size) {
  memcpy(output + size, answer, answer_size);
  return size + answer_size;
}

/// Writes the answers to the complete PDUs in the input, and sets `*used` to their size. Returns the size of the
/// answers, or -1 if the input has anything but valid PDUs.
static inline ssize_t answer(size_t count, size_t *used) {
  size_t size = 0, at = 0;
  while (count - at >= header_size) {
    const unsigned char *pdu = input + at;
    uint32_t length;
    memcpy(&length, pdu + 2, sizeof length);
    const size_t whole = header_size + (size_t)ntohl(length);
    if (whole > input_size) return -1;
    if (whole > count - at) break;
    if (pdu[0] == p_data_tf && whole >= shortest_echo) {
      size = append(size, echo_rsp, sizeof echo_rsp - 1);
      unsigned char *response = output + size - (sizeof echo_rsp - 1);
      memcpy(response + message_id, pdu + message_id, 2);
    } else if (pdu[0] == associate_rq && whole >= shortest_associate_rq) {
      size = append(size, associate_ac, sizeof associate_ac - 1);
    } else if (pdu[0] == release_rq && whole >= sizeof release_rp - 1) {
      size = append(size, release_rp, sizeof release_rp - 1);
    } else {
      return -1;
    }
    at += whole;
  }
  *used = at;
  return (ssize_t)size;
}

/// Keeps the bytes of the next, incomplete PDU in place of those kept before.
static inline void keep(int fd, const unsigned char *bytes, size_t size) {
  free(rests[fd]);
  rests[fd] = NULL;
  if (size == 0) return;
  struct rest *rest = malloc(sizeof *rest + size);
  if (rest == NULL) fail("malloc");
  rest->size = size;
  memcpy(rest->bytes, bytes, size);
  rests[fd] = rest;
}

static inline void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

/// Accepts as many waiting connections as echoscpd does in one wakeup, so that both make the same system calls; if
/// more are waiting, the poller reports it again.
static inline void welcome(int epoll, int listener, void (*serve)(int)) {
  for (int i = 0; i < accepts; i++) {
    const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) fail("accept4");
      return;
    }
    watch(epoll, fd);
    serve(fd);
  }
}

static inline int listen_at(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0) fail("socket");
  // Accepted connections inherit it.
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) fail("setsockopt");
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) fail("setsockopt");
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(fd, backlog) < 0) fail("listen");
  return fd;
}

/// The port in the text of a command line, or 0 if there is none.
static inline uint16_t port_of(const char *text) {
  const int port = atoi(text);
  return port <= 0 || port > UINT16_MAX ? 0 : (uint16_t)port;
}

/// Allows as many connections as the system does, and returns the number of descriptors.
static inline size_t most_descriptors(void) {
  struct rlimit descriptors;
  if (getrlimit(RLIMIT_NOFILE, &descriptors) < 0) fail("getrlimit");
  descriptors.rlim_cur = descriptors.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &descriptors) < 0) fail("setrlimit");
  return descriptors.rlim_max;
}

/// Serves all connections to `port`, each with `serve` when it has input.
static inline void run(uint16_t port, void (*serve)(int fd)) {
  rests = calloc(most_descriptors(), sizeof *rests);
  if (rests == NULL) fail("calloc");

  const int listener = listen_at(port), epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  watch(epoll, listener);
  for (;;) {
    struct epoll_event events[batch];
    const int count = epoll_wait(epoll, events, batch, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == listener) {
        welcome(epoll, listener, serve);
      } else {
        serve(events[i].data.fd);
      }
    }
  }
}
