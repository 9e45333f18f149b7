import TestKit
import UpperLayer

/// Helpers for the tests of the upper layer: peers in a given state, and a parsed A-ASSOCIATE-AC.

extension Peer {
  /// A peer whose acceptor, with the default settings, has reached `state` by the shortest path,
  /// with the recorded events cleared.
  static func arrived(in state: AcceptorState, maximumLength: UInt32 = 16382) -> Peer {
    var peer = Peer(maximumLength: maximumLength)
    switch state {
    case .awaitingRequest: break
    case .established: peer.send(Wire.associateRequest())
    case .awaitingClose: peer.send(Wire.associateRequest() + Wire.releaseRequest)
    case .idle: peer.send(Wire.abort(0, 0))
    }
    peer.host.lines = []
    return peer
  }

  /// A peer with an association for Verification on each of these contexts.
  static func associated(
    contexts: [Int] = [1], peerMaximumLength: Int = 16382, maximumLength: UInt32 = 16382
  ) -> Peer {
    var peer = Peer(maximumLength: maximumLength)
    peer.send(
      Wire.associateRequest(
        contexts: contexts.flatMap { Wire.context($0, Wire.verification, [Wire.implicitLittle]) },
        user: Wire.userInformation(maximumLength: peerMaximumLength)))
    peer.host.lines = []
    return peer
  }

  /// Releases the association and returns the notes on it, or `nil` if it was not released.
  mutating func release() -> Notes? {
    send(Wire.releaseRequest)
    guard let line = host.lines.last, line.hasPrefix("released notes=") else { return nil }
    return UInt32(line.dropFirst("released notes=".count)).map(Notes.init(rawValue:))
  }

  /// Sends `bytes` once, in one piece, and returns the progress that the connection reports.
  mutating func progress(receiving bytes: [UInt8], replyRoom: Int = 64 << 10)
    -> Connection.Progress?
  {
    var input = bytes
    var progress: Connection.Progress?
    _ = [UInt8](capacity: replyRoom) { output in
      var span = input.mutableSpan
      progress = connection.receive(&span, from: 0, for: user, host: &host, reply: &output)
    }
    return progress
  }
}

/// The line that a ``Recorder`` writes when the acceptor aborts for `abortReason`.
func aborting(_ source: Int, _ reason: Int, _ abortReason: AbortReason, in state: Int) -> String {
  "aborting \(source)/\(reason) in Sta\(state): \(abortReason)"
}

/// The answer of an acceptor with the default settings to a request.
func answer(to request: [UInt8]) -> [UInt8] {
  var peer = Peer()
  return peer.send(request)
}

/// The fault in an A-ASSOCIATE-RQ given with its header, or `nil` if it is well-formed.
func fault(in request: [UInt8]) -> Malformed? {
  let body = Array(request.dropFirst(6))
  do throws(Malformed) {
    _ = try AssociateRequest(body.span)
    return nil
  } catch {
    return error
  }
}

/// One item of a PDU: its type and its value.
struct ItemOnWire: Equatable {
  var type: Int
  var value: [UInt8]

  /// The items that fill `bytes`, or `nil` if their lengths do not add up.
  static func all(in bytes: some Collection<UInt8>) -> [ItemOnWire]? {
    var rest = Array(bytes)[...]
    var items: [ItemOnWire] = []
    while !rest.isEmpty {
      let header = Array(rest.prefix(4))
      guard header.count == 4, header[1] == 0 else { return nil }
      let length = Int(header[2]) << 8 | Int(header[3])
      guard rest.count >= 4 + length else { return nil }
      items.append(
        ItemOnWire(type: Int(header[0]), value: Array(rest.dropFirst(4).prefix(length))))
      rest = rest.dropFirst(4 + length)
    }
    return items
  }
}

/// An A-ASSOCIATE-AC, parsed down to the last byte.
struct Acceptance {
  /// Protocol version and the reserved bytes 7 to 10.
  var version: [UInt8]
  /// Bytes 11 to 74.
  var repeated: [UInt8]
  /// The application context, the contexts, the user information.
  var items: [ItemOnWire]

  /// Returns `nil` if `pdu` is not a whole, well-formed A-ASSOCIATE-AC.
  init?(_ pdu: [UInt8]) {
    guard pdu.count >= 74, pdu[0] == 2, pdu[1] == 0,
      Array(pdu[2..<6]) == Wire.be32(pdu.count - 6),
      let items = ItemOnWire.all(in: pdu[74...])
    else { return nil }
    version = Array(pdu[6..<10])
    repeated = Array(pdu[10..<74])
    self.items = items
  }

  /// Each context's ID and result, and its transfer syntax: `1:0 1.2.840.10008.1.2`.
  var results: [String] {
    items.filter { $0.type == 0x21 }.map { item in
      let subItems = ItemOnWire.all(in: item.value.dropFirst(4)) ?? []
      let syntaxes = subItems.map { String(decoding: $0.value, as: UTF8.self) }
      return "\(item.value[0]):\(item.value[2]) \(syntaxes.joined(separator: " "))"
    }
  }
}

extension Wire {
  /// A C-ECHO-RQ in fragments of `size` bytes, all in one P-DATA-TF.
  static func echoRequest(_ messageID: Int = 1, inFragmentsOf size: Int) -> [UInt8] {
    let command = echoCommand(messageID: messageID)
    let fragments = stride(from: 0, to: command.count, by: size).map { start in
      let isLast = start + size >= command.count
      return pdv(1, isLast ? 3 : 1, Array(command[start...].prefix(size)))
    }
    return pdu(4, fragments.flatMap { $0 })
  }

  /// The bytes of `text`, preceded by their 16-bit length.
  static func field(_ text: String) -> [UInt8] { be16(text.utf8.count) + bytes(text) }

  /// The bytes of `text`.
  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

/// The bytes of `span` as UTF-8.
func text(_ span: Span<UInt8>) -> String {
  String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
}
