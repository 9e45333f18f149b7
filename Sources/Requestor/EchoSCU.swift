import ByteCoding
public import UpperLayer
import Verification

/// A Verification SCU for one association (PS3.4 annex A.4, PS3.7 §9.1.5): A-ASSOCIATE, C-ECHO, A-RELEASE,
/// and the result of each.
///
/// It is the requestor's path through PS3.8 Table 9-10 without sockets and timers: it takes the bytes that
/// the SCP sends, and returns events and the bytes to send. Sta8 and Sta9 begin and end within one PDU: a
/// release that the SCP requests is answered at once.
public struct EchoSCU: Sendable {
  /// The answer that the SCU waits for.
  public enum State: Equatable, Sendable {
    /// The answer to the A-ASSOCIATE-RQ (Sta5).
    case awaitingAccept
    /// The C-ECHO-RSP (Sta6).
    case awaitingEcho
    /// A-RELEASE-RP (Sta7).
    case awaitingRelease
    /// A-RELEASE-RP, after the SCP has also requested a release and was answered (Sta11).
    case awaitingReleaseInCollision
    /// Nothing: the association is over; close the connection once the output is sent (Sta13, Sta1).
    ///
    /// The requestor no longer needs the connection, so no ARTIM timer runs.
    case closed
  }

  /// An event of the association.
  public enum Event: Equatable, Sendable {
    /// The association is established.
    case accepted(Acceptance)
    /// A C-ECHO-RSP with status Success arrived.
    case echoed
    /// The association is released.
    case released
    /// The association is over, for this reason.
    case failed(Failure)
  }

  /// The Message ID of the only request.
  public static let messageID: UInt16 = 1
  /// The number of bytes that are enough to recognize a peer that does not speak DICOM.
  private static let bytesToRecognize = 5
  /// The number of bytes kept to show what such a peer sent.
  private static let bytesToShow = 48
  /// The capacity for a C-ECHO-RQ in the smallest possible fragments, in bytes.
  private static let longestRequest = 512

  /// The answer that the SCU waits for now.
  public private(set) var state = State.awaitingAccept
  /// The bytes to send, until ``takeOutput()`` returns them.
  private var output: [UInt8]
  private var reader: AnswerReader
  private var part = AnswerReader.Part()
  /// The bytes received that are not a complete answer yet: at most one A-ASSOCIATE-AC or PDV, and the
  /// input of one call.
  private var inbox: [UInt8] = []
  private var hasAnswered = false

  /// Creates an SCU whose first output is the A-ASSOCIATE-RQ of `proposal` (AE-2).
  public init(_ proposal: EchoProposal) {
    output = proposal.associateRequest
    reader = AnswerReader(to: proposal)
  }

  /// Returns the bytes to send now, which are then considered sent.
  public mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Reads the bytes received and returns the resulting events, or none if more bytes are needed.
  public mutating func receive(_ bytes: Span<UInt8>) -> [Event] {
    guard state != .closed else { return [] }
    for index in bytes.indices { inbox.append(bytes[index]) }
    if let foreign = foreign(isAll: false) { return [fail(foreign)] }
    var events: [Event] = []
    while state != .closed, !inbox.isEmpty, read(&events) {}
    return events
  }

  /// Handles the end of input (Evt17), and returns the resulting event, or `nil` if all is already over.
  public mutating func end() -> Event? {
    guard state != .closed else { return nil }
    let event = fail(foreign(isAll: true) ?? .closed)
    // The peer is gone, so nothing can be sent to it (AA-4).
    output = []
    return event
  }

  /// Ends the association without an answer: replaces the output by an A-ABORT (Evt15, AA-1).
  ///
  /// - Returns: The protocol of a peer that has begun to send something other than DICOM, otherwise `nil`.
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

  /// The number of received bytes kept: never more than one answer and the input of one call.
  public var keptCount: Int { inbox.count + part.commandSet.count }

  /// The PDU or message that has begun to arrive and is not complete, or `nil` if there is none.
  ///
  /// It may be an answer or something that the SCP sends before it. It remains available after the
  /// association is over.
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

  /// Returns the size of a PDU with `length` bytes after its header.
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

  /// Reads the next answer, and returns whether it was complete.
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

  /// Answers the SCP's A-RELEASE-RQ: the association is over (AR-2, AR-4), or, if both sides have requested
  /// a release, the answer to ours is still due (AR-8, AR-9: a release collision).
  private mutating func answerRelease() -> Event? {
    let isCollision = state == .awaitingRelease
    output += [UInt8](capacity: 16) { $0.appendReleaseReply() }
    state = isCollision ? .awaitingReleaseInCollision : .closed
    return isCollision ? nil : .failed(.releaseRequested)
  }

  /// Continues after the expected answer `pdu`.
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

  /// Returns the protocol of an SCP that does not speak DICOM, once enough or all bytes have arrived.
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
  /// The reason why there was no echo, or no release: what the peer did.
  public enum Failure: Equatable, Sendable {
    /// A-ASSOCIATE-RJ (PS3.8 §9.3.4).
    case rejected(AssociateReject)
    /// A-ABORT (PS3.8 §9.3.8).
    case aborted(Abort)
    /// The first bytes of another protocol.
    case foreign(ForeignProtocol, [UInt8])
    /// An answer other than the one expected.
    case wrong(AnswerFault)
    /// An A-RELEASE-RQ instead of the answer to the C-ECHO-RQ; it was answered (AR-2, AR-4).
    case releaseRequested
    /// The peer closed the connection; ``EchoSCU/incomplete`` shows whether an answer had begun.
    case closed
  }
}
