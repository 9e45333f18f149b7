import TestKit
import Testing
import UpperLayer

@testable import Settings

/// The settings from files, and the errors in them: each on one line, in the order of the lines, all at once.
@Suite struct ConfigurationTests {
  private static let port = "is not a port: expected 1 to 65535"
  private static let networkKeys = SettingSample.keys(of: .network)
  private static let allKeys = SettingSample.all.map(\.key).joined(separator: ", ")

  /// Files and the errors in them.
  static let wrong: [(text: String, problems: [String])] = [
    ("[network]\nport = 0", ["a:2: port: \"0\" \(port)"]),
    ("[network]\nport = 104 0 x", ["a:2: port: \"0\" \(port)"]),
    ("[network]\nport =", ["a:2: port: the list is empty: expected at least one value"]),
    ("[network]\nport = # 104", ["a:2: port: the list is empty: expected at least one value"]),
    ("[network]\nport = \"104", ["a:2: port: \"\"104\" has no closing quotation mark; write 104"]),
    (
      "[network]\nae-title = \"A\" B",
      [
        "a:2: ae-title: \"\"A\" B\" continues after its closing quotation mark; to include a quotation "
          + "mark, write it twice"
      ]
    ),
    (
      "[network]\nae-title = \"A",
      ["a:2: ae-title: \"\"A\" has no closing quotation mark"]
    ),
    (
      "[limits]\nmax-associations = \"\"",
      ["a:2: max-associations: \"\" is not a valid number: expected 1 to 10000000, or auto"]
    ),
    (
      "port = 104",
      ["a:1: port: is set before the first section; put [network] above it"]
    ),
    (
      "prefer = x",
      [
        "a:1: prefer: is set before the first section; put [transfer-syntaxes] above it",
        "a:1: prefer: \"x\" is not a transfer syntax preference: expected one of none, uncompressed, "
          + "little, big, implicit",
      ]
    ),
    (
      "[limits]\nport = 104",
      ["a:2: port: does not belong in [limits]; move it to [network]"]
    ),
    (
      "[network]\nport = 1\nport = 2\nport = 0",
      [
        "a:3: port: already set in line 2; remove one of them",
        "a:4: port: already set in line 3; remove one of them", "a:4: port: \"0\" \(port)",
      ]
    ),
    (
      "[network]\nport = 1\n[limits]\nport = 0\n[network]",
      [
        "a:4: port: does not belong in [limits]; move it to [network]",
        "a:4: port: already set in line 2; remove one of them", "a:4: port: \"0\" \(port)",
      ]
    ),
    (
      "[network]\nport = 1\n[network]\nport = 1",
      ["a:4: port: already set in line 2; remove one of them"]
    ),
    ("[network]\nprot = 0", ["a:2: prot: unknown key; use port"]),
    ("[network]\nPORT = 104", ["a:2: PORT: unknown key; use port"]),
    (
      "[network]\nmax_associations = 1",
      ["a:2: max_associations: unknown key; use max-associations"]
    ),
    ("[network]\ncolour = 0", ["a:2: colour: unknown key; known in [network]: \(networkKeys)"]),
    (
      "[general]\ncolour = 0",
      [
        "a:2: colour: unknown key; known in [general]: log-level, log-target, log-pdus, user, "
          + "core-dumps"
      ]
    ),
    ("colour = 0", ["a:1: colour: unknown key; known keys: \(allKeys)"]),
    ("[network]\naet = A", ["a:2: aet: this is a short option; use the key ae-title"]),
    ("[general]\nll = info", ["a:2: ll: this is a short option; use the key log-level"]),
    (
      "[general]\nquiet = yes",
      ["a:2: quiet: this is an option without a value; use log-level = none"]
    ),
    (
      "[transfer-syntaxes]\nxi = yes\nprefer-big = no",
      [
        "a:2: xi: this is an option without a value; use prefer = implicit",
        "a:3: prefer-big: this is an option without a value; use prefer = big",
      ]
    ),
    (
      "[netwrok]\nport = 104\ncolour = 0\nport = 1",
      [
        "a:1: \"netwrok\" is not a section; use [network]",
        "a:3: colour: unknown key; known keys: \(allKeys)",
        "a:4: port: already set in line 2; remove one of them",
      ]
    ),
    (
      "[network\nport = 104\n[limits]\nport = 2",
      [
        "a:1: \"[network\" has no closing bracket; write [section]",
        "a:4: port: does not belong in [limits]; move it to [network]",
        "a:4: port: already set in line 2; remove one of them",
      ]
    ),
    ("= 1", ["a:1: the key before = is missing"]),
    ("port", ["a:1: \"port\" sets nothing: expected key = value"]),
    (
      "[network]\nport = 1\u{1B}",
      ["a:2: the control character \\u{1B} is not allowed in this file"]
    ),
    ("[network]\r\nport = 0\r\n", ["a:2: port: \"0\" \(port)"]),
    (
      "zz = 1\n[\nport = 0\nport\n= 1\n[limits]\nxyz = 1\nport = 0",
      [
        "a:1: zz: unknown key; known keys: \(allKeys)",
        "a:2: \"[\" has no closing bracket; write [section]",
        "a:3: port: \"0\" \(port)", "a:4: \"port\" sets nothing: expected key = value",
        "a:5: the key before = is missing",
        "a:7: xyz: unknown key; known in [limits]: \(SettingSample.keys(of: .limits))",
        "a:8: port: does not belong in [limits]; move it to [network]",
        "a:8: port: already set in line 3; remove one of them", "a:8: port: \"0\" \(port)",
      ]
    ),
  ]

