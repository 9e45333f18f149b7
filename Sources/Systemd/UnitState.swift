import CSystemd
import Glibc

/// A unit as the service manager sees it (org.freedesktop.systemd1(5)).
public struct UnitState: Sendable, Equatable {
  /// The state: `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`.
  public var active: String
  /// The state in the terms of the unit's type, such as `running` or `listening`.
  public var detail: String
  /// When it entered this state, in microseconds since 1970; 0 if it never left the state in which it was loaded.
  public var since: UInt64
  /// The status line of a service as it is, set by sd_notify(3); empty if there is none, or it is not a service.
  public var status: String

  /// A state from its parts.
  public init(active: String, detail: String, since: UInt64, status: String) {
    (self.active, self.detail, self.since, self.status) = (active, detail, since, status)
  }

  /// Whether the unit is there and works.
  public var isActive: Bool { active == "active" || active == "reloading" }
}

/// The service manager of the system, asked over D-Bus (sd-bus(3)).
@safe public final class UnitManager {
  // Safe because nothing else has the handle, and deinit closes it.
  private var bus: OpaquePointer?

  private static let service = "org.freedesktop.systemd1"
  private static let unitInterface = "org.freedesktop.systemd1.Unit"
  private static let serviceInterface = "org.freedesktop.systemd1.Service"

  /// Connects to the manager; `nil` if there is none, as in a container without systemd.
  public init?() {
    var opened: OpaquePointer?
    // Safe because the call writes only to the pointer that is its own.
    guard unsafe sd_bus_open_system(&opened) >= 0 else { return nil }
    unsafe bus = opened
  }

  deinit {
    // Safe because the handle is not used any more.
    unsafe sd_bus_flush_close_unref(bus)
  }

  /// Returns the state of the unit `name`, such as `echoscpd.service`; `nil` if the manager does not know it.
  public func state(of name: String) -> UnitState? {
    let path = Self.path(of: name)
    guard text("LoadState", of: path, Self.unitInterface) == "loaded",
      let active = text("ActiveState", of: path, Self.unitInterface)
    else { return nil }
    return UnitState(
      active: active, detail: text("SubState", of: path, Self.unitInterface) ?? "",
      since: number("StateChangeTimestamp", of: path, Self.unitInterface) ?? 0,
      status: name.hasSuffix(".service")
        ? text("StatusText", of: path, Self.serviceInterface) ?? "" : "")
  }

  /// Returns the names of the units that start the unit `name`, such as its sockets.
  public func triggers(of name: String) -> [String] {
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    // Safe because the call writes only to the pointer that is its own: a list that ends with `nil`, whose texts are
    // copied, and then freed like the list.
    let result = unsafe sd_bus_get_property_strv(
      bus, Self.service, Self.path(of: name), Self.unitInterface, "TriggeredBy", nil, &list)
    guard result >= 0, let start = unsafe list else { return [] }
    var names: [String] = []
    var next = unsafe start
    while let text = unsafe next.pointee {
      unsafe names.append(String(cString: text))
      unsafe free(text)
      unsafe next += 1
    }
    unsafe free(start)
    return names
  }

  /// The path of a unit's object: characters other than letters and digits, and a digit in front, are escaped; a name
  /// without any is an underscore (sd_bus_path_encode(3)).
  static func path(of name: String) -> String {
    var path = "/org/freedesktop/systemd1/unit/" + (name.isEmpty ? "_" : "")
    for (index, byte) in name.utf8.enumerated() {
      let isLetter = (0x61...0x7A).contains(byte | 0x20)
      if isLetter || index > 0 && (0x30...0x39).contains(byte) {
        path.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        path += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return path
  }

  private func text(_ property: String, of path: String, _ interface: String) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    // Safe because the call writes only to the pointer that is its own, whose text is copied and then freed.
    let result = unsafe sd_bus_get_property_string(
      bus, Self.service, path, interface, property, nil, &value)
    defer { unsafe free(value) }
    guard result >= 0, let bytes = unsafe value else { return nil }
    return unsafe String(cString: bytes)
  }

  private func number(_ property: String, of path: String, _ interface: String) -> UInt64? {
    var value: UInt64 = 0
    // Safe because the call writes eight bytes, as the type `t` says.
    let result = unsafe sd_bus_get_property_trivial(
      bus, Self.service, path, interface, property, nil, CChar(bitPattern: UInt8(ascii: "t")),
      &value)
    return result >= 0 ? value : nil
  }
}
