public import UpperLayer

extension AETitle {
  /// Returns the title `text`, which must be valid.
  public static func named(_ text: String) -> AETitle {
    guard let title = AETitle(text) else { preconditionFailure("\(text) is not an AE title") }
    return title
  }
}
