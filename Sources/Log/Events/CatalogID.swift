import TLS
public import UpperLayer
import Verification

/// The kinds of records: one for each cause of a failed attempt, and one for each step of the service and of a
/// successful association.
public enum CatalogID: Sendable, CaseIterable {
  // The life of the service, and the steps of a successful association.
  case started, listening, stopping, stopped, reloaded, restartNeeded, socketsOverride,
    timeoutDisabled, runsAsRoot, maxAssociationsLowered, acceptingAgain, connected,
    secured, associationAccepted, echoReceived, cancelReceived, associationReleased,
    closeTimedOut, disconnected

  // The causes of failed attempts, named after their stable words.
  case healthCheck, httpOnDICOMPort, tlsOnPlainPort, hl7OnDICOMPort, sshOnDICOMPort, smbOnDICOMPort,
    rdpOnDICOMPort, socksOnDICOMPort, notDICOM, calledAETitle, callingAETitle, addressDenied,
    protocolVersion, applicationContext, noVerificationContext, noCommonTransferSyntax, silentPeer,
    stalledRequest, idleAssociation, stalledMessage, stalledReceiver, notAnEcho, echoWithDataSet,
    noEchoSent, unknownPresentationContext, malformedPDU, malformedCommand, unexpectedPDU,
    unrecognizedPDU, pduTooLong, requestTooLong, maxLengthTooSmall, peerAborted, peerVanished,
    peerReset, tooManyAssociations, tooManyFromAddress, tooManyPending, associationEvicted,
    partialPDUMemory, reloadFailed, outOfDescriptors, acceptFailed, draining, listenFailed,
    configInvalid, recordsDropped, stoppedAtOnce

  // The causes of failures of TLS.
  case certificateExpired, certificateNotYetValid, certificateUntrusted, certificateRevoked,
    certificatePurpose, certificateWeak, certificateMissing, certificateInvalid, crlOutdated,
    noCommonCipher, tlsTooOld, noCommonGroup, noCommonSignatureAlgorithm, noCommonALPN,
    plainOnTLSPort, ownCertificateRefused, tlsAlert, handshakeIncomplete, stalledHandshake,
    tlsError, certificateAETitle, tlsUnavailable, certificateExpires

  // The causes of failures behind a proxy, and the note on a proxy that sends no header.
  case proxyNotTrusted, proxyHeaderMissing, proxyHeaderInvalid, proxyHeaderIncomplete,
    proxyHeaderRepeated, addressShared

  /// The MESSAGE_ID of the records (systemd.journal-fields(7)).
  ///
  /// The number is random and must never change: scripts and the message catalog rely on it.
  public var number: String { row.number }

  /// The stable word for the cause of a failed or odd attempt; `nil` if nothing failed.
  public var cause: String? { row.cause }

  /// A name for the records with this ID, as the sentence about their sum has it.
  var summary: String {
    cause ?? (self == .associationReleased ? "associations released" : "steps of associations")
  }

