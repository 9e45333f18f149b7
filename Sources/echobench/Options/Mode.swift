/// The kinds of load on the SCP.
enum Mode: String, CaseIterable, Sendable {
  /// Each operation is a whole association: connect, A-ASSOCIATE, one C-ECHO, A-RELEASE, close.
  case associate
  /// Each operation is one C-ECHO on an association that stays open.
  case echo
  /// Associations that stay open and silent between their first echo and their last.
  case idle
  /// Associations of varying length, with pauses, some of them aborted.
  case mixed
}
