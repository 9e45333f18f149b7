#define _GNU_SOURCE
#include "CLinux.h"
#include "addresses.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { max_events = 64 };

const uint32_t cl_epoll_in = EPOLLIN;
const uint32_t cl_epoll_out = EPOLLOUT;
const uint32_t cl_epoll_in_exclusive = (uint32_t)EPOLLIN | (uint32_t)EPOLLEXCLUSIVE;

#define RETRY(call)                    \
  ({                                   \
    ssize_t result_;                   \
    do {                               \
      result_ = (call);                \
    } while (result_ < 0 && errno == EINTR); \
    result_ < 0 ? -errno : result_;    \
  })

// The calls made for every connection and every message bypass the C library's own functions: those are
// cancellation points, and mark each entry and exit as such. No thread is ever canceled here.

int cl_epoll_create(void) { return (int)RETRY(epoll_create1(EPOLL_CLOEXEC)); }

static int epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return (int)RETRY(epoll_ctl(epoll, operation, fd, &event));
}

int cl_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_ADD, fd, events, token);
}

int cl_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_MOD, fd, events, token);
}

int cl_epoll_remove(int epoll, int fd) { return epoll_control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int cl_epoll_wait(int epoll, struct cl_event *out, int n, int timeout_ms) {
  struct epoll_event events[max_events];
  if (n > max_events) n = max_events;
  int count = (int)syscall(SYS_epoll_pwait, epoll, events, n, timeout_ms, NULL, 0);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    out[i].token = events[i].data.u64;
    out[i].events = events[i].events;
  }
  return count;
}

int cl_is_connected(int fd) {
  struct sockaddr_storage peer;
  socklen_t size = sizeof peer;
  return getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
}

int cl_is_ipv4(const struct cl_address *address) {
  static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

socklen_t cl_to_socket_address(const struct cl_address *address, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  if (cl_is_ipv4(address)) {
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    in->sin_family = AF_INET;
    in->sin_port = htons(address->port);
    memcpy(&in->sin_addr, address->bytes + 12, 4);
    return sizeof *in;
  }
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(address->port);
  in6->sin6_scope_id = address->scope;
  memcpy(&in6->sin6_addr, address->bytes, 16);
  return sizeof *in6;
}

void cl_from_socket_address(const struct sockaddr_storage *address, struct cl_address *out) {
  memset(out, 0, sizeof *out);
  if (address->ss_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    out->bytes[10] = out->bytes[11] = 0xFF;
    memcpy(out->bytes + 12, &in->sin_addr, 4);
    out->port = ntohs(in->sin_port);
  } else if (address->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    memcpy(out->bytes, &in6->sin6_addr, 16);
    out->port = ntohs(in6->sin6_port);
    out->scope = in6->sin6_scope_id;
  }
}

static int set_option(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof value);
}

// The size of the kernel's buffer for a peer in each direction, in bytes, which it doubles. By default the
// kernel buffers megabytes for a peer that sends without reading.
enum { socket_buffer = 16 << 10 };

/// Sets options that accepted sockets inherit.
static int set_connection_options(int fd) {
  if (set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) < 0) return -errno;
  if (set_option(fd, SOL_SOCKET, SO_RCVBUF, socket_buffer) < 0) return -errno;
  return cl_limit_unsent(fd, socket_buffer);
}

/// Sets the options of a listening socket, which accepted sockets inherit, too. Keep-alive detects a
/// vanished peer where no timeout does.
static int set_listener_options(int fd, int family, int dual_stack) {
  if (set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0) return -errno;
  if (family == AF_INET6 && set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, !dual_stack) < 0)
    return -errno;
  int result = set_connection_options(fd);
  if (result < 0) return result;
  if (set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1) < 0) return -errno;
  if (set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 120) < 0) return -errno;
  if (set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 30) < 0) return -errno;
  if (set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4) < 0) return -errno;
  return 0;
}

int cl_listen(const struct cl_address *address, int dual_stack, int backlog, int unsent) {
  struct sockaddr_storage storage;
  socklen_t size = cl_to_socket_address(address, &storage);
  int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return -errno;
  int result = set_listener_options(fd, storage.ss_family, dual_stack);
  if (result == 0) result = cl_limit_unsent(fd, unsent);
  if (result == 0 && bind(fd, (struct sockaddr *)&storage, size) < 0) result = -errno;
  if (result == 0 && listen(fd, backlog) < 0) result = -errno;
  if (result < 0) {
    close(fd);
    return result;
  }
  return fd;
}

