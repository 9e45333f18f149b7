import Testing

@testable import Settings

/// What settings are called in other programs.
@Suite struct ForeignNameTests {
  /// Keys of the program that is named, and what is said of them.
  static let keys: [(source: String, key: String, answer: String)] = [
    ("DCMTK, dcmqrscp.cfg", "NetworkTCPPort", "port is one"),
    ("DCMTK, dcmqrscp.cfg", "MaxPDUSize", "max-pdu is one"),
    ("DCMTK, dcmqrscp.cfg", "MaxAssociations", "max-associations is one"),
    ("DCMTK, dcmqrscp.cfg", "NetworkType", "the network is TCP; leave it out"),
    ("DCMTK, dcmqrscp.cfg", "HostTable", device), ("DCMTK, dcmqrscp.cfg", "AETable", device),
    ("Orthanc, orthanc.json", "DicomAet", "ae-title is one"),
    ("Orthanc, orthanc.json", "DicomPort", "port is one"),
    ("Orthanc, orthanc.json", "DicomCheckCalledAet", "require-called-ae-title is one"),
    ("Orthanc, orthanc.json", "DicomScpTimeout", "network-timeout is one"),
    ("Orthanc, orthanc.json", "MaximumPduLength", "max-pdu is one"),
    ("Orthanc, orthanc.json", "DicomThreadsCount", "workers is one"),
    ("Orthanc, orthanc.json", "DicomModalities", device),
    (
      "Orthanc, orthanc.json", "DicomAlwaysAllowEcho", "C-ECHO is always answered; leave it out"
    ),
    ("dcm4che, LDAP", "dicomAETitle", "ae-title is one"),
    ("dcm4che, LDAP", "dicomPort", "port is one"),
    ("dcm4che, LDAP", "dcmBindAddress", "bind-address is one"),
    ("dcm4che, LDAP", "dcmReceivePDULength", "max-pdu is one"),
    ("dcm4che, LDAP", "dcmIdleTimeout", "network-timeout is one"),
    ("dcm4che, LDAP", "dcmAARQTimeout", "acse-timeout is one"),
    ("dcm4che, LDAP", "dcmAcceptedCallingAETitle", "allow-calling-ae-titles is one"),
    ("Conquest, dicom.ini", "MyACRNema", "ae-title is one"),
    ("Conquest, dicom.ini", "TCPPort", "port is one"),
    ("pynetdicom, default.ini", "ae_title", "ae-title is one"),
    ("pynetdicom, default.ini", "max_pdu", "max-pdu is one"),
    ("nginx", "listen", "port is one"), ("redis", "bind", "bind-address is one"),
    (
      "servers in general", "timeout",
      "acse-timeout, dimse-timeout and network-timeout are keys"
    ),
    ("TOML", "\"port\"", "port is one"), ("make", "port :", "port is one"),
    ("Java properties", "network.port", "port is one"), ("a command line", "--port", "port is one"),
    ("a shell", "export port", "port is one"), ("systemd", "AETitle", "ae-title is one"),
    ("a shell", "AE_TITLE", "ae-title is one"),
  ]

  private static let device = "a device has a section of its own, [device TITLE]"

  @Test("A key of the program that is named in the table is answered by what it is called here")
  func keysOfOthers() {
    for (source, key, answer) in Self.keys {
      let problems = configuration(reading: ("a", "[network]\n\(key) = 104")).problems
      #expect(problems == ["a:2: \(key): unknown key; \(answer)"], "\(source)")
    }
  }

  @Test("A device's address as other programs call it")
  func deviceKeys() {
    #expect(
      configuration(reading: ("a", "[device A]\naddress = ::1\n\"address\" = ::1")).problems
        == ["a:3: \"address\": unknown key; address is one"])
  }

  @Test(
    "A name of ClearCanvas, fo-dicom or nobody that only shares some letters with a key is none",
    arguments: ["NetworkTCPTimer", "network-thing", "portal-url", "dimension", "maximum", "prefix"])
  func notNear(key: String) {
    let problems = configuration(reading: ("a", "[network]\n\(key) = 1")).problems
    #expect(problems.count == 1 && problems[0].contains("unknown key; [network] has port, "))
  }

  @Test("Every key that the table leads to is one, and no key is a name of another one")
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
