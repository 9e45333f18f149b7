/// The table of settings: a new one is one row here.
extension Setting {
  /// Every setting, in the order of the help.
  public static let all: [Setting] = [
    Setting(
      key: "log-level", short: "ll", section: .general, placeholder: "[l]",
      help: "log level: none, critical, error, warning, info or debug (default: warning)"
    ) { text, settings in
      Value.level(text).store { settings.logLevel = $0 }
    },
    Setting(
      key: "port", short: nil, section: .network, placeholder: nil,
      help: "TCP port to listen on (default: 11112)"
    ) { text, settings in
      Value.list(text, Value.port).store { settings.port = $0 }
    },
    Setting(
      key: "ae-title", short: "aet", section: .network, placeholder: "[a]etitle",
      help: "my AE title (default: ECHOSCP)"
    ) { text, settings in
      Value.aeTitle(text).store { settings.aeTitle = $0 }
    },
    Setting(
      key: "acse-timeout", short: "ta", section: .network, placeholder: "[s]econds",
      help: "timeout for ACSE messages, the ARTIM timer (default: 30; 0: none)"
    ) { text, settings in
      Value.seconds(text).store { settings.acseTimeout = $0 }
    },
    Setting(
      key: "dimse-timeout", short: "td", section: .network, placeholder: "[s]econds",
      help: "timeout for DIMSE messages (default: 30; 0: none)"
    ) { text, settings in
      Value.seconds(text).store { settings.dimseTimeout = $0 }
    },
    Setting(
      key: "network-timeout", short: "tn", section: .network, placeholder: "[s]econds",
      help: "timeout for the network (default: 30; 0: none)"
    ) { text, settings in
      Value.seconds(text).store { settings.networkTimeout = $0 }
    },
    Setting(
      key: "max-pdu", short: "pdu", section: .network, placeholder: "[n]umber of bytes",
      help: "largest PDU received: 16 to 4294967295 (default: 16382; 0: no limit)"
    ) { text, settings in
      Value.maxPDU(text).store { settings.maxPdu = $0 }
    },
    Setting(
      key: "bind-address", short: "ba", section: .network, placeholder: "[a]ddress",
      help: "IPv4 or IPv6 addresses to listen on (default: all)"
    ) { text, settings in
      Value.list(text, Value.address).store { settings.bindAddress = $0 }
    },
    Setting(
      key: "workers", short: nil, section: .network, placeholder: "[n]",
      help: "threads that serve: 1 to 64 (default: auto, one a CPU, at most 4)"
    ) { text, settings in
      Value.automatic(text, 1...64).store { settings.workers = $0 }
    },
    Setting(
      key: "drain-timeout", short: nil, section: .network, placeholder: "[s]econds",
      help: "how long a stop waits for associations (default: 5)"
    ) { text, settings in
      Value.seconds(text).store { settings.drainTimeout = $0 }
    },
    Setting(
      key: "prefer", short: nil, section: .transferSyntaxes, placeholder: nil,
      help: "the order of transfer syntaxes: none, uncompressed, little, big or implicit"
    ) { text, settings in
      Value.preference(text).store { settings.prefer = $0 }
    },
    Setting(
      key: "max-associations", short: nil, section: .limits, placeholder: "[n]",
      help: "associations at once (default: auto, from the descriptor limit)"
    ) { text, settings in
      Value.automatic(text, 1...10_000_000).store { settings.maxAssociations = $0 }
    },
  ]

  /// The setting with this key, or nothing.
  public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}

extension Switch {
  /// Every switch, in the order of the help.
  public static let all: [Switch] = [
    Switch(
      long: "quiet", short: "q", key: "log-level", value: "none",
      help: "quiet mode, print no warnings and errors"),
    Switch(
      long: "verbose", short: "v", key: "log-level", value: "info",
      help: "verbose mode, print processing details"),
    Switch(
      long: "debug", short: "d", key: "log-level", value: "debug",
      help: "debug mode, print debug information"),
    Switch(
      long: "prefer-uncompr", short: "x=", key: "prefer", value: "uncompressed",
      help: "prefer explicit VR local byte order"),
    Switch(
      long: "prefer-little", short: "xe", key: "prefer", value: "little",
      help: "prefer explicit VR little endian TS"),
    Switch(
      long: "prefer-big", short: "xb", key: "prefer", value: "big",
      help: "prefer explicit VR big endian TS"),
    Switch(
      long: "implicit", short: "xi", key: "prefer", value: "implicit",
      help: "accept implicit VR little endian TS only"),
  ]
}
