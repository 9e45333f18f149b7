import ByteCoding

/// How a ``Connection`` finds PDUs and PDVs. A fault is looked for in this order: is the type
/// known, is it allowed in this state, is its length right, is its content.
extension Connection {
  /// Reads a PDU header (PS3.8 §9.3.1) and decides how what follows it is read.
  ///
  /// - Returns: false when more bytes are needed to go on.
  @inline(__always)
  mutating func beginPDU<User: ServiceUser & ~Copyable>(
    _ bytes: Span<UInt8>, _ cursor: inout Int, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> Bool {
    let type = PDUType(rawValue: bytes[cursor])
    if state == .awaitingRequest, type != .associateRequest || Self.hasReservedByte(bytes, cursor),
      let foreign = ForeignProtocol(firstBytes: bytes.extracting(cursor...))
    {
      host.refuses(bytes.extracting(cursor...), .foreign(foreign))
      return loseFraming(
        .foreignProtocol(foreign), &cursor, for: user, host: &host, reply: &reply)
    }
    guard let type else {
      return loseFraming(
        .unrecognizedPDU(type: bytes[cursor]), &cursor, for: user, host: &host, reply: &reply)
    }
    guard bytes.count &- cursor >= PDUType.headerSize else { return false }
    let length = bytes.bigEndian(UInt32.self, at: cursor &+ 2)
    guard type.isExpected(in: state) else {
      cursor &+= PDUType.headerSize
      framing = length == 0 ? .header : .skip(length)
      acceptor.handle(.unexpected(type), for: user, host: &host, reply: &reply)
      return true
    }
    if let fault = type.fault(ofLength: length, maximumLength: acceptor.maximumLength) {
      if type == .associateRequest {
        let rest = bytes.extracting(droppingFirst: cursor &+ PDUType.headerSize)
        host.refuses(rest.extracting(first: Int(length)), .brokenRequest(length: length))
      }
      return loseFraming(fault, &cursor, for: user, host: &host, reply: &reply)
    }
    cursor &+= PDUType.headerSize
    switch type {
    case .dataTransfer:
      framing = .pdvs(length, of: length)
    case .abort where length != PDUType.fixedLength:
      acceptor.handle(.abort(nil), for: user, host: &host, reply: &reply)
    default:
      framing = .whole(type, length)
    }
    return true
  }

  /// Whether the second byte of a PDU header has come and is not 0, which nobody has to look at
  /// (PS3.8 §9.3.1), but what is not DICOM rarely has.
  @inline(__always)
  private static func hasReservedByte(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    bytes.count > cursor &+ 1 && bytes[cursor &+ 1] != 0
  }

  /// Reads a PDU of `length` bytes once all of it is there.
  ///
  /// - Returns: false when more bytes are needed.
  @inline(never)
  mutating func readPDU<User: ServiceUser & ~Copyable>(
    _ type: PDUType, _ length: UInt32, _ bytes: Span<UInt8>, _ cursor: inout Int,
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) -> Bool {
    let size = Int(length)
    guard bytes.count &- cursor >= size else { return false }
    let body = bytes.extracting(cursor..<cursor &+ size)
    cursor &+= size
    framing = .header
    switch type {
    case .associateRequest:
      do throws(Malformed) {
        let request = try AssociateRequest(body)
        acceptor.handle(request, for: user, host: &host, reply: &reply)
      } catch {
        host.refuses(body, .brokenRequest(length: length))
        acceptor.handle(
          .invalid(.malformedPDU(type, error)), for: user, host: &host, reply: &reply)
      }
    case .releaseRequest:
      if isInsideMessage { host.messageLeft(assembled) }
      acceptor.handle(.releaseRequest, for: user, host: &host, reply: &reply)
    case .abort:
      if isInsideMessage { host.messageLeft(assembled) }
      let abort = Abort(source: body[2], reason: body[3])
      acceptor.handle(.abort(abort), for: user, host: &host, reply: &reply)
    case .associateAccept, .associateReject, .dataTransfer, .releaseReply:
      acceptor.handle(.unexpected(type), for: user, host: &host, reply: &reply)
    }
    return true
  }

  private var isInsideMessage: Bool {
    switch acceptor {
    case .established(let association): association.isInsideMessage
    default: false
    }
  }

  /// Reads the next PDV of a P-DATA-TF of which `remaining` of `length` bytes are left
  /// (PS3.8 §9.3.5.1).
  ///
  /// - Parameter completesMessage: Set to true when it does.
  /// - Returns: false when more bytes are needed.
  mutating func readPDV<User: ServiceUser & ~Copyable>(
    _ remaining: UInt32, of length: UInt32, _ input: inout MutableSpan<UInt8>, _ start: Int,
    _ cursor: inout Int, _ completesMessage: inout Bool,
    for user: borrowing User, host: inout User.Host, reply: inout OutputSpan<UInt8>
  ) -> Bool {
    let available = input.count &- cursor
    guard available >= PDV.headerSize else { return false }
    let pdv = PDV(input.span, at: cursor)
    guard let left = Self.rest(of: remaining, behind: pdv) else {
      let offset = PDUType.headerSize &+ Int(length &- remaining)
      let fault = AbortReason.malformedPDU(
        .dataTransfer, Malformed(item: 0, offset: offset, .doesNotAddUp))
      return loseFraming(fault, &cursor, for: user, host: &host, reply: &reply)
    }
    let size = Int(pdv.fragmentLength)
    if available &- PDV.headerSize < size
      || UInt32(truncatingIfNeeded: assembled) &+ pdv.fragmentLength
        > Association.maximumCommandLength
    {
      acceptor.handle(
        .dataPending(pdv, assembled: assembled), for: user, host: &host, reply: &reply)
      skipAfterAbort(remaining)
      return state != .established
    }
    cursor &+= PDV.headerSize
    let commandSet = collect(&input, start, cursor..<cursor &+ size, isLast: pdv.isLast)
    cursor &+= size
    framing = left == 0 ? .header : .pdvs(left, of: length)
    if pdv.isLast, left > 0 { acceptor.note(.twoMessagesInAPDU) }
    acceptor.handle(
      pdv, input.span.extracting(commandSet), for: user, host: &host, reply: &reply)
    skipAfterAbort(left)
    completesMessage = completesMessage || pdv.isLast
    return true
  }

  /// What is left of a P-DATA-TF behind `pdv`; `nil` when the lengths do not add up.
  private static func rest(of remaining: UInt32, behind pdv: PDV) -> UInt32? {
    guard pdv.length >= PDV.overhead, pdv.length <= remaining &- 4 else { return nil }
    let left = remaining &- 4 &- pdv.length
    return left == 0 || left >= PDV.headerSize ? left : nil
  }

  /// Where the command set is, up to and with `fragment`: in place when it is in one piece, else
  /// behind the fragments before it.
  @inline(never)
  private mutating func collect(
    _ input: inout MutableSpan<UInt8>, _ start: Int, _ fragment: Range<Int>, isLast: Bool
  ) -> Range<Int> {
    if isLast, assembled == 0 { return fragment }
    var target = start &+ assembled
    for index in fragment {
      input[target] = input[index]
      target &+= 1
    }
    assembled = isLast ? 0 : target &- start
    return start..<target
  }

  /// Once the association is aborted inside a P-DATA-TF, the rest of that PDU is of no interest.
  @inline(__always)
  private mutating func skipAfterAbort(_ left: UInt32) {
    guard state != .established else { return }
    framing = left == 0 ? .header : .skip(left)
  }

  /// Evt19 by which the place of the next PDU is lost: nothing more is read from this peer.
  ///
  /// - Returns: true, since there is something to go on with: what else has come is passed over.
  @inline(never)
  mutating func loseFraming<User: ServiceUser & ~Copyable>(
    _ fault: AbortReason, _ cursor: inout Int, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> Bool {
    if case .foreignProtocol = fault { isForeign = true }
    acceptor.handle(.invalid(fault), for: user, host: &host, reply: &reply)
    framing = .lost
    cursor &+= 1
    return true
  }
}
