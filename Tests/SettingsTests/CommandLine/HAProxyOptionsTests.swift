import TestKit
import Testing
import UpperLayer

@testable import Settings

/// `--probe --haproxy-check`: what may stand beside it, and the command line that it prints.
@Suite struct HAProxyOptionsTests {
  private static let right = "--probe --haproxy-check -aec ECHOSCP"

  @Test("The titles may stand beside it, in any order")
  func right() {
    #expect(problem(of: shellWords(Self.right)) == nil)
    #expect(problem(of: shellWords("--calling-ae-title A \(Self.right)")) == nil)
    #expect(problem(of: shellWords("--haproxy-check -aec A --probe")) == nil)
  }

  @Test("Every other option is refused")
  func others() {
    for name in CommandLineOption.names where name.text == name.option.long {
      switch name.option {
      case .probe(let option) where option.isForHAProxyCheck: continue
      case .action(.probe), .action(.help), .action(.version): continue
      default: break
      }
      let value: String? =
        switch name.option {
        case .setting(let setting): setting.defaultText
        case .probe(let option): option.defaultText
        case .action(.reload): "7"
        case .action: name.option.takesArgument ? "file" : nil
        case .switch: nil
        }
      let typed = value.map { ["--\(name.text)=\($0)"] } ?? ["--\(name.text)"]
      let message = problem(of: shellWords(Self.right) + typed)
      #expect(message?.contains(" conflicts with --") == true, "\(name.text): \(message ?? "")")
    }
  }

  @Test(
    "The message says what to type instead",
    arguments: [
      (
        "pacs:104",
        "--haproxy-check conflicts with the target \"pacs:104\"; HAProxy takes it from a server line"
      ),
      (
        "A@pacs",
        "--haproxy-check conflicts with the target \"A@pacs\"; HAProxy takes it from a server line"
      ),
      (
        "104",
        "--haproxy-check conflicts with the target \"104\"; HAProxy takes it from a server line"
      ),
      ("--tls", "--tls conflicts with --haproxy-check; use only one of them"),
      ("-w 1", "--warning conflicts with --haproxy-check; use only one of them"),
      ("-q", "--quiet conflicts with --haproxy-check; use only one of them"),
      ("--config f", "--config conflicts with --haproxy-check; use only one of them"),
      (
        "-aet A",
        "--ae-title conflicts with --haproxy-check; use --calling-ae-title or --called-ae-title"
      ),
    ])
  func mistakes(typed: String, message: String) {
    #expect(problem(of: shellWords("\(Self.right) \(typed)")) == message)
  }

  @Test("It needs the AE title of the SCP")
  func title() {
    #expect(
      problem(of: ["--probe", "--haproxy-check"])
        == "--haproxy-check is missing its --called-ae-title; type the AE title of the SCP, as in "
        + "-aec ECHOSCP")
  }

  @Test("The command line is quoted for the shell, with the calling AE title if it was typed")
  func command() {
    var line = CommandLineSettings()
    #expect(line.problem(adding: .haproxyCheck, "") == nil)
    #expect(line.problem(adding: .calledAETitle, "ECHOSCP") == nil)
    #expect(line.haproxyCommand == Self.right.replacing("--probe", with: "echoscpd --probe"))
    #expect(line.problem(adding: .calledAETitle, "IT'S A CT") == nil)
    #expect(line.problem(adding: .callingAETitle, "$HOME") == nil)
    #expect(
      line.haproxyCommand
        == #"echoscpd --probe --haproxy-check -aec 'IT'\''S A CT' --calling-ae-title '$HOME'"#)
  }
}
