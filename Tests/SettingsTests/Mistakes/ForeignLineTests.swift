import Testing

@testable import Settings

/// Lines of other formats, without an equals sign.
@Suite struct ForeignLineTests {
  static let lines: [(source: String, text: String, answer: String)] = [
    ("YAML", "port: 11112", "write port = 11112 in [network]"),
    ("YAML", "ae_title: MYPACS # mine", "write ae-title = MYPACS in [network]"),
    (
      "YAML", "allow-calling-ae-titles: [CT1, MR1]",
      "write allow-calling-ae-titles = CT1, MR1 in [access]"
    ),
    ("YAML", "- CT1", "put a list on one line, as in key = value, value"),
    ("YAML", "network:", "write [network]"),
    ("sshd, nginx", "port 11112", "write port = 11112 in [network]"),
    ("nginx", "listen 104;", "write port = 104 in [network]"),
    (
      "nginx", "ssl_certificate /etc/ssl/tls.pem;",
      "write tls-certificate = /etc/ssl/tls.pem in [tls]"
    ),
    (
      "nginx", "ssl_verify_client optional;",
      "write tls-client-certificate = request in [tls]"
    ),
    (
      "Apache", "SSLCertificateKeyFile \"/etc/ssl/my key.pem\"",
      "write tls-private-key = /etc/ssl/my key.pem in [tls]"
    ),
    ("nginx", "network {", "write [network]"),
    ("Apache", "<network>", "write [network]"),
    ("JSON", "\"port\": 11112,", "write port = 11112 in [network]"),
    ("JSON", "{ \"port\": 11112 }", "write port = 11112 in [network]"),
    ("JSON of Orthanc", "\"DicomAet\" : \"ORTHANC\",", "write ae-title = ORTHANC in [network]"),
    ("JSON", "\"ae-title\": \"CT 1\",", "write ae-title = CT 1 in [network]"), ("JSON", "{", usual),
    ("JSON", "}", usual), ("XML", "<port>11112</port>", "write port = 11112 in [network]"),
    ("XML of dcm4chee", "<dicomAETitle>X</dicomAETitle>", "write ae-title = X in [network]"),
    ("C, JSON5", "// comment", comment), ("C", "/* comment */", comment),
    ("SQL, Lua, Haskell", "-- comment", comment), ("DOS", "REM comment", comment),
    ("XML", "<!-- comment -->", comment), ("Fortran, X resources", "! comment", comment),
    ("TeX", "% comment", comment), ("nobody", "colour: blue", usual), ("nobody", "port", usual),
  ]

  private static let comment = "start a comment with # or ;"
  private static let usual = "key = value"

  @Test(
    "The message about a line of another format has the same line in the format of echoscpd")
  func linesOfOthers() {
    for (source, text, answer) in Self.lines {
      #expect(
        configuration(reading: ("a", text)).problems == [
          "a:1: \"\(text)\" sets nothing\(answer == Self.usual ? ": expected " : "; ")\(answer)"
        ],
        "\(source)")
    }
  }

  @Test("TOML's array of tables, and a title with brackets around it")
  func brackets() {
    for text in ["[[network]]", "[device [CT1]]"] {
      #expect(
        configuration(reading: ("a", text)).problems == [
          "a:1: \"\(text)\" has an extra bracket; write [section]"
        ])
    }
  }

  /// Lines in a section, and the advice on them.
  static let placed: [(section: String, text: String, answer: String)] = [
    ("network", "port: 11112", "write port = 11112"),
    ("access", "port: 11112", "write port = 11112 in [network]"),
    ("network", "listen 0.0.0.0:11112;", "write bind-address = 0.0.0.0, and port = 11112"),
    ("network", "listen [::]:11112;", "write bind-address = ::, and port = 11112"),
    ("network", "listen 192.0.2.7;", "write bind-address = 192.0.2.7"),
    ("network", "bind *:11112", "write port = 11112"),
    ("network", "bind pacs:11112", usual), ("network", "listen unix:/run/x.sock;", usual),
    ("network", "acse-timeout: 30s", "write acse-timeout = 30"),
    ("network", "acse-timeout: soon", usual),
    ("general", "log-level: INFO", "write log-level = info"),
    ("general", "LogLevel: verbose", "write log-level = info"),
    ("general", "LogLevel: loud", usual), ("general", "user root wheel;", usual),
    ("network", "max-pdu: 16k", "write max-pdu = 16384"),
    ("network", "address: 192.0.2.7", "write address = 192.0.2.7 in [device TITLE]"),
    ("network", "host: 192.0.2.7", "write bind-address = 192.0.2.7"),
    ("device CT1", "host: 192.0.2.7", "write address = 192.0.2.7"),
    ("device CT1", "address: [192.0.2.7, '::1']", "write address = 192.0.2.7, ::1"),
    ("device CT1", "address: pacs", usual), ("device CT1", "port: 104", usual),
    (
      "network", "\"DicomServerEnabled\" : true,", "remove it: C-ECHO is always answered"
    ),
    ("network", "\"NetworkType\": \"tcp\",", "remove it: the network is always TCP"),
    ("network", "ae-title: A_NAME_OF_17_CHAR", usual), ("network", "ae-title A\\B", usual),
    (
      "network", "bind " + (1...9).map { "192.0.2.\($0)" }.joined(separator: " "), usual
    ),
  ]

  @Test("The line belongs to the section that it is in, unless the advice names another")
  func linesInSections() {
    for (section, text, answer) in Self.placed {
      let problems = configuration(reading: ("a", "[\(section)]\n\(text)")).problems
      let end = answer == Self.usual ? ": expected \(answer)" : "; \(answer)"
      #expect(problems.last?.hasSuffix(" sets nothing\(end)") == true, "\(problems)")
    }
  }

  @Test("Every suggested line is accepted in its section, for every key and any value")
  func isTaken() {
    let keys =
      Setting.all.map(\.key) + DeviceSetting.all.map(\.key) + [
        "listen", "bind", "host", "LogLevel", "DicomAet", "timeout", "allowFrom", "p", "DicomPort",
      ]
    let values = [
      "104", "0", "30s", "16k", "INFO", "yes", "true", "none", "all", "auto", "pacs", "CT 1",
      "'CT1'",
      "[CT1, MR1]", "A_NAME_OF_17_CHAR", "A\\B", "*:104", "0.0.0.0:104", "[::1]:104", "192.0.2.7",
      "192.0.2.7:104", "192.0.2.0/24", "root wheel", "dicom", "104, 105;", "\"X\",", "a;b", "* 1",
    ]
    let sections = ["", "device CT1"] + Setting.Section.allCases.map(\.name)
    var count = 0
    for section in sections {
      for key in keys {
        for text in values.flatMap({ ["\(key): \($0)", "\(key) \($0)", "\"\(key)\" : \($0)"] }) {
          let heading = section.isEmpty ? "" : "[\(section)]"
          let problems = configuration(reading: ("a", "\(heading)\n\(text)")).problems
          guard let first = problems.first(where: { $0.contains(" sets nothing; write ") }),
            let start = first.ranges(of: "; write ").last?.upperBound
          else { continue }
          count += 1
          let parts = first[start...].split(separator: " in [")
          let right = parts[0].replacing(", and ", with: "\n")
          let file = (parts.count == 2 ? "[\(parts[1])" : heading) + "\n" + right
          let again = configuration(reading: ("a", file)).problems
          #expect(again == [], "\(heading) \(text): \(first)")
        }
      }
    }
    #expect(count > 1000)
  }
}
