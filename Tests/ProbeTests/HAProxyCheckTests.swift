import Requestor
import TestKit
import Testing
import UpperLayer

@testable import Probe

/// The health check for HAProxy: what it sends is what a probe sends.
@Suite struct HAProxyCheckTests {
  private static let proposal = EchoProposal(
    called: .named("ARCHIVE"), calling: .named("ECHOSCPD"),
    transferSyntaxes: EchoProposal.transferSyntaxes(by: .none), maximumLength: 16382,
    implementation: ImplementationItems(classUID: "1.2.3.4", versionName: "REQUESTOR_1"))
  private static let lines = HAProxyCheck(proposal, printedBy: "echoscpd --probe").text
    .split(separator: "\n").map(String.init)

  /// The bytes that the lines send, one element for each line.
  private static var sent: [[UInt8]] {
    lines.compactMap { $0.firstMatch(of: /send-binary ([0-9A-F]+)$/)?.1 }.map { digits in
      let digits = Array(digits)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(digits[$0..<$0 + 2]), radix: 16)!
      }
    }
  }

  @Test("It sends byte for byte what a probe sends to the acceptor of this program")
  func bytes() {
    var peer = Peer(aeTitle: "ARCHIVE", requiresCalledAETitle: true)
    var scu = EchoSCU(Self.proposal)
    var expected: [[UInt8]] = []
    while case let output = scu.takeOutput(), !output.isEmpty {
      expected.append(output)
      _ = scu.receive(peer.send(output).span)
    }
    #expect(scu.state == .closed && expected.count == 3)
    #expect(Self.sent == expected)
  }

  @Test("Each line has two columns before it, and a comment above it that tells its purpose")
  func comments() {
    #expect(Self.lines.first == "  # Printed by: echoscpd --probe")
    #expect(Self.lines[1].hasPrefix("  # ECHOSCPD calls ARCHIVE. "))
    #expect(Self.lines[2] == "  option tcp-check")
    for (above, line) in zip(Self.lines.dropFirst(2), Self.lines.dropFirst(3)) {
      #expect(line.hasPrefix("  # ") || line.hasPrefix("  tcp-check ") && above.hasPrefix("  # "))
    }
    // HAProxy reads lines of at most 2047 bytes.
    #expect(Self.lines.allSatisfy { $0.utf8.count < 1024 })
  }

  @Test("Each expectation has a comment for HAProxy to show; a final one knows its least answer")
  func expectations() {
    let expectations = Self.lines.filter { $0.hasPrefix("  tcp-check expect ") }
    #expect(expectations.count == 7)
    for line in expectations {
      #expect(line.contains(" comment \"") && line.contains(" rbinary \""))
      #expect(!line.contains("min-recv") || line.contains(" min-recv 10 "))
    }
  }
}
