import COpenSSL
import TestKit
import Testing

@testable import TLS

/// The certificates of clients, in each mode: what is wrong with them, and whether that ends the handshake.
@Suite struct SessionStateTests {
  /// Contexts of the archive in its three modes, with the device and with revocation lists.
  private static let contexts = Result {
    try modes.map { mode in
      try Party.archive.with {
        $0.mode = mode
        $0.devices = [.device, .expiredDevice]
      }.server()
    }
  }
  private static let modes: [ContextFiles.ClientCertificate] = [.require, .request, .no]

  private static func context(_ mode: ContextFiles.ClientCertificate) throws -> Context {
    let contexts = try Self.contexts.get()
    return switch mode {
    case .require: contexts[0]
    case .request: contexts[1]
    case .no: contexts[2]
    }
  }

  private static let versions = [0x0303...0x0303, 0x0304...0x0304]

  /// A handshake of a client with these certificates.
  private static func facts(
    _ certificates: [Identity], _ context: Context, _ versions: ClosedRange<Int>,
    divide: (Int, [UInt8]) -> [[UInt8]] = { [$1] }
  ) -> (facts: SessionFacts, fault: HandshakeFault?, isComplete: Bool, failure: String?) {
    var options = OpenSSLPeer.Options()
    options.certificates = certificates
    options.versions = versions
    let client = OpenSSLPeer(options)
    let server = SessionEndpoint(serverOf: context)
    converse(client, server, divide: divide)
    #expect(ERR_peek_error() == 0)
    let facts = server.facts
    #expect(ERR_peek_error() == 0, "the facts have left an error behind")
    return (facts, server.fault, server.isComplete, client.failure)
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let certificates: [Identity]
    var faults: CertificateFaults = []
    var code = X509_V_OK
    var alert: Int32 = 0

    init(
      _ testDescription: String, _ certificates: [Identity], _ faults: CertificateFaults = [],
      _ code: Int32 = X509_V_OK
    ) {
      self.testDescription = testDescription
      self.certificates = certificates
      self.faults = faults
      self.code = code
    }
  }

