/// Which records may have a field.
public enum FieldCarriers: Sendable, CaseIterable {
  /// All.
  case every
  /// Those about a device.
  case device
  /// Those about a device of which an A-ASSOCIATE-RQ has come.
  case request
  /// Those with which an association ends.
  case endOfAssociation
  /// That of one C-ECHO-RQ, at debug.
  case echo
  /// Those about a PDU that refused or aborted.
  case refusal
  /// Those about bytes that were refused.
  case evidence
  /// Those of what went wrong.
  case failure
  /// Those of a start and of a reload.
  case service
  /// Those that stand for several.
  case repetition
  /// Those that sum up a cause.
  case sum
  /// Those with which an association ends, or that sum up such.
  case endOrSum

  /// Which records these are, in a few words.
  public var text: String {
    switch self {
    case .every: "all"
    case .device: "about a device"
    case .request: "about a device that has asked"
    case .endOfAssociation: "that end an association"
    case .echo: "of one C-ECHO-RQ, at debug"
    case .refusal: "that refuse or abort"
    case .evidence: "about refused bytes"
    case .failure: "of what went wrong"
    case .service: "of a start or a reload"
    case .repetition: "that stand for several"
    case .sum: "that sum up a cause"
    case .endOrSum: "that end associations"
    }
  }

  /// Whether a record of `event` may be one of them.
  func include(_ event: Event) -> Bool {
    switch self {
    case .every, .repetition: true
    case .device, .request: event.isAboutAPeer
    case .endOfAssociation: event.endsAnAssociation
    case .endOrSum: event.endsAnAssociation || event.isSum
    case .sum: event.isSum
    case .echo: event.dicomMessageID != nil
    case .refusal: event.reason != nil
    case .evidence: event.isRefusal
    case .failure: event.cause != nil
    case .service: event.tellsOfTheService
    }
  }
}
