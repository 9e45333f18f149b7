/// The rows of the table that bound what a stranger can take.
extension Setting {
  static let limits = [
    Setting(
      "max-associations", .limits, placeholder: "[n]umber", isListed: false, \.maxAssociations,
      .automatic(1...10_000_000),
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
        one of them is closed, so that a requestor that does send it gets in: the oldest of the \
        address that has most, if that is more than an eighth; else the oldest of all, if it has \
        waited for a second; else the newcomer. auto is a quarter of the connections that the limit of \
        file descriptors has room for, less where max-associations needs them, but at least 64 or half \
        of them.
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
        How many connections one address, or one /64 network of IPv6, may make in any second; others \
        are closed before anything is read. Each one counts for 1 to 1.2 seconds. 0 is any number.
        """),
    Setting(
      "partial-pdu-memory", .limits, placeholder: "[b]ytes", isListed: false, \.partialPduMemory,
      .bytes(64 << 10...1 << 40),
      help: "memory for incomplete PDUs",
      about: """
        The memory for PDUs that have come in part, in the whole process, in bytes, or with K, M or G \
        behind the number. Each worker has an equal part of it, and each request has 8K of its own \
        beside it. When it is used up, the largest partial PDU is rejected (temporary congestion) or \
        aborted, if it is larger than what another one needs or 5 seconds old; else the other one is.
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
        than net.core.wmem_max of sysctl(8) allows. At most 64 peers may lag behind with reading at \
        once, 8 of one address; the connection of the one that has for the longest time is closed.
        """),
  ]
}
