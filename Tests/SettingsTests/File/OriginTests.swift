import Settings
import Testing

/// The origin of the value of a setting, in words.
@Suite struct OriginTests {
  @Test(
    "The text of an origin names the file and the line, or the option",
    arguments: [
      (.builtIn, "default"), (.commandLine("--ae-title"), "command line: --ae-title"),
      (.commandLine("port"), "command line: port"),
      (.file(path: "/etc/echoscp.conf", line: 12), "/etc/echoscp.conf:12"),
      (.file(path: "", line: 1), ":1"),
    ] as [(Origin, String)])
  func text(origin: Origin, text: String) { #expect(origin.text == text) }

  @Test("Control characters in the name of a file are escaped in the text")
  func controlCharacters() {
    for value in Array(0x00...0x1F) + Array(0x7F...0x9F) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let escaped = scalar.escaped(asASCII: true)
      #expect(Origin.file(path: "a\(scalar)b", line: 1).text == "a\(escaped)b:1")
    }
  }
}
