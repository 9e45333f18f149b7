import Testing

@testable import Settings

/// The message about a wrong value has the error and its correction on one line, and the value changes nothing.
@Suite struct DiagnosticTests {
  /// The message about a wrong value of each kind.
  enum Kind {
    static let level =
      "is not a log level: expected one of none, critical, error, warning, info, debug, auto"
    static let target = "is not a log target: expected one of auto, journal, stderr"
    static let user =
      "is not a user name: expected none, or 1 to 32 letters, digits, dots, hyphens and underscores, "
      + "with no hyphen in front"
    static let preference =
      "is not a transfer syntax preference: expected one of none, uncompressed, little, big, "
      + "implicit"
    static let port = "is not a port: expected 1 to 65535"
    static let title =
      "is not an AE title: expected 1 to 16 printable ASCII characters, no backslash, not all spaces"
    static let time = "is not a time: expected 0 to 1000000 seconds, such as 30 or 0.5"
    static let length = "is not a PDU length: expected 16 to 4294967295 bytes, or 0 for no limit"
    static let workers = "is not a valid number: expected 1 to 64, or auto"
    static let associations = "is not a valid number: expected 1 to 10000000, or auto"
    static let pattern =
      "is not an AE title: expected 1 to 16 printable ASCII characters, no backslash, not all "
      + "spaces, with * and ? as wildcards"
    static let yesOrNo = "is neither yes nor no"
    static let range =
      "is not an address: expected an IPv4 or IPv6 address or network, such as 192.0.2.1, 192.0.2.0/24 or "
      + "2001:db8::/32"
    static let address =
      "is not an address: expected an IPv4 or IPv6 address, such as 192.0.2.1 or ::1"
    static let file =
      "is not the name of a file: expected none, or a path in UTF-8 without backslashes, control "
      + "characters or punctuation around it"
    static let mode = "is not one of the modes: expected one of require, request, no"
    static let version = "is not a version of TLS: expected 1.2 or 1.3"
  }

