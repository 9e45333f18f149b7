import ByteCoding
public import UpperLayer

/// Finds the answers in the bytes that an SCP sends, and checks each of them.
///
/// The first valid answer is read byte by byte, and kept; an answer that differs only in its Message ID is
/// then recognized as a whole. No answer is accepted unless it was read in full once.
public struct AnswerReader: Sendable {
  /// The longest A-ASSOCIATE-AC accepted, in bytes.
  public static let longestAccept: UInt32 = 64 << 10
  /// The longest command set accepted, in bytes.
  public static let longestCommandSet = 4 << 10

  /// The answer that is due.
  public enum Due: Equatable, Sendable {
    /// The answer to A-ASSOCIATE-RQ.
    case accept
    /// The response to the C-ECHO-RQ with this Message ID.
    case echo(UInt16)
    /// The answer to A-RELEASE-RQ (Sta7).
    case release
    /// The answer to A-RELEASE-RQ, after the SCP has also requested a release and was answered (Sta11).
    case releaseInCollision
    /// No answer.
    case nothing
  }

  /// The answer that has arrived.
  public enum Answer: Equatable, Sendable {
    /// The answer that was due.
    case right
    /// A-ASSOCIATE-RJ, when the answer to A-ASSOCIATE-RQ was due.
    case rejected(AssociateReject)
    /// A-RELEASE-RQ, while an association is established or its release was requested.
    case releaseRequested
    /// A-ABORT.
    case aborted(Abort)
    /// Any other answer.
    case wrong(AnswerFault)
    /// An answer that is not complete yet.
    case incomplete
  }

  /// The state of an answer that has arrived in part.
  public struct Part: Sendable {
    /// The PDU-length of the P-DATA-TF that has begun.
    var length: UInt32 = 0
    /// The number of bytes left of the P-DATA-TF.
    var left: UInt32 = 0
    /// The number of these bytes that belong to a fragment being skipped.
    var unread: UInt32 = 0
    /// The fragments of the command set received so far.
    var commandSet: [UInt8] = []

    /// Nothing received yet.
    public init() {}

    /// Whether there is no part of a message or PDU.
    var isEmpty: Bool { left == 0 && commandSet.isEmpty }

    /// Discards the part.
    public mutating func removeAll() {
      left = 0
      unread = 0
      if !commandSet.isEmpty { commandSet.removeAll(keepingCapacity: true) }
    }
  }

  private let proposed: TransferSyntaxSet
  private let maximumLength: UInt32
  private let leastMaximumLength: UInt32
  private var accept = ByteTemplate()
  private var echo = ByteTemplate()

  /// A reader of the answers to the requestor that sent `proposal`.
  ///
  /// - Parameter leastMaximumLength: The smallest maximum length of an SCP to which the requestor can send
  ///   a C-ECHO-RQ, in bytes.
  public init(
    to proposal: EchoProposal, leastMaximumLength: UInt32 = EchoProposal.leastMaximumLength
  ) {
    self.leastMaximumLength = leastMaximumLength
    proposed = TransferSyntaxSet(proposal.transferSyntaxes)
    maximumLength = proposal.maximumLength
  }

  /// Reads the next answer in the first `end` bytes of `bytes`, from `offset` on.
  public mutating func next(
    _ bytes: [UInt8], _ end: Int, at offset: inout Int, due: Due, _ part: inout Part
  ) -> Answer {
    let bytes = bytes.span.extracting(first: end)
    switch due {
    case .echo(let messageID):
      if part.left == 0, part.commandSet.isEmpty,
        echo.matches(bytes, at: offset, messageID: messageID)
      {
        offset += echo.count
        return .right
      }
    case .accept:
      if accept.matches(bytes, at: offset) {
        offset += accept.count
        return .right
      }
    case .release, .releaseInCollision, .nothing:
      break
    }
    do throws(AnswerFault) {
      return try read(bytes, at: &offset, due, &part)
    } catch {
      return .wrong(error)
    }
  }

