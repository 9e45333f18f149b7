public import Linux
public import UpperLayer

/// A device that is known by its AE title, as configured in its section of the file, `[device TITLE]`.
public struct Device: Equatable, Sendable {
  /// The AE title of the device.
  public let title: AETitle
  /// The addresses that the device may connect from; at least one.
  public var address: [AddressRange] = []

  /// The device called `title`, without an address yet.
  init(_ title: AETitle) { self.title = title }

  /// The heading of the device's section: `[device CT1]`.
  public var section: String { DeviceSection.text(of: title) }
}

/// A setting of a device: a row of the table that drives the sections of devices in the file,
/// `--dump-config` and the manual page.
public struct DeviceSetting: Sendable {
  /// The key, and how its value is read and written.
  let property: Property<Device>
  /// An example of a value.
  public let example: String
  /// The description in full sentences, for the file and the manual.
  public let about: String
  /// Whether `device` lacks this setting although it is required.
  let isMissing: @Sendable (_ device: Device) -> Bool

  /// Every setting of a device.
  public static let all = [
    DeviceSetting(
      property: Property("address", \.address, .ranges), example: "192.0.2.7, 2001:db8::/32",
      about: """
        The addresses and networks that the device may connect from. Requestors with its AE title but \
        another address are rejected (calling AE title not recognized).
        """,
      isMissing: { $0.address.isEmpty })
  ]

  /// The setting with this key, or `nil` if there is none.
  public static func named(_ key: String) -> DeviceSetting? { all.first { $0.key == key } }

  /// The key in the file.
  public var key: String { property.key }

  /// The value for `device`, as written in a file.
  public func text(_ device: Device) -> String { property.text(device) }
}