  /// The keys of each kind of value, wrong texts, and the message about them.
  static let wrong: [(keys: [String], texts: [String], problem: String)] = [
    (["log-level"], ["", "loud", "Debug", "warnings", "info ", "3"], Kind.level),
    (["log-target"], ["", "Journal", "syslog", "journal,stderr", "none"], Kind.target),
    (
      ["user"],
      [
        "", "-a", "a b", "a:b", "a/b", "ä", "a\u{301}", "nobody ", "$(id)",
        String(repeating: "a", count: 33),
      ],
      Kind.user
    ),
    (["prefer"], ["", "Little", "explicit", "little,big"], Kind.preference),
    (
      ["port"], ["0", "00", "65536", "4294967400", "-1", "+104", "0x68", "104.0", "dicom", "１０４"],
      Kind.port
    ),
    (
      ["ae-title"],
      ["", " ", "                ", "seventeen letters", "BACK\\SLASH", "ÄRZTE", "ＥＣＨＯ"],
      Kind.title
    ),
    (
      ["acse-timeout", "dimse-timeout", "network-timeout", "drain-timeout"],
      [
        "", ".", "..", "1.2.3", "-1", "-0", "+1", "1e3", "1E3", "0x1p3", "inf", "infinity", "nan",
        " 5", "5 ", "5s", "5,5", "1_000", "1000000.1", "1000001", "99999999999999999999", "٣٠",
      ],
      Kind.time
    ),
    (
      ["max-pdu"],
      ["", "1", "15", "4294967296", "99999999999999999999", "-16", "+16", "16.0", "16k", " 16"],
      Kind.length
    ),
    (
      ["workers"], ["", "0", "65", "-1", "+1", "1.5", "Auto", "99999999999999999999"], Kind.workers
    ),
    (
      ["require-called-ae-title", "core-dumps", "log-pdus"], ["", "Yes", "y", "2", "si", " yes"],
      Kind.yesOrNo
    ),
    (["allow-calling-ae-titles"], ["BACK\\SLASH", "ÄRZTE", "seventeen.letters"], Kind.pattern),
    (
      ["allow-addresses", "deny-addresses", "proxy-trusted"],
      [
        "localhost", "192.0.2", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/+8", "192.0.2.0/024/",
        "192.0.2.0/0024", "/24", "::/129", "192.0.2.0/255.255.255.0",
      ], Kind.range
    ),
    (
      ["tls-port", "proxy-port", "tls-proxy-port"], ["0", "65536", "-1", "dicom-tls"], Kind.port
    ),
    (
      [
        "tls-certificate", "tls-private-key", "tls-ca-certificates", "tls-device-certificates",
        "tls-crl",
      ], ["", "\\", "C:\\tls.pem", "'tls.pem'", "tls.pem;", "[a]"], Kind.file
    ),
    (["tls-client-certificate"], ["", "Require", "yes", "none", "require,request"], Kind.mode),
    (["tls-min-version"], ["", "1.4", "12", "SSLv3", " 1.2", "TLS", "tlsvtls1.2"], Kind.version),
    (
      ["max-tls-associations"], ["", "0", "10000001", "-1", "auto"],
      "is not a valid number: expected 1 to 10000000"
    ),
    (
      ["max-associations", "max-pending"], ["", "0", "10000001", "-1", "many", " 1"],
      Kind.associations
    ),
    (
      ["max-associations-per-address", "max-pending-per-address"],
      ["", "10000001", "-1", "auto", "1K"], "is not a valid number: expected 0 to 10000000"
    ),
    (
      ["max-connection-rate"], ["", "1000001", "-1", "1.5", "20/s"],
      "is not a valid number: expected 0 to 1000000"
    ),
    (
      ["max-pdus-per-wakeup"], ["", "0", "1000001", "auto"],
      "is not a valid number: expected 1 to 1000000"
    ),
    (
      ["partial-pdu-memory"],
      ["", "0", "65535", "63K", "1025G", "9999999999999G", "K", "-1M", "32 M", "32MB", "1.5M"],
      "is not a valid size: expected 64K to 1024G bytes, such as 65536 or 64K"
    ),
    (
      ["max-bytes-per-wakeup"], ["", "4095", "65537", "3K", "1M"],
      "is not a valid size: expected 4K to 64K bytes, such as 65536 or 64K"
    ),
    (
      ["max-unread"], ["", "0", "15K", "17M", "16383"],
      "is not a valid size: expected 16K to 16M bytes, such as 65536 or 64K"
    ),
    (
      ["bind-address"],
      ["localhost", "192.0.2", "192.0.2.256", "[::1]", "::1%no-such-if0", "127.0.0.1:104", ":::"],
      Kind.address
    ),
  ]