  /// Reads PDUs until an answer is complete.
  private mutating func read(
    _ bytes: Span<UInt8>, at offset: inout Int, _ due: Due, _ part: inout Part
  ) throws(AnswerFault) -> Answer {
    // The start of the P-DATA-TF, if it is among these bytes.
    var start: Int?
    while true {
      if part.left > 0, due == .release {
        guard try passPDV(bytes, at: &offset, &part) else { return .incomplete }
        continue
      }
      if part.left > 0 {
        if let answer = try readPDV(bytes, at: &offset, due, &part, from: start) { return answer }
        continue
      }
      guard bytes.count - offset >= PDUType.headerSize else { return .incomplete }
      let length = bytes.bigEndian(UInt32.self, at: offset + 2)
      let type = try type(bytes[offset], length, due)
      if type == .dataTransfer {
        start = offset
        offset += PDUType.headerSize
        (part.length, part.left) = (length, length)
        continue
      }
      let end = offset + PDUType.headerSize + Int(length)
      guard bytes.count >= end else { return .incomplete }
      defer { offset = end }
      return try readWhole(type, bytes.extracting(offset..<end), due)
    }
  }

  /// Returns the type of a PDU if the type and the length are allowed now.
  private func type(_ value: UInt8, _ length: UInt32, _ due: Due) throws(AnswerFault) -> PDUType {
    guard let type = PDUType(rawValue: value), due.hasUse(for: type) else {
      throw .pdu(type: value)
    }
    switch type {
    case .associateAccept, .dataTransfer:
      let ours = maximumLength == 0 ? UInt32.max : maximumLength
      let limit = type == .dataTransfer ? ours : Self.longestAccept
      guard length <= limit else { throw .tooLong(type: value, length: length) }
      guard length > 0 else { throw .malformed(type: value) }
    case .associateReject, .releaseRequest, .releaseReply, .abort, .associateRequest:
      guard length == PDUType.fixedLength else { throw .malformed(type: value) }
    }
    return type
  }

  /// Reads a whole PDU that is allowed now and is not a P-DATA-TF.
  private mutating func readWhole(
    _ type: PDUType, _ pdu: Span<UInt8>, _ due: Due
  ) throws(AnswerFault) -> Answer {
    switch type {
    case .associateAccept:
      _ = try acceptance(pdu)
      accept.keep(pdu)
      return .right
    case .associateReject:
      return .rejected(AssociateReject(result: pdu[7], source: pdu[8], reason: pdu[9]))
    case .releaseReply:
      return .right
    case .releaseRequest:
      return .releaseRequested
    case .abort:
      return .aborted(Abort(source: pdu[8], reason: pdu[9]))
    case .associateRequest, .dataTransfer:
      throw .pdu(type: type.rawValue)
    }
  }

  /// Reads the A-ASSOCIATE-AC `pdu`, and checks it against the proposal.
  func acceptance(_ pdu: Span<UInt8>) throws(AnswerFault) -> Acceptance {
    try Acceptance(
      pdu.extracting(droppingFirst: PDUType.headerSize), proposed, leastMaximumLength)
  }

