// swift-tools-version: 6.2

import PackageDescription

/// What every target is built with: language mode 6, strict memory safety, no warning let through.
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

let package = Package(
  name: "echoscpd",
  targets: [
    .target(name: "CLinux", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .systemLibrary(name: "CSystemd"),
    .target(name: "ByteCoding", swiftSettings: strict),
    .target(name: "UpperLayer", dependencies: ["ByteCoding"], swiftSettings: strict),
    .target(
      name: "Verification", dependencies: ["ByteCoding", "UpperLayer"], swiftSettings: strict),
    .target(
      name: "Requestor", dependencies: ["ByteCoding", "UpperLayer", "Verification"],
      swiftSettings: strict),
    .target(
      name: "Settings", dependencies: ["CLinux", "UpperLayer"], swiftSettings: strict),
    .target(
      name: "Journal",
      dependencies: ["CLinux", "ByteCoding", "UpperLayer", "Verification", "Requestor"],
      swiftSettings: strict),
    .target(
      name: "EventLoop",
      dependencies: [
        "CLinux", "CSystemd", "UpperLayer", "Verification", "Requestor", "Settings", "Journal",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "echoscpd",
      dependencies: [
        "CLinux", "UpperLayer", "Verification", "Requestor", "Settings", "Journal", "EventLoop",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "echobench",
      dependencies: [
        "CLinux", "ByteCoding", "UpperLayer", "Verification", "Requestor", "Settings", "Journal",
        "EventLoop",
      ],
      swiftSettings: strict),
    .target(
      name: "TestKit",
      dependencies: ["Journal", "Requestor", "Settings", "UpperLayer", "Verification"],
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
      name: "SettingsTests", dependencies: ["Settings", "TestKit", "UpperLayer"],
      swiftSettings: strict),
    .testTarget(
      name: "JournalTests",
      dependencies: ["Journal", "Requestor", "UpperLayer", "Verification", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "EventLoopTests",
      dependencies: [
        "CLinux", "EventLoop", "Journal", "Settings", "TestKit", "UpperLayer", "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EchobenchTests",
      dependencies: ["echobench", "Journal", "Requestor", "TestKit", "UpperLayer"],
      swiftSettings: strict),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "Journal", "JournalTests", "Requestor", "UpperLayer", "Verification", "Settings",
        "TestKit",
      ],
      path: "Tests/Golden",
      exclude: [
        "table-9-10.md", "help.txt", "dump-config.txt", "twenty-mistakes.conf",
        "twenty-mistakes.txt",
      ], swiftSettings: strict),
    .testTarget(
      name: "ConversationTests", dependencies: ["UpperLayer", "Verification", "TestKit"],
      swiftSettings: strict),
  ]
)

// libFuzzer comes with -sanitize=fuzzer only: `make fuzz`.
if Context.environment["ECHOSCPD_FUZZ"] == "1" {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer")
  ]
  package.targets += [
    "FuzzPDUs", "FuzzConversations", "FuzzCommands", "FuzzConfiguration", "FuzzAnswers",
  ].map {
    .executableTarget(
      name: $0, dependencies: ["CLibFuzzer", "TestKit"], path: "Tests/Fuzz/\($0)",
      swiftSettings: strict)
  }
}
