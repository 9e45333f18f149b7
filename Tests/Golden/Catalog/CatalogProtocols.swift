import Log

/// What speaks another protocol than DICOM.
extension Catalog {
  static let otherProtocols = [
    other(
      .httpOnDICOMPort, "HTTP",
      cause: "A browser, a DICOMweb client or a health check has the DICOM port as its own.",
      here: "If it is a health check, let it open a TCP connection only, without a request.",
      there: """
        Enter host and port as those of a DICOM node, not as a URL. DICOMweb needs another server: \
        this one speaks DICOM over TCP alone.
        """),
    other(
      .tlsOnPlainPort, "TLS",
      cause: "The device is configured for secure DICOM, and this port is one without TLS.",
      here: """
        This program has no TLS of its own. A proxy that ends TLS, as stunnel or HAProxy, can stand \
        in front of it.
        """,
      there: "Switch TLS off for this node, or enter the port of the proxy."),
    other(
      .hl7OnDICOMPort, "HL7",
      cause: "An HL7 interface sends its messages here: host or port are mixed up.",
      here: "See whether an HL7 server should listen on this port instead.",
      there: "Enter the port of the HL7 server. Ports of HL7 and DICOM nodes are easily confused."),
    other(
      .sshOnDICOMPort, "SSH",
      cause: "An SSH client was given the DICOM port, or a scanner tries what is there.",
      here: "Nothing is to be done if it was a mistake; else see who the address is.",
      there: "SSH has port 22 by default."),
    other(
      .smbOnDICOMPort, "SMB, the protocol of Windows shares",
      cause: "A computer looks for a shared folder here, or a scanner tries what is there.",
      here: "See who the address is; deny-addresses keeps it away.",
      there: "Enter host and port of the file server."),
    other(
      .rdpOnDICOMPort, "RDP, the protocol of Windows remote desktops",
      cause: "A remote desktop client was given the DICOM port, or a scanner tries what is there.",
      here: "See who the address is; deny-addresses keeps it away.",
      there: "RDP has port 3389 by default."),
    other(
      .socksOnDICOMPort, "SOCKS",
      cause: "A program takes this host for a proxy, or a scanner tries what is there.",
      here: "See who the address is; deny-addresses keeps it away.",
      there: "Remove this host from its proxy settings."),
    other(
      .notDICOM, "not DICOM",
      cause: """
        Something else calls this port: a camera, an analyser, a print server or another program has \
        this host and port as its own, a scanner tries what is there, or a load balancer puts a PROXY \
        protocol header in front. The message names the protocol if it is known, and shows the first \
        bytes.
        """,
      here: """
        See who the address is; deny-addresses keeps it away. A load balancer must not send a PROXY \
        protocol header.
        """,
      there: """
        If it is to speak DICOM, configure it for DICOM over TCP to this host and port; else enter host \
        and port of the server that it needs.
        """),
  ]

  private static func other(
    _ id: CatalogID, _ name: String, cause: String, here: String, there: String
  ) -> CatalogEntry {
    CatalogEntry(
      id,
      id == .notDICOM
        ? "Something that is not DICOM has come"
        : "\(name.prefix { $0 != "," }) has come instead of DICOM",
      """
      What @DICOM_PEER_ADDRESS@ has sent is \(name). The connection was ended. Nothing is wrong with \
      this host, and the network between the two is open.
      """,
      cause: cause, here: here, there: there)
  }
}