  @Test("A wrong value is refused with the allowed ones, and changes nothing", arguments: wrong)
  func isRefused(keys: [String], texts: [String], problem: String) throws {
    for key in keys {
      for text in texts {
        var settings = Settings()
        #expect(
          try #require(Setting.named(key)).problem(setting: text, &settings)
            == "\"\(text)\" \(problem)")
        #expect(settings == Settings(), "\(key) = \(text)")
      }
    }
  }

  private static let bits = "has bits set after its prefix"
  private static let link = "names an interface, but a rule applies to every interface"

  @Test("Every setting is in the table above")
  func everySettingIsTested() {
    #expect(Self.wrong.flatMap(\.keys).sorted() == Setting.all.map(\.key).sorted())
  }

  @Test(
    "The message about a list names the wrong element",
    arguments: [
      ("port", "104,0,11112", "\"0\" \(Kind.port)"),
      ("port", "104 dicom", "\"dicom\" \(Kind.port)"),
      ("port", "104;105", "\"104;105\" \(Kind.port)"),
      ("bind-address", "::1,localhost", "\"localhost\" \(Kind.address)"),
      ("port", "", "the list is empty: expected at least one value"),
      ("port", " ,\t, ", "the list is empty: expected at least one value"),
      ("bind-address", ",", "the list is empty: expected at least one value"),
      ("allow-addresses", "::1, 192.0.2.7/24", "\"192.0.2.7/24\" \(bits); write 192.0.2.0/24"),
      ("deny-addresses", "2001:db8::1/32", "\"2001:db8::1/32\" \(bits); write 2001:db8::/32"),
      ("deny-addresses", "none, ::1", "\"none\" \(Kind.range)"),
      ("deny-addresses", "::1, fe80::1%eth0", "\"fe80::1%eth0\" \(link); write fe80::1"),
      ("allow-addresses", "fe80::%2/64", "\"fe80::%2/64\" \(link); write fe80::/64"),
      ("allow-addresses", "fe80::1%", "\"fe80::1%\" \(link); write fe80::1"),
      ("deny-addresses", "gateway%eth0", "\"gateway%eth0\" \(Kind.range)"),
      ("bind-address", "all,::1", "\"all\" \(Kind.address)"),
      ("allow-calling-ae-titles", ",", "the list is empty: expected at least one value"),
      ("allow-calling-ae-titles", "A \"B", "\"A \"B\" has no closing quotation mark"),
      ("allow-calling-ae-titles", "A,\" \"", "\" \" \(Kind.pattern)"),
    ])
  func isRefusedInAList(key: String, text: String, problem: String) throws {
    var settings = Settings()
    #expect(try #require(Setting.named(key)).problem(setting: text, &settings) == problem)
    #expect(settings == Settings())
  }

  @Test(
    "Control characters in a wrong value are escaped, so that the message stays on one line",
    arguments: [
      ("a\nb", "a\\nb"), ("a\rb", "a\\rb"), ("a\tb", "a\\tb"), ("\u{1B}[2J", "\\u{1B}[2J"),
      ("\u{7F}", "\\u{7F}"), ("\0", "\\0"), ("ä", "ä"), ("\u{9B}2J", "\\u{009B}2J"),
    ])
  func isEscaped(text: String, escaped: String) throws {
    var settings = Settings()
    let problem = try #require(Setting.named("log-level")).problem(setting: text, &settings)
    #expect(problem == "\"\(escaped)\" \(Kind.level)")
  }

  @Test("Only the beginning of a long value is quoted")
  func isCutOff() throws {
    var settings = Settings()
    let text = String(repeating: "x", count: 100_000)
    let problem = try #require(Setting.named("log-level")).problem(setting: text, &settings)
    #expect(problem == "\"\(text.prefix(60))…\" \(Kind.level)")
  }

  @Test("A time above 0 is never read as 0, which would disable the timeout")
  func staysAboveZero() throws {
    for zeros in [1, 3, 10, 100, 400] {
      let text = "0." + String(repeating: "0", count: zeros) + "1"
      var settings = Settings()
      let problem = try #require(Setting.named("acse-timeout")).problem(setting: text, &settings)
      #expect(problem != nil || settings.acseTimeout > 0, "\(text)")
    }
  }

  @Test(
    "A diagnostic is one line: the file, the line, the key, and the error",
    arguments: [
      (Diagnostic(path: "a", line: 3, key: "port", problem: "x; y"), "a:3: port: x; y"),
      (Diagnostic(path: "a", line: 3, problem: "x"), "a:3: x"),
      (Diagnostic(path: "a", key: "port", problem: "x"), "a: port: x"),
      (Diagnostic(path: "/etc/a b", problem: "x"), "/etc/a b: x"),
      (
        Diagnostic(path: "a\n\u{1B}", line: 1, key: "k\r\u{9B}", problem: "x"),
        "a\\n\\u{1B}:1: k\\r\\u{009B}: x"
      ),
    ])
  func text(diagnostic: Diagnostic, text: String) { #expect(diagnostic.text == text) }

  @Test("Control characters in the name of a file or in a key are escaped in a diagnostic")
  func noControlCharacter() {
    for value in Array(0x00...0x1F) + Array(0x7F...0x9F) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let diagnostic = Diagnostic(path: "a\(scalar)", line: 1, key: "\(scalar)k", problem: "x")
      let escaped = scalar.escaped(asASCII: true)
      #expect(diagnostic.text == "a\(escaped):1: \(escaped)k: x")
    }
  }
}
