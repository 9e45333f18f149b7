import TestKit
import Testing

@testable import Settings

/// Values in the notation of other formats and programs: the message has the same value in that of echoscpd.
@Suite struct RepairTests {
  /// Values of other programs and formats, and the corrections.
  static let values: [(source: String, key: String, text: String, right: String)] = [
    ("systemd, nginx: units of time", "acse-timeout", "30s", "30"),
    ("systemd, nginx: units of time", "acse-timeout", "30 s", "30"),
    ("systemd, nginx: units of time", "acse-timeout", "500ms", "0.5"),
    ("systemd, nginx: units of time", "acse-timeout", "1m", "60"),
    ("systemd, nginx: units of time", "dimse-timeout", "2 minutes", "120"),
    ("systemd, nginx: units of time", "network-timeout", "1h", "3600"),
    ("a decimal comma", "drain-timeout", "0,5", "0.5"),
    ("systemd: no limit", "acse-timeout", "infinity", "0"),
    ("nginx: units of size", "max-pdu", "16k", "16384"),
    ("nginx: units of size", "max-pdu", "1M", "1048576"),
    ("nginx: units of size", "max-unread", "64k", "64K"),
    ("IEC units", "partial-pdu-memory", "32MiB", "32M"),
    ("SI units", "partial-pdu-memory", "32 MB", "32M"),
    ("English thousands", "max-pdu", "16,384", "16384"),
    ("Rust, Python: digits in groups", "max-pdu", "16_384", "16384"),
    ("C", "max-pdu", "0x4000", "16384"), ("syslog's capitals", "log-level", "INFO", "info"),
    ("log4j", "log-level", "FATAL", "critical"), ("log4j", "log-level", "trace", "debug"),
    ("syslog", "log-level", "notice", "info"), ("syslog", "log-level", "err", "error"),
    ("rsyslog", "log-target", "syslog", "journal"), ("docker", "log-target", "console", "stderr"),
    ("Python", "require-called-ae-title", "True", "true"),
    ("YAML", "require-called-ae-title", "y", "yes"),
    ("Cisco", "require-called-ae-title", "enabled", "yes"),
    ("a shell", "log-level", "'info'", "info"), ("JSON", "log-level", "info,", "info"),
    ("C", "workers", "4;", "4"), ("C++", "port", "104 // c", "104"),
    ("a comment without a blank", "port", "104#c", "104"),
    ("JSON", "port", "[104, 11112]", "104, 11112"),
    ("services(5)", "port", "104/tcp", "104"), ("make, perl", "port", "= 104", "104"),
    ("make", "port", "104 \\", "104"), ("perl", "port", "> 104", "104"),
    ("Apache", "allow-addresses", "*", "all"),
    ("pg_hba.conf", "allow-addresses", "any", "all"), ("tcpd", "deny-addresses", "no", "none"),
    ("nginx", "allow-addresses", "192.0.2.7; 192.0.2.8", "192.0.2.7, 192.0.2.8"),
    ("a URL", "bind-address", "[::1]", "::1"),
    ("hosts(5)", "bind-address", "localhost", "127.0.0.1"),
    ("redis", "bind-address", "*", "all"), ("capitals", "workers", "Auto", "auto"),
    ("limits.conf(5)", "max-associations", "unlimited", "auto"),
    ("limits.conf(5)", "max-connection-rate", "unlimited", "0"),
  ]

  @Test(
    "The message about a value of another program has the same value in the notation of echoscpd")
  func valuesOfOthers() throws {
    for (source, key, text, right) in Self.values {
      let setting = try #require(Setting.named(key))
      var settings = Settings()
      let problem = setting.problem(reading: text, &settings)
      #expect(problem?.hasSuffix("; write \(right)") == true, "\(source): \(problem ?? "taken")")
      #expect(settings == Settings(), "\(source)")
      #expect(setting.problem(setting: right, &settings) == nil, "\(source)")
    }
  }

