// Counts heap allocations of the process it is preloaded into.
//
// The counters are in a file that the environment names and that the test also maps, so that it can read
// them at any moment without disturbing the measurement. The functions here do not allocate; they call
// glibc's allocator by its internal names, since dlsym may allocate.

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/// The counters, in the order in which the test reads them.
struct counters {
  _Atomic unsigned long long attached, malloc, calloc, realloc, aligned;
};

static struct counters early; // used before the file is mapped, or if there is none
static struct counters *counters = &early;

__attribute__((constructor)) static void map_counters(void) {
  const char *path = getenv("ECHOSCPD_ALLOCATION_COUNTERS");
  if (path == NULL) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(struct counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return;
  struct counters *shared = mapped;
  atomic_fetch_add(&shared->malloc, atomic_load(&early.malloc));
  atomic_fetch_add(&shared->calloc, atomic_load(&early.calloc));
  atomic_fetch_add(&shared->realloc, atomic_load(&early.realloc));
  atomic_fetch_add(&shared->aligned, atomic_load(&early.aligned));
  atomic_store(&shared->attached, 1);
  counters = shared;
}

static void count(_Atomic unsigned long long *counter) {
  atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  count(&counters->malloc);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(&counters->calloc);
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(&counters->realloc);
  return __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t number, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(number, size, &bytes)) {
    errno = ENOMEM;
    return NULL;
  }
  count(&counters->realloc);
  return __libc_realloc(old, bytes);
}

void *memalign(size_t alignment, size_t size) {
  count(&counters->aligned);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(&counters->aligned);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  count(&counters->aligned);
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *out = memory;
  return 0;
}
