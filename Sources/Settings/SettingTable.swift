/// The table of settings: a new one is one row here.
extension Setting {
  /// Every setting, section by section.
  public static let all: [Setting] = general + network + transferSyntaxes + access + limits

  private static let general = [
    Setting(
      "log-level", short: "ll", .general, use: .always, \.logLevel, .level,
      help: "what is logged",
      about: """
        What is logged: none, critical, error, warning, info or debug, each with all in front of \
        it. warning is what goes wrong, info adds the steps of every association, in the journal \
        one record for each, and debug shows requests, answers and messages. auto is info in the \
        journal and warning on standard error.
        """),
    Setting(
      "log-target", .general, effect: .restart, \.logTarget, .target,
      help: "where the log goes",
      about: """
        Where the log goes: journal is the system's journal, with a field for each fact, stderr is \
        standard error, one line for each event. auto is the journal if standard error is \
        connected to it, as that of a service usually is, and standard error otherwise. \
        A change takes effect after a restart.
        """),
    Setting(
      "log-pdus", .general, \.logPdus, .yesOrNo,
      help: "whether records have what was refused",
      about: """
        Whether a record about a refused, malformed or incomplete A-ASSOCIATE-RQ or command set has its \
        bytes in the field DICOM_PDU of the journal, and at debug on stderr, as evidence for the maker of \
        the device, and whether the first bytes of what is not DICOM are shown. Credentials, data sets \
        and the content of HL7 messages are not in it.
        """),
    Setting(
      "user", .general, effect: .restart, \.user, .user,
      help: "whom to become when root",
      about: """
        Started as root, the user whom the daemon becomes for good once it listens, before it takes \
        a connection: with this user's groups, and no capability. Started as somebody else, it can \
        only be that user. With none it stays who it is, and warns if that is root; root says that \
        this is meant. At a reload, this user has to be able to read the files. echoscpd.service \
        does not need it: systemd starts it as a user without privileges. A change takes effect \
        after a restart.
        """),
    Setting(
      "core-dumps", .general, effect: .restart, \.coreDumps, .yesOrNo,
      help: "whether a crash leaves a core",
      about: """
        Whether a crash may leave a core file, which holds what peers have sent, and a debugger may \
        look into the process. The limit of the system, ulimit -c or LimitCORE=, has to allow it, \
        too. A change takes effect after a restart.
        """),
  ]

  private static let network = [
    Setting(
      "port", .network, effect: .binding, use: .local, \.port, .ports,
      help: "TCP ports to listen on",
      about: """
        TCP ports to listen on, one or several. 104 is DICOM's well-known port and needs a \
        privilege, 11112 its registered one and needs none. A port on the command line replaces \
        all of them. It does not apply where systemd passes sockets, as echoscpd.socket does: \
        systemctl edit echoscpd.socket changes these.
        """),
    Setting(
      "ae-title", short: "aet", .network, use: .local, \.aeTitle, .aeTitle,
      help: "my AE title",
      about: """
        The AE title of this acceptor: 1 to 16 ASCII characters without backslash. Requestors may \
        call it by any other unless require-called-ae-title is set.
        """),
    Setting(
      "acse-timeout", short: "ta", .network, use: .always, \.acseTimeout, .seconds,
      help: "timeout for ACSE messages",
      about: """
        The ARTIM timer, in seconds: how long a requestor may take to send its whole \
        A-ASSOCIATE-RQ, and to close the connection once the association has ended. 0 waits for \
        ever.
        """),
    Setting(
      "dimse-timeout", short: "td", .network, use: .always, \.dimseTimeout, .seconds,
      help: "timeout for DIMSE messages",
      about: """
        How long a message may take from its first fragment to its last, in seconds. 0 waits for \
        ever.
        """),
    Setting(
      "network-timeout", short: "tn", .network, use: .always, \.networkTimeout, .seconds,
      help: "timeout for the network",
      about: """
        How long an association may be idle, and how long a peer may refuse to take an answer, in \
        seconds. 0 waits for ever.
        """),
    Setting(
      "max-pdu", short: "pdu", .network, use: .always, \.maxPdu, .pduLength,
      help: "max receive pdu, 0: any",
      about: """
        The maximum length announced to requestors: the largest PDU-length of a P-DATA-TF that is \
        taken, in bytes, without its 6 header bytes; 16 to 4294967295, or 0 for no limit.
        """),
    Setting(
      "bind-address", short: "ba", .network, effect: .binding, use: .local, \.bindAddress,
      .addresses,
      help: "addresses to listen on",
      about: """
        The addresses to listen on, IPv4 or IPv6, or all of this machine's. Each is combined with \
        each port. It does not apply where systemd passes sockets, as echoscpd.socket does: \
        systemctl edit echoscpd.socket changes these.
        """),
    Setting(
      "workers", .network, effect: .restart, \.workers, .automatic(1...64),
      help: "threads that serve",
      about: """
        How many threads serve connections, 1 to 64; auto is one for each usable CPU, at most 4. A \
        change takes effect after a restart.
        """),
    Setting(
      "drain-timeout", .network, \.drainTimeout, .seconds,
      help: "how long a stop may take",
      about: """
        How long associations may go on once the service is asked to stop, in seconds; one that \
        is idle is ended after a second.
        """),
  ]

