/// What bytes are that are refused.
public enum RefusedBytes: Equatable, Sendable {
  /// What has come behind the header of an A-ASSOCIATE-RQ, which has so many bytes there by its header.
  case request(length: UInt32)
  /// A command set (PS3.7 §6.3.1).
  case command
  /// The first bytes of what is not DICOM, or of what is too short to be told.
  case foreign
}
