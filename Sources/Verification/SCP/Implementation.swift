/// The identification of this program in every A-ASSOCIATE-AC (PS3.7 annex D.3.3.2).
public enum Implementation {
  /// The version of the program, as in the change log.
  public static let version = "0.1.0"

  /// The Implementation Class UID: a UUID generated once for this program, below 2.25 (PS3.5 annex B.2).
  public static let classUID = "2.25.262085553124319033831538519789959215053"

  /// The Implementation Version Name, at most 16 characters.
  public static let versionName = "ECHOSCPD_\(version)"
}
