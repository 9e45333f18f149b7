import COpenSSL
import TLS

/// Rehearses what a TLS client may send. The first byte chooses what the others are: a ClientHello in parts, a
/// certificate, the bytes of a whole connection, or what two sessions say to each other.
public enum HandshakeRehearsal {
  /// Rehearses the input `bytes`.
  public static func check(
    _ bytes: [UInt8], _ effort: Effort = .full
  ) throws(Rehearsal.Violation) {
    let rest = Array(bytes.dropFirst())
    switch bytes.first.map({ $0 % 4 }) {
    case 0: try checkHello(rest)
    case 1: try checkCertificate(rest, effort)
    case 2: try checkStream(rest, effort)
    case 3: try SecureDataRehearsal.check(rest)
    default: break
    }
    try demand(ERR_peek_error() == 0, "leaves an error in OpenSSL's queue")
  }

  // MARK: a ClientHello in parts

  /// Checks `legacy_version`, the cipher suites behind their length, and extensions, each with its number among those
  /// that are read, its length and its body.
  private static func checkHello(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    var rest = bytes[...]
    func take(_ count: Int) -> [UInt8] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func number() -> Int { take(2).reduce(0) { $0 << 8 | Int($1) } }
    let version = UInt16(number())
    let suites = take(number())
    var hello = ClientHello(legacyVersion: version, cipherSuites: suites.span)
    var reference = ClientHelloReference(legacyVersion: version, cipherSuites: suites)
    try demand(reference.agrees(with: hello), "\(hello), but the reference has \(reference)")
    while let first = rest.popFirst() {
      let all = ClientHello.Extension.allCases
      let kind = all[Int(first) % all.count]
      let body = take(number())
      hello.read(kind, body.span)
      reference.read(kind, body)
      try demand(reference.agrees(with: hello), "\(hello), but the reference has \(reference)")
    }
    try checkBounds(hello)
  }

  private static func checkBounds(_ hello: ClientHello) throws(Rehearsal.Violation) {
    let most = ClientHelloReference.mostEntries
    try demand(
      [hello.versions, hello.cipherSuites, hello.groups, hello.signatureAlgorithms]
        .allSatisfy { $0.count <= most }, "a list is too long")
    try demand(!hello.versions.isEmpty, "no version")
    try demand(
      (hello.applicationProtocols ?? []).count <= most
        && (hello.applicationProtocols ?? []).allSatisfy { $0.count <= 255 },
      "the application protocols are too long")
    try demand((hello.serverName ?? []).count <= 0xFFFF, "the server name is too long")
  }

  // MARK: servers

  /// Contexts of a server: with each mode, and one for TLS 1.3 only.
  private static let contexts: [Context] = {
    let parties = [ContextFiles.ClientCertificate.request, .require, .no].map { mode in
      Party.archive.with {
        $0.mode = mode
        $0.devices = [.device]
      }
    }
    let all = parties + [Party.archive.with { $0.requiresTLS13 = true }]
    return all.map { party in
      guard let context = try? party.server() else { fatalError("no context of a server") }
      return context
    }
  }()

  /// The result of a connection. Keys and signatures are random, so of the bytes sent only the types of the records
  /// and an alert that is not encrypted are the same each time.
  private struct Outcome: Equatable {
    var fault: HandshakeFault?
    var isClosed = false
    var hello: ClientHello?
    var chain: [CertificateFacts] = []
    var faults: CertificateFaults = []
    var types: [UInt8] = []
    var alert: UInt8?
    /// The bytes received and expected, unless the connection has failed before all had come.
    var progress: [UInt32] = []
  }

  /// The most bytes that a server sends in a handshake that does not come to its end.
  private static let mostOutput = 8 << 10

  /// Plays the `pieces` of a client to a server.
  private static func play(
    _ pieces: [[UInt8]], _ context: Context
  ) throws(Rehearsal.Violation) -> Outcome {
    let server = SessionEndpoint(serverOf: context)
    var output: [UInt8] = []
    for piece in pieces {
      let isOver = server.fault != nil
      let answer = server.receive(piece)
      try demand(
        !isOver || answer.isEmpty, "sends something after \(String(describing: server.fault))")
      output += answer
    }
    let facts = server.facts
    let isAlert = if case .alert = server.fault { true } else { false }
    try demand(isAlert || server.fault?.refusesOurCertificate != true, "a refusal without an alert")
    // The client of a fuzzer does not know the keys.
    try demand(!server.isComplete && server.plain.isEmpty, "completes the handshake")
    try demand(output.count <= mostOutput, "sends \(output.count) bytes")
    if let hello = facts.hello { try checkBounds(hello) }
    let size = pieces.reduce(0) { $0 + $1.count }
    try checkBounds(facts.chain, size)
    try demand(
      facts.received <= size && (facts.expected == 0 || facts.expected > facts.received), "progress"
    )
    return Outcome(
      fault: server.fault, isClosed: server.isClosed, hello: facts.hello, chain: facts.chain,
      faults: facts.faults, types: try types(of: output), alert: HelloMessage.alert(in: output),
      progress: server.fault == nil && !server.isClosed ? [facts.received, facts.expected] : [])
  }

