/// What bytes are that are refused.
public enum RefusedBytes: Sendable, CaseIterable {
  /// What follows the header of an A-ASSOCIATE-RQ.
  case request
  /// A command set (PS3.7 §6.3.1).
  case command
  /// The first bytes of what is not DICOM.
  case foreign
}
