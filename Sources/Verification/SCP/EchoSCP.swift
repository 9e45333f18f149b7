public import UpperLayer

/// The Verification SCP (PS3.4 annex A): accepts associations for the Verification SOP Class and
/// answers every C-ECHO-RQ with Success.
public struct EchoSCP<Host: VerificationHost>: ServiceUser, Sendable {
  /// Its AE title.
  public var aeTitle: AETitle
  /// Whether a requestor must call it by that title (else rejected: 1/1/7).
  public var requiresCalledAETitle: Bool
  /// The calling AE titles that it accepts (else rejected: 1/1/3); any when there is none.
  public var callingAETitles: [AETitlePattern]
  /// Its order of transfer syntaxes.
  public var preference: TransferSyntaxPreference
  /// The maximum length that it announces, in bytes; 0 is no limit.
  public var maximumLength: UInt32
  /// How it calls itself.
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

  /// Application context, called AE title, calling AE title, the address that this is bound to: the
  /// first that does not fit is the reason.
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

  /// Whether a stricter acceptor, one that looks at its own title, would refuse the requestor.
  public func notes(on request: borrowing AssociateRequest) -> Notes {
    request.calledAETitle == aeTitle ? [] : .calledAETitleDiffers
  }

  /// Verification is accepted with the preferred one of the transfer syntaxes proposed.
  public func result(
    abstractSyntax: StandardUID?, transferSyntaxes: TransferSyntaxSet
  ) -> ContextResult {
    guard abstractSyntax == EchoRequest.verification else { return .abstractSyntaxNotSupported }
    guard let syntax = preference.choose(among: transferSyntaxes) else {
      return .transferSyntaxesNotSupported
    }
    return .acceptance(syntax)
  }

  /// Answers a C-ECHO-RQ (PS3.7 §9.1.5); everything else but a C-CANCEL-RQ ends the association.
  public func deliver(
    _ commandSet: Span<UInt8>, on contextID: UInt8, of association: inout Association,
    host: inout Host, reply: inout OutputSpan<UInt8>
  ) -> AbortReason? {
    // As nearly all are: nothing else that an error or a note would need is made for it.
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
    if let fault = association.send(response.commandSet, on: contextID, reply: &reply) {
      return fault
    }
    host.echoReceived(messageID: messageID, contextID: contextID)
    return nil
  }
}

/// What surrounds a Verification SCP: it knows where the peer is, and
/// hears of the association and of the messages on it.
public protocol VerificationHost: UpperLayerHost {
  /// Whether the peer's address is one that a requestor of this AE title may have: any is, unless
  /// the title is bound to others.
  mutating func recognizesAddress(of callingAETitle: AETitle) -> Bool
  /// A C-ECHO-RQ with this Message ID arrived on this presentation context and is answered with
  /// Success.
  mutating func echoReceived(messageID: UInt16, contextID: UInt8)
  /// The C-ECHO-RQ that is answered next has a group length that is not right.
  mutating func groupLengthWrong(_ length: GroupLength)
  /// A C-CANCEL-RQ arrived; it is ignored.
  mutating func cancelReceived()
  /// A message was refused; the association is aborted next.
  mutating func commandRefused(_ fault: CommandFault)
}
