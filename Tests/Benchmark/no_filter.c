// Makes the process it is preloaded into see a kernel without system call filters, to measure the cost of the
// daemon's own filter.

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
