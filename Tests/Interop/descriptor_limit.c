// Tells the process it is preloaded into that it may have 1,073,741,816 descriptors, as many
// container engines do (LimitNOFILE=infinity), and leaves it with those that it really may have.

#define _GNU_SOURCE
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { claimed = 1073741816 };

int prlimit(pid_t pid, __rlimit_resource_t resource, const struct rlimit *new, struct rlimit *old) {
  if (resource != RLIMIT_NOFILE) return (int)syscall(SYS_prlimit64, pid, resource, new, old);
  if (old != NULL) *old = (struct rlimit){.rlim_cur = claimed, .rlim_max = claimed};
  return 0;
}

int getrlimit(__rlimit_resource_t resource, struct rlimit *limit) {
  return prlimit(0, resource, NULL, limit);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
  return prlimit(0, resource, limit, NULL);
}
