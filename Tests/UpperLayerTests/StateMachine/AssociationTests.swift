import TestKit
import Testing

@testable import UpperLayer

/// Sending a command set to a peer that announced a maximum length (PS3.8 annexes D.1 and E):
/// whatever the length, the same bytes arrive.
struct AssociationTests {
  /// A P-DATA-TF as sent: its PDU-length and its only PDV.
  struct Fragment {
    var pduLength: Int
    var context: Int
    var control: Int
    var data: [UInt8]

    /// The P-DATA-TF PDUs in `bytes`, or `nil` if there is anything else.
    static func all(in bytes: [UInt8]) -> [Fragment]? {
      var fragments: [Fragment] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let header = Array(rest.prefix(12))
        guard header.count == 12, header[0] == 4, header[1] == 0 else { return nil }
        let pduLength = header[2..<6].reduce(0) { $0 << 8 | Int($1) }
        let pdvLength = header[6..<10].reduce(0) { $0 << 8 | Int($1) }
        guard pduLength == pdvLength + 4, pdvLength >= 2, rest.count >= 6 + pduLength else {
          return nil
        }
        fragments.append(
          Fragment(
            pduLength: pduLength, context: Int(header[10]), control: Int(header[11]),
            data: Array(rest.dropFirst(12).prefix(pdvLength - 2))))
        rest = rest.dropFirst(6 + pduLength)
      }
      return fragments
    }
  }

  /// The bytes that send `commandSet` to a peer with this maximum length, and the reason if that fails.
  static func send<let size: Int>(
    _ commandSet: InlineArray<size, UInt8>, to peerMaximumLength: UInt32
  ) -> ([UInt8], AbortReason?) {
    let association = Association(
      accepted: ContextSet(), maximumLength: 0, peerMaximumLength: peerMaximumLength, notes: [])
    var reason: AbortReason?
    let bytes = [UInt8](capacity: 64 << 10) { output in
      reason = association.send(commandSet, on: 5, reply: &output)
    }
    return (bytes, reason)
  }

  static let maximums: [UInt32] = Array(8...90) + [16382, 16384, 0x7FFF_FFFF, 0xFFFF_FFFF, 0]

  @Test(arguments: maximums) func theFragmentsAddUpToTheCommandSet(_ maximum: UInt32) throws {
    try expectFragments(of: InlineArray<1, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<2, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<3, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<77, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<78, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<79, UInt8> { UInt8($0) }, below: maximum)
    try expectFragments(of: InlineArray<200, UInt8> { UInt8($0) }, below: maximum)
  }

  func expectFragments<let size: Int>(
    of commandSet: InlineArray<size, UInt8>, below maximum: UInt32
  ) throws {
    let (bytes, reason) = Self.send(commandSet, to: maximum)
    #expect(reason == nil)
    let fragments = try #require(Fragment.all(in: bytes))
    #expect(fragments.flatMap(\.data) == commandSet.indices.map { commandSet[$0] })
    #expect(fragments.allSatisfy { $0.context == 5 })
    #expect(fragments.dropLast().allSatisfy { $0.control == 1 })
    #expect(fragments.last?.control == 3)
    #expect(fragments.dropLast().allSatisfy { $0.data.count.isMultiple(of: 2) })
    #expect(fragments.allSatisfy { !$0.data.isEmpty })
    guard maximum != 0 else {
      #expect(fragments.count == 1)
      return
    }
    #expect(fragments.allSatisfy { $0.pduLength <= maximum })
    // No fragment is smaller than necessary.
    let room = (Int(maximum) - 6) / 2 * 2
    #expect(fragments.dropLast().allSatisfy { $0.data.count == room })
  }

  @Test(arguments: 1...7 as ClosedRange<UInt32>)
  func aMaximumWithoutRoomForDataIsAFault(_ maximum: UInt32) {
    let (bytes, reason) = Self.send([1, 2], to: maximum)
    #expect(bytes == [])
    #expect(reason == .maximumLengthTooSmall(maximum))
  }

  /// The peer's maximum length, and the sizes of the fragments for the 78 bytes of a C-ECHO-RSP.
  @Test(arguments: [
    (0, [78]), (8, [Int](repeating: 2, count: 39)), (9, [Int](repeating: 2, count: 39)),
    (10, [Int](repeating: 4, count: 19) + [2]), (20, [14, 14, 14, 14, 14, 8]),
    (45, [38, 38, 2]), (83, [76, 2]), (84, [78]), (85, [78]), (0xFFFF_FFFF, [78]),
  ])
  func anEchoResponseInFragments(_ maximum: Int, _ sizes: [Int]) throws {
    var peer = Peer.associated(peerMaximumLength: maximum)
    let fragments = try #require(Fragment.all(in: peer.send(Wire.echoRequest(0x1234))))
    #expect(fragments.map(\.data.count) == sizes)
    #expect(fragments.flatMap(\.data) == Wire.echoResponseCommand(messageID: 0x1234))
  }

  /// A peer that announces a maximum of 1 to 7 gets an association, but cannot be answered.
  @Test(arguments: 1...7) func theFirstEchoIsAbortedWhenTheMaximumIsTooSmall(_ maximum: Int) {
    var peer = Peer.associated(peerMaximumLength: maximum)
    #expect(peer.state == .established)
    #expect(peer.send(Wire.echoRequest(7)) == Wire.abort(0, 0))
    let reason = AbortReason.maximumLengthTooSmall(UInt32(maximum))
    #expect(peer.host.lines == [aborting(0, 0, reason, in: 6)])
    #expect(peer.state == .awaitingClose)
  }

  @Test func withoutAMaximumLengthSubItemThereIsNoLimit() throws {
    var peer = Peer()
    peer.send(Wire.associateRequest(user: Wire.item(0x50, [])))
    let fragments = try #require(Fragment.all(in: peer.send(Wire.echoRequest())))
    #expect(fragments.count == 1)
  }
}