  private var row: (number: String, cause: String?) {
    switch self {
    case .started: ("d590f812779e4a8eb65627c91ffbde7d", nil)
    case .listening: ("41f742c9a3a2462b89d269b2db409980", nil)
    case .stopping: ("1613877f4f3f461cb1e653509ff3c513", nil)
    case .stopped: ("fe097c27351048a78b7e3d071a1427aa", nil)
    case .reloaded: ("9ac93403862440d29d7edf4b239cb642", nil)
    case .restartNeeded: ("bcc756a07e9249c7a2bc3b9fc0fe10d0", nil)
    case .socketsOverride: ("33f9320fb89d41b79a6b1b89dccfa3a6", nil)
    case .timeoutDisabled: ("405abd058f694157bad070e23d593281", nil)
    case .runsAsRoot: ("6e20f733042a4d5082814c9b48989036", nil)
    case .maxAssociationsLowered: ("23eef67b85804289b2b5b7dd2b3f05ff", nil)
    case .acceptingAgain: ("82afa771a2464fa6bf601c0d481d2638", nil)
    case .connected: ("2f0b275921b04da79265970216b73cc1", nil)
    case .secured: ("c41f1c71995748e9a7cd2e5d82e5cd4b", nil)
    case .associationAccepted: ("38c5e41d75b34356aa8a0a3c56b491ff", nil)
    case .echoReceived: ("93ab02ba5a0c4bc3a00c65c83d0f77ab", nil)
    case .cancelReceived: ("254941bf159d4ba5a12d2a4cb2f921d1", nil)
    case .associationReleased: ("37a819ae0d4c43d09f6a34a01359900b", nil)
    case .closeTimedOut: ("3939f852009f4bc9abce09c6aefa4430", nil)
    case .disconnected: ("5c065e8a5c6b47d1ae3494625017e1f1", nil)
    case .healthCheck: ("2291530eabf14acba88683de03f45174", "health-check")
    case .httpOnDICOMPort: ("14929f5ea50546ef8011912a863f2988", "http-on-dicom-port")
    case .tlsOnPlainPort: ("07d4fc13dc9e4a1d93eca3fd3cd95e1b", "tls-on-plain-port")
    case .hl7OnDICOMPort: ("b942e4461711400a85496e3a9a6bda45", "hl7-on-dicom-port")
    case .sshOnDICOMPort: ("fba75fd5cd194757b105ba85cd14200c", "ssh-on-dicom-port")
    case .smbOnDICOMPort: ("1c22c58907be4684bc85a06926c38c95", "smb-on-dicom-port")
    case .rdpOnDICOMPort: ("36a5befeb0604a9a91435c322d25e777", "rdp-on-dicom-port")
    case .socksOnDICOMPort: ("93a8023ecda14eabad2b3f22153bfce6", "socks-on-dicom-port")
    case .notDICOM: ("8563b88430354cf38cbf6bb5abcc0b82", "not-dicom")
    case .calledAETitle: ("a39dee3adabf4b05a81027039019ae86", "called-ae-title")
    case .callingAETitle: ("9df0c90d7ac34f79bff18f2c53e7e688", "calling-ae-title")
    case .addressDenied: ("eee84d395a834522b528f31333906244", "address-denied")
    case .protocolVersion: ("027bcbb49c1643de81d8fac89a087403", "protocol-version")
    case .applicationContext: ("791f0a89881946a19218834d24e8533b", "application-context")
    case .noVerificationContext: ("34710508dbe24c3e9d890956ade4adca", "no-verification-context")
    case .noCommonTransferSyntax: ("5ee611ca01414fd1a5d82acf4b4bb9dc", "no-common-transfer-syntax")
    case .silentPeer: ("6537656eaa66481ca0364fe6b1ef68b2", "silent-peer")
    case .stalledRequest: ("553aa986e0944eaca7dacf1f8b0df426", "stalled-request")
    case .idleAssociation: ("8cd2372a72a44bc4b281e9fb78c625e7", "idle-association")
    case .stalledMessage: ("9ccf0708a62545989c07daf8b883d594", "stalled-message")
    case .stalledReceiver: ("c6d07ba6ec884b398df892c620cafca4", "stalled-receiver")
    case .notAnEcho: ("d2e34d294548410897eb11ba4f83f024", "not-an-echo")
    case .echoWithDataSet: ("f4a23a3a6ca74e8a816c39d83fab1060", "echo-with-data-set")
    case .noEchoSent: ("1e8a7ceffa4e4e1793597d1a17977f8f", "no-echo-sent")
    case .unknownPresentationContext:
      ("ea5acfa5631c4d40b9c3fcb8639f5ad4", "unknown-presentation-context")
    case .malformedPDU: ("e4e4819ad15249f2b197fbe9bd7b558c", "malformed-pdu")
    case .malformedCommand: ("9ec240cfec4a450ca077d08df3e0f372", "malformed-command")
    case .unexpectedPDU: ("f19371c6f8bf425c8428ae4ccb7a1351", "unexpected-pdu")
    case .unrecognizedPDU: ("07dc3a19ea5243498fe49b46476e773f", "unrecognized-pdu")
    case .pduTooLong: ("7c24af50f5bc41fd8ecf43be7db9800f", "pdu-too-long")
    case .requestTooLong: ("d4afc1c538004af48222f7d4594ffaeb", "request-too-long")
    case .maxLengthTooSmall: ("aeb10d5b2761451b938cb69bf9c9a993", "max-length-too-small")
    case .peerAborted: ("4174b776f4144f0fbcf41916861dde94", "peer-aborted")
    case .peerVanished: ("e3b670e0e20e4223922826d3b62daa1d", "peer-vanished")
    case .peerReset: ("04c8c25927db4bd1ba8c920b115e33dc", "peer-reset")
    case .tooManyAssociations: ("47843de0a7e14f1ab916396a0cb79e62", "too-many-associations")
    case .tooManyFromAddress: ("d61b09577bf0477bb1398868188faac6", "too-many-from-address")
    case .tooManyPending: ("ac4fda8b4dda44518f9722f34d059bb1", "too-many-pending")
    case .associationEvicted: ("7427754deff04dfbb0495c576bc423f5", "association-evicted")
    case .partialPDUMemory: ("940de99ca92d4ecda944563ac719fe13", "partial-pdu-memory")
    case .reloadFailed: ("425d210712cf4b639909fd2c0deed8bc", "reload-failed")
    case .outOfDescriptors: ("74d5f4fe786c467d9ebf1c5fe6012563", "out-of-descriptors")
    case .acceptFailed: ("eab34af7a24140cca7c6fedf54ccee79", "accept-failed")
    case .draining: ("0d84834b538f4ac0915c336f36057aa3", "draining")
    case .listenFailed: ("f5283b6a3e0f43108480b64f4dc24cff", "listen-failed")
    case .configInvalid: ("206704ff772b496f8bed51555f0dbb9d", "config-invalid")
    case .recordsDropped: ("5776e0e37b3648f5b915f3c2e3e1991e", "records-dropped")
    case .stoppedAtOnce: ("7a2b79d8c2c348c690f52a4167313407", "stopped-at-once")
    case .certificateExpired: ("51a559f8ecde47b1a834196a91db5445", "certificate-expired")
    case .certificateNotYetValid: ("1abf2ac8353342b9a04aaa67fd63b72d", "certificate-not-yet-valid")
    case .certificateUntrusted: ("c86d49866173414f94c7fc12537d8db4", "certificate-untrusted")
    case .certificateRevoked: ("b4971c7594124d77870208c28c70163a", "certificate-revoked")
    case .certificatePurpose: ("acde712197304a82ae1f5f6696d1903b", "certificate-purpose")
    case .certificateWeak: ("558a4f7fa1ee4026899793dd149abf82", "certificate-weak")
    case .certificateMissing: ("d9722de071d24a48a80d4e505cb690c4", "certificate-missing")
    case .certificateInvalid: ("6fe99f409f0341438052d2de9ef4a7ae", "certificate-invalid")
    case .crlOutdated: ("196bf8a384f94e10bf8166eda66a7e93", "crl-outdated")
    case .noCommonCipher: ("f56e908c7cc7464da2e828d523c737fd", "no-common-cipher")
    case .tlsTooOld: ("356776cb38ea45b8aed42a2c30e1e99a", "tls-too-old")
    case .noCommonGroup: ("72506bbe53cc4bd78e089be2ec97296e", "no-common-group")
    case .noCommonSignatureAlgorithm:
      ("0949f945d9384ac0b968eef2667a8d16", "no-common-signature-algorithm")
    case .noCommonALPN: ("5a07f17d519d4e4c998fa779e4cc4424", "no-common-alpn")
    case .plainOnTLSPort: ("49b2ea22a28042e6885af6788fd0404b", "plain-on-tls-port")
    case .ownCertificateRefused: ("1b160480a1dc4b5983cc3dd2aea519a2", "own-certificate-refused")
    case .tlsAlert: ("3654e6d601ab4f31bf78735a231cc68d", "tls-alert")
    case .handshakeIncomplete: ("b9560ec7640d4cfbbc919e7f1274dba4", "handshake-incomplete")
    case .stalledHandshake: ("3b435709756844cbbb2310be0ede03a9", "stalled-handshake")
    case .tlsError: ("4eb602c52fdb43068da1e545e8cd5c9f", "tls-error")
    case .certificateAETitle: ("af06853caf294e2d90bf7d2b6349e038", "certificate-ae-title")
    case .tlsUnavailable: ("a1cd814bc1234ab8b293831f5f54f96f", "tls-unavailable")
    case .certificateExpires: ("86e43a32dab247fb888485617da93471", "certificate-expires")
    case .proxyNotTrusted: ("06065d61d21446ba8570fcc90aecf7a6", "proxy-not-trusted")
    case .proxyHeaderMissing: ("447cbf1d3036461abd724fa03c79b5ba", "proxy-header-missing")
    case .proxyHeaderInvalid: ("b2219384ecd54e8296599c476066d5a6", "proxy-header-invalid")
    case .proxyHeaderIncomplete: ("f7668b208b2b4657a2e2ea0cbdc2e96f", "proxy-header-incomplete")
    case .proxyHeaderRepeated: ("8ba3c9ceb8a94ba2bcc6cbbd24515c3e", "proxy-header-repeated")
    case .addressShared: ("e404289ed8634f0ba9703d4a4ae0a7a7", nil)
    }
  }
}

