/// libsystemd, as far as it is used: sd_notify(3).
#pragma once

#include <systemd/sd-daemon.h>
