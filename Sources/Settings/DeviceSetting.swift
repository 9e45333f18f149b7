public import Linux
public import UpperLayer

/// A device with its AE title, as configured in its section of the file, `[device TITLE]`: what identifies it as a
/// requestor, and where it is an SCP.
public struct Device: Equatable, Sendable {
  /// The AE title of the device.
  public let title: AETitle
  /// The addresses that the device may connect from; every address if empty.
  public var address: [AddressRange] = []
  /// The rules of which the certificate of the device must match one; if empty, it needs no certificate.
  public var certificate: [CertificateRule] = []

  /// The host and port at which `--probe --devices` reaches the device as an SCP, with its AE title if that is another
  /// one there; `nil` if it does not probe it.
  public var probe: ProbeTarget?

  /// The device called `title`, of which nothing else is known yet.
  init(_ title: AETitle) { self.title = title }

  /// Whether there is something that tells the device from another one that uses its title. The place to probe is
  /// not: it need not be the one that the device connects from.
  public var isIdentified: Bool { !address.isEmpty || !certificate.isEmpty }
  /// Whether nothing but the title is known.
  var isEmpty: Bool { !isIdentified && probe == nil }

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
  /// Every setting of a device, which needs at least one of them.
  public static let all = [
    DeviceSetting(
      property: Property("address", \.address, .ranges), example: "192.0.2.7, 2001:db8::/32",
      about: """
        The addresses and networks that the device may connect from. Requestors with its AE title but \
        another address are rejected (calling AE title not recognized). A device with a certificate \
        needs no address.
        """),
    DeviceSetting(
      property: Property("certificate", \.certificate, .certificateRules),
      example: "cn:CT1, dns:ct1.example",
      about: """
        The certificates that the device may present: cn: is followed by the common name of the \
        subject, dns: or uri: by a subject alternative name, and sha256: by the fingerprint of the \
        whole certificate. Requestors with its AE title but without TLS, or with a certificate that \
        matches none of these rules, are rejected (calling AE title not recognized). A name counts \
        only in a certificate that is valid; a fingerprint always does. Put a rule that contains a \
        space in double quotation marks: "cn:CT 1". With an address as well, both must match.
        """),
    DeviceSetting(
      property: Property("probe", \.probe, .target), example: "ct1.example:104",
      about: """
        The host and the port at which the device answers C-ECHO, for echoscpd --probe --devices, which calls \
        it by the title of the section or, if the device has another one as an SCP, by the title before an at \
        sign: CT1SCP@ct1.example:104. The service itself never connects there, and the key restricts nothing: \
        a section with only this key admits every requestor that uses the title.
        """),
  ]

  /// The setting with this key, or `nil` if there is none.
  public static func named(_ key: String) -> DeviceSetting? { all.first { $0.key == key } }

  /// The key in the file.
  public var key: String { property.key }

  /// The value for `device`, as written in a file.
  public func text(_ device: Device) -> String { property.text(device) }

  /// Whether `device` has a value; an empty text is none.
  func isSet(_ device: Device) -> Bool { !text(device).isEmpty }
}
