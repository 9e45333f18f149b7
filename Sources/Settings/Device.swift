public import Linux

/// A device that is known by its AE title: what its section of the file, `[device TITLE]`, says of it.
public struct Device: Equatable, Sendable {
  /// Its AE title, without blanks around it.
  public let title: String
  /// The addresses that it may come from, one at least.
  public var address: [AddressRange] = []

  /// The device called `title`, of which nothing is said yet.
  init(_ title: String) { self.title = title }

  /// How its section is written: `[device CT1]`.
  public var section: String { DeviceSection.text(of: title) }
}
