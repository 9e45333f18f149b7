import CLinux
import Testing

/// Hosts by name and by numeric address. No test here looks up a name that another host would have to know.
@Suite struct ResolveTests {
  private func resolve(_ host: String, room: Int = 4) -> (Int32, [cl_address]) {
    var found = [cl_address](repeating: cl_address(), count: room)
    var span = found.mutableSpan
    let result = cl_resolve(host.utf8.span, &span)
    return (result, found)
  }

  @Test("A numeric address resolves to itself")
  func digits() {
    let (ipv4, first) = resolve("192.0.2.1")
    #expect(ipv4 == 1 && first[0].bytes.10 == 0xFF && first[0].bytes.12 == 192)
    let (ipv6, second) = resolve("2001:db8::1")
    #expect(ipv6 == 1 && second[0].bytes.0 == 0x20 && second[0].bytes.15 == 1)
    #expect(first[0].port == 0 && second[0].port == 0)
  }

  @Test("localhost resolves, and to no more addresses than fit")
  func localhost() {
    let (count, found) = resolve("localhost")
    #expect(count >= 1 && Int(count) <= found.count)
    #expect(resolve("localhost", room: 1).0 == 1)
  }

  @Test(
    "An invalid name is unknown",
    arguments: ["", "a\0b", String(repeating: "a", count: 256)])
  func unknown(host: String) { #expect(resolve(host).0 == cl_resolve_unknown.rawValue) }
}
