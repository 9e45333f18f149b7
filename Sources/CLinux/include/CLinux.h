/// The edge of the operating system: Linux calls as Swift wants them.
///
/// Each function makes one call, retries EINTR, and returns what the call returned or -errno.
/// Buffers carry their sizes (`__counted_by`) and are not kept (`__noescape`), so that Swift passes
/// spans and needs no pointer of its own.
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

/// What one epoll_wait found at one descriptor.
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
/// Waits for at most 64 events; EINTR is no event.
int cl_epoll_wait(int epoll, struct cl_event *_Nonnull __counted_by(n) out __noescape, int n,
                  int timeout_ms);

/// A listening, non-blocking TCP socket with no Nagle delay and keep-alive. `dual_stack` makes an
/// IPv6 socket take IPv4 peers too, `unsent` is what `cl_limit_unsent` would set: a connection may be
/// there before that could be called.
int cl_listen(const struct cl_address *_Nonnull address, int dual_stack, int backlog, int unsent);
/// The address a socket is bound to.
int cl_local_address(int fd, struct cl_address *_Nonnull out);
/// 1 if something can be read or accepted from `fd` now, 0 if not.
int cl_has_input(int fd);
/// Accepts one connection, non-blocking.
int cl_accept(int listener, struct cl_address *_Nonnull peer);
ssize_t cl_receive(int fd, uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Writes by write(2), which cannot connect a socket as sendto(2) can; it raises SIGPIPE, unless that is ignored.
ssize_t cl_write(int fd, const uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Throws away what has come, up to 1 MiB: with unread input, a close would be a reset.
ssize_t cl_discard_input(int fd);
int cl_shutdown_write(int fd);
/// Acknowledges what has come at once (TCP_QUICKACK).
int cl_acknowledge(int fd);
/// Whether a socket is one end of a connection: 1 or 0.
int cl_is_connected(int fd);
/// How many bytes were sent and not acknowledged by the peer, or -errno.
int cl_unacknowledged(int fd);

/// How many bytes may be unacknowledged when a connection is closed, for them still to arrive.
extern const int cl_most_unacknowledged;

/// How a connection is closed.
enum cl_closing {
  /// Nothing was sent on it.
  cl_closing_unused,
  /// What was sent and is not acknowledged still arrives, if it is at most 4 KiB; what the peer has no
  /// room for is given up after 10 s. Else the connection is reset, and nothing is left of it.
  cl_closing_usual,
  /// The peer has had its time: the connection is reset if anything is not acknowledged.
  cl_closing_overdue,
};
int cl_close_connection(int fd, int closing);

/// What the system knows of the way that the segments of a connection take (tcp(7), TCP_INFO): the
/// size of those that came, in bytes, how many came before an earlier one, and how many this host had
/// to send again.
struct cl_path {
  uint32_t segment;
  uint32_t out_of_order;
  uint32_t retransmissions;
};
/// The way of a connection; all zero when there is nothing to know.
struct cl_path cl_path_of(int fd);
/// Gives a listening socket that another process has opened what `cl_listen` gives to its own, but for
/// keep-alive, which is that process's choice.
int cl_adopt_listener(int fd);
/// Bounds what the kernel keeps to be sent on a socket, or on those that a listening one accepts.
int cl_limit_unsent(int fd, int bytes);
/// Makes a listening socket listen no more, for every process that has it.
int cl_stop_listening(int fd);
int cl_close(int fd);
/// Waits until `fd` takes more output; 1 when it does, 0 when `timeout_ms` have passed, however many
/// signals come meanwhile. A timeout of -1 never passes, here and below.
int cl_wait_writable(int fd, int timeout_ms);
/// The same for input, which the peer's end and an error are, too.
int cl_wait_readable(int fd, int timeout_ms);
/// Waits until a socket of `cl_connect` is connected: 0 when it is, -errno when it has failed, 1 when
/// `timeout_ms` have passed.
int cl_wait_connected(int fd, int timeout_ms);

/// An eventfd, non-blocking.
int cl_eventfd_create(void);
int cl_eventfd_signal(int fd);
int cl_eventfd_clear(int fd);

/// A signal that was pending.
struct cl_signal {
  int number;
  /// Whether it is SIGHUP, or what `cl_queue_request` sends.
  int asks_for_reload;
  /// Whether it has a value, as `cl_queue_request` gives it one.
  int has_value;
  uint32_t value;
};

/// Ignores SIGPIPE from now on: a broken pipe is the error EPIPE of a write.
void cl_ignore_broken_pipes(void);
/// Blocks SIGTERM, SIGINT, SIGHUP and the signal of `cl_queue_request` in this
/// thread and those it will start, and makes them readable.
int cl_signalfd_create(void);
/// Takes a signal that is pending: 0, or -EAGAIN when there is none.
int cl_signalfd_read(int fd, struct cl_signal *_Nonnull out);
/// Sends a process SIGRTMIN with a value. Unlike others, such signals are queued, and none is lost.
int cl_queue_request(int process, uint32_t value);
/// Whether SIGHUP says that the terminal is gone: there is a controlling one, and
/// nobody has asked to ignore its end, as nohup(1) does.
int cl_ends_with_terminal(void);

/// CLOCK_MONOTONIC in milliseconds.
uint64_t cl_monotonic_milliseconds(void);
/// CLOCK_MONOTONIC in microseconds.
uint64_t cl_monotonic_microseconds(void);
/// Writes the date and time of day with the name of the zone, as 2026-11-25 15:51:09 UTC; the result
/// is its length, 0 when it has no room.
int cl_format_now(uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// Sleeps so long, however many signals come meanwhile.
void cl_sleep(int milliseconds);
/// Raises the soft limit of descriptors to the hard one, if it is lower; the result is that limit, or
/// -errno.
int64_t cl_raise_descriptor_limit(void);
/// How many CPUs this process may use.
int cl_usable_cpus(void);
/// Writes the text of an error number, cut off at `n` bytes; the result is its length.
int cl_describe_error(int error, uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);

/// Opens /dev/null for each of the descriptors 0 to 2 that is not open, so that nothing else gets its
/// number: 0, or -errno. What is written to descriptor 1 fails then, as it does to one that is not open.
int cl_open_standard_descriptors(void);
/// Opens a file for reading by `cl_read`, which waits a second for a pipe, and no longer.
int cl_open_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n);
/// Which file is behind a descriptor: its device and inode, as in fstat(2).
int cl_identify(int fd, uint64_t *_Nonnull device, uint64_t *_Nonnull inode);
ssize_t cl_read(int fd, uint8_t *_Nonnull __counted_by(n) bytes __noescape, size_t n);
/// Writes a file with these bytes and nothing else; who reads it sees all of them or none.
int cl_replace_file(const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                    size_t path_length, const uint8_t *_Nonnull __counted_by(n) bytes __noescape,
                    size_t n);
int cl_remove_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n);
/// Writes the names of what is in a folder, each with a NUL behind it, as far as there is room; the
/// result is how much room they all need.
ssize_t cl_list_folder(const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                       size_t path_length, uint8_t *_Nonnull __counted_by(n) names __noescape,
                       size_t n);

/// A user of this machine, and the group that is its own.
struct cl_user {
  uint32_t user;
  uint32_t group;
};

/// Looks a user up by name: 0, or -ENOENT when there is none, or -errno.
int cl_find_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
                 struct cl_user *_Nonnull out);
