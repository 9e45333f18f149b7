/// The parts of libsystemd in use: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3)
/// and sd_is_socket(3).
#pragma once

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
