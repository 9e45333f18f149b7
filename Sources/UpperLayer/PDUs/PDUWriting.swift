import ByteCoding

/// The PDUs and items that an acceptor sends, and what a requestor's are made of. Reserved bytes are zero.
extension OutputSpan where Element == UInt8 {
  /// Appends a PDU header with the PDU-length `length` (PS3.8 §9.3.1).
  @inline(__always) @_lifetime(self: copy self)
  public mutating func appendHeader(_ type: PDUType, length: UInt32) {
    append(bigEndian: UInt16(type.rawValue) << 8)
    append(bigEndian: length)
  }

  /// Appends an A-ASSOCIATE-RJ (PS3.8 §9.3.4).
  @_lifetime(self: copy self)
  mutating func append(_ rejection: Rejection) {
    appendHeader(.associateReject, length: PDUType.fixedLength)
    append(0)
    let pdu = rejection.pdu
    append(pdu.result)
    append(pdu.source)
    append(pdu.reason)
  }

  /// Appends an A-RELEASE-RP (PS3.8 §9.3.7).
  @_lifetime(self: copy self)
  public mutating func appendReleaseReply() {
    appendHeader(.releaseReply, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt32)
  }

  /// Appends an A-ABORT (PS3.8 §9.3.8).
  @_lifetime(self: copy self)
  public mutating func append(_ abort: Abort) {
    appendHeader(.abort, length: PDUType.fixedLength)
    append(bigEndian: 0 as UInt16)
    append(abort.source)
    append(abort.reason)
  }

  /// Appends the header of an item whose value is `length` bytes (PS3.8 §9.3.2).
  @inline(__always) @_lifetime(self: copy self)
  mutating func appendItemHeader(_ type: ItemType, length: Int) {
    append(
      bigEndian: UInt32(type.rawValue) << 24 | UInt32(UInt16(truncatingIfNeeded: length)))
  }

  /// Appends an item header whose length ``endItem(_:)`` fills in; the result is where it is.
  @inline(__always) @_lifetime(self: copy self)
  public mutating func beginItem(_ type: ItemType) -> Int {
    appendItemHeader(type, length: 0)
    return count - 2
  }

  /// Fills in the length of the item that ``beginItem(_:)`` began at `lengthOffset`.
  @inline(__always) @_lifetime(self: copy self)
  public mutating func endItem(_ lengthOffset: Int) {
    patch(bigEndian: UInt16(truncatingIfNeeded: count - lengthOffset - 2), at: lengthOffset)
  }

  /// Appends an item whose value is the text of `uid`.
  @_lifetime(self: copy self)
  public mutating func appendItem(_ type: ItemType, _ uid: StandardUID) {
    let lengthOffset = beginItem(type)
    append(uid)
    endItem(lengthOffset)
  }

  /// Appends an item whose value is `text`.
  @_lifetime(self: copy self)
  mutating func appendItem(_ type: ItemType, _ text: String) {
    appendItemHeader(type, length: text.utf8.count)
    append(copying: text.utf8.span)
  }
}
