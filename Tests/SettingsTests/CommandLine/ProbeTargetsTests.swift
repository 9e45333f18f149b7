import Testing
import UpperLayer

@testable import Settings

/// The targets of a probe on the command line, and the devices with `--devices`.
@Suite struct ProbeTargetsTests {
  private func line(_ words: [String]) -> CommandLineSettings {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe) == nil)
    for word in words { #expect(line.problem(addingOperand: word) == nil) }
    return line
  }

  @Test(
    "A title is before the last at sign, and may have blanks and at signs",
    arguments: [
      ("ARCHIVE@pacs:104", "ARCHIVE", .host("pacs", port: 104)),
      ("CT 1@pacs", "CT 1", .host("pacs", port: nil)),
      ("A@B@[::1]:104", "A@B", .host("::1", port: 104)), ("A@104", "A", .local(port: 104)),
      ("pacs:104", nil, .host("pacs", port: 104)),
    ] as [(String, String?, ProbePlace)])
  func isRead(text: String, title: String?, place: ProbePlace) throws {
    let target = try ProbeTarget(text)
    #expect(target == ProbeTarget(place, title: title.flatMap { AETitle($0) }))
    #expect(target.text == text)
  }

  @Test("Several hosts, ports and titles are targets, each of them once")
  func several() {
    let line = line(["pacs", "A@pacs:104", "11112", "pacs", "[::1]:104", "B@pacs:104"])
    #expect(
      line.probe.targets.map(\.text) == ["pacs", "A@pacs:104", "11112", "[::1]:104", "B@pacs:104"])
    #expect(line.wholeProblem == nil && line.remark == nil)
    #expect(line.probe.isLocal && line.probe.hasHosts)
  }

  @Test(
    "Any other word is refused",
    arguments: [
      ("A@", "--probe: \"\" is not a host"), ("@pacs", "--probe: \"@pacs\" is not a host"),
      ("SEVENTEEN.LETTERS@pacs", "--probe: \"SEVENTEEN.LETTERS@pacs\" is not a host"),
      ("a b", "--probe: \"a b\" is not a host"),
    ])
  func isRefused(word: String, start: String) {
    let problem = problem(of: ["--probe", "pacs:104", word])
    #expect(problem?.hasPrefix(start) == true, "\(problem ?? "")")
  }

  @Test("With --devices, the words are titles")
  func devices() {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe) == nil && line.problem(adding: .devices, "") == nil)
    for word in ["CT1", "MR 1", "CT1", "pacs:104", "104"] {
      #expect(line.problem(addingOperand: word) == nil)
    }
    #expect(line.probe.targets.isEmpty && !line.probe.isLocal && line.probe.hasHosts)
    #expect(line.probe.devices.map(\.unpadded) == ["CT1", "MR 1", "pacs:104", "104"])
    #expect(
      line.problem(addingOperand: "A\\B")?.hasPrefix("--devices: \"A\\B\" is not an AE title")
        == true)
    #expect(line.wholeProblem == nil)
  }

  @Test(
    "What contradicts --devices is refused",
    arguments: [
      (
        "--probe --devices -aec X",
        "--called-ae-title conflicts with --devices, which calls each device by its title; use only one "
          + "of them"
      ),
      (
        "--probe=pacs --devices CT1",
        "--devices conflicts with the host \"pacs\"; use only one of them"
      ),
      ("--devices CT1", "port: \"CT1\" is not a port: expected 1 to 65535"),
      ("--devices", "--devices is only valid with --probe"),
      (
        "--probe --devices -aet X",
        "--ae-title is for probing this machine, but --devices probes the devices; use "
          + "--calling-ae-title or --called-ae-title"
      ),
    ])
  func contradiction(line: String, answer: String) {
    #expect(problem(of: shellWords(line)) == answer)
  }

  private static let file = """
    [device CT1]
    probe = ct1.example:104
    [device "A, B"]
    address = ::1
    probe = [2001:db8::7]:11112
    [device MR1]
    certificate = cn:MR1
    """

  @Test("All devices with a place to probe, or those with these titles in their order")
  func places() throws {
    let settings = configuration(reading: ("a", Self.file)).settings
    func found(_ titles: [String]) throws -> [String] {
      let titles = titles.compactMap { AETitle($0) }
      return try settings.devices(toProbe: titles).map { "\($0.title.unpadded)@\($0.target.text)" }
    }
    #expect(try found([]) == ["CT1@ct1.example:104", "A, B@[2001:db8::7]:11112"])
    #expect(try found(["A, B", "CT1"]) == ["A, B@[2001:db8::7]:11112", "CT1@ct1.example:104"])
  }

  @Test(
    "The message about another title says what is there",
    arguments: [
      ("MR1", "--devices: [device MR1] has no key probe; add probe = HOST:PORT to it"),
      ("ct1", "--devices: there is no [device ct1]: expected CT1, \"A, B\""),
    ])
  func wrongTitle(title: String, answer: String) throws {
    #expect(Self.mistake(in: Self.file, [title]) == answer)
  }

  @Test("A long list of titles is cut off, and a file without any such device says what to add")
  func bounded() {
    let many = (1...12).map { "[device D\($0)]\nprobe = h:\($0)\n" }.joined()
    #expect(
      Self.mistake(in: many, ["X"])
        == "--devices: there is no [device X]: expected D1, D2, D3, D4, D5, D6, D7, D8, D9, D10, or one of "
        + "2 more")
    for (text, titles) in [("", []), ("[device A]\naddress = ::1", ["A"])] {
      #expect(
        Self.mistake(in: text, titles)
          == "--devices: no [device TITLE] section has the key probe; add probe = HOST:PORT to the "
          + "sections of the devices to probe")
    }
  }

  private static func mistake(in file: String, _ titles: [String]) -> String? {
    do throws(Mistake) {
      _ = try configuration(reading: ("a", file)).settings
        .devices(toProbe: titles.compactMap { AETitle($0) })
      return nil
    } catch {
      return error.text
    }
  }
}
