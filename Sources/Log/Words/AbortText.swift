public import UpperLayer

/// An A-ABORT in the words of PS3.8 Table 9-26.
extension Abort {
  /// Source and reason, as numbers and in words: `source 2, service provider, reason 2, unexpected
  /// PDU`. The reason of a service user is not significant.
  public var text: String {
    switch source {
    case 0: "source 0, service user, reason \(reason)"
    case 2: "source 2, service provider, reason \(reason), \(reasonText)"
    default: "source \(source), reason \(reason), which the standard does not have"
    }
  }

  private var reasonText: String {
    switch reason {
    case 0: "not specified"
    case 1: "unrecognized PDU"
    case 2: "unexpected PDU"
    case 4: "unrecognized PDU parameter"
    case 5: "unexpected PDU parameter"
    case 6: "invalid PDU parameter value"
    default: "which the standard does not have"
    }
  }
}
