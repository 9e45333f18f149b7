import Log

/// The service itself.
extension Catalog {
  private static let nothing = "Nothing is to be done."

  static let service = [
    CatalogEntry(
      .started, "The DICOM echo service begins",
      """
      echoscpd has read its configuration and begins to serve. This record is written at every \
      log-level but none; its fields have the version, the level, the AE title and where it listens.
      """,
      cause: "It was started, by systemd or by hand.", here: nothing),
    CatalogEntry(
      .listening, "The DICOM echo service listens",
      "Devices can reach this host at the address and port in the message.",
      cause: "All threads of the service have begun to serve.",
      here: """
        Nothing is to be done, unless the port is not the one that the devices have: then systemctl \
        edit echoscpd.socket changes it, or port in /etc/echoscp.conf where that socket is not used. \
        A firewall of this host must let the port through.
        """),
    CatalogEntry(
      .stopping, "The DICOM echo service is about to end",
      """
      No new connection is accepted. Associations that are open may end, for as long as \
      drain-timeout allows.
      """,
      cause: "It was asked to stop, by systemctl or by a signal.", here: nothing),
    CatalogEntry(
      .stopped, "The DICOM echo service has ended",
      "The message says how many associations and echoes there were since the start.",
      cause: "It was asked to stop, and its associations have ended.", here: nothing),
    CatalogEntry(
      .stoppedAtOnce, "The service has ended at once, and aborted associations",
      """
      The service did not wait for associations to end. Each was sent an A-ABORT, unless its device took \
      nothing at that moment; the message says how many there were.
      """,
      cause: """
        It was sent a second signal to stop, while associations were open; or one of its threads \
        failed, which the log says too.
        """,
      here:
        "Nothing is to be done. One request to stop gives associations the drain-timeout to end.",
      there: "Nothing is to be done; it may call again once the service is back."),
    CatalogEntry(
      .reloaded, "The configuration was read anew",
      """
      What was changed in the configuration holds from now on. This record is written at every \
      log-level but none; its fields have the version, the level, the AE title and where it listens.
      """,
      cause: "It was asked for by systemctl reload echoscpd, or by SIGHUP.",
      here: "Nothing is to be done. echoscpd --dump-config shows every value and its origin."),
    CatalogEntry(
      .configInvalid, "The configuration is wrong, and does not hold",
      """
      A configuration with faults never holds. At a reload the one before goes on to hold, all of \
      it; at a start there is none, and the service does not start: who connects meanwhile is \
      closed, and starts it once more. The message has each fault with its file, its line, and what \
      would be right.
      """,
      cause: "A file was changed, and not all in it can be understood.",
      here: """
        Correct the lines that are named. echoscpd --check-config says what is left to do; \
        systemctl reload echoscpd reads the files again, and so does the next connection if the \
        service has not started.
        """),
    CatalogEntry(
      .reloadFailed, "The configuration could not be read",
      """
      A reload was asked for, and the files could not be read for want of file descriptors or memory. \
      That says nothing of what is in them. The configuration that was in force stays in force.
      """,
      cause:
        "This host is short of file descriptors or memory, or the process has reached a limit.",
      here: """
        See free and /proc/sys/fs/file-nr, and what else journalctl -p err has at that time. Then \
        systemctl reload echoscpd again.
        """),
    CatalogEntry(
      .listenFailed, "The service cannot listen where it should",
      "The service has not started. The message says which address and port it is about, and why.",
      cause: """
        Another program listens there, the port is below 1024 and needs a privilege, or the address \
        is not one of this host. With echoscpd.socket systemd listens, and this does not happen.
        """,
      here: """
        ss -ltnp shows who listens where, ip address the addresses of this host. Change port or \
        bind-address in /etc/echoscp.conf, stop the other program, or enable echoscpd.socket, which \
        needs no privilege: systemctl enable --now echoscpd.socket.
        """),
    CatalogEntry(
      .restartNeeded, "A changed setting waits for a restart",
      """
      The configuration was read anew, and a setting in it has changed that takes effect only when \
      the service starts. What was set before goes on to hold.
      """,
      cause: "Sockets and threads are made once, at the start.",
      here: """
        systemctl restart echoscpd, at a moment when a device can do without an answer; \
        associations that are open may end.
        """),
    CatalogEntry(
      .socketsOverride, "The service listens elsewhere than its configuration says",
      """
      systemd has opened the sockets that the service uses, so port and bind-address in \
      /etc/echoscp.conf have no effect. The message has both.
      """,
      cause: "echoscpd.socket is active, and names other addresses than the configuration.",
      here: """
        Change the addresses by systemctl edit echoscpd.socket: an empty ListenStream= and behind \
        it one for each address, then systemctl restart echoscpd.socket. Or take port and \
        bind-address out of the configuration.
        """),
    CatalogEntry(
      .timeoutDisabled, "A timeout is off",
      """
      The timeout that is named is 0, so a device that stalls is waited for for ever, and keeps \
      its connection and its association.
      """,
      cause: "It is set so, in /etc/echoscp.conf or on the command line.",
      here: "Remove the setting, or set some seconds; 30 is the default."),
    CatalogEntry(
      .runsAsRoot, "The service runs as root",
      """
      The service has all privileges of this host, and needs none of them once it listens. Whoever \
      found a fault in it would have them, too.
      """,
      cause: "It was started as root by something else than echoscpd.service, and user is not set.",
      here: """
        Set user in /etc/echoscp.conf to a user that has nothing else to do, and start the service \
        again; or use echoscpd.service, where systemd sees to it. user = root says that it is meant.
        """),
    CatalogEntry(
      .maxAssociationsLowered, "There can be fewer associations than are configured",
      """
      max-associations asks for more associations at once than the process may have open files. \
      The message has both numbers.
      """,
      cause: "The limit of open files of the service is too low.",
      here: """
        Raise it by systemctl edit echoscpd with LimitNOFILE= below [Service], or lower \
        max-associations.
        """),
    CatalogEntry(
      .outOfDescriptors, "No file descriptor is left for another connection",
      """
      New connections wait until one that is open ends, and are then accepted. Those that are open \
      are served as before.
      """,
      cause: """
        More connections are open than the limit of open files allows: many devices at once, or \
        one that opens connections and does not close them.
        """,
      here: """
        See with ss -tn who has so many connections. Raise LimitNOFILE= by systemctl edit echoscpd \
        if they are wanted, or lower acse-timeout and network-timeout so that idle ones end sooner.
        """,
      there: "One that leaves its connections open should close them, or be restarted."),
    CatalogEntry(
      .acceptingAgain, "Connections are accepted again",
      "A file descriptor is free, and connections that waited are accepted.",
      cause: "Connections have ended that had used up the limit of open files.", here: nothing),
    CatalogEntry(
      .acceptFailed, "Connections cannot be accepted",
      "The system does not let the service accept or watch connections; the message says why.",
      cause: "The system is short of memory, or of another resource.",
      here:
        "See free, and what else journalctl -p err has at that time. It is tried again by itself."
    ),
    CatalogEntry(
      .recordsDropped, "Records of the log were lost",
      """
      Records could not be written, and more came than could be kept meanwhile. The message says how \
      many, and whether the log was slow or the journal missing. No device was kept waiting for it.
      """,
      cause: """
        The journal is slow, stopped, full or not there; or what reads standard error is slow, and there \
        were very many records at once, as those of log-level = debug.
        """,
      here: """
        See systemctl status systemd-journald, and df for a full disk. Set log-level back to auto if \
        it is at debug.
        """),
  ]
}
