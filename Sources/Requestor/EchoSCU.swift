import ByteCoding
public import UpperLayer
import Verification

/// A Verification SCU for one association (PS3.4 annex A.4, PS3.7 §9.1.5): A-ASSOCIATE, C-ECHO,
/// A-RELEASE, and what became of each.
///
/// It is the requestor's path through PS3.8 Table 9-10 without its sockets and timers: it is given
/// what the SCP sends, and tells what has happened and what is to be sent. Sta8 and Sta9 begin and end
/// within one PDU: a release that the SCP asks for is answered at once.
public struct EchoSCU: Sendable {
  /// What is waited for.
  public enum State: Equatable, Sendable {
    /// The answer to A-ASSOCIATE-RQ (Sta5).
    case awaitingAccept
    /// The C-ECHO-RSP (Sta6).
    case awaitingEcho
    /// A-RELEASE-RP (Sta7).
    case awaitingRelease
    /// A-RELEASE-RP, once the SCP has asked for a release, too, and was answered (Sta11).
    case awaitingReleaseInCollision
    /// Nothing: the association is over, and the connection is to be closed, once the output is sent
    /// (Sta13, Sta1). A requestor does not need it any more, so no ARTIM timer runs.
    case closed
  }

  /// What has happened.
  public enum Event: Equatable, Sendable {
    /// The association is established.
    case accepted(Acceptance)
    /// C-ECHO-RSP with status Success.
    case echoed
    /// The association is released.
    case released
    /// It is over, and this is why.
    case failed(Failure)
  }

  /// The Message ID of the only request.
  static let messageID: UInt16 = 1
  /// How many bytes tell what a peer speaks that is no PDU.
  private static let bytesToRecognize = 5
  /// How many of them are kept, to be shown.
  private static let bytesToShow = 48
  /// The room for a C-ECHO-RQ in the smallest fragments that there are, in bytes.
  private static let longestRequest = 512

  /// What is waited for.
  public private(set) var state = State.awaitingAccept
  /// What is to be sent; who sends it calls ``takeOutput()``.
  private var output: [UInt8]
  private var reader: AnswerReader
  private var part = AnswerReader.Part()
  /// What has come and was no whole answer yet: at most one A-ASSOCIATE-AC or PDV, and what is
  /// received at once.
  private var inbox: [UInt8] = []
  private var hasAnswered = false

  /// Begins with the A-ASSOCIATE-RQ of `proposal` (AE-2).
  public init(_ proposal: EchoProposal) {
    output = proposal.associateRequest
    reader = AnswerReader(to: proposal)
  }

  /// What is to be sent now, which is then taken for sent.
  public mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Reads what has come; the result is what that comes to, empty when more has to come.
  public mutating func receive(_ bytes: Span<UInt8>) -> [Event] {
    guard state != .closed else { return [] }
    for index in bytes.indices { inbox.append(bytes[index]) }
    if let foreign = foreign(isAll: false) { return [fail(foreign)] }
    var events: [Event] = []
    while state != .closed, !inbox.isEmpty, read(&events) {}
    return events
  }

  /// The SCP sends no more (Evt17); the result is what that comes to, `nil` once it is over.
  public mutating func end() -> Event? {
    guard state != .closed else { return nil }
    let event = fail(foreign(isAll: true) ?? .closed)
    // Nobody is there to be told (AA-4).
    output = []
    return event
  }

  /// Ends it without an answer, by an A-ABORT once the A-ASSOCIATE-RQ is sent (Evt15, AA-1).
  ///
  /// - Returns: what the peer speaks, where it has begun to send and that is not DICOM.
  @discardableResult
  public mutating func abort() -> Failure? {
    guard state != .closed else { return nil }
    let foreign = foreign(isAll: true)
    end(with: foreign == nil ? .serviceUser : .unrecognizedPDU)
    return foreign
  }

  private mutating func end(with abort: Abort) {
    output = [UInt8](capacity: 16) { $0.append(abort) }
    state = .closed
  }

  /// How many bytes it keeps of what has come: never more than of one answer, and of what it was given
  /// at once.
  public var keptCount: Int { inbox.count + part.commandSet.count }

  /// What has begun to come and is not complete, of an answer or of what the SCP sends before it; `nil`
  /// when nothing has. It stays what it was when the wait for the rest has ended.
  public var incomplete: IncompletePDU? {
    guard !inbox.isEmpty || !part.isEmpty else { return nil }
    var pdu = IncompletePDU()
    pdu.message = UInt32(clamping: part.commandSet.count)
    if part.left > 0 {
      pdu.firstByte = PDUType.dataTransfer.rawValue
      pdu.received = Self.size(Int(part.length - part.left) + inbox.count)
      pdu.expected = Self.size(Int(part.length))
    } else if let first = inbox.first {
      pdu.firstByte = first
      pdu.received = UInt32(clamping: inbox.count)
      guard inbox.count >= PDUType.headerSize else { return pdu }
      pdu.expected = Self.size(Int(inbox.span.bigEndian(UInt32.self, at: 2)))
    }
    return pdu
  }

