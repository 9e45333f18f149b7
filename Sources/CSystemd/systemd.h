/// The parts of libsystemd in use: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3) and sd_is_socket(3) in the
/// service; sd-journal(3), sd-bus(3) and sd_id128_get_machine(3) in echoscpctl.
#pragma once

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
