// The first process of a container, as `docker run --init` adds it: starts a program, passes signals on to it,
// and ends with its exit status.

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t program;

static void pass(int number) { kill(program, number); }

int main(int argc, char **argv) {
  if (argc < 2) return EXIT_FAILURE;
  program = fork();
  if (program == 0) {
    execv(argv[1], argv + 1);
    _exit(127);
  }
  signal(SIGTERM, pass);
  signal(SIGHUP, pass);
  for (;;) {
    int status;
    pid_t ended = wait(&status);
    if (ended == program) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR) return EXIT_FAILURE;
  }
}
