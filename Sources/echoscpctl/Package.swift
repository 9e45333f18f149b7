// swift-tools-version: 6.2

import PackageDescription

/// The parser of the command line. The Debian package is built without a network: there, this variable names the folder
/// with its sources.
let argumentParser: Package.Dependency =
  if let folder = Context.environment["ECHOSCPD_ARGUMENT_PARSER"] {
    .package(name: "swift-argument-parser", path: folder)
  } else {
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  }

// A package of its own: its dependencies and FoundationEssentials are nothing for the daemon.
let package = Package(
  name: "echoscpctl",
  dependencies: [.package(name: "echoscpd", path: "../.."), argumentParser],
  targets: [
    .executableTarget(
      name: "echoscpctl",
      dependencies: [
        .product(name: "EchoscpdLibrary", package: "echoscpd"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ],
      // LLVM's linker, also without LTO: gold does not know packed relocations, which save a megabyte.
      linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
  ]
)
