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
    ("nginx", "proxy_protocol", "set proxy-port and proxy-trusted"),
    ("nginx", "set_real_ip_from", "use proxy-trusted"),
    ("nginx", "listen", "use port"), ("redis", "bind", "use bind-address"),
    (
      "servers in general", "timeout",
      "use acse-timeout, dimse-timeout or network-timeout"
    ),
    ("Orthanc, orthanc.json", "DicomTlsEnabled", serving),
    ("Orthanc, orthanc.json", "DicomTlsCertificate", "use tls-certificate"),
    ("Orthanc, orthanc.json", "DicomTlsPrivateKey", "use tls-private-key"),
    ("Orthanc, orthanc.json", "DicomTlsTrustedCertificates", "use tls-ca-certificates"),
    (
      "Orthanc, orthanc.json", "DicomTlsRemoteCertificateRequired", "use tls-client-certificate"
    ),
    ("Orthanc, orthanc.json", "DicomTlsMinimumProtocolVersion", "use tls-min-version"),
    (
      "Orthanc, orthanc.json", "DicomTlsCiphersAccepted",
      "remove it: the cipher suites are those of BCP 195"
    ),
    (
      "dcm4che, LDAP", "dcmKeyStoreURL",
      "convert the key store to PEM files for tls-certificate, tls-private-key and tls-ca-certificates"
    ),
    ("nginx", "ssl_certificate", "use tls-certificate"),
    ("nginx", "ssl_certificate_key", "use tls-private-key"),
    ("nginx", "ssl_client_certificate", "use tls-ca-certificates"),
    ("nginx", "ssl_verify_client", "use tls-client-certificate"),
    ("nginx", "ssl_protocols", "use tls-min-version"), ("nginx", "ssl_crl", "use tls-crl"),
    ("Apache", "SSLCertificateFile", "use tls-certificate"),
    ("Apache", "SSLCertificateKeyFile", "use tls-private-key"),
    ("Apache", "SSLCACertificateFile", "use tls-ca-certificates"), ("Apache", "SSLEngine", serving),
    ("stunnel", "cert", "use tls-certificate"), ("stunnel", "key", "use tls-private-key"),
    ("stunnel", "CAfile", "use tls-ca-certificates"),
    ("servers in general", "tls-cert", "use tls-certificate"),
    ("servers in general", "tls_key", "use tls-private-key"),
    ("servers in general", "tls-ca", "use tls-ca-certificates"),
    ("servers in general", "ssl-certificate", "use tls-certificate"),
    ("servers in general", "tls_port", "use tls-port"), ("servers in general", "tls", serving),
    ("TOML", "\"port\"", "use port"), ("make", "port :", "use port"),
    ("Java properties", "network.port", "use port"), ("a command line", "--port", "use port"),
    ("a shell", "export port", "use port"), ("systemd", "AETitle", "use ae-title"),
    ("a shell", "AE_TITLE", "use ae-title"),
  ]

  private static let serving = "set tls-port, tls-certificate and tls-private-key to serve TLS"
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
