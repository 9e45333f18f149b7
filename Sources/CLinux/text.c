#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { longest_address = INET6_ADDRSTRLEN + 1 + IF_NAMESIZE };

int cl_parse_address(const uint8_t *text, size_t n, struct cl_address *out) {
  char copy[longest_address];
  if (n == 0 || n >= sizeof copy || memchr(text, 0, n) != NULL) return -EINVAL;
  memcpy(copy, text, n);
  copy[n] = 0;
  memset(out, 0, sizeof *out);
  if (inet_pton(AF_INET, copy, out->bytes + 12) == 1) {
    out->bytes[10] = out->bytes[11] = 0xFF;
    return 0;
  }
  char *zone = strchr(copy, '%');
  if (zone != NULL) {
    *zone++ = 0;
    out->scope = if_nametoindex(zone);
    if (out->scope == 0) return -EINVAL;
  }
  return inet_pton(AF_INET6, copy, out->bytes) == 1 ? 0 : -EINVAL;
}

int cl_is_address(const uint8_t *text, size_t n) {
  struct cl_address address;
  return cl_parse_address(text, n, &address) == 0;
}

int cl_parse_network(const uint8_t *text, size_t n, uint8_t *address, size_t size) {
  struct cl_address parsed;
  if (size != sizeof parsed.bytes || n == 0 || memchr(text, '%', n) != NULL) return -EINVAL;
  const uint8_t *slash = memchr(text, '/', n);
  size_t address_length = slash == NULL ? n : (size_t)(slash - text);
  if (cl_parse_address(text, address_length, &parsed) < 0) return -EINVAL;
  memcpy(address, parsed.bytes, size);
  if (slash == NULL) return 128;
  size_t digits = n - address_length - 1;
  if (digits < 1 || digits > 3) return -EINVAL;
  int prefix = 0;
  for (size_t i = 1; i <= digits; i++) {
    if (slash[i] < '0' || slash[i] > '9') return -EINVAL;
    prefix = prefix * 10 + (slash[i] - '0');
  }
  int is_ipv4 = memchr(text, ':', address_length) == NULL;
  if (prefix > (is_ipv4 ? 32 : 128)) return -EINVAL;
  return is_ipv4 ? 96 + prefix : prefix;
}

/// Writes an IPv4 address as inet_ntop(3) does, but without printf, since every journal record has one.
static size_t format_ipv4(const uint8_t *address, char *text) {
  size_t length = 0;
  for (int i = 0; i < 4; i++) {
    const uint8_t byte = address[i];
    if (i > 0) text[length++] = '.';
    if (byte >= 100) text[length++] = (char)('0' + byte / 100);
    if (byte >= 10) text[length++] = (char)('0' + byte / 10 % 10);
    text[length++] = (char)('0' + byte % 10);
  }
  return length;
}

// A socket of the network namespace that names interfaces, or -1.
static _Atomic int naming_socket = -1;

void cl_name_interfaces_by(int fd) { atomic_store(&naming_socket, fd); }

/// Whether every character is printable ASCII and no space.
static int is_plain(const char *name) {
  for (; *name != 0; name++)
    if (*name <= ' ' || *name > '~') return 0;
  return 1;
}

/// Writes the name of an interface, or its number.
static void name_interface(uint32_t scope, char *name) {
  struct ifreq request = {.ifr_ifindex = (int)scope};
  const int fd = atomic_load(&naming_socket);
  const int is_named = fd < 0 ? if_indextoname(scope, request.ifr_name) != NULL
                              : ioctl(fd, SIOCGIFNAME, &request) == 0;
  if (is_named && is_plain(request.ifr_name)) {
    memcpy(name, request.ifr_name, IF_NAMESIZE);
  } else {
    snprintf(name, IF_NAMESIZE, "%u", scope);
  }
}

int cl_format_address(const uint8_t *address, size_t size, uint32_t scope, uint8_t *text,
                      size_t n) {
  char copy[longest_address];
  struct in6_addr in6;
  if (size != sizeof in6) return -EINVAL;
  memcpy(&in6, address, sizeof in6);
  size_t length;
  if (IN6_IS_ADDR_V4MAPPED(&in6)) {
    length = format_ipv4(address + 12, copy);
  } else {
    inet_ntop(AF_INET6, address, copy, sizeof copy);
    length = strlen(copy);
    if (scope != 0) {
      copy[length++] = '%';
      name_interface(scope, copy + length);
      length += strlen(copy + length);
    }
  }
  if (length > n) return -EINVAL;
  memcpy(text, copy, length);
  return (int)length;
}

static struct cl_arguments arguments;

// glibc calls the functions in .init_array with the arguments of main; Swift would read those from /proc,
// and have none without it.
static void keep_arguments(int count, char **all, char **environment) {
  (void)environment;
  arguments = (struct cl_arguments){.count = count, .all = all};
}

__attribute__((section(".init_array"), used)) static void (*const keep)(int, char **, char **) =
    keep_arguments;

struct cl_arguments cl_arguments(void) { return arguments; }

struct cl_arguments cl_arguments_in(const uint8_t *words, size_t n) {
  // The last word may lack its NUL.
  char *copy = malloc(n + 1);
  if (copy == NULL) abort();
  memcpy(copy, words, n);
  copy[n] = 0;
  struct cl_arguments found = {.count = 0, .all = calloc(n + 1, sizeof *found.all)};
  if (found.all == NULL) abort();
  for (size_t at = 0; at < n; at += strlen(copy + at) + 1) found.all[found.count++] = copy + at;
  return found;
}

/// `-v` is the option `v` itself, not an abbreviation of a longer one, because the long options include the
/// short names, and an exact match wins.
int cl_next_option(int argc, char **argv, const struct cl_option *options, int option_count,
                   struct cl_parsed_option *out) {
  static struct option *table;
  if (table == NULL) {
    table = calloc((size_t)option_count + 1, sizeof *table);
    if (table == NULL) abort();
    for (int i = 0; i < option_count; i++) {
      table[i].name = options[i].name;
      // Optional, so that `-x=` and a missing argument can be distinguished here.
      table[i].has_arg = options[i].takes_argument ? required_argument : optional_argument;
    }
    opterr = 0;
  }
  out->index = -1;
  out->text = NULL;
  static char **current;
  // The index of the next operand once getopt has reached `--` or the end.
  static int rest;
  if (argv != current) {
    current = argv;
    rest = 0;
    // Makes getopt begin with another command line (getopt(3)).
    optind = 0;
  }
  int kind = rest > 0 ? -1 : getopt_long_only(argc, argv, "-:", table, &out->index);
  switch (kind) {
    case -1:
      if (rest == 0) rest = optind;
      if (rest >= argc) return cl_option_end;
      out->text = argv[rest++];
      return cl_option_operand;
    case 1:
      out->text = optarg;
      return cl_option_operand;
    case 0:
      out->text = optarg;
      return !options[out->index].takes_argument && optarg != NULL ? cl_option_has_argument
                                                                   : cl_option_known;
    case ':':
      out->text = argv[optind - 1];
      return cl_option_lacks_argument;
    default:
      out->text = argv[optind - 1];
      return cl_option_unknown;
  }
}
