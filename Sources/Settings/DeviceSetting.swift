public import Linux
public import UpperLayer

/// A device that is known by its AE title: what its section of the file, `[device TITLE]`, says of it.
public struct Device: Equatable, Sendable {
  /// Its AE title.
  public let title: AETitle
  /// The addresses that it may come from, one at least.
  public var address: [AddressRange] = []

  /// The device called `title`, of which nothing is said yet.
  init(_ title: AETitle) { self.title = title }

  /// How its section is written: `[device CT1]`.
  public var section: String { DeviceSection.text(of: title) }
}

/// One thing that can be said of a device: a row of the table that drives its sections in the file,
/// `--dump-config` and the manual page.
public struct DeviceSetting: Sendable {
  /// How its value is read from text and written.
  let property: Property<Device>
  /// A value that it may have.
  public let example: String
  /// What it is, in sentences, for the file and the manual.
  public let about: String
  /// Whether a device lacks it, and must have it.
  let isMissing: @Sendable (_ device: Device) -> Bool

  /// Every key of a device.
  public static let all = [
    DeviceSetting(
      property: Property("address", \.address, .ranges), example: "192.0.2.7, 2001:db8::/32",
      about: """
        The addresses and networks that the device may come from. Requestors with its AE title and \
        another address are rejected (calling AE title not recognized).
        """,
      isMissing: { $0.address.isEmpty })
  ]

  /// The key with this name, or nil.
  public static func named(_ key: String) -> DeviceSetting? { all.first { $0.key == key } }

  /// Its key in the file.
  public var key: String { property.key }

  /// Its value for a device, as it is written in a file.
  public func text(_ device: Device) -> String { property.text(device) }
}
