public import UpperLayer

extension AETitle {
  /// The title `text`, which must be one.
  public static func named(_ text: String) -> AETitle {
    guard let title = AETitle(text) else { preconditionFailure("\(text) is no AE title") }
    return title
  }
}
