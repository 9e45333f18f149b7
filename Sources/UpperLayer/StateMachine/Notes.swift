/// The deviations of a peer that were tolerated, and that a stricter acceptor would have refused.
///
/// Real devices show all of them; each bit becomes a word logged with an otherwise good association.
public struct Notes: OptionSet, Sendable {
  /// The notes, one bit each.
  public let rawValue: UInt32

  /// The notes whose bits are set in `rawValue`.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The called AE title is not ours, and the check for it is off.
  public static let calledAETitleDiffers = Notes(rawValue: 1 << 0)
  /// An AE title is padded with NULs or begins with spaces.
  public static let aeTitlePadding = Notes(rawValue: 1 << 1)
  /// An AE title is blank.
  public static let aeTitleBlank = Notes(rawValue: 1 << 2)
  /// A UID of the request ends in NULs or spaces (PS3.8 annex F allows none), or the UID of a command does
  /// not end in its one NUL (PS3.5 §9.1).
  public static let uidPadding = Notes(rawValue: 1 << 3)
  /// A presentation context ID is even (PS3.8 §9.3.2.2 requires odd ones).
  public static let contextIDEven = Notes(rawValue: 1 << 4)
  /// A presentation context ID was proposed twice; the first proposal counts.
  public static let contextIDDuplicate = Notes(rawValue: 1 << 5)
  /// The request has no implementation class UID (PS3.7 annex D.3.3.2 requires it).
  public static let noImplementationUID = Notes(rawValue: 1 << 6)
  /// The request has no implementation version name, which is optional (PS3.7 annex D.3.3.2).
  public static let noImplementationVersion = Notes(rawValue: 1 << 7)
  /// The items of the request are not in the order of PS3.8 Table 9-11.
  public static let itemOrder = Notes(rawValue: 1 << 8)
  /// A command group length is missing or wrong.
  public static let groupLengthWrong = Notes(rawValue: 1 << 9)
  /// A command has no Affected SOP Class UID.
  public static let noAffectedSOPClass = Notes(rawValue: 1 << 10)
  /// The elements of a command are not in ascending order of their tags.
  public static let elementsUnordered = Notes(rawValue: 1 << 11)
  /// A command has elements that a C-ECHO-RQ does not have.
  public static let elementsUnknown = Notes(rawValue: 1 << 12)
  /// A message fragment has an odd number of bytes (PS3.8 annex E.2 requires an even one).
  public static let oddFragment = Notes(rawValue: 1 << 13)
  /// One P-DATA-TF carried more than one message.
  public static let twoMessagesInAPDU = Notes(rawValue: 1 << 14)
  /// An A-RELEASE-RQ arrived before the last fragment of a message.
  public static let releaseInsideMessage = Notes(rawValue: 1 << 15)
  /// The calling AE title is the acceptor's own, and the called one is not.
  public static let aeTitlesSwapped = Notes(rawValue: 1 << 16)
  /// The calling and the called AE title are the same.
  public static let aeTitlesEqual = Notes(rawValue: 1 << 17)
  /// An AE title has a control character, a byte beyond ASCII, or a backslash (PS3.5 §6.2, VR AE).
  public static let aeTitleCharacters = Notes(rawValue: 1 << 18)
  // What a strict acceptor would have refused in the TLS session (RFC 5280 §6, BCP 195).
  /// The peer's certificate has expired.
  public static let certificateExpired = Notes(rawValue: 1 << 19)
  /// The peer's certificate is not valid yet.
  public static let certificateNotYetValid = Notes(rawValue: 1 << 20)
  /// No trusted CA issued the peer's certificate.
  public static let certificateUntrusted = Notes(rawValue: 1 << 21)
  /// The peer's certificate is revoked.
  public static let certificateRevoked = Notes(rawValue: 1 << 22)
  /// The peer's certificate is not for clients.
  public static let certificatePurpose = Notes(rawValue: 1 << 23)
  /// A key or a signature in the peer's certificates is too weak.
  public static let certificateWeak = Notes(rawValue: 1 << 24)
  /// The peer presented no certificate.
  public static let certificateMissing = Notes(rawValue: 1 << 25)
  /// The peer's certificate has another fault.
  public static let certificateInvalid = Notes(rawValue: 1 << 26)
  /// The peer offers no version of TLS after 1.2.
  public static let tls12Only = Notes(rawValue: 1 << 27)
  /// The peer's certificate expires within 30 days.
  public static let certificateExpiresSoon = Notes(rawValue: 1 << 28)

  /// The notes on choices that the standard leaves to the requestor: unusual, but no reason to refuse today.
  public static let allowed: Notes = [
    .noImplementationVersion, .tls12Only, .certificateExpiresSoon,
  ]
}
