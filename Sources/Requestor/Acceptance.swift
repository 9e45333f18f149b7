import ByteCoding
public import UpperLayer

/// What an SCP has accepted, and who it says it is: what there is to tell of an A-ASSOCIATE-AC that
/// was found right (PS3.8 §9.3.3).
public struct Acceptance: Equatable, Sendable {
  /// The longest UID, in bytes (PS3.8 annex F).
  private static let longestUID = 64
  /// The longest version name, in bytes (PS3.7 annex D.3.3.2.4).
  private static let longestVersion = 16

  /// The transfer syntax of the presentation context.
  public let transferSyntax: TransferSyntax
  /// The largest PDU-length of a P-DATA-TF that the SCP takes, in bytes; 0 is no limit.
  public let maximumLength: UInt32
  /// Its implementation class UID without padding, as far as the standard lets it go.
  public let implementationClassUID: [UInt8]
  /// Its implementation version name without padding, as far as the standard lets it go.
  public let implementationVersionName: [UInt8]

  /// What `accept` says of the presentation context of Verification.
  init?(_ accept: borrowing AssociateAccept) throws(Malformed) {
    var syntax: TransferSyntax?
    var results = accept.results
    while let result = try results.next() {
      guard result.id == EchoProposal.contextID, result.code == 0 else { continue }
      syntax = StandardUID(result.transferSyntax).flatMap { TransferSyntax(uid: $0) }
      break
    }
    guard let syntax else { return nil }
    transferSyntax = syntax
    maximumLength = try accept.maximumLength
    let uid = try accept.implementationClassUID
    implementationClassUID = Self.text(uid, Self.longestUID)
    let version = try accept.implementationVersionName
    implementationVersionName = Self.text(version, Self.longestVersion)
  }

  private static func text(_ value: Span<UInt8>, _ longest: Int) -> [UInt8] {
    let length = min(StandardUID.unpaddedLength(value), longest)
    return [UInt8](capacity: length) { $0.append(copying: value.extracting(first: length)) }
  }
}
