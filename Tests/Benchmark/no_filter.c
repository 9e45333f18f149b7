// Has the process that it is preloaded into find a kernel without filters of system calls, so that
// what the daemon's own filter costs can be seen.

#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int prctl(int option, ...) {
  if (option == PR_SET_SECCOMP) {
    errno = EINVAL;
    return -1;
  }
  va_list list;
  va_start(list, option);
  const unsigned long second = va_arg(list, unsigned long), third = va_arg(list, unsigned long),
                      fourth = va_arg(list, unsigned long), fifth = va_arg(list, unsigned long);
  va_end(list);
  return (int)syscall(SYS_prctl, option, second, third, fourth, fifth);
}
