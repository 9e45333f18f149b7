import ByteCoding

/// An established association (Sta6): what was negotiated, and the message now arriving.
public struct Association: ~Copyable {
  /// The longest command set taken, in bytes. A C-ECHO-RQ needs about 70.
  public static let maximumCommandLength: UInt32 = 16 << 10

  /// The largest PDU-length of a P-DATA-TF that we announced; 0 is no limit (PS3.8 annex D.1).
  let maximumLength: UInt32
  /// The largest PDU-length of a P-DATA-TF that the peer takes; 0 is no limit.
  public let peerMaximumLength: UInt32
  /// What was tolerated so far.
  public var notes: Notes

  private let accepted: ContextSet
  private(set) var openContext: UInt8 = 0
  /// Whether fragments of a message have arrived and its last one has not.
  private(set) var isInsideMessage = false

  init(accepted: ContextSet, maximumLength: UInt32, peerMaximumLength: UInt32, notes: Notes) {
    self.accepted = accepted
    self.maximumLength = maximumLength
    self.peerMaximumLength = peerMaximumLength
    self.notes = notes
  }

  /// Why `pdv` ends the association, of whose message `assembled` bytes are here already, or `nil`.
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

  /// Takes one fragment (PS3.8 annex E.1): `commandSet` is all of the command set up to and with
  /// this fragment, and goes to the `user` when it is the last.
  ///
  /// - Returns: why the association must be aborted, or `nil`.
  mutating func deliver<User: ServiceUser & ~Copyable>(
    _ pdv: PDV, _ commandSet: Span<UInt8>, to user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    let earlier = commandSet.count &- Int(truncatingIfNeeded: pdv.fragmentLength)
    if let fault = abortReason(for: pdv, assembled: earlier) { return fault }
    if pdv.length & 1 != 0 { notes.insert(.oddFragment) }
    guard pdv.isLast else {
      openContext = pdv.contextID
      isInsideMessage = true
      return nil
    }
    isInsideMessage = false
    return user.deliver(commandSet, on: pdv.contextID, of: &self, host: &host, reply: &reply)
  }

  /// Appends `commandSet` to the reply on `contextID`, in no longer P-DATA-TFs than the peer takes.
  ///
  /// - Returns: the fault when the peer's maximum length has no room for a fragment, else `nil`.
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
