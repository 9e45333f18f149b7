/// The table of settings: to add one, add a row here, or in SettingsOfTLS.swift or SettingsOfProxies.swift.
extension Setting {
  /// Every setting, section by section.
  public static let all: [Setting] =
    general + network + transferSyntaxes + access + tls + proxy + limits

  private static let general = [
    Setting(
      "log-level", short: "ll", .general, use: .always, \.logLevel, .level,
      help: "log level",
      about: """
        What is logged: none, critical, error, warning, info or debug; each level includes those \
        before it. warning reports what goes wrong. info adds every association: its steps on \
        standard error, or one record in the journal. debug adds requests, answers and messages in \
        full. auto is info in the journal and warning on standard error.
        """),
    Setting(
      "log-target", .general, effect: .restart, \.logTarget, .target,
      help: "log destination",
      about: """
        Where the log goes: journal is the system journal, with a field for each fact; stderr is \
        standard error, with a line for each event. auto is the journal if standard error is \
        connected to it, as it usually is for a service, and standard error otherwise. \
        A change takes effect after a restart.
        """),
    Setting(
      "log-pdus", .general, \.logPdus, .yesOrNo,
      help: "log the bytes of refused requests",
      about: """
        Whether to log the bytes of a refused, malformed or incomplete A-ASSOCIATE-RQ or command \
        set, as evidence for the manufacturer of the device, and the first bytes of anything that \
        is not DICOM. They are written to the field DICOM_PDU in the journal, or to standard error \
        at level debug. Credentials, data sets and the content of HL7 messages are left out.
        """),
    Setting(
      "user", .general, effect: .restart, \.user, .user,
      help: "user to become when started as root",
      about: """
        The user that the daemon becomes when it is started as root. It switches after opening its \
        sockets and before accepting a connection, takes that user's groups, and drops all \
        capabilities. If this setting names a user and the daemon is started by anyone but root, \
        it runs only if started as that user. With none, the daemon does not change user, and \
        warns if it is running as root; set root to suppress the warning. For reloads to work, \
        this user must be able to read the configuration files. echoscpd.service does not need \
        this setting: systemd starts it as an unprivileged user. A change takes effect after a \
        restart.
        """),
    Setting(
      "core-dumps", .general, effect: .restart, \.coreDumps, .yesOrNo,
      help: "allow core dumps",
      about: """
        Whether a crash may leave a core file, which holds data that peers have sent, and whether a \
        debugger may attach to the process. The system limit, ulimit -c or LimitCORE=, must allow core \
        files as well. A change takes effect after a restart.
        """),
  ]

