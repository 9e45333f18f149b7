import Probe
import Requestor
import TestKit
import UpperLayer
import Verification

@testable import ConversationTests
@testable import Settings
@testable import SettingsTests

/// The parts of the conformance statement that are generated from code, by the names of their marks.
enum ConformanceParts {
  /// The table of contents.
  static func contents() throws -> String {
    try Conformance.headings.map { number, title in
      let isAnnex = number.first?.isLetter ?? false
      let depth = number.count { $0 == "." }
      let text = "\(isAnnex ? "Annex " : "")\(number) \(title)"
      let anchor = text.lowercased().compactMap { character in
        if character == " " { return "-" as Character? }
        return character.isLetter || character.isNumber || character == "-" ? character : nil
      }
      return "\(String(repeating: "  ", count: depth))- [\(text)](#\(String(anchor)))"
    }.joined(separator: "\n")
  }

  /// The released versions, from the changelog of the package.
  static func revisions() throws -> String {
    let changelog = try TextFile("packaging/debian/changelog").content
    let entry = /echoscpd \(([^)]+)\)[^\n]*\n\n((?:  [^\n]*\n)+)\n -- [^>]*>  \w+, (\d+ \w+ \d+)/
    return Markdown.table(
      ["version", "date", "description"],
      changelog.matches(of: entry).map { match in
        let changes = match.2.split(separator: "\n").map { $0.drop { " *".contains($0) } }
        return [String(match.1), String(match.3), changes.joined(separator: " ")]
      })
  }

  /// The tables of settings, one for each section, and the table of the options of `--probe`.
  static var parameters: String {
    let sections = Setting.Section.allCases
    let tables = sections.enumerated().map { index, section in
      "**Table 6-\(index + 1). Parameters [\(section.name)]**\n\n"
        + Markdown.table(
          ["parameter", "default", "values", "takes effect", "initiator"],
          Setting.all.filter { $0.section == section }.map { setting in
            [
              "`\(setting.key)`", "`\(setting.defaultText)`", setting.valueText,
              effect(of: setting), use(of: setting),
            ]
          })
    }
    let probe =
      "**Table 6-\(sections.count + 1). Parameters of the initiator, on the command line only**\n\n"
      + Markdown.table(
        ["parameter", "default", "meaning"],
        ProbeOption.allCases.map { option in
          ["`--\(option.long)`", option.defaultText.map { "`\($0)`" } ?? "–", option.about]
        })
    return (tables + [probe]).joined(separator: "\n\n")
  }

  /// The table of the keys in the section of a device.
  static var device: String {
    Markdown.table(
      ["parameter", "default", "values", "takes effect"],
      DeviceSetting.all.map { ["`\($0.key)`", DeviceSetting.defaultText, $0.valueText, "reload"] })
  }

  private static func effect(of setting: Setting) -> String {
    switch setting.effect {
    case .reload: "reload"
    case .restart: "restart"
    case .binding: "restart; not with passed sockets"
    }
  }

  private static func use(of setting: Setting) -> String {
    switch setting.use {
    case .always: "yes"
    case .local: "place"
    case .never: "–"
    }
  }

  /// The elements of the C-ECHO-RSP.
  static var response: String {
    let pdus = Trial.answer(to: Wire.associateRequest(), Wire.echoRequest(Trial.messageID))
    return CommandSetTable.text(of: Trial.commandSet(in: pdus))
  }

  /// The elements of the C-ECHO-RQ.
  static var request: String { CommandSetTable.text(of: InitiatorTrial.request) }

  /// The answers of both roles to each command.
  static var commands: String {
    Markdown.table(
      ["command", "Command Field", "acceptor", "initiator"],
      CommandSetTable.commands.map { name, field in
        [
          name, CommandSetTable.hexadecimal(field), Trial.answer(toCommand: field),
          InitiatorTrial.answer(toCommand: field),
        ]
      })
  }

  /// The transfer syntaxes, with their ranks in each order of preference.
  static var transferSyntaxes: String {
    let preferences = TransferSyntaxPreference.allCases
    let orders = preferences.map(SyntaxOrder.order)
    return Markdown.table(
      ["transfer syntax", "UID"] + preferences.map { "`prefer = \($0)`" },
      TransferSyntax.allCases.map { syntax in
        [syntax.name, SyntaxOrder.text(of: syntax.uid)]
          + orders.map { $0.firstIndex(of: syntax).map { "\($0 + 1)" } ?? "–" }
      })
  }

  /// The transfer syntaxes that the initiator proposes, by option.
  static var proposed: String {
    let preferences: [(String, TransferSyntaxPreference)] = [
      ("none", .none), ("-x=", .uncompressed), ("-xe", .little), ("-xb", .big), ("-xi", .implicit),
    ]
    return Markdown.table(
      ["option", "transfer syntaxes"],
      preferences.map { option, preference in
        [option, EchoProposal.transferSyntaxes(by: preference).map(\.name).joined(separator: ", ")]
      })
  }
}