  @Test(
    "Every error is reported with its line and a correction", arguments: wrong
  )
  func isWrong(text: String, problems: [String]) {
    #expect(configuration(reading: ("a", text)).problems == problems)
  }

  @Test("An error in the file as a whole has no line, and nothing in the file is read")
  func wholeFile() {
    var configuration = Configuration()
    configuration.read("a", [0xFF, 0xFE] + Array("[network]\nport = 1".utf8))
    #expect(configuration.problems == ["a: this file is UTF-16; save it as UTF-8"])
    #expect(configuration.settings == Settings())
    configuration.add(Diagnostic(path: "b", problem: "is gone"))
    #expect(configuration.problems == ["a: this file is UTF-16; save it as UTF-8", "b: is gone"])
  }

  @Test("The errors of several files are in the order of the files, each with its own lines")
  func severalFiles() {
    let result = configuration(
      reading: ("b", "\nx = 1\n[general]\nlog-level = 7"), ("a", "port"), ("c", ""), ("b", "]"))
    #expect(
      result.problems.map { $0.prefix { $0 != " " } } == ["b:2:", "b:4:", "a:1:", "b:1:"])
  }

  @Test("A key may be set in two files; the later file takes precedence")
  func acrossFiles() {
    let result = configuration(
      reading: ("a", "[network]\nport = 1\n[limits]\nmax-associations = 5"),
      ("b", "[network]\nport = 2"))
    #expect(result.problems == [])
    #expect(result.settings.port == [2])
    #expect(result.settings.maxAssociations == 5)
  }

  @Test(
    "A hundred errors of a file are shown, and the number of others", arguments: [100, 101, 350])
  func manyFaults(count: Int) {
    let text = String(repeating: "port\n", count: count)
    let problems = configuration(reading: ("a", text), ("b", "port")).problems
    let expected = (1...100).map { "a:\($0): \"port\" sets nothing: expected key = value" }
    let more = count > 100 ? ["a: errors not shown: \(count - 100)"] : []
    #expect(problems == expected + more + ["b:1: \"port\" sets nothing: expected key = value"])
  }

  @Test("The errors that are left out are the last in the file, whatever their kind")
  func earlierFaultsFirst() {
    // Errors in the form of lines are found before errors in values.
    let text = "zz = 1\n" + String(repeating: "]\n", count: 98) + "[general]\nll = x\n]\n]\n"
    let problems = configuration(reading: ("a", text)).problems
    #expect(problems.count == 101)
    #expect(problems.first?.hasPrefix("a:1: zz: unknown key") == true)
    #expect(
      problems.suffix(2) == [
        "a:101: ll: this is a short option; use the key log-level", "a: errors not shown: 2",
      ])
  }

  @Test("Quotation marks and comments are not part of the value")
  func values() {
    let result = configuration(
      reading: (
        "a",
        #"""
        \#u{FEFF}; a comment
        [network] # of the network
        ae-title = "CT #1 ""A""" ; quoted
        port = 104, 11112 # both
        [access]
        allow-calling-ae-titles = CT*,"MR # 1" "A,B" # those
          require-called-ae-title\#t=\#tyes\#t;
        [general]
        log-level=info
        [access]
        """#
      ))
    #expect(result.problems == [])
    var expected = Settings()
    expected.aeTitle = .named("CT #1 \"A\"")
    expected.port = [104, 11112]
    expected.allowCallingAeTitles = patterns("CT*", "MR # 1", "A,B")
    expected.requireCalledAeTitle = true
    expected.logLevel = .info
    #expect(result.settings == expected)
  }
}
