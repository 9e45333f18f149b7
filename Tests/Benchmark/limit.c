// limit PORT: a yardstick for the speed that a correct C-ECHO responder can reach on this machine.
//
// It has one thread and level-triggered epoll, and for an association makes accept4, epoll_ctl, four receives,
// three sends and close, which every program based on these system calls needs. It checks nothing, logs nothing and
// has no timers, so it is not a server for a real network; a program that comes close to it has little left to gain.

#include "canned.h"

/// Makes one receive, and one send for all answers that are due. Returns false to close the connection, also if
/// the peer does not take its answers: waiting for such a peer would not slow down the others anyway.
static bool exchange(int fd) {
  size_t count = 0, used = 0;
  if (rests[fd] != NULL) {
    count = rests[fd]->size;
    memcpy(input, rests[fd]->bytes, count);
  }
  const ssize_t received = recv(fd, input + count, input_size - count, 0);
  if (received < 0) return errno == EAGAIN || errno == EINTR;
  if (received == 0) return false;
  count += (size_t)received;
  const ssize_t due = answer(count, &used);
  if (due < 0 || (due > 0 && send(fd, output, (size_t)due, MSG_NOSIGNAL) != due)) return false;
  keep(fd, input + used, count - used);
  return true;
}

static void serve(int fd) {
  if (exchange(fd)) return;
  keep(fd, NULL, 0);
  close(fd);
}

int main(int argc, char **argv) {
  const uint16_t port = argc == 2 ? port_of(argv[1]) : 0;
  if (port == 0) {
    fputs("usage: limit PORT\n", stderr);
    return 64;
  }
  run(port, serve);
}
