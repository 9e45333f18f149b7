/// The boundary to the operating system: Linux system calls in a form that suits Swift.
///
/// Each function makes one call, retries EINTR, and returns the call's result or -errno. Buffers
/// carry their sizes (`__counted_by`) and are not kept (`__noescape`), so that Swift can pass
/// spans instead of pointers.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// An address and port of a TCP peer or listener. IPv4 is in its IPv6-mapped form (RFC 4291).
struct cl_address {
  uint8_t bytes[16];
  uint32_t scope;
  uint16_t port;
};

/// An event that epoll_wait reports for one descriptor.
struct cl_event {
  uint64_t token;
  uint32_t events;
};

/// EPOLLIN.
extern const uint32_t cl_epoll_in;
/// EPOLLOUT.
extern const uint32_t cl_epoll_out;
/// EPOLLIN and EPOLLEXCLUSIVE: one of several pollers is woken.
extern const uint32_t cl_epoll_in_exclusive;

int cl_epoll_create(void);
int cl_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
int cl_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token);
int cl_epoll_remove(int epoll, int fd);
/// Waits for at most 64 events; 0 after EINTR.
int cl_epoll_wait(int epoll, struct cl_event *_Nonnull __counted_by(n) out __noescape, int n,
                  int timeout_ms);

/// Opens a listening, non-blocking TCP socket with TCP_NODELAY and keep-alive. With `dual_stack`, an IPv6
/// socket accepts IPv4 peers too. `unsent` is set as by `cl_limit_unsent`, since a connection may arrive
/// before that can be called.
int cl_listen(const struct cl_address *_Nonnull address, int dual_stack, int backlog, int unsent);
/// The address a socket is bound to.
int cl_local_address(int fd, struct cl_address *_Nonnull out);
/// Returns 1 if there is something to read or accept from `fd` now, 0 if not.
int cl_has_input(int fd);
/// Accepts one connection, non-blocking.
int cl_accept(int listener, struct cl_address *_Nonnull peer);
ssize_t cl_receive(int fd, uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Like cl_receive, but leaves the bytes to be received (MSG_PEEK).
ssize_t cl_peek(int fd, uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Writes with write(2), which cannot connect a socket as sendto(2) can; raises SIGPIPE
/// unless that is ignored.
ssize_t cl_write(int fd, const uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Discards up to 1 MiB of unread input: with unread input, a close would be a reset.
ssize_t cl_discard_input(int fd);
int cl_shutdown_write(int fd);
/// Acknowledges received data at once (TCP_QUICKACK).
int cl_acknowledge(int fd);
/// Whether a socket is connected: 1 or 0.
int cl_is_connected(int fd);
/// The number of sent bytes that the peer has not acknowledged, or -errno.
int cl_unacknowledged(int fd);

/// The most unacknowledged bytes that still arrive after a connection is closed.
extern const int cl_most_unacknowledged;

/// How a connection is closed.
enum cl_closing {
  /// Nothing was sent on the connection.
  cl_closing_unused,
  /// Up to 4 KiB of unacknowledged output still arrives; output for which the peer has no room is dropped
  /// after 10 s. With more than 4 KiB, the connection is reset at once.
  cl_closing_usual,
  /// The peer has had enough time: the connection is reset if any output is unacknowledged.
  cl_closing_overdue,
};
int cl_close_connection(int fd, int closing);

/// The system's statistics on the path of a connection (tcp(7), TCP_INFO): the size of received segments in
/// bytes, how many arrived out of order, and how many this host retransmitted.
struct cl_path {
  uint32_t segment;
  uint32_t out_of_order;
  uint32_t retransmissions;
};
/// The statistics of a connection's path; all zero if there are none.
struct cl_path cl_path_of(int fd);
/// Sets the connection options of `cl_listen` on a listening socket that another process opened, except
/// keep-alive, which is that process's choice.
int cl_adopt_listener(int fd);
/// Limits the unsent output that the kernel buffers for a socket, or for each one it accepts.
int cl_limit_unsent(int fd, int bytes);
/// Stops a listening socket, for every process that shares it.
int cl_stop_listening(int fd);
int cl_close(int fd);
/// Waits until `fd` takes output: 1 if it does, 0 after `timeout_ms`, regardless of signals. Here and
/// below, a timeout of -1 never expires.
int cl_wait_writable(int fd, int timeout_ms);
/// Waits until `fd` has input, the end of input or an error, with the results of `cl_wait_writable`.
int cl_wait_readable(int fd, int timeout_ms);
/// Waits until a socket of `cl_connect` is connected: 0 if it is, -errno if it failed, 1 after
/// `timeout_ms`.
int cl_wait_connected(int fd, int timeout_ms);

/// An eventfd, non-blocking.
int cl_eventfd_create(void);
int cl_eventfd_signal(int fd);
int cl_eventfd_clear(int fd);

/// A signal that was pending.
struct cl_signal {
  int number;
  /// Whether the signal is SIGHUP, or the one that `cl_queue_request` sends.
  int asks_for_reload;
  /// Whether the signal carries a value of `cl_queue_request`.
  int has_value;
  uint32_t value;
};

/// Ignores SIGPIPE from now on: a write to a broken pipe fails with EPIPE.
void cl_ignore_broken_pipes(void);
/// Blocks SIGTERM, SIGINT, SIGHUP and the signal of `cl_queue_request` in this thread and those it starts
/// later, and makes them readable.
int cl_signalfd_create(void);
/// Takes a pending signal: 0, or -EAGAIN if there is none.
int cl_signalfd_read(int fd, struct cl_signal *_Nonnull out);
/// Sends SIGRTMIN with a value to a process. Unlike other signals, these are queued, and none is lost.
int cl_queue_request(int process, uint32_t value);
/// Whether SIGHUP means that the terminal is gone: there is a controlling terminal, and SIGHUP is not
/// ignored, as nohup(1) arranges.
int cl_ends_with_terminal(void);

/// CLOCK_MONOTONIC in milliseconds.
uint64_t cl_monotonic_milliseconds(void);
/// CLOCK_MONOTONIC in microseconds.
uint64_t cl_monotonic_microseconds(void);
/// Writes date, time and time zone, as in 2026-11-25 15:51:09 UTC; returns the length, or 0 if
/// it does not fit.
int cl_format_now(uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// Sleeps for `milliseconds`, regardless of signals.
void cl_sleep(int milliseconds);
/// Raises the soft limit of descriptors to the hard limit if it is lower; returns that limit, or -errno.
int64_t cl_raise_descriptor_limit(void);
/// The number of CPUs that this process may use.
int cl_usable_cpus(void);
/// Writes the description of an errno, truncated to `n` bytes; returns its length.
int cl_describe_error(int error, uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);

/// Opens /dev/null for each closed descriptor from 0 to 2, so that nothing else gets its number: 0, or
/// -errno. Writing to such a descriptor 1 fails, as if it were closed.
int cl_open_standard_descriptors(void);
/// Opens a file for `cl_read`, which waits for a pipe for a second at most.
int cl_open_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n);
/// The device and inode of the file behind a descriptor (fstat(2)).
int cl_identify(int fd, uint64_t *_Nonnull device, uint64_t *_Nonnull inode);
ssize_t cl_read(int fd, uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Creates or replaces a file with these bytes; a reader sees all of them or none.
int cl_replace_file(const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                    size_t path_length, const uint8_t *_Nonnull __counted_by(n) bytes __noescape,
                    size_t n);
int cl_remove_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n);
/// Writes the names of a folder's entries, each followed by a NUL, as far as they fit; returns the size
/// that all of them need.
ssize_t cl_list_folder(const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                       size_t path_length, uint8_t *_Nonnull __counted_by(n) names __noescape,
                       size_t n);

/// A user of this machine, and the user's own group.
struct cl_user {
  uint32_t user;
  uint32_t group;
};

/// Looks up a user by name: 0, -ENOENT if there is none, or another -errno.
int cl_find_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
                 struct cl_user *_Nonnull out);
/// The user that this process acts as.
uint32_t cl_current_user(void);
/// Whether this process runs as `user`, has no group but those of the user `name`, and cannot become
/// another user: 1, 0, or -errno.
int cl_is_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
               struct cl_user user);
/// Switches this process, which must have a single thread, to `user` for good, with the groups of the user
/// `name`: 0, or -errno.
int cl_become_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
                   struct cl_user user);
