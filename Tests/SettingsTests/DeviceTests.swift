import Linux
import TestKit
import Testing
import UpperLayer

@testable import Settings

/// The sections of devices: how their titles are written, what is wrong in them, and which file
/// counts.
@Suite struct DeviceTests {
  private static func ranges(_ texts: String...) throws -> [AddressRange] {
    try texts.map { try AddressRange($0) }
  }

  @Test(
    "A title is written as it is or in quotation marks, and the blanks around it mean nothing",
    arguments: [
      ("[device CT1]", "CT1"), ("[device  CT1 ]", "CT1"), ("[ device\tCT1 ] # comment", "CT1"),
      ("[device CT 1]", "CT 1"), ("[device \"CT 1\"]", "CT 1"), ("[device \" CT 1  \"]", "CT 1"),
      ("[device ct1]", "ct1"), ("[device \"A]B\"]", "A]B"), ("[device \"A\"\"B\"]", "A\"B"),
      ("[device A\"B]", "A\"B"), ("[device #1]", "#1"), ("[device A, B]", "A, B"),
      ("[device SIXTEEN LETTERS!]", "SIXTEEN LETTERS!"), ("[device device]", "device"),
      ("[device *]", "*"),
    ])
  func title(line: String, title: String) throws {
    let result = configuration(reading: ("a", "\(line)\naddress = ::1"))
    #expect(result.problems == [])
    #expect(result.settings.devices.map(\.title.unpadded) == [title])
    #expect(result.settings.devices.first?.address == (try Self.ranges("::1")))
    // And so it is dumped.
    let again = configuration(reading: ("b", result.dump))
    #expect(again.problems == [])
    #expect(again.settings == result.settings)
  }

  @Test("Devices stand in the order in which they begin, each with all of its addresses")
  func devices() throws {
    let text = """
      [device MR1]
      address = 192.0.2.7, 2001:db8::/32 # both
      [access]
      require-called-ae-title = yes
      [device CT1]
      address = ::ffff:192.0.2.9 10.0.0.0/8
      """
    let result = configuration(reading: ("a", text))
    #expect(result.problems == [])
    #expect(result.settings.devices.map(\.section) == ["[device MR1]", "[device CT1]"])
    #expect(
      result.settings.devices.map(\.address) == [
        try Self.ranges("192.0.2.7", "2001:db8::/32"), try Self.ranges("192.0.2.9", "10.0.0.0/8"),
      ])
    #expect(result.settings.requireCalledAeTitle)
    #expect(
      result.dump.hasSuffix(
        """

        [device MR1]
        address = 192.0.2.7, 2001:db8::/32  # a:2

        [device CT1]
        address = 192.0.2.9, 10.0.0.0/8     # a:6

        """))
  }

  private static let lacking = "sets no address; address = 192.0.2.7, 2001:db8::/32 does"
  private static let range =
    "is no address; an IPv4 or IPv6 address or network, as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32"

  @Test(
    "Everything that is wrong is told, each with its line and what would be right",
    arguments: [
      ("[device CT1]\n[general]", ["a:1: [device CT1] \(lacking)"]),
      ("[device \"]\"]", ["a:1: [device \"]\"] \(lacking)"]),
      ("[device CT1]\naddress =", ["a:2: address: it is empty; at least one value"]),
      ("[device CT1]\naddress = all", ["a:2: address: \"all\" \(range)"]),
      ("[device CT1]\naddress = ::1, ct1.example", ["a:2: address: \"ct1.example\" \(range)"]),
      (
        "[device CT1]\naddress = 192.0.2.7/24",
        ["a:2: address: \"192.0.2.7/24\" has bits behind its prefix; 192.0.2.0/24 has none"]
      ),
      (
        "[device CT1]\naddress = \"::1",
        ["a:2: address: \"\"::1\" lacks a closing quotation mark; write ::1"]
      ),
      (
        "[device CT1]\naddress = ::1\naddress = ::2",
        ["a:3: address: line 2 sets it already; one of the two"]
      ),
      (
        "[device CT1]\naddress = ::1\n\n[device \" CT1\"]\naddress = ::2",
        ["a:4: [device CT1] begins in line 1 already; one of the two"]
      ),
      (
        "[device CT1]\nadress = ::1\ncolour = red\nport = 104\nallow-addresses = ::1",
        [
          "a:1: [device CT1] \(lacking)", "a:2: adress: unknown key; address is one",
          "a:3: colour: unknown key; [device CT1] has address",
          "a:4: port: it does not belong in [device CT1]; it is one of [network]",
          "a:5: allow-addresses: it does not belong in [device CT1]; it is one of [access]",
        ]
      ),
      (
        "address = ::1\n[access]\naddress = ::1",
        [
          "a:1: address: it belongs to a device; it is one of [device TITLE]",
          "a:3: address: it belongs to a device; it is one of [device TITLE]",
        ]
      ),
      (
        "[device SEVENTEEN.LETTERS]\naddress = ::1\n[device \" \"]\n[device]\n[device ÄRZTE]",
        [
          "a:1: \"SEVENTEEN.LETTERS\" \(noTitle)",
          "a:2: address: it belongs to a device; it is one of [device TITLE]",
          "a:3: \" \" \(noTitle)",
          "a:4: the AE title of the device is missing; [device CT1] has one",
          "a:5: \"ÄRZTE\" \(noTitle)",
        ]
      ),
    ] as [(String, [String])])
  func isWrong(text: String, problems: [String]) {
    #expect(configuration(reading: ("a", text)).problems == problems)
  }

  private static let noTitle =
    "is no AE title; 1 to 16 ASCII characters without backslash, not only spaces"

  @Test("Of a device that is wrong nothing is left, whatever else is there")
  func halfDevices() throws {
    let text =
      "[device A]\n[device B]\naddress = ::1\n[device C]\naddress = x\n[device D]\naddress = ::2"
    let result = configuration(reading: ("a", text), ("b", "[device D]\naddress = ::3"))
    #expect(result.problems.count == 2)
    #expect(result.settings.devices.map(\.title.unpadded) == ["B", "D"])
    #expect(
      result.settings.devices.map(\.address) == [try Self.ranges("::1"), try Self.ranges("::3")])
  }

  @Test("A later file's section of the same device replaces what it sets, and leaves the others")
  func precedence() throws {
    let result = configuration(
      reading: ("a", "[device CT1]\naddress = ::1, ::2\n[device MR1]\naddress = ::3"),
      ("b", "[device \"CT1 \"]\naddress = ::4\n[device MR1]\n[device ct1]\naddress = ::5"))
    #expect(result.problems == [])
    #expect(result.settings.devices.map(\.title.unpadded) == ["CT1", "MR1", "ct1"])
    #expect(
      result.settings.devices.map(\.address) == [
        try Self.ranges("::4"), try Self.ranges("::3"), try Self.ranges("::5"),
      ])
    let address = try #require(DeviceSetting.named("address"))
    #expect(result.origin(of: address, of: .named("CT1")) == .file(path: "b", line: 2))
    #expect(result.origin(of: address, of: .named("MR1")) == .file(path: "a", line: 4))
    #expect(result.origin(of: address, of: .named("XA1")) == .builtIn)
  }

  @Test("What is wrong with a hundred thousand devices is soon told, and not all of it")
  func manyDevices() {
    let text = (0..<100_000).map { "[device D\($0)]\n" }.joined()
    let problems = configuration(reading: ("a", text)).problems
    #expect(problems.count == 101)
    #expect(problems.last == "a: faults not shown: 99900")
  }
}
