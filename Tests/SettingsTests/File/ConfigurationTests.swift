import TestKit
import Testing
import UpperLayer

@testable import Settings

/// What files come to, and all that can be wrong in them: each on one line, in the order of the
/// lines, all at once.
@Suite struct ConfigurationTests {
  private static let port = "is no port; a number from 1 to 65535"
  private static let networkKeys = SettingSample.keys(of: .network)
  private static let allKeys = SettingSample.all.map(\.key).joined(separator: ", ")

  /// A file, and what is wrong in it.
  static let wrong: [(text: String, problems: [String])] = [
    ("[network]\nport = 0", ["a:2: port: \"0\" \(port)"]),
    ("[network]\nport = 104 0 x", ["a:2: port: \"0\" \(port)"]),
    ("[network]\nport =", ["a:2: port: it is empty; at least one value"]),
    ("[network]\nport = # 104", ["a:2: port: it is empty; at least one value"]),
    ("[network]\nport = \"104", ["a:2: port: \"\"104\" lacks a closing quotation mark; write 104"]),
    (
      "[network]\nae-title = \"A\" B",
      [
        "a:2: ae-title: \"\"A\" B\" goes on behind its quotation marks; a quotation mark inside "
          + "them is written twice"
      ]
    ),
    (
      "[network]\nae-title = \"A",
      ["a:2: ae-title: \"\"A\" lacks its closing quotation mark"]
    ),
    (
      "[limits]\nmax-associations = \"\"",
      ["a:2: max-associations: \"\" is out of range; a number from 1 to 10000000, or auto"]
    ),
    (
      "port = 104",
      ["a:1: port: it stands in front of the first section; [network] belongs above it"]
    ),
    (
      "prefer = x",
      [
        "a:1: prefer: it stands in front of the first section; [transfer-syntaxes] belongs above "
          + "it",
        "a:1: prefer: \"x\" is no order of transfer syntaxes; one of none, uncompressed, little, "
          + "big, implicit",
      ]
    ),
    (
      "[limits]\nport = 104",
      ["a:2: port: it does not belong in [limits]; it is one of [network]"]
    ),
    (
      "[network]\nport = 1\nport = 2\nport = 0",
      [
        "a:3: port: line 2 sets it already; one of the two",
        "a:4: port: line 3 sets it already; one of the two", "a:4: port: \"0\" \(port)",
      ]
    ),
    (
      "[network]\nport = 1\n[limits]\nport = 0\n[network]",
      [
        "a:4: port: it does not belong in [limits]; it is one of [network]",
        "a:4: port: line 2 sets it already; one of the two", "a:4: port: \"0\" \(port)",
      ]
    ),
    (
      "[network]\nport = 1\n[network]\nport = 1",
      ["a:4: port: line 2 sets it already; one of the two"]
    ),
    ("[network]\nprot = 0", ["a:2: prot: unknown key; port is one"]),
    ("[network]\nPORT = 104", ["a:2: PORT: unknown key; port is one"]),
    (
      "[network]\nmax_associations = 1",
      ["a:2: max_associations: unknown key; max-associations is one"]
    ),
    ("[network]\ncolour = 0", ["a:2: colour: unknown key; [network] has \(networkKeys)"]),
    (
      "[general]\ncolour = 0",
      ["a:2: colour: unknown key; [general] has log-level, log-target, log-pdus, user, core-dumps"]
    ),
    ("colour = 0", ["a:1: colour: unknown key; the keys are \(allKeys)"]),
    ("[network]\naet = A", ["a:2: aet: this is a short option; ae-title is its key"]),
    ("[general]\nll = info", ["a:2: ll: this is a short option; log-level is its key"]),
    (
      "[general]\nquiet = yes",
      ["a:2: quiet: this is an option without a value; log-level = none is its setting"]
    ),
    (
      "[transfer-syntaxes]\nxi = yes\nprefer-big = no",
      [
        "a:2: xi: this is an option without a value; prefer = implicit is its setting",
        "a:3: prefer-big: this is an option without a value; prefer = big is its setting",
      ]
    ),
    (
      "[netwrok]\nport = 104\ncolour = 0\nport = 1",
      [
        "a:1: \"netwrok\" is no section; [network] is one",
        "a:3: colour: unknown key; the keys are \(allKeys)",
        "a:4: port: line 2 sets it already; one of the two",
      ]
    ),
    (
      "[network\nport = 104\n[limits]\nport = 2",
      [
        "a:1: \"[network\" lacks its closing bracket; [section] has one",
        "a:4: port: it does not belong in [limits]; it is one of [network]",
        "a:4: port: line 2 sets it already; one of the two",
      ]
    ),
    ("= 1", ["a:1: the key in front of = is missing"]),
    ("port", ["a:1: \"port\" sets nothing; key = value does"]),
    ("[network]\nport = 1\u{1B}", ["a:2: the control character \\u{1B} has no place in this file"]),
    ("[network]\r\nport = 0\r\n", ["a:2: port: \"0\" \(port)"]),
    (
      "zz = 1\n[\nport = 0\nport\n= 1\n[limits]\nxyz = 1\nport = 0",
      [
        "a:1: zz: unknown key; the keys are \(allKeys)",
        "a:2: \"[\" lacks its closing bracket; [section] has one",
        "a:3: port: \"0\" \(port)", "a:4: \"port\" sets nothing; key = value does",
        "a:5: the key in front of = is missing",
        "a:7: xyz: unknown key; [limits] has \(SettingSample.keys(of: .limits))",
        "a:8: port: it does not belong in [limits]; it is one of [network]",
        "a:8: port: line 3 sets it already; one of the two", "a:8: port: \"0\" \(port)",
      ]
    ),
  ]

