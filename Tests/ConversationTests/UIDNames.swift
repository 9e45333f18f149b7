/// The names of PS3.6 UIDs in conversations; a UID without a name is written as itself.
enum UIDNames {
  // swift-format-ignore
  private static let names: [(name: String, uid: String)] = [
    ("Verification",        "1.2.840.10008.1.1"),
    ("CTImageStorage",      "1.2.840.10008.5.1.4.1.1.2"),
    ("MRImageStorage",      "1.2.840.10008.5.1.4.1.1.4"),
    ("DICOM",               "1.2.840.10008.3.1.1.1"),
    ("ImplicitLE",          "1.2.840.10008.1.2"),
    ("ExplicitLE",          "1.2.840.10008.1.2.1"),
    ("DeflatedLE",          "1.2.840.10008.1.2.1.99"),
    ("ExplicitBE",          "1.2.840.10008.1.2.2"),
    ("JPEGBaseline8Bit",    "1.2.840.10008.1.2.4.50"),
    ("JPEGExtended12Bit",   "1.2.840.10008.1.2.4.51"),
    ("JPEGLossless",        "1.2.840.10008.1.2.4.57"),
    ("JPEGLosslessSV1",     "1.2.840.10008.1.2.4.70"),
    ("JPEGLSLossless",      "1.2.840.10008.1.2.4.80"),
    ("JPEGLSNearLossless",  "1.2.840.10008.1.2.4.81"),
    ("JPEG2000Lossless",    "1.2.840.10008.1.2.4.90"),
    ("JPEG2000",            "1.2.840.10008.1.2.4.91"),
    ("JPEG2000MCLossless",  "1.2.840.10008.1.2.4.92"),
    ("JPEG2000MC",          "1.2.840.10008.1.2.4.93"),
    ("RLELossless",         "1.2.840.10008.1.2.5"),
    ("MPEG2MPML",           "1.2.840.10008.1.2.4.100"),
  ]

  /// The UID with this name, or `name` itself.
  static func uid(_ name: some StringProtocol) -> String {
    names.first { $0.name == name }?.uid ?? String(name)
  }

  /// The name of `uid`, or `uid` itself.
  static func name(_ uid: String) -> String { names.first { $0.uid == uid }?.name ?? uid }
}