  /// Reads the next PDV of the P-DATA-TF (PS3.8 §9.3.5.1) that begins at `start`, if that is known.
  ///
  /// - Returns: `nil` if the fragment was not the last one.
  private mutating func readPDV(
    _ bytes: Span<UInt8>, at offset: inout Int, _ due: Due, _ part: inout Part, from start: Int?
  ) throws(AnswerFault) -> Answer? {
    guard case .echo(let messageID) = due else { throw .pdu(type: PDUType.dataTransfer.rawValue) }
    guard let pdv = try header(bytes, at: offset, part) else { return .incomplete }
    guard pdv.contextID == EchoProposal.contextID else { throw .contextID(pdv.contextID) }
    guard pdv.isCommand else { throw .dataSet }
    // This limit applies whatever maximum length was announced.
    guard pdv.fragmentLength <= Self.longestCommandSet else { throw .commandTooLong }
    let end = offset + 4 + Int(pdv.length)
    guard bytes.count >= end else { return .incomplete }
    let fragment = offset + PDV.headerSize..<end
    offset = end
    part.left -= pdv.length + 4
    if pdv.isLast, part.commandSet.isEmpty {
      let answer = try EchoAnswer(bytes.extracting(fragment), due: messageID)
      if let start, part.left == 0 {
        keep(bytes.extracting(start..<end), with: answer, at: fragment.lowerBound - start)
      }
      return .right
    }
    return try append(bytes.extracting(fragment), isLast: pdv.isLast, messageID, &part)
  }

  /// Returns the header of the next PDV of a P-DATA-TF, with a valid length, or `nil` if it is incomplete.
  private func header(
    _ bytes: Span<UInt8>, at offset: Int, _ part: borrowing Part
  ) throws(AnswerFault) -> PDV? {
    let malformed = AnswerFault.malformed(type: PDUType.dataTransfer.rawValue)
    guard part.left >= PDV.headerSize else { throw malformed }
    guard bytes.count - offset >= PDV.headerSize else { return nil }
    let pdv = PDV(bytes, at: offset)
    guard pdv.length >= PDV.overhead, pdv.length <= part.left - 4 else { throw malformed }
    return pdv
  }

  /// Skips the next PDV of a P-DATA-TF, or the part of it that has arrived.
  ///
  /// The SCP may send data until it answers the release (AR-6), but the requestor no longer needs it. None
  /// of it is kept.
  ///
  /// - Returns: Whether anything was skipped.
  private func passPDV(
    _ bytes: Span<UInt8>, at offset: inout Int, _ part: inout Part
  ) throws(AnswerFault) -> Bool {
    if part.unread == 0 {
      guard let pdv = try header(bytes, at: offset, part) else { return false }
      offset += PDV.headerSize
      part.left -= UInt32(PDV.headerSize)
      part.unread = pdv.fragmentLength
      return true
    }
    let count = min(Int(part.unread), bytes.count - offset)
    offset += count
    part.unread -= UInt32(count)
    part.left -= UInt32(count)
    return count > 0
  }

  /// Keeps a P-DATA-TF with the command set of an answer at `offset`, if that is in its only PDV.
  private mutating func keep(_ pdu: Span<UInt8>, with answer: EchoAnswer, at offset: Int) {
    guard offset == PDUType.headerSize + PDV.headerSize else { return }
    echo.keep(pdu, messageIDOffset: offset + answer.messageIDOffset)
  }

  /// Appends a fragment of a command set sent in several, and reads the command set after the last one.
  private func append(
    _ fragment: Span<UInt8>, isLast: Bool, _ messageID: UInt16, _ part: inout Part
  ) throws(AnswerFault) -> Answer? {
    guard part.commandSet.count + fragment.count <= Self.longestCommandSet else {
      throw .commandTooLong
    }
    for index in fragment.indices { part.commandSet.append(fragment[index]) }
    guard isLast else { return nil }
    defer { part.commandSet.removeAll(keepingCapacity: true) }
    _ = try EchoAnswer(part.commandSet.span, due: messageID)
    return .right
  }
}

extension AnswerReader.Due {
  /// Whether a PDU of this type is allowed (PS3.8 Table 9-10).
  func hasUse(for type: PDUType) -> Bool {
    switch type {
    case .associateRequest: false
    case .associateAccept, .associateReject: self == .accept
    case .dataTransfer, .releaseRequest:
      switch self {
      case .echo, .release: true
      case .accept, .releaseInCollision, .nothing: false
      }
    case .releaseReply: self == .release || self == .releaseInCollision
    case .abort: true
    }
  }
}
