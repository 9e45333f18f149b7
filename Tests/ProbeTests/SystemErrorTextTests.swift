import Linux
import Testing

@testable import Log
@testable import Probe

/// Errnos of connect(2) and the like, explained for people: by address family where that matters.
@Suite struct SystemErrorTextTests {
  /// Addresses of each kind that is distinguished.
  private enum Peer: CaseIterable {
    case ipv4, ipv6, linkLocal, linkLocalOnALink

    var address: NetworkAddress {
      var bytes = InlineArray<16, UInt8>(repeating: 0)
      switch self {
      case .ipv4: (bytes[10], bytes[11], bytes[12], bytes[15]) = (255, 255, 192, 1)
      case .ipv6: (bytes[0], bytes[1], bytes[15]) = (0x20, 0x01, 1)
      case .linkLocal, .linkLocalOnALink: (bytes[0], bytes[1], bytes[15]) = (0xFE, 0x80, 1)
      }
      return NetworkAddress(bytes: bytes, port: 104, scope: self == .linkLocalOnALink ? 1 : 0)
    }
  }

  private static func explanation(_ number: Int32, _ peer: Peer) -> Explanation {
    ProbeProblem(
      address: peer.address, phase: .connect, failure: .system(number),
      question: .sample()
    ).explanation
  }

  @Test("Every errno has a cause, a text and a remedy", arguments: 1..<134)
  func everyNumber(number: Int) {
    for peer in Peer.allCases {
      let problem = Self.explanation(Int32(number), peer)
      #expect(!problem.text.isEmpty && !problem.text.contains("()"))
      #expect(!problem.remedy.isEmpty)
    }
  }

  /// The errnos in the manuals of socket(2), connect(2), ip(7), ipv6(7) and tcp(7), and those that the
  /// kernel derives from ICMP errors.
  static let causes: [(Int32, ProbeCause)] = [
    (1, .forbidden), (11, .localLimit), (12, .localLimit), (13, .forbidden), (19, .noRoute),
    (23, .localLimit), (24, .localLimit), (32, .reset), (64, .noRoute), (71, .noRoute),
    (92, .noRoute), (93, .noIPVersion), (97, .noIPVersion), (98, .localLimit), (100, .noRoute),
    (101, .noRoute), (102, .reset), (103, .reset), (104, .reset), (105, .localLimit),
    (107, .reset), (108, .reset), (110, .timeout), (111, .refused), (112, .noRoute),
    (113, .noRoute),
  ]

  @Test("Distinguished errnos have their cause", arguments: causes)
  func cause(number: Int32, cause: ProbeCause) {
    for peer in Peer.allCases { #expect(Self.explanation(number, peer).cause == cause) }
  }

  @Test(
    "Without IPv6, the text says so, and the remedy is the IPv4 address",
    arguments: [97, 99])
  func noIPv6(number: Int32) {
    let problem = Self.explanation(number, .ipv6)
    #expect(problem.cause == .noIPVersion && problem.text.hasPrefix("this machine has no IPv6"))
    #expect(
      problem.remedy.hasPrefix(
        "use the host's IPv4 address, or enable IPv6 on this machine "
          + "(sysctl net.ipv6.conf.all.disable_ipv6)"))
  }

  @Test("If IPv6 has no route, IPv4 may have one")
  func noIPv6Route() {
    #expect(Self.explanation(101, .ipv6).remedy.contains("the host's IPv4 address"))
    #expect(!Self.explanation(101, .ipv4).remedy.contains("IPv"))
  }

  @Test("An IPv4 address that cannot be bound means that no port is left")
  func noPort() {
    #expect(Self.explanation(99, .ipv4).cause == .localLimit)
    #expect(
      Self.explanation(99, .ipv4).text.hasPrefix("this machine has no free port to connect from"))
  }

  @Test("A link-local address without an interface has a text of its own")
  func linkLocal() {
    let problem = Self.explanation(22, .linkLocal)
    #expect(problem.cause == .noRoute && problem.remedy.contains("[fe80::1%eth0]:104"))
    // For other addresses the errno means a blackhole route.
    for peer in [Peer.linkLocalOnALink, .ipv6, .ipv4] {
      #expect(Self.explanation(22, peer).text == "no route to this address (Invalid argument)")
    }
  }
}
