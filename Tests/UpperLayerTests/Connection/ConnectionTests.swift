import TestKit
import Testing
import UpperLayer

/// What a connection asks of the owner of the socket: which bytes to keep, which timer to run, and
/// when to send before reading on.
struct ConnectionTests {
  static let command = Wire.echoCommand(messageID: 7)
  static let response = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 7)))

  private static let echoPDV = Wire.pdv(1, 3, command)

  // MARK: waiting

  /// Bytes from a peer in Sta6, and what the connection waits for after them.
  static let waitings: [(sent: String, bytes: [UInt8], Connection.Waiting)] = [
    ("nothing", [], .message),
    ("one byte", [4], .restOfMessage),
    ("half a header", [4, 0, 0], .restOfMessage),
    ("a header", Array(Wire.echoRequest().prefix(6)), .restOfMessage),
    ("half a PDV header", Array(Wire.echoRequest().prefix(9)), .restOfMessage),
    ("a PDV header", Array(Wire.echoRequest().prefix(12)), .restOfMessage),
    ("half a fragment", Array(Wire.echoRequest().prefix(40)), .restOfMessage),
    ("all but a byte", Array(Wire.echoRequest().dropLast()), .restOfMessage),
    ("a message", Wire.echoRequest(), .message),
    ("a message and a byte", Wire.echoRequest() + [4], .restOfMessage),
    ("a message in an incomplete PDU", Wire.pdu(4, echoPDV, length: 100), .restOfMessage),
    ("a fragment", Wire.data(Wire.pdv(1, 1, [0, 0])), .restOfMessage),
    ("an empty fragment", Wire.data(Wire.pdv(1, 1, [])), .restOfMessage),
    ("half a release", Array(Wire.releaseRequest.prefix(8)), .restOfMessage),
    ("a release", Wire.releaseRequest, .close),
    ("nonsense", [9], .close),
    ("an abort", Wire.abort(0, 0), .nothing),
    ("the header of a long abort", Wire.pdu(7, [], length: 1000), .nothing),
  ]

  @Test(arguments: waitings)
  func whatIsWaitedFor(_ sent: String, _ bytes: [UInt8], _ waiting: Connection.Waiting) {
    for size in [1, 1000] {
      var peer = Peer.arrived(in: .established)
      peer.send(bytes, inPiecesOf: size)
      #expect(peer.connection.waiting == waiting)
    }
  }

  /// In Sta6 a partial PDU or message awaits its rest; before that, a request does from its first byte.
  @Test(arguments: waitings)
  func whatAwaitsItsRest(_ sent: String, _ bytes: [UInt8], _ waiting: Connection.Waiting) {
    for size in [1, 1000] {
      var peer = Peer.arrived(in: .established)
      peer.send(bytes, inPiecesOf: size)
      #expect(peer.connection.awaitsRest == (waiting == .restOfMessage))
    }
  }

  @Test func aRequestAwaitsItsRest() {
    var peer = Peer()
    for (count, byte) in Wire.associateRequest().enumerated() {
      #expect(peer.connection.awaitsRest == (count > 0))
      peer.send([byte])
    }
    #expect(peer.connection.awaitsRest == false)
  }

  @Test func aRequestIsWaitedForUntilItIsComplete() {
    var peer = Peer()
    for byte in Wire.associateRequest() {
      #expect(peer.connection.waiting == .request)
      peer.send([byte])
    }
    #expect(peer.connection.waiting == .message)
  }

  @Test func aRefusedRequestIsWaitedOnToClose() {
    var peer = Peer()
    peer.send(Wire.releaseRequest)
    #expect(peer.connection.waiting == .close)
  }

  @Test func anotherProtocolIsNotWaitedOnForLong() {
    var peer = Peer()
    peer.send(Wire.bytes("GET / HTTP/1.1\r\n"))
    #expect(peer.connection.waiting == .foreignClose)
  }

  @Test(arguments: [Peer.Happening.transportClosed, .artimExpired])
  func afterTheEndNothingIsWaitedFor(_ end: Peer.Happening) {
    var peer = Peer.arrived(in: .awaitingClose)
    peer.happen(end)
    #expect(peer.connection.waiting == .nothing)
  }

  @Test func anAbortOfOurOwnForgetsWhatWasHalfReceived() {
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.data(Wire.pdv(1, 1, Array(Self.command.prefix(20)))) + [4, 0, 0])
    #expect(peer.happen(.abortWanted(.stalledMessage(milliseconds: 30_000))) == Wire.abort(0, 0))
    #expect(peer.connection.waiting == .close)
    #expect(peer.send(Array(Wire.echoRequest().dropFirst(3)) + Wire.abort(0, 0)) == [])
    #expect(peer.kept == [])
    #expect(peer.state == .awaitingClose)
  }

  // MARK: kept

  /// Bytes from a peer in Sta6, and those of them that must be presented again.
  static let keepings: [(sent: String, bytes: [UInt8], kept: [UInt8])] = [
    ("a message", Wire.echoRequest(), []),
    ("half a header", [4, 0, 0], [4, 0, 0]),
    ("a header", Array(Wire.echoRequest().prefix(6)), []),
    ("a header, half a PDV header", Array(Wire.echoRequest().prefix(9)), [0, 0, 0]),
    ("half a fragment", Array(Wire.echoRequest().prefix(14)), [0, 0, 0, 70, 1, 3, 0, 0]),
    ("a fragment", Wire.data(Wire.pdv(1, 1, [1, 2])), [1, 2]),
    ("two fragments", Wire.data(Wire.pdv(1, 1, [1, 2]), Wire.pdv(1, 1, [3, 4])), [1, 2, 3, 4]),
    (
      "two fragments in two PDUs, and a byte",
      Wire.data(Wire.pdv(1, 1, [1, 2])) + Wire.data(Wire.pdv(1, 1, [3, 4])) + [5],
      [1, 2, 3, 4, 5]
    ),
    (
      "a message, a fragment, half a PDV header",
      Wire.echoRequest() + Wire.pdu(4, Wire.pdv(1, 1, [1, 2]) + [0, 0], length: 20),
      [1, 2, 0, 0]
    ),
    ("a release after a fragment", Wire.data(Wire.pdv(1, 1, [1, 2])) + Wire.releaseRequest, []),
    ("a wrong PDU after a fragment", Wire.data(Wire.pdv(1, 1, [1, 2])) + Wire.pdu(2, [0]), []),
    ("a wrong PDV after a fragment", Wire.data(Wire.pdv(1, 1, [1]), Wire.pdv(1, 0, [])), []),
    ("half a refused PDV", Array(Wire.echoRequest(7, on: 3).prefix(20)), []),
    ("nonsense after a fragment", Wire.data(Wire.pdv(1, 1, [1, 2])) + [9, 9, 9], []),
    ("an abort and more", Wire.abort(0, 0) + Wire.echoRequest(), []),
  ]

  @Test(arguments: keepings)
  func whatIsKept(_ sent: String, _ bytes: [UInt8], _ kept: [UInt8]) {
    for size in [1, 3, 1000] {
      var peer = Peer.arrived(in: .established)
      peer.send(bytes, inPiecesOf: size)
      #expect(peer.kept == kept)
    }
  }

  @Test func aRequestIsKeptUntilItIsComplete() {
    var peer = Peer()
    let request = Wire.associateRequest()
    peer.send(Array(request.dropLast()))
    #expect(peer.kept == Array(request.dropFirst(6).dropLast()))
    peer.send(Array(request.suffix(1)))
    #expect(peer.kept == [])
  }

  /// Bytes before the offset at which reading begins are left alone.
  @Test func readingBeginsWhereItIsTold() {
    var peer = Peer.arrived(in: .established)
    var input = [UInt8](repeating: 0xEE, count: 5) + Wire.data(Wire.pdv(1, 1, [1, 2])) + [4, 0]
    var kept = 0..<0
    _ = [UInt8](capacity: 64 << 10) { output in
      var span = input.mutableSpan
      kept =
        peer.connection.receive(
          &span, from: 5, for: peer.user, host: &peer.host, reply: &output
        ).kept
    }
    #expect(Array(input[kept]) == [1, 2, 4, 0])
    #expect(kept.lowerBound == 5)
    #expect(input.prefix(5).allSatisfy { $0 == 0xEE })
  }

  // MARK: completedMessage

  @Test(arguments: [
    ("a message", Wire.echoRequest(), true),
    ("two messages", Wire.echoRequest() + Wire.echoRequest(), true),
    ("a message and a part", Wire.echoRequest() + [4, 0], true),
    ("a message and a fragment", Wire.echoRequest() + Wire.data(Wire.pdv(1, 1, [0, 0])), true),
    ("a part of a message", Array(Wire.echoRequest().dropLast()), false),
    ("a fragment", Wire.data(Wire.pdv(1, 1, [0, 0])), false),
    ("a message in two fragments", Wire.echoRequest(inFragmentsOf: 40), true),
    ("a release", Wire.releaseRequest, false),
    ("nothing", [], false),
  ])
  func completedMessage(_ sent: String, _ bytes: [UInt8], _ isCompleted: Bool) {
    var peer = Peer.arrived(in: .established)
    let progress = peer.progress(receiving: bytes)
    #expect(progress?.completedMessage == isCompleted)
  }

  @Test func theLastFragmentCompletesTheMessage() {
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.data(Wire.pdv(1, 1, [])))
    let progress = peer.progress(receiving: Wire.data(Wire.pdv(1, 3, Self.command)))
    #expect(progress?.completedMessage == true)
    #expect(peer.connection.waiting == .message)
  }

  // MARK: replyIsFull

  @Test func withoutRoomNothingIsRead() {
    var peer = Peer.arrived(in: .established)
    let bytes = Wire.echoRequest()
    let progress = peer.progress(receiving: bytes, replyRoom: Connection.replyReserve - 1)
    #expect(progress?.replyIsFull == true)
    #expect(progress?.kept == 0..<bytes.count)
    #expect(progress?.completedMessage == false)
    #expect(peer.host.lines == [])
  }

  @Test func roomForOnePDUIsRoomForOneAnswer() {
    var peer = Peer.arrived(in: .established)
    let bytes = Wire.echoRequest(7)
    let alone = peer.progress(receiving: bytes, replyRoom: Connection.replyReserve)
    #expect(alone?.replyIsFull == false)
    #expect(alone?.kept.isEmpty == true)

    let first = peer.progress(receiving: bytes + bytes, replyRoom: Connection.replyReserve)
    #expect(first?.replyIsFull == true)
    #expect(first?.kept == bytes.count..<2 * bytes.count)
    #expect(first?.completedMessage == true)
    #expect(peer.host.lines == ["echo 7", "echo 7"])
  }

  /// A whole conversation with thousands of echoes at once and a reply buffer that has room for few:
  /// every echo is answered once and in order.
  @Test(arguments: [Connection.replyReserve, 12 << 10, 64 << 10])
  func pipelinedMessagesAreAnsweredInOrder(_ replyRoom: Int) {
    var peer = Peer()
    peer.replyRoom = replyRoom
    let count = 2500
    let echoes = (0..<count).flatMap { Wire.echoRequest($0) }
    let answer = peer.send(Wire.associateRequest() + echoes + Wire.releaseRequest)
    let expected = (0..<count).flatMap {
      Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: $0)))
    }
    #expect(answer == Wire.associateAccept() + expected + Wire.releaseReply)
    #expect(peer.host.lines.count == count + 3)
    #expect(peer.kept == [])
  }

  @Test func theEndOfInputIsTheLastThingHeard() {
    var peer = Peer()
    peer.send(Wire.associateRequest() + Wire.echoRequest(7))
    peer.happen(.transportClosed)
    #expect(peer.host.lines.suffix(2) == ["echo 7", "transport closed in Sta6"])
  }

  @Test func aNewConnectionAwaitsARequest() {
    let connection = Connection()
    let state = connection.state
    #expect(state == .awaitingRequest)
  }
}
