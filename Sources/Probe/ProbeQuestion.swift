public import Requestor
public import Settings
import UpperLayer

/// The question of a probe: the SCP to ask, and how.
public struct ProbeQuestion: Sendable {
  /// The host, a name or an address, as given.
  public let host: String
  /// The TCP port.
  public let port: UInt16
  /// The proposal and the AE titles.
  public let proposal: EchoProposal
  /// How long the TLS handshake, A-ASSOCIATE and A-RELEASE may each take, in milliseconds; 0 for no limit.
  public let acseTimeout: UInt32
  /// How long C-ECHO may take, in milliseconds; 0 for no limit.
  public let dimseTimeout: UInt32
  /// How long connecting may take, in milliseconds, for all addresses of the host together; 0 for no limit.
  public let networkTimeout: UInt32
  /// The settings of the SCP if it is the service on this machine, or `nil`: they tell why it refuses the probe.
  public let service: Settings?
  /// How to ask over TLS, or `nil` to ask without it.
  public let tls: ProbeTLS?
  /// The name of the target in performance data, which no other target of the same call has.
  public let label: String
  /// Where the called AE title comes from.
  public let titleSource: TitleSource
  /// The times above which a result is worse.
  public let thresholds: ProbeThresholds

  /// Where the called AE title comes from, and so what to change if it is wrong.
  public enum TitleSource: Sendable {
    /// An option, its default, or the settings of the service on this machine.
    case option
    /// The word that names the target.
    case word
    /// The section of a device.
    case section
  }

  /// Creates a question from its parts. The usual label is the host with the port.
  public init(
    host: String, port: UInt16, proposal: EchoProposal,
    acseTimeout: UInt32, dimseTimeout: UInt32, networkTimeout: UInt32, service: Settings? = nil,
    tls: ProbeTLS? = nil, label: String? = nil, titleSource: TitleSource = .option,
    thresholds: ProbeThresholds = ProbeThresholds()
  ) {
    self.host = host
    self.port = port
    self.proposal = proposal
    self.acseTimeout = acseTimeout
    self.dimseTimeout = dimseTimeout
    self.networkTimeout = networkTimeout
    self.service = service
    self.tls = tls
    self.label = label ?? Self.place(host, port)
    self.titleSource = titleSource
    self.thresholds = thresholds
  }

  /// How long a phase may take, in milliseconds; 0 for no limit. The resolver limits the lookup of
  /// a name itself (resolv.conf(5)).
  public func timeout(of phase: ProbePhase) -> UInt32 {
    switch phase {
    case .resolve: 0
    case .connect: networkTimeout
    case .tls, .associate, .release: acseTimeout
    case .echo: dimseTimeout
    }
  }

  /// The called AE title.
  var called: String { proposal.called.unpadded }

  /// The calling AE title.
  var calling: String { proposal.calling.unpadded }

  /// Host and port in the usual notation.
  var place: String { Self.place(host, port) }

  /// What to do if the SCP does not know the called AE title.
  var remedyForTitle: String {
    switch titleSource {
    case .option: "use --called-ae-title to give the SCP's own AE title instead of \"\(called)\""
    case .word: "put the SCP's own AE title before the @ instead of \"\(called)\""
    case .section:
      "put the SCP's own AE title and an @ before \(place) in the key probe of the device's section instead "
        + "of \"\(called)\""
    }
  }

  private static func place(_ host: String, _ port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// The steps of a probe in order; each is timed and may fail.
public enum ProbePhase: String, Sendable, CaseIterable {
  /// The resolver looks up the addresses of the host.
  case resolve
  /// TCP connects.
  case connect
  /// The TLS handshake, if the question wants TLS.
  case tls
  /// A-ASSOCIATE (PS3.8 §7.1).
  case associate
  /// C-ECHO (PS3.7 §9.1.5).
  case echo
  /// A-RELEASE (PS3.8 §7.2).
  case release

  /// The setting that limits the phase.
  var setting: String {
    switch self {
    case .resolve: "resolv.conf"
    case .connect: "network-timeout"
    case .tls, .associate, .release: "acse-timeout"
    case .echo: "dimse-timeout"
    }
  }
}
