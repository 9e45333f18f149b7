// Makes the process it is preloaded into see a limit of 1,073,741,816 descriptors, as in many container
// engines (LimitNOFILE=infinity), while the real limit stays the same.

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
