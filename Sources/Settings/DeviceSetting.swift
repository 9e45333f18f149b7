/// One thing that can be said of a device: a row of the table that drives its sections in the file,
/// `--dump-config` and the manual page.
public struct DeviceSetting: Sendable {
  /// Its key in the file.
  public let key: String
  /// A value that it may have.
  public let example: String
  /// What it is, in sentences, for the file and the manual.
  public let about: String
  /// Whether its value is a list.
  let isList: Bool
  /// Sets it from text. The result is what is wrong and what would be right, or nothing.
  public let set: @Sendable (_ text: String, _ device: inout Device) -> String?
  /// Its value for a device, as it is written in a file.
  public let text: @Sendable (_ device: Device) -> String

  /// Whether a device lacks it, and must have it.
  let isMissing: @Sendable (_ device: Device) -> Bool

  /// Every key of a device.
  public static let all = [
    DeviceSetting(
      "address", \.address, .ranges, example: "192.0.2.7, 2001:db8::/32",
      isMissing: { $0.address.isEmpty },
      about: """
        The addresses and networks that the device may come from. Requestors with its AE title and \
        another address are rejected (calling AE title not recognized).
        """)
  ]

  /// Sets it from text, as ``set``. Of what is wrong it says what to write instead, where one can tell.
  func take(_ text: String, _ device: inout Device) -> String? {
    guard let problem = set(text, &device) else { return nil }
    return Repair.told(problem, of: text, isList: isList) { guess in
      var device = Device("")
      return set(guess, &device) == nil
    }
  }

  /// The value to write in a file for `text`, which has another format; nil if its meaning is not clear.
  func line(_ text: String) -> String? {
    Repair.line(text, isList: isList) { value in
      var device = Device("")
      return set(value, &device) == nil
    }
  }

  /// The key with this name, or nothing.
  public static func named(_ key: String) -> DeviceSetting? { all.first { $0.key == key } }

  /// A row for `property`, whose value is read and written as `format` says.
  private init<Value>(
    _ key: String, _ property: any WritableKeyPath<Device, Value> & Sendable,
    _ format: Format<Value>, example: String, isMissing: @escaping @Sendable (Device) -> Bool,
    about: String
  ) {
    self.key = key
    self.example = example
    self.isMissing = isMissing
    self.about = about
    isList = format.isList
    set = { text, device in
      switch format.read(text) {
      case .right(let value):
        device[keyPath: property] = value
        return nil
      case .wrong(let problem):
        return problem
      }
    }
    text = { format.write($0[keyPath: property]) }
  }
}

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