  private static let transferSyntaxes = [
    Setting(
      "prefer", .transferSyntaxes, use: .always, \.prefer, .preference,
      help: "which transfer syntax is accepted",
      about: """
        Which of the transfer syntaxes that a requestor proposes is accepted: none is the order in \
        which this program knows them, uncompressed takes implicit VR last, little and big take \
        explicit VR of that byte order first, implicit accepts implicit VR little endian only.
        """)
  ]

  private static let access = [
    Setting(
      "require-called-ae-title", .access, isListed: true, \.requireCalledAeTitle, .yesOrNo,
      help: "reject other called titles",
      about: """
        Whether a requestor that calls another AE title than ae-title is rejected (called AE title \
        not recognized), as strict archives do.
        """),
    Setting(
      "allow-calling-ae-titles", .access, \.allowCallingAeTitles, .aeTitlePatterns,
      help: "whom to accept",
      about: """
        The calling AE titles that are accepted; requestors with another one are rejected (calling \
        AE title not recognized). * stands for any characters, ? for one; a title with a blank \
        stands in quotation marks.
        """),
    Setting(
      "allow-addresses", .access, \.allowAddresses, .rangesOrAll,
      help: "who may connect",
      about: """
        The addresses and networks that may connect, as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32; \
        connections from others are closed before anything is read. A link-local address stands for \
        itself on every link.
        """),
    Setting(
      "deny-addresses", .access, \.denyAddresses, .rangesOrNone,
      help: "who may not connect",
      about: """
        The addresses and networks that may not connect, even if they are among allow-addresses.
        """),
  ]

  /// What bounds what a stranger can take.
  private static let limits = [
    Setting(
      "max-associations", .limits, \.maxAssociations, .automatic(1...10_000_000),
      help: "associations at once",
      about: """
        How many associations there may be at once; one more is rejected (local limit exceeded). \
        auto is as many as the limit of file descriptors has room for beside max-pending. When all of \
        them are taken, and more than an eighth by one address, a requestor of another address with \
        less than half as many is accepted all the same: of the address that has most, the association \
        that has been idle for the longest time ends. That of a device never does, and none where a \
        number is set here.
        """),
    Setting(
      "max-associations-per-address", .limits, \.maxAssociationsPerAddress, .number(0...10_000_000),
      help: "the same, with one address",
      about: """
        The same with one address, or with one /64 network of IPv6; 0 is any number. Devices behind \
        a NAT or a load balancer share an address.
        """),
    Setting(
      "max-pending", .limits, \.maxPending, .automatic(1...10_000_000),
      help: "connections without association",
      about: """
        How many connections there may be at once that have no association: those that have not \
        sent their A-ASSOCIATE-RQ yet, and those whose association has ended. One more, and the \
        one of them is closed, so that a requestor that does send it gets in: the oldest of the \
        address that has most, if that is more than an eighth; else the oldest of all, if it has \
        waited for a second; else the newcomer. auto is a quarter of the connections that the limit of \
        file descriptors has room for, less where max-associations needs them, but at least 64 or half \
        of them.
        """),
    Setting(
      "max-pending-per-address", .limits, \.maxPendingPerAddress, .number(0...10_000_000),
      help: "the same, with one address",
      about: """
        The same with one address, or with one /64 network of IPv6, whose oldest one is closed; 0 \
        is any number.
        """),
    Setting(
      "max-connection-rate", .limits, \.maxConnectionRate, .number(0...1_000_000),
      help: "connections a second and address",
      about: """
        How many connections one address, or one /64 network of IPv6, may make in any second; others \
        are closed before anything is read. Each one counts for 1 to 1.2 seconds. 0 is any number.
        """),
    Setting(
      "partial-pdu-memory", .limits, \.partialPduMemory, .bytes(64 << 10...1 << 40),
      help: "memory for incomplete PDUs",
      about: """
        The memory for PDUs that have come in part, in the whole process, in bytes, or with K, M or G \
        behind the number. Each worker has an equal part of it, and each request has 8K of its own \
        beside it. When it is used up, the largest partial PDU is rejected (temporary congestion) or \
        aborted, if it is larger than what another one needs or 5 seconds old; else the other one is.
        """),
    Setting(
      "max-pdus-per-wakeup", .limits, \.maxPdusPerWakeup, .number(1...1_000_000),
      help: "PDUs served in one go",
      about: """
        How many PDUs of one peer, or PDVs of its P-DATA-TFs, are served before the others have \
        their turn.
        """),
    Setting(
      "max-bytes-per-wakeup", .limits, \.maxBytesPerWakeup, .bytes(4 << 10...64 << 10),
      help: "bytes taken in one go",
      about: """
        How many bytes of one peer are taken before the others have their turn, from 4K to 64K.
        """),
    Setting(
      "max-unread", .limits, \.maxUnread, .bytes(16 << 10...16 << 20),
      help: "answers a peer may leave unread",
      about: """
        How many bytes of answers a peer may leave unread before it is not listened to any more, \
        from 16K to 16M. The system keeps them, as many again for its own purposes, and no more \
        than net.core.wmem_max of sysctl(8) allows. At most 64 peers may lag behind with reading at \
        once, 8 of one address; the connection of the one that has for the longest time is closed.
        """),
  ]
}
