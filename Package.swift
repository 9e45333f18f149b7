// swift-tools-version: 6.2

import PackageDescription

/// The settings of every target: language mode 6, strict memory safety, warnings as errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
  .enableExperimentalFeature("SafeInteropWrappers"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// The strict settings without the module for regular expressions: a single call of one of its string functions, such
/// as `replacing`, links all of it into a program. Tests may use it.
let lean =
  strict + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

let package = Package(
  name: "echoscpd",
  // For echoscpctl, a package of its own, so that building the daemon resolves no dependency.
  products: [
    .library(
      name: "EchoscpdLibrary",
      targets: [
        "JournalReader", "Ledger", "Linux", "Log", "Settings", "Systemd", "UpperLayer",
        "Verification",
      ]),
    .library(name: "CSystemd", targets: ["CSystemd"]),
  ],
  targets: [
    .target(name: "CLinux", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .systemLibrary(name: "CSystemd"),
    .target(
      name: "COpenSSL", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "ByteCoding", swiftSettings: lean),
    .target(name: "UpperLayer", dependencies: ["ByteCoding"], swiftSettings: lean),
    .target(
      name: "Verification", dependencies: ["ByteCoding", "UpperLayer"], swiftSettings: lean),
    .target(
      name: "Requestor", dependencies: ["ByteCoding", "UpperLayer", "Verification"],
      swiftSettings: lean),
    .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: lean),
    .target(
      name: "TLS", dependencies: ["ByteCoding", "COpenSSL", "Linux"], swiftSettings: lean),
    .target(name: "ProxyProtocol", dependencies: ["ByteCoding"], swiftSettings: lean),
    .target(name: "Settings", dependencies: ["Linux", "UpperLayer"], swiftSettings: lean),
    .target(
      name: "Systemd", dependencies: ["CLinux", "CSystemd", "Linux"], swiftSettings: lean),
    .target(
      name: "Log",
      dependencies: [
        "ByteCoding", "UpperLayer", "Verification", "Linux", "ProxyProtocol", "Systemd",
        "Settings", "TLS",
      ],
      swiftSettings: lean),
    .target(
      name: "Probe",
      dependencies: ["ByteCoding", "UpperLayer", "Requestor", "Linux", "Settings", "TLS", "Log"],
      swiftSettings: lean),
    .target(
      name: "Server",
      dependencies: [
        "UpperLayer", "Verification", "Linux", "ProxyProtocol", "Systemd", "Settings", "TLS",
        "Log",
      ],
      swiftSettings: lean),
    .target(
      name: "Ledger", dependencies: ["ByteCoding", "UpperLayer", "Linux", "Systemd", "Log"],
      swiftSettings: lean),
    .target(name: "JournalReader", dependencies: ["CSystemd", "Linux"], swiftSettings: lean),
    .executableTarget(
      name: "echoscpd",
      dependencies: [
        "CLinux", "UpperLayer", "Verification", "Requestor", "Linux", "Systemd", "Settings", "TLS",
        "Log", "Probe", "Server",
      ],
      swiftSettings: lean),
    .executableTarget(
      name: "echobench",
      dependencies: [
        "CLinux", "ByteCoding", "UpperLayer", "Verification", "Requestor", "Linux", "Settings",
        "TLS", "Log", "Probe",
      ],
      swiftSettings: lean),
    .target(
      name: "TestKit",
      dependencies: [
        "CLinux", "COpenSSL", "Ledger", "Linux", "Log", "ProxyProtocol", "Requestor", "Settings",
        "Systemd", "TLS", "UpperLayer", "Verification",
      ],
      path: "Tests/TestKit", swiftSettings: strict),
    .testTarget(name: "CLinuxTests", dependencies: ["CLinux", "Settings"], swiftSettings: strict),
    .testTarget(name: "ByteCodingTests", dependencies: ["ByteCoding"], swiftSettings: strict),
    .testTarget(
      name: "UpperLayerTests", dependencies: ["ByteCoding", "UpperLayer", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "VerificationTests", dependencies: ["UpperLayer", "Verification", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "RequestorTests", dependencies: ["Requestor", "UpperLayer", "Verification", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "LinuxTests", dependencies: ["CLinux", "Linux", "TestKit"], swiftSettings: strict),
    .systemLibrary(name: "CMalloc", path: "Tests/CMalloc"),
    .testTarget(
      name: "TLSTests", dependencies: ["CMalloc", "COpenSSL", "Linux", "TestKit", "TLS"],
      swiftSettings: strict),
    .testTarget(
      name: "ProxyProtocolTests", dependencies: ["ProxyProtocol", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "SettingsTests", dependencies: ["Linux", "Settings", "TestKit", "UpperLayer"],
      exclude: [
        "Texts/help.txt", "Texts/dump-config.txt", "Texts/twenty-mistakes.conf",
        "Texts/twenty-mistakes.txt",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SystemdTests", dependencies: ["CLinux", "Linux", "Systemd", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "LogTests",
      dependencies: [
        "CLinux", "Linux", "Log", "ProxyProtocol", "Settings", "Systemd", "TestKit", "TLS",
        "UpperLayer", "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ProbeTests",
      dependencies: [
        "Linux", "Log", "Probe", "Requestor", "Settings", "TestKit", "TLS", "UpperLayer",
        "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests",
      dependencies: [
        "ByteCoding", "Ledger", "Linux", "Log", "LogTests", "Systemd", "TestKit", "UpperLayer",
      ],
      exclude: [
        "Texts/no-peers.txt",
        "Texts/peers.txt",
        "Texts/status-failed.txt",
        "Texts/status.txt",
        "Texts/story-absent.txt",
        "Texts/story-failing.txt",
        "Texts/story-ok.txt",
        "Texts/story-unknown.txt",
        "Texts/watch.txt",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "CLinux", "Linux", "Log", "Server", "Settings", "Systemd", "TestKit", "TLS", "UpperLayer",
        "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EchobenchTests",
      dependencies: [
        "echobench", "Linux", "Log", "Probe", "Requestor", "TestKit", "TLS", "UpperLayer",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TextTests",
      dependencies: [
        "ConversationTests", "Ledger", "Linux", "Log", "LogTests", "Probe", "Requestor",
        "UpperLayer",
        "Verification", "Settings", "SettingsTests", "TestKit", "TLS",
      ],
      path: "Tests/Texts", swiftSettings: strict),
    .testTarget(
      name: "ConversationTests",
      dependencies: [
        "Log", "Probe", "Requestor", "Settings", "UpperLayer", "Verification", "TestKit",
      ],
      swiftSettings: strict),
  ]
)

// libFuzzer is linked only with -sanitize=fuzzer, as `make fuzz` does.
if Context.environment["ECHOSCPD_FUZZ"] == "1" {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer")
  ]
  package.targets += [
    "FuzzPDUs", "FuzzConversations", "FuzzCommands", "FuzzConfiguration", "FuzzAnswers",
    "FuzzHandshakes", "FuzzProxyHeaders", "FuzzRecords",
  ].map {
    .executableTarget(
      name: $0, dependencies: ["CLibFuzzer", "TestKit"], path: "Tests/Fuzz/\($0)",
      swiftSettings: strict)
  }
}
