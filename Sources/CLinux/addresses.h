/// The addresses of the shim and those of the system's calls, for the files of this target only.
#pragma once

#include <sys/socket.h>

#include "CLinux.h"

/// Whether it is an IPv4 address in its IPv6-mapped form.
int cl_is_ipv4(const struct cl_address *address);
/// The result is the size of what was written.
socklen_t cl_to_socket_address(const struct cl_address *address, struct sockaddr_storage *out);
void cl_from_socket_address(const struct sockaddr_storage *address, struct cl_address *out);
