public import Linux
public import Log
public import Requestor

/// One association of a probe, with one address of the host.
public struct ProbeAttempt: Sendable {
  /// The address and port.
  public let address: NetworkAddress
  /// How long its phases took.
  public var times = ProbeTimes()
  /// What was accepted, and by whom.
  public var acceptance: Acceptance?
  /// The phase that it has come to.
  public var phase = ProbePhase.connect
  /// Why it has failed in that phase; `nil` when it has not.
  public var failure: ProbeFailure?
  /// What has come of the answer that was waited for; `nil` when nothing is known of it.
  public var progress: PDUProgress?
  /// How long the phase took in which it has failed, in microseconds; 0 when it has not.
  public var lost: UInt64 = 0

  /// How long all of it took, in microseconds.
  var duration: UInt64 { times.total + lost }

  /// An attempt with an address that nothing has come of yet.
  public init(_ address: NetworkAddress) { self.address = address }
}
