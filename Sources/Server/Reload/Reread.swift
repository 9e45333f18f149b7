public import Linux
public import Log
public import Settings

/// What it came to that the configuration was read once more.
public enum Reread {
  /// It is good: the settings, their terms, and what is to be said about them.
  case good(Settings, Policy, remarks: [Record])
  /// It is not to be used; this is all that is wrong.
  case bad([Diagnostic])
  /// It could not be read, for want of something that has nothing to do with it.
  case unreadable(SystemError)
}

/// A reload whose terms some worker has not taken yet.
public struct PendingReload {
  /// The edition of the terms.
  let edition: Int
  /// Who waits for an answer, if anybody.
  let request: UInt32?
  /// What the service is under these terms.
  let facts: ServiceFacts
  /// What the answer is to say.
  let lines: [String]
}
