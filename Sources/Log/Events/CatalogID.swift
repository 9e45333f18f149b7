/// What a record is about, by the number that the journal files it under (systemd.journal-fields(7),
/// MESSAGE_ID): one for each cause of a failed attempt, and one for each step of the service and of an
/// association that goes well.
///
/// The numbers are random, and stay what they are for ever: scripts and the message catalogue hold on
/// to them.
public enum CatalogID: String, Sendable, CaseIterable {
  /// The program has begun.
  case started = "d590f812779e4a8eb65627c91ffbde7d"
  /// The service listens.
  case listening = "41f742c9a3a2462b89d269b2db409980"
  /// The service was asked to stop.
  case stopping = "1613877f4f3f461cb1e653509ff3c513"
  /// The service has ended.
  case stopped = "fe097c27351048a78b7e3d071a1427aa"
  /// The configuration was read anew.
  case reloaded = "9ac93403862440d29d7edf4b239cb642"
  /// A changed setting waits for a restart.
  case restartNeeded = "bcc756a07e9249c7a2bc3b9fc0fe10d0"
  /// The sockets that were passed are not those of the configuration.
  case socketsOverride = "33f9320fb89d41b79a6b1b89dccfa3a6"
  /// A timeout is set to wait for ever.
  case timeoutDisabled = "405abd058f694157bad070e23d593281"
  /// The service runs as root.
  case runsAsRoot = "6e20f733042a4d5082814c9b48989036"
  /// There are too few descriptors for as many associations as were asked for.
  case maxAssociationsLowered = "23eef67b85804289b2b5b7dd2b3f05ff"
  /// Accepting goes on.
  case acceptingAgain = "82afa771a2464fa6bf601c0d481d2638"
  /// A connection was accepted.
  case connected = "2f0b275921b04da79265970216b73cc1"
  /// An association was accepted.
  case associationAccepted = "38c5e41d75b34356aa8a0a3c56b491ff"
  /// A C-ECHO-RQ was answered.
  case echoReceived = "93ab02ba5a0c4bc3a00c65c83d0f77ab"
  /// A C-CANCEL-RQ was ignored.
  case cancelReceived = "254941bf159d4ba5a12d2a4cb2f921d1"
  /// An association went well to its end.
  case associationReleased = "37a819ae0d4c43d09f6a34a01359900b"
  /// A peer did not close after its association had ended.
  case closeTimedOut = "3939f852009f4bc9abce09c6aefa4430"
  /// A connection was closed.
  case disconnected = "5c065e8a5c6b47d1ae3494625017e1f1"
  /// `health-check`.
  case healthCheck = "2291530eabf14acba88683de03f45174"
  /// `http-on-dicom-port`.
  case httpOnDICOMPort = "14929f5ea50546ef8011912a863f2988"
  /// `tls-on-plain-port`.
  case tlsOnPlainPort = "07d4fc13dc9e4a1d93eca3fd3cd95e1b"
  /// `hl7-on-dicom-port`.
  case hl7OnDICOMPort = "b942e4461711400a85496e3a9a6bda45"
  /// `ssh-on-dicom-port`.
  case sshOnDICOMPort = "fba75fd5cd194757b105ba85cd14200c"
  /// `smb-on-dicom-port`.
  case smbOnDICOMPort = "1c22c58907be4684bc85a06926c38c95"
  /// `rdp-on-dicom-port`.
  case rdpOnDICOMPort = "36a5befeb0604a9a91435c322d25e777"
  /// `socks-on-dicom-port`.
  case socksOnDICOMPort = "93a8023ecda14eabad2b3f22153bfce6"
  /// `not-dicom`.
  case notDICOM = "8563b88430354cf38cbf6bb5abcc0b82"
  /// `called-ae-title`.
  case calledAETitle = "a39dee3adabf4b05a81027039019ae86"
  /// `calling-ae-title`.
  case callingAETitle = "9df0c90d7ac34f79bff18f2c53e7e688"
  /// `address-denied`.
  case addressDenied = "eee84d395a834522b528f31333906244"
  /// `protocol-version`.
  case protocolVersion = "027bcbb49c1643de81d8fac89a087403"
  /// `application-context`.
  case applicationContext = "791f0a89881946a19218834d24e8533b"
  /// `no-verification-context`.
  case noVerificationContext = "34710508dbe24c3e9d890956ade4adca"
  /// `no-common-transfer-syntax`.
  case noCommonTransferSyntax = "5ee611ca01414fd1a5d82acf4b4bb9dc"
  /// `silent-peer`.
  case silentPeer = "6537656eaa66481ca0364fe6b1ef68b2"
  /// `stalled-request`.
  case stalledRequest = "553aa986e0944eaca7dacf1f8b0df426"
  /// `idle-association`.
  case idleAssociation = "8cd2372a72a44bc4b281e9fb78c625e7"
  /// `stalled-message`.
  case stalledMessage = "9ccf0708a62545989c07daf8b883d594"
  /// `stalled-receiver`.
  case stalledReceiver = "c6d07ba6ec884b398df892c620cafca4"
  /// `not-an-echo`.
  case notAnEcho = "d2e34d294548410897eb11ba4f83f024"
  /// `echo-with-data-set`.
  case echoWithDataSet = "f4a23a3a6ca74e8a816c39d83fab1060"
  /// `no-echo-sent`.
  case noEchoSent = "1e8a7ceffa4e4e1793597d1a17977f8f"
  /// `unknown-presentation-context`.
  case unknownPresentationContext = "ea5acfa5631c4d40b9c3fcb8639f5ad4"
  /// `malformed-pdu`.
  case malformedPDU = "e4e4819ad15249f2b197fbe9bd7b558c"
  /// `malformed-command`.
  case malformedCommand = "9ec240cfec4a450ca077d08df3e0f372"
  /// `unexpected-pdu`.
  case unexpectedPDU = "f19371c6f8bf425c8428ae4ccb7a1351"
  /// `unrecognized-pdu`.
  case unrecognizedPDU = "07dc3a19ea5243498fe49b46476e773f"
  /// `pdu-too-long`.
  case pduTooLong = "7c24af50f5bc41fd8ecf43be7db9800f"
  /// `request-too-long`.
  case requestTooLong = "d4afc1c538004af48222f7d4594ffaeb"
  /// `max-length-too-small`.
  case maxLengthTooSmall = "aeb10d5b2761451b938cb69bf9c9a993"
  /// `peer-aborted`.
  case peerAborted = "4174b776f4144f0fbcf41916861dde94"
  /// `peer-vanished`.
  case peerVanished = "e3b670e0e20e4223922826d3b62daa1d"
  /// `peer-reset`.
  case peerReset = "04c8c25927db4bd1ba8c920b115e33dc"
  /// `too-many-associations`.
  case tooManyAssociations = "47843de0a7e14f1ab916396a0cb79e62"
  /// `too-many-from-address`.
  case tooManyFromAddress = "d61b09577bf0477bb1398868188faac6"
  /// `too-many-pending`.
  case tooManyPending = "ac4fda8b4dda44518f9722f34d059bb1"
  /// `association-evicted`.
  case associationEvicted = "7427754deff04dfbb0495c576bc423f5"
  /// `partial-pdu-memory`.
  case partialPDUMemory = "940de99ca92d4ecda944563ac719fe13"
  /// `reload-failed`.
  case reloadFailed = "425d210712cf4b639909fd2c0deed8bc"
  /// `out-of-descriptors`.
  case outOfDescriptors = "74d5f4fe786c467d9ebf1c5fe6012563"
  /// `accept-failed`.
  case acceptFailed = "eab34af7a24140cca7c6fedf54ccee79"
  /// `draining`.
  case draining = "0d84834b538f4ac0915c336f36057aa3"
  /// `listen-failed`.
  case listenFailed = "f5283b6a3e0f43108480b64f4dc24cff"
  /// `config-invalid`.
  case configInvalid = "206704ff772b496f8bed51555f0dbb9d"
  /// `records-dropped`.
  case recordsDropped = "5776e0e37b3648f5b915f3c2e3e1991e"
  /// `stopped-at-once`.
  case stoppedAtOnce = "7a2b79d8c2c348c690f52a4167313407"
}

