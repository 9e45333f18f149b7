public import UpperLayer

/// The Verification SCP (PS3.4 annex A): accepts associations for the Verification SOP Class and
/// answers every C-ECHO-RQ with Success.
public struct EchoSCP<Host: VerificationHost>: ServiceUser, Sendable {
  /// The AE title of the SCP.
  public var aeTitle: AETitle
  /// Whether a requestor must call the SCP by this title (otherwise rejected: 1/1/7).
  public var requiresCalledAETitle: Bool
  /// The calling AE titles that the SCP accepts (otherwise rejected: 1/1/3), empty for any.
  public var callingAETitles: [AETitlePattern]
  /// The order of preference of transfer syntaxes.
  public var preference: TransferSyntaxPreference
  /// The maximum length to announce, in bytes; 0 means no limit.
  public var maximumLength: UInt32
  /// The sub-items that identify this program.
  public let implementation = ImplementationItems(
    classUID: Implementation.classUID, versionName: Implementation.versionName)

  /// A Verification SCP with these settings.
  public init(
    aeTitle: AETitle, requiresCalledAETitle: Bool, callingAETitles: [AETitlePattern] = [],
    preference: TransferSyntaxPreference, maximumLength: UInt32
  ) {
    self.aeTitle = aeTitle
    self.requiresCalledAETitle = requiresCalledAETitle
    self.callingAETitles = callingAETitles
    self.preference = preference
    self.maximumLength = maximumLength
  }

  /// Checks the application context, the called AE title, the calling AE title, and the address that this
  /// title is bound to, and returns the first mismatch.
  public func rejection(of request: borrowing AssociateRequest, host: inout Host) -> Rejection? {
    guard request.applicationContext == .applicationContext else { return .applicationContext }
    if requiresCalledAETitle, request.calledAETitle != aeTitle { return .calledAETitle }
    if !accepts(request.callingAETitle) { return .callingAETitle }
    if !host.recognizesAddress(of: request.callingAETitle) { return .callingAETitle }
    return nil
  }

  private func accepts(_ title: AETitle) -> Bool {
    callingAETitles.isEmpty || callingAETitles.contains { $0.matches(title) }
  }

  /// Notes a called AE title that a stricter acceptor, one that checks it, would refuse.
  public func notes(on request: borrowing AssociateRequest) -> Notes {
    request.calledAETitle == aeTitle ? [] : .calledAETitleDiffers
  }

  /// Accepts Verification with the preferred one of the proposed transfer syntaxes.
  public func result(
    abstractSyntax: StandardUID?, transferSyntaxes: TransferSyntaxSet
  ) -> ContextResult {
    guard abstractSyntax == EchoRequest.verification else { return .abstractSyntaxNotSupported }
    guard let syntax = preference.choose(among: transferSyntaxes) else {
      return .transferSyntaxesNotSupported
    }
    return .acceptance(syntax)
  }

  /// Answers a C-ECHO-RQ (PS3.7 §9.1.5); any other command except a C-CANCEL-RQ ends the association.
  public func deliver(
    _ commandSet: Span<UInt8>, on contextID: UInt8, of association: inout Association,
    host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    // The usual case: skip everything that only an error or a note would need.
    if let messageID = UsualEchoRequest.messageID(of: commandSet) {
      return answer(messageID, on: contextID, of: association, host: &host, reply: &reply)
    }
    return deliverUnusual(
      commandSet, on: contextID, of: &association, host: &host, reply: &reply)
  }

  @inline(never)
  private func deliverUnusual(
    _ commandSet: Span<UInt8>, on contextID: UInt8, of association: inout Association,
    host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    do throws(CommandFault) {
      switch try EchoRequest(elementsOf: commandSet) {
      case .echo(let messageID, let notes):
        association.notes.formUnion(notes)
        if notes.contains(.groupLengthWrong) {
          host.groupLengthWrong(try GroupLength(of: commandSet))
        }
        return answer(messageID, on: contextID, of: association, host: &host, reply: &reply)
      case .cancel:
        host.cancelReceived()
        return nil
      }
    } catch {
      host.refuses(commandSet, .command)
      host.commandRefused(error)
      return .refusedByServiceUser
    }
  }

  @inline(__always)
  private func answer(
    _ messageID: UInt16, on contextID: UInt8, of association: borrowing Association,
    host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    let response = EchoResponse(toMessageID: messageID)
    if let reason = association.send(response.commandSet, on: contextID, reply: &reply) {
      return reason
    }
    host.echoReceived(messageID: messageID, contextID: contextID)
    return nil
  }
}

/// The host of a Verification SCP: knows the peer's address, and receives the events of the association and
/// of the messages on it.
public protocol VerificationHost: UpperLayerHost {
  /// Whether a requestor with this AE title may have the peer's address: any, unless bound to others.
  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool
  /// A C-ECHO-RQ with this Message ID arrived on this presentation context and is answered with
  /// Success.
  mutating func echoReceived(messageID: UInt16, contextID: UInt8)
  /// The C-ECHO-RQ that is answered next has a wrong group length.
  mutating func groupLengthWrong(_ length: GroupLength)
  /// A C-CANCEL-RQ arrived; it is ignored.
  mutating func cancelReceived()
  /// A message was refused; the association is aborted next.
  mutating func commandRefused(_ fault: CommandFault)
}
