import COpenSSL
import TestKit
import Testing

@testable import TLS

extension Identity {
  /// The facts about its certificate, read from a file.
  var facts: CertificateFacts {
    var all: [CertificateFacts] = []
    _ = PEMFile.readCertificates(Array(pem.utf8)) { all.append($0.facts) }
    guard let first = all.first else { preconditionFailure("no certificate") }
    return first
  }
}

extension Result where Failure == any Error {
  /// The result of `body`, for a value that several tests share.
  init(_ body: () throws -> Success) { self.init(catching: body) }
}

extension Context {
  /// A client of TLS 1.2 only.
  static func clientOfTLS12(_ party: Party) throws -> Context {
    let context = try party.client()
    // Safe because no other thread uses the context yet.
    unsafe SSL_CTX_ctrl(
      context.pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
    return context
  }
}

/// Contexts that several tests use.
enum Contexts {
  /// The archive, which asks for a certificate.
  static let server = Result { try Party.archive.server() }
  /// A device with a certificate.
  static let client = Result { try Party(.ct1).client() }
  /// The same device with TLS 1.2 only.
  static let oldClient = Result { try Context.clientOfTLS12(Party(.ct1)) }
}

/// Two sessions that have had their handshake with each other.
struct SessionPair {
  let client: SessionEndpoint
  let server: SessionEndpoint
  /// The bytes of the handshake.
  let flights: Flights

  /// - Parameters:
  ///   - isOld: Whether the version is TLS 1.2.
  ///   - room: The server's room for decrypted bytes.
  init(isOld: Bool = false, room: Int = Session.leastPlain) throws {
    client = SessionEndpoint(clientOf: try (isOld ? Contexts.oldClient : Contexts.client).get())
    server = SessionEndpoint(serverOf: try Contexts.server.get(), room: room)
    flights = converse(client, server)
    try #require(client.isComplete && server.isComplete)
  }
}
