import ArgumentParser
import JournalReader
import Ledger
import Linux
import Log
import Verification

/// Shows which devices reached echoscpd, what failed, and what to do; and asks them in the other direction.
@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "echoscpctl",
    abstract: "Show which devices reached echoscpd, and what to do about those that failed.",
    discussion: """
      Everything comes from the journal: run it as root or as a member of the group systemd-journal. \
      echoscpctl(1) explains the reports, echoscpd-journal(7) each cause.
      """,
    version: "echoscpctl \(Implementation.version)",
    subcommands: [
      StatusCommand.self, PeersCommand.self, PeerCommand.self, WatchCommand.self,
      VerifyCommand.self,
    ],
    defaultSubcommand: StatusCommand.self)

  private static func runCommand() throws {
    var command = try parseAsRoot()
    try command.run()
  }

  /// Runs the command of the command line, and ends with the status of a monitoring plugin: 0 to 3.
  static func main() {
    Process.ignoreBrokenPipes()
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    if let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
      !(names + ["help"]).contains(word)
    {
      End.unknown("\"\(word)\" is not a command: expected \(PeerWords.list(names))")
    }
    do {
      try runCommand()
    } catch let verdict as ExitCode {
      End.with(verdict.rawValue)
    } catch let refusal as Refusal {
      End.unknown(refusal.text)
    } catch let error as SystemError {
      End.unknown(error.text)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success { End.printing(text) }
      StandardStream.error.write("\(text)\n")
      End.with(End.unknownStatus)
    }
  }
}

/// A reason why there is no report: in one sentence, with what to do.
struct Refusal: Error {
  /// The reason.
  let text: String
}

/// How the program ends.
enum End {
  /// The status of a monitoring plugin that does not know.
  static let unknownStatus: Int32 = 3

  /// Ends with `status`.
  static func with(_ status: Int32) -> Never { Main.exit(withError: ExitCode(status)) }

  /// Ends with the reason why there is no report.
  static func unknown(_ reason: String) -> Never {
    StandardStream.error.write("echoscpctl: \(Escaping.line(reason))\n")
    with(unknownStatus)
  }

  /// Prints `text`, and ends well.
  static func printing(_ text: String) -> Never {
    Output.print([text])
    with(0)
  }
}

/// Standard output.
enum Output {
  /// Prints lines. Ends without a word if their reader is gone, and with one if they cannot be written otherwise: an
  /// incomplete report must not look like a whole one.
  static func print(_ lines: [String]) { write(lines.map { "\($0)\n" }.joined()) }

  /// Prints text that may end within a line.
  static func write(_ text: String) {
    let error = StandardStream.output.write(text)
    if error == 0 { return }
    if SystemError(call: "write", number: error).known == .brokenPipe {
      End.with(End.unknownStatus)
    }
    End.unknown("standard output cannot be written: \(ErrorText.of(error))")
  }

  /// The layout of text for standard output.
  static func layout(by clock: Clock) -> Layout {
    let columns = StandardStream.output.isTerminal ? StandardStream.output.columns : nil
    let isColored =
      StandardStream.output.isTerminal && Environment.value(of: "NO_COLOR")?.isEmpty != false
      && Environment.value(of: "TERM") != "dumb"
    // A monitoring system shows only the first line, so a program gets whole paragraphs.
    return Layout(width: columns ?? .max, isColored: isColored, clock: clock)
  }
}

extension Clock {
  /// The clock of this host.
  static var ofThisHost: Clock {
    Clock(now: WallTime.microseconds) { $0.localOffset }
  }
}
