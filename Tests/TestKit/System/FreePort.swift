public import Linux

extension Listener {
  /// Listens on a port below the range that the kernel assigns to outgoing connections.
  public static func onAFreePort(_ address: String = "127.0.0.1") throws(SystemError) -> Listener {
    var attempts = 0
    while true {
      do throws(SystemError) {
        return try Listener(
          address: address, port: UInt16.random(in: 20_000..<32_000), unread: 16 << 10)
      } catch {
        attempts += 1
        if error.known != .addressInUse || attempts > 100 { throw error }
      }
    }
  }
}
