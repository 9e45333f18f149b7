import TLS
import Testing

@testable import echobench

/// The options of a command line, and the problems with it.
@Suite struct OptionCollectorTests {
  /// A word of a command line, as getopt splits it.
  enum Word: Sendable {
    case option(Option, String)
    case flag(Option)
    case operand(String)
  }

  /// A command line, and the problem with it.
  struct Line: Sendable, CustomTestStringConvertible {
    let words: [Word]
    let problem: String
    var testDescription: String { "\(words)" }

    init(_ words: Word..., problem: String) {
      self.words = words
      self.problem = problem
    }
  }

  /// The result of collecting the words.
  static func collected(_ words: [Word]) -> Result<Options, OptionCollector.Problem> {
    var collector = OptionCollector()
    for word in words {
      let problem =
        switch word {
        case .option(let option, let value): collector.read(option, value)
        case .flag(let option): collector.read(option, "")
        case .operand(let text): collector.read(operand: text)
        }
      if let problem { return .failure(OptionCollector.Problem(text: problem)) }
    }
    return collector.finish()
  }

  @Test func defaults() throws {
    let options = try Self.collected([.operand("associate")]).get()
    #expect(options.mode == .associate)
    #expect(options.host == "127.0.0.1")
    #expect(options.port == 11112)
    #expect(options.clients == 8)
    #expect(options.duration == 5)
    #expect(options.count == nil)
    #expect(options.effectiveWarmUp == 0.5)
    #expect(options.depth == 1)
    #expect(options.sources == 0)
    #expect(options.calledAETitle == "ECHOSCP")
    #expect(options.callingAETitle == "ECHOBENCH")
    #expect(options.timeout == 10)
    #expect(options.tls == nil)
    #expect(!options.isHeld && !options.isJSON && !options.isQuiet)
  }

  @Test func everything() throws {
    let options = try Self.collected([
      .option(.clients, "64"), .operand("echo"), .option(.duration, "0.25"),
      .option(.warmUp, "0"), .option(.depth, "16"), .option(.sources, "4"), .operand("::1"),
      .option(.calledAETitle, "A"), .option(.callingAETitle, "B C"), .option(.timeout, "2."),
      .operand("104"), .flag(.json), .flag(.quiet),
    ]).get()
    #expect(options.mode == .echo)
    #expect(options.host == "::1")
    #expect(options.port == 104)
    #expect(options.clients == 64)
    #expect(options.duration == 0.25)
    #expect(options.effectiveWarmUp == 0)
    #expect(options.depth == 16)
    #expect(options.sources == 4)
    #expect(options.calledAETitle == "A")
    #expect(options.callingAETitle == "B C")
    #expect(options.timeout == 2)
    #expect(options.isJSON && options.isQuiet)
  }

  @Test("A rate")
  func rate() throws {
    for mode in ["associate", "echo"] {
      #expect(try Self.collected([.operand(mode), .option(.rate, "200")]).get().rate == 200)
      #expect(try Self.collected([.operand(mode)]).get().rate == nil)
    }
  }

