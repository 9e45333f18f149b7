import TestKit
import Testing

@testable import TLS

/// Handshakes whose bytes arrive in pieces: in two, divided at every place, and byte by byte.
@Suite struct SessionSplitTests {
  /// Who takes part, and in which version.
  struct Scene: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let isOld: Bool
    let certificate: CertificateFacts?
    let client: OpenSSLPeer.Kind

    init(_ testDescription: String, isOld: Bool, _ identity: Identity?) {
      self.testDescription = testDescription
      self.isOld = isOld
      certificate = identity?.facts
      client = OpenSSLPeer.Kind(
        OpenSSLPeer.Options().with {
          $0.certificates = identity.map { [$0] } ?? []
          $0.versions = isOld ? 0x0303...0x0303 : 0x0304...0x0304
          $0.protocols = ["dicom"]
          $0.serverName = "localhost"
        })
    }
  }

  static let scenes = [
    Scene("TLS 1.3", isOld: false, nil),
    Scene("TLS 1.2", isOld: true, nil),
    Scene("TLS 1.3 with a client's certificate", isOld: false, .ct1),
    Scene("TLS 1.2 with a client's certificate", isOld: true, .ct1),
  ]

  /// A handshake, an echo of data, and the close, all of whose bytes `divide` divides.
  private static func play(
    _ scene: Scene, _ divide: (Int, [UInt8]) -> [[UInt8]] = { [$1] }
  ) throws -> Flights {
    let client = OpenSSLPeer(scene.client)
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    let flights = converse(client, server, divide: divide)
    let data = [UInt8](0..<40)
    for piece in divide(100, client.send(data) + client.close()) { _ = server.receive(piece) }
    let facts = server.facts
    try #require(server.fault == nil && facts.version == (scene.isOld ? "TLSv1.2" : "TLSv1.3"))
    try #require(server.completions == 1 && server.plain == data && server.isClosed)
    try #require(facts.hello?.serverName == Array("localhost".utf8))
    try #require(facts.applicationProtocol == "dicom")
    try #require(facts.certificate == scene.certificate)
    try #require(facts.faults == (scene.certificate == nil ? .missing : []))
    try #require(facts.received == UInt32(flights.ofClient.count) && facts.expected == 0)
    return flights
  }

  @Test(arguments: scenes) func byteByByte(_ scene: Scene) throws {
    _ = try Self.play(scene) { number, bytes in number % 2 == 0 ? bytes.map { [$0] } : [bytes] }
  }

  /// All turns of the client are divided at the same time. A place in the second half of a turn counts from its end,
  /// since signatures have different lengths.
  @Test(arguments: scenes) func inTwoPieces(_ scene: Scene) throws {
    let sizes = try Self.play(scene).turns.map(\.count)
    let longest = sizes.indices.filter { $0 % 2 == 0 }.map { sizes[$0] }.max() ?? 0
    for place in 0...longest {
      _ = try Self.play(scene) { number, bytes in
        guard number % 2 == 0, number < sizes.count, place <= sizes[number] else { return [bytes] }
        let size = sizes[number]
        let cut = place < size / 2 ? place : max(0, bytes.count - (size - place))
        return [Array(bytes[..<cut]), Array(bytes[cut...])]
      }
    }
  }

  @Test(arguments: scenes) func theEndInTwoPieces(_ scene: Scene) throws {
    for place in 0...60 {
      _ = try Self.play(scene) { number, bytes in
        guard number == 100 else { return [bytes] }
        let cut = min(place, bytes.count)
        return [Array(bytes[..<cut]), Array(bytes[cut...])]
      }
    }
  }

  /// The client's side, which a probe uses.
  @Test(arguments: [false, true], [1, 2, 3, 5, 100, 1000])
  func theClientTakesPieces(_ isOld: Bool, _ size: Int) throws {
    let client = SessionEndpoint(
      clientOf: try (isOld ? Contexts.oldClient : Contexts.client).get())
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    converse(client, server) { _, bytes in
      stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0...].prefix(size)) }
    }
    #expect(client.isComplete && server.isComplete)
    #expect(client.facts.chain == [Identity.server.facts, Identity.issuing.facts])
    _ = client.receive(try #require(server.send([1])))
    #expect(client.plain == [1])
  }

  /// A record of a handshake message may be of any size (RFC 8446 §5.1).
  @Test(arguments: [HelloMessage.tls12, .tls13], [1, 2, 50, 200])
  func aClientHelloMayHaveManyRecords(_ hello: HelloMessage, _ size: Int) throws {
    let server = SessionEndpoint(serverOf: try Contexts.server.get())
    let answer = server.receive(
      HelloMessage.records(22, hello.message, version: 0x0301, most: size))
    #expect(server.fault == nil && answer.count > 500)
  }
}
