/// The rows of the table that bound what a stranger can take.
extension Setting {
  static let limits = [
    Setting(
      "max-associations", .limits, placeholder: "[n]umber", isListed: false, \.maxAssociations,
      .automatic(1...10_000_000),
      help: "associations at once",
      about: """
        How many associations there may be at once; one more is rejected (local limit exceeded). \
        auto is as many as the limit of file descriptors has room for.
        """),
    Setting(
      "max-associations-per-address", .limits, placeholder: "[n]umber", isListed: false,
      \.maxAssociationsPerAddress, .number(0...10_000_000),
      help: "the same, with one address",
      about: """
        The same with one address, or with one /64 network of IPv6; 0 is any number. Devices behind \
        a NAT or a load balancer share an address.
        """),
    Setting(
      "max-pending", .limits, placeholder: "[n]umber", isListed: false, \.maxPending,
      .automatic(1...10_000_000),
      help: "connections without association",
      about: """
        How many connections there may be at once that have no association: those that have not \
        sent their A-ASSOCIATE-RQ yet, and those whose association has ended. One more, and the \
        oldest of them is closed, so that who does send it gets in. auto is half as many as the \
        limit of file descriptors has room for, and 64 at least. When there is no descriptor left, \
        the oldest is closed too.
        """),
    Setting(
      "max-pending-per-address", .limits, placeholder: "[n]umber", isListed: false,
      \.maxPendingPerAddress,
      .number(0...10_000_000),
      help: "the same, with one address",
      about: """
        The same with one address, or with one /64 network of IPv6, whose oldest one is closed; 0 \
        is any number.
        """),
    Setting(
      "max-connection-rate", .limits, placeholder: "[n]umber", isListed: false, \.maxConnectionRate,
      .number(0...1_000_000),
      help: "connections a second and address",
      about: """
        How many connections one address, or one /64 network of IPv6, may make in a second; others \
        are closed before anything is read. 0 is any number.
        """),
    Setting(
      "partial-pdu-memory", .limits, placeholder: "[b]ytes", isListed: false, \.partialPduMemory,
      .bytes(64 << 10...1 << 40),
      help: "memory for incomplete PDUs",
      about: """
        The memory for PDUs that have come in part, and for answers that peers do not take, in the \
        whole process, in bytes, or with K, M or G behind the number. When it is used up, who needs \
        more of it is rejected (temporary congestion), or aborted.
        """),
    Setting(
      "max-pdus-per-wakeup", .limits, placeholder: "[n]umber", isListed: false, \.maxPdusPerWakeup,
      .number(1...1_000_000),
      help: "PDUs served in one go",
      about: """
        How many PDUs of one peer, or PDVs of its P-DATA-TFs, are served before the others have \
        their turn.
        """),
    Setting(
      "max-bytes-per-wakeup", .limits, placeholder: "[b]ytes", isListed: false, \.maxBytesPerWakeup,
      .bytes(4 << 10...64 << 10),
      help: "bytes taken in one go",
      about: """
        How many bytes of one peer are taken before the others have their turn, from 4K to 64K.
        """),
    Setting(
      "max-unread", .limits, placeholder: "[b]ytes", isListed: false, \.maxUnread,
      .bytes(16 << 10...16 << 20),
      help: "answers a peer may leave unread",
      about: """
        How many bytes of answers a peer may leave unread before it is not listened to any more, \
        from 16K to 16M. The system keeps them, as many again for its own purposes, and no more \
        than net.core.wmem_max of sysctl(8) allows.
        """),
  ]
}
