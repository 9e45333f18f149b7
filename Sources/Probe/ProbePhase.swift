/// What a probe does, one after the other; each has its time, and may fail.
public enum ProbePhase: String, Sendable, CaseIterable {
  /// The addresses of the host are looked up.
  case resolve
  /// TCP connects.
  case connect
  /// A-ASSOCIATE (PS3.8 §7.1).
  case associate
  /// C-ECHO (PS3.7 §9.1.5).
  case echo
  /// A-RELEASE (PS3.8 §7.2).
  case release
}
