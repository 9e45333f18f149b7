import Settings
import TestKit

/// The installed configuration file, generated from the table of settings: every setting with its default,
/// commented out.
enum InstalledFile {
  private static let width = 80

  static var text: String {
    var text = """
      # Configuration of echoscpd, the DICOM Verification SCP.
      #
      # Every setting is listed with its default, commented out; to change one,
      # remove the # in front of it. Files in /etc/echoscp.conf.d whose names end in
      # .conf are read after this one, in the order of their names. Options on the
      # command line take precedence over all files.
      #
      #   echoscpd --check-config     reports every mistake in the configuration
      #   echoscpd --dump-config      shows every value and where it comes from
      #
      # A comment begins with # or ;, on its own line or after a value and a space.
      # Put a value in quotation marks if it begins or ends with a space, or contains
      # # or ; after a space. Separate the elements of a list with commas or spaces,
      # without brackets around the list or apostrophes around its elements.

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

  /// The section of a device, as an example: by default there is none.
  private static var devices: String {
    var text = "\n"
    func explain(_ words: String) {
      for line in Paragraph.lines(of: words, width: width - 2) { text += "# \(line)\n" }
    }
    explain(
      """
      After these sections, each device may have its own section, named after its AE title. This is \
      an example; there is none by default.
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
