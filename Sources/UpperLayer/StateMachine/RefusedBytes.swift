/// What bytes are that are refused.
public enum RefusedBytes: Equatable, Sendable {
  /// What follows the header of an A-ASSOCIATE-RQ that is well-formed.
  case request
  /// What has come behind the header of an A-ASSOCIATE-RQ that is malformed or not complete, which has so
  /// many bytes there by its header.
  case brokenRequest(length: UInt32)
  /// A command set (PS3.7 §6.3.1).
  case command
  /// The first bytes of what is not DICOM, or of what is too short to be told, and whose they are.
  case foreign(ForeignProtocol)
}