/// The user that this process acts as.
uint32_t cl_current_user(void);
/// Whether this process is that user's, has no group but those of the user of this name, and cannot
/// become another user by itself: 1, 0, or -errno.
int cl_is_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
               struct cl_user user);
/// Makes this process, which has no other thread yet, that user's for good, with the groups that
/// the user of this name has: 0, or -errno.
int cl_become_user(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
                   struct cl_user user);
/// Gives a file or folder to that user.
int cl_give_file(const uint8_t *_Nonnull __counted_by(n) path __noescape, size_t n,
                 struct cl_user user);
/// No thread of this process, which has no other one yet, connects a socket by what it sends on it
/// (MSG_FASTOPEN), or makes a queue of calls that no filter sees (io_uring). With `keeps_listeners`,
/// none makes a listening socket listen no more. 0, or -errno: -ENOSYS or -EINVAL where the system
/// has no such filters.
int cl_forbid_connecting(int keeps_listeners);
/// Gives up every capability of this thread and those it will start.
int cl_forget_capabilities(void);
/// No program that this process might start has a privilege that it does not have itself.
int cl_forbid_new_privileges(void);
/// Whether the memory of this process may be written to a file when it crashes, and be looked at by
/// other processes of its user. Becoming another user says no.
int cl_set_dumpable(int is_dumpable);
/// Sets the soft limit of the size of a core file to 0.
int cl_forbid_core_files(void);

/// `size` bytes of zeroed memory of its own mapping, or NULL.
void *_Nullable cl_map(size_t size);
/// Grows a mapping, moving it if need be; the old one stays where it is when the result is NULL.
void *_Nullable cl_remap(void *_Nonnull base, size_t old_size, size_t new_size);
void cl_unmap(void *_Nonnull base, size_t size);

/// Starts a thread that calls `body(context)`; its handle goes to `thread`.
int cl_thread_start(void (*_Nonnull body)(void *_Nonnull), void *_Nonnull context,
                    const char *_Nonnull name, uint64_t *_Nonnull thread);
