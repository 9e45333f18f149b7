import ByteCoding
public import UpperLayer

/// Finds the answers in what an SCP sends, and checks each of them.
///
/// The first right answer is read byte by byte, and kept; one that is the same but for its Message
/// ID is then recognized at a glance. Nothing is taken for right that was not read once.
public struct AnswerReader: Sendable {
  /// The longest A-ASSOCIATE-AC that is taken, in bytes.
  public static let longestAccept: UInt32 = 64 << 10
  /// The longest command set, in bytes.
  public static let longestCommandSet = 4 << 10

  /// What is due.
  public enum Due: Equatable, Sendable {
    /// The answer to A-ASSOCIATE-RQ.
    case accept
    /// The response to the C-ECHO-RQ with this Message ID.
    case echo(UInt16)
    /// The answer to A-RELEASE-RQ (Sta7).
    case release
    /// The same, once the SCP has asked for a release, too, and was answered (Sta11).
    case releaseInCollision
    /// Nothing.
    case nothing
  }

  /// What has come.
  public enum Answer: Equatable, Sendable {
    /// The answer that was due.
    case right
    /// A-ASSOCIATE-RJ, where the answer to A-ASSOCIATE-RQ was due.
    case rejected(AssociateReject)
    /// A-RELEASE-RQ, where an association is established or its release was asked for.
    case releaseRequested
    /// A-ABORT.
    case aborted(Abort)
    /// Something else.
    case wrong(AnswerFault)
    /// Not all of it.
    case incomplete
  }

  /// What is known of an answer that has come in part.
  public struct Part: Sendable {
    /// The PDU-length of the P-DATA-TF that has begun.
    var length: UInt32 = 0
    /// How many bytes of it are left.
    var left: UInt32 = 0
    /// How many of these are of a fragment that nobody looks at.
    var unread: UInt32 = 0
    /// The fragments of the command set so far.
    var commandSet: [UInt8] = []

    /// Nothing yet.
    public init() {}

    /// Whether there is a part of a message or of a PDU.
    var isEmpty: Bool { left == 0 && commandSet.isEmpty }

    /// Forgets all of it.
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

  /// A reader of the answers to who has proposed this.
  ///
  /// - Parameter leastMaximumLength: The least maximum length of an SCP that the requestor can send a
  ///   C-ECHO-RQ to, in bytes.
  public init(
    to proposal: EchoProposal, leastMaximumLength: UInt32 = EchoProposal.leastMaximumLength
  ) {
    self.leastMaximumLength = leastMaximumLength
    proposed = TransferSyntaxSet(proposal.transferSyntaxes)
    maximumLength = proposal.maximumLength
  }

  /// Reads the next answer in the first `end` of `bytes`, from `offset` on.
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
    // Where the PDU begins, if that is among these bytes.
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

  /// The type of a PDU that may come now, with a length that it may have.
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

  /// Reads a whole PDU that may come now, and is not a P-DATA-TF.
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

  /// What the A-ASSOCIATE-AC `pdu` says, which has to be one that was due.
  func acceptance(_ pdu: Span<UInt8>) throws(AnswerFault) -> Acceptance {
    try Acceptance(
      pdu.extracting(droppingFirst: PDUType.headerSize), proposed, leastMaximumLength)
  }

  /// Reads the next PDV of the P-DATA-TF (PS3.8 §9.3.5.1) that begins at `start`, if that is known.
  ///
  /// - Returns: `nil` when it was a fragment, and not the last one.
  private mutating func readPDV(
    _ bytes: Span<UInt8>, at offset: inout Int, _ due: Due, _ part: inout Part, from start: Int?
  ) throws(AnswerFault) -> Answer? {
    guard case .echo(let messageID) = due else { throw .pdu(type: PDUType.dataTransfer.rawValue) }
    guard let pdv = try header(bytes, at: offset, part) else { return .incomplete }
    guard pdv.contextID == EchoProposal.contextID else { throw .contextID(pdv.contextID) }
    guard pdv.isCommand else { throw .dataSet }
    // Whatever maximum length was announced, no more is waited for.
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

  /// The header of the next PDV of a P-DATA-TF, with a length that it may have; `nil` when not all of
  /// it is there.
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

  /// Passes over the next PDV of a P-DATA-TF, or over what there is of it: the SCP may send until it
  /// answers the release (AR-6), and whom it is for wants no more. Nothing of it is kept.
  ///
  /// - Returns: whether something was passed over.
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

  /// Keeps a P-DATA-TF in which the command set of an answer begins at `offset`, if it has no other.
  private mutating func keep(_ pdu: Span<UInt8>, with answer: EchoAnswer, at offset: Int) {
    guard offset == PDUType.headerSize + PDV.headerSize else { return }
    echo.keep(pdu, messageIDOffset: offset + answer.messageIDOffset)
  }

  /// Appends a fragment of a command set that comes in several, and reads that behind the last one.
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
  /// Whether a PDU of this type may come (PS3.8 Table 9-10).
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
