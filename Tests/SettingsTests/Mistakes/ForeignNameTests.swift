import Testing

@testable import Settings

/// The names of settings in other programs.
@Suite struct ForeignNameTests {
  /// Keys of other programs, and the advice on them.
  static let keys: [(source: String, key: String, answer: String)] = [
    ("DCMTK, dcmqrscp.cfg", "NetworkTCPPort", "use port"),
    ("DCMTK, dcmqrscp.cfg", "MaxPDUSize", "use max-pdu"),
    ("DCMTK, dcmqrscp.cfg", "MaxAssociations", "use max-associations"),
    ("DCMTK, dcmqrscp.cfg", "NetworkType", "remove it: the network is always TCP"),
    ("DCMTK, dcmqrscp.cfg", "HostTable", device), ("DCMTK, dcmqrscp.cfg", "AETable", device),
    ("Orthanc, orthanc.json", "DicomAet", "use ae-title"),
    ("Orthanc, orthanc.json", "DicomPort", "use port"),
    ("Orthanc, orthanc.json", "DicomCheckCalledAet", "use require-called-ae-title"),
    ("Orthanc, orthanc.json", "DicomScpTimeout", "use network-timeout"),
    ("Orthanc, orthanc.json", "MaximumPduLength", "use max-pdu"),
    ("Orthanc, orthanc.json", "DicomThreadsCount", "use workers"),
    ("Orthanc, orthanc.json", "DicomModalities", device),
    (
      "Orthanc, orthanc.json", "DicomAlwaysAllowEcho", "remove it: C-ECHO is always answered"
    ),
    ("dcm4che, LDAP", "dicomAETitle", "use ae-title"),
    ("dcm4che, LDAP", "dicomPort", "use port"),
    ("dcm4che, LDAP", "dcmBindAddress", "use bind-address"),
    ("dcm4che, LDAP", "dcmReceivePDULength", "use max-pdu"),
    ("dcm4che, LDAP", "dcmIdleTimeout", "use network-timeout"),
    ("dcm4che, LDAP", "dcmAARQTimeout", "use acse-timeout"),
    ("dcm4che, LDAP", "dcmAcceptedCallingAETitle", "use allow-calling-ae-titles"),
    ("Conquest, dicom.ini", "MyACRNema", "use ae-title"),
    ("Conquest, dicom.ini", "TCPPort", "use port"),
    ("pynetdicom, default.ini", "ae_title", "use ae-title"),
    ("pynetdicom, default.ini", "max_pdu", "use max-pdu"),
    ("nginx", "listen", "use port"), ("redis", "bind", "use bind-address"),
    (
      "servers in general", "timeout",
      "use acse-timeout, dimse-timeout or network-timeout"
    ),
    ("TOML", "\"port\"", "use port"), ("make", "port :", "use port"),
    ("Java properties", "network.port", "use port"), ("a command line", "--port", "use port"),
    ("a shell", "export port", "use port"), ("systemd", "AETitle", "use ae-title"),
    ("a shell", "AE_TITLE", "use ae-title"),
  ]

  private static let device = "give each device its own section, [device TITLE]"

  @Test("The message about a key of the program in the table has the key of echoscpd")
  func keysOfOthers() {
    for (source, key, answer) in Self.keys {
      let problems = configuration(reading: ("a", "[network]\n\(key) = 104")).problems
      #expect(problems == ["a:2: \(key): unknown key; \(answer)"], "\(source)")
    }
  }

  @Test("The address of a device in the notation of other programs")
  func deviceKeys() {
    #expect(
      configuration(reading: ("a", "[device A]\naddress = ::1\n\"address\" = ::1")).problems
        == ["a:3: \"address\": unknown key; use address"])
  }

  @Test(
    "A name of ClearCanvas, fo-dicom or nobody that only shares some letters with a key is unknown",
    arguments: ["NetworkTCPTimer", "network-thing", "portal-url", "dimension", "maximum", "prefix"])
  func notNear(key: String) {
    let problems = configuration(reading: ("a", "[network]\n\(key) = 1")).problems
    #expect(problems.count == 1 && problems[0].contains("unknown key; known in [network]: port, "))
  }

  @Test("Every key in the table of names exists, and no key is a name of another key")
  func table() {
    for setting in Setting.all {
      let keys = Setting.all.map(\.key)
      #expect(ForeignName.key(meantBy: setting.key, among: keys) == setting.key)
      if case .key(let key) = ForeignName.meaning(of: setting.key) { #expect(key == setting.key) }
    }
    for (_, key, _) in Self.keys {
      if case .key(let meant) = ForeignName.meaning(of: key) {
        #expect(Setting.named(meant) != nil)
      }
    }
  }
}
