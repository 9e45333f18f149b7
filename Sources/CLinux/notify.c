#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int cl_notify_open(void) {
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return fd < 0 ? -errno : fd;
}

int cl_notify_send(int fd, const uint8_t *path, size_t path_length, const uint8_t *text, size_t n) {
  struct sockaddr_un manager = {.sun_family = AF_UNIX};
  if (path_length == 0 || path_length >= sizeof manager.sun_path) return -EINVAL;
  memcpy(manager.sun_path, path, path_length);
  // A name in the abstract namespace begins with a NUL in place of its '@', and does not
  // end with one (unix(7)).
  const int is_abstract = path[0] == '@';
  if (is_abstract) manager.sun_path[0] = 0;
  struct iovec part = {.iov_base = (void *)text, .iov_len = n};
  const struct msghdr message = {
      .msg_name = &manager,
      .msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_length +
                                 (is_abstract ? 0 : 1)),
      .msg_iov = &part,
      .msg_iovlen = 1,
  };
  ssize_t sent;
  do {
    sent = sendmsg(fd, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}
