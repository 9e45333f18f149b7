import UpperLayer

/// Compares the values that the program derives from an A-ASSOCIATE-RQ with the reference: titles, the
/// standard's UIDs, proposals, and notes.
enum RequestComparison {
  /// The difference between the program and the reference, or `nil` if there is none.
  static func difference(
    _ request: borrowing AssociateRequest, _ expected: RequestReference
  ) throws(Malformed) -> String? {
    let titles = [request.calledAETitle, request.callingAETitle].map(bytes)
    let fields = [expected.fields[..<16], expected.fields[16..<32]]
    guard titles == fields.map({ padded(RequestReference.title($0)) }) else {
      return "the titles are \(titles)"
    }
    // The items of another version may be anything.
    guard request.isVersionSupported else { return nil }
    guard request.notes == expected.notes else {
      return "noted is \(request.notes), not \(expected.notes)"
    }
    guard request.contextCount == expected.contexts.count else {
      return "\(request.contextCount) contexts"
    }
    let name = expected.applicationContext ?? []
    guard text(request.applicationContext) == RequestReference.standardUID(name) else {
      return "the application context name is \(String(describing: request.applicationContext))"
    }
    var contexts = request.contexts
    var firstOther: [UInt8]?
    while let context = try contexts.next() {
      let name = copy(try context.abstractSyntax)
      if firstOther == nil, RequestReference.standardUID(name) != verification { firstOther = name }
      if let problem = try difference(context) { return problem }
    }
    let known = StandardUID(verification.span)
    guard
      known.flatMap({ request.firstAbstractSyntax(besides: $0) })
        == firstOther.flatMap({ CompactUID($0.span) })
    else { return "another abstract syntax is the first besides Verification" }
    return nil
  }

  /// The difference between a proposal and its UIDs as sent, or `nil` if there is none.
  private static func difference(_ context: borrowing ProposedContext) throws(Malformed) -> String?
  {
    let proposal = try context.proposal()
    let name = copy(try context.abstractSyntax)
    if let problem = CompactUIDReference.difference(name) { return problem }
    let abstractSyntax = RequestReference.standardUID(name)
    guard text(proposal.abstractSyntax) == abstractSyntax else {
      return "context \(context.id) proposes \(String(describing: proposal.abstractSyntax))"
    }
    var sent: [[UInt8]] = []
    var names = context.transferSyntaxes
    while let name = try names.next() { sent.append(RequestReference.unpadded(copy(name))) }
    for (syntax, uid) in transferSyntaxes {
      guard proposal.transferSyntaxes.contains(syntax) == sent.contains(uid) else {
        return "context \(context.id): \(syntax)"
      }
    }
    return nil
  }

  private static let verification = Array(Wire.verification.utf8)

  /// The UIDs of PS3.6 Table A-1.
  private static let transferSyntaxes: [(TransferSyntax, [UInt8])] = [
    (.implicitVRLittleEndian, "1.2"), (.explicitVRLittleEndian, "1.2.1"),
    (.deflatedExplicitVRLittleEndian, "1.2.1.99"), (.explicitVRBigEndian, "1.2.2"),
    (.jpegBaseline8Bit, "1.2.4.50"), (.jpegExtended12Bit, "1.2.4.51"),
    (.jpegLossless, "1.2.4.57"), (.jpegLosslessSV1, "1.2.4.70"), (.jpegLSLossless, "1.2.4.80"),
    (.jpegLSNearLossless, "1.2.4.81"), (.jpeg2000Lossless, "1.2.4.90"), (.jpeg2000, "1.2.4.91"),
    (.jpeg2000MCLossless, "1.2.4.92"), (.jpeg2000MC, "1.2.4.93"), (.rleLossless, "1.2.5"),
  ].map { ($0, Array("1.2.840.10008.\($1)".utf8)) }

  /// The text of `uid`.
  private static func text(_ uid: StandardUID?) -> [UInt8]? {
    uid.map { uid in [UInt8](capacity: 64) { $0.append(uid) } }
  }

  private static func bytes(of title: AETitle) -> [UInt8] {
    let bytes = title.bytes
    return bytes.indices.map { bytes[$0] }
  }

  private static func padded(_ title: [UInt8]) -> [UInt8] {
    title + [UInt8](repeating: 0x20, count: AETitle.size - title.count)
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }
}
