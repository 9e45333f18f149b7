import ByteCoding

/// An established association (Sta6): what was negotiated, and the message now arriving.
public struct Association: ~Copyable {
  /// The longest command set accepted, in bytes; a C-ECHO-RQ needs about 70.
  public static let maximumCommandLength: UInt32 = 16 << 10

  /// The largest PDU-length of a P-DATA-TF that we announced; 0 means no limit (PS3.8 annex D.1).
  let maximumLength: UInt32
  /// The largest PDU-length of a P-DATA-TF that the peer accepts; 0 means no limit.
  public let peerMaximumLength: UInt32
  /// The deviations tolerated so far.
  public var notes: Notes

  private let accepted: ContextSet
  private(set) var openContext: UInt8 = 0
  /// Whether a message has begun to arrive, but not its last fragment.
  private(set) var isInsideMessage = false

  init(accepted: ContextSet, maximumLength: UInt32, peerMaximumLength: UInt32, notes: Notes) {
    self.accepted = accepted
    self.maximumLength = maximumLength
    self.peerMaximumLength = peerMaximumLength
    self.notes = notes
  }

  /// Returns why `pdv` ends the association, or `nil`; `assembled` bytes of its message have arrived.
  @inline(__always)
  func abortReason(for pdv: PDV, assembled: Int) -> AbortReason? {
    guard accepted.contains(pdv.contextID) else {
      return .unknownPresentationContext(pdv.contextID)
    }
    guard !isInsideMessage || pdv.contextID == openContext else {
      return .presentationContextChanged(from: openContext, to: pdv.contextID)
    }
    guard pdv.isCommand else { return .dataSetFragment }
    let (total, overflow) = pdv.fragmentLength.addingReportingOverflow(UInt32(assembled))
    guard !overflow, total <= Self.maximumCommandLength else {
      return .commandTooLong(overflow ? .max : total)
    }
    return nil
  }

  /// Takes one fragment (PS3.8 annex E.1), and passes the command set to the `user` if it is the last.
  ///
  /// - Parameter commandSet: The command set up to and including this fragment.
  /// - Returns: The reason to abort the association, or `nil`.
  mutating func deliver<User: ServiceUser & ~Copyable>(
    _ pdv: PDV, _ commandSet: Span<UInt8>, to user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    let earlier = commandSet.count &- Int(truncatingIfNeeded: pdv.fragmentLength)
    if let reason = abortReason(for: pdv, assembled: earlier) { return reason }
    if pdv.length & 1 != 0 { notes.insert(.oddFragment) }
    guard pdv.isLast else {
      openContext = pdv.contextID
      isInsideMessage = true
      return nil
    }
    isInsideMessage = false
    return user.deliver(commandSet, on: pdv.contextID, of: &self, host: &host, reply: &reply)
  }

  /// Appends `commandSet` on `contextID` to `reply`, in P-DATA-TFs no longer than the peer accepts.
  ///
  /// - Returns: The reason to abort if the peer's maximum length has no room for a fragment, else `nil`.
  @inline(__always)
  public func send<let size: Int>(
    _ commandSet: InlineArray<size, UInt8>, on contextID: UInt8, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    let pduLength = UInt32(truncatingIfNeeded: size &+ PDV.headerSize)
    guard peerMaximumLength == 0 || peerMaximumLength >= pduLength else {
      guard peerMaximumLength >= PDV.leastMaximumLength else {
        return .maximumLengthTooSmall(peerMaximumLength)
      }
      reply.appendFragments(
        of: commandSet.span, on: contextID, maximumLength: peerMaximumLength)
      return nil
    }
    reply.appendFragmentHeaders(size: size, on: contextID, isLast: true)
    reply.store(commandSet)
    return nil
  }
}
