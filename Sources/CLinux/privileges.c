#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { longest_name = 256 };

/// Copies a name and appends a NUL: 0, or -ENOENT for a name that no user can have.
static int copy_name(char *copy, const uint8_t *name, size_t n) {
  if (n == 0 || n >= longest_name || memchr(name, 0, n) != NULL) return -ENOENT;
  memcpy(copy, name, n);
  copy[n] = 0;
  return 0;
}

int cl_find_user(const uint8_t *name, size_t n, struct cl_user *out) {
  // A larger entry is an error.
  enum { room = 64 << 10 };
  char copy[longest_name];
  int error = copy_name(copy, name, n);
  if (error < 0) return error;
  char *buffer = malloc(room);
  if (buffer == NULL) return -ENOMEM;
  struct passwd entry, *found = NULL;
  do {
    error = getpwnam_r(copy, &entry, buffer, room, &found);
  } while (error == EINTR);
  if (found != NULL) *out = (struct cl_user){.user = entry.pw_uid, .group = entry.pw_gid};
  free(buffer);
  if (found != NULL) return 0;
  // C libraries differ in their result for an unknown name (getpwnam(3)).
  return error == 0 || error == ESRCH ? -ENOENT : -error;
}

uint32_t cl_current_user(void) { return geteuid(); }

/// Returns the groups of the user `name`, including `group`, in allocated memory; NULL on failure.
static gid_t *find_groups(const char *name, gid_t group, int *count) {
  enum { usual = 64, most = 1 << 16 };
  for (*count = usual; *count <= most;) {
    const int room = *count;
    gid_t *groups = calloc((size_t)room, sizeof *groups);
    if (groups == NULL || getgrouplist(name, group, groups, count) >= 0) return groups;
    free(groups);
    // The call has set `count` to their number; there may be more the next time.
    if (*count <= room) *count = 2 * room;
  }
  return NULL;
}

static int is_among(gid_t group, const gid_t *groups, int count) {
  for (int i = 0; i < count; i++)
    if (groups[i] == group) return 1;
  return 0;
}

/// Whether every group of this process is among `groups`: 1, 0, or -errno.
static int has_no_group_but(const gid_t *groups, int count) {
  gid_t real, effective, saved;
  getresgid(&real, &effective, &saved);
  if (!is_among(real, groups, count) || !is_among(effective, groups, count) ||
      !is_among(saved, groups, count))
    return 0;
  gid_t *own = calloc(NGROUPS_MAX, sizeof *own);
  if (own == NULL) return -ENOMEM;
  const int held = getgroups(NGROUPS_MAX, own);
  int result = held < 0 ? -errno : 1;
  for (int i = 0; i < held && result == 1; i++) result = is_among(own[i], groups, count);
  free(own);
  return result;
}

int cl_is_user(const uint8_t *name, size_t n, struct cl_user user) {
  char copy[longest_name];
  int result = copy_name(copy, name, n);
  if (result < 0) return result;
  uid_t real, effective, saved;
  getresuid(&real, &effective, &saved);
  if (real != user.user || effective != user.user || saved != user.user) return 0;
  int count;
  gid_t *groups = find_groups(copy, user.group, &count);
  if (groups == NULL) return -ENOMEM;
  result = has_no_group_but(groups, count);
  free(groups);
  return result;
}

int cl_become_user(const uint8_t *name, size_t n, struct cl_user user) {
  char copy[longest_name];
  int error = copy_name(copy, name, n);
  if (error < 0) return error;
  if (initgroups(copy, user.group) < 0) return -errno;
  if (setresgid(user.group, user.group, user.group) < 0) return -errno;
  if (setresuid(user.user, user.user, user.user) < 0) return -errno;
  // The process must not be able to become root again, not even by a capability that was left.
  if (user.user != 0 && setresuid(0, 0, 0) == 0) return -EPERM;
  return 0;
}

int cl_forget_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
  if (syscall(SYS_capget, &header, data) < 0) return -errno;
  uint32_t any = 0;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) any |= data[i].permitted | data[i].inheritable;
  if (any == 0) return 0;
  memset(data, 0, sizeof data);
  return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int cl_forbid_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int cl_set_dumpable(int is_dumpable) {
  return prctl(PR_SET_DUMPABLE, is_dumpable, 0, 0, 0) < 0 ? -errno : 0;
}

int cl_forbid_core_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) < 0) return -errno;
  limit.rlim_cur = 0;
  return setrlimit(RLIMIT_CORE, &limit) < 0 ? -errno : 0;
}
