import Linux
import TestKit
import Testing
import UpperLayer

@testable import Settings

/// The sections of devices: the notation of their titles, the errors in them, and the precedence of files.
@Suite struct DeviceTests {
  private static func ranges(_ texts: String...) throws -> [AddressRange] {
    try texts.map { try AddressRange($0) }
  }

  @Test(
    "A title is written as it is or in quotation marks, and blanks around it do not matter",
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
    // The dump is read as the same settings.
    let again = configuration(reading: ("b", result.dump))
    #expect(again.problems == [])
    #expect(again.settings == result.settings)
  }

  @Test("Devices are in the order in which they begin, each with all of its addresses")
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

  private static let lacking =
    "has no address, certificate or probe; add one, as in address = 192.0.2.7, 2001:db8::/32 or "
    + "certificate = cn:CT1, dns:ct1.example or probe = ct1.example:104"
  private static let place =
    "is not a host with a port: expected a name or an address with a port, such as ct1.example:104 or "
    + "[2001:db8::7]:104, with or without an AE title before it: CT1SCP@ct1.example:104"
  private static let range =
    "is not an address: expected an IPv4 or IPv6 address or network, such as 192.0.2.1, "
    + "192.0.2.0/24 or 2001:db8::/32"

  @Test(
    "Every error is reported with its line and a correction",
    arguments: [
      ("[device CT1]\n[general]", ["a:1: [device CT1] \(lacking)"]),
      ("[device \"]\"]", ["a:1: [device \"]\"] \(lacking)"]),
      ("[device CT1]\naddress =", ["a:2: address: the list is empty: expected at least one value"]),
      ("[device CT1]\naddress = all", ["a:2: address: \"all\" \(range)"]),
      ("[device CT1]\naddress = ::1, ct1.example", ["a:2: address: \"ct1.example\" \(range)"]),
      (
        "[device CT1]\naddress = 192.0.2.7/24",
        ["a:2: address: \"192.0.2.7/24\" has bits set after its prefix; write 192.0.2.0/24"]
      ),
      (
        "[device CT1]\naddress = \"::1",
        ["a:2: address: \"\"::1\" has no closing quotation mark; write ::1"]
      ),
      (
        "[device CT1]\naddress = ::1\naddress = ::2",
        ["a:3: address: already set in line 2; remove one of them"]
      ),
      (
        "[device CT1]\naddress = ::1\n\n[device \" CT1\"]\naddress = ::2",
        ["a:4: [device CT1] already begins in line 1; merge the two"]
      ),
      (
        "[device CT1]\nadress = ::1\ncolour = red\nport = 104\nallow-addresses = ::1",
        [
          "a:1: [device CT1] \(lacking)", "a:2: adress: unknown key; use address",
          "a:3: colour: unknown key; known in [device CT1]: address, certificate, probe",
          "a:4: port: does not belong in [device CT1]; move it to [network]",
          "a:5: allow-addresses: does not belong in [device CT1]; move it to [access]",
        ]
      ),
      (
        "address = ::1\n[access]\naddress = ::1",
        [
          "a:1: address: belongs in the section of a device; move it to [device TITLE]",
          "a:3: address: belongs in the section of a device; move it to [device TITLE]",
        ]
      ),
      (
        "[device CT1]\ncertificate =",
        ["a:2: certificate: the list is empty: expected at least one value"]
      ),
      (
        "[device CT1]\naddress = x\ncertificate = CN=CT1",
        [
          "a:2: address: \"x\" \(range)",
          "a:3: certificate: \"CN=CT1\" is not a certificate rule; write cn:CT1",
        ]
      ),
      ("[device CT1]\nprobe = ct1", ["a:2: probe: \"ct1\" \(place)"]),
      ("[device CT1]\nprobe = 104", ["a:2: probe: \"104\" \(place)"]),
      ("[device CT1]\nprobe =", ["a:2: probe: \"\" \(place)"]),
      ("[device CT1]\nprobe = ct1:dicom", ["a:2: probe: \"ct1:dicom\" \(place)"]),
      (
        "[device CT1]\nprobe = dicom://A@ct1:104/",
        ["a:2: probe: \"dicom://A@ct1:104/\" is not a host with a port; write A@ct1:104"]
      ),
      (
        "[device CT1]\nprobe = dicom://[::1]:104",
        ["a:2: probe: \"dicom://[::1]:104\" is not a host with a port; write [::1]:104"]
      ),
      (
        "[access]\nprobe = ct1:104",
        ["a:2: probe: belongs in the section of a device; move it to [device TITLE]"]
      ),
      (
        "[access]\ncertificate = cn:A",
        ["a:2: certificate: belongs in the section of a device; move it to [device TITLE]"]
      ),
      (
        "[tls]\ncertificate = /etc/tls.pem\naddress = ::1",
        [
          "a:2: certificate: unknown key; use tls-certificate",
          "a:3: address: belongs in the section of a device; move it to [device TITLE]",
        ]
      ),
      (
        "[device CT1]\ncertificate = cn:A\ntls-certificate = /etc/tls.pem",
        ["a:3: tls-certificate: does not belong in [device CT1]; move it to [tls]"]
      ),
      (
        "[device SEVENTEEN.LETTERS]\naddress = ::1\n[device \" \"]\n[device]\n[device ÄRZTE]",
        [
          "a:1: \"SEVENTEEN.LETTERS\" \(noTitle)",
          "a:2: address: belongs in the section of a device; move it to [device TITLE]",
          "a:3: \" \" \(noTitle)",
          "a:4: the AE title of the device is missing; write it as in [device CT1]",
          "a:5: \"ÄRZTE\" \(noTitle)",
        ]
      ),
    ] as [(String, [String])])
  func isWrong(text: String, problems: [String]) {
    #expect(configuration(reading: ("a", text)).problems == problems)
  }

