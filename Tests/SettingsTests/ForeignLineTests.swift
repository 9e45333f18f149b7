import Testing

@testable import Settings

/// Lines without an equals sign, as other formats have them.
@Suite struct ForeignLineTests {
  static let lines: [(source: String, text: String, answer: String)] = [
    ("YAML", "port: 11112", "write port = 11112"),
    ("YAML", "ae_title: MYPACS # mine", "write ae-title = MYPACS"),
    ("YAML", "allow-calling-ae-titles: [CT1, MR1]", "write allow-calling-ae-titles = CT1, MR1"),
    ("YAML", "- CT1", "a list stands on one line, key = value, value"),
    ("YAML", "network:", "write [network]"),
    ("sshd, nginx", "port 11112", "write port = 11112"),
    ("nginx", "listen 104;", "write port = 104"), ("nginx", "network {", "write [network]"),
    ("Apache", "<network>", "write [network]"),
    ("JSON", "\"port\": 11112,", "write port = 11112"),
    ("JSON", "{ \"port\": 11112 }", "write port = 11112"),
    ("JSON of Orthanc", "\"DicomAet\" : \"ORTHANC\",", "write ae-title = ORTHANC"),
    ("JSON", "\"ae-title\": \"CT 1\",", "write ae-title = CT 1"), ("JSON", "{", usual),
    ("JSON", "}", usual), ("XML", "<port>11112</port>", "write port = 11112"),
    ("XML of dcm4chee", "<dicomAETitle>X</dicomAETitle>", "write ae-title = X"),
    ("C, JSON5", "// comment", comment), ("C", "/* comment */", comment),
    ("SQL, Lua, Haskell", "-- comment", comment), ("DOS", "REM comment", comment),
    ("XML", "<!-- comment -->", comment), ("Fortran, X resources", "! comment", comment),
    ("TeX", "% comment", comment), ("nobody", "colour: blue", usual), ("nobody", "port", usual),
  ]

  private static let comment = "a comment begins with # or ;"
  private static let usual = "key = value does"

  @Test(
    "A line of the format that is named in the table is answered by the same line as it is here")
  func linesOfOthers() {
    for (source, text, answer) in Self.lines {
      #expect(
        configuration(reading: ("a", text)).problems == [
          "a:1: \"\(text)\" sets nothing; \(answer)"
        ],
        "\(source)")
    }
  }

  @Test("TOML's array of tables, and a title with brackets around it")
  func brackets() {
    for text in ["[[network]]", "[device [CT1]]"] {
      #expect(
        configuration(reading: ("a", text)).problems == [
          "a:1: \"\(text)\" has a bracket too many; [section] has one of each"
        ])
    }
  }

  @Test("What is said to be written instead is right")
  func isRight() {
    for (_, _, answer) in Self.lines where answer.hasPrefix("write ") {
      let right = String(answer.dropFirst("write ".count))
      let sections = Setting.Section.allCases.map { "[\($0.name)]\n\(right)" }
      #expect(sections.contains { configuration(reading: ("a", $0)).problems == [] }, "\(right)")
    }
  }
}
