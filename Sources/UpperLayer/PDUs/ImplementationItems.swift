import ByteCoding

/// How the software of a service user calls itself: the Implementation Class UID and Implementation
/// Version Name Sub-Items of its A-ASSOCIATE PDUs (PS3.7 annex D.3.3.2), encoded once for all.
public struct ImplementationItems: Sendable {
  /// The most that both take, in bytes: two headers, 64 characters and 16.
  public static let maximumSize = 2 * Item.headerSize + 64 + 16

  /// Both sub-items.
  public let bytes: [UInt8]

  /// - Parameters:
  ///   - classUID: At most 64 characters.
  ///   - versionName: At most 16 characters.
  public init(classUID: String, versionName: String) {
    bytes = [UInt8](capacity: Self.maximumSize) { output in
      output.appendItem(.implementationClassUID, classUID)
      output.appendItem(.implementationVersionName, versionName)
    }
  }
}