extension CatalogID {
  /// The stable word for the cause of a failed or odd attempt; nothing when nothing failed.
  public var cause: String? {
    switch self {
    case .started, .listening, .stopping, .stopped, .reloaded, .restartNeeded, .socketsOverride,
      .timeoutDisabled, .runsAsRoot, .maxAssociationsLowered, .acceptingAgain, .connected,
      .associationAccepted,
      .echoReceived, .cancelReceived, .associationReleased, .closeTimedOut, .disconnected:
      nil
    case .healthCheck: "health-check"
    case .httpOnDICOMPort: "http-on-dicom-port"
    case .tlsOnPlainPort: "tls-on-plain-port"
    case .hl7OnDICOMPort: "hl7-on-dicom-port"
    case .sshOnDICOMPort: "ssh-on-dicom-port"
    case .smbOnDICOMPort: "smb-on-dicom-port"
    case .rdpOnDICOMPort: "rdp-on-dicom-port"
    case .socksOnDICOMPort: "socks-on-dicom-port"
    case .notDICOM: "not-dicom"
    case .calledAETitle: "called-ae-title"
    case .callingAETitle: "calling-ae-title"
    case .addressDenied: "address-denied"
    case .protocolVersion: "protocol-version"
    case .applicationContext: "application-context"
    case .noVerificationContext: "no-verification-context"
    case .noCommonTransferSyntax: "no-common-transfer-syntax"
    case .silentPeer: "silent-peer"
    case .stalledRequest: "stalled-request"
    case .idleAssociation: "idle-association"
    case .stalledMessage: "stalled-message"
    case .stalledReceiver: "stalled-receiver"
    case .notAnEcho: "not-an-echo"
    case .echoWithDataSet: "echo-with-data-set"
    case .noEchoSent: "no-echo-sent"
    case .unknownPresentationContext: "unknown-presentation-context"
    case .malformedPDU: "malformed-pdu"
    case .malformedCommand: "malformed-command"
    case .unexpectedPDU: "unexpected-pdu"
    case .unrecognizedPDU: "unrecognized-pdu"
    case .pduTooLong: "pdu-too-long"
    case .requestTooLong: "request-too-long"
    case .maxLengthTooSmall: "max-length-too-small"
    case .peerAborted: "peer-aborted"
    case .peerVanished: "peer-vanished"
    case .peerReset: "peer-reset"
    case .tooManyAssociations: "too-many-associations"
    case .tooManyFromAddress: "too-many-from-address"
    case .tooManyPending: "too-many-pending"
    case .associationEvicted: "association-evicted"
    case .partialPDUMemory: "partial-pdu-memory"
    case .reloadFailed: "reload-failed"
    case .outOfDescriptors: "out-of-descriptors"
    case .acceptFailed: "accept-failed"
    case .draining: "draining"
    case .listenFailed: "listen-failed"
    case .configInvalid: "config-invalid"
    case .recordsDropped: "records-dropped"
    case .stoppedAtOnce: "stopped-at-once"
    }
  }
}
