/// libsystemd, as far as it is used: sd_notify(3), sd_journal_sendv(3).
#pragma once

#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