int cl_adopt_listener(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
  return set_connection_options(fd);
}

int cl_limit_unsent(int fd, int bytes) {
  if (set_option(fd, SOL_SOCKET, SO_SNDBUF, bytes) < 0) return -errno;
  // The buffer is twice as large, and much of it may be in flight; output that waits for the peer's window
  // means that the peer does not read. The socket then takes no more, and fits what it took last.
  return set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, bytes / 2) < 0 ? -errno : 0;
}

int cl_local_address(int fd, struct cl_address *out) {
  struct sockaddr_storage storage = {0};
  socklen_t size = sizeof storage;
  if (getsockname(fd, (struct sockaddr *)&storage, &size) < 0) return -errno;
  cl_from_socket_address(&storage, out);
  return 0;
}

int cl_accept(int listener, struct cl_address *peer) {
  struct sockaddr_storage storage;
  storage.ss_family = AF_UNSPEC;
  socklen_t size = sizeof storage;
  int fd = (int)RETRY(
      syscall(SYS_accept4, listener, &storage, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd >= 0) cl_from_socket_address(&storage, peer);
  return fd;
}

ssize_t cl_receive(int fd, uint8_t *bytes, size_t n) {
  return RETRY(syscall(SYS_recvfrom, fd, bytes, n, 0, NULL, NULL));
}

ssize_t cl_peek(int fd, uint8_t *bytes, size_t n) {
  return RETRY(syscall(SYS_recvfrom, fd, bytes, n, MSG_PEEK, NULL, NULL));
}

ssize_t cl_write(int fd, const uint8_t *bytes, size_t n) {
  return RETRY(syscall(SYS_write, fd, bytes, n));
}

ssize_t cl_discard_input(int fd) {
  // TCP discards truncated input without copying it (tcp(7)).
  enum { most = 1 << 20 };
  return RETRY(syscall(SYS_recvfrom, fd, NULL, most, MSG_DONTWAIT | MSG_TRUNC, NULL, NULL));
}

int cl_shutdown_write(int fd) { return shutdown(fd, SHUT_WR) < 0 ? -errno : 0; }

int cl_acknowledge(int fd) {
  return set_option(fd, IPPROTO_TCP, TCP_QUICKACK, 1) < 0 ? -errno : 0;
}

int cl_unacknowledged(int fd) {
  int size = 0;
  return ioctl(fd, SIOCOUTQ, &size) < 0 ? -errno : size;
}

const int cl_most_unacknowledged = 4 << 10;

int cl_close_connection(int fd, int closing) {
  enum { patience_ms = 10000 };
  int waiting = closing == cl_closing_unused ? 0 : cl_unacknowledged(fd);
  if (waiting > cl_most_unacknowledged || (waiting > 0 && closing == cl_closing_overdue)) {
    const struct linger now = {.l_onoff = 1};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  } else if (waiting > 0 && ioctl(fd, SIOCOUTQNSD, &waiting) == 0 && waiting > 0) {
    (void)set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, patience_ms);
  }
  return cl_close(fd);
}

int cl_stop_listening(int fd) { return shutdown(fd, SHUT_RDWR) < 0 ? -errno : 0; }

int cl_close(int fd) { return syscall(SYS_close, fd) < 0 ? -errno : 0; }

