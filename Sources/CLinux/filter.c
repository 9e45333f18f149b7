#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

#ifndef NATIVE

int cl_forbid_connecting(int keeps_listeners) {
  (void)keeps_listeners;
  return -ENOSYS;
}

#else

// Both architectures are little-endian: the half of an argument that holds an int comes first.
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EPERM)
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
// Each macro continues with the next statement if its test holds, and otherwise skips `count` statements.
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define SKIP_BELOW(value, count) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (value), 0, (count))
#define SKIP_WITHOUT(bits, count) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (count))
// Refuses the call of this number if the argument has one of the bits set.
#define REFUSE_FLAG(call, argument, bits)                                               \
  SKIP_UNLESS(call, 4), LOAD(args[argument]), SKIP_WITHOUT(bits, 1), REFUSE, ALLOW

int cl_forbid_connecting(int keeps_listeners) {
  // The bit that x32 sets in its own numbers for the same calls.
  enum { x32_bit = 0x40000000 };
  struct sock_filter statements[] = {
      LOAD(arch),
      SKIP_UNLESS(NATIVE, 2),
      LOAD(nr),
      SKIP_BELOW(x32_bit, 1),
      REFUSE,
      REFUSE_FLAG(SYS_sendto, 3, MSG_FASTOPEN),
      REFUSE_FLAG(SYS_sendmsg, 2, MSG_FASTOPEN),
      REFUSE_FLAG(SYS_sendmmsg, 3, MSG_FASTOPEN),
      // io_uring makes calls that no filter sees.
      SKIP_UNLESS(SYS_io_uring_setup, 1),
      REFUSE,
      SKIP_UNLESS(keeps_listeners ? SYS_shutdown : UINT32_MAX, 3),
      LOAD(args[1]),
      // SHUT_WR does nothing to a listening socket.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SHUT_WR, 1, 0),
      REFUSE,
      ALLOW,
  };
  const struct sock_fprog filter = {
      .len = sizeof statements / sizeof *statements,
      .filter = statements,
  };
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0 ? -errno : 0;
}

#endif
