/// The text of `--help`, made from the table.
public enum Help {
  /// The usage, then every option in its group.
  public static var text: String {
    var text = """
      usage: echoscpd [options] [port]

      Answers DICOM C-ECHO: a Verification SCP.

      Parameters:
        port                                  \(Setting.named("port")?.help ?? "")

      """
    for section in Setting.Section.allCases {
      text += "\n\(section.rawValue):\n"
      if section == .general {
        text += row("-h, --help", "print this help and exit")
        text += row("--version", "print version information and exit")
      }
      for flag in Switch.all where Setting.named(flag.key)?.section == section {
        text += row("-\(flag.short), --\(flag.long)", flag.help)
      }
      for setting in Setting.all where setting.section == section {
        guard let placeholder = setting.placeholder else { continue }
        let short = setting.short.map { "-\($0), " } ?? ""
        text += row("\(short)--\(setting.key) \(placeholder)", setting.help)
      }
    }
    return text
  }

  private static func row(_ option: String, _ help: String) -> String {
    let width = 38
    if option.utf8.count + 2 > width {
      return "  \(option)\n" + String(repeating: " ", count: width + 2) + help + "\n"
    }
    return "  \(option)" + String(repeating: " ", count: width - option.utf8.count) + help + "\n"
  }
}
