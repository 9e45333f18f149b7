import Linux
import Settings
import UpperLayer

/// Rehearses a configuration file: it is read in several ways, and the rehearsal checks what must hold
/// for any file, right or wrong.
public enum ConfigurationRehearsal {
  private static let path = "fuzz.conf"

  /// Rehearses the file with the contents `bytes`.
  public static func check(
    _ bytes: [UInt8], _ effort: Effort = .full
  ) throws(Rehearsal.Violation) {
    let configuration = read(bytes)
    try checkDiagnostics(configuration, lines: bytes.count { $0 == 0x0A } + 1)
    try checkContradictions(configuration)
    try checkValues(configuration.settings)
    try checkAccess(configuration.settings)
    if effort.includes(.dump) { try checkDump(configuration) }
    if effort.includes(.lineEnds) { try checkLineEnds(bytes, configuration) }
  }

  private static func read(_ bytes: [UInt8]) -> Configuration {
    var configuration = Configuration()
    configuration.read(ConfigurationFile(path: path, bytes: bytes))
    return configuration
  }

  /// Checks that each diagnostic is one line about a line of the file, in order, and not too many.
  private static func checkDiagnostics(
    _ configuration: Configuration, lines: Int
  ) throws(Rehearsal.Violation) {
    var latest = 0
    for diagnostic in configuration.diagnostics.prefix(100) {
      let line = diagnostic.line ?? latest
      try demand(line >= latest && line <= lines, "line \(line) after \(latest) of \(lines)")
      latest = line
      let text = diagnostic.text
      let isOneLine = text.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
      }
      try demand(isOneLine, "a control character in \(text.debugDescription)")
      try demand(text.utf8.count < 2000, "a diagnostic as long as its line")
    }
    try demand(configuration.diagnostics.count <= 101, "too many diagnostics")
  }

  /// Checks that each contradiction between settings is one line at the place of one of them.
  private static func checkContradictions(
    _ configuration: Configuration
  ) throws(Rehearsal.Violation) {
    let count = configuration.diagnostics.count
    let found = configuration.applying(CommandLineSettings()).diagnostics.dropFirst(count)
    for diagnostic in found {
      try demand(
        diagnostic.path == path && diagnostic.line != nil, "no place in \(diagnostic.text)")
      try demand(diagnostic.text.utf8.count < 300, "a long contradiction")
    }
    try demand(found.count <= 4, "too many contradictions")
  }

  /// Checks that the service can use every value, whatever is wrong in the file.
  private static func checkValues(_ settings: Settings) throws(Rehearsal.Violation) {
    let titles = settings.devices.map(\.title)
    try demand(Set(titles).count == titles.count, "two devices have the same title")
    let isWhole = settings.devices.allSatisfy {
      !$0.address.isEmpty || !$0.certificate.isEmpty || $0.probe != nil
    }
    try demand(isWhole, "a device without an address, a certificate or a place to probe")
    try demand(!settings.port.isEmpty && !settings.port.contains(0), "port")
    try demand(settings.maxPdu == 0 || settings.maxPdu >= 16, "max-pdu")
    try demand(settings.workers.map { (1...64).contains($0) } ?? true, "workers")
    try demand(settings.maxAssociations.map { $0 > 0 } ?? true, "max-associations")
    try demand(settings.maxPending.map { $0 > 0 } ?? true, "max-pending")
    try demand(settings.maxPdusPerWakeup > 0, "max-pdus-per-wakeup")
    try demand((4096...65_536).contains(settings.maxBytesPerWakeup), "max-bytes-per-wakeup")
    try demand(settings.maxUnread >= 16_384, "max-unread")
    try demand(settings.maxTlsAssociations > 0 && !settings.tlsPort.contains(0), "tls")
    try demand(settings.devices.allSatisfy(hasWholeRules), "a certificate rule")
    let files = [
      settings.tlsCertificate, settings.tlsPrivateKey, settings.tlsCaCertificates,
      settings.tlsDeviceCertificates, settings.tlsCrl,
    ].compactMap(\.self)
    try demand(files.allSatisfy { !$0.isEmpty && !$0.utf8.contains(0) }, "the name of a file")
    try demand(settings.partialPduMemory >= 65_536, "partial-pdu-memory")
  }

  private static func hasWholeRules(_ device: Device) -> Bool {
    device.certificate.allSatisfy { rule in
      switch rule {
      case .commonName(let name), .dnsName(let name), .uri(let name): !name.isEmpty
      case .sha256(let bytes): bytes.count == 32
      }
    }
  }

  /// Checks the access patterns and ranges against simpler implementations.
  private static func checkAccess(_ settings: Settings) throws(Rehearsal.Violation) {
    for pattern in settings.allowCallingAeTitles.prefix(8) {
      for name in ["CT1", "MR 2", "ECHOSCPECHOSCP", settings.aeTitle.unpadded] {
        try demand(
          AETitle(name).map(pattern.matches)
            == PatternReference.matches(pattern.unpadded[...], name[...]),
          "\(pattern.unpadded) and \(name)")
      }
    }
    for range in settings.allowAddresses + settings.denyAddresses {
      try demand(contains(range, range.text), "\(range.text) without its first address")
    }
  }

  /// Whether `range` contains the first address of the network `text`.
  private static func contains(_ range: AddressRange, _ text: String) -> Bool {
    // IPv6 addresses are not checked.
    guard let first = text.split(separator: "/").first, let bytes = ipv4(first) else { return true }
    var address = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 { address[index] = bytes[index] }
    return range.contains(address)
  }

  /// An IPv4 address in its IPv6-mapped form.
  private static func ipv4(_ text: Substring) -> [UInt8]? {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard numbers.count == 4 else { return nil }
    let bytes = numbers.compactMap { $0 }
    return bytes.count == 4 ? [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes : nil
  }

  /// Checks that a dump is read without diagnostics and gives the same settings.
  private static func checkDump(_ configuration: Configuration) throws(Rehearsal.Violation) {
    let again = read(Array(configuration.dump.utf8))
    try demand(again.diagnostics.isEmpty, "the dump has mistakes: \(again.diagnostics.map(\.text))")
    try demand(again.settings == configuration.settings, "the dump has other settings")
  }

  /// Checks that line ends and a byte order mark make no difference.
  private static func checkLineEnds(
    _ bytes: [UInt8], _ configuration: Configuration
  ) throws(Rehearsal.Violation) {
    guard !bytes.contains(0x0D), !bytes.starts(with: [0xFF]), !bytes.starts(with: [0xFE]),
      !bytes.starts(with: [0xEF])
    else { return }
    let other = read([0xEF, 0xBB, 0xBF] + bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
    try demand(other.diagnostics == configuration.diagnostics, "other diagnostics with CRLF")
    try demand(other.settings == configuration.settings, "other settings with CRLF")
  }

  private static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    if !condition { throw Rehearsal.Violation(description: what()) }
  }
}