  @Test("systemd, socat, Apache: an address with a port, and services(5): the name of a port")
  func places() throws {
    for (text, problem) in [
      (
        "[network]\nbind-address = 127.0.0.1:104",
        "a:2: bind-address: \"127.0.0.1:104\" includes a port; write 127.0.0.1, and port = 104"
      ),
      (
        "[network]\nbind-address = [::1]:104",
        "a:2: bind-address: \"[::1]:104\" includes a port; write ::1, and port = 104"
      ),
      (
        "[network]\nport = 127.0.0.1:104",
        "a:2: port: \"127.0.0.1:104\" includes an address; write 104, and bind-address = 127.0.0.1"
      ),
      (
        "[network]\nport = 127.0.0.1",
        "a:2: port: \"127.0.0.1\" is not a port; write bind-address = 127.0.0.1"
      ),
      (
        "[network]\nbind-address = *:104",
        "a:2: bind-address: \"*:104\" is not an address; write port = 104"
      ),
      (
        "[network]\nbind-address = A@127.0.0.1:104",
        "a:2: bind-address: \"A@127.0.0.1:104\" is not an address: expected an IPv4 or IPv6 address, "
          + "such as 192.0.2.1 or ::1"
      ),
      (
        "[network]\nport = dicom",
        "a:2: port: \"dicom\" is the name of a port; use its number, 104 or 11112"
      ),
    ] { #expect(configuration(reading: ("a", text)).problems == [problem]) }
    #expect(
      configuration(reading: ("a", "[device A]\naddress = ['::1']")).problems == [
        "a:2: address: \"['::1']\" is not an address; write ::1"
      ])
  }

  @Test(
    "If the meaning is not clear, the message has the allowed values",
    arguments: [
      ("max-pdu", "15"), ("max-pdu", "big"), ("acse-timeout", "soon"), ("acse-timeout", "-1"),
      ("acse-timeout", "1,000"), ("acse-timeout", "inf"), ("workers", "0"), ("port", "70000"),
      ("port", "104-106"), ("log-level", "loud"), ("prefer", "explicit"),
      ("ae-title", "A\\B"), ("allow-addresses", "none"), ("bind-address", "none"),
      ("max-associations", "1k"),
    ])
  func cannotTell(key: String, text: String) throws {
    let setting = try #require(Setting.named(key))
    var settings = Settings()
    let problem = setting.problem(setting: text, &settings)
    #expect(setting.problem(reading: text, &settings) == problem && problem != nil)
  }

  @Test("No correction is suggested that a message would cut off")
  func isWhole() {
    let titles = (1...20).map { "CT\($0)" }
    let list = titles.joined(separator: ", ")
    for text in [
      "[network]\nbind-address = [\((1...30).map { "192.0.2.\($0)" }.joined(separator: ", "))]",
      "[access]\nallow-calling-ae-titles = [\(list)]", "[network]\nae-title = \"\(list)\",",
      "[devise \(list)]", "[device '\(list)']", "port: \((1...30).map(String.init).joined())",
    ] {
      let problems = configuration(reading: ("a", text)).problems
      #expect(problems.count == 1)
      for problem in problems {
        let start = problem.ranges(of: "; ").last ?? problem.ranges(of: ": expected ").last
        let answer = start.map { problem[$0.upperBound...] } ?? ""
        #expect((1...200).contains(answer.count) && !answer.contains("…"), "\(problem)")
      }
    }
  }

  @Test("Every suggested value is accepted, for every setting and any text")
  func isTaken() throws {
    var random = Random(seed: 11)
    let pieces = [
      "[", "]", "'", "\"", "(", ")", ";", ",", " ", "1", "30", "16", "k", "M", "s", "ms", "yes",
      "INFO", "auto", "::1", "192.0.2.7", "/24", "#", "//", "=", "*", "all", "CT1", "<", ">",
      "\u{A0}",
    ]
    var count = 0
    for _ in 0..<4000 {
      let text = (0...random.next(below: 6)).map { _ in pieces[random.next(below: pieces.count)] }
        .joined()
      for setting in Setting.all {
        var settings = Settings()
        guard let problem = setting.problem(reading: text, &settings),
          let start = problem.ranges(of: "; write ").last?.upperBound,
          !problem.hasSuffix(" if it belongs to the title"),
          !problem.hasSuffix("write TITLE, TITLE")
        else { continue }
        count += 1
        for right in problem[start...].split(separator: ", and ") {
          let parts = right.split(separator: " = ")
          let other = parts.count == 2 ? Setting.named(String(parts[0])) : setting
          #expect(
            other?.problem(setting: String(parts[parts.count - 1]), &settings) == .some(nil),
            "\(setting.key) = \(text): \(problem)")
        }
      }
    }
    #expect(count > 1000)
  }
}
