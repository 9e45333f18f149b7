import Testing

@testable import Settings

/// Reading HOST[:PORT] of `--probe`.
@Suite struct ProbePlaceTests {
  static let right: [(String, ProbePlace)] = [
    ("pacs", .host("pacs", port: nil)), ("pacs:104", .host("pacs", port: 104)),
    ("pacs.example", .host("pacs.example", port: nil)),
    ("192.0.2.1", .host("192.0.2.1", port: nil)), ("192.0.2.1:104", .host("192.0.2.1", port: 104)),
    ("::1", .host("::1", port: nil)), ("[::1]", .host("::1", port: nil)),
    ("[2001:db8::1]:65535", .host("2001:db8::1", port: 65535)),
    ("11112", .local(port: 11112)), ("my_host-1.", .host("my_host-1.", port: nil)),
  ]

  @Test(arguments: right) func isRead(text: String, target: ProbePlace) {
    #expect((try? ProbePlace(text)) == target)
  }

  @Test(
    "Any other text is refused, with a correction or the allowed ones",
    arguments: [
      "", ":104", "pacs:", "pacs:0", "pacs:65536", "pacs:dicom", "pacs:1:2", "[::1", "[::1]104",
      "[::1]:", "[pacs]:104", "[192.0.2.1]", "a b", "http://pacs", "pacs/echo", "-x", ".pacs", "0",
      "70000", "1:2:3", String(repeating: "a", count: 254), "a\u{1B}",
    ])
  func isRefused(text: String) {
    do throws(Mistake) {
      Issue.record("\(text) is \(try ProbePlace(text))")
    } catch {
      let hasAdvice = ["; ", ": expected "].contains { error.text.contains($0) }
      #expect(hasAdvice && !error.text.contains("\u{1B}"))
    }
  }
}
