import TestKit
import UpperLayer
import Verification

@testable import Log

/// The PDUs of an association as a worker copies them: the request, and the answer from a real negotiation.
enum Association {
  /// Returns copies of a request and, if it is accepted, of its answer; `nil` if it is malformed.
  static func pdus(
    _ request: [UInt8], maximumLength: UInt32 = 16382
  ) -> PDUCopies? {
    let body = Array(request.dropFirst(6))
    var peer = Peer(maximumLength: maximumLength)
    let answer = peer.send(request)
    guard let request = try? AssociateRequest(body.span) else { return nil }
    return answer.first == 2
      ? PDUCopies(PDUCopies(request), accept: answer.span) : PDUCopies(request)
  }

  /// The lines that show `request`.
  static func requestLines(_ request: [UInt8]) -> [String] { DumpText.request(pdus(request)) }

  /// The lines that show the answer to `request`.
  static func acceptLines(_ request: [UInt8], maximumLength: UInt32 = 16382) -> [String] {
    DumpText.accept(pdus(request, maximumLength: maximumLength))
  }

  /// A field of a sub-item, preceded by its 16-bit length.
  static func field(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    return Wire.be16(bytes.count) + bytes
  }

  /// The User Identity Sub-Item of a request.
  static func userIdentity(
    _ type: Int, response: Int = 0, _ primary: [UInt8], _ secondary: [UInt8] = []
  ) -> [UInt8] {
    Wire.item(0x58, [UInt8(type), UInt8(response)] + field(primary) + field(secondary))
  }

  /// A request for Verification whose only sub-items are `extra`.
  static func request(negotiating extra: [UInt8]) -> [UInt8] {
    Wire.associateRequest(user: Wire.userInformation(extra: extra))
  }
}

extension Association {
  /// The identity of a requestor's software, read from sub-items with `uid` and `version`.
  static func implementation(_ uid: [UInt8], _ version: [UInt8]) throws -> PeerImplementation {
    let user = Wire.item(0x51, Wire.be32(16382)) + Wire.item(0x52, uid) + Wire.item(0x55, version)
    let body = Array(Wire.associateRequest(user: Wire.item(0x50, user)).dropFirst(6))
    var implementation = PeerImplementation()
    implementation.read(try AssociateRequest(body.span))
    return implementation
  }

  /// Returns `bytes` as the log shows them, with every byte escaped that is not printable ASCII.
  static func escaped(_ bytes: [UInt8]) -> String { Escaping.ascii(bytes.span) }
}