int cl_eventfd_create(void) { return (int)RETRY(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int cl_eventfd_signal(int fd) {
  uint64_t one = 1;
  return RETRY(write(fd, &one, sizeof one)) < 0 ? -errno : 0;
}

int cl_eventfd_clear(int fd) {
  uint64_t count;
  return RETRY(read(fd, &count, sizeof count)) < 0 ? -errno : 0;
}

void cl_ignore_broken_pipes(void) { (void)signal(SIGPIPE, SIG_IGN); }

int cl_signalfd_create(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGRTMIN);
  int error = pthread_sigmask(SIG_BLOCK, &signals, NULL);
  if (error != 0) return -error;
  return (int)RETRY(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

int cl_signalfd_read(int fd, struct cl_signal *out) {
  struct signalfd_siginfo info;
  ssize_t size = RETRY(read(fd, &info, sizeof info));
  if (size < 0) return (int)size;
  *out = (struct cl_signal){
      .number = (int)info.ssi_signo,
      .asks_for_reload = info.ssi_signo == SIGHUP || (int)info.ssi_signo == SIGRTMIN,
      .has_value = info.ssi_code == SI_QUEUE,
      .value = (uint32_t)info.ssi_int,
  };
  return 0;
}

int cl_queue_request(int process, uint32_t value) {
  union sigval content = {.sival_int = (int)value};
  return sigqueue(process, SIGRTMIN, content) < 0 ? -errno : 0;
}

int cl_ends_with_terminal(void) {
  struct sigaction action;
  if (sigaction(SIGHUP, NULL, &action) < 0 || action.sa_handler == SIG_IGN) return 0;
  int fd = (int)RETRY(open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC));
  if (fd < 0) return 0;
  close(fd);
  return 1;
}

static struct timespec monotonic_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now;
}

uint64_t cl_monotonic_milliseconds(void) {
  struct timespec now = monotonic_time();
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t cl_monotonic_microseconds(void) {
  struct timespec now = monotonic_time();
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int cl_format_now(uint8_t *text, size_t n) {
  time_t now = time(NULL);
  struct tm local;
  if (localtime_r(&now, &local) == NULL) return 0;
  return (int)strftime((char *)text, n, "%F %T %Z", &local);
}

int64_t cl_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  if (limit.rlim_cur != limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  }
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)limit.rlim_cur;
}

int cl_usable_cpus(void) {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) < 0) return 1;
  int count = CPU_COUNT(&cpus);
  return count < 1 ? 1 : count;
}

int cl_describe_error(int error, uint8_t *text, size_t n) {
  const char *words = strerrordesc_np(error);
  if (words == NULL) words = "unknown error";
  size_t length = strnlen(words, n);
  memcpy(text, words, length);
  return (int)length;
}

void *cl_map(size_t size) {
  void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return base == MAP_FAILED ? NULL : base;
}

void *cl_remap(void *base, size_t old_size, size_t new_size) {
  void *moved = mremap(base, old_size, new_size, MREMAP_MAYMOVE);
  return moved == MAP_FAILED ? NULL : moved;
}

void cl_unmap(void *base, size_t size) { munmap(base, size); }

enum { thread_name_size = 16 };

struct thread_start {
  void (*body)(void *);
  void *context;
  char name[thread_name_size];
};

static void *run_thread(void *argument) {
  struct thread_start start = *(struct thread_start *)argument;
  free(argument);
  // The thread names itself, since it then needs no file in /proc.
  pthread_setname_np(pthread_self(), start.name);
  start.body(start.context);
  return NULL;
}

int cl_thread_start(void (*body)(void *), void *context, const char *name, size_t stack_size,
                    uint64_t *thread) {
  _Static_assert(sizeof(pthread_t) == sizeof(uint64_t), "a thread handle fits");
  struct thread_start *start = malloc(sizeof *start);
  if (start == NULL) return -ENOMEM;
  *start = (struct thread_start){.body = body, .context = context};
  strncpy(start->name, name, sizeof start->name - 1);
  pthread_t handle;
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error == 0) {
    if (stack_size > 0) error = pthread_attr_setstacksize(&attributes, stack_size);
    if (error == 0) error = pthread_create(&handle, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
  }
  if (error != 0) {
    free(start);
    return -error;
  }
  *thread = handle;
  return 0;
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define NOTE_LOCK(lock) __tsan_acquire((void *)(lock))
#define NOTE_UNLOCK(lock) __tsan_release((void *)(lock))
#endif
#endif
#ifndef NOTE_LOCK
#define NOTE_LOCK(lock) (void)(lock)
#define NOTE_UNLOCK(lock) (void)(lock)
#endif

void cl_note_lock(const void *lock) { NOTE_LOCK(lock); }

void cl_note_unlock(const void *lock) { NOTE_UNLOCK(lock); }

// ThreadSanitizer does not see a join by pthread_clockjoin_np(3), and mistakes the next thread with the
// same handle for a duplicate.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TIMED_JOIN(thread, until) pthread_timedjoin_np(thread, NULL, until)
enum { join_clock = CLOCK_REALTIME };
#endif
#endif
#ifndef TIMED_JOIN
#define TIMED_JOIN(thread, until) pthread_clockjoin_np(thread, NULL, join_clock, until)
enum { join_clock = CLOCK_MONOTONIC };
#endif

int cl_thread_join(uint64_t thread, int timeout_ms) {
  struct timespec until;
  clock_gettime(join_clock, &until);
  until.tv_sec += timeout_ms / 1000;
  until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec += 1;
    until.tv_nsec -= 1000000000;
  }
  return -TIMED_JOIN(thread, &until);
}