extension Rejection {
  /// The ID of the record about an association that was rejected.
  var catalogID: CatalogID {
    switch self {
    case .protocolVersion: .protocolVersion
    case .applicationContext: .applicationContext
    case .callingAETitle: .callingAETitle
    case .calledAETitle: .calledAETitle
    case .temporaryCongestion: .partialPDUMemory
    case .localLimitExceeded: .tooManyAssociations
    }
  }
}

extension AbortReason {
  /// The ID of the record about an association that was aborted.
  func catalogID(_ command: CommandFault?) -> CatalogID {
    switch self {
    case .foreignProtocol(let foreign): foreign.catalogID
    case .unrecognizedPDU: .unrecognizedPDU
    case .unexpectedPDU: .unexpectedPDU
    case .malformedPDU: .malformedPDU
    case .pduTooLong(.associateRequest, _, _): .requestTooLong
    case .pduTooLong: .pduTooLong
    case .unknownPresentationContext: .unknownPresentationContext
    case .presentationContextChanged, .commandTooLong: .malformedCommand
    case .dataSetFragment: .echoWithDataSet
    case .maximumLengthTooSmall: .maxLengthTooSmall
    case .refusedByServiceUser: command?.catalogID ?? .malformedCommand
    case .idleAssociation: .idleAssociation
    case .stalledMessage: .stalledMessage
    case .draining: .draining
    case .madeRoom: .associationEvicted
    case .outOfMemory, .largestPartialPDU: .partialPDUMemory
    }
  }
}