  /// The size of a PDU with `length` bytes behind its header.
  private static func size(_ length: Int) -> UInt32 {
    UInt32(clamping: PDUType.headerSize + length)
  }

  private var due: AnswerReader.Due {
    switch state {
    case .awaitingAccept: .accept
    case .awaitingEcho: .echo(Self.messageID)
    case .awaitingRelease: .release
    case .awaitingReleaseInCollision: .releaseInCollision
    case .closed: .nothing
    }
  }

  /// Reads what comes next; the result is whether it was all there.
  private mutating func read(_ events: inout [Event]) -> Bool {
    var offset = 0
    let answer = reader.next(inbox, inbox.count, at: &offset, due: due, &part)
    let taken = Array(inbox[..<offset])
    inbox.removeFirst(offset)
    switch answer {
    case .incomplete: return false
    case .right:
      hasAnswered = true
      if let event = advance(taken.span) { events.append(event) }
    case .releaseRequested:
      if let event = answerRelease() { events.append(event) }
    case .rejected(let rejection): events.append(fail(.rejected(rejection)))
    case .aborted(let abort): events.append(fail(.aborted(abort)))
    case .wrong(let fault): events.append(fail(.wrong(fault)))
    }
    return true
  }

  /// Answers the A-RELEASE-RQ of the SCP: with an association that is over (AR-2, AR-4), or, where both
  /// have asked, by waiting for the answer to ours (AR-8, AR-9: a release collision).
  private mutating func answerRelease() -> Event? {
    let isCollision = state == .awaitingRelease
    output += [UInt8](capacity: 16) { $0.appendReleaseReply() }
    state = isCollision ? .awaitingReleaseInCollision : .closed
    return isCollision ? nil : .failed(.releaseRequested)
  }

  /// Goes on behind the right answer `pdu`.
  private mutating func advance(_ pdu: Span<UInt8>) -> Event? {
    switch state {
    case .awaitingAccept:
      do throws(AnswerFault) {
        let acceptance = try reader.acceptance(pdu)
        state = .awaitingEcho
        output += [UInt8](capacity: Self.longestRequest) {
          $0.appendEchoRequest(
            messageID: Self.messageID, maximumLength: acceptance.maximumLength)
        }
        return .accepted(acceptance)
      } catch {
        return fail(.wrong(error))
      }
    case .awaitingEcho:
      state = .awaitingRelease
      output += [UInt8](capacity: 16) { $0.appendReleaseRequest() }
      return .echoed
    case .awaitingRelease, .awaitingReleaseInCollision:
      state = .closed
      return .released
    case .closed: return nil
    }
  }

  /// What the SCP speaks, where it is not the Upper Layer protocol, and enough or all of it is there.
  private func foreign(isAll: Bool) -> Failure? {
    guard !hasAnswered, state == .awaitingAccept, !inbox.isEmpty else { return nil }
    guard let foreign = ForeignAnswer.of(inbox.span, isAll: isAll) else { return nil }
    guard isAll || inbox.count >= Self.bytesToRecognize || inbox.contains(0x0A) else { return nil }
    return .foreign(foreign, Array(inbox.prefix(Self.bytesToShow)))
  }

  private mutating func fail(_ failure: Failure) -> Event {
    switch failure {
    case .wrong(let fault): end(with: fault.abort)
    case .foreign: end(with: .unrecognizedPDU)
    case .rejected, .aborted, .releaseRequested, .closed:
      state = .closed
      output = []  // Discard unsent output.
    }
    return .failed(failure)
  }
}

extension EchoSCU {
  /// Why there was no echo, or no release: what the peer has done.
  public enum Failure: Equatable, Sendable {
    /// A-ASSOCIATE-RJ (PS3.8 §9.3.4).
    case rejected(AssociateReject)
    /// A-ABORT (PS3.8 §9.3.8).
    case aborted(Abort)
    /// The first bytes of another protocol.
    case foreign(ForeignProtocol, [UInt8])
    /// An answer that is not the one that was due.
    case wrong(AnswerFault)
    /// A-RELEASE-RQ where the answer to the C-ECHO-RQ was due; it was answered (AR-2, AR-4).
    case releaseRequested
    /// The peer has closed the connection; ``EchoSCU/incomplete`` tells whether an answer had begun.
    case closed
  }
}
