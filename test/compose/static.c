// A program that is linked with nothing, as those of Prometheus's official image are, and carries
// another behind itself, from kOffset on: it becomes that one, by its own name.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kOffset = 4 << 20 };  // test/compose/images fills the file up to here

int main(int argc, char** argv, char** environment) {
  (void)argc;
  char part[64], whole[64];
  snprintf(part, sizeof part, "/tmp/carried/%d", getpid());
  snprintf(whole, sizeof whole, "/tmp/carried/%s", program_invocation_short_name);
  mkdir("/tmp/carried", 0755);
  const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  const int to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  off_t at = kOffset;
  while (sendfile(to, from, &at, 1 << 30) > 0) {
  }
  close(to);
  rename(part, whole);
  execve(whole, argv, environment);
  perror(whole);
  return 127;
}
