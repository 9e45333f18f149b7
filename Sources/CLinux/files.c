#define _GNU_SOURCE
#include "CLinux.h"
#include "waiting.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/// Copies a path and appends a NUL: 0, or -errno.
static int copy_path(char *copy, const uint8_t *path, size_t n) {
  if (n >= PATH_MAX) return -ENAMETOOLONG;
  if (n == 0 || memchr(path, 0, n) != NULL) return -ENOENT;
  memcpy(copy, path, n);
  copy[n] = 0;
  return 0;
}

int cl_open_file(const uint8_t *path, size_t n) {
  char copy[PATH_MAX];
  int error = copy_path(copy, path, n);
  if (error < 0) return error;
  int fd;
  do {
    // Opening a pipe without a writer must not block.
    fd = open(copy, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : fd;
}

/// Whether a descriptor is the null device; a file in its place would keep what is written to it.
static int is_null_device(int fd) {
  enum { major_number = 1, minor_number = 3 };
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
         status.st_rdev == makedev(major_number, minor_number);
}

int cl_open_standard_descriptors(void) {
  for (int wanted = 0; wanted <= STDERR_FILENO; wanted++) {
    if (fcntl(wanted, F_GETFD) >= 0) continue;
    int fd;
    do {
      // open(2) uses the lowest free number, which is the wanted one.
      fd = open("/dev/null", (wanted == STDOUT_FILENO ? O_RDONLY : O_RDWR) | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) return -errno;
    if (fd != wanted || !is_null_device(fd)) {
      close(fd);
      return -ENODEV;
    }
  }
  return 0;
}

int cl_identify(int fd, uint64_t *device, uint64_t *inode) {
  struct stat status;
  if (fstat(fd, &status) < 0) return -errno;
  *device = status.st_dev;
  *inode = status.st_ino;
  return 0;
}

ssize_t cl_read(int fd, uint8_t *bytes, size_t n) {
  enum { patience_ms = 1000 };
  const uint64_t end = cl_moment_in(patience_ms);
  while (1) {
    ssize_t size = read(fd, bytes, n);
    if (size >= 0) return size;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return -errno;
    int ready = cl_wait_until(fd, POLLIN, end);
    if (ready == 0) return -ETIMEDOUT;
    if (ready < 0) return ready;
  }
}

static int write_all(int fd, const uint8_t *bytes, size_t n) {
  while (n > 0) {
    ssize_t size = write(fd, bytes, n);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return -errno;
    bytes += size;
    n -= (size_t)size;
  }
  return 0;
}

int cl_replace_file(const uint8_t *path, size_t path_length, const uint8_t *bytes, size_t n) {
  static const char suffix[] = ".new";
  char copy[PATH_MAX], draft[PATH_MAX + sizeof suffix];
  int error = copy_path(copy, path, path_length);
  if (error < 0) return error;
  memcpy(draft, copy, path_length);
  memcpy(draft + path_length, suffix, sizeof suffix);
  int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return -errno;
  error = write_all(fd, bytes, n);
  if (close(fd) < 0 && error == 0) error = -errno;
  if (error == 0 && rename(draft, copy) < 0) error = -errno;
  if (error < 0) unlink(draft);
  return error;
}

int cl_give_file(const uint8_t *path, size_t n, struct cl_user user) {
  char copy[PATH_MAX];
  int error = copy_path(copy, path, n);
  if (error < 0) return error;
  return lchown(copy, user.user, user.group) < 0 ? -errno : 0;
}

int cl_remove_file(const uint8_t *path, size_t n) {
  char copy[PATH_MAX];
  int error = copy_path(copy, path, n);
  if (error < 0) return error;
  return unlink(copy) < 0 ? -errno : 0;
}

ssize_t cl_list_folder(const uint8_t *path, size_t path_length, uint8_t *names, size_t n) {
  char copy[PATH_MAX];
  int error = copy_path(copy, path, path_length);
  if (error < 0) return error;
  DIR *folder = opendir(copy);
  if (folder == NULL) return -errno;
  size_t used = 0;
  errno = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL; errno = 0) {
    size_t size = strlen(entry->d_name) + 1;
    if (used + size <= n) memcpy(names + used, entry->d_name, size);
    used += size;
  }
  error = errno;
  closedir(folder);
  return error != 0 ? -error : (ssize_t)used;
}
