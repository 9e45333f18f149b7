/// Conversions between the shim's addresses and socket addresses, for this target only.
#pragma once

#include <sys/socket.h>

#include "CLinux.h"

/// Whether the address is IPv4, in its IPv6-mapped form.
int cl_is_ipv4(const struct cl_address *address);
/// Returns the size of the socket address.
socklen_t cl_to_socket_address(const struct cl_address *address, struct sockaddr_storage *out);
void cl_from_socket_address(const struct sockaddr_storage *address, struct cl_address *out);