  @Test(
    "Everything that is wrong is told, each with its line and what would be right", arguments: wrong
  )
  func isWrong(text: String, problems: [String]) {
    #expect(configuration(reading: ("a", text)).problems == problems)
  }

  @Test("What no file may be is told of the file as a whole, and nothing of it is read")
  func wholeFile() {
    var configuration = Configuration()
    configuration.read("a", [0xFF, 0xFE] + Array("[network]\nport = 1".utf8))
    #expect(configuration.problems == ["a: this is UTF-16; save it as UTF-8"])
    #expect(configuration.settings == Settings())
    configuration.add(Diagnostic(path: "b", problem: "it is gone"))
    #expect(configuration.problems == ["a: this is UTF-16; save it as UTF-8", "b: it is gone"])
  }

  @Test("The faults of several files stand in the order of the files, each with its own lines")
  func severalFiles() {
    let result = configuration(
      reading: ("b", "\nx = 1\n[general]\nlog-level = 7"), ("a", "port"), ("c", ""), ("b", "]"))
    #expect(
      result.problems.map { $0.prefix { $0 != " " } } == ["b:2:", "b:4:", "a:1:", "b:1:"])
  }

  @Test("A key that two files set is no fault; the later file counts")
  func acrossFiles() {
    let result = configuration(
      reading: ("a", "[network]\nport = 1\n[limits]\nmax-associations = 5"),
      ("b", "[network]\nport = 2"))
    #expect(result.problems == [])
    #expect(result.settings.port == [2])
    #expect(result.settings.maxAssociations == 5)
  }

  @Test(
    "A hundred faults of a file are told, and how many more there are", arguments: [100, 101, 350])
  func manyFaults(count: Int) {
    let text = String(repeating: "port\n", count: count)
    let problems = configuration(reading: ("a", text), ("b", "port")).problems
    let expected = (1...100).map { "a:\($0): \"port\" sets nothing; key = value does" }
    let more = count > 100 ? ["a: faults not shown: \(count - 100)"] : []
    #expect(problems == expected + more + ["b:1: \"port\" sets nothing; key = value does"])
  }

  @Test("The faults that are left out are the last in the file, whatever their kind")
  func earlierFaultsFirst() {
    // What no line may look like is found before what no value may be.
    let text = "zz = 1\n" + String(repeating: "]\n", count: 98) + "[general]\nll = x\n]\n]\n"
    let problems = configuration(reading: ("a", text)).problems
    #expect(problems.count == 101)
    #expect(problems.first?.hasPrefix("a:1: zz: unknown key") == true)
    #expect(
      problems.suffix(2) == [
        "a:101: ll: this is a short option; log-level is its key", "a: faults not shown: 2",
      ])
  }

  @Test("Quotation marks and comments are none of the value")
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
