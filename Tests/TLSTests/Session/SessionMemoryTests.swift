import CMalloc
import Glibc
import TestKit
import Testing

@testable import TLS

/// Whether these tests run with a sanitizer.
// Safe because nothing changes the environment while the tests run.
private let isSanitized = unsafe getenv("ECHOSCPD_SANITIZER") != nil

/// The memory of idle associations: the limits of the service are planned with it.
///
/// Other tests allocate at the same time, so one good measurement of several is enough.
@Suite(.serialized, .enabled(if: !isSanitized, "a sanitizer has a malloc of its own"))
struct SessionMemoryTests {
  private static let count = 200

  /// A session that an array can hold.
  private final class Box {
    var session: Session
    init(_ session: consuming Session) { self.session = session }
  }

  @Test(
    arguments: [
      (nil, false, 16_000), (nil, true, 16_000), (Identity.ct1, false, 27_000),
      (.ct1, true, 27_000), (.rsa, false, 27_000),
    ] as [(Identity?, Bool, Int)])
  func anIdleSessionIsSmall(_ identity: Identity?, _ isOld: Bool, _ most: Int) throws {
    let kind = OpenSSLPeer.Kind(
      OpenSSLPeer.Options().with {
        $0.certificates = identity.map { [$0] } ?? []
        $0.versions = isOld ? 0x0303...0x0303 : 0x0304...0x0304
        $0.protocols = ["dicom"]
        $0.serverName = "archive.hospital.example"
      })
    let context = try Contexts.server.get()
    var sizes: [Int] = []
    for _ in 0..<6 where sizes.min().map({ $0 > most }) ?? true {
      sizes.append(Self.measure(context, kind))
    }
    #expect(sizes.min().map { $0 <= most } ?? false, "\(sizes)")
  }

  /// The bytes for each of many sessions that have echoed once and are idle.
  private static func measure(_ context: Context, _ kind: OpenSSLPeer.Kind) -> Int {
    var boxes: [Box] = []
    boxes.reserveCapacity(count)
    // What the first sessions leave in the caches of malloc and OpenSSL belongs to none.
    for _ in 0..<20 { _ = idleSession(context, kind) }
    let before = used
    for _ in 0..<count {
      if let box = idleSession(context, kind) { boxes.append(box) }
    }
    let size = (used - before) / count
    return boxes.count == count ? size : .max
  }

  /// The bytes in use, by malloc's own count.
  private static var used: Int {
    let all = mallinfo2()
    return Int(all.uordblks + all.hblkhd)
  }

  private static func idleSession(_ context: Context, _ kind: OpenSSLPeer.Kind) -> Box? {
    guard let made = Session(serverOf: context) else { return nil }
    let box = Box(made)
    var into = [UInt8](repeating: 0, count: Session.leastPlain)
    var output = [UInt8](repeating: 0, count: Session.leastOutput)
    func receive(_ bytes: [UInt8]) -> [UInt8] {
      var room = into.mutableSpan
      var out = output.mutableSpan
      let made = box.session.receive(bytes.span, into: &room, output: &out).output
      return Array(output[..<made])
    }
    let client = OpenSSLPeer(kind)
    var turn = client.receive([])
    for _ in 0..<10 where !turn.isEmpty { turn = client.receive(receive(turn)) }
    _ = receive(client.send([UInt8](repeating: 1, count: 74)))
    var out = output.mutableSpan
    _ = box.session.send([UInt8](repeating: 1, count: 90).span, output: &out)
    box.session.freeBuffers()
    return box.session.isComplete && box.session.fault == nil ? box : nil
  }
}
