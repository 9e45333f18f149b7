import Testing

@testable import Settings

/// The names of files: used as written, unless they are likely to be a slip.
@Suite struct FileNameTests {
  private func problem(_ text: String) throws -> String? {
    var settings = Settings()
    let problem = try #require(Setting.named("tls-crl")).problem(reading: text, &settings)
    #expect((settings.tlsCrl == text) == (problem == nil))
    return problem
  }

  @Test(
    "A path is used as written, absolute or relative",
    arguments: [
      "/etc/echoscp/tls.pem", "tls.pem", "./none", "../a", ".", "/", "a b", " a ", "a~", "a$b",
      "a%d",
      "a=b", "a,b", "a'b", "#", "a #b", "Zertifikate/Größe.pem", "証明書.pem", "None", "a (b)",
      String(repeating: "x/", count: 3000),
    ])
  func isRight(text: String) throws { #expect(try problem(text) == nil) }

  @Test(
    "What only a shell or another format replaces or removes is refused, with a correction",
    arguments: [
      ("~/tls.pem", "begins with ~, which is not expanded; write the whole path"),
      (
        "${CREDENTIALS_DIRECTORY}/key.pem",
        "begins with $, which is not expanded; write the whole path"
      ),
      ("%d/key.pem", "begins with %, which is not expanded; write the whole path"),
      ("/etc/tls.pem;", "is not the name of a file; write /etc/tls.pem"),
      ("'/etc/tls.pem'", "is not the name of a file; write /etc/tls.pem"),
      ("[\"tls.pem\"]", "is not the name of a file; write tls.pem"),
      ("(tls.pem)", "is not the name of a file; write tls.pem"),
      ("<tls.pem>", "is not the name of a file; write tls.pem"),
      ("", "is not the name of a file: \(expected)"),
      ("C:\\certs\\tls.pem", "is not the name of a file: \(expected)"),
      ("/etc/my\\ tls.pem", "is not the name of a file: \(expected)"),
      ("a\u{FFFD}b", "is not the name of a file: \(expected)"),
    ])
  func isWrong(text: String, answer: String) throws {
    #expect(try problem(text) == "\"\(text)\" \(answer)")
  }

  private static let expected =
    "expected none, or a path in UTF-8 without backslashes, control characters or punctuation around "
    + "it"

  @Test(
    "A character that cannot be seen is refused, and not shown as it is",
    arguments: ["a\0b", "a\nb", "\u{1B}[m", "a\tb", "a\u{202E}b", "a\u{200B}"])
  func controls(text: String) throws {
    let problem = try #require(try problem(text))
    #expect(problem.contains("is not the name of a file"))
    #expect(!problem.unicodeScalars.contains(where: Quotation.isControl))
  }

  @Test("A character that looks like an ASCII character is refused, as in every file")
  func lookAlikes() throws {
    #expect(
      try problem("a–b.pem") == "the en dash – U+2013 is not allowed here; type -")
    #expect(
      configuration(reading: ("a", "[tls]\ntls-crl = a–b.pem")).problems
        == ["a:2: tls-crl: the en dash – U+2013 is not allowed here; type -"])
  }

  @Test("A file may have quotation marks around the name, and a comment after it")
  func inFile() {
    let result = configuration(
      reading: (
        "a", "[tls]\ntls-crl = \"/srv/my files/a #1.pem\" # the list\ntls-min-version = 1.3"
      ))
    #expect(result.problems == [])
    #expect(result.settings.tlsCrl == "/srv/my files/a #1.pem")
  }

  @Test("A name with a space that was dumped is read as the same name")
  func roundTrip() {
    var result = Configuration()
    for name in ["/srv/my files/tls.pem", " a", "a ", "a #b", "#", "a ; b", "a\"b", "none "] {
      result.settings.tlsCertificate = name
      let again = configuration(reading: ("dump", result.dump))
      #expect(again.problems == [] && again.settings.tlsCertificate == name, "\(name)")
    }
  }

  @Test("A later none removes the file of an earlier source")
  func none() {
    let result = configuration(
      reading: ("a", "[tls]\ntls-crl = /a"), ("b", "[tls]\ntls-crl = none"))
    #expect(result.settings.tlsCrl == nil)
    #expect(result.origin(of: "tls-crl") == .file(path: "b", line: 2))
  }
}