  @Test("Each file of TLS switches it on")
  func tls() throws {
    let mode = Word.operand("echo")
    var files = ContextFiles()
    files.caCertificates = "ca.pem"
    #expect(try Self.collected([mode, .option(.tlsCaCertificates, "ca.pem")]).get().tls == files)
    files.certificate = "a.pem"
    files.privateKey = "a.key"
    #expect(
      try Self.collected([
        .option(.tlsPrivateKey, "a.key"), .option(.tlsCaCertificates, "ca.pem"), mode,
        .option(.tlsCertificate, "a.pem"),
      ]).get().tls == files)
    files.caCertificates = nil
    #expect(
      try Self.collected([
        mode, .option(.tlsCertificate, "a.pem"), .option(.tlsPrivateKey, "a.key"),
      ]).get().tls == files)
  }

  @Test("If operations are counted, there is no warm-up by default")
  func counting() throws {
    let counted: [Word] = [.operand("echo"), .option(.count, "10")]
    #expect(try Self.collected(counted).get().count == 10)
    #expect(try Self.collected(counted).get().effectiveWarmUp == 0)
    let warm = try Self.collected(counted + [.option(.warmUp, "1")]).get()
    #expect(warm.effectiveWarmUp == 1)
    #expect(try Self.collected([.operand("idle"), .flag(.hold)]).get().isHeld)
  }

  private static let seconds = "is not a number of seconds from"
  static let wrong = [
    Line(problem: "the mode is missing: expected one of associate, echo, idle, mixed"),
    Line(
      .operand("127.0.0.1"),
      problem: "\"127.0.0.1\" is not a mode: expected one of associate, echo, idle, mixed"),
    Line(
      .operand("echo"), .operand("h"), .operand("65536"),
      problem: "\"65536\" is not a port: expected 1 to 65535"),
    Line(
      .operand("echo"), .operand("h"), .operand("1"), .operand("2"),
      problem: "\"2\" is not expected after mode, host and port"),
    Line(
      .option(.clients, "0"), problem: "--clients: \"0\" is not a whole number from 1 to 1000000"),
    Line(.option(.depth, "257"), problem: "--depth: \"257\" is not a whole number from 1 to 256"),
    Line(
      .option(.sources, "-1"), problem: "--sources: \"-1\" is not a whole number from 0 to 65000"),
    Line(
      .option(.count, "1.5"),
      problem: "--count: \"1.5\" is not a whole number from 1 to 1000000000000"),
    Line(
      .option(.duration, "0"),
      problem: "--duration: \"0\" \(seconds) 0.001 to 86400, such as 0.5"),
    Line(.option(.warmUp, "-1"), problem: "--warm-up: \"-1\" \(seconds) 0 to 86400, such as 0.5"),
    Line(
      .option(.timeout, "nan"),
      problem: "--timeout: \"nan\" \(seconds) 0.001 to 86400, such as 0.5"),
    Line(
      .option(.timeout, "."), problem: "--timeout: \".\" \(seconds) 0.001 to 86400, such as 0.5"),
    Line(
      .option(.duration, "1e3"),
      problem: "--duration: \"1e3\" \(seconds) 0.001 to 86400, such as 0.5"),
    Line(
      .option(.calledAETitle, "A\\B"),
      problem: "--called-ae-title: \"A\\B\" is not an AE title: expected 1 to 16 ASCII"
        + " characters without backslash, not only spaces"),
    Line(
      .operand("echo"), .option(.count, "1"), .option(.duration, "1"),
      problem: "--count conflicts with --duration; use only one of them"),
    Line(
      .operand("idle"), .option(.count, "1"),
      problem: "--count is not valid with idle; use --duration or --hold"),
    Line(
      .operand("idle"), .flag(.hold), .option(.duration, "1"),
      problem: "--hold conflicts with --duration; use only one of them"),
    Line(
      .operand("mixed"), .flag(.hold),
      problem: "--hold is only valid with idle; use --duration or --count"),
    Line(.option(.rate, "0"), problem: "--rate: \"0\" is not a whole number from 1 to 1000000"),
    Line(
      .operand("mixed"), .option(.rate, "9"),
      problem: "--rate is only valid with associate and echo"),
    Line(
      .operand("idle"), .option(.rate, "9"),
      problem: "--rate is only valid with associate and echo"),
    Line(
      .operand("echo"), .option(.rate, "9"), .option(.depth, "2"),
      problem: "--rate conflicts with --depth; use only one of them"),
    Line(
      .operand("echo"), .option(.tlsPrivateKey, "a.key"),
      problem: "--tls-certificate and --tls-private-key are only valid together"),
    Line(.option(.tlsCertificate, ""), problem: "--tls-certificate: expected the name of a file"),
    Line(
      .operand("idle"), .option(.depth, "2"), problem: "--depth above 1 is only valid with echo"),
  ]

  @Test(arguments: wrong) func isWrong(_ line: Line) {
    switch Self.collected(line.words) {
    case .success: Issue.record("the command line was accepted")
    case .failure(let problem): #expect(problem.text == line.problem)
    }
  }

  @Test func unknownWords() {
    #expect(
      OptionCollector.problem(unknown: "--cleints")
        == "\"--cleints\" is not an option; use --clients")
    #expect(OptionCollector.problem(unknown: "-x") == "\"-x\" is not an option")
    #expect(
      OptionCollector.problem(unknown: "--co=3")
        == "\"--co=3\" is not an option; use --count")
    #expect(
      OptionCollector.problem(unknown: "--d")
        == "\"--d\" is ambiguous: expected one of --duration, --depth")
  }

  @Test("The help lists every option, on a screen of 80 columns")
  func help() {
    let lines = Help.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 32)
    for line in lines { #expect(line.count <= 80, "\(line)") }
    for option in Option.allCases { #expect(Help.text.contains("  --\(option.rawValue) ")) }
    for mode in Mode.allCases { #expect(Help.text.contains("\n  \(mode.rawValue) ")) }
  }
}