  private static let noTitle =
    "is not an AE title: expected 1 to 16 printable ASCII characters, no backslash, not all spaces"

  @Test("A device has an address, a certificate, or both, and the dump has only what it has")
  func certificates() throws {
    let text = """
      [device CT1]
      certificate = "cn:CT Scanner 1", dns:ct1.example # both
      [device MR1]
      address = ::1
      [device US1]
      address = ::2
      certificate = uri:urn:oid:1.2.3
      """
    let result = configuration(reading: ("a", text))
    #expect(result.problems == [])
    #expect(
      result.settings.devices.map(\.certificate) == [
        [.commonName("CT Scanner 1"), .dnsName("ct1.example")], [], [.uri("urn:oid:1.2.3")],
      ])
    #expect(
      result.settings.devices.map(\.address) == [
        [], try Self.ranges("::1"), try Self.ranges("::2"),
      ])
    #expect(
      result.dump.hasSuffix(
        """

        [device CT1]
        certificate = "cn:CT Scanner 1", dns:ct1.example  # a:2

        [device MR1]
        address = ::1                                     # a:4

        [device US1]
        address = ::2                                     # a:6
        certificate = uri:urn:oid:1.2.3                   # a:7

        """))
    let again = configuration(reading: ("b", result.dump))
    #expect(again.problems == [] && again.settings == result.settings)
  }

  @Test("A place to probe is enough for a section, and identifies no requestor")
  func probe() throws {
    let text = """
      [device CT1]
      probe = ct1.example:104 # scanner
      [device MR1]
      address = ::1
      probe = "CT #1@[2001:db8::7]:11112"
      """
    let result = configuration(reading: ("a", text))
    #expect(result.problems == [])
    let devices = result.settings.devices
    #expect(
      devices.map(\.probe) == [
        ProbeTarget(.host("ct1.example", port: 104)),
        ProbeTarget(.host("2001:db8::7", port: 11112), title: .named("CT #1")),
      ])
    #expect(devices.map(\.isIdentified) == [false, true])
    #expect(
      result.dump.hasSuffix(
        """

        [device CT1]
        probe = ct1.example:104              # a:2

        [device MR1]
        address = ::1                        # a:4
        probe = "CT #1@[2001:db8::7]:11112"  # a:5

        """))
    let again = configuration(reading: ("b", result.dump))
    #expect(again.problems == [] && again.settings == result.settings)
  }

  @Test("A later file adds a certificate to a device with an address, and replaces it")
  func laterCertificate() throws {
    let result = configuration(
      reading: ("a", "[device CT1]\naddress = ::1"), ("b", "[device CT1]\ncertificate = cn:A"),
      ("c", "[device CT1]\ncertificate = cn:B"))
    #expect(result.problems == [])
    #expect(result.settings.devices.map(\.address) == [try Self.ranges("::1")])
    #expect(result.settings.devices.map(\.certificate) == [[.commonName("B")]])
    let certificate = try #require(DeviceSetting.named("certificate"))
    #expect(result.origin(of: certificate, of: .named("CT1")) == .file(path: "c", line: 2))
  }

  @Test("A device with an error is removed, and the others stay")
  func halfDevices() throws {
    let text =
      "[device A]\n[device B]\naddress = ::1\n[device C]\naddress = x\n[device D]\naddress = ::2"
    let result = configuration(reading: ("a", text), ("b", "[device D]\naddress = ::3"))
    #expect(result.problems.count == 2)
    #expect(result.settings.devices.map(\.title.unpadded) == ["B", "D"])
    #expect(
      result.settings.devices.map(\.address) == [try Self.ranges("::1"), try Self.ranges("::3")])
  }

  @Test("A later file's section of a device replaces the values that it sets, and no others")
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

  @Test("The errors of a hundred thousand devices are reported quickly, and not all of them")
  func manyDevices() {
    let text = (0..<100_000).map { "[device D\($0)]\n" }.joined()
    let problems = configuration(reading: ("a", text)).problems
    #expect(problems.count == 101)
    #expect(problems.last == "a: errors not shown: 99900")
  }
}