  static let rows = [
    Row("a device of the hospital", [.ct1]),
    Row("with an RSA key", [.rsa]),
    Row("for any use", [.anyUse]),
    Row("with its chain", [.chain, .issuing]),
    Row("with its chain and the root", [.chain, .issuing, .ca]),
    Row("with another CA's certificate in its chain", [.ct1, .otherCA]),
    Row("the certificate of a known device", [.device]),
    Row("none", [], .missing),
    Row("expired", [.expired], .expired, X509_V_ERR_CERT_HAS_EXPIRED),
    Row("not yet valid", [.notYetValid], .notYetValid, X509_V_ERR_CERT_NOT_YET_VALID),
    Row(
      "issued by a CA that is not trusted", [.other], .untrusted,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
    Row(
      "issued by a CA that is not trusted, with that", [.other, .otherCA], .untrusted,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN),
    Row(
      "without the rest of its chain", [.chain], .untrusted,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
    Row(
      "self-signed", [.unknownDevice], .untrusted, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT),
    Row(
      "issued by a known device", [.issuedByDevice], .untrusted,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
    Row(
      "issued by a known device, with its certificate", [.issuedByDevice, .device], .untrusted,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN),
    Row(
      "a known device that has expired", [.expiredDevice], .expired,
      X509_V_ERR_CERT_HAS_EXPIRED),
    Row("for servers only", [.serverOnly], .purpose, X509_V_ERR_INVALID_PURPOSE),
    Row("of 1,024 bits", [.rsa1024], .weak, X509_V_ERR_EE_KEY_TOO_SMALL),
    Row(
      "signed with SHA-1",
      [Identity(CertificateProfile("SHA-1").with { $0.usesSHA1 = true }, by: .ca)],
      .weak, X509_V_ERR_CA_MD_TOO_WEAK),
    Row(
      "with an unknown critical extension", [.critical], .invalid,
      X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION),
    Row(
      "issued by a CA with the name of ours", [.falselyIssued], .invalid,
      X509_V_ERR_CERT_SIGNATURE_FAILURE),
    Row(
      "with an end that is not a time", [.timeless], .invalid,
      X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD),
  ]

  @Test(arguments: rows, versions) func aStrictArchiveRefuses(
    _ row: Row, _ versions: ClosedRange<Int>
  ) throws {
    let result = Self.facts(row.certificates, try Self.context(.require), versions)
    if row.faults.isEmpty {
      #expect(result.isComplete && result.fault == nil)
    } else {
      #expect(!result.isComplete)
      guard case .certificate(let faults, let code) = result.fault else {
        Issue.record("\(String(describing: result.fault))")
        return
      }
      #expect(faults.isSuperset(of: row.faults) && code == row.code, "\(faults) \(code)")
      #expect(result.failure?.contains("alert") == true)
    }
    Self.expect(result.facts, row.certificates)
  }

  @Test(arguments: rows, versions) func aTestTargetNotes(
    _ row: Row, _ versions: ClosedRange<Int>
  ) throws {
    let result = Self.facts(row.certificates, try Self.context(.request), versions)
    #expect(result.isComplete && result.fault == nil, "\(String(describing: result.fault))")
    #expect(result.failure == nil)
    #expect(result.facts.faults.isSuperset(of: row.faults))
    if row.faults.isEmpty { #expect(result.facts.faults == []) }
    Self.expect(result.facts, row.certificates)
  }

  /// OpenSSL's words about a fault that ends nothing must not end the handshake when it waits for more bytes.
  @Test(arguments: rows, versions) func aTestTargetNotesByteByByte(
    _ row: Row, _ versions: ClosedRange<Int>
  ) throws {
    let result = Self.facts(row.certificates, try Self.context(.request), versions) {
      number, bytes in
      number % 2 == 0 ? bytes.map { [$0] } : [bytes]
    }
    #expect(result.isComplete && result.fault == nil, "\(String(describing: result.fault))")
    #expect(result.facts.faults.isSuperset(of: row.faults))
  }

  @Test(arguments: rows, versions) func nothingIsAskedFor(
    _ row: Row, _ versions: ClosedRange<Int>
  ) throws {
    let result = Self.facts(row.certificates, try Self.context(.no), versions)
    #expect(result.isComplete && result.fault == nil)
    #expect(result.facts.chain == [] && result.facts.faults == [])
  }

  /// Expects the facts of all `certificates` in their order.
  private static func expect(_ facts: SessionFacts, _ certificates: [Identity]) {
    #expect(facts.chain.map(\.fingerprint) == certificates.map(\.facts.fingerprint))
    var own = certificates.first?.facts
    if own?.issuer == Identity.device.facts.subject, own?.isSelfSigned == false {
      own?.isIssuedByDevice = true
    }
    #expect(facts.certificate == own)
  }

  // MARK: several faults, and chains

  @Test func allFaultsAreNoted() throws {
    let worst = Identity(
      CertificateProfile("worst").with {
        $0.lastDay = -11
        $0.usage = "serverAuth"
        $0.key = .rsa(1024)
      }, by: .otherCA)
    let result = Self.facts([worst], try Self.context(.request), Self.versions[1])
    #expect(result.facts.faults == [.expired, .purpose, .weak, .untrusted])
  }

  @Test(arguments: modes, versions) func aChainAboveTheLimitEndsTheHandshake(
    _ mode: ContextFiles.ClientCertificate, _ versions: ClosedRange<Int>
  ) throws {
    let result = Self.facts([.long], try Self.context(mode), versions)
    if mode == .no {
      #expect(result.isComplete)
    } else {
      #expect(!result.isComplete && result.fault == .chainTooLong)
    }
  }

  @Test func theFactsOfAtMostEightCertificatesAreKept() throws {
    let many = [Identity.ct1] + (0..<12).map { Identity(.authority("CA \($0)")) }
    let result = Self.facts(many, try Self.context(.request), Self.versions[1])
    #expect(result.isComplete)
    #expect(result.facts.chain == many.prefix(8).map(\.facts))
  }

  // MARK: revocation lists

  /// The lists, the certificates, and the faults.
  static let lists: [(name: String, lists: [String], [Identity], CertificateFaults)] = [
    ("revoked", [Identity.ca.revocationList(of: [.revoked])], [.revoked], .revoked),
    ("not revoked", [Identity.ca.revocationList(of: [.revoked])], [.ct1], []),
    (
      "outdated", [Identity.ca.revocationList(of: [.revoked], firstDay: -9, lastDay: -2)], [.ct1],
      .outdatedList
    ),
    (
      "outdated and revoked",
      [Identity.ca.revocationList(of: [.revoked], firstDay: -9, lastDay: -2)], [.revoked],
      [.outdatedList, .revoked]
    ),
    (
      "not yet valid", [Identity.ca.revocationList(of: [], firstDay: 2)], [.ct1], .outdatedList
    ),
    ("of another CA", [Identity.otherCA.revocationList(of: [])], [.ct1], .outdatedList),
    (
      "of the root alone", [Identity.ca.revocationList(of: [])], [.chain, .issuing], .outdatedList
    ),
    (
      "of both CAs",
      [Identity.ca.revocationList(of: []), Identity.issuing.revocationList(of: [])],
      [.chain, .issuing], []
    ),
    (
      "a CA is revoked",
      [Identity.ca.revocationList(of: [.issuing]), Identity.issuing.revocationList(of: [])],
      [.chain, .issuing], .revoked
    ),
    ("a known device needs none", [Identity.ca.revocationList(of: [])], [.device], []),
  ]

  @Test(arguments: lists) func aRevocationListDecides(
    _ name: String, _ lists: [String], _ certificates: [Identity], _ faults: CertificateFaults
  ) throws {
    let context = try Party.archive.with {
      $0.lists = lists
      $0.devices = [.device]
    }.server()
    for versions in Self.versions {
      let result = Self.facts(certificates, context, versions)
      #expect(result.isComplete && result.facts.faults == faults)
    }
  }
}