  private static let network = [
    Setting(
      "port", .network, effect: .binding, use: .local, \.port, .ports,
      help: "TCP ports to listen on",
      about: """
        The TCP ports to listen on. 104 is DICOM's well-known port and requires privileges; 11112 \
        is its registered port and requires none. On the command line, separate several ports with \
        commas; they replace the whole list. If systemd passes sockets, as echoscpd.socket does, \
        this setting is ignored: run systemctl edit echoscpd.socket instead. Otherwise a change \
        takes effect after a restart.
        """),
    Setting(
      "ae-title", short: "aet", .network, use: .local, \.aeTitle, .aeTitle,
      help: "my AE title",
      about: """
        The AE title of this acceptor: 1 to 16 printable ASCII characters except backslash. Requestors \
        may call any other title unless require-called-ae-title is set.
        """),
    Setting(
      "acse-timeout", short: "ta", .network, use: .always, \.acseTimeout, .seconds,
      help: "timeout for ACSE messages",
      about: """
        The ARTIM timer: the time, in seconds, that a requestor may take to send its complete \
        A-ASSOCIATE-RQ, and to close the connection once the association has ended. After that, \
        the connection is closed. 0 disables the timer.
        """),
    Setting(
      "dimse-timeout", short: "td", .network, use: .always, \.dimseTimeout, .seconds,
      help: "timeout for DIMSE messages",
      about: """
        The time, in seconds, that a message may take from its first fragment to its last. If it \
        takes longer, the association is aborted. 0 disables the timeout.
        """),
    Setting(
      "network-timeout", short: "tn", .network, use: .always, \.networkTimeout, .seconds,
      help: "timeout for the network",
      about: """
        The time, in seconds, that an association may be idle before it is aborted, and that a \
        peer may leave an answer unread before its connection is closed. 0 disables the timeout.
        """),
    Setting(
      "max-pdu", short: "pdu", .network, use: .always, \.maxPdu, .pduLength,
      help: "max receive pdu, 0: any",
      about: """
        The maximum length announced to requestors, in bytes: the largest PDU-length of a P-DATA-TF that \
        is accepted, not counting its 6-byte header. It is 16 to 4294967295, or 0 for no limit.
        """),
    Setting(
      "bind-address", short: "ba", .network, effect: .binding, use: .local, \.bindAddress,
      .addresses,
      help: "addresses to listen on",
      about: """
        The IPv4 and IPv6 addresses to listen on; all is every address of this machine. Each port \
        is opened on each address. If systemd passes sockets, as echoscpd.socket does, this \
        setting is ignored: run systemctl edit echoscpd.socket instead. Otherwise a change takes \
        effect after a restart.
        """),
    Setting(
      "workers", .network, effect: .restart, \.workers, .automatic(1...64),
      help: "number of worker threads",
      about: """
        The number of threads that serve connections, 1 to 64; auto is one per usable CPU, at most 4. \
        A change takes effect after a restart.
        """),
    Setting(
      "drain-timeout", .network, \.drainTimeout, .seconds,
      help: "time limit for stopping",
      about: """
        The time, in seconds, that associations may continue after the service is asked to stop. \
        During this time, an association that has been idle for one second is ended. 0 ends all of \
        them at once.
        """),
  ]

  private static let transferSyntaxes = [
    Setting(
      "prefer", .transferSyntaxes, use: .always, \.prefer, .preference,
      help: "transfer syntax preference",
      about: """
        Which of the proposed transfer syntaxes to accept. none follows the built-in order: \
        implicit VR little endian, explicit VR little endian, deflated, explicit VR big endian, \
        then the compressed ones. uncompressed moves implicit VR to the end of this order; little \
        and big put explicit VR of that byte order first; implicit accepts implicit VR little \
        endian only.
        """)
  ]

  private static let access = [
    Setting(
      "require-called-ae-title", .access, isListed: true, \.requireCalledAeTitle, .yesOrNo,
      help: "reject other called titles",
      about: """
        Whether to reject requestors that call an AE title other than ae-title (called AE title not \
        recognized), as strict archives do.
        """),
    Setting(
      "allow-calling-ae-titles", .access, \.allowCallingAeTitles, .aeTitlePatterns,
      help: "calling AE titles to accept",
      about: """
        The calling AE titles to accept; requestors with any other title are rejected (calling AE \
        title not recognized). all accepts every title. Case matters. In a title, * matches any \
        characters or none, and ? matches exactly one. Put a title that contains a space in double \
        quotation marks, on the command line inside single ones: 'CT*,"MR 1"'.
        """),
    Setting(
      "allow-addresses", .access, \.allowAddresses, .rangesOrAll,
      help: "addresses that may connect",
      about: """
        The addresses and networks that may connect, such as 192.0.2.7, 192.0.2.0/24 or \
        2001:db8::/32; connections from any other address are closed without reading any data. all \
        allows every address. A link-local address applies to every interface.
        """),
    Setting(
      "deny-addresses", .access, \.denyAddresses, .rangesOrNone,
      help: "addresses that may not connect",
      about: """
        The addresses and networks that may not connect, even if allow-addresses includes them. none \
        denies no address.
        """),
  ]

