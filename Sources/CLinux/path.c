#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

struct cl_path cl_path_of(int fd) {
  struct tcp_info info = {0};
  socklen_t size = sizeof info;
  struct cl_path path = {0};
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0) return path;
  path.segment = info.tcpi_rcv_mss;
  path.retransmissions = info.tcpi_total_retrans;
  // Linux 5.4 and later.
  const size_t end = offsetof(struct tcp_info, tcpi_rcv_ooopack) + sizeof info.tcpi_rcv_ooopack;
  if (size >= end) path.out_of_order = info.tcpi_rcv_ooopack;
  return path;
}