extension CommandFault {
  /// The ID of the record about a message that was refused.
  var catalogID: CatalogID {
    switch self {
    case .elementMissing, .elementTwice, .elementLength, .elementTooLong, .endsInHeader,
      .foreignGroup:
      .malformedCommand
    case .notAnEcho, .otherSOPClass: .notAnEcho
    case .dataSetAnnounced: .echoWithDataSet
    }
  }
}

extension HandshakeFault {
  /// The ID of the record about a handshake that failed.
  var catalogID: CatalogID {
    switch self {
    case .certificate(let faults, _): faults.inOrder.first?.catalogID ?? .certificateInvalid
    case .chainTooLong: .certificateInvalid
    case .noCommonCipher: .noCommonCipher
    case .versionTooOld: .tlsTooOld
    case .noCommonGroup: .noCommonGroup
    case .noCommonSignatureAlgorithm: .noCommonSignatureAlgorithm
    case .noCommonApplicationProtocol: .noCommonALPN
    case .alert: refusesOurCertificate ? .ownCertificateRefused : .tlsAlert
    case .closed, .reset: .handshakeIncomplete
    case .timedOut: .stalledHandshake
    case .notTLS, .other: .tlsError
    }
  }
}

extension ForeignProtocol {
  /// The ID of the record about this protocol on a DICOM port.
  var catalogID: CatalogID {
    switch self {
    case .http: .httpOnDICOMPort
    case .tls: .tlsOnPlainPort
    case .dicom: .plainOnTLSPort
    case .secondProxy: .proxyHeaderRepeated
    case .hl7: .hl7OnDICOMPort
    case .ssh: .sshOnDICOMPort
    case .smb: .smbOnDICOMPort
    case .rdp: .rdpOnDICOMPort
    case .socks: .socksOnDICOMPort
    case .proxy, .rtsp, .sip, .mqtt, .redis, .ldap, .postgreSQL, .sqlServer, .rpc, .telnet, .smtp,
      .printJob, .printQueue, .analyzer, .xml, .json, .dicomFile, .dataSet, .other:
      .notDICOM
    }
  }
}

