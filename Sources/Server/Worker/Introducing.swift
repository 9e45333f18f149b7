import Linux
import Log
import ProxyProtocol
import UpperLayer

/// Reads the PROXY header with which each connection to a port for proxies begins: before it is complete, nothing else
/// of the connection is read, and afterwards the address in it counts in place of the proxy's.
///
/// The bytes are looked at before they are received, so that those behind the header stay for the protocol machine, or
/// for TLS.
extension Worker {
  /// Reads more of the header of a connection, and serves it once the header is complete.
  @inline(never)
  mutating func receiveHeader(_ index: Int, _ entry: SlotReference) {
    guard let preamble = table.preamble(index) else { return close(index, entry) }
    // Safe because the inbox is longer than the longest header, and is lent for the length of each call.
    var header = unsafe UnsafeMutableBufferPointer(rebasing: inbox[..<ProxyHeader.mostBytes])
      .mutableSpan
    preamble.copy(to: &header)
    let kept = preamble.count
    var free = unsafe UnsafeMutableBufferPointer(
      rebasing: inbox[kept..<ProxyHeader.mostBytes]
    ).mutableSpan
    switch entry.slot.socket.peek(into: &free) {
    case .nothing: return conclude(index, entry)
    case .end: return endHeader(.closed, index, entry)
    case .failed: return endHeader(.reset, index, entry)
    case .bytes(let size):
      noteBytes(entry)
      // Safe because that many bytes are there now.
      let bytes = unsafe UnsafeBufferPointer(rebasing: inbox[..<(kept + size)]).span
      switch ProxyHeader.read(bytes) {
      case .incomplete:
        preamble.append(bytes.extracting(droppingFirst: kept))
        take(size, of: entry)
        conclude(index, entry)
      case .fault(let fault): refuse(fault, bytes, index, entry)
      case .header(let header):
        take(header.size - kept, of: entry)
        introduce(preamble.complete(header), index, entry)
      }
    }
  }

  /// Receives `size` bytes that were looked at before.
  private func take(_ size: Int, of entry: SlotReference) {
    // Safe because that many bytes were just written there, and are written there again.
    var bytes = unsafe UnsafeMutableBufferPointer(rebasing: inbox[..<size]).mutableSpan
    _ = entry.slot.socket.receive(into: &bytes)
  }

  /// Closes a connection that begins with something else, or with a malformed header.
  private mutating func refuse(
    _ fault: ProxyFault, _ bytes: Span<UInt8>, _ index: Int, _ entry: SlotReference
  ) {
    if fault == .notAHeader {
      let foreign = ForeignProtocol(firstBytes: bytes) ?? .dicom
      host.refuses(bytes, .foreign(foreign))
      host.report(.proxyHeaderMissing(foreign))
    } else {
      host.refuses(bytes, .foreign(.proxy))
      host.report(.proxyHeaderInvalid(fault))
    }
    entry.slot.socket.discardInput()
    close(index, entry)
  }

  /// Closes a connection that ends before its header is complete. Without a byte, it was a health check.
  mutating func endHeader(_ end: HeaderEnd, _ index: Int, _ entry: SlotReference) {
    let count = table.preamble(index)?.count ?? 0
    if count == 0, end != .timedOut {
      host.report(.healthCheck)
    } else {
      host.report(.proxyHeaderIncomplete(bytes: count, end))
    }
    close(index, entry)
  }

  /// Lets a connection begin whose header is complete, as one of the address that the header tells.
  private mutating func introduce(_ relay: Relay, _ index: Int, _ entry: SlotReference) {
    entry.slot.awaitsHeader = false
    entry.peer.isRelayed = true
    // From now on, only DICOM counts.
    entry.peer.hasSpoken = false
    if let client = relay.client { entry.peer.subject.begin(client) }
    attendFacts(index, entry)
    if let client = relay.client {
      if let refusal = policy.addressRules.refusal(of: client) {
        host.report(refusal)
        return close(index, entry)
      }
      if limits.connectionRate > 0, !isInTime(client) { return close(index, entry) }
    }
    if entry.slot.share != nil { countAsClient(index, entry) }
    serve(index)
  }
}
