import TestKit
import Testing
import UpperLayer

/// PS3.8 annex E: a command set in fragments is one message, however it is divided into PDVs, PDUs
/// and pieces received from the transport connection.
struct AssemblyTests {
  static let command = Wire.echoCommand(messageID: 7)
  static let response = Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: 7)))

  /// A command set as PDVs, divided at these offsets; only the last one is marked as last.
  static func fragments(cutAt cuts: [Int], _ command: [UInt8] = command) -> [[UInt8]] {
    let starts = [0] + cuts
    let ends = cuts + [command.count]
    return starts.indices.map { index in
      let control = index == starts.count - 1 ? 3 : 1
      return Wire.pdv(1, control, Array(command[starts[index]..<ends[index]]))
    }
  }

  @Test(arguments: 0...command.count) func inTwoFragments(_ cut: Int) {
    let fragments = Self.fragments(cutAt: [cut])
    let inOnePDU = Wire.pdu(4, fragments.flatMap { $0 })
    let inTwoPDUs = fragments.flatMap { Wire.pdu(4, $0) }
    for bytes in [inOnePDU, inTwoPDUs] {
      for size in [1, 13, 1000] {
        var peer = Peer.arrived(in: .established)
        #expect(peer.send(bytes, inPiecesOf: size) == Self.response)
        #expect(peer.host.lines == ["echo 7"])
        #expect(peer.kept == [])
      }
    }
  }

  @Test(arguments: 0...command.count) func inThreeFragments(_ first: Int) {
    var peer = Peer.arrived(in: .established)
    for second in first...Self.command.count {
      let fragments = Self.fragments(cutAt: [first, second])
      let packings = [
        Wire.pdu(4, fragments.flatMap { $0 }),
        fragments.flatMap { Wire.pdu(4, $0) },
        Wire.pdu(4, fragments[0]) + Wire.pdu(4, fragments[1] + fragments[2]),
        Wire.pdu(4, fragments[0] + fragments[1]) + Wire.pdu(4, fragments[2]),
      ]
      for bytes in packings {
        #expect(peer.send(bytes) == Self.response, "second cut at \(second)")
      }
    }
    #expect(peer.kept == [])
  }

  @Test func inFragmentsOfOneByte() {
    for size in [1, 5, 1000] {
      var peer = Peer.arrived(in: .established)
      #expect(
        peer.send(Wire.echoRequest(7, inFragmentsOf: 1), inPiecesOf: size) == Self.response)
    }
  }

  @Test func emptyFragmentsAddNothing() {
    var peer = Peer.arrived(in: .established)
    let empty = [[UInt8]](repeating: Wire.pdv(1, 1, []), count: 100).flatMap { $0 }
    let bytes = Wire.data(empty, Wire.pdv(1, 1, Self.command), empty, Wire.pdv(1, 3, []))
    #expect(peer.send(bytes) == Self.response)
  }

  /// Twenty messages, each in fragments, in pieces that do not end where the messages do.
  @Test(arguments: [1, 2, 3, 10, 40, 67, 68])
  func oneFragmentedMessageBehindTheOther(_ size: Int) {
    var peer = Peer.arrived(in: .established)
    let bytes = (1...20).flatMap { Wire.echoRequest($0, inFragmentsOf: size) }
    let expected = (1...20).flatMap {
      Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: $0)))
    }
    #expect(peer.send(bytes, inPiecesOf: 97) == expected)
    #expect(peer.host.lines == (1...20).map { "echo \($0)" })
  }

  @Test func severalMessagesInOnePDU() {
    var peer = Peer.arrived(in: .established)
    let pdvs = (1...20).flatMap { Wire.pdv(1, 3, Wire.echoCommand(messageID: $0)) }
    let expected = (1...20).flatMap {
      Wire.data(Wire.pdv(1, 3, Wire.echoResponseCommand(messageID: $0)))
    }
    #expect(peer.send(Wire.pdu(4, pdvs)) == expected)
    #expect(peer.host.lines == (1...20).map { "echo \($0)" })
  }

  // MARK: notes

  @Test(arguments: 0...command.count) func anOddFragmentIsNoted(_ cut: Int) {
    var peer = Peer.arrived(in: .established)
    peer.send(Self.fragments(cutAt: [cut]).flatMap { Wire.pdu(4, $0) })
    #expect(peer.release() == (cut % 2 == 1 ? .oddFragment : []))
  }

  /// The contents of one P-DATA-TF, and whether they belong to more than one message.
  @Test(arguments: [
    ("one message", Wire.pdv(1, 3, command), false),
    ("one message in two fragments", fragments(cutAt: [40]).flatMap { $0 }, false),
    ("one message, its last fragment empty", Wire.pdv(1, 1, command) + Wire.pdv(1, 3, []), false),
    ("two messages", Wire.pdv(1, 3, command) + Wire.pdv(1, 3, command), true),
    ("a message and a fragment", Wire.pdv(1, 3, command) + Wire.pdv(1, 1, [0, 0]), true),
    ("a message and an empty fragment", Wire.pdv(1, 3, command) + Wire.pdv(1, 1, []), true),
  ])
  func twoMessagesInAPDUAreNoted(_ name: String, _ pdvs: [UInt8], _ areTwo: Bool) {
    for size in [1, 1000] {
      var peer = Peer.arrived(in: .established)
      peer.send(Wire.pdu(4, pdvs), inPiecesOf: size)
      let notes = peer.release()
      #expect(notes?.contains(.twoMessagesInAPDU) == areTwo)
    }
  }

  @Test func theEndOfAMessageAndTheNextOneInAPDUAreTwo() {
    var peer = Peer.arrived(in: .established)
    let parts = Self.fragments(cutAt: [40])
    peer.send(Wire.data(parts[0]) + Wire.data(parts[1], Wire.pdv(1, 3, Self.command)))
    #expect(peer.release() == .twoMessagesInAPDU)
  }

  @Test func twoPDUsAtOnceAreNotTwoMessagesInAPDU() {
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.echoRequest(1) + Wire.echoRequest(2))
    #expect(peer.release() == [])
  }

  @Test(arguments: [Wire.pdv(1, 1, []), Wire.pdv(1, 1, [0, 0])])
  func aReleaseInsideAMessageIsAnsweredAndNoted(_ fragment: [UInt8]) {
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.data(fragment))
    #expect(peer.send(Wire.releaseRequest) == Wire.releaseReply)
    #expect(peer.host.lines == ["released notes=\(Notes.releaseInsideMessage.rawValue)"])
  }

  @Test func aReleaseBetweenMessagesIsNotNoted() {
    var peer = Peer.arrived(in: .established)
    peer.send(Self.fragments(cutAt: [40]).flatMap { Wire.pdu(4, $0) })
    #expect(peer.release() == [])
  }

  // MARK: limits and order

  /// A C-ECHO-RQ whose command set an unknown element fills up to exactly `size` bytes.
  static func command(ofSize size: Int) -> [UInt8] {
    let filler = size - command.count - 8
    let unknown = Wire.element(0x5110, [UInt8](repeating: 0x20, count: filler))
    return Wire.commandSet(Array(Self.command.dropFirst(12)), unknown)
  }

  /// The size of the command set, that of its fragments, and the size reported if it is too long.
  @Test(
    arguments: [
      (16384, 16384, nil), (16384, 1000, nil), (16384, 64, nil), (16384, 16382, nil),
      (16385, 16385, 16385), (16385, 1000, 16385), (16385, 16384, 16385), (20000, 1000, 17000),
    ] as [(Int, Int, UInt32?)])
  func aCommandSetHasSixteenKibibytesAtMost(_ size: Int, _ fragment: Int, _ tooLong: UInt32?) {
    let command = Self.command(ofSize: size)
    let cuts = Array(stride(from: fragment, to: size, by: fragment))
    let bytes = Self.fragments(cutAt: cuts, command).flatMap { Wire.pdu(4, $0) }
    for piece in [777, 1 << 20] {
      var peer = Peer.associated(maximumLength: 0)
      let answer = peer.send(bytes, inPiecesOf: piece)
      if let tooLong {
        #expect(answer == Wire.abort(0, 0))
        #expect(peer.host.lines == [aborting(0, 0, .commandTooLong(tooLong), in: 6)])
      } else {
        #expect(answer == Self.response)
        #expect(peer.release()?.contains(.elementsUnknown) == true)
      }
    }
  }

  @Test(arguments: [true, false]) func theContextMustNotChangeInsideAMessage(_ isOnePDU: Bool) {
    var peer = Peer.associated(contexts: [1, 3])
    let first = Wire.pdv(1, 1, Array(Self.command.prefix(20)))
    let second = Wire.pdv(3, 3, Array(Self.command.dropFirst(20)))
    let bytes = isOnePDU ? Wire.data(first, second) : Wire.data(first) + Wire.data(second)
    #expect(peer.send(bytes) == Wire.abort(0, 0))
    let reason = AbortReason.presentationContextChanged(from: 1, to: 3)
    #expect(peer.host.lines == [aborting(0, 0, reason, in: 6)])
  }

  @Test func theContextMayChangeBetweenMessages() {
    var peer = Peer.associated(contexts: [1, 3, 255])
    for context in [1, 3, 1, 255] {
      let answer = peer.send(Wire.echoRequest(7, on: context))
      #expect(answer == Wire.data(Wire.pdv(context, 3, Wire.echoResponseCommand(messageID: 7))))
    }
  }

  /// An unexpected fragment of a data set: as the first fragment, inside a message, and after one.
  @Test(arguments: [
    [], Wire.data(Wire.pdv(1, 1, Array(command.prefix(20)))), Wire.echoRequest(7),
  ])
  func aDataSetIsRefused(_ before: [UInt8]) {
    for control in [0, 2] {
      var peer = Peer.arrived(in: .established)
      peer.send(before)
      #expect(peer.send(Wire.data(Wire.pdv(1, control, [1, 2]))) == Wire.abort(0, 0))
      #expect(peer.host.lines.last == aborting(0, 0, .dataSetFragment, in: 6))
      #expect(peer.kept == [])
    }
  }

  /// The checks run in this order, and the first to fail gives the reason: unknown context, changed
  /// context, data set, length.
  @Test(arguments: [
    (Wire.pdv(5, 0, [], length: 99), AbortReason.unknownPresentationContext(5)),
    (Wire.pdv(3, 0, [], length: 99), .presentationContextChanged(from: 1, to: 3)),
    (Wire.pdv(1, 0, [], length: 20000), .dataSetFragment),
    (Wire.pdv(1, 1, [], length: 20000), .commandTooLong(20000)),
  ])
  func theFirstObjectionIsTheReason(_ header: [UInt8], _ reason: AbortReason) {
    var peer = Peer.associated(contexts: [1, 3], maximumLength: 0)
    peer.send(Wire.data(Wire.pdv(1, 1, [0, 0])))
    peer.send(Wire.pdu(4, header, length: 1 << 20))
    #expect(peer.host.lines == [aborting(0, 0, reason, in: 6)])
  }

  @Test func anAbortInsideAMessageEndsIt() {
    var peer = Peer.arrived(in: .established)
    peer.send(Wire.data(Wire.pdv(1, 1, Self.command)) + Wire.abort(0, 0))
    #expect(peer.host.lines == ["abort received 0/0 in Sta6"])
    #expect(peer.state == .idle)
  }
}