extension Limit {
  /// The ID of the record about a peer that has reached this limit.
  var catalogID: CatalogID {
    switch self {
    case .associations, .tlsAssociations: .tooManyAssociations
    case .associationsPerAddress, .pendingPerAddress, .connectionRate: .tooManyFromAddress
    case .pending, .openings: .tooManyPending
    case .descriptors: .outOfDescriptors
    }
  }
}

extension NegotiationOutcome {
  /// The ID of the record about an association without a usable presentation context.
  var catalogID: CatalogID {
    transferSyntaxesNotSupported > 0 ? .noCommonTransferSyntax : .noVerificationContext
  }
}

extension PDUProgress {
  /// The ID of the record about input that is not the beginning of an A-ASSOCIATE-RQ; otherwise `nil`.
  var catalogID: CatalogID? {
    switch opening {
    case .nothing, .request: nil
    case .enquiry: .notDICOM
    case .other: .unexpectedPDU
    }
  }
}

extension Notes {
  /// The stable words for the notes in this set, in the order of their bits.
  public var names: [String] { Self.all.filter { contains($0.note) }.map(\.name) }

  /// Every note with its word.
  public static let all: [(note: Notes, name: String)] = [
    (.calledAETitleDiffers, "called-ae-title-differs"),
    (.aeTitlePadding, "ae-title-padding"),
    (.aeTitleBlank, "ae-title-blank"),
    (.uidPadding, "uid-padding"),
    (.contextIDEven, "context-id-even"),
    (.contextIDDuplicate, "context-id-duplicate"),
    (.noImplementationUID, "no-implementation-uid"),
    (.noImplementationVersion, "no-implementation-version"),
    (.itemOrder, "item-order"),
    (.groupLengthWrong, "group-length-wrong"),
    (.noAffectedSOPClass, "no-affected-sop-class"),
    (.elementsUnordered, "elements-unordered"),
    (.elementsUnknown, "elements-unknown"),
    (.oddFragment, "odd-fragment"),
    (.twoMessagesInAPDU, "two-messages-in-a-pdu"),
    (.releaseInsideMessage, "release-inside-message"),
    (.aeTitlesSwapped, "ae-titles-swapped"),
    (.aeTitlesEqual, "ae-titles-equal"),
    (.aeTitleCharacters, "ae-title-characters"),
    (.certificateExpired, "certificate-expired"),
    (.certificateNotYetValid, "certificate-not-yet-valid"),
    (.certificateUntrusted, "certificate-untrusted"),
    (.certificateRevoked, "certificate-revoked"),
    (.certificatePurpose, "certificate-purpose"),
    (.certificateWeak, "certificate-weak"),
    (.certificateMissing, "certificate-missing"),
    (.certificateInvalid, "certificate-invalid"),
    (.tls12Only, "tls-1.2-only"),
    (.certificateExpiresSoon, "certificate-expires-soon"),
  ]
}