/// Makes `user` the owner of a file or folder.
int cl_give_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n,
                 struct cl_user user);
/// Forbids this process, which must have a single thread, to connect a socket by sending on it
/// (MSG_FASTOPEN), and to use io_uring, whose calls bypass filters; with `keeps_listeners`, also to stop a
/// listening socket. Returns 0 or -errno: -ENOSYS or -EINVAL if the system has no such filters.
int cl_forbid_connecting(int keeps_listeners);
/// Drops every capability of this thread and those it starts later.
int cl_forget_capabilities(void);
/// Keeps programs that this process might start from gaining privileges that it does not have.
int cl_forbid_new_privileges(void);
/// Sets whether the memory of this process may be dumped to a file when it crashes, and be inspected by
/// other processes of its user. Switching to another user clears this.
int cl_set_dumpable(int is_dumpable);
/// Sets the soft limit on the size of core files to 0.
int cl_forbid_core_files(void);

/// Maps `size` bytes of zeroed memory, or returns NULL.
void *_Nullable cl_map(size_t size);
/// Grows a mapping, moving it if necessary; if the result is NULL, the old mapping is unchanged.
void *_Nullable cl_remap(void *_Nonnull base, size_t old_size, size_t new_size);
void cl_unmap(void *_Nonnull base, size_t size);

/// Starts a thread that calls `body(context)`, and stores its handle in `thread`. Its stack has `stack_size` bytes,
/// or the usual number if that is 0.
int cl_thread_start(void (*_Nonnull body)(void *_Nonnull), void *_Nonnull context,
                    const char *_Nonnull name, size_t stack_size, uint64_t *_Nonnull thread);