/// Waits for a thread's end: 0, or -ETIMEDOUT when `timeout_ms` have passed.
int cl_thread_join(uint64_t thread, int timeout_ms);
/// Tells ThreadSanitizer, where it is built in, that this thread has the lock at an address, or no longer.
void cl_note_lock(const void *_Nonnull lock);
void cl_note_unlock(const void *_Nonnull lock);

/// Reads a numeric IPv4 or IPv6 address: 0, or -EINVAL.
int cl_parse_address(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n,
                     struct cl_address *_Nonnull out);
/// Whether the text is a numeric IPv4 or IPv6 address.
int cl_is_address(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// Reads a numeric address with or without a prefix length, as 192.0.2.0/24 or 2001:db8::/32. The
/// result is the length of the prefix in bits, 128 without one, counted as IPv6 counts (an IPv4
/// prefix has 96 more), or -EINVAL.
int cl_parse_network(const uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n,
                     uint8_t *_Nonnull __counted_by(size) address __noescape, size_t size);
/// Writes the text of an address of 16 bytes; the result is its length, at most 64, or -EINVAL. Where
/// `scope` is not 0, the name of that interface is behind it, or the number where it has none that can
/// be shown.
int cl_format_address(const uint8_t *_Nonnull __counted_by(size) address __noescape, size_t size,
                      uint32_t scope, uint8_t *_Nonnull __counted_by(n) text __noescape, size_t n);
/// From now on interfaces are called as in the network that this socket is in; -1 is that of the
/// process.
void cl_name_interfaces_by(int fd);

/// The arguments of the program, the name of the program among them.
struct cl_arguments {
  int count;
  char *_Nullable *_Nullable all;
};
/// They, as the C library has them: also where there is no /proc.
struct cl_arguments cl_arguments(void);

/// One long option for `cl_next_option`.
struct cl_option {
  const char *_Nullable name;
  int takes_argument;
};

/// What `cl_next_option` found; it holds until the next call.
struct cl_parsed_option {
  /// The index into the long options, or -1.
  int index;
  /// The option's argument, or the text of what is not an option or not a known one.
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

/// The next word of a command line, by getopt_long_only(3): options may begin with one dash or two,
/// be abbreviated, and stand behind operands. `argv[0]` is skipped. Not for more than one thread.
int cl_next_option(int argc, char *_Nullable *_Nonnull argv,
                   const struct cl_option *_Nonnull options, int option_count,
                   struct cl_parsed_option *_Nonnull out);

/// A datagram socket for `cl_notify_send`, or -errno.
int cl_notify_open(void);
/// Tells the service manager that listens at `path`, as NOTIFY_SOCKET names it (sd_notify(3)).
int cl_notify_send(int fd, const uint8_t *_Nonnull __counted_by(path_length) path __noescape,
                   size_t path_length, const uint8_t *_Nonnull __counted_by(n) text __noescape,
                   size_t n);

/// A datagram socket for `cl_journal_send`, or -errno.
int cl_journal_open(void);
/// Sends as many entries as one call takes to the journal of this machine. The first begins at
/// `start` of `entries`, each ends where `ends` says. It does not wait. The result is how many were
/// sent, or -errno of the first: -EAGAIN when the journal has no room, -ENOENT where there is none.
int cl_journal_send(int fd, const uint8_t *_Nonnull __counted_by(size) entries __noescape,
                    size_t size, size_t start,
                    const long *_Nonnull __counted_by(count) ends __noescape, size_t count);

/// Begins to connect a TCP socket, non-blocking and with no Nagle delay, and does not wait for it to
/// be connected. `source` is the IPv4 address to connect from, in this machine's byte order; 0 leaves
/// it to the system. The result is the socket, or -errno.
int cl_connect(struct cl_address peer, uint32_t source);

/// Why `cl_resolve` has found nothing.
enum cl_resolve_failure {
  /// There is no such name, or it has no address.
  cl_resolve_unknown = -1,
  /// No name server has answered, or it had no time.
  cl_resolve_unanswered = -2,
  /// Anything else.
  cl_resolve_failed = -3,
};

/// Every address of a host, by its name or in digits, with no port, in the order in which they are to
/// be tried (RFC 6724), as far as there is room. It may wait for a name server. The result is how many
/// there are, or one of `cl_resolve_failure`.
int cl_resolve(const uint8_t *_Nonnull __counted_by(n) name __noescape, size_t n,
               struct cl_address *_Nonnull __counted_by(room) out __noescape, int room);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t cl_monotonic_nanoseconds(void);
/// What this process has used of the processors, in user and in system mode, in microseconds.
uint64_t cl_cpu_microseconds(void);
/// Whether a descriptor is a terminal.
int cl_is_terminal(int fd);
