import TLS

/// Rehearses two sessions that have had their handshake. Each pair of bytes is a step: what happens, and how much.
/// Whatever the order, each side decrypts what the other one has sent, or a part of it once a byte was changed.
struct SecureDataRehearsal {
  /// The largest number of steps.
  private static let mostSteps = 32
  /// The bytes for each unit of a step: the longest step takes more than a record.
  private static let unit = 65

  private static let contexts: (client: Context, server: Context) = {
    guard let client = try? Party(.ct1).client(), let server = try? Party.archive.server() else {
      fatalError("no contexts")
    }
    return (client, server)
  }()

  private let client = SessionEndpoint(clientOf: contexts.client)
  private let server = SessionEndpoint(serverOf: contexts.server)
  /// The bytes that each side has sent, before and after encryption.
  private var (ofClient, ofServer) = ([UInt8](), [UInt8]())
  private var (toServer, toClient) = ([UInt8](), [UInt8]())
  private var (isClientClosed, isServerClosed) = (false, false)
  private var isChanged = false

  /// Rehearses the steps in `bytes`.
  static func check(_ bytes: [UInt8]) throws(Rehearsal.Violation) {
    var rehearsal = SecureDataRehearsal()
    converse(rehearsal.client, rehearsal.server)
    try rehearsal.checkHandshake()
    for step in stride(from: 0, to: min(bytes.count - 1, 2 * mostSteps), by: 2) {
      rehearsal.take(bytes[step], Int(bytes[step + 1]))
      try rehearsal.checkData()
    }
    rehearsal.deliverToServer(.max)
    rehearsal.deliverToClient(.max)
    try rehearsal.checkData()
    try rehearsal.checkEnd()
  }

  /// Checks that both sides have agreed, and know each other.
  private func checkHandshake() throws(Rehearsal.Violation) {
    let (ours, theirs) = (server.facts, client.facts)
    try HandshakeRehearsal.demand(ours.isComplete && theirs.isComplete, "no handshake")
    try HandshakeRehearsal.demand(
      ours.version == theirs.version && ours.cipherSuite == theirs.cipherSuite
        && ours.group == theirs.group && ours.cipherSuite != nil && ours.group != nil,
      "no agreement")
    try HandshakeRehearsal.demand(
      ours.applicationProtocol == "dicom" && theirs.applicationProtocol == "dicom", "no ALPN")
    try HandshakeRehearsal.demand(ours.certificate?.subject == "CN=CT1,O=Hospital", "no client")
    try HandshakeRehearsal.demand(
      theirs.certificate?.subject == "CN=archive,O=Hospital" && theirs.asksForCertificate
        && theirs.acceptedCAs == ["CN=Hospital CA,O=Hospital"], "no server")
  }

  private mutating func take(_ step: UInt8, _ amount: Int) {
    switch step % 9 {
    case 0:
      let data = Self.data(amount, ofClient.count)
      guard !isClientClosed, let sent = client.send(data) else { break }
      ofClient += data
      toServer += sent
    case 1:
      let data = Self.data(amount, ofServer.count)
      guard !isServerClosed, let sent = server.send(data) else { break }
      ofServer += data
      toClient += sent
    case 2: deliverToServer(amount * Self.unit)
    case 3: deliverToClient(amount * Self.unit)
    case 4: deliverToServer(amount)
    case 5: server.freeBuffers()
    case 6:
      toServer += client.close()
      isClientClosed = true
    case 7:
      toClient += server.close()
      isServerClosed = true
    default:
      guard !toServer.isEmpty else { break }
      toServer[amount * 7 % toServer.count] ^= UInt8(1 << (amount % 8))
      isChanged = true
    }
  }

  /// Different bytes for each place.
  private static func data(_ amount: Int, _ start: Int) -> [UInt8] {
    (start..<start + amount * unit).map {
      UInt8(truncatingIfNeeded: $0 &* 167 >> 3)
    }
  }

  private mutating func deliverToServer(_ count: Int) {
    let piece = Array(toServer.prefix(count))
    toServer.removeFirst(piece.count)
    toClient += server.receive(piece)
  }

  private mutating func deliverToClient(_ count: Int) {
    let piece = Array(toClient.prefix(count))
    toClient.removeFirst(piece.count)
    _ = client.receive(piece)
  }

  private func checkData() throws(Rehearsal.Violation) {
    try HandshakeRehearsal.demand(ofClient.starts(with: server.plain), "the server has other data")
    try HandshakeRehearsal.demand(ofServer.starts(with: client.plain), "the client has other data")
    try HandshakeRehearsal.demand(
      server.largestPlain <= Session.leastPlain && client.largestPlain <= Session.leastPlain,
      "more data than there is room for")
  }

  private func checkEnd() throws(Rehearsal.Violation) {
    if isChanged {
      try HandshakeRehearsal.demand(
        !server.isClosed || !isClientClosed || server.fault == nil, "both")
      return
    }
    try HandshakeRehearsal.demand(
      server.fault == nil && client.fault == nil,
      "\(String(describing: server.fault)) and \(String(describing: client.fault))")
    try HandshakeRehearsal.demand(server.plain == ofClient, "the server lacks data")
    try HandshakeRehearsal.demand(client.plain == ofServer, "the client lacks data")
    try HandshakeRehearsal.demand(
      server.isClosed == isClientClosed && client.isClosed == isServerClosed, "the end is lost")
  }
}