/// Waits for a thread to end: 0, or -ETIMEDOUT after `timeout_ms`.
int cl_thread_join(uint64_t thread, int timeout_ms);
/// Tells ThreadSanitizer, if it is built in, that this thread has acquired or released the
/// lock at this address.
void cl_note_lock(const void *_Nonnull lock);
void cl_note_unlock(const void *_Nonnull lock);

/// Parses a numeric IPv4 or IPv6 address: 0, or -EINVAL.
int cl_parse_address(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n,
                     struct cl_address *_Nonnull out);
/// Whether the text is a numeric IPv4 or IPv6 address.
int cl_is_address(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// Parses a numeric address with or without a prefix length, as in 192.0.2.0/24 or 2001:db8::/32.
/// Returns the length of the prefix in bits of an IPv6 address (an IPv4 prefix plus 96), 128 if there
/// is none, or -EINVAL.
int cl_parse_network(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n,
                     uint8_t *_Nonnull __counted_by(size) address __noescape, size_t size);
/// Writes the text of a 16-byte address; returns its length, at most 64, or -EINVAL. Unless `scope` is 0,
/// the interface follows, by name, or by number if it has no printable name.
int cl_format_address(const uint8_t *_Nonnull __counted_by(size) address __noescape, size_t size,
                      uint32_t scope, uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// Names interfaces from now on as in the network namespace of this socket; -1 stands for
/// that of the process.
void cl_name_interfaces_by(int fd);

/// The arguments of the program, including its name.
struct cl_arguments {
  int count;
  char *_Nullable *_Nullable all;
};
/// Returns the arguments as the C library has them, even without /proc.
struct cl_arguments cl_arguments(void);
/// Returns the arguments in `words`, each of which ends with a NUL, as in /proc/PID/cmdline. They are a copy
/// that is never freed.
struct cl_arguments cl_arguments_in(const uint8_t *_Nonnull __counted_by(n) words __noescape, size_t n);

/// One long option for `cl_next_option`.
struct cl_option {
  const char *_Nullable name;
  int takes_argument;
};

/// The result of `cl_next_option`, valid until the next call.
struct cl_parsed_option {
  /// The index into the long options, or -1.
  int index;
  /// The option's argument, or the text of an operand or an unknown option.
  const char *_Nullable text;
};

/// The kinds of results of `cl_next_option`.
enum cl_option_kind {
  cl_option_end,
  cl_option_known,
  cl_option_operand,
  cl_option_unknown,
  cl_option_lacks_argument,
  cl_option_has_argument,
};

/// Reads the next word of a command line with getopt_long_only(3): options may begin with one dash or two,
/// be abbreviated, and follow operands. Skips `argv[0]`. Not thread-safe.
int cl_next_option(int argc, char *_Nullable *_Nonnull argv,
                   const struct cl_option *_Nonnull options, int option_count,
                   struct cl_parsed_option *_Nonnull out);

/// A datagram socket for `cl_notify_send`, or -errno.
int cl_notify_open(void);
/// Sends `text` to the service manager that listens at `path`, a value of NOTIFY_SOCKET (sd_notify(3)).
int cl_notify_send(int fd, const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                   size_t path_length, const uint8_t *_Nonnull __counted_by(n) text __noescape,
                   size_t n);

/// A datagram socket for `cl_journal_send`, or -errno.
int cl_journal_open(void);
/// Sends as many entries as one call takes to the journal of this machine, without waiting. The first
/// starts at `start` of `entries`; each ends at its offset in `ends`. Returns how many were sent, or -errno
/// of the first: -EAGAIN if the journal has no room, -ENOENT if there is none.
int cl_journal_send(int fd, const uint8_t *_Nonnull __counted_by(size) entries __noescape,
                    size_t size, size_t start,
                    const long *_Nonnull __counted_by(count) ends __noescape, size_t count);

/// Starts connecting a non-blocking TCP socket with TCP_NODELAY, without waiting. `source` is the IPv4
/// address to connect from, in host byte order; 0 leaves it to the system. Returns the socket, or -errno.
int cl_connect(struct cl_address peer, uint32_t source);

/// Why `cl_resolve` found no address.
enum cl_resolve_failure {
  /// The name does not exist or has no address.
  cl_resolve_unknown = -1,
  /// No name server answered, or one reported a temporary failure.
  cl_resolve_unanswered = -2,
  /// Any other failure.
  cl_resolve_failed = -3,
};

/// Resolves a name or numeric address to addresses without a port, in the order to try them
/// (RFC 6724), as far as they fit. May wait for a name server. Returns the number of addresses,
/// or one of `cl_resolve_failure`.
int cl_resolve(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
               struct cl_address *_Nonnull __counted_by(room) out __noescape, int room);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t cl_monotonic_nanoseconds(void);
/// The processor time that this process has used in user and system mode, in microseconds.
uint64_t cl_cpu_microseconds(void);
/// Whether a descriptor is a terminal.
int cl_is_terminal(int fd);
/// The number of columns of a terminal, or -errno.
int cl_terminal_columns(int fd);
