import Linux

@testable import Log
@testable import TLS

/// TLS sessions as records have them, with certificates whose dates are days from one fixed day.
enum SessionExamples {
  /// The time at which the records are put into words: 2026-04-11 08:05 UTC.
  static let now = WallTime(seconds: 1_775_894_700)

  /// A ClientHello.
  static func hello(
    version: UInt16 = 0x0303, _ suites: [UInt16] = [0xC02F, 0xC02B], versions: [UInt16] = [],
    groups: [UInt16] = [29, 23], signatures: [UInt16] = [0x0403, 0x0804], alpn: [String] = [],
    serverName: String = ""
  ) -> ClientHello {
    let bytes = numbers(suites)
    var hello = ClientHello(legacyVersion: version, cipherSuites: bytes.span)
    func read(_ kind: ClientHello.Extension, _ body: [UInt8]) { hello.read(kind, body.span) }
    if !versions.isEmpty {
      read(.supportedVersions, [UInt8(2 * versions.count)] + numbers(versions))
    }
    read(.supportedGroups, vector(numbers(groups)))
    read(.signatureAlgorithms, vector(numbers(signatures)))
    if !alpn.isEmpty {
      read(.applicationProtocols, vector(alpn.flatMap { [UInt8($0.utf8.count)] + $0.utf8 }))
    }
    if !serverName.isEmpty { read(.serverName, vector([0] + vector(Array(serverName.utf8)))) }
    return hello
  }

  private static func numbers(_ all: [UInt16]) -> [UInt8] {
    all.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  /// Bytes after their length in two bytes.
  private static func vector(_ bytes: [UInt8]) -> [UInt8] {
    numbers([UInt16(bytes.count)]) + bytes
  }

  /// A certificate that is valid from and until these numbers of days from ``now``.
  static func certificate(
    _ subject: String = "CN=CT1", issuer: String = "CN=Hospital CA", from first: Double = -100,
    until last: Double = 300, bits: Int = 2048, type: String = "RSA", clients: Bool = true,
    servers: Bool = true, selfSigned: Bool = false
  ) -> CertificateFacts {
    var facts = CertificateFacts()
    (facts.subject, facts.issuer) = (subject, selfSigned ? subject : issuer)
    facts.notBefore = now.seconds + Int64(first * Double(WallTime.day))
    facts.notAfter = now.seconds + Int64(last * Double(WallTime.day))
    (facts.keyType, facts.keyBits) = (type, bits)
    (facts.isForClients, facts.isForServers) = (clients, servers)
    facts.isSelfSigned = selfSigned
    facts.fingerprint = [UInt8](repeating: 0x3A, count: 32)
    return facts
  }

  /// The certificate of a device with this fault.
  static func certificate(with fault: CertificateFault) -> CertificateFacts {
    switch fault {
    case .purpose: certificate(clients: false)
    case .weak: certificate(bits: 1024)
    case .expired: certificate(until: -3.5)
    case .notYetValid: certificate(from: 0.25)
    case .missing, .revoked, .untrusted, .name, .outdatedList, .invalid: certificate()
    }
  }

  /// A session with a device whose certificates are these.
  static func session(
    _ chain: [CertificateFacts] = [certificate()], faults: CertificateFaults = [],
    version: String? = "TLSv1.3", hello: ClientHello? = hello(versions: [0x0304, 0x0303])
  ) -> SessionFacts {
    let isComplete = version != nil
    return SessionFacts(
      hello: hello, version: version,
      cipherSuite: isComplete ? "TLS_AES_256_GCM_SHA384" : nil, group: isComplete ? "x25519" : nil,
      applicationProtocol: isComplete ? "dicom" : nil, chain: chain, faults: faults)
  }

  /// The session of a handshake that failed for `fault`.
  static func session(of fault: HandshakeFault) -> SessionFacts {
    let offer: ClientHello =
      switch fault {
      case .noCommonCipher: hello([0x002F, 0x000A])
      case .versionTooOld: hello(version: 0x0301, [0x0035])
      case .noCommonGroup: hello(groups: [19, 21])
      case .noCommonSignatureAlgorithm: hello(signatures: [0x0201, 0x0203])
      case .noCommonApplicationProtocol:
        hello(alpn: ["h2", "http/1.1"], serverName: "pacs.example")
      case .certificate, .chainTooLong, .notTLS, .alert, .closed, .reset, .timedOut, .other:
        hello(versions: [0x0304])
      }
    if case .certificate(let faults, _) = fault {
      let gravest = faults.inOrder.first ?? .invalid
      let chain = gravest == .missing ? [] : [certificate(with: gravest)]
      return session(chain, faults: faults, version: nil, hello: offer)
    }
    if fault == .timedOut {
      return SessionFacts(received: 1388, expected: 1545)
    }
    return session([], version: nil, hello: offer)
  }

  /// The session of the peer of `event`; `nil` if it has none, or had none yet.
  static func session(of event: Event) -> SessionFacts? {
    switch event {
    case .secured, .certificateOfAnother: session()
    case .handshakeFailed(let fault): session(of: fault)
    default: nil
    }
  }
}
