public import Requestor

/// What a probe asks, and of whom.
public struct ProbeQuestion: Sendable {
  /// The host, by the name or the address that was given.
  public let host: String
  /// The TCP port.
  public let port: UInt16
  /// The called AE title.
  public let called: String
  /// The calling AE title.
  public let calling: String
  /// What is proposed.
  public let proposal: EchoProposal
  /// How long A-ASSOCIATE may take, and A-RELEASE, in milliseconds; 0 is any time.
  public let acseTimeout: UInt32
  /// How long C-ECHO may take, in milliseconds; 0 is any time.
  public let dimseTimeout: UInt32
  /// How long connecting may take, in milliseconds; 0 is any time.
  public let networkTimeout: UInt32

  /// A question with all of this.
  public init(
    host: String, port: UInt16, called: String, calling: String, proposal: EchoProposal,
    acseTimeout: UInt32, dimseTimeout: UInt32, networkTimeout: UInt32
  ) {
    self.host = host
    self.port = port
    self.called = called
    self.calling = calling
    self.proposal = proposal
    self.acseTimeout = acseTimeout
    self.dimseTimeout = dimseTimeout
    self.networkTimeout = networkTimeout
  }

  /// How long a phase may take, in milliseconds; 0 is any time, and looking up a name takes what the
  /// resolver takes (resolv.conf(5)).
  public func timeout(of phase: ProbePhase) -> UInt32 {
    switch phase {
    case .resolve: 0
    case .connect: networkTimeout
    case .associate, .release: acseTimeout
    case .echo: dimseTimeout
    }
  }

  /// Where it goes, as people write it.
  var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
