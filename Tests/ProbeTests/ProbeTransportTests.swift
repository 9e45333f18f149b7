import Linux
import Requestor
import TLS
import TestKit
import Testing
import UpperLayer

@testable import Probe

/// Probes of an SCP on this machine over TLS: what arrives, and how a session fails.
@Suite struct ProbeTransportTests {
  /// The archive, which refuses a client without a certificate, or asks for none.
  static let (strict, open) = (
    Result { try Party.archive.with { $0.mode = .require }.server() },
    Result { try Party.archive.with { $0.mode = .no }.server() }
  )
  /// Clients that trust the CA of the archive, with and without a certificate, and one that trusts another CA.
  static let (device, nobody, stranger) = (
    Result { try Party(.ct1).client() }, Result { try Party(nil).client() },
    Result { try Party(nil).with { $0.authorities = [.otherCA] }.client() }
  )

  /// The only attempt of a probe.
  private static func attempt(
    _ scp: SecureSCP, _ context: Context, serverName: String? = "localhost",
    acseTimeout: UInt32 = 10_000
  ) throws -> ProbeAttempt {
    let sample = ProbeQuestion.sample().proposal
    let proposal = EchoProposal(
      called: sample.called, calling: sample.calling,
      transferSyntaxes: EchoProposal.transferSyntaxes(by: .none), maximumLength: 16382,
      implementation: sample.implementation)
    let question = ProbeQuestion(
      host: "127.0.0.1", port: scp.port, proposal: proposal, acseTimeout: acseTimeout,
      dimseTimeout: 10_000, networkTimeout: 10_000,
      tls: ProbeTLS(context: context, serverName: serverName))
    return try #require(Prober.ask(question, of: ["127.0.0.1"]).attempts.first)
  }

  @Test(
    "An echo is answered, however the bytes come, and close_notify ends it",
    arguments: [1, 7, 16384])
  func echo(piece: Int) throws {
    let scp = try SecureSCP(.tls(Self.strict.get(), piece: piece))
    let attempt = try Self.attempt(scp, Self.device.get())
    #expect(attempt.failure == nil)
    #expect(Set(attempt.times.keys) == [.connect, .tls, .associate, .echo, .release])
    let facts = try #require(attempt.security?.facts)
    #expect(facts.version == "TLSv1.3" && facts.applicationProtocol == "dicom")
    #expect(facts.chain.count == 2 && facts.faults.isEmpty && facts.asksForCertificate)
    #expect(facts.acceptedCAs.count == 1)
    let found = try #require(scp.findings())
    #expect(found.fault == nil && found.isClosed)
    #expect(found.serverName == Array("localhost".utf8))
    #expect(found.commonNames == [Array("CT1".utf8)])
  }

  @Test("A server that asks for no certificate gets none")
  func noCertificate() throws {
    let scp = try SecureSCP(.tls(Self.open.get(), piece: 16384))
    let attempt = try Self.attempt(scp, Self.device.get(), serverName: nil)
    #expect(attempt.failure == nil && attempt.security?.facts.asksForCertificate == false)
    let found = try #require(scp.findings())
    #expect(found.serverName == nil && found.commonNames.isEmpty)
  }

  @Test(
    "A refusal of our certificate is a failure of the handshake, although TLS 1.3 brings it later")
  func required() throws {
    let scp = try SecureSCP(.tls(Self.strict.get(), piece: 16384))
    let attempt = try Self.attempt(scp, Self.nobody.get())
    #expect(attempt.failure == .handshake(.alert(116)))
    #expect(attempt.phase == .tls && Set(attempt.times.keys) == [.connect] && attempt.lost > 0)
    #expect(attempt.security?.facts.acceptedCAs.count == 1)
    let found = try #require(scp.findings())
    #expect(found.fault == .certificate(.missing, code: 0))
  }

  @Test("A certificate that is not trusted ends the handshake with an alert that arrives")
  func untrusted() throws {
    let scp = try SecureSCP(.tls(Self.open.get(), piece: 16384))
    let attempt = try Self.attempt(scp, Self.stranger.get())
    guard case .handshake(.certificate(let faults, _))? = attempt.failure else {
      Issue.record("\(String(describing: attempt.failure))")
      return
    }
    #expect(faults == .untrusted && attempt.phase == .tls)
    #expect(attempt.security?.facts.chain.count == 2)
    #expect(scp.findings()?.fault == .alert(48))
  }

  @Test(
    "A certificate must have the name that is asked for",
    arguments: ["127.0.0.1", "127.0.0.2", "pacs"])
  func name(name: String) throws {
    let scp = try SecureSCP(.tls(Self.open.get(), piece: 16384))
    let attempt = try Self.attempt(scp, Self.nobody.get(), serverName: name)
    if name == "127.0.0.1" {
      #expect(attempt.failure == nil)
    } else if case .handshake(.certificate(let faults, _))? = attempt.failure {
      #expect(faults == .name)
    } else {
      Issue.record("\(String(describing: attempt.failure))")
    }
  }

  @Test(
    "An answer that is not TLS is kept",
    arguments: [
      [7, 0, 0, 0, 0, 4, 0, 0, 0, 0], Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), [7],
    ])
  func otherProtocol(bytes: [UInt8]) throws {
    let scp = try SecureSCP(.plain(bytes))
    let attempt = try Self.attempt(scp, Self.nobody.get())
    #expect(attempt.failure == .handshake(.notTLS) && attempt.phase == .tls)
    #expect(attempt.security?.opening == bytes)
  }

  @Test("A server that closes the connection, or says nothing, ends the handshake")
  func noAnswer() throws {
    let closing = try SecureSCP(.plain([]))
    #expect(try Self.attempt(closing, Self.nobody.get()).failure == .handshake(.closed))
    let silent = try SecureSCP(.silent)
    let attempt = try Self.attempt(silent, Self.nobody.get(), acseTimeout: 100)
    #expect(attempt.failure == .handshake(.timedOut) && attempt.security?.facts.received == 0)
    #expect((95_000..<5_000_000).contains(attempt.lost))
  }
}
