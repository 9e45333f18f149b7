/// Every field that a record may have in the journal (systemd.journal-fields(7)), in the order in which
/// `JournalFields` writes them. The table in echoscpd-journal(7) is generated from this list, and no other field
/// can be written.
public enum JournalField: String, Sendable, CaseIterable {
  /// The sentence, and any lines that follow it.
  case message = "MESSAGE"
  /// The priority of the record.
  case priority = "PRIORITY"
  /// The number of its ``CatalogID``.
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
  /// The product to which the class UID belongs.
  case peerProduct = "DICOM_PEER_PRODUCT"
  /// The number of the association, unique across all runs of the program.
  case association = "DICOM_ASSOCIATION"
  /// The version of TLS.
  case tlsVersion = "DICOM_TLS_VERSION"
  /// The cipher suite.
  case tlsCipher = "DICOM_TLS_CIPHER"
  /// The group of the key exchange.
  case tlsGroup = "DICOM_TLS_GROUP"
  /// The application protocol that was selected (ALPN).
  case tlsALPN = "DICOM_TLS_ALPN"
  /// The server name that the peer asked for (SNI).
  case tlsServerName = "DICOM_TLS_SERVER_NAME"
  /// The subject of the peer's certificate.
  case tlsPeerSubject = "DICOM_TLS_SUBJECT"
  /// The SHA-256 hash of the peer's certificate.
  case tlsFingerprint = "DICOM_TLS_FINGERPRINT"
  /// The address of the proxy whose PROXY header told the peer's address.
  case proxyAddress = "ECHOSCP_PROXY_ADDRESS"
  /// The proxy's own name for the connection.
  case proxyID = "ECHOSCP_PROXY_ID"
  /// The number of echoes answered on the association.
  case echoes = "DICOM_ECHOES"
  /// The duration of the association, in milliseconds.
  case duration = "DICOM_DURATION_MSEC"
  /// The Message ID of an echo.
  case dicomMessageID = "DICOM_MESSAGE_ID"
  /// The PDU that rejected or aborted the association, with its reason.
  case reason = "DICOM_REASON"
  /// The refused bytes, in hexadecimal digits.
  case pdu = "DICOM_PDU"
  /// The word for the cause of a failure.
  case cause = "ECHOSCP_CAUSE"
  /// A word for a tolerated deviation.
  case notes = "ECHOSCP_NOTES"
  /// The version of the program.
  case version = "ECHOSCP_VERSION"
  /// The lowest level that is written.
  case logLevel = "ECHOSCP_LOG_LEVEL"
  /// The AE title of the service.
  case aeTitle = "ECHOSCP_AE_TITLE"
  /// An address and port that the service listens on.
  case listeners = "ECHOSCP_LISTENERS"
  /// An address and port that the service listens on for TLS.
  case tlsListeners = "ECHOSCP_TLS_LISTENERS"
  /// An address and port that the service listens on for proxies.
  case proxyListeners = "ECHOSCP_PROXY_LISTENERS"
  /// Whether the listening sockets are the service's own or passed to it.
  case sockets = "ECHOSCP_SOCKETS"
  /// The subject of the service's certificate.
  case tlsSubject = "ECHOSCP_TLS_SUBJECT"
  /// The days until the service's certificate expires; negative once it has expired.
  case tlsDays = "ECHOSCP_TLS_DAYS"
  /// The number of records that the record stands for.
  case repeated = "ECHOSCP_REPEATED"
  /// The number of addresses that these records are about.
  case addresses = "ECHOSCP_ADDRESSES"
  /// One of the addresses with the most records, and their number.
  case largest = "ECHOSCP_LARGEST"

  /// The type of a field's value.
  public enum Kind: String, Sendable {
    /// Characters, on one line in all fields except the message.
    case text
    /// A number in decimal digits.
    case number
    /// Text, with a separate field for each value.
    case list
  }

  /// The type of the value.
  public var kind: Kind {
    switch self {
    case .message, .messageID, .identifier, .callingAE, .calledAE, .peerAddress,
      .peerImplementation, .peerProduct, .association, .reason, .pdu, .cause, .version,
      .logLevel, .aeTitle, .sockets, .tlsVersion, .tlsCipher, .tlsGroup, .tlsALPN,
      .tlsServerName, .tlsPeerSubject, .tlsFingerprint, .tlsSubject, .proxyAddress, .proxyID:
      .text
    case .priority, .peerPort, .echoes, .duration, .dicomMessageID, .repeated, .addresses,
      .tlsDays:
      .number
    case .notes, .listeners, .tlsListeners, .proxyListeners, .largest: .list
    }
  }

  /// The records that may have the field.
  var carriers: FieldCarriers {
    switch self {
    case .message, .priority, .messageID, .identifier: .every
    case .peerAddress, .peerPort: .device
    case .callingAE, .calledAE, .peerImplementation, .peerProduct, .association, .notes: .request
    case .tlsVersion, .tlsCipher, .tlsGroup, .tlsALPN, .tlsServerName, .tlsPeerSubject,
      .tlsFingerprint:
      .secured
    case .proxyAddress, .proxyID: .relayed
    case .echoes: .endOrSum
    case .duration: .endOfAssociation
    case .dicomMessageID: .echo
    case .reason: .refusal
    case .pdu: .evidence
    case .cause: .failure
    case .version, .logLevel, .aeTitle, .listeners, .tlsListeners, .proxyListeners, .sockets,
      .tlsSubject, .tlsDays:
      .service
    case .repeated: .repetition
    case .addresses, .largest: .sum
    }
  }
}

/// The records that may have a field.
public enum FieldCarriers: Sendable, CaseIterable {
  /// All records.
  case every
  /// Records about a device.
  case device
  /// Records about a device that has requested an association.
  case request
  /// Records about a device that connects with TLS.
  case secured
  /// Records about a device that connects through a proxy.
  case relayed
  /// Records that end an association.
  case endOfAssociation
  /// Records about one C-ECHO-RQ.
  case echo
  /// Records about a rejection or an abort.
  case refusal
  /// Records about refused bytes.
  case evidence
  /// Records about a failure.
  case failure
  /// Records about a start or a reload of the service.
  case service
  /// Records that stand for several.
  case repetition
  /// Records that sum up a cause.
  case sum
  /// Records that end an association, or sum up several.
  case endOrSum

  /// The records in a few words, for the table in echoscpd-journal(7).
  public var text: String {
    switch self {
    case .every: "all"
    case .device: "about a device"
    case .request: "about a requestor"
    case .secured: "about a TLS peer"
    case .relayed: "about a peer behind a proxy"
    case .endOfAssociation: "that end an association"
    case .echo: "about one C-ECHO-RQ, at debug"
    case .refusal: "about a rejection or an abort"
    case .evidence: "about refused bytes"
    case .failure: "about a failure"
    case .service: "about a start or a reload"
    case .repetition: "that stand for several"
    case .sum: "that sum up a cause"
    case .endOrSum: "that end associations"
    }
  }

  /// Whether a record of `event` may have the field.
  func include(_ event: Event) -> Bool {
    switch self {
    case .every, .repetition: true
    case .device, .request, .secured, .relayed: event.recurrence != .ofService
    case .endOfAssociation: event.endsAnAssociation
    case .endOrSum: event.endsAnAssociation || event.isSum
    case .sum: event.isSum
    case .echo: event.dicomMessageID != nil
    case .refusal: event.reason != nil
    case .evidence: event.isRefusal
    case .failure: event.cause != nil
    case .service: event.describesService
    }
  }
}
