import Linux
import Settings
import Systemd

/// Opens the listening sockets for the settings, or ends the program with the reason why it cannot.
enum OpenListeners {
  /// Returns the sockets that the service manager has passed or, if there are none, opens each port on each
  /// address, or on every address of the machine if the settings name none.
  static func run(_ settings: Settings) -> [Listener] {
    do throws(PassedSockets.Failure) {
      let passed = try PassedSockets.take()
      if !passed.isEmpty { return passed }
    } catch {
      Exit.cannotListen(.configuration, error.text)
    }
    return Listener.Kind.allCases.flatMap { open(settings.ports(of: $0), $0, settings) }
  }

  private static func open(
    _ ports: [UInt16], _ kind: Listener.Kind, _ settings: Settings
  ) -> [Listener] {
    var listeners: [Listener] = []
    let unread = settings.maxUnread
    for port in Self.withoutRepetition(ports) {
      if settings.bindAddress.isEmpty {
        listeners.append(
          open("port \(port)") { () throws(SystemError) in
            try Listener(everyAddressAt: port, unread: unread, kind)
          })
      }
      for address in Self.withoutRepetition(settings.bindAddress) {
        listeners.append(
          open("\(address) port \(port)") { () throws(SystemError) in
            try Listener(address: address, port: port, unread: unread, kind)
          })
      }
    }
    return listeners
  }

  private static func withoutRepetition<Item: Equatable>(_ items: [Item]) -> [Item] {
    items.indices.filter { !items[..<$0].contains(items[$0]) }.map { items[$0] }
  }

  private static func open(
    _ place: String, _ make: () throws(SystemError) -> Listener
  ) -> Listener {
    do throws(SystemError) {
      return try make()
    } catch {
      switch error.known {
      case .addressInUse:
        Exit.cannotListen(
          .unavailable,
          "cannot listen on \(place): another program does; find it with ss -ltnp, or choose "
            + "another port")
      case .permissionDenied, .notPermitted:
        Exit.cannotListen(
          .noPermission,
          "cannot listen on \(place): ports below 1024 need CAP_NET_BIND_SERVICE; "
            + "11112 does not")
      case .addressNotAvailable:
        Exit.cannotListen(
          .unavailable,
          "cannot listen on \(place): this machine does not have that address; list its "
            + "addresses with ip address")
      default:
        Exit.cannotListen(.system, "cannot listen on \(place): \(error.text)")
      }
    }
  }
}