  /// The limits on the resources that strangers can use.
  private static let limits = [
    Setting(
      "max-associations", .limits, \.maxAssociations, .automatic(1...10_000_000),
      help: "associations at once",
      about: """
        The maximum number of associations at once; further ones are rejected (local limit \
        exceeded). auto is the number that the file descriptor limit leaves room for beside \
        max-pending, three quarters of it if both are auto. With auto, and not with a number, no \
        address can lock out the others: when all are in use and one address holds more than an \
        eighth of them, a requestor whose own address holds fewer than half as many is still \
        accepted. To make room, the association of the busiest address that has been idle longest \
        is aborted, but never one from the address of a [device] section.
        """),
    Setting(
      "max-associations-per-address", .limits, \.maxAssociationsPerAddress, .number(0...10_000_000),
      help: "associations at once per address",
      about: """
        The maximum number of associations at once with one address, or with one IPv6 /64 network; \
        further ones are rejected (local limit exceeded). 0 is no limit. Devices behind a NAT or a load \
        balancer share an address.
        """),
    Setting(
      "max-pending", .limits, \.maxPending, .automatic(1...10_000_000),
      help: "connections without an association",
      about: """
        The maximum number of connections without an association: those that have not sent their \
        A-ASSOCIATE-RQ yet, and those whose association has ended. When it is reached, one \
        connection is closed: the oldest from an address that holds more than an eighth of them; \
        otherwise the oldest of all, if it is at least a second old; otherwise the new one. auto \
        is a quarter of the connections that the file descriptor limit leaves room for, or what \
        max-associations leaves of them if that is less; but it is at least 64, or half of those \
        connections if that is less.
        """),
    Setting(
      "max-pending-per-address", .limits, \.maxPendingPerAddress, .number(0...10_000_000),
      help: "connections without an association per address",
      about: """
        The maximum number of connections without an association from one address, or from one IPv6 /64 \
        network; beyond that, the oldest of them is closed. 0 is no limit.
        """),
    Setting(
      "max-connection-rate", .limits, \.maxConnectionRate, .number(0...1_000_000),
      help: "connections per second and address",
      about: """
        The maximum number of connections per second from one address, or from one IPv6 /64 \
        network; further ones are closed without reading any data. The rate is measured over 1 to \
        1.2 seconds. 0 is no limit.
        """),
    Setting(
      "partial-pdu-memory", .limits, \.partialPduMemory, .bytes(64 << 10...1 << 40),
      help: "memory for incomplete PDUs",
      about: """
        The memory for incomplete PDUs in the whole process, in bytes, or with the suffix K, M or \
        G for multiples of 1024. Each worker gets an equal share of it, and each A-ASSOCIATE-RQ \
        has 8K of its own in addition. If a connection needs more than is left of a share, the \
        connection with the largest incomplete PDU is rejected (temporary congestion) or aborted, \
        provided that this PDU is larger than the space needed or at least 5 seconds old; \
        otherwise the connection that needs the space is.
        """),
    Setting(
      "max-pdus-per-wakeup", .limits, \.maxPdusPerWakeup, .number(1...1_000_000),
      help: "PDUs served per turn of a peer",
      about: """
        How many PDUs, or PDVs within P-DATA-TF PDUs, are processed for one peer before the others \
        get a turn. The default is right unless you measure otherwise.
        """),
    Setting(
      "max-bytes-per-wakeup", .limits, \.maxBytesPerWakeup, .bytes(4 << 10...64 << 10),
      help: "bytes read per turn of a peer",
      about: """
        How many bytes are read from one peer before the others get a turn. The default is right \
        unless you measure otherwise.
        """),
    Setting(
      "max-unread", .limits, \.maxUnread, .bytes(16 << 10...16 << 20),
      help: "bytes of answers a peer may leave unread",
      about: """
        How many bytes of unread answers may accumulate before nothing more is read from a peer. \
        The kernel buffers them, plus as much again for its own use, up to net.core.wmem_max of \
        sysctl(8). At most 64 peers, 8 per address, may have unread answers at once; beyond that, \
        the connection that has had them longest is closed.
        """),
  ]
}
