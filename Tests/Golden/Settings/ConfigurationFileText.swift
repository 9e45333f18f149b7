import Settings

/// The configuration file as it is installed, made from the table: every setting, commented out,
/// with its default.
enum ConfigurationFileText {
  private static let width = 80

  static var text: String {
    var text = """
      # Configuration of echoscpd, the DICOM Verification SCP.
      #
      # Every setting is here with its default, commented out: remove the # in front
      # of what you change. Files in /etc/echoscp.conf.d whose names end in .conf are
      # read after this one, in the order of their names, and options on the command
      # line count more than either.
      #
      #   echoscpd --check-config     says what is wrong in here
      #   echoscpd --dump-config      shows every value, and where it comes from
      #
      # A comment begins with # or ;, on a line of its own or behind a value and a
      # blank. A value that holds one of these behind a blank, or begins or ends with
      # a blank, stands in quotation marks. The elements of a list are separated by
      # commas or blanks, with no brackets around the list and no apostrophes around
      # its elements.

      """
    for section in Setting.Section.allCases {
      text += "\n[\(section.name)]\n"
      for setting in Setting.all where setting.section == section {
        text += "\n"
        for line in Paragraph.lines(of: setting.about, width: width - 2) { text += "# \(line)\n" }
        text += "#\(setting.key) = \(setting.defaultText)\n"
      }
    }
    return text + devices
  }

  /// A section for a device, which is an example: by default there is none.
  private static var devices: String {
    var text = "\n"
    func explain(_ words: String) {
      for line in Paragraph.lines(of: words, width: width - 2) { text += "# \(line)\n" }
    }
    explain(
      """
      Below these sections each device may have one of its own, whose name holds its AE title. This \
      is an example; there is none by default.
      """)
    text += "#[device CT1]\n"
    for setting in DeviceSetting.all {
      text += "\n"
      explain(setting.about)
      text += "#\(setting.key) = \(setting.example)\n"
    }
    return text
  }
}

/// Text in lines of a bounded length.
enum Paragraph {
  /// The words of `text` in lines of at most `width` characters.
  static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
