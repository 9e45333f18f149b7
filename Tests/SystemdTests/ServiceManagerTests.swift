import CLinux
import Glibc
import TestKit
import Testing

@testable import Systemd

/// Notices to the service manager when no descriptor is left.
@Suite struct ServiceManagerTests {
  @Test("A notice needs no new descriptor, with a path or in the abstract namespace")
  func withoutDescriptors() async {
    await #expect(processExitsWith: .success) {
      for name in ["/tmp/echoscpd-notify-\(getpid())", "@echoscpd-notify-\(getpid())"] {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue)
        let receiver = socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        let isAbstract = bytes[0] == UInt8(ascii: "@")
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
        // Safe because the name is shorter than the field, and the address is lent with its true size.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
          for index in bytes.indices { unsafe $0[index] = bytes[index] }
          if isAbstract { unsafe $0[0] = 0 }
        }
        let bound = unsafe withUnsafeBytes(of: address) {
          unsafe bind(receiver, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), size)
        }
        try #require(bound == 0)
        let manager = try ServiceManager(path: bytes)
        let before = DescriptorLimit.current
        DescriptorLimit.leave(0)
        manager.tell(.ready, .watchdog)
        DescriptorLimit(soft: before.soft, hard: before.hard).set()
        var room = [UInt8](repeating: 0, count: 100)
        var span = room.mutableSpan
        let length = cl_receive(receiver, &span)
        #expect(
          String(decoding: room.prefix(max(0, length)), as: UTF8.self) == "READY=1\nWATCHDOG=1")
        close(receiver)
        // Safe because the text is lent for the length of the call.
        if !isAbstract { unsafe unlink(name) }
      }
    }
  }
}
