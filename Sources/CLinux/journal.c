#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { max_entries = 64, send_buffer = 8 << 20 };

int cl_journal_open(void) {
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  // The system may cap the size: the more fits, the less often a sender waits for a busy journal.
  const int size = send_buffer;
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  return fd;
}

int cl_journal_send(int fd, const uint8_t *entries, size_t size, size_t start, const long *ends,
                    size_t count) {
  static const struct sockaddr_un journal = {
      .sun_family = AF_UNIX,
      .sun_path = "/run/systemd/journal/socket",
  };
  struct iovec parts[max_entries];
  struct mmsghdr messages[max_entries];
  if (count > max_entries) count = max_entries;
  for (size_t i = 0; i < count; i++) {
    const size_t end = (size_t)ends[i];
    if (end > size || end < start) return -EINVAL;
    parts[i] = (struct iovec){.iov_base = (void *)(entries + start), .iov_len = end - start};
    messages[i] = (struct mmsghdr){
        .msg_hdr = {
            .msg_name = (void *)&journal,
            .msg_namelen = sizeof journal,
            .msg_iov = &parts[i],
            .msg_iovlen = 1,
        }};
    start = end;
  }
  int sent;
  do {
    sent = sendmmsg(fd, messages, (unsigned)count, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}
