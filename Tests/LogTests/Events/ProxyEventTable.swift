import ProxyProtocol
import UpperLayer

@testable import Log

/// The events of load balancers and their PROXY headers.
extension EventTable {
  private static let who = "MODALITY1 at 192.0.2.7:104"
  private static let remedy = "enable it on the load balancer (HAProxy: send-proxy-v2)"

  static let proxies =
    [
      Row(
        .noProxyTrusted, cause: "proxy-not-trusted",
        "E: a socket for load balancers was passed, but proxy-trusted is none: every connection to it is "
          + "closed unread; set proxy-trusted to the addresses of the balancers"),
      Row(
        .proxyNotTrusted, cause: "proxy-not-trusted",
        "W: \(who): connection closed unread: a port for load balancers accepts only proxy-trusted; if "
          + "this is a balancer, add its address there; if it is a device, have it use another port"
      ),
      Row(
        .proxyHeaderMissing(.dicom), cause: "proxy-header-missing",
        "W: \(who): connection closed: DICOM without a PROXY header in front; \(remedy), or use a port "
          + "without it"),
      Row(
        .proxyHeaderMissing(.http), cause: "proxy-header-missing",
        "W: \(who): connection closed: HTTP without a PROXY header in front; \(remedy), or use a port "
          + "without it"),
      Row(
        .proxyHealthCheck, .info, cause: "health-check",
        sentence: "\(who): a health check of the load balancer, with an echo: passed",
        "I: Association Released"),
      Row(
        .addressShared(titles: 8),
        "I: \(who): 8 calling AE titles have come from this address: a NAT or a load balancer seems to be "
          + "in front, and hides the devices' addresses; see the guide \"Behind NAT or a load balancer\""
      ),
    ] + headerFaults.map(malformed) + headerEnds.map(incomplete)

  private static let headerFaults: [(fault: ProxyFault, text: String)] = [
    (.notAHeader, "it does not begin like one"),
    (.lineTooLong, "no end of line within 107 bytes (version 1)"),
    (
      .line(.family),
      "its address family is unknown; expected TCP4, TCP6 or UNKNOWN (version 1)"
    ),
    (.line(.sourceAddress), "its source address is malformed (version 1)"),
    (.line(.destinationAddress), "its destination address is malformed (version 1)"),
    (.line(.sourcePort), "its source port is malformed (version 1)"),
    (.line(.destinationPort), "its destination port is malformed (version 1)"),
    (.line(.end), "the line does not end where it should (version 1)"),
    (.version(3), "its version is 3; expected 1 or 2"),
    (.command(2), "its command is 2; expected 0 (LOCAL) or 1 (PROXY)"),
    (
      .family(4),
      "its address family is 4; expected 0 to 3 (unspecified, IPv4, IPv6, Unix)"
    ),
    (
      .transport(3),
      "its transport protocol is 3; expected 0 to 2 (unspecified, stream, datagram)"
    ),
    (
      .tooLong(1025),
      "it announces 1025 bytes; expected at most 1024: have the load balancer send fewer extensions "
        + "(proxy-v2-options)"
    ),
    (.addressesTooShort(11), "it announces 11 bytes of addresses, too few for their family"),
    (.extensionTooLong(type: 32), "its extension of type 32 ends behind the header"),
    (.checksum, "its CRC32c is wrong; look for a fault on the way from the load balancer"),
  ]

  private static func malformed(_ one: (fault: ProxyFault, text: String)) -> Row {
    Row(
      .proxyHeaderInvalid(one.fault), cause: "proxy-header-invalid",
      "W: \(who): connection closed: its PROXY header is malformed: \(one.text)")
  }

  private static let headerEnds: [(bytes: Int, end: HeaderEnd, text: String)] = [
    (12, .closed, "closed the connection when only 12 bytes of its PROXY header had arrived"),
    (1, .reset, "reset the connection when only 1 byte of its PROXY header had arrived"),
    (0, .timedOut, "acse-timeout: sent no PROXY header; \(remedy)"),
    (
      20, .timedOut,
      "acse-timeout: only 20 bytes of its PROXY header arrived; look at the load balancer, and at the "
        + "network between it and this host"
    ),
  ]

  private static func incomplete(_ one: (bytes: Int, end: HeaderEnd, text: String)) -> Row {
    Row(
      .proxyHeaderIncomplete(bytes: one.bytes, one.end), cause: "proxy-header-incomplete",
      "W: \(who): \(one.text)")
  }
}
