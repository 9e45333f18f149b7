public import UpperLayer
public import Verification

extension Rejection {
  /// What an association that was rejected is filed under.
  public var catalogID: CatalogID {
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
  /// What an association that was aborted is filed under.
  public func catalogID(_ command: CommandFault?) -> CatalogID {
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
  /// What a message that was refused is filed under.
  public var catalogID: CatalogID {
    switch self {
    case .elementMissing, .elementTwice, .elementLength, .elementTooLong, .endsInHeader,
      .foreignGroup:
      .malformedCommand
    case .notAnEcho, .otherSOPClass: .notAnEcho
    case .dataSetAnnounced: .echoWithDataSet
    }
  }
}

extension ForeignProtocol {
  /// What it is filed under when it reaches a DICOM port.
  public var catalogID: CatalogID {
    switch self {
    case .http: .httpOnDICOMPort
    case .tls: .tlsOnPlainPort
    case .hl7: .hl7OnDICOMPort
    case .ssh: .sshOnDICOMPort
    case .smb: .smbOnDICOMPort
    case .rdp: .rdpOnDICOMPort
    case .socks: .socksOnDICOMPort
    case .proxy, .rtsp, .sip, .mqtt, .redis, .ldap, .postgreSQL, .sqlServer, .rpc, .telnet, .smtp,
      .printJob, .printQueue, .analyser, .xml, .json, .dicomFile, .dataSet, .other:
      .notDICOM
    }
  }
}
