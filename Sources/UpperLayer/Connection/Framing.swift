import ByteCoding

/// The framing of a ``Connection``: finds PDUs and PDVs.
///
/// The checks of a PDU, in order: type known, allowed in this state, length valid, content valid.
extension Connection {
  /// Reads a PDU header (PS3.8 §9.3.1) and decides how to read the rest of the PDU.
  ///
  /// - Returns: `false` if more bytes are needed.
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
    if let reason = type.abortReason(ofLength: length, maximumLength: acceptor.maximumLength) {
      if type == .associateRequest {
        let rest = bytes.extracting(droppingFirst: cursor &+ PDUType.headerSize)
        host.refuses(rest.extracting(first: Int(length)), .brokenRequest(length: length))
      }
      return loseFraming(reason, &cursor, for: user, host: &host, reply: &reply)
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

  /// Whether the reserved byte of a PDU header has arrived and is not 0.
  ///
  /// Receivers do not test this byte (PS3.8 §9.3.1), but it is rarely 0 in data that is not DICOM.
  @inline(__always)
  private static func hasReservedByte(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    bytes.count > cursor &+ 1 && bytes[cursor &+ 1] != 0
  }

  /// Reads a PDU of `length` bytes once it has arrived in full.
  ///
  /// - Returns: `false` if more bytes are needed.
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

  /// Reads the next PDV of a P-DATA-TF with `remaining` of its `length` bytes left (PS3.8 §9.3.5.1).
  ///
  /// - Parameter completesMessage: Set to `true` if the PDV completes a message.
  /// - Returns: `false` if more bytes are needed.
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
      let reason = AbortReason.malformedPDU(
        .dataTransfer, Malformed(item: 0, offset: offset, .doesNotAddUp))
      return loseFraming(reason, &cursor, for: user, host: &host, reply: &reply)
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

  /// Returns the number of bytes left in a P-DATA-TF after `pdv`, or `nil` if the lengths do not add up.
  private static func rest(of remaining: UInt32, behind pdv: PDV) -> UInt32? {
    guard pdv.length >= PDV.overhead, pdv.length <= remaining &- 4 else { return nil }
    let left = remaining &- 4 &- pdv.length
    return left == 0 || left >= PDV.headerSize ? left : nil
  }

  /// Returns the range of the command set up to and including `fragment`, which is moved next to the
  /// earlier fragments unless it is the only one.
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

  /// Skips the rest of a P-DATA-TF after the association was aborted inside it.
  @inline(__always)
  private mutating func skipAfterAbort(_ left: UInt32) {
    guard state != .established else { return }
    framing = left == 0 ? .header : .skip(left)
  }

  /// Handles an Evt19 after which the start of the next PDU is unknown: all further input is discarded.
  ///
  /// - Returns: `true`, so that the rest of the input is discarded.
  @inline(never)
  mutating func loseFraming<User: ServiceUser & ~Copyable>(
    _ reason: AbortReason, _ cursor: inout Int, for user: borrowing User, host: inout User.Host,
    reply: inout OutputSpan<UInt8>
  ) -> Bool {
    if case .foreignProtocol = reason { isForeign = true }
    acceptor.handle(.invalid(reason), for: user, host: &host, reply: &reply)
    framing = .lost
    cursor &+= 1
    return true
  }
}
