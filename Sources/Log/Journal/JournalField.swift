/// Every field that a record may have in the journal (systemd.journal-fields(7)), in the order in which
/// ``JournalFields`` writes them: the table of echoscpd-journal(7) is made from this catalogue, and what
/// is not in it cannot be written.
public enum JournalField: String, Sendable, CaseIterable {
  /// The sentence, and lines below it.
  case message = "MESSAGE"
  /// How grave it is.
  case priority = "PRIORITY"
  /// What it is filed under.
  case messageID = "MESSAGE_ID"
  /// The name of the program.
  case identifier = "SYSLOG_IDENTIFIER"
  /// The calling AE title.
  case callingAE = "DICOM_CALLING_AE"
  /// The called AE title.
  case calledAE = "DICOM_CALLED_AE"
  /// The peer's address.
  case peerAddress = "DICOM_PEER_ADDRESS"
  /// The peer's port.
  case peerPort = "DICOM_PEER_PORT"
  /// The peer's implementation class UID and version name.
  case peerImplementation = "DICOM_PEER_IMPLEMENTATION"
  /// The product that these belong to.
  case peerProduct = "DICOM_PEER_PRODUCT"
  /// The number of the association, of all runs of the program.
  case association = "DICOM_ASSOCIATION"
  /// How many echoes were answered on it.
  case echoes = "DICOM_ECHOES"
  /// How long it lasted, in milliseconds.
  case duration = "DICOM_DURATION_MSEC"
  /// The Message ID of one echo.
  case dicomMessageID = "DICOM_MESSAGE_ID"
  /// The PDU that refused or aborted, with its reason.
  case reason = "DICOM_REASON"
  /// The bytes of what was refused, in hexadecimal digits.
  case pdu = "DICOM_PDU"
  /// The word for what went wrong.
  case cause = "ECHOSCP_CAUSE"
  /// A word for what was tolerated.
  case notes = "ECHOSCP_NOTES"
  /// The version of the program.
  case version = "ECHOSCP_VERSION"
  /// The level down to which records are written.
  case logLevel = "ECHOSCP_LOG_LEVEL"
  /// The AE title of the service.
  case aeTitle = "ECHOSCP_AE_TITLE"
  /// An address and port that it listens on.
  case listeners = "ECHOSCP_LISTENERS"
  /// Whose sockets these are.
  case sockets = "ECHOSCP_SOCKETS"
  /// How many records it stands for.
  case repeated = "ECHOSCP_REPEATED"
  /// How many addresses these are about.
  case addresses = "ECHOSCP_ADDRESSES"
  /// An address that most of them are about, and how many.
  case largest = "ECHOSCP_LARGEST"

  /// How the value of a field is to be read.
  public enum Kind: String, Sendable {
    /// Characters, on one line in all fields but the message.
    case text
    /// A number in decimal digits.
    case number
    /// Text, in a field of its own for each of several values.
    case list
  }

  /// How its value is to be read.
  public var kind: Kind {
    switch self {
    case .message, .messageID, .identifier, .callingAE, .calledAE, .peerAddress,
      .peerImplementation, .peerProduct, .association, .reason, .pdu, .cause, .version,
      .logLevel, .aeTitle, .sockets:
      .text
    case .priority, .peerPort, .echoes, .duration, .dicomMessageID, .repeated, .addresses:
      .number
    case .notes, .listeners, .largest: .list
    }
  }

  /// Which records may have it.
  public var carriers: FieldCarriers {
    switch self {
    case .message, .priority, .messageID, .identifier: .every
    case .peerAddress, .peerPort: .device
    case .callingAE, .calledAE, .peerImplementation, .peerProduct, .association, .notes: .request
    case .echoes: .endOrSum
    case .duration: .endOfAssociation
    case .dicomMessageID: .echo
    case .reason: .refusal
    case .pdu: .evidence
    case .cause: .failure
    case .version, .logLevel, .aeTitle, .listeners, .sockets: .service
    case .repeated: .repetition
    case .addresses, .largest: .sum
    }
  }
}
