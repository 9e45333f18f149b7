import Verification

/// Who this program says it is.
enum Benchmark {
  /// Its Implementation Class UID: a UUID made once for it, below 2.25 (PS3.5 annex B.2).
  static let classUID = "2.25.175699363508237859216593675825890858157"

  /// Its Implementation Version Name, at most 16 characters.
  static let versionName = "ECHOBENCH_\(Implementation.version)"

  /// What `--version` says.
  static let version = "echobench \(Implementation.version)\n"
}