  /// The types of these records, which must be whole.
  private static func types(of records: [UInt8]) throws(Rehearsal.Violation) -> [UInt8] {
    var types: [UInt8] = []
    var rest = records[...]
    while rest.count >= 5 {
      let header = Array(rest.prefix(5))
      types.append(header[0])
      rest = rest.dropFirst(5 + Int(header[3]) << 8 + Int(header[4]))
    }
    try demand(rest.isEmpty, "sends half a record")
    return types
  }

  // MARK: a certificate

  /// Checks a certificate in DER that a client of TLS 1.2 presents.
  private static func checkCertificate(
    _ der: [UInt8], _ effort: Effort
  ) throws(Rehearsal.Violation) {
    // Longer ones are refused unread.
    guard der.count <= 30_000 else { return }
    let list = HelloMessage.vector(HelloMessage.vector(der, 3), 3)
    let message = [11] + HelloMessage.vector(list, 3)
    let key = [16] + HelloMessage.vector(HelloMessage.vector(HelloMessage.generator, 1), 3)
    let records = HelloMessage.records(22, message) + HelloMessage.records(22, key)
    let hello = HelloMessage.tls12.with { $0.groups = [23] }.bytes
    let tolerant = try play([hello, records], contexts[0])
    if effort.includes(.whole) {
      let inPieces = try play([hello] + pieces(of: records, seed: 1), contexts[0])
      try demand(inPieces == tolerant, "in pieces: \(inPieces), whole: \(tolerant)")
      let strict = try play([hello, records], contexts[1])
      try demand(strict.chain == tolerant.chain && strict.faults == tolerant.faults, "other facts")
      let isRefused = if case .certificate = strict.fault { true } else { false }
      try demand(isRefused == !strict.faults.isEmpty, "\(strict)")
    }
  }

  /// Checks the facts of certificates that came in `size` bytes.
  private static func checkBounds(
    _ chain: [CertificateFacts], _ size: Int
  ) throws(Rehearsal.Violation) {
    try demand(chain.count <= 8, "\(chain.count) certificates")
    for facts in chain {
      let names = [facts.commonNames, facts.dnsNames, facts.uris]
      try demand(names.allSatisfy { $0.count <= 64 }, "too many names")
      // A character of two bytes may take three in UTF-8.
      try demand(names.joined().joined().count <= 2 * size, "the names are longer than the bytes")
      // An escaped byte takes three characters, and a type without a name up to ten for each of its own.
      for text in [facts.subject, facts.issuer] {
        try demand(text.utf8.count <= 20 * size, "a subject of \(text.utf8.count) bytes")
        try demand(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character")
      }
      try demand(facts.fingerprint.count == 32 && facts.fingerprintText.count == 64, "the hash")
      for now in [0, 1_800_000_000, Int64.max] {
        let isOver = facts.notAfter < now
        try demand((facts.daysLeft(at: now) < 0) == isOver, "the days left at \(now)")
        let remark = facts.remark(at: now)
        let isExpired = if case .expired = remark { true } else { false }
        try demand(isExpired == isOver, "\(String(describing: remark)) at \(now)")
      }
    }
  }

  // MARK: a connection

  /// Checks the bytes of a client. The first one chooses the server, and where the bytes are divided.
  private static func checkStream(
    _ bytes: [UInt8], _ effort: Effort
  ) throws(Rehearsal.Violation) {
    guard let first = bytes.first else { return }
    let context = contexts[Int(first) % contexts.count]
    let stream = Array(bytes.dropFirst())
    let inPieces = try play(pieces(of: stream, seed: UInt64(first)), context)
    if effort.includes(.whole) {
      let whole = try play([stream], context)
      try demand(inPieces == whole, "in pieces: \(inPieces), whole: \(whole)")
    }
    if effort.includes(.byteByByte), stream.count <= longestByteByByte {
      let byteByByte = try play(stream.map { [$0] }, context)
      try demand(inPieces == byteByByte, "in pieces: \(inPieces), byte by byte: \(byteByByte)")
    }
  }

  private static let longestByteByByte = 1024

  /// `bytes` in pieces of random sizes.
  private static func pieces(of bytes: [UInt8], seed: UInt64) -> [[UInt8]] {
    var random = Random(seed: seed)
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let size = 1 + random.next(below: 1 << (1 + random.next(below: 12)))
      pieces.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return pieces
  }

  static func demand(
    _ condition: Bool, _ what: @autoclosure () -> String
  ) throws(Rehearsal.Violation) {
    guard condition else { throw Rehearsal.Violation(description: what()) }
  }
}
