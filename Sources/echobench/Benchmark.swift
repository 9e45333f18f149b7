import Verification

/// The identity of this program.
enum Benchmark {
  /// The Implementation Class UID: a UUID made once for this program, under 2.25 (PS3.5 annex B.2).
  static let classUID = "2.25.175699363508237859216593675825890858157"

  /// The Implementation Version Name, at most 16 characters.
  static let versionName = "ECHOBENCH_\(Implementation.version)"

  /// The output of `--version`.
  static let version = "echobench \(Implementation.version)\n"
}
