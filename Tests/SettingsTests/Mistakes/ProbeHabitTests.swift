import Testing
import UpperLayer

@testable import Settings

/// The SCP to probe in the notation of other requestors, which is accepted with a remark if it is clear.
@Suite struct ProbeHabitTests {
  private func line(_ operands: [String], _ called: String? = nil) -> CommandLineSettings {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe) == nil)
    for operand in operands { #expect(line.problem(addingOperand: operand) == nil) }
    if let called { #expect(line.problem(adding: .calledAETitle, called) == nil) }
    return line
  }

  @Test(
    "echoscu of DCMTK, ping, netcat: the port is a separate word",
    arguments: [
      (["pacs", "104"], "pacs", "pacs:104"), (["127.0.0.1", "104"], "127.0.0.1", "127.0.0.1:104"),
      (["::1", "104"], "::1", "'[::1]:104'"), (["[::1]", "104"], "::1", "'[::1]:104'"),
    ])
  func portApart(operands: [String], host: String, text: String) {
    let line = line(operands)
    #expect(line.probe.targets == [ProbeTarget(.host(host, port: 104))])
    #expect(line.probe.calledAETitle == nil && line.wholeProblem == nil)
    #expect(line.remark == "understood as --probe \(text)")
  }

  @Test(
    "Several hosts, each with its port as a separate word",
    arguments: [
      (["pacs", "104", "ris", "105"], "pacs:104 ris:105"),
      (["A@pacs", "104", "ris"], "A@pacs:104 ris"), (["104", "ris", "105"], "104 ris:105"),
      (["pacs", "pacs", "104"], "pacs:104"),
      (
        ["a", "1", "b", "c", "d", "e", "f", "g", "h", "i", "j"],
        "a:1 b c d e f g h …"
      ),
    ])
  func portsApart(operands: [String], text: String) {
    #expect(line(operands).remark == "understood as --probe \(text)")
  }

  @Test("A title before the host and -aec: the same one, a conflict, or the one for other hosts")
  func twoTitles() {
    #expect(line(["A@pacs:104"], "A").wholeProblem == nil)
    #expect(line(["A@pacs:104", "ris"], "B").wholeProblem == nil)
    #expect(
      line(["A@pacs:104"], "B").wholeProblem
        == "the AE title before @ conflicts with --called-ae-title; use only one of them")
  }

  @Test("A remark shows no character that controls the terminal, and no long text")
  func plainRemark() {
    let long = String(repeating: "x", count: 200)
    #expect(
      line(["T@\(long)", "1"]).remark == "understood as --probe \"T@\(long.prefix(58))…\"")
    #expect(line(["T@bücher", "1"]).remark == "understood as --probe 'T@bücher:1'")
    for scalar in ["\u{1B}", "\u{9B}31m", "\u{202E}", "\u{200B}", "\u{FEFF}"] {
      var line = CommandLineSettings()
      let problem = line.problem(adding: .probe, Array("T@a\(scalar)b:1".utf8))
      #expect(problem?.contains("is not a host") == true && line.remark == nil)
      #expect(problem?.contains(scalar) == false)
    }
  }

  @Test(
    "The notation of the manual gets no remark, and neither does any with --quiet")
  func noRemark() throws {
    for operands in [["pacs:104"], ["pacs"], ["104"], ["[::1]:104"], ["A@pacs", "B@ris:104"], []] {
      #expect(line(operands).remark == nil)
    }
    var quiet = line(["pacs", "104"])
    let flag = try #require(Switch.all.first { $0.long == "quiet" })
    #expect(quiet.problem(adding: flag) == nil)
    #expect(quiet.remark == nil)
  }

  @Test(
    "Two ports after one host are refused", arguments: [["pacs", "104"], ["a:1", "pacs", "104"]])
  func tooMany(operands: [String]) throws {
    var line = line(operands)
    #expect(
      line.problem(addingOperand: "105")
        == "\"105\" is one port too many; type each port after its host: pacs:104")
  }

  @Test(
    "A browser, docker, services(5): the message has the host that is meant",
    arguments: [
      ("dicom://pacs:104", "is not a host; type --probe pacs:104"),
      ("http://pacs:8042/", "is not a host; type --probe pacs"),
      ("dicom://TITLE@host", "is not a host; type --probe host -aec TITLE"),
      ("tcp://A@pacs:104/", "is not a host; type --probe pacs:104 -aec A"),
      ("pacs:104/tcp", "is not a host; type --probe pacs:104"),
      ("pacs:104,105", "is not a host; type --probe pacs:104"),
      (":104", "is not a host; type --probe 104"),
      ("2001:db8::1:11402", "is not a host; type --probe [2001:db8::1]:11402"),
    ])
  func otherForms(text: String, answer: String) {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .probe, Array(text.utf8)) == "--probe: \"\(text)\" \(answer)")
  }

  @Test("services(5): the name of a port after a host")
  func portName() {
    #expect(
      problem(of: ["--probe", "pacs", "dicom"])
        == "--probe: \"dicom\" is the name of a port; use its number, 104 or 11112")
    var line = CommandLineSettings()
    #expect(
      line.problem(adding: .probe, Array("pacs:acr-nema".utf8))
        == "--probe: \"acr-nema\" is the name of a port; use its number, 104")
  }
}
